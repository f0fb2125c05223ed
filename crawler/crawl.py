"""One crawl, from addresses to a report. A Twisted reactor starts once a process, so a process runs one crawl."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archive import Archive
from archive.drift import Alarm
from archive.timestamps import now
from archive.urls import host_of
from archive.visit import Found, Outcome, PageKind
from crawler import settings as defaults
from crawler.backfill import plant_archive_pages
from crawler.browser import NEVER, browser_settings
from crawler.config import FOLLOWED
from crawler.drift_watch import watch_run, watch_what_was_missed
from crawler.due import begin_due, plant_seed
from crawler.file_sources import FILES, FileSource, look_at_files, read_files
from crawler.health import Complaint
from crawler.health_watch import SourceHealth, after_run
from crawler.keeper import ArchiveKeeper
from crawler.pins import watch_pins
from crawler.politeness.pace import Pace
from crawler.reports import RunReport, Tally
from pipelines.version import READER

OUT_OF_TIME = "out_of_time"
"""Reason for the end of a crawl that had its time."""
STATES = {"finished": "finished", "shutdown": "interrupted", "archive_failed": "failed", OUT_OF_TIME: "limit"}
"""Scrapy's reason for the end -> the state of the run."""
WHOLE = frozenset({"finished", "limit"})
"""States of runs that have ended for good."""
LIST_SOURCE = "list:"
"""Address of the source that single addresses from lists belong to."""
TAKEN_BY_SCRAPY = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
HOST_FILES_FRESH = 3600
"""Seconds that crawls of the service share what a host said in its robots.txt; a rule that is tightened holds within the hour."""
FETCHING_SHARE = 0.6
"""Of the time of a crawl, for what is fetched, where files wait to be read as well."""
COLLECT_AFTER = 10_000
"""New objects before the collector looks for cycles; Python's default is 700. With it, and with what was imported, looking took a
tenth of the time of a short crawl. More than this would let the bodies of large pages wait for it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A source to crawl."""

    url: str
    name: str | None = None
    allow: tuple[str, ...] = ()
    """Regular expressions; where given, only addresses that match one are followed."""
    deny: tuple[str, ...] = ()
    delay: float | None = None
    """Seconds between two requests to its host; None: the crawl's."""
    concurrency: int | None = None
    follow: tuple[str, ...] = FOLLOWED
    """Ways to find articles from its address."""
    since: datetime | None = None
    """Skip what is known to be older; aware. None: the crawl's."""
    until: datetime | None = None
    """Skip what is known to be from then or later; aware. None: the crawl's."""
    limit: int | None = None
    """Articles of it to keep at most."""
    render: str = "never"
    """One of `crawler.config.RENDERING`."""
    kind: str = "site"
    """One of `crawler.config.KINDS`."""
    every: timedelta | None = None
    """Between two looks at its address and feeds, for a crawl of what is due; None: each when it falls due by itself."""
    cron: str | None = None
    """Five fields as in crontab, in place of `every`."""
    archive_pages: tuple[str, ...] = ()
    """Templates of pages that list its articles by date; taken from `since` on."""
    replay: str | None = None
    """Where the captures of an index are: a template with `{timestamp}` and `{url}`."""
    folder: Path = Path()
    """That the files of a source of files are taken from, where their names are relative."""


@dataclass(frozen=True, slots=True)
class CrawlRequest:
    """What to crawl and how."""

    archive: Path
    targets: tuple[Target, ...] = ()
    pages: tuple[str, ...] = ()
    """Addresses of single articles; nothing is followed from them."""
    limit: int | None = None
    """Articles to keep at most."""
    since: datetime | None = None
    """Skip what is known to be older; aware."""
    until: datetime | None = None
    """Skip what is known to be from then or later; aware."""
    delay: float = 1.0
    concurrency: int = 1
    """Requests at a time to one host."""
    contact: str | None = None
    readers: int = 0
    progress: Callable[[Tally], None] | None = None
    stopping: Callable[[], None] | None = None
    """Called once, in the event loop, when a first Ctrl-C or SIGTERM has the crawl end what is under way."""
    due: bool = False
    """Whether only what is due is fetched; `limit` then holds for a source from one look at its address to the next."""
    seconds: float | None = None
    """The crawl takes up nothing new after this time; what is left waits. None: it goes on to the end."""
    spider: str = "site"
    """Name of the spider: `trial` reads lists first, and few of them."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Further Scrapy settings; they win over ours."""


