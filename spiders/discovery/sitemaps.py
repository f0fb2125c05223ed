"""Sitemaps after https://www.sitemaps.org/protocol.html, news sitemaps with them, and what sites make of both.

Names are read without their namespaces, which are wrong or missing as often as not; gzip is known by its first bytes; a feed or
a plain list of addresses serves as a sitemap too. Only direct children of `url` count, so images and videos stay out.
"""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import unquote, urlsplit

from lxml import etree

from archive.visit import Found, PageKind
from spiders.discovery import priorities
from spiders.discovery.document import absolute, root_element
from spiders.discovery.feeds import looks_like_feed, read_feed
from spiders.discovery.times import read_time

MAX_SITEMAP_BYTES = 64 * 1024 * 1024
"""Decompressed; the protocol allows 50 MB. What lies beyond is cut."""

SITEMAP_ROOTS = frozenset({"urlset", "sitemapindex"})

SITEMAP_FILE = re.compile(r"(?i)sitemap[^/]*\.xml(?:\.gz)?$|\.xml\.gz$")
"""An address in a `urlset` that is a sitemap itself."""

OTHER_SITEMAPS = re.compile(
    r"(?i)(?:^|[-_./])(?:taxonom\w*|categor\w*|tags?|post_tag|authors?|users?|images?|videos?|products?)(?:[-_.\d]|$)"
)
"""File names of sitemaps that list no articles."""

ONE_TIME_ENTRIES = 10
ONE_TIME_SHARE = 0.8
"""From so many entries with a clock time, of which this share names the very same second, it is when the sitemap or the site was
generated, and says nothing of changes."""

BYTES_AT_ONCE = 1 << 16
TAIL_BYTES = 1024


def looks_like_sitemap(body: bytes) -> bool:
    """Whether a document is a sitemap or an index of them, compressed or not; a feed or a list of addresses is none here."""
    return root_element(inflate(body[:BYTES_AT_ONCE])) in SITEMAP_ROOTS


def read_sitemap(body: bytes, url: str) -> tuple[Found, ...]:
    """Read a sitemap, an index of sitemaps, a feed or a list of addresses that serves as one. Never raises.

    Args:
        body: the response body, compressed or not.
        url: the address that answered; relative addresses start there.

    Returns:
        SITEMAP for each part of an index, ARTICLE for each page, each address once. `modified` is taken as the end of a day
        that is named without a time, so that a change on that day is not missed; it is None throughout where all entries name
        the moment at which the sitemap was made.

    """
    body = inflate(body)
    if looks_like_feed(body):
        entries: Iterator[Found] = (replace(entry, how="sitemap") for entry in read_feed(body, url).found)
    elif root_element(body):
        entries = _read_xml(body, url)
    else:
        entries = _read_lines(body, url)
    first: dict[str, Found] = {}
    for entry in entries:
        first.setdefault(entry.url, entry)
    return _without_build_times(tuple(first.values()))


def inflate(body: bytes) -> bytes:
    """Decompress gzip, also where it is cut short or compressed twice; other bytes come back as they are."""
    for _ in range(2):
        if not body.startswith(b"\x1f\x8b"):
            break
        body = _inflate_once(body)
    return body[:MAX_SITEMAP_BYTES]


def _inflate_once(body: bytes) -> bytes:
    parts, size, rest = [], 0, body
    while rest.startswith(b"\x1f\x8b") and size < MAX_SITEMAP_BYTES:
        engine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            part = engine.decompress(rest, MAX_SITEMAP_BYTES - size)
        except zlib.error:
            break
        parts.append(part)
        size += len(part)
        rest = engine.unused_data
    return b"".join(parts)


def _read_xml(body: bytes, url: str) -> Iterator[Found]:
    """Walk through the document without keeping it; entities are not expanded, broken markup is passed over."""
    context = etree.iterparse(
        io.BytesIO(body), events=("end",), recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    waiting: Found | None = None
    try:
        for _, element in context:
            if (name := _local(element)) in {"url", "sitemap"}:
                if waiting:
                    yield waiting
                waiting = _entry(element, url, is_part=name == "sitemap")
                _forget(element)
    except etree.XMLSyntaxError:  # nothing left that could be recovered
        pass
    if waiting and not _is_cut(body):
        yield waiting


def _is_cut(body: bytes) -> bool:
    """Whether a document broke off: its last address may be half of one."""
    return not re.search(rb"</[^<>]*>(?:\s|<!--.*?-->)*\Z", body[-TAIL_BYTES:].replace(b"\0", b""), re.DOTALL)


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _local(element: etree._Element) -> str:
    """Name without namespace or prefix, lower case; empty for comments and entities."""
    return re.split("[}:]", element.tag)[-1].lower() if isinstance(element.tag, str) else ""


def _entry(element: etree._Element, base: str, *, is_part: bool) -> Found | None:
    children: dict[str, etree._Element] = {}
    for child in element:
        children.setdefault(_local(child), child)
    url = absolute(base, _text(children.get("loc")))
    if url is None:
        return None
    if is_part or SITEMAP_FILE.search(urlsplit(url).path):
        return Found(url, PageKind.SITEMAP, "sitemap", priorities.SITEMAP, modified=_last_change(children))
    news = children.get("news")
    if news is None:
        return Found(url, PageKind.ARTICLE, "sitemap", priorities.SITEMAP_ARTICLE, modified=_last_change(children))
    fields = {_local(field): _text(field) for field in news.iter()}
    return Found(
        url,
        PageKind.ARTICLE,
        "news sitemap",
        priorities.NEWS_SITEMAP_ARTICLE,
        title=fields.get("title") or None,
        published=read_time(fields.get("publication_date", "")),
        modified=_last_change(children),
    )


def _last_change(children: dict[str, etree._Element]) -> datetime | None:
    return read_time(_text(children.get("lastmod")), end_of_day=True)


def _text(element: etree._Element | None) -> str:
    return " ".join("".join(map(str, element.itertext())).split()) if element is not None else ""


def _read_lines(body: bytes, url: str) -> Iterator[Found]:
    """A plain list: one address a line."""
    for line in body.decode("utf-8-sig", "replace").splitlines():
        if re.match(r"(?i)\s*https?://\S+\s*$", line) and (address := absolute(url, line)):
            if SITEMAP_FILE.search(urlsplit(address).path):
                yield Found(address, PageKind.SITEMAP, "sitemap", priorities.SITEMAP)
            else:
                yield Found(address, PageKind.ARTICLE, "sitemap", priorities.SITEMAP_ARTICLE)


def _without_build_times(entries: tuple[Found, ...]) -> tuple[Found, ...]:
    """Drop `modified` where nearly all entries name the same second."""
    times = Counter(entry.modified for entry in entries if entry.modified and entry.modified.time().isoformat() != "23:59:59")
    if sum(times.values()) < ONE_TIME_ENTRIES:
        return entries
    moment, count = times.most_common(1)[0]
    if count < ONE_TIME_SHARE * sum(times.values()):
        return entries
    return tuple(replace(entry, modified=None) if entry.modified == moment else entry for entry in entries)


def lists_no_articles(url: str) -> bool:
    """Whether a sitemap's file name says that it lists tags, people, images or the like."""
    return bool(OTHER_SITEMAPS.search(unquote(urlsplit(url).path).rpartition("/")[2]))
