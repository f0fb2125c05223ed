"""Sources that are files of records: a look at which there are, and reading those that wait, as far as a crawl may.

Files are read one after the other, in processes of their own, and kept in batches; with each batch goes how far the file is read.
So a crawl that is ended or killed goes on behind the last batch.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.source_files import Progress, SourceFile, patterns_text
from archive.timestamps import now
from archive.urls import site_of
from archive.visit import Outcome, Visit
from crawler.config_values import patterns_of
from crawler.errors import FileUnreadable
from crawler.intake.file_sets import find_files, to_read_again
from crawler.intake.intake import BATCH, UNREADABLE, pack_sites, take_page
from crawler.intake.known import KeptPayloads
from crawler.intake.pages import Known, SavedPage, Taken, Unreadable, Waiting
from crawler.intake.warc import BEGIN, Page, Place, Records, read_place
from crawler.reports import MOST_FAILURES_NAMED, Tally
from crawler.workers import OrderedWork, ProcessDied

if TYPE_CHECKING:
    from archive import Archive
    from crawler.crawl import Target

FILES = "warc"
"""`kind` of these sources."""
BATCH_SECONDS = 2.0
"""A batch is kept after this time, full or not: what a kill takes is read again, and no more than this."""
EARLY, LATE, DENIED = "early", "late", "denied"
"""Why a record is left out."""
_ADDRESS = re.compile(r" of [a-z][a-z0-9+.-]*:\S+")


@dataclass(frozen=True, slots=True)
class FileSource:
    """A source of files as a crawl takes it."""

    id: int
    name: str
    patterns: tuple[str, ...]
    folder: Path
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None

    @classmethod
    def of(cls, id_: int, target: Target, since: datetime | None, until: datetime | None) -> FileSource:
        """The source that a target is; the period is that of a crawl, for targets without one."""
        return cls(
            id_, target.name or target.url, patterns_of(target.url), target.folder, target.allow, target.deny,
            target.since or since, target.until or until, target.limit,
        )  # fmt: skip

    @property
    def rules(self) -> str:
        """What addresses must be like, as it is kept with each file."""
        return patterns_text(self.allow, self.deny)

    def why_out(self, page: SavedPage) -> str | None:
        """Why a record is left out; None: it is not."""
        if self.since is not None and page.fetched is not None and page.fetched < self.since:
            return EARLY
        if self.until is not None and page.fetched is not None and page.fetched >= self.until:
            return LATE
        return None if _is_allowed(page.url or "", self.allow, self.deny) else DENIED


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a file on its way, or its end."""

    source: int
    file: int
    page: Page | None = None
    place: Place | None = None
    """Of its record; None: more of that record follows."""
    out: str | None = None
    """Why it is left out."""
    settles: Place | None = None
    """Of a revisit that waited."""
    ends: bool = False
    """Whether the file ends here."""
    reason: str | None = None
    """At the end: why the file cannot be read."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that waits."""

    source: FileSource
    file: SourceFile
    revisits: tuple[Place, ...]
    """That wait for their page, from an earlier crawl."""


@dataclass(slots=True)
class Reading:
    """What reading the files of a crawl came to so far."""

    tally: Tally
    left: dict[int, int]
    """Source -> articles that may still be kept."""
    left_in_all: int | None
    spent: set[int] = field(default_factory=set)
    """Sources that have all articles that they may have."""
    sites: Counter[str] = field(default_factory=Counter)

    def room(self, source: int) -> int | None:
        """Articles that may still be kept of a source; None: any number."""
        known = [left for left in (self.left.get(source), self.left_in_all) if left is not None]
        return min(known, default=None)

    def take(self, source: int, stored: int) -> None:
        """Count articles as kept."""
        if source in self.left:
            self.left[source] -= stored
        if self.left_in_all is not None:
            self.left_in_all -= stored
        if (room := self.room(source)) is not None and room <= 0:
            self.spent.add(source)


def look_at_files(archive: Archive, source: FileSource, run_id: int, tally: Tally) -> None:
    """Look which files a source has, if that is due, and write it down."""
    if not archive.files.is_to_be_looked_at(source.id):
        return
    there, missing = find_files(source.patterns, source.folder)
    again = to_read_again(archive.files.known(source.id), there, source.rules, source.since, source.until)
    outcome, reason = archive.files.note_look(source.id, run_id, there, again, "; ".join(missing) or None, now())
    tally.outcomes[outcome] += 1
    if outcome is Outcome.FAILED:
        tally.failed.append((source.name, reason))


