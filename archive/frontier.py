"""The frontier: addresses known, due, leased, done.

A row is `waiting` (to be fetched), `leased` (a run is fetching it) or `done`. Rows are leased host by host in turn, so that a
site with a million waiting addresses keeps no other site waiting.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from sqlite_utils import Database

from archive.connection import writing
from archive.host_rests import rest_host, resting_hosts, wake_hosts
from archive.rows import Address
from archive.timestamps import optional_moment, optional_stamp, stamp
from archive.tombstones import taken_down_keys
from archive.urls import address_key, host_of
from archive.visit import Found, Lease, Outcome, PageKind, Visit
from archive.wrong_clock import mend_times

Place: TypeAlias = tuple[int | None, str]
"""A source and one of the hosts that its addresses are on."""


class Taken(NamedTuple):
    """What became of addresses that were taken in."""

    waiting: int
    """Rows that are new or wait again."""
    articles: int
    """Rows that are new and expected to hold an article."""


ANSWERED = frozenset({Outcome.STORED, Outcome.UNCHANGED, Outcome.LISTED, Outcome.NOT_AN_ARTICLE})
"""Outcomes after which the address that a redirect led to counts as fetched, too."""

NEXT_HOST = """
SELECT host FROM frontier WHERE state = 'waiting' AND source_id IS ? AND host > ? ORDER BY host LIMIT 1
"""
"""One step through the hosts that have something waiting: a look into the index, however many rows a host has."""

BEST_OF_HOST = """
SELECT id, url, kind, host, source_id, depth, how, title, published, modified, etag, last_modified, payload
FROM frontier WHERE state = 'waiting' AND source_id IS ? AND host = ? ORDER BY priority DESC, id
"""

COUNT_OPEN = """
SELECT source_id, count(*) FROM frontier WHERE state = 'waiting' GROUP BY source_id
UNION ALL SELECT source_id, count(*) FROM frontier WHERE state = 'leased' GROUP BY source_id
"""
"""One query a state, so that each is answered from that state's index and what is done is not looked at."""

INSERT_NEW = """
INSERT INTO frontier (url, key, host, source_id, kind, how, found_on, found_at, depth, priority, title, published, modified)
VALUES (:url, :key, :host, :source_id, :kind, :how, :found_on, :found_at, :depth, :priority, :title, :published, :modified)
ON CONFLICT (key) DO NOTHING
"""

FILL_HINTS = """
UPDATE frontier SET
    priority = max(priority, :priority),
    title = coalesce(title, :title),
    published = coalesce(published, :published),
    modified = max(coalesce(modified, :modified), coalesce(:modified, modified)),
    kind = CASE WHEN how = 'guess' AND state = 'waiting' THEN :kind ELSE kind END,
    how = CASE WHEN how = 'guess' AND state = 'waiting' THEN :how ELSE how END
WHERE key = :key AND (
    priority < :priority OR (title IS NULL AND :title IS NOT NULL) OR (published IS NULL AND :published IS NOT NULL)
    OR coalesce(modified, '') < :modified OR (how = 'guess' AND :how <> 'guess')
)
"""

REOPEN_CHANGED = """
UPDATE frontier SET state = 'waiting'
WHERE key = :key AND state = 'done' AND :modified >= fetched AND fetched_by IS NOT :run_id
"""
"""`>=`, since moments are whole seconds: a change within the second of the fetch costs one look more, not the change."""

DUE_NOW = "UPDATE frontier SET state = 'waiting' WHERE source_id = :source AND state = 'done' AND revisit <= :now"
LISTS_ARTICLES = """
UPDATE frontier SET state = 'waiting'
WHERE source_id = :source AND kind <> 'article' AND state = 'done' AND outcome IN ('listed', 'unchanged') AND revisit IS NOT NULL
"""
UNREAD = """
UPDATE frontier SET state = 'waiting'
WHERE source_id = :source AND state = 'done' AND outcome IN ('failed', 'blocked', 'later') AND revisit IS NOT NULL
"""

PLANT_SEED = """
UPDATE frontier SET
    kind = 'seed', how = 'seed', source_id = :source_id, depth = :depth, found_on = NULL, url = :url, host = :host,
    state = CASE WHEN state = 'done' THEN 'waiting' ELSE state END
WHERE key = :key AND (fetched_by IS NULL OR fetched_by IS NOT :run_id)
"""
"""A seed is somebody's wish: it is fetched in each run that names it, whatever it was found as before."""

