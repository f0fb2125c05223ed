"""Articles as they are written: the row that shows the newest reading, and each reading with its blocks and evidence."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from itertools import chain

from archive import copies
from archive.known import NEWEST_READING, KnownArticle
from archive.pairs import write_pairs
from archive.readings import keep_reading
from archive.revision import Revision, RevisionBlock, RevisionEvidence, body_text
from archive.sightings import note_further_pages
from archive.timestamps import stamp

ARTICLE_COLUMNS = "title, dek, byline, published, published_precision, modified, lang, section, word_count, text"

NEXT_ARTICLE = """
1 + max(coalesce((SELECT max(id) FROM articles), 0), coalesce((SELECT max(article_id) FROM tombstones), 0))
"""
"""A number that no article has, nor one that was taken down: it may have been cited."""

INSERT_ARTICLE = f"""
INSERT INTO articles (id, url, site, {ARTICLE_COLUMNS}, first_seen, last_seen, revisions, newest)
VALUES ({NEXT_ARTICLE}, ?, ?, {"?, " * 10} ?, ?, 1, 1)
"""  # noqa: S608 - column names only

UPDATE_ARTICLE = f"UPDATE articles SET ({ARTICLE_COLUMNS}, newest) = ({', '.join('?' * 11)}) WHERE id = ?"  # noqa: S608

COUNT_REVISION = "UPDATE articles SET revisions = ? WHERE id = ?"

SEEN = """
UPDATE articles SET first_seen = min(first_seen, :seen), last_seen = max(last_seen, :seen),
    withdrawn = CASE WHEN withdrawn > :seen THEN withdrawn END
WHERE id = :id AND (first_seen > :seen OR last_seen < :seen OR withdrawn <= :seen)
"""
"""Found up then: what is newer than that stays as it is, for captures need not come in the order of their times."""

PAGE = "SELECT url, fetched, payload FROM captures WHERE id = ?"

REVISION_FIELDS = (
    "reader, title, dek, byline, authors, published, published_precision, published_earliest, published_latest, "
    "published_basis, published_zone_known, modified, lang, section, tags, description, site_name, image, licence, paywalled, "
    "word_count, text, reading_id"
)
"""Columns of a revision that another reading of its capture may change, beside its digest and `read_at`."""

INSERT_REVISION = f"""
INSERT INTO revisions (article_id, number, digest, capture_id, read_at, {REVISION_FIELDS}) VALUES ({", ".join("?" * 28)})
"""  # noqa: S608

REWRITE_REVISION = f"""{INSERT_REVISION} ON CONFLICT (article_id, number) DO UPDATE SET
    (digest, read_at, {REVISION_FIELDS})
    = (excluded.digest, excluded.read_at, {", ".join(f"excluded.{name}" for name in REVISION_FIELDS.split(", "))})
