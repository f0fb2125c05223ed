"""Verify: is every byte, key and count in the archive what it should be?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

from sqlite_utils import Database

from archive.capture import Payload
from archive.errors import DamagedPayload
from archive.mending import INDEXES, MISCOMPARED, damaged_indexes
from archive.pairs import count_missing
from archive.payloads import COPIES, DICTIONARY_NUMBERS, SELECT_PAYLOAD, read_body, read_copy
from archive.rows import Problem

RESTORE = "restore the file from a copy"
MEND = "nothing is lost: `morgue verify --mend` makes it anew from the rest of the file"
NEXT_CRAWL = "the next crawl of its source puts it right"

REVISION_COUNTS = """
SELECT 'article ' || a.id,
    'says ' || a.revisions || ' revisions, has ' || count(r.number) || ', the last is number ' || coalesce(max(r.number), 0)
FROM articles AS a LEFT JOIN revisions AS r ON r.article_id = a.id
GROUP BY a.id HAVING a.revisions <> count(r.number) OR a.revisions <> max(r.number)
"""
NEWEST = """
SELECT 'article ' || a.id, 'shows revision ' || a.newest || ', and the one of the latest capture is ' || n.number
FROM articles AS a JOIN (
    SELECT r.article_id, r.number,
        row_number() OVER (PARTITION BY r.article_id ORDER BY c.fetched DESC, r.number DESC) AS place
    FROM revisions AS r JOIN captures AS c ON c.id = r.capture_id
) AS n ON n.article_id = a.id AND n.place = 1
WHERE n.number <> a.newest
"""
UNUSED_PAYLOADS = """
SELECT 'payload ' || sha256, 'no capture refers to it' FROM payloads AS p
WHERE NOT EXISTS (SELECT 1 FROM captures WHERE payload = p.sha256)
"""
LOST_LEASES = """
SELECT 'address ' || f.id, 'is leased by ' || coalesce('run ' || f.leased_by || ', which has ended', 'no run')
FROM frontier AS f LEFT JOIN runs AS r ON r.id = f.leased_by
WHERE f.state = 'leased' AND (r.id IS NULL OR r.finished IS NOT NULL)
"""

UNFINISHED_TAKEDOWNS = """
SELECT 'takedown ' || id, 'of ' || url || ' is not finished: its bytes may still be in the file'
FROM tombstones WHERE erased IS NULL
"""

COUNTS = (
    ("revisions", REVISION_COUNTS, RESTORE),
    ("revisions", NEWEST, RESTORE),
    ("changes", MISCOMPARED, MEND),
    ("orphan", UNUSED_PAYLOADS, "it takes room and does no harm"),
    ("frontier", LOST_LEASES, NEXT_CRAWL),
    ("takedown", UNFINISHED_TAKEDOWNS, "run `morgue takedown` with that address again"),
)
"""Kind, query for place and detail, advice."""


def verify(db: Database, *, readonly: bool, progress: Callable[[int, int], None] | None) -> list[Problem]:
    """Check the file and all that is in it; nothing is changed.

    Args:
        db: the archive.
        readonly: whether it is open read-only; then the search index is only counted, as SQLite's check of it is a write.
        progress: told how many payloads of how many are checked.

    """
    checks: list[Callable[[], Iterator[Problem]]] = [
        lambda: _file(db),
        lambda: _payloads(db, progress),
        lambda: _dictionaries(db),
        lambda: _foreign_keys(db),
        lambda: _index_counts(db) if readonly else _indexes(db),
        lambda: _pairs(db),
        lambda: _counts(db),
    ]
    problems: list[Problem] = []
    for check in checks:
        try:
            problems.extend(check())
        except sqlite3.DatabaseError as error:
            problems.append(Problem("file", "file", f"cannot be read to its end: {error}", RESTORE))
    return list(dict.fromkeys(problems))


def read_payload(db: Database, capture_id: int) -> bytes:
    """Return the decoded bytes of a capture, checked against their digest.

    Raises:
        DamagedPayload: they are not what was stored, or there is no such capture.

    """
    row = db.conn.execute(
        f"{SELECT_PAYLOAD} WHERE sha256 = (SELECT payload FROM captures WHERE id = ?)",  # noqa: S608
        (capture_id,),
    ).fetchone()
    if row is None:
        raise DamagedPayload(f"capture {capture_id} has no payload in the archive: `morgue verify` says what is missing")
    try:
        return read_body(db.conn, Payload(*row))
    except ValueError as error:
        raise DamagedPayload(f"the payload of capture {capture_id}: {error}: {RESTORE}") from error


def _file(db: Database) -> Iterator[Problem]:
    for (line,) in db.conn.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield Problem("file", "file", line, RESTORE)


def _payloads(db: Database, progress: Callable[[int, int], None] | None) -> Iterator[Problem]:
    total = db.conn.execute("SELECT count(*) FROM payloads").fetchone()[0]
    for done, row in enumerate(_payload_rows(db), start=1):
        try:
            read_body(db.conn, Payload(*row))
        except ValueError as error:
            yield Problem("payload", f"payload {row[0]}", str(error), RESTORE)
        if progress is not None:
            progress(done, total)


def _payload_rows(db: Database) -> Iterator[tuple[str, int, str, bytes, int | None]]:
    """All payloads, those of one dictionary together, so that it is unpacked once."""
    yield from db.conn.execute(f"{SELECT_PAYLOAD} WHERE dictionary_id IS NULL")
    numbers = db.conn.execute("SELECT DISTINCT dictionary_id FROM payloads WHERE dictionary_id IS NOT NULL").fetchall()
    for (number,) in numbers:
        yield from db.conn.execute(f"{SELECT_PAYLOAD} WHERE dictionary_id = ?", (number,))


def _dictionaries(db: Database) -> Iterator[Problem]:
    for (number,) in db.conn.execute(DICTIONARY_NUMBERS).fetchall():
        damaged = [table for table in COPIES if read_copy(db.conn, number, table) is None]
        if len(damaged) == len(COPIES):
            yield Problem("dictionary", f"dictionary {number}", "is missing or damaged, and so is its spare copy", RESTORE)
        elif damaged:
            detail = f"its copy in {damaged[0]} is missing or damaged, the other is sound: pages are read from that"
            yield Problem("dictionary", f"dictionary {number}", detail, MEND)


def _foreign_keys(db: Database) -> Iterator[Problem]:
    for table, rowid, parent, _ in db.conn.execute("PRAGMA foreign_key_check"):
        yield Problem("foreign key", f"{table} row {rowid}", f"refers to a row of {parent} that is not there", RESTORE)


def _indexes(db: Database) -> Iterator[Problem]:
    """Let FTS5 compare its indexes with the texts; a command of its own that changes nothing."""
    for name in damaged_indexes(db):
        yield Problem("search index", name, f"does not agree with {INDEXES[name]}", MEND)


def _index_counts(db: Database) -> Iterator[Problem]:
    for name, table in INDEXES.items():
        indexed, rows = db.conn.execute(
            f"SELECT (SELECT count(*) FROM {name}_docsize), (SELECT count(*) FROM {table})"  # noqa: S608 - fixed names
        ).fetchone()
        if indexed != rows:
            yield Problem("search index", name, f"holds {indexed} rows of {rows}", MEND)


def _pairs(db: Database) -> Iterator[Problem]:
    missing = count_missing(db.conn)
    if missing:
        yield Problem("search index", "pairs", f"lacks {missing} articles in scripts without spaces", MEND)


def _counts(db: Database) -> Iterator[Problem]:
    for kind, query, advice in COUNTS:
        for where, detail, *_ in db.conn.execute(query):
            yield Problem(kind, where, detail, advice)
