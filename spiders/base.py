"""What all spiders share: arguments, scope, and how a response becomes an `ArticleItem`.

A spider knows leases, not storage: the crawler hands it a response whose request carries a `Lease`, and it yields one piece of
the account: an `ArticleItem`, a `Listed`, or a `Visit` for an answer that is neither. It yields no requests; what it found goes
into the frontier with the rest.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.http import Response as ScrapyResponse
from scrapy.http import TextResponse

from archive.timestamps import now
from archive.urls import address_key, registrable_domain
from archive.visit import Found, Lease, Listing, Outcome, PageKind, Visit
from pipelines.item import ArticleItem, Response
from spiders.discovery.archive_pages import CLOSED, OPEN, ArchivePages, is_over
from spiders.discovery.periods import Period
from spiders.discovery.times import read_time

FETCHED_BEFORE_SCOPE = frozenset({PageKind.SEED, PageKind.FEED, PageKind.SITEMAP})
"""Kinds that may lie on another site: what the user named, feed services, sitemaps on a host for files. What they list is
checked by itself."""

WAYS = {PageKind.FEED: "feeds", PageKind.SITEMAP: "sitemaps"}
"""Kind of what a page led to -> the way of following a source that it belongs to."""

LISTING_WAYS = frozenset({"feed", "sitemap", "news sitemap", "list"})
"""Ways to find an article that take it for one of the source, wherever it is."""

BINARY = re.compile(rb"%PDF-|\x89PNG|GIF8|\xff\xd8\xff|PK\x03\x04|\x00\x00\x00.ftyp|ID3|RIFF|OggS", re.DOTALL)
"""First bytes of files that some servers call text."""


class Source(Protocol):
    """What a spider needs to know of a source."""

    @property
    def url(self) -> str:
        """Its seed."""

    @property
    def allow(self) -> Sequence[str]:
        """Regular expressions; where there are any, articles and sections must match one."""

    @property
    def deny(self) -> Sequence[str]:
        """Regular expressions; what matches one is not followed."""

    @property
    def follow(self) -> Sequence[str]:
        """Ways to find articles: some of `feeds`, `sitemaps` and `links`."""

    @property
    def since(self) -> datetime | None:
        """Articles known to be older are not followed; None: what the crawl says holds."""

    @property
    def until(self) -> datetime | None:
        """Articles known to be from then or later are not followed; None: what the crawl says holds."""

    @property
    def archive_pages(self) -> Sequence[str]:
        """Templates of pages that list its articles by date."""

    @property
    def kind(self) -> str:
        """`site`, or `cdx` for an index of captures."""

    @property
    def replay(self) -> str | None:
        """Template of the addresses of an index's captures; None for sites."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A page that was read for addresses and is no article."""

    found: tuple[Found, ...]
    reason: str
    """What it was, in a few words: `feed: 20 entries`."""
    is_feed: bool = False
    listing: Listing | None = None
    """What was on it before unwanted addresses were left out; None: `found` has all."""


Piece = ArticleItem | Listed | Visit
Callback = Callable[[Any], AsyncIterator[Piece]]


