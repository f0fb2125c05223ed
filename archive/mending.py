"""Mend what is damaged and can be made anew from the rest of the file. What `verify` says needs a copy is left alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqlite_utils import Database

from archive import agreement, copies, events, lineage, migrations, newest, packing
from archive.connection import writing
from archive.order import in_order
from archive.pairs import fill_pairs
from archive.revision import digest_of
from archive.texts import BrokenText, broken_texts, past_broken

INDEXES = {"articles_fts": "articles", "titles_fts": "articles", "pairs_fts": "pairs"}
"""Search index -> table whose texts it finds."""

MISCOMPARED = f"""
SELECT DISTINCT 'article ' || c.article_id, 'has changes held against another revision', c.article_id FROM changes AS c
JOIN (
    SELECT r.article_id, r.number, lag(r.number) OVER (PARTITION BY r.article_id ORDER BY {in_order(capture="p")}) AS previous
    FROM articles AS a JOIN revisions AS r ON r.article_id = a.id JOIN captures AS p ON p.id = r.capture_id
) AS o ON o.article_id = c.article_id AND o.number = c.revision
WHERE c.previous IS NOT o.previous
"""  # noqa: S608 - names only
"""Place, detail and number of articles with a change that is held against another revision than the one before it."""


READING = """
SELECT digest, text, title, dek, byline, CASE WHEN published_basis IS NOT 'relative' THEN published END, modified
FROM revisions WHERE article_id = ? AND number = ?
"""
"""The digest of a revision, a text that is no part of it, and what it is made from beside its body."""

BODY = "SELECT kind, level, text FROM blocks WHERE article_id = ? AND revision = ? AND label = 'article' ORDER BY position"

DERIVED = ("authors", "changes", "events", "pairs", "copies")
"""Tables that are made from others."""

LONE_COPIES = "SELECT story FROM copies GROUP BY story HAVING count(*) = 1"
"""Stories that one article alone is said to tell."""

UNSIGNED_COPIES = "SELECT article_id FROM copies EXCEPT SELECT article_id FROM signatures"
"""Articles of stories that have no signature any more."""

LOST_VALUES = "SELECT DISTINCT article_id FROM signature_values EXCEPT SELECT article_id FROM signatures"
"""Articles that stand in the index of signatures and have none."""


def mend(db: Database) -> list[str]:
    """Make anew what can be; returns what was done, in a few words each.

    In the order in which one thing follows from another, each in a transaction of its own: cut off, it goes on when run again.
    """
    done = []
    with writing(db) as conn:
        done += [f"{name}: made anew" for name in migrations.make_parts(conn)]
        if migrations.note_steps(db):
            done.append("migrations: noted as done, as the tables show")
    done += [f"dictionary {number}: both copies are whole again" for number in packing.mend(db)]
    # An index that lacks what its table holds fails when a row of the table is changed, so it comes first.
    done += [f"{name}: built anew" for name in list(damaged_indexes(db)) if _rebuild(db, name)]
    for step in (_mend_texts, _mend_agreement, _mend_rows, _mend_pairs, _mend_changes, _mend_events, _mend_copies):
        with past_broken():  # a step that cannot be done leaves the others to be
            done += step(db)
    return done


def _mend_agreement(db: Database) -> list[str]:
    """Have fetches, articles and takedowns say again what the rest of the file says of them."""
    with writing(db) as conn:
        fetches = agreement.mend_fetches(conn)
        articles = agreement.mend_moments(conn)
        takedowns = agreement.mend_keys(conn)
    done = [
        f"takedown {number}: its address is blocked again; others that showed it are not known any more" for number in takedowns
    ]
    done += [f"fetch {number}: names the article that was read there again" for number in fetches]
    return done + [f"article {number}: when it was seen, taken anew from its fetches" for number in articles]


def _mend_rows(db: Database) -> list[str]:
    """Bring the rows of articles up to their revisions."""
    with writing(db) as conn:
        astray = sorted({row[2] for query in newest.ASTRAY for row in conn.execute(query).fetchall()})
        # The row of an article may be the last that holds what a damaged revision said.
        mended = [article_id for article_id in astray if is_whole(conn, article_id) and newest.refresh(conn, article_id)]
    return [f"article {article_id}: shows its newest revision again" for article_id in mended]


def is_whole(conn: sqlite3.Connection, article_id: int) -> bool:
    """Whether all revisions of an article are what their digests say."""
    numbers = conn.execute("SELECT number FROM revisions WHERE article_id = ?", (article_id,)).fetchall()
    return all(agrees_with_digest(conn, article_id, number) for (number,) in numbers)


def agrees_with_digest(conn: sqlite3.Connection, article_id: int, number: int) -> bool:
    """Whether a revision is what its digest says, and can be read."""
    with past_broken():
        digest, _, title, dek, byline, published, modified = conn.execute(READING, (article_id, number)).fetchone()
        body = conn.execute(BODY, (article_id, number)).fetchall()
        return bool(digest_of(title, dek, byline, published, modified, body) == digest)
    return False


def can_be_made_anew(conn: sqlite3.Connection, broken: BrokenText) -> bool:
    """Whether what stood in a row with a text that is no UTF-8 follows from the rest of the file."""
    if broken.table != "articles":
        return broken.table in DERIVED
    if set(agreement.MOMENTS).issuperset(broken.columns):
        return True
    article_id = broken.key["id"]
    shown = {*newest.SHOWN.split(", "), "text"}.issuperset(broken.columns)
    return shown and isinstance(article_id, int) and is_whole(conn, article_id)


def _mend_texts(db: Database) -> list[str]:
    """Remove the rows with a text that is no UTF-8 which are written anew further on."""
    with writing(db) as conn:
        rows = [row for row in broken_texts(conn, None) if row.table in DERIVED]
        for row in rows:
            where = " AND ".join(f"{name} = :{name}" for name in row.key)
            conn.execute(f"DELETE FROM {row.table} WHERE {where}", row.key)  # noqa: S608 - names of the schema
            if row.table == "copies":
                copies.forget(conn, int(str(row.key["article_id"])))
    return [f"{row.place}: could not be read, and goes" for row in rows]


def _mend_pairs(db: Database) -> list[str]:
    with writing(db) as conn:
        pairs = fill_pairs(conn)
    return [f"pairs: {pairs} missing rows written"] if pairs else []


def _mend_changes(db: Database) -> list[str]:
    with writing(db) as conn:
        miscompared = {row[2] for row in conn.execute(MISCOMPARED).fetchall()}
        articles = sorted(miscompared | {article_id for article_id, _ in lineage.missing(conn)})
        for article_id in articles:
            lineage.refresh(conn, article_id)
    return [f"article {article_id}: its revisions compared anew" for article_id in articles]


def _mend_events(db: Database) -> list[str]:
    with writing(db) as conn:
        articles = events.stale(conn)
        for article_id in articles:
            events.refresh(conn, article_id)
    return [f"article {article_id}: its events drawn anew from its fetches" for article_id in articles]


def _mend_copies(db: Database) -> list[str]:
    """Look at the articles again whose signatures or stories are not whole."""
    with writing(db) as conn:
        for (article_id,) in conn.execute(LOST_VALUES).fetchall():
            conn.execute("DELETE FROM signature_values WHERE article_id = ?", (article_id,))
        conn.execute(f"UPDATE copies SET like_id = NULL, share = NULL WHERE like_id IN ({UNSIGNED_COPIES})")  # noqa: S608
        conn.execute(f"DELETE FROM copies WHERE article_id IN ({UNSIGNED_COPIES})")  # noqa: S608
        for (story,) in conn.execute(LONE_COPIES).fetchall():
            (article_id,) = conn.execute("SELECT article_id FROM copies WHERE story = ?", (story,)).fetchone()
            copies.forget(conn, article_id)
        emptied = conn.execute(agreement.NO_VALUES).fetchone() is not None
        if emptied:
            copies.enter_all(conn)
        filled = copies.fill(conn)
    done = ["copies: the index of signatures made anew"] if emptied else []
    if filled:
        done.append(f"copies: {filled} articles compared with the others")
    return done


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