def read_files(
    archive: Archive, sources: Mapping[int, FileSource], run_id: int, jobs: int, limit: int | None, seconds: float | None,
    tally: Tally, progress: Callable[[Tally], None] | None,
) -> str:  # fmt: skip
    """Read the files that wait.

    Args:
        archive: to keep them in; the one who calls holds its lock for crawls.
        sources: by their numbers.
        run_id: the run.
        jobs: processes that read; 0: one a processor.
        limit: articles to keep of all sources together; None: any number.
        seconds: after which nothing more is taken up; None: never.
        tally: counts on.
        progress: told after each page.

    Returns:
        `finished`, `out_of_time` or `shutdown`, as Scrapy would say it.
    """
    ends = None if seconds is None else time.monotonic() + seconds
    reading = Reading(tally, {id_: s.limit for id_, s in sources.items() if s.limit is not None}, limit)
    files = _unread(archive, sources)
    if not files or (limit is not None and limit <= 0):
        return "finished"
    steps = _steps(files, Records(KeptPayloads(archive.path), tells_waiting=True), reading.spent)
    try:
        with closing(OrderedWork(_take_step, jobs or os.cpu_count() or 1).over(steps)) as taken:
            ended = _keep_all(archive, sources, run_id, taken, reading, ends, progress)
        if ended == "finished":
            pack_sites(archive, reading.sites, lambda _text: None)
    except KeyboardInterrupt:  # what was not kept is read again
        return "shutdown"
    return ended


def _unread(archive: Archive, sources: Mapping[int, FileSource]) -> list[Unread]:
    return [
        Unread(source, file, tuple(read_place(text) for text in archive.files.revisits(file.id)))
        for source in sources.values()
        for file in archive.files.waiting(source.id)
    ]


def _keep_all(
    archive: Archive, sources: Mapping[int, FileSource], run_id: int, taken: Iterator[tuple[Step, Taken | ProcessDied | None]],
    reading: Reading, ends: float | None, progress: Callable[[Tally], None] | None,
) -> str:  # fmt: skip
    batch = _Batch(archive, run_id, sources, reading)
    for step, page in taken:
        if step.source in reading.spent:
            continue
        batch.add(step, page)
        if ends is not None and time.monotonic() >= ends:  # not before: however short the time, each crawl comes further
            batch.keep()
            return "out_of_time"
        if progress is not None:
            progress(reading.tally)
        if reading.left_in_all is not None and reading.left_in_all <= 0:
            return "finished"
    return "finished"


class _Batch:
    """Pages of one file that are kept together."""

    def __init__(self, archive: Archive, run_id: int, sources: Mapping[int, FileSource], reading: Reading) -> None:
        self._archive, self._run_id, self._sources, self._reading = archive, run_id, sources, reading
        self._begin()

    def _begin(self) -> None:
        self._visits: list[Visit] = []
        self._source = 0
        self._steps = 0
        self._progress: Progress | None = None
        self._since = time.monotonic()

    def add(self, step: Step, taken: Taken | ProcessDied | None) -> None:
        """Take one step, and keep the batch where it is full, the file ends, or no more articles may be kept without a look."""
        if self._progress is None:
            self._source = step.source
            self._progress = Progress(step.file, self._sources[step.source].rules)
        self._steps += 1
        self._note(self._progress, step, taken)
        if step.place is not None:
            self._progress.place = str(step.place)
        self._progress.done, self._progress.reason = step.ends, step.reason
        if step.ends or (step.place is not None and self._is_full()):
            self.keep()

    def keep(self) -> None:
        """Keep what is there, and begin anew."""
        if self._progress is None:
            return
        progress, visits = self._progress, self._visits
        kept = self._archive.files.keep(self._run_id, self._source, visits, progress, now())
        stored = 0
        for visit, became in zip(visits, kept, strict=True):
            if became is not None:
                self._reading.tally.count(visit, became)
                stored += became.outcome is Outcome.STORED
                self._reading.sites.update(site_of(capture.url) for capture in visit.captures)
        self._reading.take(self._source, stored)
        self._begin()

    def _is_full(self) -> bool:
        room = self._reading.room(self._source)
        candidates = sum(visit.outcome is Outcome.STORED for visit in self._visits)
        return (
            self._steps >= BATCH or time.monotonic() - self._since >= BATCH_SECONDS or (room is not None and candidates >= room)
        )

    def _note(self, progress: Progress, step: Step, taken: Taken | ProcessDied | None) -> None:
        """Note what became of a page that brings no visit, or its visit."""
        if step.settles is not None:
            progress.settled.append(str(step.settles))
        if step.reason is not None:
            self._fail(self._name(step), step.reason)
        elif step.out is not None and isinstance(step.page, SavedPage):
            _leave_out(progress, step.out, step.page)
            self._reading.tally.outcomes[Outcome.OUT_OF_SCOPE] += 1
        elif isinstance(step.page, Known):
            progress.outcomes[Outcome.UNCHANGED] = progress.outcomes.get(Outcome.UNCHANGED, 0) + 1
            self._reading.tally.outcomes[Outcome.UNCHANGED] += 1
        elif isinstance(step.page, Waiting):
            progress.revisits.append(str(step.place))
        elif isinstance(taken, Taken) and taken.visit is not None:
            self._visits.append(taken.visit)
        elif step.page is not None:  # damaged, or not to be read
            reason = str(taken) if isinstance(taken, ProcessDied) else _reason(step.page, taken)
            place = str(step.place or step.settles or step.page.name)
            progress.damaged.append((place, _ADDRESS.sub("", reason)))
            self._fail(step.page.name, reason)

    def _name(self, step: Step) -> str:
        known = self._archive.files.known(step.source)
        return next((file.path for file in known if file.id == step.file), self._sources[step.source].name)

    def _fail(self, name: str, reason: str) -> None:
        self._reading.tally.outcomes[Outcome.FAILED] += 1
        if len(self._reading.tally.failed) < MOST_FAILURES_NAMED:
            self._reading.tally.failed.append((name, reason))


