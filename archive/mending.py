"""Mend: what is damaged and can be made anew from the rest of the file. What `verify` says needs a copy is left alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqlite_utils import Database

from archive import events, lineage, packing
from archive.connection import writing
from archive.pairs import fill_pairs

INDEXES = {"articles_fts": "articles", "titles_fts": "articles", "pairs_fts": "pairs"}
"""Search index -> table whose texts it finds."""

MISCOMPARED = """
SELECT DISTINCT 'article ' || c.article_id, 'has changes held against another revision', c.article_id FROM changes AS c
JOIN (
    SELECT r.article_id, r.number, lag(r.number) OVER (PARTITION BY r.article_id ORDER BY p.fetched, r.number) AS previous
    FROM revisions AS r JOIN captures AS p ON p.id = r.capture_id
) AS o ON o.article_id = c.article_id AND o.number = c.revision
WHERE c.previous IS NOT o.previous
"""
"""Place, detail and number of articles with a change that is held against another revision than the one before it."""


def mend(db: Database) -> list[str]:
    """Make anew what can be; returns what was done, in a few words each."""
    done = [f"dictionary {number}: both copies are whole again" for number in packing.mend(db)]
    with writing(db) as conn:
        pairs = fill_pairs(conn)
        if pairs:
            done.append(f"pairs: {pairs} missing rows written")
    done += [f"{name}: built anew" for name in list(damaged_indexes(db)) if _rebuild(db, name)]
    with writing(db) as conn:
        articles = [row[2] for row in conn.execute(MISCOMPARED).fetchall()]
        for article_id in articles:
            lineage.refresh(conn, article_id)
            events.refresh(conn, article_id)
    return done + [f"article {article_id}: its revisions compared anew" for article_id in articles]


def damaged_indexes(db: Database) -> Iterator[str]:
    """Names of the search indexes that do not agree with their table. FTS5 compares them in what SQLite counts as a write."""
    for name in INDEXES:
        try:
            with writing(db) as conn:
                conn.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")  # noqa: S608 - names from above
        except sqlite3.DatabaseError:
            yield name


def _rebuild(db: Database, name: str) -> bool:
    with writing(db) as conn:
        conn.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")  # noqa: S608 - a name from above
    return True
