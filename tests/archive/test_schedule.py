from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive, frontier, schedule
from archive.schedule import Opening, SourceState
from archive.visit import Found, Outcome, PageKind, Visit
from tests.archive.samples import LATER, NOW, article_visit, found

HOME = "https://tern.example/"


@pytest.fixture
def source(archive: Archive) -> int:
    return archive.add_source(HOME, "tern").id


def plant(archive: Archive, source: int, *more: Found) -> None:
    seeds = [found(HOME, PageKind.SEED, "seed", 1000), *more]
    archive.frontier.add(seeds, source_id=source, found_on=None, depth=0, run_id=None, now=NOW)


def fetch_all(
    archive: Archive, run: int, source: int, outcome: Outcome = Outcome.LISTED, revisit: timedelta | None = None
) -> list[str]:
    """Fetch what waits; returns the addresses."""
    leases = archive.frontier.lease(100, run_id=run, source_ids=[source], per_host=100, busy_hosts={})
    due = NOW + revisit if revisit is not None else None
    archive.commit(run, [Visit(lease.url, NOW, outcome, lease=lease, revisit=due) for lease in leases], NOW)
    return [lease.url for lease in leases]


def state(archive: Archive, source: int) -> SourceState:
    return archive.source_states([source], NOW)[0]


def opening(source: int, *, look: bool = False, listings: bool = False, articles: bool = False) -> Opening:
    return Opening(source, look, listings, articles)


def test_a_source_never_looked_at_has_no_past(archive: Archive, source: int) -> None:
    assert state(archive, source) == SourceState(source, None, False, False, False, None, None, None, 0)


def test_an_address_that_waits_is_seen(archive: Archive, source: int) -> None:
    plant(archive, source)
    before = state(archive, source)
    assert (before.planted, before.looking, before.waits) == (True, True, True)


def test_what_waits_of_hosts_that_rest_waits_for_the_first_of_them(archive: Archive, source: int) -> None:
    plant(archive, source, found("https://other.example/a-long-story"))
    archive.frontier.rest("other.example", timedelta(hours=2), "status 503", NOW, named=True)
    assert (state(archive, source).waits, state(archive, source).rested) == (True, None)
    archive.frontier.rest("tern.example", timedelta(hours=1), "status 429", NOW, named=True)
    assert (state(archive, source).waits, state(archive, source).rested) == (False, NOW + timedelta(hours=1))
    (later,) = archive.source_states([source], NOW + timedelta(hours=1))
    assert (later.waits, later.rested) == (True, None)


def test_due_times_are_told_by_kind(archive: Archive, source: int) -> None:
    kinds = {PageKind.SEED: 1, PageKind.FEED: 2, PageKind.ARTICLE: 3}
    plant(archive, source, found(HOME + "feed", PageKind.FEED), found(HOME + "a-long-story"))
    run = archive.begin_due_run([opening(source)], NOW).id
    leases = archive.frontier.lease(9, run_id=run, source_ids=[source], per_host=9, busy_hosts={})
    visits = [
        Visit(lease.url, NOW, Outcome.LISTED, lease=lease, revisit=NOW + timedelta(hours=kinds[lease.kind])) for lease in leases
    ]
    archive.commit(run, visits, NOW)
    after = state(archive, source)
    assert after.seed_due == NOW + timedelta(hours=1)
    assert after.listing_due == NOW + timedelta(hours=2)
    assert after.article_due == NOW + timedelta(hours=3)
    assert (after.looked, after.looking, after.waits) == (NOW, False, False)


def test_a_look_opens_the_address_of_the_source_and_its_feeds_before_they_are_due(archive: Archive, source: int) -> None:
    plant(
        archive, source, found(HOME + "feed", PageKind.FEED), found(HOME + "map", PageKind.SITEMAP), found(HOME + "a-long-story")
    )
    run = archive.begin_due_run([opening(source)], NOW).id
    fetch_all(archive, run, source, revisit=timedelta(days=9))
    archive.end_run(run, "finished", NOW)
    run = archive.begin_due_run([opening(source, look=True, listings=True, articles=True)], LATER).id
    assert fetch_all(archive, run, source) == [HOME, HOME + "feed"]


def test_a_feed_that_was_none_is_not_looked_at_again_before_it_is_due(archive: Archive, source: int) -> None:
    plant(archive, source, found(HOME + "rss", PageKind.FEED, "guess"))
    run = archive.begin_due_run([opening(source)], NOW).id
    fetch_all(archive, run, source, Outcome.GONE, timedelta(days=9))
    archive.end_run(run, "finished", NOW)
    run = archive.begin_due_run([opening(source, look=True)], LATER).id
    assert fetch_all(archive, run, source) == [HOME]


