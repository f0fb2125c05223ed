"""Verify: is every byte, key and count in the archive what it should be?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial

from sqlite_utils import Database

from archive import agreement, copies, events, lineage, migrations, newest, schema
from archive.capture import Payload
from archive.errors import DamagedPayload
from archive.mending import (
    INDEXES,
    LONE_COPIES,
    LOST_VALUES,
    MISCOMPARED,
    agrees_with_digest,
    can_be_made_anew,
    damaged_indexes,
    is_whole,
)
from archive.pairs import count_missing
from archive.payloads import COPIES, DICTIONARY_NUMBERS, SELECT_PAYLOAD, read_body, read_copy
from archive.rows import Problem
from archive.texts import broken_texts, is_unreadable

RESTORE = "restore the file from a copy"
MEND = "nothing is lost: `morgue repair` makes it anew from the rest of the file"
READ_AGAIN = "restore the file from a copy; if there is none, `morgue reextract` reads the page again"
BLOCK_AGAIN = "restore the file from a copy; `morgue repair` blocks that address again, and not the others that showed it"
NEEDS_COPY = frozenset({RESTORE, READ_AGAIN, BLOCK_AGAIN})
"""Advice on what is lost from this file."""
CUT_OFF = "cannot be read to its end"
NEXT_CRAWL = "the next crawl of its source puts it right"

INCOMPLETE = f"""
SELECT id, last FROM (SELECT id, ({newest.LAST_NUMBER.replace(":id", "a.id")}) AS last FROM articles AS a)
WHERE last = 0 OR last <> (SELECT count(*) FROM revisions WHERE article_id = id)
"""  # noqa: S608 - names only
"""Articles that lack revisions, and the last number that is known of each."""

WAS_READ_FROM = """
SELECT min(c.id) FROM fetches AS f JOIN captures AS c ON c.fetch_id = f.id
WHERE f.article_id = ? AND f.revision = ? AND f.outcome = 'stored'
"""

CAPTURES_WITH = "SELECT id, url FROM captures WHERE payload = ? ORDER BY id LIMIT 4"
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

UNLINKED_FETCHES = f"SELECT 'fetch ' || f.id, 'does not name the article that was read there' FROM ({agreement.UNLINKED}) AS f"  # noqa: S608

COUNTS = (
    *(("article", query, MEND) for query in newest.ASTRAY),
    ("changes", MISCOMPARED, MEND),
    ("copies", f"SELECT 'story ' || story, 'is told by one article alone' FROM ({LONE_COPIES})", MEND),  # noqa: S608
    ("copies", f"SELECT 'article ' || article_id, 'is in the index of signatures and has none' FROM ({LOST_VALUES})", MEND),  # noqa: S608
    ("orphan", UNUSED_PAYLOADS, "it takes room and does no harm"),
    ("frontier", LOST_LEASES, NEXT_CRAWL),
    ("takedown", UNFINISHED_TAKEDOWNS, "run `morgue takedown` with that address again"),
    ("takedown", agreement.KEYLESS, BLOCK_AGAIN),
    ("takedown", agreement.WITHOUT_DIGESTS, RESTORE),
    ("copies", agreement.NO_VALUES, MEND),
    ("lists", agreement.NO_LISTS, RESTORE),
    ("moments", agreement.NO_MOMENTS, RESTORE),
    ("revisions", agreement.HOLES, READ_AGAIN),
    ("revisions", agreement.PAGE_HOLES, RESTORE),
    ("evidence", agreement.EVIDENCE_HOLES, READ_AGAIN),
    ("evidence", agreement.OTHER_EVIDENCE, READ_AGAIN),
    ("rights", agreement.WITHOUT_RIGHTS, READ_AGAIN),
    ("fetches", UNLINKED_FETCHES, MEND),
    *(("moments", agreement.UNTIMELY.format(column=column), MEND) for column in agreement.MOMENTS),
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
        lambda: _schema(db),
        lambda: _texts(db),
        lambda: _payloads(db, progress),
        lambda: _dictionaries(db),
        lambda: _foreign_keys(db),
        lambda: _index_counts(db) if readonly else _indexes(db),
        lambda: _pairs(db),
        lambda: _revisions(db),
        lambda: _readings(db),
        *(partial(_count, db, *count) for count in COUNTS),
        lambda: _host_files(db),
        lambda: _changes(db),
        lambda: _events(db),
        lambda: _signatures(db),
    ]
    problems: list[Problem] = []
    for check in checks:
        try:
            problems.extend(check())
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:  # the latter where a row holds what is never written
            problems += (
                [_cut_short(problems)] if is_unreadable(error) else [Problem("file", "file", f"{CUT_OFF}: {error}", RESTORE)]
            )
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


def _schema(db: Database) -> Iterator[Problem]:
    """Half a migration, and parts that are missing."""
    tables = migrations.missing_parts(db.conn, schema.TABLES)
    for name in tables:
        yield Problem("schema", name, "is not the table that this version makes", RESTORE)
    for name in migrations.missing_parts(db.conn, migrations.PARTS):
        yield Problem("schema", name, "is missing, or other than this version makes it", MEND)
    version, noted = db.conn.execute("PRAGMA user_version").fetchone()[0], migrations.steps_noted(db)
    if version != noted:
        detail = f"the file says that its schema is number {version}, and {noted} steps to it are noted"
        yield Problem("schema", "_sqlite_migrations", detail, RESTORE if tables else MEND)


def _texts(db: Database) -> Iterator[Problem]:
    for broken in broken_texts(db.conn):
        detail = f"{' and '.join(broken.columns)} cannot be read: it is no UTF-8"
        yield Problem("text", broken.place, detail, MEND if can_be_made_anew(db.conn, broken) else RESTORE)


def _cut_short(found: list[Problem]) -> Problem:
    """What is told of a check that met a text that cannot be read, by what was found before."""
    mendable = {problem.advice for problem in found if problem.kind == "text"} == {MEND}
    return Problem(
        "text", "file", "not all that follows from texts that cannot be read could be checked", MEND if mendable else RESTORE
    )


def _payloads(db: Database, progress: Callable[[int, int], None] | None) -> Iterator[Problem]:
    total = db.conn.execute("SELECT count(*) FROM payloads").fetchone()[0]
    for done, row in enumerate(_payload_rows(db), start=1):
        try:
            read_body(db.conn, Payload(*row))
        except ValueError as error:
            lost = [f"capture {number} of {url}" for number, url in db.conn.execute(CAPTURES_WITH, (row[0],)).fetchall()]
            yield Problem("payload", f"payload {row[0]}", "; ".join([str(error), *lost]), RESTORE)
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
        where = table if rowid is None else f"{table} row {rowid}"  # a table without row ids has none to name
        lost = f"; it is of {_url_of(db, rowid)}" if table == "captures" and parent == "payloads" else ""
        yield Problem("foreign key", where, f"refers to a row of {parent} that is not there{lost}", RESTORE)


def _url_of(db: Database, capture_id: int) -> str:
    return str(db.conn.execute("SELECT url FROM captures WHERE id = ?", (capture_id,)).fetchone()[0])


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
        elif detail := _unreadable(db, name):
            yield Problem("search index", name, detail, MEND)


def _unreadable(db: Database, index: str) -> str | None:
    """What is wrong with the lists of an index, which are read to their end; the file need not be writable for that."""
    try:
        db.conn.execute(f"CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, {index}, row)")
        try:
            db.conn.execute("SELECT sum(doc) FROM temp.terms").fetchone()
        finally:
            db.conn.execute("DROP TABLE temp.terms")
    except sqlite3.DatabaseError as error:
        return f"cannot be read to its end: {error}"
    return None


def _pairs(db: Database) -> Iterator[Problem]:
    missing = count_missing(db.conn)
    if missing:
        yield Problem("search index", "pairs", f"lacks {missing} articles in scripts without spaces", MEND)


def _revisions(db: Database) -> Iterator[Problem]:
    for article_id, last in db.conn.execute(INCOMPLETE).fetchall():
        there = {n for (n,) in db.conn.execute("SELECT number FROM revisions WHERE article_id = ?", (article_id,))}
        for number in sorted(set(range(1, max(last, 1) + 1)) - there):
            (capture,) = db.conn.execute(WAS_READ_FROM, (article_id, number)).fetchone()
            source = "" if capture is None else f"; what it was read from is there: capture {capture}"
            yield Problem("revisions", f"article {article_id}", f"its revision {number} is lost{source}", RESTORE)


def _readings(db: Database) -> Iterator[Problem]:
    """Hold each revision against its digest."""
    for article_id, number in db.conn.execute("SELECT article_id, number FROM revisions"):
        if not agrees_with_digest(db.conn, article_id, number):
            detail = "its fields or blocks are not what its digest says"
            yield Problem("revisions", f"article {article_id} revision {number}", detail, READ_AGAIN)


def _changes(db: Database) -> Iterator[Problem]:
    for article_id, number in lineage.missing(db.conn):
        yield Problem("changes", f"article {article_id} revision {number}", "lacks what changed with it", MEND)


def _events(db: Database) -> Iterator[Problem]:
    for article_id in events.stale(db.conn):
        yield Problem("events", f"article {article_id}", "its events do not follow from its fetches", MEND)


def _signatures(db: Database) -> Iterator[Problem]:
    missing = copies.count_unsigned(db.conn)
    if missing:
        yield Problem("copies", "signatures", f"{missing} articles were not compared with the others", MEND)


def _count(db: Database, kind: str, query: str, advice: str) -> Iterator[Problem]:
    for where, detail, *of_article in db.conn.execute(query).fetchall():
        lost = kind == "article" and not is_whole(db.conn, of_article[0])
        yield Problem(kind, where, detail, READ_AGAIN if lost else advice)


def _host_files(db: Database) -> Iterator[Problem]:
    for number, host, name in agreement.other_host_files(db.conn):
        yield Problem("host file", f"host file {number}", f"{name} of {host} does not match its SHA-256", RESTORE)
