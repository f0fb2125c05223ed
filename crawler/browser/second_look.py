"""Downloader middleware: what a source wants rendered is fetched once more, through the browser.

The page as served comes first in any case: it says whether there is anything to render, it may be a feed or a file, and it is
kept beside what the browser shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from playwright.async_api import Error as PlaywrightError
from scrapy.http import HtmlResponse

from archive.visit import Lease, Outcome, PageKind
from crawler.browser.emptiness import waits_for_scripts
from crawler.browser.requests import meta_of_rendering
from crawler.browser.settings import ALWAYS, NEVER, WHEN_EMPTY
from crawler.outcomes import NotFetched
from spiders.base import to_response

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

PAGES = frozenset({PageKind.SEED, PageKind.LISTING, PageKind.ARTICLE})
"""Kinds that are made for a browser; feeds and sitemaps are not."""


class SecondLook:
    """Sends a request to the browser after its answer came, where its source's `render` says so."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for one crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Ask for the whole page where it may be rendered: with the same page, a script may show another article."""
        lease = request.meta.get("lease")
        if lease is not None and lease.kind in PAGES and self._wish(lease) != NEVER:
            request.meta["unconditional"] = True

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Pass an answer on, or ask for the same page again through the browser."""
        lease = request.meta.get("lease")
        if "playwright" in request.meta or lease is None or not self._is_wanted(lease, response):
            return response
        meta = {**request.meta, **meta_of_rendering(), "plain": (to_response(response),)}
        return request.replace(url=response.url, meta=meta, dont_filter=True)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say in the account what became of the browser.

        Raises:
            NotFetched: the page could not be rendered.
        """
        if isinstance(exception, PlaywrightError):
            reason = f"the browser failed: {str(exception).partition(chr(10))[0]}"
            raise NotFetched(Outcome.FAILED, reason[:200]) from exception

    def _is_wanted(self, lease: Lease, response: Response) -> bool:
        if lease.kind not in PAGES or response.status != 200 or not isinstance(response, HtmlResponse):
            return False
        wish = self._wish(lease)
        return wish == ALWAYS or (wish == WHEN_EMPTY and waits_for_scripts(response))

    def _wish(self, lease: Lease) -> str:
        """What the source of a lease wants."""
        source = getattr(self._crawler.spider, "sources", {}).get(lease.source_id)
        return getattr(source, "render", NEVER)
