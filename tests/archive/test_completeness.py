from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.completeness import MISSING_AFTER, PERIODS
from archive.visit import Found, Lease, Listing, Outcome, PageKind, Visit
from tests.archive.samples import LATER, NOW, found

FEED = "https://tern.example/feed"


class Crawl:
    """One source whose runs are an hour apart."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.now = archive, NOW
        self.source = archive.add_source("https://tern.example/", "tern").id
        self.run = archive.begin_run("crawl", [self.source], NOW).id
        self.fetched: dict[int, set[str]] = {}
        """Run -> what was fetched in it."""
        self.left: dict[int, set[str]] = {}
        """Run -> what waited when it last ended."""

    def add(self, found: Sequence[Found]) -> None:
        self.archive.frontier.add(found, source_id=self.source, found_on=None, depth=0, run_id=self.run, now=self.now)

    def lease(self, count: int = 100) -> list[Lease]:
        return self.archive.frontier.lease(count, run_id=self.run, source_ids=[self.source], per_host=100, busy_hosts={})

    def close(self, lease: Lease, outcome: Outcome, entries: Sequence[Found] = (), listing: Listing | None = None) -> None:
        visit = Visit(lease.url, self.now, outcome, lease=lease, found=tuple(entries), listing=listing, revisit=self.now)
        self.archive.commit(self.run, [visit], self.now)
        if lease.how != "guess":
            self.fetched.setdefault(self.run, set()).add(lease.url)

    def end(self, state: str = "finished", hours: float = 1) -> None:
        addresses = self.archive.frontier.addresses()
        self.left[self.run] = {each.url for each in addresses if each.state != "done" and each.how != "guess"}
        self.archive.end_run(self.run, state, self.now)
        self.now += timedelta(hours=hours)
        self.run = self.archive.begin_run("crawl", [self.source], self.now).id


@pytest.fixture
def crawl(archive: Archive) -> Crawl:
    return Crawl(archive)


def entries(crawl: Crawl, first: int, number: int, oldest: datetime) -> list[Found]:
    """Entries of a feed an hour apart."""
    return [found(f"https://tern.example/{first + n}", how="feed", published=oldest + timedelta(hours=n)) for n in range(number)]


def test_what_waits_counts_as_put_off(crawl: Crawl) -> None:
    crawl.add([found("https://tern.example/1"), found("https://tern.example/2")])
    crawl.close(crawl.lease(1)[0], Outcome.GONE)
    (line,) = crawl.archive.completeness(LATER).lines
    assert (line.source, line.discovered, dict(line.outcomes)) == ("tern", 2, {Outcome.GONE: 1, Outcome.LATER: 1})


def test_a_run_accounts_for_what_it_left_waiting(crawl: Crawl) -> None:
    crawl.add([found(f"https://tern.example/{n}") for n in range(3)])
    crawl.close(crawl.lease(1)[0], Outcome.NOT_AN_ARTICLE)
    crawl.end()
    first, second = crawl.archive.completeness(LATER, by="run").lines
    assert (first.period, dict(first.outcomes)) == ("1", {Outcome.NOT_AN_ARTICLE: 1, Outcome.LATER: 2})
    assert (second.period, second.discovered) == ("2", 0)


def test_an_address_that_another_run_opened_again_counts_once_in_the_run_that_fetched_it(crawl: Crawl) -> None:
    crawl.add([found("https://tern.example/1")])
    crawl.close(crawl.lease()[0], Outcome.FAILED)
    archive, first = crawl.archive, crawl.run
    archive.end_run(first, "interrupted", crawl.now)
    archive.end_run(archive.begin_run("crawl --due", [crawl.source], LATER).id, "limit", LATER)
    assert archive.begin_run("crawl", [crawl.source], LATER).id == first
    archive.end_run(first, "limit", LATER)
    one, other = archive.completeness(LATER, by="run").lines
    assert (one.discovered, dict(one.outcomes)) == (1, {Outcome.FAILED: 1})
    assert (other.discovered, dict(other.outcomes)) == (1, {Outcome.LATER: 1})


@pytest.mark.parametrize("source", ["auk", "https://auk.example/"])
def test_a_source_narrows_the_account_of_a_run(archive: Archive, source: str) -> None:
    crawl, auk = Crawl(archive), archive.add_source("https://auk.example/", "auk").id
    crawl.end()
    crawl.run = archive.begin_run("crawl", [crawl.source, auk], crawl.now).id
    crawl.add([found(f"https://tern.example/{n}") for n in range(5)])
    crawl.source = auk
    crawl.add([found(f"https://auk.example/{n}") for n in range(2)])
    crawl.close(crawl.lease(1)[0], Outcome.GONE)
    archive.end_run(crawl.run, "finished", crawl.now)
    (line,) = archive.completeness(LATER, by="run", source=source).lines
    assert (line.source, line.discovered, dict(line.outcomes)) == ("auk", 2, {Outcome.GONE: 1, Outcome.LATER: 1})
    *_, both = archive.completeness(LATER, by="run").lines
    assert (both.source, both.discovered, dict(both.outcomes)) == ("tern, auk", 7, {Outcome.GONE: 1, Outcome.LATER: 6})


@pytest.mark.parametrize(("by", "period"), [("day", "2026-08-22"), ("week", "2026-08-17"), ("month", "2026-08"), ("source", "")])
def test_lines_are_cut_by_the_day_of_discovery(crawl: Crawl, by: str, period: str) -> None:
    crawl.add([found("https://tern.example/1")])
    assert [line.period for line in crawl.archive.completeness(LATER, by=by).lines] == [period]


def test_source_and_dates_narrow_the_account(crawl: Crawl) -> None:
    crawl.add([found("https://tern.example/1")])
    crawl.now = LATER
    crawl.add([found("https://tern.example/2"), found("https://tern.example/3")])
    account = crawl.archive.completeness
    assert account(LATER, since=LATER).discovered == 2
    assert account(LATER, until=LATER).discovered == 1
    assert account(LATER, source="tern").discovered == 3
    assert account(LATER, source="other").discovered == 0


def test_an_account_by_anything_else_is_refused(crawl: Crawl) -> None:
    with pytest.raises(ValueError, match="not by hour"):
        crawl.archive.completeness(LATER, by="hour")


def test_entries_that_came_and_went_between_two_polls_are_a_gap(crawl: Crawl) -> None:
    crawl.add([found(FEED, PageKind.FEED, "autodiscovery")])
    (feed,) = crawl.lease()
    crawl.close(feed, Outcome.LISTED, entries(crawl, 0, 10, NOW - timedelta(hours=10)))
    crawl.end(hours=30)
    feed = next(lease for lease in crawl.lease() if lease.kind is PageKind.FEED)
    crawl.close(feed, Outcome.LISTED, entries(crawl, 100, 10, crawl.now - timedelta(hours=10)))
    (gap,) = crawl.archive.completeness(LATER).gaps
    assert (gap.source, gap.url, gap.since, gap.until) == ("tern", FEED, NOW, NOW + timedelta(hours=20))
    assert (gap.hours, gap.missing) == (20.0, 20), "ten entries in the ten hours that the feed shows"


def test_a_poll_that_shows_an_entry_of_the_one_before_leaves_no_gap(crawl: Crawl) -> None:
    crawl.add([found(FEED, PageKind.FEED, "autodiscovery")])
    crawl.close(crawl.lease()[0], Outcome.LISTED, entries(crawl, 0, 10, NOW - timedelta(hours=10)))
    crawl.end(hours=9)
    feed = next(lease for lease in crawl.lease() if lease.kind is PageKind.FEED)
    crawl.close(feed, Outcome.LISTED, entries(crawl, 9, 10, NOW - timedelta(hours=1)))
    assert crawl.archive.completeness(LATER).gaps == ()


def look(
    crawl: Crawl, entries: Sequence[Found], *, wanted: Sequence[Found] | None = None, of_source: int | None = None,
    is_feed: bool = True,
) -> None:  # fmt: skip
    """A look at the source's own address, 30 hours after the last one."""
    crawl.end(hours=30)
    crawl.add([found("https://tern.example/", PageKind.SEED, "seed", priority=2)])
    (seed,) = crawl.lease(1)
    wanted = entries if wanted is None else wanted
    listing = Listing(tuple(entries), len(wanted) if of_source is None else of_source, is_feed)
    crawl.close(seed, Outcome.LISTED, wanted, listing)


