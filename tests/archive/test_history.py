"""What the archive keeps of an address's past, and whom it asks when to look again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from archive import Archive
from archive.history import AGES, History, Plan, Poll, Watched
from archive.visit import Found, Lease, Listing, Outcome, PageKind, Visit
from tests.archive.samples import NOW, URL, article_visit, found, revision

HOUR = timedelta(hours=1)
FEED = "https://tern.example/feed"


class Looking:
    """Addresses of one source, fetched at given times; keeps what its planner is asked."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.source = archive.add_source("https://tern.example/").id
        self.asked: list[History] = []
        self.answer = Plan(NOW + 24 * HOUR, 0.5, {2: Watched(2.0, 0.5)})

    def plan(self, history: History) -> Plan:
        self.asked.append(history)
        return self.answer

    def lease(self, url: str, kind: PageKind, now: datetime) -> Lease:
        """Lease an address in a run of its own."""
        run = self.archive.begin_run("crawl", [self.source], now).id
        self.archive.end_run(run, "finished", now)
        self.archive.frontier.add([Found(url, kind, "feed")], source_id=self.source, found_on=None, depth=1, run_id=run, now=NOW)
        (lease,) = (
            one
            for one in self.archive.frontier.lease(99, run_id=run, source_ids=[self.source], per_host=99, busy_hosts={})
            if one.url == url
        )
        return lease

    def read(self, hours: float, text: str = "The ferry left at dusk.", *, answer: Outcome = Outcome.STORED) -> None:
        now = NOW + HOUR * hours
        lease = self.lease(URL, PageKind.ARTICLE, now)
        visit = article_visit(URL, text, lease=lease, fetched=now, body=f"<p>{text}".encode())
        if answer is not Outcome.STORED:
            visit = Visit(URL, now, answer, lease=lease)
        self.keep(visit)

    def poll(self, hours: float, *entries: Found, answer: Outcome = Outcome.LISTED, listing: Listing | None = None) -> None:
        now = NOW + HOUR * hours
        self.keep(Visit(FEED, now, answer, lease=self.lease(FEED, PageKind.FEED, now), found=entries, listing=listing))

    def keep(self, visit: Visit) -> None:
        self.answer = Plan(visit.fetched, *(self.answer.expected, self.answer.watched))
        self.archive.commit(None, [visit], visit.fetched, planner=self.plan)

    def row(self, columns: str, url: str = URL) -> tuple[object, ...]:
        found: tuple[object, ...] = self.archive._db.conn.execute(
            f"SELECT {columns} FROM frontier WHERE url = ?", (url,)
        ).fetchone()
        return found


@pytest.fixture
def looking(archive: Archive) -> Looking:
    return Looking(archive)


def test_the_first_reading_is_no_look(looking: Looking) -> None:
    looking.read(0)
    assert looking.asked[0].looked is None
    assert looking.row("looked, looks, changes") == ("2026-08-22T10:05:00Z", 0, 0)


def test_later_looks_are_counted_and_those_that_found_a_change(looking: Looking) -> None:
    for hours, text in ((0, "One."), (1, "One."), (2, "Two."), (3, "Two.")):
        looking.read(hours, text)
    assert looking.row("looks, changes") == (3, 1)
    assert [(h.outcome, h.looks, h.changes) for h in looking.asked[1:]] == [
        (Outcome.UNCHANGED, 0, 0), (Outcome.STORED, 1, 0), (Outcome.UNCHANGED, 2, 1),
    ]  # fmt: skip


def test_an_answer_that_nothing_was_modified_is_a_look(looking: Looking) -> None:
    looking.read(0)
    looking.read(5, answer=Outcome.UNCHANGED)
    assert looking.row("looked, looks, changes") == ("2026-08-22T15:05:00Z", 1, 0)


def test_a_failed_fetch_is_no_look_and_is_counted_until_one_succeeds(looking: Looking) -> None:
    looking.read(0)
    looking.read(1, answer=Outcome.FAILED)
    looking.read(2, answer=Outcome.BLOCKED)
    assert looking.row("looked, looks, failures") == ("2026-08-22T10:05:00Z", 0, 2)
    looking.read(3, answer=Outcome.LATER)
    assert looking.row("failures") == (2,)
    looking.read(4)
    assert looking.row("looks, failures") == (1, 0)
    assert looking.asked[-1].looked == NOW


def test_the_planner_is_told_when_the_article_was_published_at_the_latest(looking: Looking) -> None:
    looking.read(0)
    assert looking.asked[0].published is not None
    assert looking.asked[0].published.isoformat() == revision().published_latest


def test_what_the_planner_says_is_kept(looking: Looking) -> None:
    looking.read(0)
    assert looking.row("revisit, expected") == ("2026-08-22T10:05:00Z", 0.5)
    looking.read(7)
    assert looking.row("revisit, expected") == ("2026-08-22T17:05:00Z", 1.0)


