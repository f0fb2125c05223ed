"""Room in the file that holds nothing, and giving it back to the disk."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from archive.errors import ArchiveError, ArchiveLocked

ROOM_FACTOR = 2
"""Bytes that must be free for each byte that stays: SQLite writes a temporary file, and the log with it. (SQLite: VACUUM)"""


def unused_share(db: Database) -> float:
    """Return the share of the file that holds nothing, 0 to 1."""
    return _pragma(db, "freelist_count") / max(1, _pragma(db, "page_count"))


def compact(db: Database, path: Path) -> int:
    """Write the file anew without its unused pages; see `Archive.compact`.

    Raises:
        ArchiveLocked: another process kept the file locked for too long.
        ArchiveError: the disk has not room enough.

    """
    before = path.stat().st_size
    needed = int(before * (1 - unused_share(db)) * ROOM_FACTOR)
    free = shutil.disk_usage(path.absolute().parent).free
    if free < needed:
        raise ArchiveError(f"{path} is not compacted: that needs {needed >> 20:,} MiB on its disk, and {free >> 20:,} are free")
    try:
        db.conn.execute("VACUUM")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise ArchiveLocked("another program uses the archive; compact it when it has ended") from error
        raise
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return before - path.stat().st_size


def _pragma(db: Database, name: str) -> int:
    value: int = db.conn.execute(f"PRAGMA {name}").fetchone()[0]
    return value
