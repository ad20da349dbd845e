"""Coach: from "I just saw something" to "they heard it" in under a minute."""

__version__ = "0.1.0"
