"""What is due, source by source, and the runs of the service, which fetch that and no more.

Due times are rows: `frontier.revisit` of an address, and of a source when its own address (the seed) was last fetched. So nothing
is to be kept beside the archive, and whatever was missed while nothing ran is one run, not many.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.connection import writing
from archive.frontier import release_all, waiting_places
from archive.rows import Run
from archive.timestamps import moment_of, optional_moment, stamp
from archive.wrong_clock import mend_times

SERVICE = "run"
"""`runs.command` of the service's runs."""

SEEDS = """
SELECT max(fetched), coalesce(max(state <> 'done'), 0), count(*) FROM frontier
WHERE source_id = ? AND kind <> 'article' AND kind = 'seed'
"""
FIRST_LISTING = """
SELECT min(revisit) FROM frontier
WHERE source_id = ? AND kind <> 'article' AND kind IN ('feed', 'sitemap', 'listing') AND state = 'done'
"""
FIRST_SEED = "SELECT min(revisit) FROM frontier WHERE source_id = ? AND kind <> 'article' AND kind = 'seed' AND state = 'done'"
FIRST_ARTICLE = """
SELECT revisit FROM frontier
WHERE source_id = ? AND state = 'done' AND revisit IS NOT NULL AND kind = 'article' ORDER BY revisit LIMIT 1
"""
ADDED = "SELECT added FROM sources WHERE id = ?"
REST = "SELECT until FROM host_rests WHERE host = ? AND until > ?"
FILE_WAITS = "SELECT 1 FROM source_files WHERE state = 'waiting' AND source_id = ? LIMIT 1"
IS_LEASED = "SELECT 1 FROM frontier WHERE state = 'leased' AND source_id = ? LIMIT 1"
WAITING = """
SELECT source_id, sum(addresses) FROM (
    SELECT source_id, count(*) AS addresses FROM frontier WHERE state = 'waiting' AND source_id IS NOT NULL GROUP BY source_id
    UNION ALL SELECT source_id, count(*) FROM source_files WHERE state = 'waiting' GROUP BY source_id
) GROUP BY source_id
"""
STORED_OF_FILES = """
SELECT count(*) FROM fetches WHERE outcome = 'stored' AND source_id = :source AND frontier_id IS NULL
    AND run_id >= (SELECT fetched_by FROM frontier WHERE source_id = :source AND kind <> 'article' AND kind = 'seed')
"""
"""Records of files have times of their own, which say nothing of when they were read."""
STORED_SINCE = "SELECT count(*) FROM fetches WHERE outcome = 'stored' AND source_id = ? AND fetched >= ?"

OPEN_LOOK = """
UPDATE frontier SET state = 'waiting'
WHERE source_id = ? AND kind <> 'article' AND state = 'done'
    AND (kind = 'seed' OR (kind = 'feed' AND outcome IN ('listed', 'unchanged')))
"""
"""A look begins: the source's own address, and the feeds that are known to be some."""
OPEN_LISTINGS = """
UPDATE frontier SET state = 'waiting' WHERE source_id = ? AND kind <> 'article' AND state = 'done' AND revisit <= ?
"""
OPEN_ARTICLES = """
UPDATE frontier SET state = 'waiting'
WHERE source_id = ? AND state = 'done' AND revisit IS NOT NULL AND revisit <= ? AND kind = 'article'
"""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What waits and falls due of a source. Moments are aware UTC; None: never."""

    id: int
    looked: datetime | None
    """When its own address was last fetched."""
    looking: bool
    """Whether its own address waits to be fetched."""
    planted: bool
    """Whether its own address is known."""
    waits: bool
    """Whether any address waits to be fetched, of a host that does not rest."""
    seed_due: datetime | None
    """When its own address falls due by itself."""
    listing_due: datetime | None
    """When the first of its feeds, sitemaps and section pages does."""
    article_due: datetime | None
    """When the first of its articles does."""
    stored: int
    """Articles and revisions kept since its own address was last fetched."""
    added: datetime | None = None
    """When the archive first heard of it; None: not known."""
    rested: datetime | None = None
    """When the first host may be asked again, of those that rest and have addresses waiting."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Which addresses of a source a run of the service opens again."""

    source_id: int
    look: bool
    """Its own address and its feeds, due or not."""
    listings: bool
    """Its own address, feeds, sitemaps and section pages that are due."""
    articles: bool
    """Its articles that are due."""


