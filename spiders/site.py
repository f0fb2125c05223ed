"""The general spider: from any address of a site to its articles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response, TextResponse
from scrapy.http.request import NO_CALLBACK

from archive.timestamps import now
from archive.urls import address_key
from archive.visit import Found, Lease, Listing, Outcome, PageKind
from pipelines.item import ArticleItem
from pipelines.stages.extract import wall_of
from spiders.apart import Unfinished, is_ending, read_apart, read_unless_ending
from spiders.base import (
    ArticleSpider,
    Callback,
    Listed,
    Piece,
    blocked,
    content_type,
    failed,
    is_readable,
    lease_of,
    to_response,
    unreadable,
)
from spiders.cdx import follow_index, original_of, taken_together
from spiders.discovery import priorities
from spiders.discovery.archive_pages import CLOSED, OPEN
from spiders.discovery.autodiscovery import may_have_next_page, next_page
from spiders.discovery.captures import CAPTURE, CaptureAddress
from spiders.discovery.feeds import looks_like_feed
from spiders.discovery.links import declares_article, looks_like_listing
from spiders.discovery.page_lists import looks_like_page_list
from spiders.discovery.periods import SECOND, Span
from spiders.discovery.sitemap_lists import read_list_packed, unpacked
from spiders.discovery.sitemaps import looks_like_sitemap
from spiders.feed import follow_feed
from spiders.front_page import follow_front_page, follow_listing
from spiders.page_list import follow_page_list
from spiders.sitemap import follow_sitemap

MAX_PAGES = 20
"""Pages of one article that are joined."""
MAX_INDEX_DEPTH = 4
"""Steps from the seed beyond which an index of sitemaps leads to no further one. The protocol knows a single index; two more
levels are met, and a server that answers each address with a new index would hold a crawl for ever."""

DOWNLOAD_ERRORS = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
LONG_LIST = 1000
"""Addresses; of more, one by one takes so long (70 us each) that the event loop is kept waiting."""
LED_TO = frozenset({PageKind.ARTICLE, PageKind.LISTING})
"""Kinds that a front or section page has links to; feeds and sitemaps are also guessed."""
WALL_BYTES = 256 * 1024
"""A page larger than this that lists nothing is no wall."""
SHORT_LIST = 4096
"""Bytes of a sitemap that is read here and now: a few milliseconds, even where it is compressed."""
LIST_SECONDS = 600.0
"""That a list may take: the largest, of 64 MB and half a million entries, on a machine ten times slower than most."""
Download = Callable[[str, int], Awaitable[TextResponse | None]]
"""Fetches a further page of an article: its address and its number; None where it may not be fetched or is none."""
PLAIN_TYPES = frozenset({"text/plain", "text/markdown", "text/x-markdown", "text/x-rst"})


class FurtherPageError(Exception):
    """A further page of an article cannot be had, so that the article is not whole."""


class SiteSpider(ArticleSpider):
    """Finds the articles of a site through its feeds, sitemaps, front page and sections."""

    name = "site"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seen_in_archive: dict[str, set[int]] = {}
        """First page of a day, month or year in a site's archive -> articles that its pages have listed so far."""
        self._seen_payloads: dict[int | None, set[int]] = {}
        """Source -> pages and payloads that its index of captures has listed."""

    def callback_for(self, kind: PageKind) -> Callback:
        """Return the callback that reads the answer to a lease of this kind."""
        callbacks: dict[PageKind, Callback] = {
            PageKind.SEED: self.parse_seed,
            PageKind.FEED: self.parse_feed,
            PageKind.SITEMAP: self.parse_sitemap,
            PageKind.LISTING: self.parse_listing,
            PageKind.ARTICLE: self.parse_article,
        }
        return callbacks[kind]

    async def parse_seed(self, response: Response) -> AsyncIterator[Piece]:
        """Decide by content what the user named: a feed, a sitemap, a list of addresses, a front page or an article."""
        if self._replay_of(response) is not None:
            yield self._index(response)
        elif looks_like_feed(response.body, content_type(response)):
            yield self._kept(follow_feed(response.body, response.url, content_type(response)), response)
        elif looks_like_sitemap(response.body):
            yield await self._sitemap(response)
        elif not isinstance(response, TextResponse) or not is_readable(response):
            yield unreadable(response)
        elif _is_plain(response):
            if looks_like_page_list(response.text):
                yield self._kept(follow_page_list(response.text), response)
            else:
                yield await self._article(response)
        elif looks_like_listing(response.text, response.url):
            lease = lease_of(response)
            sitemaps = self.sitemaps_of(response.url, *([lease.url] if lease else []))
            yield await self._listing(follow_front_page(response.text, response.url, sitemaps), response)
        else:
            yield await self._article(response)

    async def parse_feed(self, response: Response) -> AsyncIterator[Piece]:
        """Read a feed."""
        yield self._kept(follow_feed(response.body, response.url, content_type(response)), response)

    async def parse_sitemap(self, response: Response) -> AsyncIterator[Piece]:
        """Read a sitemap or an index of them; an index deep down leads to articles alone."""
        yield await self._sitemap(response)

    async def parse_listing(self, response: Response) -> AsyncIterator[Piece]:
        """Read a section page; if it turns out to be an article, it is one."""
        if self._replay_of(response) is not None:
            yield self._index(response)
        elif not isinstance(response, TextResponse) or not is_readable(response):
            yield unreadable(response)
        elif declares_article(response.text) and not looks_like_listing(response.text, response.url):
            yield await self._article(response)
        else:
            lease = lease_of(response)
            listed = follow_listing(response.text, response.url, lease.depth if lease else 0)
            listed = self._of_archive(listed, lease) if lease and lease.how in {CLOSED, OPEN} else listed
            yield await self._listing(listed, response)

    async def parse_article(self, response: Response) -> AsyncIterator[Piece]:
        """Take a page for an article, with its further pages; reading decides later whether it is one."""
        if self._replay_of(response) is not None:
            yield await self._capture(response)
        elif looks_like_feed(response.body, content_type(response)):
            yield self._kept(follow_feed(response.body, response.url, content_type(response)), response)
        elif not isinstance(response, TextResponse) or not is_readable(response):
            yield unreadable(response)
        else:
            yield await self._article(response)

    def leaves_out(self, lease: Lease) -> bool:
        """As for other addresses; of a capture, the time that it was taken at counts."""
        replay = self._replay_template(lease)
        if replay is None:
            return super().leaves_out(lease)
        taken = replay.parts(lease.url) if lease.how == CAPTURE else None
        return taken is not None and self.period_of(lease).misses(Span(taken[0], taken[0] + SECOND))

    def _replay_template(self, lease: Lease | None) -> CaptureAddress | None:
        source = self._source(lease)
        return CaptureAddress(source.replay) if source is not None and source.kind == "cdx" and source.replay else None

    def _replay_of(self, response: Response) -> CaptureAddress | None:
        """Where the captures of a response's source are; None for sources that are sites."""
        return self._replay_template(lease_of(response))

    def _index(self, response: Response) -> Listed:
        lease, replay = lease_of(response), self._replay_of(response)
        assert lease is not None
        assert replay is not None
        seen = self._seen_payloads.setdefault(lease.source_id, set())
        return follow_index(
            response.body, lease.url, self.period_of(lease), replay, lambda url: self._is_allowed(url, lease), seen, now()
        )

    async def _capture(self, response: Response) -> Piece:
        """Take a replayed capture for the answer that it is one of; nothing of the live site is asked for."""
        lease, replay = lease_of(response), self._replay_of(response)
        assert lease is not None
        assert replay is not None
        if not isinstance(response, TextResponse) or not is_readable(response):
            return unreadable(response)
        original = original_of(response, lease.url, replay)
        response.meta.pop("host_rights", None)  # the files of the replay host say nothing of the site
        if original is None:
            return failed(response, "the server shows another page than the capture")
        pages = [original]

        async def download(url: str, number: int) -> TextResponse | None:
            asked = replay.near(original.fetched, url)
            answer = await self._download(asked, number)
            page = original_of(answer, asked, replay) if answer is not None else None
            if answer is None or page is None or not taken_together(original, page, url):
                return None
            pages.append(page)
            return answer.replace(url=page.url)

        try:
            await self._further_pages(response.replace(url=original.url), download)
        except FurtherPageError as error:
            return failed(response, str(error))
        return ArticleItem(tuple(pages), lease)

    async def _listing(self, listed: Listed, response: TextResponse) -> Piece:
        """Take a page for a list; one that leads nowhere may be a wall before it, which is not to pass for an empty section."""
        leads_on = any(found.kind in LED_TO for found in listed.found)
        is_small = len(response.body) <= WALL_BYTES
        wall = await read_apart(self, wall_of, to_response(response)) if is_small and not leads_on else None
        return blocked(response, wall) if wall is not None else self._kept(listed, response)

    async def _sitemap(self, response: Response) -> Listed:
        """Read a sitemap: a long one in a reading process, and what it lists in parts, so that others are served in between.

        Raises:
            Unfinished: the crawl is to end.
        """
        is_deep = (lease := lease_of(response)) is not None and lease.depth >= MAX_INDEX_DEPTH
        if len(response.body) <= SHORT_LIST:
            return self._kept(_without_parts(follow_sitemap(response.body, response.url), is_deep=is_deep), response)
        packed = await read_unless_ending(self, read_list_packed, response.body, response.url, seconds=LIST_SECONDS)
        kept: list[tuple[Listed, int]] = []
        for part in packed.parts:
            listed = Listed(unpacked(part), packed.reason, packed.is_feed)
            kept.append(self._in_scope(_without_parts(listed, is_deep=is_deep), response))
            await asyncio.sleep(0)
            if is_ending(getattr(self, "crawler", None)):
                raise Unfinished
        return _joined(kept)

    def _kept(self, listed: Listed, response: Response) -> Listed:
        return _joined([self._in_scope(listed, response)])

    def _in_scope(self, listed: Listed, response: Response) -> tuple[Listed, int]:
        """What a list leads to that is of the source and of its period, and how many are outside of that."""
        # Most of a long list may be of another time, which is seen sooner than whether an address is in scope.
        is_long = len(listed.found) > LONG_LIST
        known = self.wanted(listed.found, response) if is_long else listed.found
        of_source = self.of_source(known or listed.found[:LONG_LIST], response)
        wanted = self.wanted(of_source, response)
        outside = len(listed.found) - len(known) if is_long else len(of_source) - len(wanted)
        return replace(listed, found=wanted, listing=self.listing_of(listed, of_source, response)), outside

    def _of_archive(self, listed: Listed, lease: Lease) -> Listed:
        """What an archive page lists, and the page after it where it lists anything that those before it did not."""
        found = [replace(each, how=lease.how) for each in listed.found]
        articles = {hash(each.url) for each in found if each.kind is PageKind.ARTICLE}
        for pages in self.archive_pages_of(lease):
            if (first := pages.first_page(lease.url)) is None:
                continue
            seen = self._seen_in_archive.setdefault(first, set())
            further = pages.next_page(lease.url)
            if further is None or articles <= seen:
                del self._seen_in_archive[first]
            else:
                seen |= articles
                found.append(Found(further, PageKind.LISTING, lease.how, priorities.ARCHIVE_PAGE))
        return Listed(tuple(found), listed.reason.replace("section page", "archive page"))

    async def _article(self, response: TextResponse) -> Piece:
        """Make the item of an article; an article whose further pages fail is a failed visit, as half of it would look whole."""
        try:
            pages = [to_response(page) for page in [response, *await self._further_pages(response, self._download_same)]]
        except FurtherPageError as error:
            return failed(response, str(error))
        return ArticleItem(tuple(pages), lease_of(response))

    async def _further_pages(self, first: TextResponse, download: Download) -> list[TextResponse]:
        """Fetch the pages of an article after the first, in order."""
        pages: list[TextResponse] = []
        if _is_plain(first) or not may_have_next_page(first.body, first.url) or looks_like_listing(first.text, first.url):
            return pages
        page = first
        while len(pages) < MAX_PAGES - 1:
            url = next_page(page.text, page.url, first=first.url)
            further = await download(url, len(pages) + 2) if url else None
            if further is None:
                break
            pages.append(further)
            page = further
        return pages

    async def _download_same(self, url: str, number: int) -> TextResponse | None:
        """As `_download`; None where the server leads elsewhere."""
        response = await self._download(url, number)
        return response if response is not None and address_key(response.url) == address_key(url) else None

    async def _download(self, url: str, number: int) -> TextResponse | None:
        """Fetch one further page; None where it may not be fetched or is none.

        Raises:
            FurtherPageError: it should be there and did not come.

        """
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(Request(url, callback=NO_CALLBACK, dont_filter=True))
        except IgnoreRequest as error:
            if getattr(error, "outcome", Outcome.ROBOTS) is Outcome.ROBOTS:
                return None
            raise FurtherPageError(f"page {number} of the article: {error}") from error
        except DOWNLOAD_ERRORS as error:
            raise FurtherPageError(f"page {number} of the article: {type(error).__name__}") from error
        if response.status in {404, 410}:
            return None
        if response.status != 200:
            raise FurtherPageError(f"page {number} of the article: status {response.status}")
        return response if isinstance(response, TextResponse) and is_readable(response) else None


def _is_plain(response: Response) -> bool:
    return content_type(response) in PLAIN_TYPES


def _without_parts(listed: Listed, *, is_deep: bool) -> Listed:
    """The same; of an index deep down without what would lead to a further one."""
    return replace(listed, found=tuple(f for f in listed.found if f.kind is not PageKind.SITEMAP)) if is_deep else listed


def _joined(kept: Sequence[tuple[Listed, int]]) -> Listed:
    """One list of its parts, and of how many entries of each lie outside the period."""
    first, outside = kept[0][0], sum(number for _, number in kept)
    listings = [each.listing for each, _ in kept if each.listing is not None]
    articles = tuple(found for listing in listings for found in listing.articles)
    reason = f"{first.reason}, {outside} outside the period" if outside else first.reason
    listing = Listing(articles, sum(listing.of_source for listing in listings), first.is_feed)
    return Listed(tuple(found for each, _ in kept for found in each.found), reason, first.is_feed, listing)
