"""Reading the archive's captures again with today's rules: read, look at the whole, and only then write.

Three passes. Each page is read by itself, in processes of their own, and staged. Then the pages of each site are held against one
another: what stands on several of them is the site's own, and the pages whose body has such a block are read once more, knowing
that. At last the differences are counted by site and field; where a site would lose too much, nothing is written unless forced.

What comes out hangs on the captures and the rules alone, not on the order of reading, nor on where an earlier call was cut off.
"""

from __future__ import annotations

import hashlib
import queue
import time
from array import array
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby, islice
from pathlib import Path

import numpy as np

from archive import Archive
from archive.rereading import CapturedPage, Job, Staged, Unit, changed_fields, pack, pack_rights, unpack
from archive.revision import ReadWith, Revision, RevisionBlock
from archive.rights import Rights
from archive.selection import Filters
from archive.timestamps import now
from archive.urls import canonical_url, site_of
from crawler.reextract_report import Report, differences
from crawler.when import TimeAgo
from crawler.workers import OrderedWork, ProcessDied
from pipelines.article import Judges
from pipelines.page.page import Block, Kind, Node
from pipelines.site import OTHER_PAGES, REPEATED_CHARS, SITES_OWN, KnownSite
from pipelines.version import READER, read_with

BATCH = 50
"""Pages a transaction, in staging and in writing: a commit then costs little beside the reading."""
NOTHING_BEFORE = 0
"""Numbers of fetches begin after it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What pages are read with."""

    reader: str = READER
    read_with: ReadWith = field(default_factory=read_with)
    judges: Judges | None = None
    """Others than those that come with morgue, as in tests."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be read again, and how."""

    archive: Path
    filters: Filters = field(default_factory=Filters)
    limit: int | None = None
    """Pages to read at most."""
    jobs: int = 1
    """Processes that read; the calling one writes."""
    dry_run: bool = False
    force: bool = False
    """Whether to write what loses coverage."""
    rules: Rules = field(default_factory=Rules)
    progress: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Task:
    """A page for a reading process."""

    archive: Path
    unit: Unit
    rules: Rules
    known: tuple[tuple[str, int], ...] = ()
    """Blocks of it that stand on other pages of the site: text, and on how many."""


def reextract(request: Request) -> Report:
    """Read again, and write what came of it unless it is only asked for, or loses too much.

    Raises:
        archive.errors.ArchiveLocked: another process reads this archive again.
        archive.errors.ArchiveError: the archive cannot be opened.

    """
    start = time.monotonic()
    with ExitStack() as stack:
        archive = stack.enter_context(Archive.open(request.archive, readonly=request.dry_run))
        if not request.dry_run:
            stack.enter_context(archive.lock_for_rereading())
        report = Work(request, archive).done()
    report.seconds = round(time.monotonic() - start, 3)
    return report