def undated(first: int, number: int = 10) -> list[Found]:
    return [found(f"https://tern.example/{first + n}", how="feed") for n in range(number)]


def test_a_feed_that_is_the_address_of_its_source_has_gaps_as_any_other(crawl: Crawl) -> None:
    look(crawl, entries(crawl, 0, 10, crawl.now + timedelta(hours=20)))
    look(crawl, entries(crawl, 100, 10, crawl.now + timedelta(hours=20)))
    (gap,) = crawl.archive.completeness(LATER).gaps
    assert (gap.url, gap.hours, gap.missing) == ("https://tern.example/", 20.0, 20)


def test_a_front_page_that_shows_nothing_of_before_leaves_no_gap(crawl: Crawl) -> None:
    look(crawl, undated(0), is_feed=False)
    look(crawl, undated(100), is_feed=False)
    assert crawl.archive.completeness(LATER).gaps == ()


@pytest.mark.parametrize("number", [1, 10])
def test_a_gap_of_a_feed_without_dates_is_of_unknown_size(crawl: Crawl, number: int) -> None:
    look(crawl, undated(0, number))
    look(crawl, undated(10, number))
    (gap,) = crawl.archive.completeness(LATER).gaps
    assert (gap.since, gap.until, gap.hours, gap.missing) == (crawl.now - timedelta(hours=30), crawl.now, 30.0, None)


