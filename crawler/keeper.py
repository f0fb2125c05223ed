"""The keeper: one thread that owns the archive during a crawl, so that the event loop never waits for the disk.

Visits are committed in batches, by count and by time. Whoever hands one over waits until its batch is on disk; so an idle
engine has nothing unwritten, and what SIGKILL takes is at most what was never reported as kept.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from scrapy import signals
from scrapy.exceptions import DropItem, NotConfigured

from archive import Archive
from archive.errors import ArchiveError
from archive.frontier import Taken
from archive.rights import HostFile
from archive.timestamps import now
from archive.visit import Ahead, Found, Kept, Lease, Outcome, PageKind, Visit
from crawler.idle_packing import IDLE_SECONDS, LOOK_SECONDS, IdlePacking
from crawler.revisit import plan
from spiders.apart import is_ending

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

T = TypeVar("T")

logger = logging.getLogger(__name__)

BATCH_VISITS = 64
"""Visits in one transaction at most. One transaction a visit is fifteen times slower than one for many."""
REPEATING_LOGGERS = ("scrapy.core.scraper", "scrapy.utils.signal")
"""Where the archive fails, each page on its way fails for that one reason; these would print a traceback for each."""
BATCH_SECONDS = 0.2
"""How long a visit waits for others to share its transaction."""
ADDRESSES_AT_ONCE = 1000
"""Addresses of a long list in one transaction: some 50 milliseconds, in which nobody else is answered."""
UNKEEPABLE = (
    sqlite3.DataError,
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    OverflowError,
    TypeError,
    ValueError,
)
"""What a visit raises that no table takes; other errors are the file's."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Archive], Any]
    done: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Keep:
    visit: Visit
    done: asyncio.Future[Kept]


class _End:
    """The last job."""