class StoppableProcess(AsyncCrawlerProcess):
    """Scrapy's process, which tells when it is asked to stop: it stops for signals itself, and says so in its log alone."""

    stopping: Callable[[], None] | None = None

    async def stop(self) -> None:
        """Have the crawls end what is under way; called by a first signal, by a second one, and once all have ended."""
        if self.stopping is not None and self.crawlers:
            self.stopping()
            self.stopping = None
        await super().stop()


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What a crawl did."""

    run_id: int
    resumed: bool
    """Whether it went on with a run that had been cut off."""
    state: str
    """`finished`, `limit`, `interrupted` or `failed`."""
    outcomes: Mapping[Outcome, int]
    articles_new: int
    articles_changed: int
    addresses_found: int
    seconds: float
    failed: Sequence[tuple[str, str]]
    """Address and reason of what failed or was blocked."""
    out_of_time: bool = False
    """Whether it ended because its time was over, so that more may wait."""
    alarms: Sequence[Alarm] = ()
    """Raised by it: sites that read otherwise than in their own last runs."""
    complaints: Sequence[Complaint] = ()
    """Pages of its sources that it fetched, and that no longer list what they did."""
    unwell: Sequence[SourceHealth] = ()
    """Its sources that are blocked, failing, silent or resting."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """An address that a crawl would fetch."""

    url: str
    kind: PageKind
    how: str
    found_on: str | None
    title: str | None
    published: str | None


def run_crawl(request: CrawlRequest) -> CrawlReport:
    """Crawl, and say what was done. To be called once a process.

    Raises:
        archive.errors.ArchiveLocked: another process crawls into this archive.
        archive.errors.ArchiveError: the archive cannot be opened.
        sqlite3.Error: the archive cannot be written any more; the run stays open.
    """
    start = time.monotonic()
    with Archive.create(request.archive) as archive, archive.lock_for_crawl():
        sources = {archive.add_source(t.url, t.name, now()).id: t for t in request.targets}
        if request.pages:
            sources[archive.add_source(LIST_SOURCE, "single addresses").id] = Target(LIST_SOURCE)
        missed = watch_what_was_missed(archive, READER, now())
        if request.due:
            run, sources = begin_due(archive, sources, request.limit, now(), request.delay)
            plant_archive_pages(archive, sources, request.since, request.until, run.id, now())
            request = replace(request, limit=None)
        else:
            run = archive.begin_run("crawl", sorted(sources), now())
            _plant(archive, request, sources, run.id)
            archive.frontier.wake(sorted(sources), now())
        tally = _fetch_and_read(archive, request, sources, run.id)
        state = _state(request, tally)
        archive.end_run(run.id, state, now())
        # A run that was cut off goes on under its number, and is looked at when it has ended.
        alarms = [*watch_run(archive, run.id, READER, now()), *watch_pins(archive, run.id, now())] if state in WHOLE else []
        alarms = [*missed, *alarms]
        complaints, unwell = after_run(archive, run.id, sources, request, now())
    return CrawlReport(
        run.id, run.resumed, state, dict(tally.outcomes), tally.new, tally.changed, tally.found, time.monotonic() - start,
        tally.failed, tally.close_reason == OUT_OF_TIME, alarms, complaints, unwell,
    )  # fmt: skip


def _fetch_and_read(archive: Archive, request: CrawlRequest, sources: Mapping[int, Target], run_id: int) -> Tally:
    """Crawl what is fetched, then read what lies in files."""
    files = {id_: FileSource.of(id_, t, request.since, request.until) for id_, t in sources.items() if t.kind == FILES}
    fetched = {id_: target for id_, target in sources.items() if id_ not in files}
    looked, start = Tally(close_reason="finished"), time.monotonic()
    for source in files.values():
        look_at_files(archive, source, run_id, looked)
    seconds = request.seconds
    if seconds is not None and any(archive.files.waiting(id_) for id_ in files):
        seconds *= FETCHING_SHARE
    tally = _crawl(replace(request, seconds=seconds), fetched, run_id) if fetched or not files else Tally(close_reason="finished")
    tally.add(looked)
    if tally.close_reason not in {"finished", OUT_OF_TIME}:
        return tally
    limit = None if request.limit is None else request.limit - tally.new - tally.changed
    left = None if request.seconds is None else request.seconds - (time.monotonic() - start)
    ended = read_files(archive, files, run_id, request.readers, limit, left, tally, request.progress)
    tally.close_reason = tally.close_reason if ended == "finished" else ended
    return tally


def run_discovery(request: CrawlRequest) -> list[Discovered]:
    """Find what a crawl would fetch, and fetch no article. Nothing is kept."""
    with tempfile.TemporaryDirectory(prefix="morgue-") as folder:
        path = Path(folder) / "discovery.db"
        with Archive.create(path) as archive:
            sources = {archive.add_source(t.url, t.name).id: t for t in request.targets}
            run = archive.begin_run("discover", sorted(sources), now())
            _plant(archive, request, sources, run.id)
        _crawl(replace(request, archive=path), sources, run.id, fetch_articles=False)
        with Archive.open(path) as archive:
            return [
                Discovered(a.url, PageKind(a.kind), a.how, a.found_on, a.title, a.published)
                for a in archive.frontier.addresses(kind=PageKind.ARTICLE)
            ]


def _plant(archive: Archive, request: CrawlRequest, sources: Mapping[int, Target], run_id: int) -> None:
    """Put the seeds into the frontier, and the archive pages of the periods."""
    for source_id, target in sources.items():
        if target.url == LIST_SOURCE:
            found = [Found(url, PageKind.ARTICLE, "list") for url in request.pages]
            archive.frontier.add(found, source_id=source_id, found_on=None, depth=0, run_id=run_id, now=now())
        else:
            plant_seed(archive, source_id, target, run_id, now())
    plant_archive_pages(archive, sources, request.since, request.until, run_id, now())


def _crawl(request: CrawlRequest, sources: Mapping[int, Target], run_id: int, *, fetch_articles: bool = True) -> Tally:
    """Run Scrapy until nothing is due."""
    process = StoppableProcess(_settings(request, sources, run_id, fetch_articles=fetch_articles))
    process.stopping = request.stopping
    # A robots.txt that cannot be had has its outcome in the account; Scrapy would print a traceback for it.
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    crawler = process.create_crawler(request.spider)
    task = process.crawl(crawler, sources=sources, since=request.since, until=request.until)
    _watch(crawler, request.progress)
    if request.seconds is not None:
        _end_after(crawler, request.seconds)
    _collect_less()
    with _own_signals():
        process.start()
    if not task.done():  # a second Ctrl-C stops Scrapy where it stands; the run stays open, and the next one goes on with it
        raise KeyboardInterrupt
    if not task.cancelled() and (error := task.exception()) is not None:
        raise error
    keeper = crawler.get_extension(ArchiveKeeper)
    if keeper is not None and keeper.failure is not None:  # the run stays open, and the next one goes on with it
        raise keeper.failure
    report = crawler.get_extension(RunReport)
    return report.tally if report is not None else Tally(close_reason="failed")


@contextmanager
def _own_signals() -> Iterator[None]:
    """Give signals back to whoever had them: Scrapy takes them for its crawl, and keeps them when it has ended."""
    before = {number: signal.getsignal(number) for number in TAKEN_BY_SCRAPY}
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:  # None: something else than Python set it
                signal.signal(number, handler)


def _collect_less() -> None:
    """Leave what is loaded by now to no garbage collector, and look for cycles among the rest less often."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def _watch(crawler: Crawler, progress: Callable[[Tally], None] | None) -> None:
    """Have the run's report tell `progress` of each visit."""

    def opened() -> None:
        report = crawler.get_extension(RunReport)
        if report is not None:
            report.progress = progress

    crawler.signals.connect(opened, signal=signals.spider_opened, weak=False)


