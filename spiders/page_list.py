"""Page lists: a text file of addresses, one a line."""

from __future__ import annotations

from archive.visit import Found, PageKind
from spiders.base import Listed
from spiders.discovery import priorities
from spiders.discovery.document import absolute

LISTED_SHARE = 0.9
"""Share of the lines of a text that must be addresses for it to be a list of them; the rest may be comments or broken."""


def looks_like_page_list(text: str) -> bool:
    """Whether a plain text is a list of addresses and not an article."""
    lines = _lines(text)
    return bool(lines) and sum(line.lower().startswith(("http://", "https://")) for line in lines) >= LISTED_SHARE * len(lines)


def read_page_list(text: str) -> tuple[Found, ...]:
    """Return the addresses of a list, in order, each once; empty lines, comments after `#` and other text are passed over."""
    found = (absolute(line, line) for line in _lines(text))
    return tuple(Found(url, PageKind.ARTICLE, "list", priorities.LISTED_ARTICLE) for url in dict.fromkeys(found) if url)


def follow_page_list(text: str) -> Listed:
    """Read a list that a source names."""
    found = read_page_list(text)
    return Listed(found, f"page list: {len(found)} addresses")


def _lines(text: str) -> list[str]:
    lines = (line.strip("\ufeff \t\r") for line in text.splitlines())
    return [line.partition(" #")[0].rstrip() for line in lines if line and not line.startswith("#")]
