"""Tombstones: what was taken down, known again under any of its addresses, by its bytes, or by what it reads like."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from archive.numbers import within
from archive.order import key_of
from archive.rows import Tombstone
from archive.timestamps import moment_of, optional_moment
from archive.urls import canonical_url
from archive.visit import Outcome, Visit

REASON_BY_KEY = """
SELECT t.reason FROM tombstone_keys AS k JOIN tombstones AS t ON t.id = k.tombstone_id
WHERE k.key IN (SELECT value FROM json_each(?)) LIMIT 1
"""
REASONS_BY_DIGEST = """
SELECT d.digest, t.reason FROM tombstone_digests AS d JOIN tombstones AS t ON t.id = d.tombstone_id
WHERE d.kind <> 'removed' AND d.digest IN (SELECT value FROM json_each(?)) ORDER BY d.digest
"""
ARTICLES_AT = """
SELECT id FROM articles WHERE url = :url
UNION SELECT article_id FROM frontier WHERE key = :key AND article_id IS NOT NULL
UNION SELECT article_id FROM fetches WHERE url = :url AND article_id IS NOT NULL
"""
HELD = """
SELECT EXISTS (SELECT 1 FROM revisions WHERE article_id IN (SELECT value FROM json_each(:articles)) AND digest = :digest)
    OR EXISTS (SELECT 1 FROM captures AS c JOIN fetches AS f ON f.id = c.fetch_id
        WHERE c.payload = :digest AND f.article_id IN (SELECT value FROM json_each(:articles)))
"""
"""Whether articles have a page or a reading with a digest."""

SELECT_TOMBSTONE = "SELECT t.id, t.url, t.reason, t.taken_down, t.article_id, t.erased FROM tombstones AS t"


def find_tombstone(db: Database, url: str) -> Tombstone | None:
    """What remains of an address that was taken down, by any of its names; None for all others."""
    keys = {key_of(url), key_of(canonical_url(url))}
    row = db.conn.execute(
        f"{SELECT_TOMBSTONE} JOIN tombstone_keys AS k ON k.tombstone_id = t.id "  # noqa: S608 - a statement of this module
        "WHERE k.key IN (SELECT value FROM json_each(?)) LIMIT 1",
        (json.dumps(sorted(keys)),),
    ).fetchone()
    return _tombstone(row) if row is not None else None


def tombstone_of(db: Database, article_id: int) -> Tombstone | None:
    """What remains of the article that had a number; None where none with it was taken down."""
    row = db.conn.execute(f"{SELECT_TOMBSTONE} WHERE t.article_id = ?", (within(article_id),)).fetchone()
    return _tombstone(row) if row is not None else None


def refused(conn: sqlite3.Connection, visit: Visit) -> Visit | None:
    """What is kept of a visit that brings back what was taken down: the account of it alone. None for any other visit.

    Args:
        conn: inside a transaction.
        visit: as fetched or taken in.

    """
    if not (visit.captures or visit.revision) or not _any(conn):
        return None
    url = visit.revision.url if visit.revision is not None else visit.url
    addresses = {visit.url, url, *(capture.url for capture in visit.captures)}
    reading = visit.revision.digest if visit.revision is not None else None
    reason = find_refusal(conn, url, addresses, [capture.payload.sha256 for capture in visit.captures], reading)
    if reason is None:
        return None
    return Visit(
        visit.url, visit.fetched, Outcome.OUT_OF_SCOPE, f"taken down: {reason}", visit.lease, visit.status, visit.seconds
    )


def refusal_of_reading(
    conn: sqlite3.Connection, fetch_id: int, url: str, reading: str | None, article_id: int | None
) -> str | None:
    """Why what was read from kept captures must become no revision; None where it may.

    Args:
        conn: the archive.
        fetch_id: the fetch that brought the captures.
        url: address that the reading would be kept under.
        reading: its digest.
        article_id: the article that it would be a revision of; None: whichever is at the address.

    """
    if not _any(conn):
        return None
    rows = conn.execute(
        "SELECT f.url, c.url, c.payload FROM captures AS c JOIN fetches AS f ON f.id = c.fetch_id WHERE f.id = ?", (fetch_id,)
    ).fetchall()
    addresses = {url, *(row[0] for row in rows), *(row[1] for row in rows)}
    return find_refusal(conn, url, addresses, [row[2] for row in rows], reading, article_id)


def find_refusal(
    conn: sqlite3.Connection,
    url: str,
    addresses: Iterable[str],
    payloads: Iterable[str],
    reading: str | None,
    article_id: int | None = None,
) -> str | None:
    """Why something must not be kept: the reason of the takedown that it would undo; None where it may be kept.

    Bytes or words that were taken down stay with another article that had them too, and are not refused there.

    Args:
        conn: the archive.
        url: address that it would be kept under.
        addresses: all that it was found at.
        payloads: SHA-256 of its pages.
        reading: digest of what was read from them; None: nothing was.
        article_id: the article that it would be of; None: whichever is at `url`.

    """
    if not _any(conn):
        return None
    row = conn.execute(REASON_BY_KEY, (json.dumps([key_of(address) for address in {url, *addresses}]),)).fetchone()
    if row is not None:
        return str(row[0])
    digests = {*payloads, *([reading] if reading is not None else [])}
    found = conn.execute(REASONS_BY_DIGEST, (json.dumps(sorted(digests)),)).fetchall()
    if not found:
        return None
    there = [(article_id,)] if article_id is not None else conn.execute(ARTICLES_AT, {"url": url, "key": key_of(url)}).fetchall()
    held = {"articles": json.dumps([number for (number,) in there])}
    return next((reason for digest, reason in found if not conn.execute(HELD, {**held, "digest": digest}).fetchone()[0]), None)


def taken_down_keys(conn: sqlite3.Connection, keys: Iterable[str]) -> set[str]:
    """Those of the keys whose address was taken down."""
    if not _any(conn):
        return set()
    rows = conn.execute("SELECT key FROM tombstone_keys WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),))
    return {key for (key,) in rows}


def _any(conn: sqlite3.Connection) -> bool:
    return conn.execute("SELECT 1 FROM tombstones LIMIT 1").fetchone() is not None


def _tombstone(row: Sequence[object]) -> Tombstone:
    number, url, reason, taken_down, article_id, erased = row
    assert isinstance(number, int)
    assert article_id is None or isinstance(article_id, int)
    erased_at = optional_moment(None if erased is None else str(erased))
    return Tombstone(number, str(url), str(reason), moment_of(str(taken_down)), article_id, erased_at)
