"""What may be asked for: nothing that its source denies by now; and by a redirect only what is in it and not fetched yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware

from archive.events import FOR_GOOD
from archive.visit import Outcome
from crawler.keeper import ArchiveKeeper
from crawler.outcomes import TO_FRONT, NotFetched, is_withdrawn_to_front

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

REFRESH = re.compile(rb"refresh", re.IGNORECASE)
REFRESH_BYTES = 4 * 4096
"""Scrapy looks for a refresh in the first 4,096 characters; a character has four bytes at most."""


PERMANENT = frozenset({301, 308})
"""Statuses of a redirect that is meant to stay: an article that was there has moved."""


class RedirectScope:
    """Downloader middleware before the download: looks at what was found in earlier runs, and at where redirects lead."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for one crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Stop what `deny` matches, and a redirect out of the source, to a page that this run has, or to one taken down."""
        lease = request.meta.get("lease")
        if lease is None or request.meta.get("retry_times"):
            return
        spider: Any = self._crawler.spider
        if not request.meta.get("redirect_times"):
            if spider.denies(lease):
                raise NotFetched(Outcome.OUT_OF_SCOPE, "denied by `deny` of its source")
            return
        if not spider.in_scope(request.url, lease):
            for_good = PERMANENT.issuperset(request.meta.get("redirect_reasons", [None]))
            raise NotFetched(Outcome.OUT_OF_SCOPE, f"{FOR_GOOD if for_good else 'redirects to '}{request.url}")
        keeper = self._crawler.get_extension(ArchiveKeeper)
        if keeper is not None and (reason := await keeper.is_taken_down(request.url)) is not None:
            raise NotFetched(Outcome.OUT_OF_SCOPE, f"redirects to what was taken down: {reason}")
        if keeper is not None and await keeper.was_fetched(request.url):
            if is_withdrawn_to_front(lease.kind, lease.url, request.url):
                raise NotFetched(Outcome.GONE, TO_FRONT)
            raise NotFetched(Outcome.UNCHANGED, f"redirects to {request.url}, fetched in this run")


class MetaRefresh(MetaRefreshMiddleware):
    """Scrapy's redirects by `<meta http-equiv="refresh">`, without decoding a whole page where no such word stands in it."""

    def process_response(  # type: ignore[override] # without the `spider` argument that Scrapy is leaving behind
        self, request: Request, response: Response
    ) -> Request | Response:
        """Let a page pass that cannot hold a refresh. In UTF-16 the letters stand a zero byte apart."""
        start = response.body[:REFRESH_BYTES].replace(b"\0", b"")
        return super().process_response(request, response) if REFRESH.search(start) else response
