"""robots.txt after RFC 9309, stricter than Scrapy where the standard is.

A robots.txt that cannot be had because of the server (5xx, no connection) or of our pace (429) forbids everything for now; one
that is missing (any other 4xx) allows everything. A host of the first sort rests, so that its addresses are not put off one by
one. Crawl-delay, which the standard leaves out, is obeyed.
"""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from archive.rights import HostFile
from archive.timestamps import now
from archive.urls import host_of
from archive.visit import Outcome, PageKind
from crawler.keeper import ArchiveKeeper
from crawler.outcomes import NotFetched, outcome_of_exception
from crawler.politeness.host_files import TDMREP, kept_number
from crawler.politeness.reservations import HostPolicy
from crawler.politeness.retry_after import REST_SECONDS
from crawler.politeness.throttle import Throttle
from crawler.scheduler import FrontierScheduler
from spiders.discovery.robots import sitemaps_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAY_BE_ARTICLES = frozenset({PageKind.ARTICLE, PageKind.SEED})
TDMREP_BYTES = 512 * 1024
"""Larger ones are not read; those of large publishers have a few rules."""
TDMREP_SECONDS = 20
"""How long articles wait for it at most: it says nothing of whether they may be fetched."""

logger = logging.getLogger(__name__)


class RobotsPolicy(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware with our outcomes; tells the spider of sitemaps and the throttle of delays.

    It keeps robots.txt as fetched, asks each host with articles once a run for its tdmrep.json, and tells what both say of the
    use of an article as `request.meta["host_rights"]`.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._texts: dict[str, tuple[str, int | None]] = {}
        self._policies: dict[str, asyncio.Future[HostPolicy]] = {}
        self._unreachable: dict[str, str] = {}
        crawler.signals.connect(self._note_delay, signal=signals.robots_parsed)

    async def process_request(self, request: Request) -> None:  # type: ignore[override] # without Scrapy's `spider` argument
        """Let the request pass or say why not; an article's goes on with what its host says of its use."""
        lease = request.meta.get("lease")
        try:
            await super().process_request(request)
        except NotFetched as refusal:
            # A host that merely leads to one without a robots.txt may have other pages.
            if refusal.outcome is Outcome.LATER and lease is not None and host_of(request.url) == lease.host:
                await self._leave_alone(lease.host, refusal.reason)
            raise
        if lease is None or lease.kind not in MAY_BE_ARTICLES or request.meta.get("dont_obey_robotstxt"):
            return
        if not self.crawler.settings.getbool("MORGUE_FETCH_ARTICLES", True):
            return
        netloc = urlparse_cached(request).netloc
        if netloc not in self._policies:
            self._policies[netloc] = asyncio.ensure_future(self._policy(request, netloc))
        policy = await asyncio.shield(self._policies[netloc])
        request.meta["host_rights"] = policy.of(request.url, self._agent)

    async def _leave_alone(self, host: str, reason: str) -> None:
        """Ask a host whose robots.txt cannot be had for nothing more, in this run and for a while; its addresses wait."""
        engine, keeper = self.crawler.engine, self.crawler.get_extension(ArchiveKeeper)
        if engine is None or keeper is None:
            return
        assert isinstance(engine.scheduler, FrontierScheduler)
        if not engine.scheduler.is_given_up(host):
            engine.scheduler.give_up(host)
            await keeper.rest(host, REST_SECONDS, reason, named=False, asked=False)

    @property
    def _agent(self) -> str:
        return self._robotstxt_useragent or self._default_useragent

    async def _policy(self, request: Request, netloc: str) -> HostPolicy:
        robots, robots_file = self._texts.get(netloc, ("", None))
        response = await self._tdmrep(request)
        if response is None:
            return HostPolicy(robots, robots_file=robots_file)
        number = await self._keep(netloc, "tdmrep", response)
        text = response.body.decode("utf-8", "replace") if response.status == 200 else None
        return HostPolicy(robots, text, robots_file=robots_file, tdmrep_file=number)

    async def _tdmrep(self, request: Request) -> Response | None:
        """The answer of the host; None where robots.txt forbids to ask, or there is no answer."""
        parts = urlparse_cached(request)
        meta = {
            "dont_obey_robotstxt": True, "dont_redirect": True, "dont_retry": True, "handle_httpstatus_all": True,
            "download_timeout": TDMREP_SECONDS, "download_maxsize": TDMREP_BYTES, "download_warnsize": 0,
        }  # fmt: skip
        asked = Request(
            f"{parts.scheme}://{parts.netloc}{TDMREP}", priority=self.DOWNLOAD_PRIORITY, meta=meta, callback=NO_CALLBACK
        )
        parser = await self.robot_parser(request)
        if self.crawler.engine is None or (parser is not None and not parser.allowed(asked.url, self._agent)):
            return None
        try:
            return await self.crawler.engine.download_async(asked)
        except Exception as error:  # noqa: BLE001 - whatever it is, the article can be fetched; it is known only that nobody knows
            logger.info("Cannot read %s: %s", asked.url, error)
            return None

    async def _keep(self, netloc: str, kind: str, response: Response) -> int | None:
        keeper = self.crawler.get_extension(ArchiveKeeper)
        known = kept_number(response)
        if keeper is None or known is not None:
            return known
        return await keeper.keep_host_file(HostFile(netloc, kind, now(), response.status, response.body))

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Let the request pass or say why not."""
        netloc = urlparse_cached(request).netloc
        if netloc in self._unreachable:
            raise NotFetched(Outcome.LATER, f"robots.txt cannot be read: {self._unreachable[netloc]}")
        if rp is not None and not rp.allowed(request.url, self._agent):
            raise NotFetched(Outcome.ROBOTS, "forbidden by robots.txt")

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        # RFC 9309 lets a 429 count as missing, which would answer a plea for rest by fetching more.
        if response.status >= 500 or response.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._unreachable[netloc] = f"status {response.status}"
        number = await self._keep(netloc, "robots", response)
        if response.status >= 400:
            response = response.replace(body=b"")
        self._texts[netloc] = response.text if response.body else "", number
        spider: Any = self.crawler.spider
        spider.note_sitemaps(netloc, sitemaps_of(response.text if response.body else "", response.url))
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unreachable[netloc] = outcome_of_exception(exc)[1]
        super()._robots_error(exc, netloc)

    def _note_delay(self, robotparser: RobotParser, request: Request) -> None:
        delay = robotparser.crawl_delay(self._agent)
        if delay:
            throttle = self.crawler.get_extension(Throttle)
            if throttle is not None:
                throttle.set_floor(urlparse_cached(request).hostname or "", float(delay))
