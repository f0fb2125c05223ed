"""Fetches counted by source and outcome, from any fetch on: whoever keeps the sum reads only what is new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.timestamps import moment_of

TOTALS = """
SELECT source_id, outcome, outcome = 'stored' AND revision = 1, count(*), max(fetched), max(id)
FROM fetches WHERE id > ? AND source_id IS NOT NULL GROUP BY 1, 2, 3
"""
RUNNING = "SELECT id FROM runs WHERE state = 'running' ORDER BY id DESC LIMIT 1"
LATEST = 20_000
"""Fetches looked through for those of the run that is going on: more than a slice of time holds."""
OF_RUN = """
SELECT outcome, count(*) FROM (SELECT outcome, run_id FROM fetches ORDER BY id DESC LIMIT ?) WHERE run_id = ? GROUP BY outcome
"""


@dataclass(frozen=True, slots=True)
class FetchTotal:
    """Fetches of one source with one outcome."""

    source_id: int
    outcome: str
    is_new: bool
    """Whether they brought articles that were not known before."""
    count: int
    last: datetime
    """When the latest was made, aware UTC."""
    last_id: int


def read_fetch_totals(db: Database, after: int) -> list[FetchTotal]:
    """Count the fetches with a higher number than `after`."""
    return [
        FetchTotal(source, outcome, bool(new), count, moment_of(last), last_id)
        for source, outcome, new, count, last, last_id in db.conn.execute(TOTALS, (after,))
    ]


def read_running(db: Database) -> tuple[int, Mapping[str, int]] | None:
    """The run that is going on, and its fetches by outcome; None where none is."""
    run = db.conn.execute(RUNNING).fetchone()
    return None if run is None else (run[0], dict(db.conn.execute(OF_RUN, (LATEST, run[0])).fetchall()))
