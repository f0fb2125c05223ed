"""Where a redirect may lead: within the source, and to nothing that was fetched in this run already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from archive.visit import Outcome
from crawler.keeper import ArchiveKeeper
from crawler.outcomes import NotFetched

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class RedirectScope:
    """Downloader middleware before the download: looks at requests that a redirect made."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for one crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Stop a redirect out of the source, or to a page that this run has."""
        lease = request.meta.get("lease")
        if lease is None or not request.meta.get("redirect_times") or request.meta.get("retry_times"):
            return
        spider: Any = self._crawler.spider
        if not spider.in_scope(request.url, lease):
            raise NotFetched(Outcome.OUT_OF_SCOPE, f"redirects to {request.url}")
        keeper = self._crawler.get_extension(ArchiveKeeper)
        if keeper is not None and await keeper.was_fetched(request.url):
            raise NotFetched(Outcome.UNCHANGED, f"redirects to {request.url}, fetched in this run")