def test_dates_that_are_the_time_of_the_request_give_no_size(crawl: Crawl) -> None:
    for first in (0, 100):
        now = crawl.now + timedelta(hours=30)
        look(crawl, [found(f"https://tern.example/{first + n}", how="feed", published=now) for n in range(5)])
    (gap,) = crawl.archive.completeness(LATER).gaps
    assert (gap.hours, gap.missing) == (30.0, None)


def test_an_entry_beyond_the_scope_of_the_source_that_stays_shows_that_nothing_was_missed(crawl: Crawl) -> None:
    look(crawl, undated(0), wanted=undated(0, 1))
    look(crawl, [*undated(100, 9), *undated(9, 1)], wanted=undated(100, 1))
    assert crawl.archive.completeness(LATER).gaps == ()


def test_a_gap_of_a_feed_in_part_wanted_counts_what_is_wanted(crawl: Crawl) -> None:
    for first in (0, 100):
        listed = entries(crawl, first, 10, crawl.now + timedelta(hours=20))
        look(crawl, listed, wanted=listed[:1])
    (gap,) = crawl.archive.completeness(LATER).gaps
    assert gap.missing == 2, "one of the ten entries of ten hours is wanted, and twenty hours are missing"


def test_a_feed_in_which_nothing_is_wanted_any_more_leaves_a_gap_of_unknown_size(crawl: Crawl) -> None:
    look(crawl, entries(crawl, 0, 10, crawl.now + timedelta(hours=20)))
    look(crawl, entries(crawl, 100, 10, crawl.now + timedelta(hours=20)), wanted=())
    (gap,) = crawl.archive.completeness(LATER).gaps
    assert gap.missing is None


@pytest.mark.parametrize("of_source", [0, 10])
def test_a_feed_that_never_listed_what_is_wanted_has_no_gaps(crawl: Crawl, of_source: int) -> None:
    for first in (0, 100):
        look(crawl, undated(first), wanted=(), of_source=of_source)
    assert crawl.archive.completeness(LATER).gaps == ()


def test_a_feed_whose_entries_have_left_the_period_has_no_gap(crawl: Crawl) -> None:
    look(crawl, undated(0))
    look(crawl, undated(100), wanted=(), of_source=10)
    assert crawl.archive.completeness(LATER).gaps == ()


def test_entries_that_all_were_known_by_way_of_other_pages_are_no_gap(crawl: Crawl) -> None:
    look(crawl, undated(0))
    crawl.now += timedelta(hours=1)
    crawl.add(undated(100))
    look(crawl, undated(100))
    assert crawl.archive.completeness(LATER).gaps == ()