CLOSE = """
UPDATE frontier SET
    state = 'done', leased_by = NULL, fetched = :fetched, fetched_by = :run_id, how = :how,
    outcome = :outcome, article_id = coalesce(:article_id, article_id), revisit = :revisit, payload = coalesce(:payload, payload),
    etag = CASE WHEN :payload IS NULL THEN coalesce(:etag, etag) ELSE :etag END,
    last_modified = CASE WHEN :payload IS NULL THEN coalesce(:last_modified, last_modified) ELSE :last_modified END
WHERE id = :id
"""
"""An answer with a payload replaces the validators, even by nothing; one without leaves them as they are."""

CLOSE_REDIRECTED = """
INSERT INTO frontier (url, key, host, source_id, kind, how, found_on, found_at, depth, priority, state, fetched, fetched_by,
    outcome, article_id)
VALUES (:url, :key, :host, :source_id, :kind, 'redirect', :found_on, :fetched, :depth, 0, 'done', :fetched, :run_id,
    :outcome, :article_id)
ON CONFLICT (key) DO UPDATE SET
    state = 'done', fetched = :fetched, fetched_by = :run_id, outcome = :outcome, article_id = :article_id
WHERE state = 'waiting'
"""


class Frontier:
    """The frontier of one open archive."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._turn: Place = (None, "")
        """The source and host that were served last; the next lease goes on after them."""

    def add(
        self,
        found: Iterable[Found],
        *,
        source_id: int | None,
        found_on: int | None,
        depth: int,
        run_id: int | None,
        now: datetime,
    ) -> Taken:
        """Take in addresses that a page led to. What is no http(s) address is passed over.

        A known address keeps its row: the higher priority and hints that were missing go in; if it was fetched before this
        run and is said to have changed since, or is a seed, it waits again.

        Args:
            found: in the order they stand there.
            source_id: source that the crawl serves.
            found_on: frontier id of the page; None for seeds.
            depth: steps from the seed.
            run_id: the run that found them.
            now: aware.
        """
        with writing(self._db) as conn:
            return add_found(conn, found, source_id=source_id, found_on=found_on, depth=depth, run_id=run_id, now=now)

    def lease(
        self,
        count: int,
        *,
        run_id: int,
        source_ids: Sequence[int] | None,
        per_host: int,
        busy_hosts: Mapping[str, int],
        now: datetime | None = None,
    ) -> list[Lease]:
        """Hand out addresses that wait, the hosts in turn, the best of each host first.

        Args:
            count: at most so many.
            run_id: the run that will fetch them.
            source_ids: only addresses of these sources; None: of all, and of none.
            per_host: at most so many of one host, those of `busy_hosts` counted in.
            busy_hosts: host as in `Lease.host` -> addresses of it that are still out.
            now: aware; hosts that rest then are passed over. None: no host rests.

        """
        with writing(self._db) as conn:
            resting = resting_hosts(conn, now) if now is not None else frozenset()
            found = self._places(conn, _sources(conn, source_ids))
            places = list(islice((p for p in found if p[1] not in resting and busy_hosts.get(p[1], 0) < per_host), count))
            leases = _take(conn, places, count, per_host, busy_hosts)
            conn.executemany(
                "UPDATE frontier SET state = 'leased', leased_by = ? WHERE id = ?", [(run_id, lease.id) for lease in leases]
            )
        if places:
            self._turn = places[-1]
        return leases

    def rest(self, host: str, wait: timedelta, reason: str, now: datetime, *, named: bool, asked: bool = True) -> datetime:
        """Leave a host alone for a while, over the end of the run; returns until when, see `host_rests.rest_host`."""
        with writing(self._db) as conn:
            return rest_host(conn, host, wait, reason, now, named=named, asked=asked)

    def wake(self, source_ids: Sequence[int], now: datetime) -> None:
        """End the rests of hosts of these sources that did not ask for them: somebody wants to know how they are now."""
        with writing(self._db) as conn:
            wake_hosts(conn, source_ids, now)

    def release(self, run_id: int) -> int:
        """Put all that a run has leased back to waiting; returns how many."""
        with writing(self._db) as conn:
            return conn.execute(
                "UPDATE frontier SET state = 'waiting', leased_by = NULL WHERE state = 'leased' AND leased_by = ?", (run_id,)
            ).rowcount

    def waiting(self, source_ids: Sequence[int] | None = None) -> int:
        """Number of addresses that wait or are leased, of these sources or of all."""
        counts = self._db.conn.execute(COUNT_OPEN)
        return sum(n for source, n in counts if source_ids is None or source in source_ids)

    def known(self, urls: Iterable[str]) -> set[str]:
        """Those of the addresses that are there, by any name with the same key."""
        by_key = {address_key(url): url for url in urls}
        found = "SELECT f.key FROM json_each(?) AS j JOIN frontier AS f ON f.key = j.value"
        rows = self._db.conn.execute(found, (json.dumps(list(by_key)),))
        return {by_key[key] for (key,) in rows}

    def was_fetched(self, url: str, *, run_id: int) -> bool:
        """Whether an address, by any name with the same key, was fetched in this run."""
        found = self._db.conn.execute("SELECT 1 FROM frontier WHERE key = ? AND fetched_by = ?", (address_key(url), run_id))
        return found.fetchone() is not None

    def addresses(self, *, kind: PageKind | None = None, source_id: int | None = None) -> Iterator[Address]:
        """Stream rows in the order they were found, of one kind or source if given."""
        rows = self._db.conn.execute(
            "SELECT f.id, f.url, f.kind, f.how, p.url, f.depth, f.state, f.outcome, f.title, f.published "
            "FROM frontier AS f LEFT JOIN frontier AS p ON p.id = f.found_on "
            "WHERE (:kind IS NULL OR f.kind = :kind) AND (:source IS NULL OR f.source_id = :source) ORDER BY f.id",
            {"kind": kind, "source": source_id},
        )
        return (Address(*row) for row in rows)

    def _places(self, conn: sqlite3.Connection, sources: Sequence[int | None]) -> Iterator[Place]:
        """Every source and host with something waiting, from the turn on, once around."""
        source, host = self._turn
        start = sources.index(source) if source in sources else 0
        first, others = sources[start : start + 1], (*sources[start + 1 :], *sources[:start])
        for place in waiting_places(conn, first, host):
            yield place
        for place in waiting_places(conn, others):
            yield place
        for place in waiting_places(conn, first):
            if place[1] > host:
                break
            yield place


def add_found(
    conn: sqlite3.Connection,
    found: Iterable[Found],
    *,
    source_id: int | None,
    found_on: int | None,
    depth: int,
    run_id: int | None,
    now: datetime,
) -> Taken:
    """As `Frontier.add`, inside the caller's transaction."""
    shared = {"source_id": source_id, "found_on": found_on, "depth": depth, "run_id": run_id, "found_at": stamp(now)}
    rows = _without_hints([{**shared, **row} for row in map(_row_of, found) if row["key"] is not None], conn)
    seeds = [row for row in rows if row["kind"] == PageKind.SEED]
    articles = [row for row in rows if row["kind"] == PageKind.ARTICLE]
    others = [row for row in rows if row["kind"] != PageKind.ARTICLE]
    pages = conn.executemany(INSERT_NEW, others).rowcount if others else 0
    new = conn.executemany(INSERT_NEW, articles).rowcount if articles else 0
    conn.executemany(FILL_HINTS, rows)
    changed = [row for row in rows if row["modified"] is not None]
    again = conn.executemany(REOPEN_CHANGED, changed).rowcount if changed else 0
    for seed in seeds:
        again += _plant(conn, seed)
    return Taken(pages + new + again, new)