"""
"""Another reading of the same capture, in the place of the one that is there."""

INSERT_BLOCKS = f"INSERT INTO blocks (article_id, revision, position, {', '.join(RevisionBlock._fields)}) VALUES "  # noqa: S608

INSERT_EVIDENCE = f"INSERT INTO evidence (article_id, revision, {', '.join(RevisionEvidence._fields)}) VALUES "  # noqa: S608

ROWS_AT_ONCE = 16
"""Rows of one table in one statement. Python's lock is given up and asked for again at each statement, which beside a busy event
loop takes longer than the row; and by itself, 184 rows (the mean of saved pages) take a sixth less time than one by one."""


def add_reading(
    conn: sqlite3.Connection,
    article_id: int | None,
    revision: Revision,
    captures: Sequence[int],
    fetched: datetime,
    now: datetime,
) -> tuple[int, int]:
    """Keep a reading of captures that are there and gave no revision: as the next one of an article, or as a new article.

    Args:
        conn: inside a transaction.
        article_id: the article; None: a new one.
        revision: the reading.
        captures: ids of the page, and of its further pages.
        fetched: when the page was; aware.
        now: aware.

    Returns:
        Article and number of the revision.

    """
    row = None if article_id is None else conn.execute(f"{NEWEST_READING} WHERE a.id = ?", (article_id,)).fetchone()
    known = None if row is None else KnownArticle(*row)
    number = known.revisions + 1 if known else 1
    is_latest = known is None or known.place_of(*conn.execute(PAGE, (captures[0],)).fetchone()) >= known.place
    article_id = write_article(conn, revision, known, number, stamp(fetched), is_latest=is_latest)
    write_revision(conn, article_id, number, revision, captures, now)
    copies.note_reading(conn, article_id, number, revision)
    return article_id, number


def rewrite_reading(conn: sqlite3.Connection, article_id: int, number: int, revision: Revision, now: datetime) -> None:
    """Put another reading of the same capture in the place of a revision, and into the article's row where that shows it.

    The address, and the captures it was read from, stay. `lineage.note_revisions` is the caller's.
    """
    row = conn.execute("SELECT capture_id FROM revisions WHERE article_id = ? AND number = ?", (article_id, number)).fetchone()
    _write_row(conn, REWRITE_REVISION, (article_id, number, revision.digest, row[0]), revision, now)
    for table in ("blocks", "evidence"):
        conn.execute(f"DELETE FROM {table} WHERE article_id = ? AND revision = ?", (article_id, number))  # noqa: S608
    _write_parts(conn, article_id, number, revision)
    if conn.execute("SELECT newest FROM articles WHERE id = ?", (article_id,)).fetchone()[0] == number:
        _show(conn, article_id, number, revision)
    copies.note_reading(conn, article_id, number, revision)


def write_article(
    conn: sqlite3.Connection, r: Revision, known: KnownArticle | None, number: int, seen: str, *, is_latest: bool
) -> int:
    """Insert the article's row, or bring it up to this reading if it is the latest; returns its id.

    Args:
        conn: inside a transaction.
        r: the reading.
        known: the article, if it is there.
        number: of the reading.
        seen: when its page was fetched.
        is_latest: whether none is of a later page.

    """
    values = (
        r.title, r.dek, r.byline, r.published, r.published_precision, r.modified, r.lang, r.section, r.word_count, r.text,
    )  # fmt: skip
    if known is None:
        article_id = conn.execute(INSERT_ARTICLE, (r.url, r.site, *values, seen, seen)).lastrowid
        assert article_id is not None
        write_pairs(conn, article_id, r.title, r.dek, r.byline, r.text)
        _write_authors(conn, article_id, r)
        return article_id
    conn.execute(COUNT_REVISION, (number, known.article_id))
    conn.execute(SEEN, {"seen": seen, "id": known.article_id})
    if is_latest:
        _show(conn, known.article_id, number, r)
    return known.article_id


def _show(conn: sqlite3.Connection, article_id: int, number: int, r: Revision) -> None:
    """Have the article's row, and what hangs on it, show a revision."""
    values = (
        r.title, r.dek, r.byline, r.published, r.published_precision, r.modified, r.lang, r.section, r.word_count, r.text,
    )  # fmt: skip
    conn.execute(UPDATE_ARTICLE, (*values, number, article_id))
    write_pairs(conn, article_id, r.title, r.dek, r.byline, r.text)
    _write_authors(conn, article_id, r)


def _write_authors(conn: sqlite3.Connection, article_id: int, revision: Revision) -> None:
    conn.execute("DELETE FROM authors WHERE article_id = ?", (article_id,))
    authors = [(article_id, place, a.name, a.kind, a.role, a.url) for place, a in enumerate(revision.authors)]
    conn.executemany("INSERT INTO authors VALUES (?, ?, ?, ?, ?, ?)", authors)


def write_revision(
    conn: sqlite3.Connection,
    article_id: int,
    number: int,
    revision: Revision,
    captures: Sequence[int],
    now: datetime,
) -> None:
    """Write a reading as a revision of its article, with its blocks and evidence; `captures` are the pages it was read from."""
    _write_row(conn, INSERT_REVISION, (article_id, number, revision.digest, captures[0]), revision, now)
    note_further_pages(conn, article_id, number, captures)
    _write_parts(conn, article_id, number, revision)


def _write_row(conn: sqlite3.Connection, statement: str, names: tuple[int, int, str, int], r: Revision, now: datetime) -> None:
    """Write the row of a revision; `names` are article, number, digest and capture."""
    own_text = None if r.text == body_text([(b.label, b.text) for b in r.blocks]) else r.text
    conn.execute(
        statement,
        (
            *names, stamp(now), r.reader, r.title, r.dek, r.byline,
            as_json([author._asdict() for author in r.authors]), r.published, r.published_precision,
            r.published_earliest, r.published_latest, r.published_basis, r.published_zone_known, r.modified, r.lang, r.section,
            as_json(r.tags), r.description, r.site_name, r.image, r.licence, r.paywalled, r.word_count, own_text,
            keep_reading(conn, r.reader, r.read_with, now),
        ),
    )  # fmt: skip


def _write_parts(conn: sqlite3.Connection, article_id: int, number: int, r: Revision) -> None:
    _insert_rows(conn, INSERT_BLOCKS, [(article_id, number, place, *block) for place, block in enumerate(r.blocks)])
    _insert_rows(conn, INSERT_EVIDENCE, [(article_id, number, *evidence) for evidence in r.evidence])


def _insert_rows(conn: sqlite3.Connection, insert: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert rows of one table; `insert` is the statement up to its values."""
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        conn.execute(insert + _places(len(some), len(some[0])), tuple(chain.from_iterable(some)))


@cache
def _places(rows: int, columns: int) -> str:
    """Parameters for so many rows; there are as many of these as `ROWS_AT_ONCE` for each table."""
    return ", ".join([f"({', '.join('?' * columns)})"] * rows)


def as_json(value: object) -> str:
    """JSON as the columns hold it: letters as they are."""
    return json.dumps(value, ensure_ascii=False)
