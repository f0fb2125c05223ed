"""What of a sitemap is worth following: all it lists, without what cannot be an article.

The protocol allows 50,000 entries, and each takes a tenth of a millisecond. So this imports no Scrapy: a reading process does it,
and hands back what it read in parts, each of which the event loop can take in at once.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from archive.visit import Found, PageKind
from spiders.discovery.feeds import looks_like_feed
from spiders.discovery.links import why_no_article
from spiders.discovery.page_lists import looks_like_page_list
from spiders.discovery.sitemaps import lists_no_articles, looks_like_sitemap, read_sitemap

PART = 500
"""Entries that are taken in at once: about ten milliseconds of the event loop."""
STATIC_PAGES = re.compile(r"(?i)(?:^|[-_])pages?(?:[-_.]|$)")
ARTICLES = re.compile(r"(?i)(?:^|[-_])(?:posts?|articles?|artikel|news|stor(?:y|ies)|blog)(?:[-_.]|$)")
"""File names of the sitemaps that content systems make: one for pages about the site, one for articles."""


class SitemapList(NamedTuple):
    """What a sitemap lists and leads on."""

    found: tuple[Found, ...]
    reason: str
    """What it was, in a few words."""
    is_feed: bool = False


class PackedList(NamedTuple):
    """The same as it travels between processes."""

    parts: tuple[bytes, ...]
    """Pickles of tuples of addresses: all sitemaps, then `PART` others at most in each."""
    reason: str
    is_feed: bool


def read_list(body: bytes, url: str) -> SitemapList:
    """Read a sitemap or an index of them; what is neither leads nowhere."""
    is_feed = looks_like_feed(body)
    if not (is_feed or looks_like_sitemap(body) or _is_list(body)):
        return SitemapList((), "no sitemap")
    listed = read_sitemap(body, url)
    parts = [found.url for found in listed if found.kind is PageKind.SITEMAP]
    left_out = _static_parts(parts) | {part for part in parts if lists_no_articles(part)}
    kept = tuple(found for found in listed if _leads_on(found, left_out))
    return SitemapList(kept, f"sitemap: {len(kept)} of {len(listed)} addresses", is_feed)


def read_list_packed(body: bytes, url: str) -> PackedList:
    """As `read_list`, for another process."""
    listed = read_list(body, url)
    return PackedList(tuple(pickle.dumps(part) for part in _in_parts(listed.found)), listed.reason, listed.is_feed)


def unpacked(part: bytes) -> tuple[Found, ...]:
    """One part of a `PackedList`."""
    found: tuple[Found, ...] = pickle.loads(part)  # noqa: S301 - from our own process
    return found


def _in_parts(found: Sequence[Found]) -> Iterator[tuple[Found, ...]]:
    """Sitemaps together, as their names are read side by side; then the others, `PART` at a time. At least one part."""
    sitemaps = tuple(each for each in found if each.kind is PageKind.SITEMAP)
    others = [each for each in found if each.kind is not PageKind.SITEMAP]
    if sitemaps or not others:
        yield sitemaps
    yield from (tuple(others[start : start + PART]) for start in range(0, len(others), PART))


def _is_list(body: bytes) -> bool:
    return looks_like_page_list(body[:4096].decode("utf-8-sig", "replace"))


def _leads_on(found: Found, left_out: set[str]) -> bool:
    if found.kind is PageKind.SITEMAP:
        return found.url not in left_out
    return found.how == "news sitemap" or why_no_article(found.url) is None


def _static_parts(parts: Sequence[str]) -> set[str]:
    """The parts that list the pages about the site, where another part lists the articles."""
    names = {part: urlsplit(part).path.rpartition("/")[2] for part in parts}
    static = {part for part, name in names.items() if _is_static_name(name)}
    has_articles = any(part not in static and ARTICLES.search(name) for part, name in names.items())
    return static if has_articles else set()


def _is_static_name(name: str) -> bool:
    # `wp-sitemap-posts-page-1.xml` names both; `page` stands last there.
    found = STATIC_PAGES.search(name)
    return bool(found) and (not ARTICLES.search(name) or "posts-page" in name)