class Work:
    """One call of `reextract`, its archive open."""

    def __init__(self, request: Request, archive: Archive) -> None:
        self._request, self._archive, self._rules = request, archive, request.rules
        self._job: Job | None = None
        self._target: int | None = None
        self._read = 0

    def done(self) -> Report:
        """Do it; from the keyboard it can be interrupted at any point."""
        work, rules = self._archive.rereading, self._rules
        if self._request.dry_run:
            self._target = work.find_target(rules.reader, rules.read_with)
            work.stage_aside()
        else:
            self._job = work.begin(rules.reader, rules.read_with, self._wanted(), now())
            self._target = self._job.reading_id
        try:
            if self._job is None or not self._job.is_approved:
                self._read_each()
                self._read_knowing_sites()
                work.decide(aside=self._job is None)
            report = self._report()
            if self._job is not None and not report.refused:
                self._write(self._job, report)
        except KeyboardInterrupt:
            report = Report(read=self._read, interrupted=True, dry_run=self._request.dry_run)
        return report

    def _wanted(self) -> dict[str, str]:
        """The filters as the archive keeps them: a time ago as it was typed, so that the same command is the same later too."""
        given = {name: getattr(self._request.filters, name) for name in Filters.__dataclass_fields__}
        given["limit"] = self._request.limit
        return {
            name: value.typed if isinstance(value, TimeAgo) else str(value)
            for name, value in given.items()
            if value is not None and value is not False
        }

    def _report(self) -> Report:
        work = self._archive.rereading
        report = Report(read=self._read, dry_run=self._request.dry_run)
        report.coverage(work.coverage(self._request.filters))
        for one in work.staged():
            report.count(one)
        forced = self._request.force or (self._job is not None and self._job.is_approved)
        report.refused = bool(report.losses()) and not forced
        return report

    def _read_each(self) -> None:
        """The first pass: each page by itself."""
        with self._staging() as stage:
            for unit in self._same_pages():
                stage(_as_known(unit))
            for result in self._results(self._tasks()):
                stage(result)

    def _tasks(self) -> Iterator[Task]:
        for unit in self._units(same_page=False):
            yield Task(self._request.archive, unit, self._rules)

    def _same_pages(self) -> Iterator[Unit]:
        return self._units(same_page=True)

    def _units(self, *, same_page: bool) -> Iterator[Unit]:
        """The pages that are not read with today's rules yet; each query has a connection of its own, for any thread."""
        after, left = NOTHING_BEFORE, self._request.limit
        filters, resumed = self._request.filters, self._job is not None
        while left is None or left > 0:
            with Archive.open(self._request.archive, readonly=True) as archive:
                units = archive.rereading.units(filters, self._target, after, resumed=resumed)
                wanted = [u for u in units if u.article_id is not None or archive.rereading.takes_orphan(filters, u.url)]
            if not units:
                return
            after = units[-1].fetch_id
            chosen = [unit for unit in wanted if unit.same_page is same_page][:left]
            left = left - len(chosen) if left is not None else None
            yield from chosen

    def _read_knowing_sites(self) -> None:
        """The second pass: the pages whose body shows blocks of the site, or no longer does."""
        work, filters = self._archive.rereading, self._request.filters
        sites = {one.site for one in work.staged(findings=("same", "changed", "read", "revision", "article", "as_known"))}
        sites.update(work.unchecked_sites(filters, self._target or 0))
        with self._staging() as stage:
            for result in self._results_by_site(sorted(sites)):
                # What the first pass read, knowing no site, must not stay staged where the revision is right as it is.
                if result.finding != "same" or work.is_staged(result.capture_id):
                    stage(result)

    def _results_by_site(self, sites: Sequence[str]) -> Iterator[Staged]:
        """One site's pages are found when those of the one before are read; the same processes read all of them."""
        handed: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        results = self._results(iter(handed.get, None))
        try:
            for site in sites:
                tasks = list(self._site_tasks(site))
                for task in tasks:
                    handed.put(task)
                yield from islice(results, len(tasks))
            handed.put(None)
            yield from results  # none is left: it ends its processes
        finally:
            handed.put(None)
            results.close()

    def _site_tasks(self, site: str) -> Iterator[Task]:
        known = self._known_blocks(site)
        self._request.progress(f"comparing the pages of {site}")
        for unit, blocks in self._bodies(site):
            others = {block.text: known[key] - 1 for block in blocks if (key := _key(block.text)) in known}
            if _owns(blocks, others) != {block.text for block in blocks if block.reason == SITES_OWN}:
                yield Task(self._request.archive, unit, self._rules, tuple(others.items()))

    def _known_blocks(self, site: str) -> dict[int, int]:
        """The longer blocks of a site that stand on enough pages: key of the text -> how many articles show it."""
        seen = array("q")
        rows = self._archive.rereading.blocks_of_site(site)
        for _, group in groupby(rows, key=lambda row: row[0]):
            seen.extend({_key(text) for _, staged, text in group if not staged and len(text) >= REPEATED_CHARS})
        newest: dict[str, int] = {}
        for one in self._archive.rereading.staged(findings=("changed", "read", "revision", "article"), site=site):
            if one.facts.get("newest"):
                newest[one.url if one.article_id is None else str(one.article_id)] = one.capture_id
        for capture_id in newest.values():
            seen.extend(self._keys_of(capture_id))
        keys, counts = np.unique(np.frombuffer(seen, dtype=np.int64), return_counts=True)
        enough = counts > OTHER_PAGES
        return dict(zip(keys[enough].tolist(), counts[enough].tolist(), strict=True))

    def _keys_of(self, capture_id: int) -> set[int]:
        revision = self._archive.rereading.reading_of(capture_id)
        return {
            _key(b.text) for b in (revision.blocks if revision else ()) if b.kind != "heading" and len(b.text) >= REPEATED_CHARS
        }

    def _bodies(self, site: str) -> Iterator[tuple[Unit, Sequence[RevisionBlock]]]:
        """The bodies of a site's pages as they are to be, before the site's own blocks are taken out."""
        work, filters = self._archive.rereading, replace(self._request.filters, site=site)
        stored = work.bodies_of_site(filters, self._target or 0, SITES_OWN)
        for _, group in groupby(stored, key=lambda row: (row[0].article_id, row[0].number)):
            rows = list(group)
            yield rows[0][0], [block for _, block in rows]
        for one in work.staged(findings=("changed", "read", "revision", "article", "as_known"), site=site):
            revision, unit = work.reading_of(one.capture_id), work.unit_of(one)
            if revision is not None and unit is not None:
                yield unit, [block for block in revision.blocks if block.label == "article" or block.reason == SITES_OWN]

    def _results(self, tasks: Iterable[Task]) -> Generator[Staged]:
        for task, result in OrderedWork(read_again, self._request.jobs).over(tasks):
            self._read += 1
            self._request.progress(f"{self._read:,} pages read  {task.unit.url}")
            yield _failed(task.unit, str(result)) if isinstance(result, ProcessDied) else result

    @contextmanager
    def _staging(self) -> Iterator[Callable[[Staged], None]]:
        """Stage in batches; what was read before an interruption is staged too."""
        batch: list[Staged] = []

        def write() -> None:
            self._archive.rereading.stage(batch, aside=self._job is None)
            batch.clear()

        def stage(one: Staged) -> None:
            batch.append(one)
            if len(batch) >= BATCH:
                write()

        try:
            yield stage
        finally:
            write()

    def _write(self, job: Job, report: Report) -> None:
        """The last pass: batch by batch, each in a transaction, so that the same command goes on after any end."""
        work = self._archive.rereading
        if not job.is_approved:
            job = work.approve(job, report.numbers())
        while count := work.write(job, BATCH, now()):
            report.written += count
            self._request.progress(f"{report.written:,} of {report.staged:,} readings written")
        work.finish(job, now())


