"""Text of people's in labels and captions, where Streamlit would read it as Markdown."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:/&])")  # / for :material/…:, & for &lt;


def plain(text: str) -> str:
    """The text with every Markdown character escaped, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
