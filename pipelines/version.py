"""The version of the reading rules, kept with every revision."""

READER = "2"
"""Raised with each change that makes the same page read differently."""