@pytest.mark.parametrize(("listings", "articles", "opened"), [(True, False, ["feed"]), (False, True, ["a-long-story"])])
def test_what_is_due_is_opened_by_kind(archive: Archive, source: int, listings: bool, articles: bool, opened: list[str]) -> None:
    archive.frontier.add(
        [found(HOME + "feed", PageKind.FEED), found(HOME + "a-long-story")],
        source_id=source, found_on=None, depth=0, run_id=None, now=NOW,
    )  # fmt: skip
    run = archive.begin_due_run([opening(source)], NOW).id
    fetch_all(archive, run, source, revisit=timedelta(hours=1))
    archive.end_run(run, "finished", NOW)
    run = archive.begin_due_run([opening(source, listings=listings, articles=articles)], LATER).id
    assert fetch_all(archive, run, source) == [HOME + path for path in opened]


def test_nothing_is_opened_before_it_is_due(archive: Archive, source: int) -> None:
    plant(archive, source)
    run = archive.begin_due_run([opening(source)], NOW).id
    fetch_all(archive, run, source, revisit=timedelta(days=1, seconds=1))
    archive.end_run(run, "finished", NOW)
    run = archive.begin_due_run([opening(source, listings=True, articles=True)], LATER).id
    assert fetch_all(archive, run, source) == []


def test_a_run_that_was_cut_off_goes_on_and_fetches_nothing_twice(archive: Archive, source: int) -> None:
    other = archive.add_source("https://gull.example/").id
    plant(archive, source)
    first = archive.begin_due_run([opening(source)], NOW)
    fetch_all(archive, first.id, source, revisit=timedelta(0))
    assert archive.is_cut_off()
    again = archive.begin_due_run([opening(other, listings=True), opening(source, listings=True)], LATER)
    assert (again.id, again.resumed, again.started) == (first.id, True, NOW)
    assert fetch_all(archive, again.id, source) == []
    archive.end_run(again.id, "finished", LATER)
    assert not archive.is_cut_off()
    third = archive.begin_due_run([opening(source, listings=True)], LATER)
    assert (third.id, third.resumed) == (first.id + 1, False)
    assert fetch_all(archive, third.id, source) == [HOME]


def test_a_crawl_by_hand_that_died_is_interrupted_and_may_be_gone_on_with(archive: Archive, path: Path, source: int) -> None:
    by_hand = archive.begin_run("crawl", [source], NOW)
    archive.begin_due_run([opening(source)], LATER)
    with closing(sqlite3.connect(path)) as db, db:
        states = db.execute("SELECT command, state, finished FROM runs ORDER BY id").fetchall()
    assert states == [("crawl", "interrupted", None), ("run", "running", None)]
    assert archive.begin_run("crawl", [source], LATER).id == by_hand.id


def test_what_a_dead_run_had_leased_waits_again(archive: Archive, source: int) -> None:
    plant(archive, source)
    run = archive.begin_due_run([opening(source)], NOW).id
    archive.frontier.lease(9, run_id=run, source_ids=[source], per_host=9, busy_hosts={})
    assert state(archive, source).waits
    again = archive.begin_due_run([opening(source)], LATER).id
    assert fetch_all(archive, again, source) == [HOME]


def test_articles_are_counted_since_the_last_look(archive: Archive, source: int) -> None:
    plant(archive, source, found(HOME + "a-long-story"))
    run = archive.begin_due_run([opening(source)], NOW).id
    for lease in archive.frontier.lease(9, run_id=run, source_ids=[source], per_host=9, busy_hosts={}):
        seed = lease.kind is PageKind.SEED
        visit = Visit(lease.url, NOW, Outcome.LISTED, lease=lease) if seed else article_visit(lease.url, lease=lease)
        archive.commit(run, [visit], NOW)
    assert state(archive, source).stored == 1


@pytest.mark.parametrize(
    "statement",
    [
        schedule.SEEDS, schedule.FIRST_LISTING, schedule.FIRST_SEED, schedule.FIRST_ARTICLE, frontier.NEXT_HOST,
        schedule.STORED_SINCE, schedule.OPEN_LOOK, schedule.OPEN_LISTINGS, schedule.OPEN_ARTICLES,
    ],
)  # fmt: skip
def test_no_look_at_what_is_due_reads_the_whole_frontier(archive: Archive, path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}", ("x",) * statement.count("?")))
    assert "source_id=?" in plan
