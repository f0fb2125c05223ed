"""Asking again: after a pause that grows, and no sooner than the server allows."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware

from archive.host_rests import LONGEST
from archive.timestamps import now
from archive.urls import host_of
from archive.visit import Outcome
from crawler.accounts import ASKED_TO_WAIT
from crawler.keeper import ArchiveKeeper
from crawler.outcomes import NotFetched
from crawler.scheduler import FrontierScheduler

if TYPE_CHECKING:
    from scrapy.http import Response

ASKS_TO_WAIT = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
REST_SECONDS = 600.0
"""That a host rests which refuses request after request without a word on when to come back; doubled each time."""


class PatientRetry(RetryMiddleware):
    """Scrapy's retries with growing pauses and Retry-After (RFC 9110, section 10.2.3)."""

    async def process_request(self, request: Request) -> None:
        """Wait here with a request that comes by no scheduler: robots.txt, and the further pages of an article."""
        pause = request.meta.get("not_before", 0.0) - time.monotonic()
        if pause > 0 and "lease" not in request.meta:
            await asyncio.sleep(pause)

    async def process_response(  # type: ignore[override] # without the `spider` argument that Scrapy is leaving behind
        self, request: Request, response: Response
    ) -> Request | Response:
        """Rest the host where the server says for how long; put it off to a later run where that is too long to wait."""
        wait = retry_after(response.headers.get("Retry-After"), now()) if response.status in ASKS_TO_WAIT else None
        if wait is None:
            return await self._asked_too_often(request, response)
        settings = self.crawler.settings
        if wait > settings.getfloat("MORGUE_LONGEST_WAIT"):
            await self._put_off(request, wait, f"status {response.status}", named=True)
            raise NotFetched(Outcome.LATER, f"the server {ASKED_TO_WAIT} {wait:.0f} s (status {response.status})")
        self._scheduler.rest(host_of(request.url), wait)
        again = super().process_response(request, response)
        if isinstance(again, Request):
            again.meta["not_before"] = time.monotonic() + wait
        return again

    async def _asked_too_often(self, request: Request, response: Response) -> Request | Response:
        """Retry as Scrapy does; a host that says 429 without a time rests meanwhile, and then for longer."""
        again = super().process_response(request, response)
        if response.status == HTTPStatus.TOO_MANY_REQUESTS and isinstance(again, Request):
            self._scheduler.rest(host_of(request.url), again.meta["not_before"] - time.monotonic())
        elif response.status == HTTPStatus.TOO_MANY_REQUESTS:
            await self._put_off(request, REST_SECONDS, "status 429", named=False)
        return again

    async def _put_off(self, request: Request, wait: float, reason: str, *, named: bool) -> None:
        """Ask the host for nothing more in this run, nor in others until its time has come."""
        host = host_of(request.url)
        keeper = self.crawler.get_extension(ArchiveKeeper)
        if keeper is not None:
            await keeper.rest(host, wait, reason, named=named)
        self._scheduler.give_up(host)

    @property
    def _scheduler(self) -> FrontierScheduler:
        """The crawl's scheduler; there is one as long as answers come."""
        engine = self.crawler.engine
        assert engine is not None
        assert isinstance(engine.scheduler, FrontierScheduler)
        return engine.scheduler

    def _retry(self, request: Request, reason: str | Exception | type[Exception]) -> Request | None:
        again = super()._retry(request, reason)
        if again is not None:
            pause = self.crawler.settings.getfloat("MORGUE_RETRY_PAUSE")
            again.meta["not_before"] = time.monotonic() + pause * 2 ** (again.meta["retry_times"] - 1)
        return again


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks to wait, a day at most; None where there is none that can be read.

    Args:
        value: delay in seconds, or an HTTP date.
        now: aware UTC.
    """
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdecimal():  # the digits of RFC 9110; a superscript is a digit to Python
        return min(float(text), LONGEST.total_seconds())
    try:
        at = parsedate_to_datetime(text)
        at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        wait = (at - now).total_seconds()
    except (ValueError, OverflowError):  # no date, or one beyond the calendar
        return None
    return min(max(0.0, wait), LONGEST.total_seconds())
