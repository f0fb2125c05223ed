"""What a run did: counts as it goes, for the progress line and for the report at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from scrapy import signals

from archive.visit import Kept, Outcome, Visit
from crawler.keeper import ArchiveKeeper

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MOST_FAILURES_NAMED = 1000
"""Failures kept with address and reason; the archive has them all."""


@dataclass(slots=True)
class Tally:
    """Counts of a run so far."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    new: int = 0
    """Articles seen for the first time."""
    changed: int = 0
    """Articles with a new revision."""
    found: int = 0
    """Addresses found."""
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Address and reason."""
    last_url: str = ""
    close_reason: str = ""

    def count(self, visit: Visit, kept: Kept) -> None:
        """Add one visit."""
        self.outcomes[kept.outcome] += 1
        self.found += kept.new_addresses
        self.last_url = visit.url
        if kept.outcome is Outcome.STORED:
            self.new += kept.revision == 1
            self.changed += kept.revision != 1
        if kept.outcome in {Outcome.FAILED, Outcome.BLOCKED} and not _is_guess(visit) and len(self.failed) < MOST_FAILURES_NAMED:
            self.failed.append((visit.url, visit.reason or kept.outcome.value))

    def add(self, other: Tally) -> None:
        """Add all that another one counted."""
        self.outcomes += other.outcomes
        self.new += other.new
        self.changed += other.changed
        self.found += other.found
        self.failed += other.failed


class RunReport:
    """Extension: counts each visit that is kept, and tells whoever watches."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.tally = Tally()
        self.progress: Callable[[Tally], None] | None = None
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension for one crawl."""
        return cls(crawler)

    def _opened(self) -> None:
        keeper = self._crawler.get_extension(ArchiveKeeper)
        if keeper is not None:
            keeper.watch(self._kept)

    def _closed(self, reason: str) -> None:
        self.tally.close_reason = reason

    def _kept(self, visit: Visit, kept: Kept) -> None:
        self.tally.count(visit, kept)
        if self.progress is not None:
            self.progress(self.tally)


def _is_guess(visit: Visit) -> bool:
    """A feed or sitemap that nobody promised is no failure."""
    return visit.lease is not None and visit.lease.how == "guess"
