"""Files of records as a source: which there are, how far each is read, and what became of its records.

How far a file is read stands in the transaction that keeps what was read, so that nothing is lost after `kill -9` and nothing is
counted twice. A file that has changed is read again from its beginning, and its counts begin anew; what of it is kept already
adds nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from archive.connection import writing
from archive.store import keep_visits
from archive.timestamps import optional_moment, optional_stamp, stamp
from archive.visit import Kept, Outcome, Visit

LOOK_AGAIN = timedelta(hours=1)
"""A source without a schedule is looked at for new files so often: it costs a look into a folder."""
MOST_DAMAGED = 1000
"""Damaged records of one file that are named; all are counted."""

PLANT = """
INSERT INTO frontier (url, key, host, source_id, kind, how, found_at, depth, priority)
VALUES (:url, :key, '', :source, 'seed', 'seed', :now, 0, 0)
ON CONFLICT (key) DO UPDATE SET state = CASE WHEN fetched_by IS :run THEN state ELSE 'waiting' END
"""
SEED = "SELECT id, url, state FROM frontier WHERE source_id = ? AND kind <> 'article' AND kind = 'seed'"
CLOSE = """
UPDATE frontier SET state = 'done', leased_by = NULL, fetched = :now, fetched_by = :run, outcome = :outcome, revisit = :revisit
WHERE id = :id
"""
INSERT_LOOK = """
INSERT INTO fetches (run_id, source_id, frontier_id, url, fetched, outcome, reason) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
INSERT_POLL = "INSERT INTO polls (fetch_id, frontier_id, fetched, entries, new, fresh) VALUES (?, ?, ?, ?, ?, ?)"
COLUMNS = "id, path, size, modified, state, place, left_before, left_after, patterns, reason"
ALL = f"SELECT {COLUMNS} FROM source_files WHERE source_id = ? ORDER BY path"  # noqa: S608 - column names only
WAITING = f"SELECT {COLUMNS} FROM source_files WHERE source_id = ? AND state = 'waiting' ORDER BY path"  # noqa: S608
INSERT_FILE = "INSERT INTO source_files (source_id, path, size, modified, found_at) VALUES (?, ?, ?, ?, ?)"
BEGIN_AGAIN = """
UPDATE source_files SET size = ?, modified = ?, state = 'waiting', place = NULL, left_before = NULL, left_after = NULL,
    reason = NULL
WHERE id = ?
"""
FORGET = ("DELETE FROM file_outcomes WHERE file_id = ?", "DELETE FROM damaged_records WHERE file_id = ?")
COUNT = """
INSERT INTO file_outcomes (file_id, outcome, records) VALUES (?, ?, ?)
ON CONFLICT (file_id, outcome) DO UPDATE SET records = records + excluded.records
"""
NOTE_DAMAGED = """
INSERT OR IGNORE INTO damaged_records (file_id, place, reason)
SELECT :file, :place, :reason
WHERE (SELECT count(*) FROM damaged_records WHERE file_id = :file AND reason IS NOT NULL) < :most
"""
NOTE_REVISIT = "INSERT OR IGNORE INTO damaged_records (file_id, place) VALUES (?, ?)"
SETTLE_REVISIT = "DELETE FROM damaged_records WHERE file_id = ? AND place = ? AND reason IS NULL"
REVISITS = "SELECT place FROM damaged_records WHERE file_id = ? AND reason IS NULL"
GO_ON = """
UPDATE source_files SET place = coalesce(:place, place), read_at = :now, patterns = :patterns, reason = :reason,
    state = CASE WHEN :done THEN 'done' ELSE state END,
    left_before = CASE WHEN left_before > :before THEN left_before ELSE coalesce(:before, left_before) END,
    left_after = CASE WHEN left_after < :after THEN left_after ELSE coalesce(:after, left_after) END
WHERE id = :id
"""
"""`max` and `min` of two values would be NULL where one is."""


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it lies there."""

    path: str
    """From the folder of morgue.toml, or whole."""
    size: int
    """Bytes."""
    modified: int
    """Nanoseconds since 1970."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file, and how far it is read."""

    id: int
    path: str
    size: int
    modified: int
    waits: bool
    """Whether it is not read to its end."""
    place: str | None
    """The last record that is dealt with, as whoever reads it calls that; None: none is."""
    left_before: datetime | None
    """Latest time of a record that was left out for being too early, aware; None: none was."""
    left_after: datetime | None
    """Earliest time of one that was too late."""
    patterns: str | None
    """What addresses had to be like when it was read; None: it was not."""
    reason: str | None
    """Why it cannot be read; None: it can."""


@dataclass(slots=True)
class Progress:
    """What one step through a file came to, besides what it keeps."""

    file_id: int
    patterns: str
    place: str | None = None
    """The last record that is dealt with; None: the one before still is."""
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    """Records that bring no visit, by what became of them."""
    damaged: list[tuple[str, str]] = field(default_factory=list)
    """Place and reason; each counts as failed besides."""
    revisits: list[str] = field(default_factory=list)
    """Places of revisits whose page was not met yet."""
    settled: list[str] = field(default_factory=list)
    """Places of those of which it was, or never will be."""
    before: datetime | None = None
    after: datetime | None = None
    """As `SourceFile.left_before` and `left_after`, of this step."""
    done: bool = False
    """Whether the file is read to its end."""
    reason: str | None = None
    """Why it cannot be read at all."""


