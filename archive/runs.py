"""Sources, and the runs that crawl them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.connection import writing
from archive.frontier import release_all, reopen_due
from archive.health import note_run
from archive.rows import Run, Source
from archive.timestamps import moment_of, optional_moment, optional_stamp, stamp
from archive.urls import site_of

STAYS_OPEN = "interrupted"
"""State of a run that the next one with the same sources goes on with."""

SOURCES = "SELECT id, name, url, site, paused, pause_reason FROM sources"

END_RUN = """
UPDATE runs SET state = :state, finished = :finished, summary = (
    SELECT json_group_object(outcome, fetches)
    FROM (SELECT outcome, count(*) AS fetches FROM fetches WHERE run_id = :id GROUP BY outcome)
) WHERE id = :id
"""
FORGET_LEFT = "DELETE FROM left_waiting WHERE run_id = ?"
NOTE_LEFT = """
WITH guessed AS MATERIALIZED (
    SELECT f.id, f.source_id FROM frontier AS f WHERE f.kind <> 'article' AND f.state <> 'done' AND f.how = 'guess'
        AND f.article_id IS NULL AND NOT EXISTS (SELECT 1 FROM polls AS p WHERE p.frontier_id = f.id)
), waiting AS (
    SELECT source_id, count(*) AS addresses FROM frontier WHERE state = 'waiting' GROUP BY source_id
    UNION ALL SELECT source_id, count(*) FROM frontier WHERE state = 'leased' GROUP BY source_id
    UNION ALL SELECT f.source_id, -count(DISTINCT f.id) FROM fetches AS e JOIN frontier AS f ON f.id = e.frontier_id
        WHERE e.run_id = :id AND f.state <> 'done' AND f.id NOT IN (SELECT id FROM guessed) GROUP BY f.source_id
    UNION ALL SELECT source_id, -count(*) FROM guessed GROUP BY source_id
)
INSERT INTO left_waiting (run_id, source_id, addresses)
SELECT :id, source_id, sum(addresses) FROM waiting
WHERE source_id IN (SELECT value FROM runs, json_each(runs.sources) WHERE runs.id = :id)
GROUP BY source_id HAVING sum(addresses) > 0
"""
"""A part a state, each answered from that state's index: what is done is not looked at. What another run opened again while this
one was interrupted has its outcome in this one. Guesses of which nothing came are none of the account."""


def add_source(db: Database, url: str, name: str | None, now: datetime | None = None) -> Source:
    """Return the source with that address; made if new, `now` (aware) noted, and renamed if a name is given."""
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO sources (name, url, site, added) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (url) DO UPDATE SET name = coalesce(excluded.name, name)",
            (name, url, site_of(url), optional_stamp(now)),
        )
        return _source(conn.execute(f"{SOURCES} WHERE url = ?", (url,)).fetchone())


def sources(db: Database) -> list[Source]:
    """Return all sources, in the order they were added."""
    return [_source(row) for row in db.conn.execute(f"{SOURCES} ORDER BY id")]


def pause_source(db: Database, source_id: int, reason: str | None, now: datetime) -> None:
    """Pause a source; one that is paused stays so since then, and takes a reason that is given."""
    with writing(db) as conn:
        conn.execute(
            "UPDATE sources SET paused = coalesce(paused, ?), pause_reason = coalesce(?, pause_reason) WHERE id = ?",
            (stamp(now), reason, source_id),
        )


def resume_source(db: Database, source_id: int) -> None:
    """End the pause of a source."""
    with writing(db) as conn:
        conn.execute("UPDATE sources SET paused = NULL, pause_reason = NULL WHERE id = ?", (source_id,))


def _source(row: Sequence[Any]) -> Source:
    id_, name, url, site, paused, reason = row
    return Source(id_, name, url, site, optional_moment(paused), reason)


def begin_run(db: Database, command: str, source_ids: Sequence[int], now: datetime) -> Run:
    """Go on with the newest run of these sources if it had not ended, or begin one and open what is due again."""
    sources = json.dumps(sorted(set(source_ids)))
    with writing(db) as conn:
        release_all(conn)
        conn.execute("UPDATE runs SET state = 'interrupted' WHERE state = 'running'")  # whoever ran them has died
        newest = conn.execute(
            "SELECT id, started, finished FROM runs WHERE sources = ? AND command = ? ORDER BY id DESC LIMIT 1",
            (sources, command),
        ).fetchone()
        if newest is not None and newest[2] is None:
            conn.execute("UPDATE runs SET state = 'running' WHERE id = ?", (newest[0],))
            return Run(newest[0], moment_of(newest[1]), resumed=True)
        reopen_due(conn, source_ids, now)
        run_id = conn.execute(
            "INSERT INTO runs (command, sources, started, state) VALUES (?, ?, ?, 'running')", (command, sources, stamp(now))
        ).lastrowid
    assert run_id is not None
    return Run(run_id, moment_of(stamp(now)), resumed=False)


def end_run(db: Database, run_id: int, state: str, now: datetime) -> None:
    """Write how a run ended, all its parts counted; an interrupted one stays open."""
    finished = None if state == STAYS_OPEN else stamp(now)
    with writing(db) as conn:
        conn.execute(END_RUN, {"id": run_id, "state": state, "finished": finished})
        conn.execute(FORGET_LEFT, (run_id,))
        conn.execute(NOTE_LEFT, {"id": run_id})
        note_run(conn, run_id)
