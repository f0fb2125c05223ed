"""Feeds: RSS 0.9 to 2.0, RDF and Atom through feedparser, JSON Feed (https://jsonfeed.org/version/1.1) by itself."""

from __future__ import annotations

import calendar
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser

from archive.visit import Found, PageKind
from spiders.discovery import priorities
from spiders.discovery.document import absolute, root_element
from spiders.discovery.times import read_time

MAX_FEED_BYTES = 32 * 1024 * 1024
"""A feed that is longer is cut: the newest entries stand first."""

ROOT_ELEMENTS = frozenset({"rss", "feed", "rdf"})
CONTENT_TYPES = re.compile(r"(?i)application/(?:rss|atom|rdf|feed)\+(?:xml|json)")
_JSON_FEED = re.compile(rb"jsonfeed\.org\\?/version")


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says."""

    title: str | None
    home: str | None
    """Address of the site or section that the feed belongs to."""
    found: tuple[Found, ...]
    """Its entries, in order, each address once."""
    next: str | None
    """The next older part of a feed that comes in parts (RFC 5005; `next_url` of JSON Feed)."""


def looks_like_feed(body: bytes, content_type: str = "") -> bool:
    """Whether a document is a feed, by its first bytes; the content type alone does not make an HTML page one."""
    if root_element(body) in ROOT_ELEMENTS:
        return True
    if body[:1].isspace() or body[:1] in (b"{", b"\xef"):
        return bool(_JSON_FEED.search(body[:1000]))
    return bool(CONTENT_TYPES.match(content_type)) and root_element(body) not in {"html", ""}


def read_feed(body: bytes, url: str) -> Feed:
    """Read a feed. Never raises: what is none gives a Feed without entries.

    Args:
        body: the decoded response body.
        url: the address that answered; relative links start there.

    """
    body = body[:MAX_FEED_BYTES]
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _read_json_feed(body, url)
    return _read_xml_feed(body, url)


def _read_xml_feed(body: bytes, url: str) -> Feed:
    # A stream: what is no stream, feedparser takes for an address or a file name, and opens it.
    try:
        parsed = feedparser.parse(
            io.BytesIO(body), response_headers={"content-location": url}, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
        return Feed(None, None, (), None)
    head: Mapping[str, Any] = parsed.get("feed") or {}
    entries = (_from_entry(entry, url) for entry in parsed.get("entries") or ())
    links = _links(head)
    older = links.get("next") or links.get("prev-archive")
    return Feed(
        _text(head.get("title")), absolute(url, _text(head.get("link")) or ""), _once(entries), absolute(url, older or "")
    )


def _links(holder: Mapping[str, Any]) -> dict[str, str]:
    """The first address for each relation."""
    found: dict[str, str] = {}
    for link in holder.get("links") or ():
        if link.get("href"):
            found.setdefault(str(link.get("rel") or "alternate"), str(link["href"]))
    return found


def _from_entry(entry: Mapping[str, Any], url: str) -> Found | None:
    base = _base(entry) or url
    for address in _addresses(entry):
        if target := absolute(base, address):
            return Found(
                target,
                PageKind.ARTICLE,
                "feed",
                priorities.FEED_ARTICLE,
                title=_text(entry.get("title")),
                published=_moment(entry, "published_parsed"),
                modified=_moment(entry, "updated_parsed"),
            )
    return None


def _base(entry: Mapping[str, Any]) -> str | None:
    detail = entry.get("title_detail") or {}
    base = detail.get("base")
    return base if isinstance(base, str) and base.startswith("http") else None


def _addresses(entry: Mapping[str, Any]) -> Iterator[str]:
    """Where an entry's article may be, best first: past a feed service's redirect, the alternate link, a permanent id."""
    links = _links(entry)
    for address in (entry.get("feedburner_origlink"), links.get("alternate"), entry.get("link")):
        if address:
            yield str(address)
    identity = str(entry.get("id") or "")
    if re.match(r"https?://", identity):
        yield identity


def _moment(entry: Mapping[str, Any], name: str) -> datetime | None:
    # `dict.get`: feedparser's own answers for a missing `updated` with `published`, and warns.
    parts = dict.get(entry, name)  # type: ignore[call-overload]
    try:
        return datetime.fromtimestamp(calendar.timegm(parts), UTC) if parts else None
    except (ValueError, OverflowError, TypeError, OSError):
        return None


def _read_json_feed(body: bytes, url: str) -> Feed:
    try:
        parsed = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        parsed = None
    if not isinstance(parsed, dict):
        return Feed(None, None, (), None)
    items = parsed.get("items")
    entries = (_from_item(item, url) for item in (items if isinstance(items, list) else ()) if isinstance(item, dict))
    return Feed(
        _text(parsed.get("title")),
        absolute(url, _text(parsed.get("home_page_url")) or ""),
        _once(entries),
        absolute(url, _text(parsed.get("next_url")) or ""),
    )


def _from_item(item: Mapping[str, Any], url: str) -> Found | None:
    identity = _text(item.get("id")) or ""
    address = _text(item.get("url")) or (identity if identity.startswith("http") else None) or _text(item.get("external_url"))
    target = absolute(url, address) if address else None
    if target is None:
        return None
    return Found(
        target,
        PageKind.ARTICLE,
        "feed",
        priorities.FEED_ARTICLE,
        title=_text(item.get("title")),
        published=read_time(_text(item.get("date_published")) or ""),
        modified=read_time(_text(item.get("date_modified")) or ""),
    )


def _text(value: object) -> str | None:
    return (" ".join(value.split()) or None) if isinstance(value, str) else None


def _once(entries: Iterator[Found | None]) -> tuple[Found, ...]:
    first: dict[str, Found] = {}
    for entry in entries:
        if entry is not None:
            first.setdefault(entry.url, entry)
    return tuple(first.values())
