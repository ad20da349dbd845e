"""One module for each way out, each with one function: `deliver(approved, posting) -> Receipt`."""
