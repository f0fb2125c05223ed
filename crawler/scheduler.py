"""Scrapy's scheduler over the archive's frontier.

The frontier is the only queue and the only duplicate filter: an address is a row with a unique key, leased to this run and
closed in the transaction that keeps what it brought. In memory are a few leases a host, and the redirects and retries of
requests that are on their way. After a crash those leases are simply due again.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import Counter, deque
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler
from scrapy.utils.httpobj import urlparse_cached

from archive.errors import ArchiveError
from archive.timestamps import now
from archive.urls import host_of
from archive.visit import Kept, Lease, Outcome, PageKind, Visit
from crawler.keeper import ArchiveKeeper
from crawler.ledger import Ledger
from crawler.politeness.pace import HostPaces, Pace
from crawler.politeness.throttle import Throttle

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

LEASED_AT_ONCE = 1024
"""Leases in memory at most: sixteen slow hosts may fill their share before another host waits for them."""
LEASED_PER_HOST = 64
"""Leases of one host in memory at most: a minute of requests at one a second. Half of it gone, more are asked for.

The setting MORGUE_LEASED_PER_HOST puts another number in its place: with 1, what was just found may come before all else.
"""
PAGES_AT_ONCE = 128
"""Answers that wait to be read or kept, beyond which nothing more is asked for: two batches of the keeper, a second or two of
work. Scrapy's bound is one of bytes, which lets 20,000 small pages wait: 500 MB, and minutes of work for a crawl that is to end.
"""


class FrontierScheduler(BaseScheduler):
    """Hands the engine what the frontier leases, one host after the other, no host beyond its concurrency."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._per_host = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._most_leased = crawler.settings.getint("MORGUE_LEASED_PER_HOST", LEASED_PER_HOST)
        self._paces = _paces(crawler.settings)
        self._budget = ArticleBudget(crawler.settings.getint("MORGUE_LIMIT"))
        limits: dict[int, int] = crawler.settings.getdict("MORGUE_SOURCE_LIMITS")
        self._budgets = {int(source): ArticleBudget(limit) for source, limit in limits.items()}
        self._fetch_articles = crawler.settings.getbool("MORGUE_FETCH_ARTICLES", True)
        self._ready: dict[str, deque[Request]] = {}
        self._again: dict[str, deque[Request]] = {}
        self._rests_until: dict[str, float] = {}
        self._given_up: set[str] = set()
        self._refill: asyncio.Future[None] | None = None
        self._unasked = True
        self._cut: frozenset[str] = frozenset()

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
        keeper.watch_lists(self._taken_in)

    def has_pending_requests(self) -> bool:
        """Whether anything waits here or may wait in the frontier."""
        if self._again or self._refill is not None:
            return True
        return not self._budget.spent and bool(self._ready or self._unasked or self._cut)

    def enqueue_request(self, request: Request) -> bool:
        """Take back a redirect or a retry of a leased request. New addresses come through the frontier, not here."""
        if "lease" not in request.meta:
            raise ValueError(f"{request} has no lease: a spider yields Found, not requests")
        if _host(request) in self._given_up:
            self._let_go(request)
            return False
        self._keep_pace(request)
        self._again.setdefault(_host(request), deque()).append(request)
        pause = request.meta.get("not_before", 0.0) - time.monotonic()
        if pause > 0:
            asyncio.get_running_loop().call_later(pause + 0.01, self._wake)
        return True

    def next_request(self) -> Request | None:
        """The next request of the least busy host, or None while none may be sent."""
        self._ask_for_more()
        if self._pages_under_way() >= PAGES_AT_ONCE:
            return None
        busy = self._busy_hosts()
        moment = time.monotonic()
        for host in sorted(dict.fromkeys((*self._again, *self._ready)), key=lambda h: busy[h]):
            if busy[host] >= self._concurrency_of(host) or self._rests_until.get(host, 0.0) > moment:
                continue
            request = self._take(host)
            if request is not None:
                return request
        return None

    def rest(self, host: str, seconds: float) -> None:
        """Send nothing to a host for some seconds."""
        self._rests_until[host] = max(self._rests_until.get(host, 0.0), time.monotonic() + seconds)
        asyncio.get_running_loop().call_later(seconds + 0.01, self._wake)

    def give_up(self, host: str) -> None:
        """Drop what was leased of a host, retries too: it waits in the frontier again when the run ends."""
        self._given_up.add(host)
        self._ready.pop(host, None)
        for request in self._again.pop(host, ()):
            self._let_go(request)

    def is_given_up(self, host: str) -> bool:
        """Whether a host is asked for nothing more in this run."""
        return host in self._given_up

    def _let_go(self, request: Request) -> None:
        """Count an article that was under way as not stored."""
        lease = request.meta["lease"]
        for budget in self._budgets_of(lease):
            budget.settle(stored=False, under_way=lease.kind is PageKind.ARTICLE)

    def _take(self, host: str) -> Request | None:
        """A request of this host: what was begun goes before what is new."""
        if _is_due(self._again.get(host)):
            return _pop(self._again, host)
        if self._budget.spent or host not in self._ready:
            return None
        request = self._pop_affordable(host) if self._budgets else _pop(self._ready, host)
        if request is not None and request.meta["lease"].kind is PageKind.ARTICLE:
            for budget in self._budgets_of(request.meta["lease"]):
                budget.take()
        return request

    def _pop_affordable(self, host: str) -> Request | None:
        """Take the first of a host's queue whose source may have more articles; what its source cannot afford now stays."""
        queue = self._ready[host]
        affordable = (request for request in queue if not any(b.spent for b in self._budgets_of(request.meta["lease"])))
        request = next(affordable, None)
        if request is not None:
            queue.remove(request)
            del self._ready[host]
            if queue:
                self._ready[host] = queue
        return request

    def _budgets_of(self, lease: Lease) -> list[ArticleBudget]:
        """The budgets that an article of this lease counts in: the run's, and its source's if that has one."""
        own = self._budgets.get(lease.source_id) if lease.source_id is not None else None
        return [self._budget] if own is None else [self._budget, own]

    def _request(self, lease: Lease) -> Request:
        return Request(
            lease.url,
            callback=self._spider.callback_for(lease.kind),  # type: ignore[attr-defined]
            errback=self._ledger.failed,
            meta={"lease": lease},
            dont_filter=True,
        )

    def _pages_under_way(self) -> int:
        """Answers that came and are not kept yet; the engine asks again whenever one is done with."""
        assert self._crawler.engine is not None
        slot = self._crawler.engine.scraper.slot
        return len(slot.queue) + len(slot.active) if slot is not None else 0

    def _busy_hosts(self) -> Counter[str]:
        """Requests on their way, by host."""
        assert self._crawler.engine is not None
        return Counter(_host(request) for request in self._crawler.engine.downloader.active)

    def _concurrency_of(self, host: str) -> int:
        """Requests at a time to a host: those of its source, or the crawl's."""
        return self._paces.of(urlsplit(f"//{host}").hostname or "").concurrency

    def _keep_pace(self, request: Request) -> None:
        """Have the host of a leased request asked no faster than the source of the lease says."""
        host = urlparse_cached(request).hostname or ""
        throttle = self._crawler.get_extension(Throttle)
        if self._paces.note(host, request.meta["lease"].source_id) and throttle is not None:
            throttle.keep_pace(host, self._paces.of(host))

    def _ask_for_more(self) -> None:
        """Lease more in the background where the frontier may hold some and there is room; one question at a time."""
        if self._refill is not None or self._budget.spent or not (self._unasked or self._cut):
            return
        held = Counter(request.meta["lease"].host for queue in self._ready.values() for request in queue)
        room = LEASED_AT_ONCE - held.total()
        runs_low = any(held[host] <= self._most_leased // 2 for host in self._cut)
        if room > 0 and (self._unasked or runs_low):
            self._refill = asyncio.ensure_future(self._lease(room, held))

    async def _lease(self, count: int, held: Counter[str]) -> None:
        """Lease up to `count` addresses beside those that are held, by host, and note what the frontier may still hold.

        The keeper answers in the order that it is asked, so what a commit brought in the meantime is noted after this.
        """
        try:
            leases = await self._keeper.lease(count, self._most_leased, held)
            held.update(lease.host for lease in leases)
            self._cut = frozenset(host for host, n in held.items() if n >= self._most_leased)
            self._unasked = len(leases) == count
            for lease in leases:
                self._make_ready(lease)
        except (ArchiveError, sqlite3.Error, OSError):
            # The keeper has noted it and is ending the crawl; nobody awaits this task, so raising would only print.
            self._unasked, self._cut = False, frozenset()
        finally:
            self._refill = None
        self._wake()

    def _make_ready(self, lease: Lease) -> None:
        lease = self._spider.as_of(lease, now())  # type: ignore[attr-defined]
        wanted = self._fetch_articles or lease.kind is not PageKind.ARTICLE
        outside = self._spider.leaves_out(lease)  # type: ignore[attr-defined]
        if wanted and not outside and not any(budget.exhausted for budget in self._budgets_of(lease)):
            request = self._request(lease)
            if _host(request) not in self._given_up:
                self._keep_pace(request)
                self._ready.setdefault(_host(request), deque()).append(request)

    def _committed(self, visit: Visit, kept: Kept) -> None:
        """A visit is on disk: it may have brought addresses, and it may have used up the limit."""
        if visit.lease is not None:
            under_way = visit.lease.kind is PageKind.ARTICLE
            for budget in self._budgets_of(visit.lease):
                budget.settle(stored=kept.outcome is Outcome.STORED, under_way=under_way)
            self._end_if_exhausted(visit.lease.source_id)
        if kept.new_addresses:
            self._unasked = True
        self._wake()

    def _taken_in(self) -> None:
        """Some addresses of a long list are on disk: the first of them need not wait for the last."""
        self._unasked = True
        self._wake()

    def _end_if_exhausted(self, source_id: int | None) -> None:
        """Ask for no more of a source that has all articles it may have; what is leased of it waits again when the run ends."""
        budget = self._budgets.get(source_id) if source_id is not None else None
        if budget is None or not budget.exhausted or source_id not in self._keeper.source_ids:
            return
        self._keeper.source_ids = tuple(each for each in self._keeper.source_ids if each != source_id)
        for host, queue in list(self._ready.items()):
            rest = deque(request for request in queue if request.meta["lease"].source_id != source_id)
            if rest:
                self._ready[host] = rest
            else:
                del self._ready[host]
        self._unasked = True  # the room is for others now

    def _wake(self) -> None:
        """Let the engine ask again now; by itself it would wait up to five seconds."""
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

    @property
    def exhausted(self) -> bool:
        """Whether as many are stored as the limit allows: there will be no more."""
        return self._left is not None and self._left <= 0

    def take(self) -> None:
        """One more is on its way."""
        self._under_way += 1

    def settle(self, *, stored: bool, under_way: bool = True) -> None:
        """One is done with; `under_way` is False for what nobody took for an article before it was read."""
        self._under_way -= under_way
        if stored and self._left is not None:
            self._left -= 1


def _paces(settings: BaseSettings) -> HostPaces:
    """The paces that are known before anything is leased: those of sources, and those of the hosts that they name."""
    usual = Pace(settings.getfloat("DOWNLOAD_DELAY"), settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
    hosts = {
        host: Pace(slot.get("delay", usual.delay), int(slot.get("concurrency", usual.concurrency)))
        for host, slot in settings.getdict("DOWNLOAD_SLOTS").items()
    }
    return HostPaces(usual, settings.getdict("MORGUE_PACES"), hosts)


def _host(request: Request) -> str:
    return host_of(request.url) or urlparse_cached(request).netloc  # an address too long for the frontier has a host all the same


def _is_due(begun: deque[Request] | None) -> bool:
    """Whether the first of a host's begun requests may be sent. They were put there in order of time, near enough."""
    return begun is not None and begun[0].meta.get("not_before", 0.0) <= time.monotonic()


def _pop(queues: dict[str, deque[Request]], host: str) -> Request:
    """Take the first of a host's queue; the host goes behind the others, and a queue that is empty is dropped."""
    queue = queues.pop(host)
    first = queue.popleft()
    if queue:
        queues[host] = queue
    return first
