"""Page lists: whether a text is a list of addresses, one a line."""

from __future__ import annotations

LISTED_SHARE = 0.9
"""Share of the lines of a text that must be addresses for it to be a list of them; the rest may be comments or broken."""


def looks_like_page_list(text: str) -> bool:
    """Whether a plain text is a list of addresses and not an article."""
    lines = lines_of(text)
    return bool(lines) and sum(line.lower().startswith(("http://", "https://")) for line in lines) >= LISTED_SHARE * len(lines)


def lines_of(text: str) -> list[str]:
    """The lines of a list, without empty ones and comments after `#`."""
    lines = (line.strip("\ufeff \t\r") for line in text.splitlines())
    return [line.partition(" #")[0].rstrip() for line in lines if line and not line.startswith("#")]
