"""The one order of an article's readings: which is the newest, and which follows which.

It does not depend on the order in which visits were committed: a batch of a crawl may come late, and an older WARC be taken in
after a newer one. A page of the article's own address ranks above every page of another address that shows it (a print view, a
page for phones): those are read while there is nothing better, since taking both would make a revision at each visit. Pages of
one kind are ordered by the time of their capture; of one second, by digest and address, which are facts of the pages as well.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from archive.urls import address_key

SAME_ADDRESS = "morgue_same_address"
"""Name of the SQL function that says whether two addresses are spellings of one; every connection of an archive has it."""


class Place(NamedTuple):
    """Where a page stands among those of its article; compares as SQL orders by `in_order`."""

    own: bool
    """Whether it is of the article's own address."""
    fetched: str
    """As the tables have it."""
    payload: str
    url: str


def key_of(url: str) -> str:
    """What addresses are compared by; that of a file is the address itself."""
    return address_key(url) or url


def place_of(article_url: str, url: str, fetched: str, payload: str) -> Place:
    """The place of a page that answered at `url` among those of the article that is filed under `article_url`."""
    return Place(url == article_url or key_of(url) == key_of(article_url), fetched, payload, url)


def in_order(*, article: str = "a", capture: str = "c", revision: str = "r") -> str:
    """SQL to order revisions by, oldest first; the arguments are the names of the three tables in the query."""
    return ", ".join(_terms(article, capture, revision))


def latest_first(*, article: str = "a", capture: str = "c", revision: str = "r") -> str:
    """The same, the newest first."""
    return ", ".join(f"{term} DESC" for term in _terms(article, capture, revision))


def allow_ordering(conn: sqlite3.Connection) -> None:
    """Let the connection use `in_order`."""
    conn.create_function(SAME_ADDRESS, 2, _are_one, deterministic=True)


def _terms(article: str, capture: str, revision: str) -> tuple[str, ...]:
    own = f"({capture}.url = {article}.url OR {SAME_ADDRESS}({capture}.url, {article}.url))"
    return own, f"{capture}.fetched", f"{capture}.payload", f"{capture}.url", f"{revision}.number"


def _are_one(first: str, second: str) -> bool:
    return key_of(first) == key_of(second)