def test_a_further_part_of_a_feed_has_no_gaps_of_its_own(crawl: Crawl) -> None:
    part = found("https://tern.example/?page=2", PageKind.FEED, "feed", priority=1)
    for first in (0, 100):
        look(crawl, undated(first), wanted=[*undated(first), part])
        (lease,) = crawl.lease(1)
        crawl.close(lease, Outcome.LISTED, undated(first + 50), Listing(tuple(undated(first + 50)), 10, is_feed=True))
    assert [gap.url for gap in crawl.archive.completeness(LATER).gaps] == ["https://tern.example/"]


def test_entries_that_no_fetch_has_brought_for_a_week_are_missing(crawl: Crawl) -> None:
    crawl.add(entries(crawl, 0, 4, NOW))
    first, second, third, _ = crawl.lease()
    crawl.close(first, Outcome.NOT_AN_ARTICLE)
    crawl.close(second, Outcome.FAILED)
    crawl.close(third, Outcome.ROBOTS)
    assert crawl.archive.completeness(NOW + MISSING_AFTER).unfetched == {}
    assert crawl.archive.completeness(NOW + MISSING_AFTER + timedelta(seconds=1)).unfetched == {"tern": 2}


STEPS = st.one_of(
    st.tuples(st.just("add"), st.lists(st.integers(0, 12), max_size=5)),
    st.tuples(st.just("guess"), st.lists(st.integers(90, 95), max_size=2)),
    st.tuples(st.just("list"), st.lists(st.integers(0, 12), max_size=5)),
    st.tuples(st.just("fetch"), st.lists(st.sampled_from([o for o in Outcome if o is not Outcome.STORED]), max_size=4)),
    st.tuples(st.just("end"), st.sampled_from(["finished", "limit", "interrupted", "failed"])),
    st.tuples(st.just("crash"), st.none()),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=14))
def test_the_account_adds_up_to_the_last_address_whatever_happens(steps: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder, Archive.create(Path(folder) / "a.db") as archive:
        crawl, known = Crawl(archive), set[str]()
        for step in steps:
            known |= set(_done(crawl, *step))
            for by in PERIODS:
                account = archive.completeness(crawl.now, by=by)
                assert account.discovered == len(known) == sum(sum(line.outcomes.values()) for line in account.lines)
        _done(crawl, "end", "finished")
        lines = {int(line.period): line for line in archive.completeness(crawl.now, by="run").lines}
        for run, line in lines.items():
            told = crawl.fetched.get(run, set()) | crawl.left.get(run, set())
            assert sum(line.outcomes.values()) == line.discovered == len(told)


def _done(crawl: Crawl, name: str, value: object) -> Sequence[str]:
    """Do a step; returns the addresses that it made known."""
    match name, value:
        case "add", list():
            addresses = [f"https://tern.example/{n}" for n in value]
            crawl.add([found(url, how="feed") for url in addresses])
            return addresses
        case "guess", list():
            crawl.add([found(f"https://tern.example/{n}", PageKind.FEED, "guess") for n in value])
        case "list", list():
            listed = [found(f"https://tern.example/{n}", how="feed") for n in value]
            crawl.add([found(FEED, PageKind.FEED, "link", priority=9)])
            if feed := next((lease for lease in crawl.lease(1) if lease.url == FEED), None):
                crawl.close(feed, Outcome.LISTED, listed[::2], Listing(tuple(listed), len(listed[::2]), is_feed=True))
            return [FEED, *(each.url for each in listed if feed)]
        case "fetch", list():
            for lease, outcome in zip(crawl.lease(len(value)), value, strict=False):
                is_miss = lease.how == "guess" and outcome is Outcome.LISTED
                crawl.close(lease, Outcome.GONE if is_miss else outcome)
        case "end", str():
            crawl.end(value)
        case _:  # what was leased is left, and the same command goes on
            crawl.lease(2)
            crawl.run = crawl.archive.begin_run("crawl", [crawl.source], crawl.now).id
    return ()
