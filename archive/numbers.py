"""Numbers as SQLite takes them."""

LARGEST_INTEGER = 2**63 - 1
"""The largest that a column holds, and so the largest number that an article can have."""


def within(number: int) -> int:
    """The number, or the nearest that SQLite takes: no id and no count is beyond it."""
    return max(-LARGEST_INTEGER, min(number, LARGEST_INTEGER))
