"""robots.txt after RFC 9309, stricter than Scrapy where the standard is.

A robots.txt that cannot be had because of the server (5xx, no connection) or of our pace (429) forbids everything for now; one
that is missing (any other 4xx) allows everything. Crawl-delay, which the standard leaves out, is obeyed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from archive.visit import Outcome
from crawler.outcomes import NotFetched, outcome_of_exception
from crawler.politeness.throttle import Throttle
from spiders.discovery.robots import sitemaps_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

TOO_MANY_REQUESTS = 429
"""A 4xx that says nothing of whether the file is there; RFC 9309 lets it count as missing, which would answer a plea for rest by
fetching more."""


class RobotsPolicy(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware with our outcomes; tells the spider of sitemaps and the throttle of delays."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unreachable: dict[str, str] = {}
        crawler.signals.connect(self._note_delay, signal=signals.robots_parsed)

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Let the request pass or say why not."""
        netloc = urlparse_cached(request).netloc
        if netloc in self._unreachable:
            raise NotFetched(Outcome.LATER, f"robots.txt cannot be read: {self._unreachable[netloc]}")
        agent = self._robotstxt_useragent or self._default_useragent
        if rp is not None and not rp.allowed(request.url, agent):
            raise NotFetched(Outcome.ROBOTS, "forbidden by robots.txt")

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == TOO_MANY_REQUESTS:
            self._unreachable[netloc] = f"status {response.status}"
        if response.status >= 400:
            response = response.replace(body=b"")
        spider: Any = self.crawler.spider
        spider.note_sitemaps(netloc, sitemaps_of(response.text if response.body else "", response.url))
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unreachable[netloc] = outcome_of_exception(exc)[1]
        super()._robots_error(exc, netloc)

    def _note_delay(self, robotparser: RobotParser, request: Request) -> None:
        agent = self._robotstxt_useragent or self._default_useragent
        delay = robotparser.crawl_delay(agent)
        if delay:
            throttle = self.crawler.get_extension(Throttle)
            if throttle is not None:
                throttle.set_floor(urlparse_cached(request).hostname or "", float(delay))
