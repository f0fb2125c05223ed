"""What was seen of an address over time: what the next look at it is decided by.

The decision itself is no matter of the archive: whoever commits visits hands in a function, `Planner`, which is given the history
of each address inside the transaction and says when it is due again. What it says is kept with the visit, all or nothing.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from archive.left_out import note_left_out
from archive.timestamps import moment_of, optional_moment, optional_stamp, stamp
from archive.urls import address_key
from archive.visit import Listing, Outcome, PageKind, Visit

AGES = (0, 1, 3, 6, 12, 24, 48, 96, 192, 384, 768, 1536)
"""Least age in hours of each class of age that edits are counted by; the last class has no end."""


@dataclass(frozen=True, slots=True)
class Watched:
    """How long articles of one source were watched at one age, and how often they were changed meanwhile."""

    hours: float = 0.0
    """From one look to the next; an article's hours count as much more or less as it is changed more or less than others."""
    changes: float = 0.0
    """Changes, by estimate: a look shows that there was one or more."""


@dataclass(frozen=True, slots=True)
class Poll:
    """One look at a page that lists articles."""

    moment: datetime
    entries: int
    """Articles that it listed, those that its source does not want besides."""
    fresh: int
    """Those of them that came since the poll before."""
    oldest: datetime | None = None
    """Time of the oldest entry, where entries give times."""
    wanted: int | None = None
    """Entries that its source wants; None: all."""


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of an address when a fetch of it is kept, that fetch included."""

    kind: PageKind
    outcome: Outcome
    fetched: datetime
    found_at: datetime
    how: str = "link"
    """How it was found, as in the frontier."""
    published: datetime | None = None
    """When its article was published, at the latest; None: unknown."""
    looked: datetime | None = None
    """The last time before that its article was seen; None: never."""
    looks: int = 0
    """Looks at its article after the first, before this one."""
    changes: int = 0
    """How many of them found it changed."""
    expected: float = 0.0
    """How many changes an article of the source would have had on average in the time that it was watched."""
    failures: int = 0
    """Fetches in a row that brought no usable answer, before this one."""
    watched: Sequence[Watched] = (Watched(),) * len(AGES)
    """What was seen of its source's articles, by class of age."""
    polls: Sequence[Poll] = ()
    """The last looks at a page that lists articles, this one included, oldest first."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When an address is due again, and what its history has to learn from the fetch."""

    revisit: datetime | None
    """None: not by itself."""
    expected: float = 0.0
    """To be added to `History.expected`."""
    watched: Mapping[int, Watched] = field(default_factory=dict)
    """Class of age -> what is to be added there."""


Planner: TypeAlias = Callable[[History], Plan]
"""Says when an address is due again. Pure."""

POLLS_KEPT = 120
"""Polls of a page that a decision is made by."""
COUNTED_ENTRIES = 1000
"""Of pages that list more, only those that the poll itself made known count as come: looking up each would take longer than that
is worth, and nothing scrolls off them."""
DIGEST_LENGTH = 16
"""Hexadecimal digits: of a thousand entries two agree by chance once in 4e13 lists."""
UNREAD = frozenset({Outcome.FAILED, Outcome.BLOCKED, Outcome.GONE, Outcome.ROBOTS, Outcome.NOT_AN_ARTICLE})
"""Outcomes of fetches that brought nothing to read."""
ARTICLE_SEEN = frozenset({Outcome.STORED, Outcome.UNCHANGED})

