"""Walls end nothing by themselves: a host that refuses page after page is asked more slowly, and then left alone."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.http.request import NO_CALLBACK

from archive.errors import ArchiveError
from archive.visit import Kept, Visit
from crawler.health import PACE
from crawler.keeper import ArchiveKeeper
from crawler.politeness.retry_after import REST_SECONDS
from crawler.politeness.throttle import Throttle
from crawler.refusals import Refusals, Verdict
from crawler.scheduler import FrontierScheduler

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class RefusedHosts:
    """Extension: does what `crawler.refusals` says. What waits of a host that rests waits on, and counts as `later`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._refusals = Refusals()
        self._tasks: set[asyncio.Task[None]] = set()
        crawler.signals.connect(self._opened, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension for one crawl."""
        return cls(crawler)

    def _opened(self) -> None:
        keeper = self._crawler.get_extension(ArchiveKeeper)
        if keeper is not None:
            self._keeper = keeper
            keeper.watch(self._kept)

    def _kept(self, visit: Visit, kept: Kept) -> None:
        if visit.lease is None or visit.lease.how == "guess":
            return
        host = visit.lease.host
        match self._refusals.note(host, visit, kept.outcome):
            case Verdict.SLOW_DOWN:
                self._slow_down(host)
            case Verdict.ASK_AGAIN:
                self._begin(self._ask_again(host))
            case Verdict.REST:
                self._begin(self._rest(host))

    def _slow_down(self, host: str) -> None:
        throttle = self._crawler.get_extension(Throttle)
        if throttle is not None:
            throttle.slow_down(urlsplit(f"//{host}").hostname or "", PACE)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask_again(self, host: str) -> None:
        """Ask for an article that was read: a site that refuses some of its pages still has it, one that refuses us has not."""
        if await self._answers(self._refusals.page_that_was_read(host)):
            self._refusals.still_answers(host)
        else:
            await self._rest(host)

    async def _answers(self, url: str | None) -> bool:
        engine = self._crawler.engine
        if url is None or engine is None:
            return False
        meta = {"dont_redirect": True, "dont_retry": True, "handle_httpstatus_all": True}
        try:
            response = await engine.download_async(Request(url, meta=meta, callback=NO_CALLBACK))
        except Exception as error:  # noqa: BLE001 - whatever it is, there was no answer
            logger.info("Cannot have %s again: %s", url, error)
            return False
        return response.status == 200

    async def _rest(self, host: str) -> None:
        """Ask the host for nothing more in this run, nor in the service's next ones until its time has come."""
        assert self._crawler.engine is not None
        scheduler = self._crawler.engine.scheduler
        assert isinstance(scheduler, FrontierScheduler)
        scheduler.give_up(host)
        try:
            await self._keeper.rest(host, REST_SECONDS, self._refusals.reason(host), named=False, asked=False)
        except (ArchiveError, sqlite3.Error, OSError) as error:
            logger.info("Cannot note the rest of %s: %s", host, error)  # the keeper is ending the crawl for it


__all__ = ["RefusedHosts"]