class ArchiveKeeper:
    """Scrapy extension: the way to the archive for the scheduler and the store stage."""

    def __init__(self, crawler: Crawler, path: Path, run_id: int, source_ids: tuple[int, ...]) -> None:
        self._crawler = crawler
        self._path = path
        self.run_id = run_id
        self.source_ids = source_ids
        self._inbox: queue.SimpleQueue[_Job | _Keep | _End] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False
        self._waiting: set[asyncio.Future[Any]] = set()
        self._broken: Exception | None = None
        self.failure: Exception | None = None
        """What ended the crawl, where the archive did."""
        self._watchers: list[Callable[[Visit, Kept], None]] = []
        self._list_watchers: list[Callable[[], None]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build from the settings MORGUE_ARCHIVE, MORGUE_RUN and MORGUE_SOURCES, which `crawler.crawl` sets."""
        settings = crawler.settings
        if not settings.get("MORGUE_ARCHIVE"):
            raise NotConfigured("no archive: crawl through `morgue crawl`, or set MORGUE_ARCHIVE")
        sources = tuple(int(n) for n in settings.getlist("MORGUE_SOURCES"))
        keeper = cls(crawler, Path(settings["MORGUE_ARCHIVE"]), settings.getint("MORGUE_RUN"), sources)
        crawler.signals.connect(keeper.close, signal=signals.engine_stopped)
        return keeper

    def watch(self, watcher: Callable[[Visit, Kept], None]) -> None:
        """Call `watcher` in the event loop for each visit that was committed."""
        self._watchers.append(watcher)

    def watch_lists(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` in the event loop whenever some addresses of a long list were taken in before its visit is kept."""
        self._list_watchers.append(watcher)

    async def keep(self, visit: Visit) -> Kept:
        """Commit a visit, with others that wait; returns once it is on disk.

        Of a long list most addresses are committed before, some at a time, so that others are served in between. Its outcome
        comes with the last of them: without it, the list is read again.

        Raises:
            DropItem: the crawl ended before a long list was taken in; the next run has its address.
        """
        visit, waiting = await self._take_in_most(visit)
        done: asyncio.Future[Kept] = self._promise()
        self._inbox.put(_Keep(visit, done))
        kept = await done
        kept = replace(kept, new_addresses=kept.new_addresses + waiting) if waiting else kept
        for watcher in self._watchers:
            watcher(visit, kept)
        return kept

    async def lease(self, count: int, per_host: int, busy_hosts: Mapping[str, int]) -> list[Lease]:
        """Take up to `count` addresses that are due, at most `per_host` a host, those of `busy_hosts` counted in."""

        def work(archive: Archive) -> list[Lease]:
            return archive.frontier.lease(
                count, run_id=self.run_id, source_ids=self.source_ids, per_host=per_host, busy_hosts=busy_hosts, now=now()
            )

        return await self._do(work)

    async def rest(self, host: str, seconds: float, reason: str, *, named: bool, asked: bool = True) -> datetime:
        """Leave a host alone, over the end of the run, as `archive.host_rests.rest_host` does; returns until when."""
        wait = timedelta(seconds=seconds)
        return await self._do(lambda archive: archive.frontier.rest(host, wait, reason, now(), named=named, asked=asked))

    async def was_fetched(self, url: str) -> bool:
        """Whether an address was fetched in this run already, by any name that means the same."""
        return await self._do(lambda archive: archive.frontier.was_fetched(url, run_id=self.run_id))

    async def keep_host_file(self, file: HostFile) -> int:
        """Keep a robots.txt or tdmrep.json as fetched; returns its number."""
        return await self._do(lambda archive: archive.keep_host_file(file))

    async def host_file(self, host: str, kind: str, since: datetime) -> tuple[int, HostFile] | None:
        """A robots.txt or tdmrep.json that was fetched since a moment, with its number; None where none was."""
        return await self._do(lambda archive: archive.host_file(host, kind, since))

    async def is_taken_down(self, url: str) -> str | None:
        """The reason why an address was taken down, by any name that means the same; None if it was not."""
        tombstone = await self._do(lambda archive: archive.tombstone(url))
        return tombstone.reason if tombstone is not None else None

    async def close(self) -> None:
        """Write what waits, give back what was leased and not fetched, end the thread."""
        if self._thread is None:
            return
        try:
            await self._do(lambda archive: archive.frontier.release(self.run_id))
        finally:
            self._inbox.put(_End())
            await asyncio.get_running_loop().run_in_executor(None, self._thread.join)
            self._thread = None

    async def _take_in_most(self, visit: Visit) -> tuple[Visit, int]:
        """Take in the addresses of a long list but for the last of them.

        Returns:
            The visit with those that are left, and how many rows are new or wait again.
        """
        ahead, waiting, start = visit.ahead, 0, 0
        if visit.outcome is not Outcome.LISTED or visit.listing is None or visit.lease is None:
            return visit, 0
        while len(visit.found) - start > ADDRESSES_AT_ONCE:
            if is_ending(self._crawler):
                raise DropItem(f"the crawl ends before {visit.url} is taken in", log_level="DEBUG")
            part = visit.found[start : start + ADDRESSES_AT_ONCE]
            taken = await self._do(partial(self._take_in, part, visit.lease))
            if taken is None:
                break
            start += len(part)
            waiting += taken.waiting
            articles = sum(found.kind is PageKind.ARTICLE for found in part)
            ahead = Ahead(ahead.articles + articles, ahead.new + taken.articles)
            for watcher in self._list_watchers:
                watcher()
        return (replace(visit, found=visit.found[start:], ahead=ahead) if start else visit), waiting

    def _take_in(self, part: Sequence[Found], lease: Lease, archive: Archive) -> Taken | None:
        """Take in some addresses of a list; None where they cannot be kept: the visit's own commit knows what to do then."""
        try:
            return archive.frontier.add(
                part, source_id=lease.source_id, found_on=lease.id, depth=lease.depth + 1, run_id=self.run_id, now=now()
            )
        except UNKEEPABLE:
            return None

    async def _do(self, work: Callable[[Archive], T]) -> T:
        done: asyncio.Future[T] = self._promise()
        self._inbox.put(_Job(work, done))
        return await done

    def _promise(self) -> asyncio.Future[Any]:
        """A future that the thread will fill; the first one starts the thread, and once it has failed, so does each."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._thread = threading.Thread(target=self._run, name="archive-keeper", daemon=True)
            self._thread.start()
        done: asyncio.Future[Any] = self._loop.create_future()
        self._waiting.add(done)
        done.add_done_callback(self._waiting.discard)
        if self._broken is not None:
            done.set_exception(self._broken)
        return done

    def _run(self) -> None:
        """The thread. Should it fail, whoever waits hears of it: nobody waits for a thread that is gone."""
        try:
            with Archive.open(self._path) as archive:
                self._work(archive)
        except Exception as error:  # noqa: BLE001 - handed to the thread that can do something about it
            self._deliver(partial(self._fail_all, error))

    def _work(self, archive: Archive) -> None:
        """Collect visits until the batch is full, old enough, or somebody asks for something else."""
        batch: list[_Keep] = []
        deadline = 0.0
        packing = IdlePacking(archive)
        while True:
            job = self._next_job(deadline) if batch else self._next_job_packing(packing)
            if isinstance(job, _Keep):
                deadline = deadline if batch else time.monotonic() + BATCH_SECONDS
                batch.append(job)
                # Addresses that were found may be all that the crawl can go on with.
                if len(batch) < BATCH_VISITS and not job.visit.found:
                    continue
            self._commit(archive, batch)
            batch = []
            if isinstance(job, _Job):
                self._answer([job.done], lambda work=job.work: [work(archive)])  # type: ignore[misc]
            elif isinstance(job, _End):
                return

    def _next_job(self, deadline: float) -> _Keep | _Job | _End | None:
        """The next thing to do; None when the batch has waited long enough."""
        try:
            return self._inbox.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return None

    def _next_job_packing(self, packing: IdlePacking) -> _Keep | _Job | _End:
        """The next thing to do; while there is none, pages that are kept already are packed."""
        pause: float | None = IDLE_SECONDS
        while True:
            try:
                return self._inbox.get(timeout=LOOK_SECONDS if pause is None else pause)
            except queue.Empty:
                pause = packing.step()

    def _commit(self, archive: Archive, batch: list[_Keep]) -> None:
        if batch:
            # As they happened: of two addresses of one article, the one fetched later may have been read sooner.
            batch = sorted(batch, key=lambda job: job.visit.fetched)
            visits = [job.visit for job in batch]
            self._answer([job.done for job in batch], lambda: self._keep(archive, visits))

    def _keep(self, archive: Archive, visits: Sequence[Visit]) -> Sequence[Kept]:
        """Commit a batch; where it cannot be, each visit by itself, so that one which no table takes costs itself alone."""
        try:
            return archive.commit(self.run_id, visits, now(), planner=plan)
        except UNKEEPABLE as error:
            if len(visits) > 1:
                return [kept for visit in visits for kept in self._keep(archive, [visit])]
            logger.error("Cannot keep %s: %s", visits[0].url, error, exc_info=error)
            return archive.commit(self.run_id, [_without_content(visits[0], error)], now(), planner=plan)

    def _answer(self, waiting: Sequence[asyncio.Future[Any]], work: Callable[[], Sequence[Any]]) -> None:
        """Do the work and give each waiting future its result; an error of the archive goes to all of them."""
        try:
            results: Sequence[Any] = work()
        except (ArchiveError, sqlite3.Error, OSError) as error:
            self._deliver(partial(self._stop_crawl, error))
            self._deliver(partial(_fail, waiting, error))
        else:
            self._deliver(partial(_succeed, waiting, results))

    def _fail_all(self, error: Exception) -> None:
        """The thread is gone: fail what waits, and all that is asked from now on."""
        self._broken = error
        self._stop_crawl(error)
        _fail(list(self._waiting), error)

    def _deliver(self, call: Callable[[], Any]) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(call)

    def _stop_crawl(self, error: Exception) -> None:
        """An archive that cannot be written ends the crawl: fetching what cannot be kept helps nobody."""
        self.failure = self.failure or error
        for name in REPEATING_LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        if self._crawler.engine is not None and self._crawler.spider is not None and not self._stopping:
            self._stopping = True
            self._stop = asyncio.ensure_future(self._crawler.engine.close_spider_async(reason="archive_failed"))


def _succeed(waiting: Sequence[asyncio.Future[Any]], results: Sequence[Any]) -> None:
    for future, result in zip(waiting, results, strict=True):
        if not future.done():
            future.set_result(result)


def _fail(waiting: Sequence[asyncio.Future[Any]], error: Exception) -> None:
    for future in waiting:
        if not future.done():
            future.set_exception(error)


def _without_content(visit: Visit, error: Exception) -> Visit:
    """The account of a visit whose content no table takes."""
    return Visit(
        url=visit.url,
        fetched=visit.fetched,
        outcome=Outcome.FAILED,
        reason=f"cannot be kept: {type(error).__name__}: {error}"[:200],
        lease=visit.lease,
        status=visit.status,
        seconds=visit.seconds,
    )
