"""Whether what comes in is there already: the same record twice adds nothing."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from archive.timestamps import stamp
from archive.visit import Visit

IS_KEPT = "SELECT 1 FROM captures WHERE payload = ? AND url = ? AND fetched = ? AND kind = ?"
IS_SEEN = "SELECT 1 FROM fetches WHERE url = ? AND fetched = ? AND status = ?"


def is_repeat(conn: sqlite3.Connection, visit: Visit) -> bool:
    """Whether all that a visit brings is there already: its captures, or, where it has none, the sighting that it is.

    Inside a writing transaction, no other process can bring it in between.
    """
    if not visit.captures:
        return is_seen(conn, visit.url, visit.fetched, visit.status)
    return all(is_kept(conn, c.payload.sha256, c.url, c.fetched, c.kind) for c in visit.captures)


def is_kept(conn: sqlite3.Connection, sha256: str, url: str, fetched: datetime, kind: str) -> bool:
    """Whether the same bytes from the same address at the same second are there already."""
    return conn.execute(IS_KEPT, (sha256, url, stamp(fetched), kind)).fetchone() is not None


def is_seen(conn: sqlite3.Connection, url: str, fetched: datetime, status: int | None) -> bool:
    """Whether a fetch of that address at that second with that status is there already."""
    return conn.execute(IS_SEEN, (url, stamp(fetched), status)).fetchone() is not None
