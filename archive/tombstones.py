"""Tombstones: what was taken down, known again under any of its addresses, by its bytes, or by what it reads like."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from archive.rows import Tombstone
from archive.timestamps import moment_of, optional_moment
from archive.urls import address_key, canonical_url
from archive.visit import Outcome, Visit

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


def refused(conn: sqlite3.Connection, visit: Visit) -> Visit | None:
    """What is kept of a visit that brings back what was taken down: the account of it alone. None for any other visit.

    Args:
        conn: inside a transaction.
        visit: as fetched or taken in.

    """
    if not (visit.captures or visit.revision) or not _any(conn):
        return None
    addresses = {visit.url, *(capture.url for capture in visit.captures)}
    digests = {capture.payload.sha256 for capture in visit.captures}
    if visit.revision is not None:
        addresses.add(visit.revision.url)
        digests.add(visit.revision.digest)
    row = conn.execute(
        "SELECT reason FROM tombstones WHERE id = coalesce("
        "(SELECT tombstone_id FROM tombstone_keys WHERE key IN (SELECT value FROM json_each(?)) LIMIT 1), "
        "(SELECT tombstone_id FROM tombstone_digests "
        "WHERE kind <> 'removed' AND digest IN (SELECT value FROM json_each(?)) LIMIT 1))",
        (json.dumps([key_of(url) for url in addresses]), json.dumps(list(digests))),
    ).fetchone()
    if row is None:
        return None
    return Visit(
        visit.url, visit.fetched, Outcome.OUT_OF_SCOPE, f"taken down: {row[0]}", visit.lease, visit.status, visit.seconds
    )


def taken_down_keys(conn: sqlite3.Connection, keys: Iterable[str]) -> set[str]:
    """Those of the keys whose address was taken down."""
    if not _any(conn):
        return set()
    rows = conn.execute("SELECT key FROM tombstone_keys WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),))
    return {key for (key,) in rows}


def _any(conn: sqlite3.Connection) -> bool:
    return conn.execute("SELECT 1 FROM tombstones LIMIT 1").fetchone() is not None


def key_of(url: str) -> str:
    """What addresses are compared by; that of a file is the address itself."""
    return address_key(url) or url


def _tombstone(row: Sequence[object]) -> Tombstone:
    number, url, reason, taken_down, article_id, erased = row
    assert isinstance(number, int)
    assert article_id is None or isinstance(article_id, int)
    erased_at = optional_moment(None if erased is None else str(erased))
    return Tombstone(number, str(url), str(reason), moment_of(str(taken_down)), article_id, erased_at)
