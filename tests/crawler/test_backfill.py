"""Archive pages of a period in the frontier: put there once, closed when their time is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import Archive
from archive.visit import Lease, Listing, Outcome, PageKind, Visit
from crawler.backfill import plant_archive_pages
from crawler.crawl import Target
from crawler.revisit import plan
from spiders.discovery.archive_pages import CLOSED, DATED_LATE, OPEN
from spiders.site import SiteSpider

HOME = "https://paper.example/"
NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
TARGET = Target(HOME, archive_pages=(HOME + "{year}/{month:02}/{day:02}/",), since=datetime(2026, 4, 28, tzinfo=UTC))
JUST_OVER = datetime(2026, 5, 4, tzinfo=UTC) + DATED_LATE


class Paper:
    """A source with an archive page a day."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.source = archive.add_source(HOME).id
        self.run = archive.begin_run("crawl", [self.source], NOW).id

    def plant(self, now: datetime) -> dict[str, str]:
        """Address -> how it was found, of all that is there then."""
        plant_archive_pages(self.archive, {self.source: TARGET}, None, None, self.run, now)
        return {address.url.removeprefix(HOME): address.how for address in self.archive.frontier.addresses()}

    def lease(self, now: datetime) -> list[Lease]:
        """What waits, as the crawl takes it up."""
        spider = SiteSpider(sources={self.source: TARGET})
        leases = self.archive.frontier.lease(99, run_id=self.run, source_ids=None, per_host=99, busy_hosts={})
        return [spider.as_of(lease, now) for lease in leases]


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    with Archive.create(tmp_path / "a.db") as archive:
        yield Paper(archive)


def test_days_that_came_since_are_added_to_those_that_are_there(paper: Paper) -> None:
    first = paper.plant(NOW)
    assert list(first)[:2] == ["2026/05/03/", "2026/05/02/"]
    assert len(first) == 6
    waiting = paper.archive.frontier.waiting()
    assert paper.plant(NOW) == first
    assert paper.archive.frontier.waiting() == waiting
    assert paper.plant(NOW + timedelta(days=1)) == {**first, "2026/05/04/": OPEN}


@pytest.mark.parametrize(("now", "how"), [(JUST_OVER - timedelta(seconds=1), OPEN), (JUST_OVER, CLOSED)])
def test_a_page_is_closed_by_the_first_look_after_its_time(paper: Paper, now: datetime, how: str) -> None:
    paper.plant(NOW)
    (lease,) = [lease for lease in paper.lease(now) if lease.url.endswith("/2026/05/03/")]
    listed = Visit(lease.url, now, Outcome.LISTED, lease=lease, listing=Listing((), 0))
    paper.archive.commit(paper.run, [listed], now, planner=plan)
    assert paper.plant(now)["2026/05/03/"] == how
    row = paper.archive._db.execute("SELECT kind, revisit IS NULL FROM frontier WHERE url = ?", (lease.url,)).fetchone()
    assert row == (PageKind.LISTING, how == CLOSED)
