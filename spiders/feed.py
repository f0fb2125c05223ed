"""Feeds: each entry is an article."""

from __future__ import annotations

from archive.visit import Found, PageKind
from spiders.base import Listed
from spiders.discovery import priorities
from spiders.discovery.feeds import looks_like_feed, read_feed
from spiders.discovery.links import is_file


def follow_feed(body: bytes, url: str, content_type: str = "") -> Listed:
    """Read a feed; what is none leads nowhere."""
    if not looks_like_feed(body, content_type):
        return Listed((), "no feed")
    feed = read_feed(body, url)
    entries = tuple(found for found in feed.found if not is_file(found.url))
    # Without entries of its own a part can lead on for ever.
    older = (Found(feed.next, PageKind.FEED, "feed", priorities.FURTHER_LISTING),) if feed.next and entries else ()
    return Listed(entries + older, f"feed: {len(feed.found)} entries", is_feed=True)