def read_again(task: Task) -> Staged:
    """Read a page and say how it differs from what is kept; runs in a reading process."""
    try:
        return _staged(task, _opened(task.archive))
    except Exception as error:  # noqa: BLE001 - one page must not end the work; it stays as it is, and is named
        return _failed(task.unit, f"{type(error).__name__}: {error}"[:200])


@lru_cache(maxsize=1)
def _opened(path: Path) -> Archive:
    """The archive, open for as long as the process reads."""
    return Archive.open(path, readonly=True)


def _staged(task: Task, archive: Archive) -> Staged:
    unit = task.unit
    revision, reason, rights = _read(archive.rereading.pages(unit.captures), task)
    return replace(_found(unit, archive, revision, reason), rights=pack_rights(dict(zip(unit.captures, rights, strict=True))))


def _found(unit: Unit, archive: Archive, revision: Revision | None, reason: str) -> Staged:
    if revision is None:
        site = site_of(unit.url) if unit.article_id is None else archive.article(unit.article_id).site
        facts = {"reason": reason} | _known_as(unit, archive)
        return _finding(unit, "no_article", site, unit.url, facts)
    packed = pack(revision)
    revision = unpack(packed)
    if unit.number is None or unit.article_id is None:
        site = revision.site if unit.article_id is None else archive.article(unit.article_id).site
        facts = {"title": revision.title, "newest": unit.article_id is None}
        return replace(_finding(unit, "read", site, revision.url, facts), digest=revision.digest, reading=packed)
    old = archive.revision(unit.article_id, unit.number).revision
    if _is_same(old, revision):
        return replace(_finding(unit, "same", old.site, old.url, {}), digest=revision.digest)
    facts = differences(old, revision) | _known_as(unit, archive)
    return replace(_finding(unit, "changed", old.site, old.url, facts), digest=revision.digest, reading=packed)


def _read(pages: Sequence[CapturedPage], task: Task) -> tuple[Revision | None, str, list[Rights]]:
    """The article of some pages, or None and why it is none; and what each page says of its use."""
    from pipelines import read_article, read_page
    from pipelines.stages.store import to_revision, to_rights

    read = [
        read_page(page.body, url=page.url, fetched=page.fetched, headers=page.headers, from_file=page.from_file) for page in pages
    ]
    site = KnownSite(dict(task.known)) if task.known else None
    article = read_article(read[0], following=read[1:], site=site, judges=task.rules.judges)
    rights = [to_rights(article, own, page.headers) for own, page in zip(read, pages, strict=True)]
    if not article.verdict.is_article:
        return None, article.verdict.reason, rights
    revision = to_revision(article, pages[0].url)
    return replace(revision, reader=task.rules.reader, read_with=task.rules.read_with), "", rights


def _is_same(old: Revision, new: Revision) -> bool:
    return not changed_fields(old, new) and old.blocks == new.blocks and sorted(old.evidence) == sorted(new.evidence)


def _known_as(unit: Unit, archive: Archive) -> dict[str, object]:
    """What the report calls the article, where there is one."""
    if unit.article_id is None:
        return {}
    article = archive.article(unit.article_id)
    return {"title": article.title, "newest": unit.number == article.newest, "address": article.url}


def _finding(unit: Unit, finding: str, site: str, url: str, facts: Mapping[str, object]) -> Staged:
    return Staged(
        unit.captures[0], unit.fetch_id, unit.article_id, unit.number, unit.fetched, site, url, finding, None, None, facts
    )  # fmt: skip


def _failed(unit: Unit, reason: str) -> Staged:
    return _finding(unit, "failed", site_of(unit.url), unit.url, {"reason": reason})


def _as_known(unit: Unit) -> Staged:
    return _finding(unit, "as_known", site_of(unit.url), canonical_url(unit.url), {})


def _owns(blocks: Sequence[RevisionBlock], others: Mapping[str, int]) -> set[str]:
    """Texts of a body that are the site's own, as the reader tells them."""
    if not others:
        return set()
    node = Node(None, "#text")
    body = [Block(index, Kind(block.kind), block.text, node) for index, block in enumerate(blocks)]
    return {body[index].text for index in KnownSite(others).repeated(body, [True] * len(body))}


def _key(text: str) -> int:
    """A text as 64 bits."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True)