READ_PAST = """
SELECT f.kind, f.how, f.found_at, f.published, f.looked, f.looks, f.changes, f.expected, f.failures,
    (SELECT r.published_latest FROM articles AS a JOIN revisions AS r ON r.article_id = a.id AND r.number = a.newest
        WHERE a.id = ?)
FROM frontier AS f WHERE f.id = ?
"""
NOTE = """
UPDATE frontier SET revisit = :revisit, looked = :looked, looks = :looks, changes = :changes, expected = :expected,
    failures = :failures
WHERE id = :id
"""
ADD_RATES = """
INSERT INTO edit_rates (source_id, age, hours, changes) VALUES (?, ?, ?, ?)
ON CONFLICT (source_id, age) DO UPDATE SET hours = hours + excluded.hours, changes = changes + excluded.changes
"""
ADD_POLL = """
INSERT INTO polls (fetched, entries, fresh, oldest, newest, listed, wanted, is_feed, new, fetch_id, frontier_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
KNOWN_THEN = "SELECT count(*) FROM frontier WHERE key IN (SELECT value FROM json_each(?)) AND found_at <= ?"
"""Dates of entries would tell it, too, if so many feeds did not date all of them with the time of the request."""
LAST_POLLS = """
SELECT fetched, entries, fresh, oldest, newest, listed, wanted, is_feed FROM polls
WHERE frontier_id = ? ORDER BY fetch_id DESC LIMIT ?
"""
LAST_LIST = "SELECT entries FROM last_lists WHERE frontier_id = ?"
KEEP_LIST = "INSERT OR REPLACE INTO last_lists (frontier_id, entries) VALUES (?, ?)"


class _Look(NamedTuple):
    """A look at a page as the table `polls` has it."""

    fetched: str
    entries: int
    fresh: int
    oldest: str | None
    newest: str | None
    listed: int
    wanted: int
    is_feed: bool


class Planning:
    """The histories of what one transaction commits: read, handed to the planner, and kept with what it says."""

    def __init__(self, conn: sqlite3.Connection, planner: Planner | None) -> None:
        self._conn = conn
        self._planner = planner
        self._watched: dict[int | None, tuple[Watched, ...]] = {}
        self._learnt: dict[tuple[int, int], Watched] = {}

    def note(self, visit: Visit, fetch_id: int, outcome: Outcome, article_id: int | None, new: int) -> None:
        """Note what a visit, whose lease is closed, adds to the history of its address, and when that is due again.

        Args:
            visit: with a lease. A time that it gives itself wins over the planner's.
            fetch_id: its row in fetches.
            outcome: as kept.
            article_id: the article read there, now or before.
            new: addresses of articles that were not known before.

        """
        lease = visit.lease
        assert lease is not None
        polls = self._polls(visit, fetch_id, outcome, new + visit.ahead.new)
        if self._planner is None:
            return
        row = self._conn.execute(READ_PAST, (article_id, lease.id)).fetchone()
        history = _history(row, visit, outcome, self._rates_of(lease.source_id), polls)
        plan = self._planner(history)
        self._conn.execute(NOTE, {**_learnt(history, plan, visit), "id": lease.id})
        if lease.source_id is not None:
            for age, seen in plan.watched.items():
                self._learn(lease.source_id, age, seen)

    def write(self) -> None:
        """Write what was learnt of sources; to be called once, at the end of the transaction."""
        rows = [(source, AGES[n], seen.hours, seen.changes) for (source, n), seen in sorted(self._learnt.items())]
        self._conn.executemany(ADD_RATES, rows)

    def _learn(self, source_id: int, age: int, seen: Watched) -> None:
        so_far = self._learnt.get((source_id, age), Watched())
        self._learnt[source_id, age] = Watched(so_far.hours + seen.hours, so_far.changes + seen.changes)

    def _rates_of(self, source_id: int | None) -> tuple[Watched, ...]:
        if source_id not in self._watched:
            self._watched[source_id] = read_watched(self._conn, source_id)
        return self._watched[source_id]

    def _polls(self, visit: Visit, fetch_id: int, outcome: Outcome, new: int) -> tuple[Poll, ...]:
        """Keep a look at a page that lists articles; returns the last ones, this one included, or nothing for other pages."""
        lease = visit.lease
        assert lease is not None
        if outcome is not Outcome.LISTED and (outcome is not Outcome.UNCHANGED or lease.kind is PageKind.ARTICLE):
            return ()
        rows = self._conn.execute(LAST_POLLS, (lease.id, POLLS_KEPT - 1)).fetchall()
        if outcome is Outcome.UNCHANGED and not rows:
            return ()
        if outcome is Outcome.UNCHANGED:
            row = _Look(*rows[0])._replace(fetched=stamp(visit.fetched), fresh=0)
        else:
            row = self._look(visit, lease.id, rows[0][0] if rows else None, new)
        self._conn.execute(ADD_POLL, (*row, new, fetch_id, lease.id))
        return tuple(_poll(_Look(*each)) for each in reversed([row, *rows]))

    def _look(self, visit: Visit, page: int, before: str | None, new: int) -> _Look:
        """What a look at a page found there; its entries are remembered for the next one."""
        assert visit.lease is not None
        wanted = [found for found in visit.found if found.kind is PageKind.ARTICLE]
        listing = visit.listing or Listing(tuple(wanted), len(wanted), is_feed=visit.lease.kind is PageKind.FEED)
        dates = [date for found in listing.articles if (date := found.published or found.modified) is not None]
        keys = dict.fromkeys(key for found in listing.articles if (key := address_key(found.url)) is not None)
        if visit.listing is not None and visit.lease.source_id is not None:
            asked_for = {address_key(found.url) for found in wanted}
            unwanted = keys.keys() - asked_for
            note_left_out(self._conn, unwanted, source_id=visit.lease.source_id, found_at=stamp(visit.fetched))
        return _Look(
            stamp(visit.fetched), listing.of_source, self._fresh(page, keys, before, new),
            optional_stamp(min(dates, default=None)), optional_stamp(max(dates, default=None)),
            len(keys), len(wanted) + visit.ahead.articles, listing.is_feed,
        )  # fmt: skip

    def _fresh(self, page: int, keys: Collection[str], before: str | None, new: int) -> int:
        """How many of the articles that a page lists came since the look before: none that it listed then, or that was known.

        Args:
            page: its number in the frontier.
            keys: of what it lists, each once.
            before: when that look was; None: there was none.
            new: those that the archive now has from this look.

        """
        last = self._conn.execute(LAST_LIST, (page,)).fetchone()
        seen = frozenset(json.loads(last[0])) if last is not None else frozenset()
        self._conn.execute(KEEP_LIST, (page, json.dumps([_digest(key) for key in islice(keys, COUNTED_ENTRIES)])))
        if before is None:
            return len(keys)
        if len(keys) > COUNTED_ENTRIES:
            return min(new, len(keys))
        unseen = [key for key in keys if _digest(key) not in seen]
        known: int = self._conn.execute(KNOWN_THEN, (json.dumps(unseen), before)).fetchone()[0]
        return len(unseen) - known


def read_watched(conn: sqlite3.Connection, source_id: int | None) -> tuple[Watched, ...]:
    """What was seen of a source's articles, one for each class of age."""
    rows = conn.execute("SELECT age, hours, changes FROM edit_rates WHERE source_id = ?", (source_id,))
    seen = {age: Watched(hours, changes) for age, hours, changes in rows}
    return tuple(seen.get(age, Watched()) for age in AGES)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:DIGEST_LENGTH]