class ArticleSpider(Spider):
    """Base of the spiders: scope, since, robots.txt's sitemaps. Subclasses say which callback reads which kind of page.

    Args:
        sources: what is crawled, by the id that leases carry.
        since: articles known to be older are not followed; aware, or ISO text.
        until: articles known to be from then or later are not followed; likewise.

    """

    def __init__(
        self,
        name: str | None = None,
        *,
        sources: Mapping[int, Source] | None = None,
        since: datetime | str | None = None,
        until: datetime | str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name, **kwargs)
        self.sources = dict(sources or {})
        self.period = Period(_moment(since, "since"), _moment(until, "until"))
        self._sitemaps: dict[str, tuple[str, ...]] = {}

    async def start(self) -> AsyncIterator[Any]:
        """Yield nothing: seeds are in the frontier, and the scheduler takes them from there."""
        return
        yield

    def callback_for(self, kind: PageKind) -> Callback:
        """Return the callback that reads the answer to a lease of this kind."""
        raise NotImplementedError

    def note_sitemaps(self, netloc: str, sitemaps: Sequence[str]) -> None:
        """Remember the sitemaps that a host's robots.txt names."""
        self._sitemaps[netloc.lower()] = tuple(sitemaps)

    def sitemaps_of(self, *urls: str) -> tuple[str, ...]:
        """Return the sitemaps that the robots.txt of these addresses' hosts name, each once."""
        hosts = dict.fromkeys(urlsplit(url).netloc.lower() for url in urls)
        return tuple(dict.fromkeys(sitemap for host in hosts for sitemap in self._sitemaps.get(host, ())))

    def in_scope(self, url: str, lease: Lease) -> bool:
        """Whether a lease may be answered from this address, to which it was redirected."""
        if lease.kind in FETCHED_BEFORE_SCOPE:
            return True
        return self._on_site(url, lease, lease.url) and not self._is_denied(url, lease)

    def denies(self, lease: Lease) -> bool:
        """Whether an address that was found before may not be fetched by what its source says today."""
        return lease.kind not in FETCHED_BEFORE_SCOPE and self._is_denied(lease.url, lease)

    def of_source(self, found: Sequence[Found], response: ScrapyResponse) -> tuple[Found, ...]:
        """Keep of what a page led to what is in the scope of its source."""
        lease = lease_of(response)
        elsewhere = self._is_feed_of_others(found, lease, response.url)
        return tuple(each for each in found if self._is_of_source(each, lease, response.url, elsewhere=elsewhere))

    def wanted(self, found: Sequence[Found], response: ScrapyResponse) -> tuple[Found, ...]:
        """Keep of what is in the scope of a source what is not known to lie outside of its period."""
        return self.period_of(lease_of(response)).within(found)

    def listing_of(self, listed: Listed, of_source: Sequence[Found], response: ScrapyResponse) -> Listing:
        """What a page lists, whether it is wanted or not; links of web pages to other sites are none of its articles."""
        lease = lease_of(response)
        articles = [each for each in listed.found if each.kind is PageKind.ARTICLE]
        here = [each for each in articles if each.how in LISTING_WAYS or self._on_site(each.url, lease, response.url)]
        return Listing(tuple(here), sum(each.kind is PageKind.ARTICLE for each in of_source), listed.is_feed)

    def period_of(self, lease: Lease | None) -> Period:
        """The period that the source of a lease keeps to."""
        source = self._source(lease)
        if source is None:
            return self.period
        return Period(source.since or self.period.since, source.until or self.period.until)

    def leaves_out(self, lease: Lease) -> bool:
        """Whether an address that an earlier run left is known to lie outside of the period of this one."""
        period = self.period_of(lease)
        spans = (pages.span_of(lease.url) for pages in self.archive_pages_of(lease))
        return period.excludes(lease) or any(period.misses(span) for span in spans)

    def as_of(self, lease: Lease, now: datetime) -> Lease:
        """The same; an archive page that was open, and whose time is over by now (aware), is closed with this look at it."""
        if lease.how != OPEN:
            return lease
        spans = (pages.span_of(lease.url) for pages in self.archive_pages_of(lease))
        return replace(lease, how=CLOSED) if any(span is not None and is_over(span, now) for span in spans) else lease

    def archive_pages_of(self, lease: Lease | None) -> tuple[ArchivePages, ...]:
        """What the source of a lease says of its archive pages, if this is one."""
        source = self._source(lease)
        if lease is None or source is None or lease.how not in {CLOSED, OPEN}:
            return ()
        return tuple(ArchivePages(template) for template in source.archive_pages)

    def _is_feed_of_others(self, found: Iterable[Found], lease: Lease | None, page: str) -> bool:
        """Whether this is a feed that the user named and that lists nothing of its own site: it is made by a service for feeds.

        Then what it lists is what he means. A feed with entries of its own site is of that site, and the others are advertising.
        """
        entries = [each.url for each in found if each.how == "feed" and each.kind is PageKind.ARTICLE]
        named = lease is not None and lease.kind is PageKind.SEED
        return named and not any(self._on_site(url, lease, page) for url in entries)

    def _is_of_source(self, found: Found, lease: Lease | None, page: str, *, elsewhere: bool = False) -> bool:
        if address_key(found.url) is None or not self._is_followed(found, lease):
            return False
        if found.kind in FETCHED_BEFORE_SCOPE:
            return True
        # A page list is the user's own choice: he may name any site.
        anywhere = found.how == "list" or (elsewhere and found.how == "feed")
        return self._is_allowed(found.url, lease) and (anywhere or self._on_site(found.url, lease, page))

    def _is_followed(self, found: Found, lease: Lease | None) -> bool:
        """Whether the source is followed in this way. What a feed or sitemap lists belongs to it, however it came to be read."""
        source = self._source(lease)
        if source is None or found.how in {"list", found.kind.value}:
            return True
        if found.kind in WAYS:
            return WAYS[found.kind] in source.follow
        return found.how != "link" or "links" in source.follow

    def _is_allowed(self, url: str, lease: Lease | None) -> bool:
        allowed = self._patterns(lease, "allow")
        return not self._is_denied(url, lease) and (not allowed or any(re.search(pattern, url) for pattern in allowed))

    def _is_denied(self, url: str, lease: Lease | None) -> bool:
        return any(re.search(pattern, url) for pattern in self._patterns(lease, "deny"))

    def _patterns(self, lease: Lease | None, which: str) -> Sequence[str]:
        source = self._source(lease)
        return getattr(source, which, ()) if source else ()

    def _on_site(self, url: str, lease: Lease | None, page: str) -> bool:
        """Whether an address is on the site of the source, or on that of a page that was let in before."""
        source = self._source(lease)
        homes = {_domain(page), *([_domain(source.url)] if source else [])}
        return _domain(url) in homes

    def _source(self, lease: Lease | None) -> Source | None:
        return self.sources.get(lease.source_id) if lease and lease.source_id is not None else None