def test_what_is_learnt_is_added_up_by_source_and_age(looking: Looking) -> None:
    looking.read(0)
    looking.read(1)
    assert looking.asked[1].watched[2] == Watched(2.0, 0.5)
    rows = looking.archive._db.conn.execute("SELECT source_id, age, hours, changes FROM edit_rates").fetchall()
    assert rows == [(looking.source, AGES[2], 4.0, 1.0)]


def test_a_time_that_the_visit_gives_wins(looking: Looking) -> None:
    lease = looking.lease(URL, PageKind.ARTICLE, NOW)
    looking.keep(Visit(URL, NOW, Outcome.LATER, lease=lease, revisit=NOW + 9 * HOUR))
    assert looking.row("revisit") == ("2026-08-22T19:05:00Z",)


def test_without_a_planner_the_visit_alone_says_when(looking: Looking) -> None:
    lease = looking.lease(URL, PageKind.ARTICLE, NOW)
    looking.archive.commit(None, [Visit(URL, NOW, Outcome.FAILED, lease=lease, revisit=NOW + HOUR)], NOW)
    assert looking.row("revisit") == ("2026-08-22T11:05:00Z",)


def test_a_poll_is_kept_with_what_it_listed(looking: Looking) -> None:
    looking.poll(
        0, found("https://tern.example/1", published=NOW - 3 * HOUR), found("https://tern.example/2", modified=NOW - HOUR)
    )
    looking.poll(
        4,
        found("https://tern.example/3", published=NOW + 2 * HOUR),
        found("https://tern.example/2", modified=NOW - HOUR),
        found("https://tern.example/section", PageKind.LISTING),
    )
    assert looking.asked[-1].polls == (Poll(NOW, 2, 2, NOW - 3 * HOUR, 2), Poll(NOW + 4 * HOUR, 2, 1, NOW - HOUR, 2))


def test_entries_that_came_by_another_way_count_as_come(looking: Looking) -> None:
    looking.poll(0, found("https://tern.example/1"))
    looking.archive.frontier.add(
        [found("https://tern.example/2")], source_id=looking.source, found_on=None, depth=1, run_id=None, now=NOW + HOUR
    )
    looking.poll(4, found("https://tern.example/2"), found("https://tern.example/1"))
    assert looking.asked[-1].polls[-1].fresh == 1
    assert looking.archive._db.conn.execute("SELECT new FROM polls ORDER BY fetch_id").fetchall() == [(1,), (0,)]


def test_a_feed_that_dates_every_entry_with_the_time_of_the_request_brings_nothing_new(looking: Looking) -> None:
    for hours in (0, 1, 2):
        now = NOW + hours * HOUR
        looking.poll(hours, *[found(f"https://tern.example/{n}", published=now, modified=now) for n in range(5)])
    assert [poll.fresh for poll in looking.asked[-1].polls] == [5, 0, 0]


def test_a_feed_that_was_not_modified_was_polled_and_nothing_came(looking: Looking) -> None:
    looking.poll(0, found("https://tern.example/1", published=NOW - HOUR))
    looking.poll(6, answer=Outcome.UNCHANGED)
    assert looking.asked[-1].polls[-1] == Poll(NOW + 6 * HOUR, 1, 0, NOW - HOUR, 1)


def test_what_a_source_does_not_want_takes_up_room_in_a_poll_all_the_same(looking: Looking) -> None:
    sport = [found(f"https://tern.example/sport/{n}", published=NOW - n * HOUR) for n in range(9)]
    for hours in (0, 9):
        politics = found(f"https://tern.example/politics/{hours}", published=NOW + hours * HOUR)
        looking.poll(hours, politics, listing=Listing((politics, *sport), 1, is_feed=True))
    assert looking.asked[-1].polls == (
        Poll(NOW, 10, 10, NOW - 8 * HOUR, 1), Poll(NOW + 9 * HOUR, 10, 1, NOW - 8 * HOUR, 1),
    )  # fmt: skip
    rows = looking.archive._db.conn.execute("SELECT listed, entries, wanted, new, fresh, is_feed FROM polls").fetchall()
    assert rows == [(10, 1, 1, 1, 10, 1), (10, 1, 1, 1, 1, 1)]


def test_addresses_of_one_article_are_one_entry(looking: Looking) -> None:
    looking.poll(0, found("https://tern.example/1"), found("https://tern.example/1?utm_source=feed"))
    assert looking.asked[-1].polls[-1].entries == 1


def test_an_article_has_no_polls(looking: Looking) -> None:
    looking.read(0)
    looking.read(1, answer=Outcome.UNCHANGED)
    assert looking.archive._db.conn.execute("SELECT count(*) FROM polls").fetchone() == (0,)


def test_nothing_of_a_batch_that_fails_is_learnt(looking: Looking) -> None:
    lease = looking.lease(URL, PageKind.ARTICLE, NOW)
    broken = Visit(URL, NOW, Outcome.STORED, lease=lease)
    with pytest.raises(ValueError, match="no revision"):
        looking.archive.commit(None, [article_visit(URL, lease=lease), broken], NOW, planner=looking.plan)
    assert looking.archive._db.conn.execute("SELECT count(*) FROM edit_rates").fetchone() == (0,)
    assert looking.row("looked") == (None,)
