"""Scrapy's scheduler over the archive's frontier.

The frontier is the only queue and the only duplicate filter: an address is a row with a unique key, leased to this run and
closed in the transaction that keeps what it brought. In memory are a few leases a host, and the redirects and retries of
requests that are on their way. After a crash those leases are simply due again.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from typing import TYPE_CHECKING, Self, TypeVar

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler
from scrapy.utils.httpobj import urlparse_cached

from archive.visit import Kept, Lease, Outcome, PageKind, Visit
from crawler.keeper import ArchiveKeeper
from crawler.ledger import Ledger

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

T = TypeVar("T")

LEASED_AT_ONCE = 256
"""Leases in memory at most."""
LEASED_PER_HOST = 64
"""Leases of one host in memory at most. Half of it gone, more are asked for."""


class FrontierScheduler(BaseScheduler):
    """Hands the engine what the frontier leases, one host after the other, no host beyond its concurrency."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._per_host = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._budget = ArticleBudget(crawler.settings.getint("MORGUE_LIMIT"))
        self._fetch_articles = crawler.settings.getbool("MORGUE_FETCH_ARTICLES", True)
        self._ready: dict[str, deque[Lease]] = {}
        self._again: dict[str, deque[Request]] = {}
        self._rests_until: dict[str, float] = {}
        self._refill: asyncio.Future[None] | None = None
        self._dry = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the scheduler for one crawl."""
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        """Find the keeper and the ledger among the crawl's components."""
        keeper = self._crawler.get_extension(ArchiveKeeper)
        ledger = self._crawler.get_spider_middleware(Ledger)
        if keeper is None or ledger is None:
            raise RuntimeError("FrontierScheduler needs the ArchiveKeeper extension and the Ledger spider middleware")
        self._keeper, self._ledger, self._spider = keeper, ledger, spider
        keeper.watch(self._committed)

    def has_pending_requests(self) -> bool:
        """Whether anything waits here or may wait in the frontier."""
        return bool(self._again or self._refill or (self._ready and not self._budget.spent)) or not (
            self._dry or self._budget.spent
        )

    def enqueue_request(self, request: Request) -> bool:
        """Take back a redirect or a retry of a leased request. New addresses come through the frontier, not here."""
        if "lease" not in request.meta:
            raise ValueError(f"{request} has no lease: a spider yields Found, not requests")
        self._again.setdefault(_host(request), deque()).append(request)
        pause = request.meta.get("not_before", 0.0) - time.monotonic()
        if pause > 0:
            asyncio.get_running_loop().call_later(pause + 0.01, self._wake)
        return True

    def next_request(self) -> Request | None:
        """The next request of the least busy host, or None while none may be sent."""
        self._ask_for_more()
        busy = self._busy_hosts()
        now = time.monotonic()
        for host in sorted({*self._again, *self._ready}, key=lambda h: busy[h]):
            if busy[host] >= self._per_host or self._rests_until.get(host, 0.0) > now:
                continue
            request = self._take(host)
            if request is not None:
                return request
        return None

    def rest(self, host: str, seconds: float) -> None:
        """Send nothing to a host for some seconds."""
        self._rests_until[host] = max(self._rests_until.get(host, 0.0), time.monotonic() + seconds)
        asyncio.get_running_loop().call_later(seconds + 0.01, self._wake)

    def _take(self, host: str) -> Request | None:
        """A request of this host: what was begun goes before what is new."""
        if _is_due(self._again.get(host)):
            return _pop(self._again, host)
        if self._budget.spent or host not in self._ready:
            return None
        lease = _pop(self._ready, host)
        if lease.kind is PageKind.ARTICLE:
            if not self._fetch_articles:
                return None
            self._budget.take()
        return self._request(lease)

    def _request(self, lease: Lease) -> Request:
        return Request(
            lease.url,
            callback=self._spider.callback_for(lease.kind),  # type: ignore[attr-defined]
            errback=self._ledger.failed,
            meta={"lease": lease},
            dont_filter=True,
        )

    def _busy_hosts(self) -> Counter[str]:
        """Requests on their way, by host."""
        assert self._crawler.engine is not None
        return Counter(_host(request) for request in self._crawler.engine.downloader.active)

    def _ask_for_more(self) -> None:
        """Lease more in the background when a host runs low; one question at a time."""
        held = sum(map(len, self._ready.values()))
        if self._refill is None and not self._dry and not self._budget.spent and held <= LEASED_AT_ONCE // 2:
            self._refill = asyncio.ensure_future(self._lease(LEASED_AT_ONCE - held))

    async def _lease(self, count: int) -> None:
        try:
            busy = {host: len(leases) for host, leases in self._ready.items()}
            leases = await self._keeper.lease(count, LEASED_PER_HOST, busy)
            # Nothing came and nothing is held back for a host that is full: nothing is due until something new is found.
            self._dry = not leases and not busy
            for lease in leases:
                self._ready.setdefault(lease.host, deque()).append(lease)
        finally:
            self._refill = None
        self._wake()

    def _committed(self, visit: Visit, kept: Kept) -> None:
        """A visit is on disk: it may have brought addresses, and it may have used up the limit."""
        if visit.lease is not None and visit.lease.kind is PageKind.ARTICLE:
            self._budget.settle(stored=kept.outcome is Outcome.STORED)
        if kept.new_addresses:
            self._dry = False
        self._wake()

    def _wake(self) -> None:
        """Let the engine ask again now; by itself it would wait up to five seconds (scrapy issue 7978 names the gap)."""
        engine = self._crawler.engine
        if engine is not None and engine._slot is not None:
            engine._slot.nextcall.schedule()


class ArticleBudget:
    """How many articles may still be fetched; no more are on their way than may be kept."""

    def __init__(self, limit: int) -> None:
        self._left = limit or None
        self._under_way = 0

    @property
    def spent(self) -> bool:
        """Whether as many are stored or on their way as the limit allows."""
        return self._left is not None and self._left - self._under_way <= 0

    def take(self) -> None:
        """One more is on its way."""
        self._under_way += 1

    def settle(self, *, stored: bool) -> None:
        """One is done with."""
        self._under_way = max(0, self._under_way - 1)
        if stored and self._left is not None:
            self._left -= 1


def _host(request: Request) -> str:
    return urlparse_cached(request).netloc


def _is_due(begun: deque[Request] | None) -> bool:
    """Whether the first of a host's begun requests may be sent. They were put there in order of time, near enough."""
    return begun is not None and begun[0].meta.get("not_before", 0.0) <= time.monotonic()


def _pop(queues: dict[str, deque[T]], host: str) -> T:
    """Take the first of a host's queue; a queue that is empty is dropped."""
    queue = queues[host]
    first = queue.popleft()
    if not queue:
        del queues[host]
    return first