def lease_of(response: ScrapyResponse) -> Lease | None:
    """Return the lease that a response answers; None where it was fetched by hand."""
    lease = response.meta.get("lease") if response.request is not None else None
    return lease if isinstance(lease, Lease) else None


def is_readable(response: ScrapyResponse) -> bool:
    """Whether a response is text of some kind: HTML, plain text, Markdown."""
    return isinstance(response, TextResponse) and not BINARY.match(response.body)


def content_type(response: ScrapyResponse) -> str:
    """Return the content type as served, lower case and without parameters; empty where there is none."""
    served: bytes = response.headers.get("Content-Type") or b""
    return served.decode("latin-1").partition(";")[0].strip().lower()


def to_response(response: ScrapyResponse) -> Response:
    """Reduce a response to what reading and keeping need. The clock is read here: the answer has just come."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in response.headers.items() for value in values
    )
    kind = "rendered" if "playwright" in response.flags else "response"
    return Response(response.url, now(), response.status, headers, response.body, kind)


def unreadable(response: ScrapyResponse) -> Visit:
    """Return the visit of an answer that is no text."""
    return _visit(response, Outcome.OUT_OF_SCOPE, f"not a page: {content_type(response) or 'no content type'}")


def failed(response: ScrapyResponse, reason: str) -> Visit:
    """Return the visit of a page that could not be had whole."""
    return _visit(response, Outcome.FAILED, reason)


def blocked(response: ScrapyResponse, wall: str) -> Visit:
    """Return the visit of a page that only stands in front of another."""
    return _visit(response, Outcome.BLOCKED, wall)


def _visit(response: ScrapyResponse, outcome: Outcome, reason: str) -> Visit:
    lease = lease_of(response)
    return Visit(lease.url if lease else response.url, now(), outcome, reason, lease, response.status)


def _domain(url: str) -> str:
    return registrable_domain(urlsplit(address_key(url) or "").netloc)


def _moment(text: datetime | str | None, name: str) -> datetime | None:
    if not isinstance(text, str):
        return text
    moment = read_time(text)
    if moment is None:
        raise ValueError(f"{name}: {text!r} is no date; write it as 2026-05-17")
    return moment