def close_lease(conn: sqlite3.Connection, visit: Visit, *, run_id: int | None, outcome: Outcome, article_id: int | None) -> None:
    """Close a lease's row with what the visit brought, and the row that it was redirected to."""
    lease = visit.lease
    assert lease is not None
    # Put off without a time: the next run takes it up, this one has tried.
    revisit = visit.fetched if visit.revisit is None and outcome is Outcome.LATER else visit.revisit
    values: dict[str, Any] = {
        "id": lease.id,
        "how": lease.how,
        "fetched": stamp(visit.fetched),
        "run_id": run_id,
        "outcome": outcome.value,
        "article_id": article_id,
        "revisit": optional_stamp(revisit),
        "payload": visit.payload_sha256,
        "etag": visit.etag,
        "last_modified": visit.last_modified,
    }
    conn.execute(CLOSE, values)
    if visit.redirects and outcome in ANSWERED:
        _close_redirected(conn, visit.redirects[-1], lease, values)


def release_all(conn: sqlite3.Connection) -> None:
    """Put every leased row back to waiting: for the start of a run, when no other can be at work."""
    conn.execute("UPDATE frontier SET state = 'waiting', leased_by = NULL WHERE state = 'leased'")


def reopen_due(conn: sqlite3.Connection, source_ids: Iterable[int], now: datetime) -> int:
    """Let addresses of sources wait again that somebody who names them wants fetched; returns how many.

    Those whose time has come; all pages that list articles and are known to; and what failed, was blocked or put off.
    """
    mend_times(conn, now)
    statements = (DUE_NOW, LISTS_ARTICLES, UNREAD)  # each answered from an index of its own
    sources = [{"source": source, "now": stamp(now)} for source in source_ids]
    return sum(conn.execute(statement, source).rowcount for statement in statements for source in sources)


