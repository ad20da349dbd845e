"""Tests. One file for each module, and those that guard the whole."""
