"""What pages were read with: version of the rules, packages and settings, each combination kept once in the table `readings`."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from archive.revision import ReadWith
from archive.timestamps import stamp

FIND = "SELECT id FROM readings WHERE (reader, packages, settings) = (?, ?, ?)"


def find_reading(conn: sqlite3.Connection, reader: str, read_with: ReadWith | None) -> int | None:
    """Number of a combination; None where nothing was read with it, or where packages and settings are not known."""
    if read_with is None:
        return None
    row = conn.execute(FIND, (reader, *read_with)).fetchone()
    return None if row is None else int(row[0])


def keep_reading(conn: sqlite3.Connection, reader: str, read_with: ReadWith | None, now: datetime) -> int | None:
    """Number of a combination, which is kept if it is new; None where packages and settings are not known.

    Args:
        conn: inside a transaction.
        reader: version of the rules.
        read_with: packages and settings.
        now: aware; when a page was first read so.

    """
    known = find_reading(conn, reader, read_with)
    if known is not None or read_with is None:
        return known
    return conn.execute(
        "INSERT INTO readings (reader, packages, settings, first_used) VALUES (?, ?, ?, ?)", (reader, *read_with, stamp(now))
    ).lastrowid
