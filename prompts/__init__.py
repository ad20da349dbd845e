"""The texts around a message: built-in openings and closings, and what a model is asked."""