def _end_after(crawler: Crawler, seconds: float) -> None:
    """Have the crawl end what is under way, and take up nothing new, some seconds after it began."""
    ends = []

    def end() -> None:
        if crawler.engine is not None and crawler.engine.spider is not None:
            ends.append(asyncio.ensure_future(crawler.engine.close_spider_async(reason=OUT_OF_TIME)))

    def opened() -> None:
        asyncio.get_running_loop().call_later(seconds, end)

    crawler.signals.connect(opened, signal=signals.spider_opened, weak=False)


def _settings(request: CrawlRequest, sources: Mapping[int, Target], run_id: int, *, fetch_articles: bool) -> Settings:
    """Our settings, with those of this run."""
    settings = Settings()
    settings.setmodule(defaults, priority="project")
    agent = f"{defaults.USER_AGENT[:-1]}; {request.contact})" if request.contact else defaults.USER_AGENT
    settings.update(
        {
            "MORGUE_ARCHIVE": str(request.archive),
            "MORGUE_RUN": run_id,
            "MORGUE_SOURCES": sorted(sources),
            "MORGUE_LIMIT": request.limit or 0,
            "MORGUE_SOURCE_LIMITS": {id_: target.limit for id_, target in sources.items() if target.limit},
            "MORGUE_FETCH_ARTICLES": fetch_articles,
            "MORGUE_HOST_FILES_FRESH": HOST_FILES_FRESH if request.due else 0,
            "MORGUE_READERS": request.readers,
            "USER_AGENT": agent,
            "DOWNLOAD_DELAY": request.delay,
            "AUTOTHROTTLE_ENABLED": request.delay > 0,
            "AUTOTHROTTLE_START_DELAY": request.delay,
            "MORGUE_RETRY_PAUSE": min(defaults.MORGUE_RETRY_PAUSE, 2 * request.delay + 0.1),
            "CONCURRENT_REQUESTS_PER_DOMAIN": request.concurrency,
            "CONCURRENT_REQUESTS": max(defaults.CONCURRENT_REQUESTS, request.concurrency),
            "MORGUE_PACES": {id_: _pace(request, target) for id_, target in sources.items() if _has_pace(target)},
            "DOWNLOAD_SLOTS": _slots(request, sources.values()),
            **(browser_settings() if any(target.render != NEVER for target in sources.values()) else {}),
            **request.settings,
        },
        priority="cmdline",
    )
    return settings