def _leave_out(progress: Progress, why: str, page: SavedPage) -> None:
    progress.outcomes[Outcome.OUT_OF_SCOPE] = progress.outcomes.get(Outcome.OUT_OF_SCOPE, 0) + 1
    if page.fetched is not None and why == EARLY:
        progress.before = max(progress.before or page.fetched, page.fetched)
    elif page.fetched is not None and why == LATE:
        progress.after = min(progress.after or page.fetched, page.fetched)


def _reason(page: Page, taken: Taken | None) -> str:
    if isinstance(page, Unreadable):
        return page.reason
    return (taken.note if taken is not None else None) or UNREADABLE


def _steps(files: list[Unread], records: Records, spent: set[int]) -> Iterator[Step]:
    """The pages of files, one file after the other, each with its end; files of sources that may have no more are left."""
    with closing(records):
        for unread in files:
            source, file = unread.source.id, unread.file.id
            if source in spent:
                continue
            try:
                yield from _of_file(unread, records, spent)
            except FileUnreadable as error:
                yield Step(source, file, ends=True, reason=error.reason)
            except OSError as error:
                yield Step(source, file, ends=True, reason=error.strerror or str(error))


def _of_file(unread: Unread, records: Records, spent: set[int]) -> Iterator[Step]:
    source, file, path = unread.source, unread.file, unread.source.folder / unread.file.path
    after = BEGIN if file.place is None else read_place(file.place)
    waiting = list(unread.revisits)
    held: tuple[Page, Place] | None = None
    for page in (records.wacz if path.suffix.lower() == ".wacz" else records.warc)(path, after):
        if source.id in spent:
            return
        if held is not None:  # its record is done with where the next page is of another
            yield _step(source, file, held[0], held[1] if records.at != held[1] else None)
        held = page, records.at
        if isinstance(page, Waiting):
            waiting.append(records.at)
    if held is not None:
        yield _step(source, file, *held)
    if waiting and after != BEGIN:
        records.learn(path, after)
    for place, settled in records.settle(path, waiting):
        yield _step(source, file, settled, None, place)
    yield Step(source.id, file.id, ends=True)


def _step(source: FileSource, file: SourceFile, page: Page | None, place: Place | None, settles: Place | None = None) -> Step:
    out = source.why_out(page) if isinstance(page, SavedPage) else None
    return Step(source.id, file.id, page, place, out, settles)


def _take_step(step: Step) -> Taken | None:
    """Read a page; runs in a process of its own."""
    return None if step.page is None or isinstance(step.page, Waiting) or step.out is not None else take_page(step.page)


def _is_allowed(url: str, allow: tuple[str, ...], deny: tuple[str, ...]) -> bool:
    denied = any(re.search(pattern, url) for pattern in deny)
    return not denied and (not allow or any(re.search(pattern, url) for pattern in allow))
