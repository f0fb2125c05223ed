"""Addresses that lists name and nobody wants: scope or period of the source leave them out, and no fetch will tell of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

NOTE = """
INSERT OR IGNORE INTO left_out (key, source_id, found_at)
SELECT j.value, :source, :found FROM json_each(:keys) AS j
WHERE NOT EXISTS (SELECT 1 FROM left_out AS l WHERE l.key = j.value)
    AND NOT EXISTS (SELECT 1 FROM frontier AS f WHERE f.key = j.value)
"""
"""`left_out` is asked first: most of what a list leaves out stood there at the last look."""


def note_left_out(conn: sqlite3.Connection, keys: Collection[str], *, source_id: int, found_at: str) -> None:
    """Note what a list names and a crawl does not ask for, once; part of the caller's transaction.

    What is in the frontier has an outcome there, and is passed over; a trigger takes out what gets there later.

    Args:
        conn: of the archive.
        keys: as of `address_key`.
        source_id: source that the list was read for.
        found_at: when, as text.

    """
    if keys:
        conn.execute(NOTE, {"source": source_id, "found": found_at, "keys": json.dumps(list(keys))})
