from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive
from archive.sameness import LATELY
from archive.visit import Kept, Outcome
from tests.archive.samples import NOW, article_visit, found, revision

HOUR = timedelta(hours=1)
WALL = ("To go on with this text we would like to know who you are.",)


def read(archive: Archive, number: int, hours: float, *paragraphs: str, host: str = "tern.example") -> Kept:
    """One article, read in a crawl of its own."""
    now = NOW + hours * HOUR
    source = archive.add_source(f"https://{host}/").id
    run = archive.begin_run("crawl", [source], now).id
    page = found(f"https://{host}/{number}", modified=now)
    archive.frontier.add([page], source_id=source, found_on=None, depth=0, run_id=run, now=now)
    (lease,) = archive.frontier.lease(9, run_id=run, source_ids=[source], per_host=9, busy_hosts={})
    reading = revision(page.url, *paragraphs, site=host)
    (kept,) = archive.commit(run, [article_visit(page.url, lease=lease, fetched=now, revision=reading)], now)
    archive.end_run(run, "finished", now)
    return kept


def outcomes(archive: Archive, *, apart: float = 1, host: str = "{host}") -> list[Outcome]:
    """Of five articles that turn into one wall, run by run."""
    for number in range(5):
        read(archive, number, number / 10, f"Story {number} of the pier.", host=host.format(host="tern.example", n=number))
    return [read(archive, n, 24 + n * apart, *WALL, host=host.format(host="tern.example", n=n)).outcome for n in range(5)]


def test_from_the_third_article_on_a_page_that_others_came_to_show_in_other_runs_is_blocked(archive: Archive) -> None:
    assert outcomes(archive) == [Outcome.STORED] * 2 + [Outcome.BLOCKED] * 3
    assert archive.article("https://tern.example/4").text.endswith("Story 4 of the pier.")
    assert archive.article("https://tern.example/4").withdrawn is None


def test_the_page_is_kept_without_a_reading(archive: Archive, path: Path) -> None:
    outcomes(archive)
    with closing(sqlite3.connect(path)) as db:
        (last,) = db.execute(
            "SELECT e.reason, c.id IS NOT NULL FROM fetches AS e LEFT JOIN captures AS c ON c.fetch_id = e.id "
            "LEFT JOIN revisions AS r ON r.capture_id = c.id WHERE e.outcome = 'blocked' AND r.number IS NULL "
            "ORDER BY e.id DESC LIMIT 1"
        ).fetchall()
    assert last == ("shows the same page for 3 articles or more", 1)


def test_what_was_shown_long_ago_does_not_count(archive: Archive) -> None:
    assert set(outcomes(archive, apart=LATELY / HOUR)) == {Outcome.STORED}


def test_an_agencys_story_on_many_sites_is_none(archive: Archive) -> None:
    assert set(outcomes(archive, host="{n}.example")) == {Outcome.STORED}


@pytest.mark.parametrize("number", [0, 1])
def test_an_article_that_reads_as_before_is_unchanged_whatever_others_show(archive: Archive, number: int) -> None:
    outcomes(archive)
    assert read(archive, number, 40, *WALL).outcome is Outcome.UNCHANGED


def test_what_is_taken_in_by_hand_is_kept(archive: Archive) -> None:
    kept = archive.commit(None, [article_visit(f"https://tern.example/{n}", *WALL) for n in range(5)], NOW)
    assert {one.outcome for one in kept} == {Outcome.STORED}