def _slots(request: CrawlRequest, targets: Iterable[Target]) -> dict[str, dict[str, float]]:
    """Hosts that sources with a pace of their own begin at. Of other hosts it is known once an address is leased."""
    hosts: dict[str, list[Target]] = {}
    for target in targets:
        hosts.setdefault(urlsplit(f"//{host_of(target.url)}").hostname or "", []).append(target)
    paces = {
        host: reduce(Pace.beside, [_pace(request, target) for target in there])
        for host, there in hosts.items()
        if any(map(_has_pace, there))
    }
    return {host: {"delay": pace.delay, "concurrency": pace.concurrency} for host, pace in paces.items()}


def _has_pace(target: Target) -> bool:
    return target.delay is not None or target.concurrency is not None


def _pace(request: CrawlRequest, target: Target) -> Pace:
    """What a source says of the pace of its hosts, or the crawl in its place."""
    return Pace(request.delay if target.delay is None else target.delay, target.concurrency or request.concurrency)


def _state(request: CrawlRequest, tally: Tally) -> str:
    state = STATES.get(tally.close_reason, "failed")
    if state == "finished" and request.limit and tally.new + tally.changed >= request.limit:
        return "limit"
    return state


__all__ = ["CrawlReport", "CrawlRequest", "Discovered", "Target", "run_crawl", "run_discovery"]