def _poll(look: _Look) -> Poll:
    return Poll(moment_of(look.fetched), look.listed, look.fresh, optional_moment(look.oldest), look.wanted)


def _history(row: Sequence[Any], visit: Visit, outcome: Outcome, watched: Sequence[Watched], polls: Sequence[Poll]) -> History:
    kind, how, found_at, published, looked, looks, changes, expected, failures, stated = row
    return History(
        kind=PageKind(kind),
        outcome=outcome,
        fetched=visit.fetched,
        found_at=moment_of(found_at),
        how=how,
        published=optional_moment(published or stated),
        looked=optional_moment(looked),
        looks=looks,
        changes=changes,
        expected=expected,
        failures=failures,
        watched=watched,
        polls=polls,
    )


def _learnt(history: History, plan: Plan, visit: Visit) -> dict[str, Any]:
    """The columns of the frontier that a fetch changes."""
    seen = history.outcome in ARTICLE_SEEN and not history.polls
    again = seen and history.looked is not None
    failures = history.failures + 1 if history.outcome in UNREAD else 0
    return {
        "revisit": optional_stamp(visit.revisit or plan.revisit),
        "looked": optional_stamp(visit.fetched if seen else history.looked),
        "looks": history.looks + again,
        "changes": history.changes + (again and history.outcome is Outcome.STORED),
        "expected": history.expected + plan.expected,
        "failures": history.failures if history.outcome is Outcome.LATER else failures,
    }
