"""Page lists: a text file of addresses, one a line."""

from __future__ import annotations

from archive.visit import Found, PageKind
from spiders.base import Listed
from spiders.discovery import priorities
from spiders.discovery.document import absolute
from spiders.discovery.page_lists import lines_of


def read_page_list(text: str) -> tuple[Found, ...]:
    """Return the addresses of a list, in order, each once; empty lines, comments after `#` and other text are passed over."""
    found = (absolute(line, line) for line in lines_of(text))
    return tuple(Found(url, PageKind.ARTICLE, "list", priorities.LISTED_ARTICLE) for url in dict.fromkeys(found) if url)


def follow_page_list(text: str) -> Listed:
    """Read a list that a source names."""
    found = read_page_list(text)
    return Listed(found, f"page list: {len(found)} addresses")