class SourceFiles:
    """The files of the sources of one open archive."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def plant(self, source_id: int, url: str, run_id: int, now: datetime) -> None:
        """Have a source looked at in a run, if it was not yet in this one. `url` is what names its files."""
        row = {"url": url, "key": f"file:{url}", "source": source_id, "now": stamp(now), "run": run_id}
        with writing(self._db) as conn:
            conn.execute(PLANT, row)

    def is_to_be_looked_at(self, source_id: int) -> bool:
        """Whether a look at its files is due."""
        row = self._db.conn.execute(SEED, (source_id,)).fetchone()
        return row is not None and row[2] != "done"

    def known(self, source_id: int) -> list[SourceFile]:
        """The files of a source that were ever there, by their paths."""
        return [_file(row) for row in self._db.conn.execute(ALL, (source_id,))]

    def waiting(self, source_id: int) -> list[SourceFile]:
        """Those that are not read to their end."""
        return [_file(row) for row in self._db.conn.execute(WAITING, (source_id,))]

    def revisits(self, file_id: int) -> list[str]:
        """Places of the revisits in a file whose page was not met yet."""
        return [place for (place,) in self._db.conn.execute(REVISITS, (file_id,))]

    def note_look(
        self, source_id: int, run_id: int, there: Sequence[FileState], again: Sequence[int], failure: str | None, now: datetime
    ) -> tuple[Outcome, str]:
        """Write down which files a look found, in one transaction; returns its outcome and reason.

        Args:
            source_id: the source.
            run_id: the run.
            there: the files that are there, each once.
            again: ids of known files that are to be read from the beginning, as they have changed or something else is wished.
            failure: why there are none; None: there are.
            now: aware.
        """
        known = {file.path: file for file in self.known(source_id)}
        new = [file for file in there if file.path not in known]
        outcome = Outcome.LISTED if failure is None else Outcome.FAILED
        reason = failure or f"files: {len(there)}, {len(new)} of them new and {len(again)} to be read again"
        with writing(self._db) as conn:
            conn.executemany(INSERT_FILE, [(source_id, f.path, f.size, f.modified, stamp(now)) for f in new])
            for file in there:
                if file.path in known and known[file.path].id in again:
                    _begin_again(conn, known[file.path].id, file)
            self._close(conn, source_id, run_id, outcome, reason, (len(there), len(new)), now)
        return outcome, reason

    def keep(self, run_id: int, source_id: int, visits: Sequence[Visit], progress: Progress, now: datetime) -> list[Kept | None]:
        """Keep what a step through a file brought, its counts, and how far it came: all of it or nothing.

        Returns:
            What became of each visit; None for one without a page that is of no article.

        Raises:
            archive.errors.ArchiveLocked: another process kept the file locked for too long.
        """
        with writing(self._db) as conn:
            kept = keep_visits(conn, run_id, visits, now, source_id=source_id)
            counts = dict(progress.outcomes)
            for became in filter(None, kept):
                counts[became.outcome] = counts.get(became.outcome, 0) + 1
            counts[Outcome.FAILED] = counts.get(Outcome.FAILED, 0) + len(progress.damaged) + (progress.reason is not None)
            conn.executemany(COUNT, [(progress.file_id, name.value, number) for name, number in counts.items() if number])
            conn.executemany(NOTE_REVISIT, [(progress.file_id, place) for place in progress.revisits])
            conn.executemany(SETTLE_REVISIT, [(progress.file_id, place) for place in progress.settled])
            for place, reason in progress.damaged:
                row = {"file": progress.file_id, "place": place, "reason": reason, "most": MOST_DAMAGED}
                conn.execute(NOTE_DAMAGED, row)
            conn.execute(GO_ON, _row(progress, now))
        return kept

    def outcomes(self, source_id: int) -> Mapping[str, int]:
        """What became of the records of a source's files; a file that is not read to its end counts as one put off."""
        rows = self._db.conn.execute(
            "SELECT outcome, sum(records) FROM records_of_files WHERE source_id = ? GROUP BY outcome", (source_id,)
        )
        return dict(rows.fetchall())

    def _close(
        self, conn: sqlite3.Connection, source_id: int, run_id: int, outcome: Outcome, reason: str, listed: tuple[int, int],
        now: datetime,
    ) -> None:  # fmt: skip
        """Write a look as the fetch of the source's address."""
        id_, url, _ = conn.execute(SEED, (source_id,)).fetchone()
        look = (run_id, source_id, id_, url, stamp(now), outcome.value, reason)
        fetch_id = conn.execute(INSERT_LOOK, look).lastrowid
        if outcome is Outcome.LISTED:
            entries, new = listed
            conn.execute(INSERT_POLL, (fetch_id, id_, stamp(now), entries, new, new))
        again = stamp(now + LOOK_AGAIN)
        conn.execute(CLOSE, {"now": stamp(now), "run": run_id, "outcome": outcome.value, "revisit": again, "id": id_})


def _begin_again(conn: sqlite3.Connection, file_id: int, there: FileState) -> None:
    for statement in FORGET:
        conn.execute(statement, (file_id,))
    conn.execute(BEGIN_AGAIN, (there.size, there.modified, file_id))


def _file(row: Sequence[Any]) -> SourceFile:
    id_, path, size, modified, state, place, before, after, patterns, reason = row
    return SourceFile(
        id_, path, size, modified, state == "waiting", place, optional_moment(before), optional_moment(after), patterns, reason
    )


def _row(progress: Progress, now: datetime) -> dict[str, Any]:
    return {
        "id": progress.file_id,
        "place": progress.place,
        "now": stamp(now),
        "patterns": progress.patterns,
        "reason": progress.reason,
        "done": progress.done,
        "before": optional_stamp(progress.before),
        "after": optional_stamp(progress.after),
    }


def patterns_text(allow: Sequence[str], deny: Sequence[str]) -> str:
    """What addresses must be like, as it is kept with a file that was read by it."""
    return json.dumps({"allow": list(allow), "deny": list(deny)}, ensure_ascii=False)