def _row_of(found: Found) -> dict[str, Any]:
    key = address_key(found.url)
    return {
        "url": found.url,
        "key": key,
        "host": host_of(found.url),
        "kind": found.kind.value,
        "how": found.how,
        "priority": found.priority,
        "title": found.title,
        "published": optional_stamp(found.published),
        "modified": optional_stamp(found.modified),
    }


def _without_hints(rows: list[dict[str, Any]], conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """The same, without the titles of addresses that were taken down: triggers close those, and no word of them is written."""
    gone = taken_down_keys(conn, (row["key"] for row in rows))
    return [{**row, "title": None, "published": None, "modified": None} if row["key"] in gone else row for row in rows]


def _plant(conn: sqlite3.Connection, seed: dict[str, Any]) -> int:
    """Make a known row a seed; 1 if that opened it again, else 0."""
    before = conn.execute("SELECT state FROM frontier WHERE key = ?", (seed["key"],)).fetchone()
    changed = conn.execute(PLANT_SEED, seed).rowcount
    return int(changed > 0 and before[0] == "done")


def _close_redirected(conn: sqlite3.Connection, url: str, lease: Lease, closed: Mapping[str, Any]) -> None:
    key = address_key(url)
    if key is None or key == address_key(lease.url):
        return
    row = {"url": url, "key": key, "host": host_of(url), "source_id": lease.source_id, "kind": lease.kind.value}
    conn.execute(CLOSE_REDIRECTED, {**closed, **row, "found_on": lease.id, "depth": lease.depth})


def _sources(conn: sqlite3.Connection, source_ids: Sequence[int] | None) -> Sequence[int | None]:
    if source_ids is not None:
        return source_ids
    return [None, *(row[0] for row in conn.execute("SELECT id FROM sources ORDER BY id"))]


def waiting_places(conn: sqlite3.Connection, sources: Sequence[int | None], after: str = "") -> Iterator[Place]:
    """Hosts of each source with something waiting, in the order of their names, those after a name."""
    for source in sources:
        host = after
        while (row := conn.execute(NEXT_HOST, (source, host)).fetchone()) is not None:
            host = row[0]
            yield source, host


def _take(
    conn: sqlite3.Connection, places: Sequence[Place], count: int, per_host: int, busy_hosts: Mapping[str, int]
) -> list[Lease]:
    """Take one of each host, then another of each, until there are enough."""
    out = Counter(busy_hosts)
    queues = deque((host, conn.execute(BEST_OF_HOST, (source, host))) for source, host in places)
    leases: list[Lease] = []
    while queues and len(leases) < count:
        host, rows = queues.popleft()
        row = rows.fetchone() if out[host] < per_host else None
        if row is not None:
            out[host] += 1
            leases.append(_lease(row))
            queues.append((host, rows))
    return leases


def _lease(row: Sequence[Any]) -> Lease:
    id_, url, kind, host, source_id, depth, how, title, published, modified, etag, last_modified, payload = row
    return Lease(
        id=id_,
        url=url,
        kind=PageKind(kind),
        host=host,
        source_id=source_id,
        depth=depth,
        how=how,
        title=title,
        published=optional_moment(published),
        modified=optional_moment(modified),
        etag=etag,
        last_modified=last_modified,
        payload_sha256=payload,
    )
