"""Measurements: what the README and the closing notes say was printed by a module in here."""
