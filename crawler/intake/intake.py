"""Reads saved pages in processes of their own and commits them in batches."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive import Archive
from archive.errors import ArchiveError
from archive.packing import FEWEST_PAGES
from archive.timestamps import now
from archive.urls import site_of
from archive.visit import Kept, Outcome, Visit
from crawler.intake.known import of_articles
from crawler.intake.pages import Known, SavedPage, Sighting, Taken, Unreadable, take, take_sighting
from crawler.intake.warc import OTHER_ANSWERS, Page
from crawler.workers import OrderedWork, ProcessDied

logger = logging.getLogger(__name__)

UNUSED_SHARE = 0.25
"""Of the file, from which on it is written anew after packing."""
COMPACTED_BYTES = 1 << 30
"""Of the largest file that is: about ten seconds, in which nobody else can write. In a larger one, later pages fill the room."""
UNREADABLE = "cannot be read"
BATCH = 50
"""Visits a transaction: a commit then costs little beside the reading, and an interruption loses seconds."""


@dataclass(slots=True)
class IntakeReport:
    """What an intake did. Each page that was read is new, changed, unchanged, no article, taken down or failed."""

    read: int = 0
    """Pages that were tried."""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    not_articles: int = 0
    taken_down: list[str] = field(default_factory=list)
    """Addresses of pages that were taken down before, and are refused."""
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Pages: name and reason."""
    unaddressed: int = 0
    """Pages that do not say where they are from."""
    damaged: list[tuple[str, str]] = field(default_factory=list)
    """What is no page for being damaged, records and files of records: name and reason."""
    gone: int = 0
    """Records that say that an article was gone then."""
    unmodified: int = 0
    """Records that say that an article stood as before."""
    passed: Counter[str] = field(default_factory=Counter)
    """Other records that hold no page, by what they hold."""
    seconds: float = 0.0
    interrupted: bool = False

    def count_page(self, taken: Taken, kept: Kept) -> None:
        """Count a page that was read, by what became of it."""
        self.read += 1
        if kept.outcome is Outcome.OUT_OF_SCOPE:
            self.taken_down.append(taken.name if taken.visit is None else taken.visit.url)
            return
        if taken.visit is None or taken.visit.outcome is Outcome.FAILED:
            self.failed.append((taken.name, taken.note or UNREADABLE))
            return
        self.unaddressed += taken.note is not None
        self.new += kept.outcome is Outcome.STORED and kept.revision == 1
        self.changed += kept.outcome is Outcome.STORED and kept.revision != 1
        self.unchanged += kept.outcome is Outcome.UNCHANGED
        self.not_articles += kept.outcome is Outcome.NOT_AN_ARTICLE

    def count_failed(self, name: str, reason: str | None) -> None:
        """Count a page of which nothing could be kept."""
        self.read += 1
        self.failed.append((name, reason or UNREADABLE))

    def count_sighting(self, kept: Kept) -> None:
        """Count a record that says how an address answered, if that is new."""
        self.gone += kept.outcome is Outcome.GONE
        self.unmodified += kept.outcome is Outcome.UNCHANGED and not kept.repeated


def take_in(
    pages: Iterable[Page], archive_path: Path, jobs: int, progress: Callable[[str], None], passed: Counter[str] | None = None
) -> IntakeReport:
    """Take pages into an archive, which is made where there is none.

    Interrupted from the keyboard, it keeps what is read so far and says so.

    Args:
        pages: what is to be read; what is unreadable among them is counted as failed or damaged.
        archive_path: the archive.
        jobs: processes that read; the calling one writes.
        progress: told how far it is.
        passed: where `pages` counts the records that hold no page.
    """
    report, start = IntakeReport(), time.monotonic()
    report.passed = Counter() if passed is None else passed
    with Archive.create(archive_path) as archive:
        batch: list[Taken] = []
        sites: Counter[str] = Counter()
        try:
            for taken in _read(pages, report, jobs):
                batch.append(taken)
                if taken.visit is not None:
                    sites.update(site_of(capture.url) for capture in taken.visit.captures)
                if len(batch) >= BATCH:
                    _commit(archive, batch, report)
                progress(f"{report.read + len(batch):,} read, {report.new:,} new, {len(report.failed):,} failed  {taken.name}")
        except KeyboardInterrupt:
            report.interrupted = True
        _commit(archive, batch, report)
        if not report.interrupted:
            report.interrupted = not pack_sites(archive, sites, progress)
    report.seconds = round(time.monotonic() - start, 3)
    return report


def _read(pages: Iterable[Page], report: IntakeReport, jobs: int) -> Iterator[Taken]:
    """Yield the pages as read, and the sightings; what brings no visit goes into the report."""
    for page, taken in OrderedWork(take_page, jobs).over(pages):
        if isinstance(page, Known):
            report.read += 1
            report.unchanged += 1
        elif isinstance(page, Unreadable):
            report.damaged.append((page.name, page.reason))
        elif isinstance(taken, ProcessDied):
            report.count_failed(page.name, str(taken))
        elif taken.visit is None:
            report.count_failed(taken.name, taken.note)
        else:
            yield taken


def take_page(page: Page) -> Taken:
    """Read a page, or take it for what it is; runs in a process of its own."""
    if isinstance(page, SavedPage):
        return take(page)
    if isinstance(page, Sighting):
        return take_sighting(page)
    return Taken(page.name, note=page.reason if isinstance(page, Unreadable) else None)


def _commit(archive: Archive, batch: list[Taken], report: IntakeReport) -> None:
    """Keep a batch, and empty it. What the archive has already adds nothing; interrupted, it can be done again."""
    pages = [taken for taken in batch if taken.visit is not None and taken.visit.captures]
    sightings = [taken for taken in batch if taken.visit is not None and not taken.visit.captures]
    kept = _keep(archive, [taken.visit for taken in pages if taken.visit is not None])
    batch[:] = sightings
    for page, became in zip(pages, kept, strict=True):
        report.count_page(page, became)
    told = of_articles(archive, [taken.visit for taken in sightings if taken.visit is not None])
    kept = _keep(archive, told)
    batch.clear()
    if len(told) < len(sightings):
        report.passed[OTHER_ANSWERS] += len(sightings) - len(told)
    for became in kept:
        report.count_sighting(became)


def _keep(archive: Archive, visits: list[Visit]) -> list[Kept]:
    """Keep visits in one transaction, which looks what is there already: another process may be taking in the same."""
    return archive.commit(None, visits, now(), once=True) if visits else []


def pack_sites(archive: Archive, sites: Mapping[str, int], progress: Callable[[str], None]) -> bool:
    """Pack the sites of which several pages came; whether it was done to the end.

    Args:
        archive: the archive; pages that are not packed stay as they are.
        sites: site -> pages that were taken in.
        progress: told how far it is.
    """
    try:
        for site in [site for site, pages in sites.items() if pages >= FEWEST_PAGES]:
            archive.pack(site, lambda done, total, site=site: progress(f"{site}: {done:,} of {total:,} pages packed"))  # type: ignore[misc]
        if archive.unused_share() >= UNUSED_SHARE and archive.path.stat().st_size <= COMPACTED_BYTES:
            progress("giving unused room back")
            archive.compact()
    except KeyboardInterrupt:
        return False
    except ArchiveError as error:  # another process is writing, or the disk is nearly full: all pages are kept all the same
        logger.info("The pages are kept, though not packed: %s", error)
    return True
