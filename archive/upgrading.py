"""Bringing an archive of an earlier morgue up to date, in pieces, each kept as soon as it is done.

The tables are made first, all in one transaction (`migrations`). What follows from their rows (search index, changes, events,
copies) takes several times as long, and is made here, some articles at a time, each lot in a transaction of its own. Until the
last is done the table `upgrade` says how far it came: cut off, it goes on there when the file is next opened for writing, and
two processes that open it together share the work. The file is not read before it is whole.
"""

from __future__ import annotations

import logging
import sqlite3

from archive import copies, events, health, lineage, newest
from archive.pairs import fill_pairs
from archive.texts import past_broken

LOGGER = logging.getLogger("archive.upgrading")
"""Says how far it is, at level INFO; the record of the end has `is_last`."""

AT_ONCE = 200
"""Articles of a transaction: it takes about half a second, and others who wait for the file wait no longer than that."""

UPGRADE = """
CREATE TABLE upgrade (
    -- This archive is being brought up to the tables of a later morgue; opened for writing, it goes on. Gone when all is done.
    done INTEGER NOT NULL -- number of the last article of which all is made
) STRICT
"""

LAST_OF_LOT = "SELECT max(id) FROM (SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT ?)"

INDEX = """
INSERT INTO articles_fts (rowid, title, dek, byline, text, facets)
SELECT id, title, dek, byline, text, facets FROM articles WHERE id BETWEEN ? AND ?
"""
INDEX_TITLES = """
INSERT INTO titles_fts (rowid, title, dek, byline) SELECT id, title, dek, byline FROM articles WHERE id BETWEEN ? AND ?
"""


def begin(conn: sqlite3.Connection) -> None:
    """Note that there is something to make, where there are articles or runs; part of the transaction that makes the tables."""
    if conn.execute("SELECT EXISTS (SELECT 1 FROM articles) OR EXISTS (SELECT 1 FROM runs)").fetchone()[0]:
        conn.execute(UPGRADE.strip())
        conn.execute("INSERT INTO upgrade VALUES (0)")


def is_unfinished(conn: sqlite3.Connection) -> bool:
    """Whether the archive was only partly brought up to date."""
    return conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'upgrade'").fetchone() is not None


def make_next(conn: sqlite3.Connection) -> bool:
    """Make all of the next articles, part of the caller's transaction; returns whether there is more to be made."""
    if not is_unfinished(conn):
        return False  # another process was faster
    (done,) = conn.execute("SELECT done FROM upgrade").fetchone()
    (last,) = conn.execute(LAST_OF_LOT, (done, AT_ONCE)).fetchone()
    if last is None:
        with past_broken():
            health.note_all_runs(conn)
        conn.execute("DROP TABLE upgrade")
        LOGGER.info("The archive is brought up to date; `morgue verify` checks it", extra={"is_last": True})
        return False
    _make(conn, done + 1, last)
    conn.execute("UPDATE upgrade SET done = ?", (last,))
    _tell(conn, last)
    return True


def _tell(conn: sqlite3.Connection, done: int) -> None:
    """Log how many articles there are, and how many of them are done."""
    if LOGGER.isEnabledFor(logging.INFO):
        far, all_of_them = conn.execute("SELECT count(*) FILTER (WHERE id <= ?), count(*) FROM articles", (done,)).fetchone()
        LOGGER.info("Bringing the archive up to date: %s of %s articles", f"{far:,}", f"{all_of_them:,}")


def _make(conn: sqlite3.Connection, first: int, last: int) -> None:
    """Make what follows from the rows of the articles with these numbers."""
    for statement in (INDEX, INDEX_TITLES):  # before any row changes, as the triggers then take its old words out
        conn.execute(statement, (first, last))
    for step in (newest.refresh_some, lineage.refresh_some, events.refresh_some, fill_pairs, copies.fill):
        with past_broken():  # what cannot be made of a damaged row is named by `verify`
            step(conn, first, last)