def source_states(db: Database, source_ids: Iterable[int], now: datetime) -> list[SourceState]:
    """Say of each source what waits and falls due: a few looks into indexes, however many addresses there are."""
    return [_state(db.conn, source_id, now) for source_id in source_ids]


def is_cut_off(db: Database) -> bool:
    """Whether a run of the service has not ended: it goes on now, or was stopped or killed."""
    row = db.conn.execute("SELECT EXISTS (SELECT 1 FROM runs WHERE command = ? AND finished IS NULL)", (SERVICE,)).fetchone()
    return bool(row[0])


def waiting_by_source(db: Database) -> dict[int, int]:
    """How many addresses of each source are known and wait to be fetched; those without any are left out."""
    return dict(db.conn.execute(WAITING).fetchall())


def begin_due_run(db: Database, openings: Sequence[Opening], now: datetime) -> Run:
    """Go on with the service's run that was cut off, or else begin one and open what is due again.

    A run that is gone on with opens nothing: no address is fetched twice in one run. Runs of others that died count as
    interrupted; the command that began them goes on with them.
    """
    with writing(db) as conn:
        release_all(conn)
        mend_times(conn, now)
        ids = {opening.source_id for opening in openings}
        cut_off = conn.execute(
            "SELECT id, started, sources FROM runs WHERE command = ? AND finished IS NULL ORDER BY id DESC LIMIT 1", (SERVICE,)
        ).fetchone()
        conn.execute("UPDATE runs SET state = 'interrupted' WHERE state = 'running'")
        if cut_off is not None:
            run_id, started, former = cut_off
            sources = json.dumps(sorted(ids | set(json.loads(former))))
            conn.execute("UPDATE runs SET state = 'running', sources = ? WHERE id = ?", (sources, run_id))
            return Run(run_id, moment_of(started), resumed=True)
        for opening in openings:
            _open(conn, opening, stamp(now))
        run_id = conn.execute(
            "INSERT INTO runs (command, sources, started, state) VALUES (?, ?, ?, 'running')",
            (SERVICE, json.dumps(sorted(ids)), stamp(now)),
        ).lastrowid
    assert run_id is not None
    return Run(run_id, moment_of(stamp(now)), resumed=False)


def _state(conn: sqlite3.Connection, source_id: int, now: datetime) -> SourceState:
    def first(statement: str) -> datetime | None:
        row = conn.execute(statement, (source_id,)).fetchone()
        return optional_moment(row[0]) if row else None

    looked, looking, seeds = conn.execute(SEEDS, (source_id,)).fetchone()
    waits = any(conn.execute(statement, (source_id,)).fetchone() for statement in (IS_LEASED, FILE_WAITS))
    rests = [] if waits else list(_rests(conn, source_id, now))
    waits = waits or None in rests
    stored = conn.execute(STORED_SINCE, (source_id, looked or "")).fetchone()[0]
    if conn.execute("SELECT 1 FROM source_files WHERE source_id = ?", (source_id,)).fetchone():
        stored = conn.execute(STORED_OF_FILES, {"source": source_id}).fetchone()[0]
    return SourceState(
        source_id, optional_moment(looked), bool(looking), seeds > 0, bool(waits),
        first(FIRST_SEED), first(FIRST_LISTING), first(FIRST_ARTICLE), stored, first(ADDED),
        None if waits else min(filter(None, rests), default=None),
    )  # fmt: skip


def _rests(conn: sqlite3.Connection, source_id: int, now: datetime) -> Iterator[datetime | None]:
    """Until when each host rests that has addresses of the source waiting; None ends it: one does not."""
    for _, host in waiting_places(conn, [source_id]):
        row = conn.execute(REST, (host, stamp(now))).fetchone()
        yield optional_moment(row[0]) if row else None
        if row is None:
            return


def _open(conn: sqlite3.Connection, opening: Opening, now: str) -> None:
    if opening.look:
        conn.execute(OPEN_LOOK, (opening.source_id,))
    if opening.listings:
        conn.execute(OPEN_LISTINGS, (opening.source_id, now))
    if opening.articles:
        conn.execute(OPEN_ARTICLES, (opening.source_id, now))
