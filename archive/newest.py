"""Which revision an article's row shows: the last in the order of `archive.order`; and how to bring the row up to it."""

from __future__ import annotations

import sqlite3

from archive.order import latest_first
from archive.pairs import write_pairs
from archive.texts import past_broken

SHOWN = "title, dek, byline, published, published_precision, modified, lang, section, word_count"
"""Columns that an article's row has from the revision, beside its text."""

BODY = """
coalesce(r.text, (
    SELECT group_concat(text, char(10, 10)) FROM (
        SELECT text FROM blocks AS b WHERE b.article_id = r.article_id AND b.revision = r.number AND b.label = 'article'
            AND b.text <> '' ORDER BY b.position
    )
), '')
"""
"""SQL for the text of the revision `r`."""

LATEST = f"""
SELECT r.number FROM articles AS a JOIN revisions AS r ON r.article_id = a.id JOIN captures AS c ON c.id = r.capture_id
WHERE a.id = ? ORDER BY {latest_first()} LIMIT 1
"""  # noqa: S608 - names only

LAST_NUMBER = """
SELECT max(coalesce((SELECT max(number) FROM revisions WHERE article_id = :id), 0),
    coalesce((SELECT max(revision) FROM fetches WHERE article_id = :id), 0),
    coalesce((SELECT max(revision) FROM blocks WHERE article_id = :id), 0))
"""
"""The last number that an article gave away: one that is lost is not given again, as it may have been cited."""

AUTHORS = """
SELECT r.article_id, j.key, j.value ->> 'name', j.value ->> 'kind', j.value ->> 'role', j.value ->> 'url'
FROM revisions AS r JOIN json_each(r.authors) AS j WHERE r.article_id = ? AND r.number = ? ORDER BY j.key
"""
"""Rows of `authors` as a revision has them."""

NOT_THE_LATEST = f"""
SELECT 'article ' || a.id, 'shows revision ' || a.newest || ', and the one of the latest capture is ' || n.number, a.id
FROM articles AS a JOIN (
    SELECT r.article_id, r.number,
        row_number() OVER (PARTITION BY r.article_id ORDER BY {latest_first(article="o")}) AS place
    FROM articles AS o JOIN revisions AS r ON r.article_id = o.id JOIN captures AS c ON c.id = r.capture_id
) AS n ON n.article_id = a.id AND n.place = 1
WHERE n.number <> a.newest
"""  # noqa: S608 - names only
"""Place, detail and number of articles that show another revision than they should."""

MISCOUNTED = f"""
SELECT 'article ' || id, 'says ' || revisions || ' revisions, and there are ' || given, id
FROM (SELECT id, revisions, ({LAST_NUMBER.replace(":id", "a.id")}) AS given FROM articles AS a) WHERE revisions <> given
"""  # noqa: S608 - names only

OTHER_ROW = f"""
SELECT 'article ' || a.id, 'shows something else than its revision ' || a.newest, a.id
FROM articles AS a JOIN revisions AS r ON r.article_id = a.id AND r.number = a.newest
WHERE ({", ".join(f"a.{name}" for name in SHOWN.split(", "))}) IS NOT ({", ".join(f"r.{name}" for name in SHOWN.split(", "))})
    OR a.text <> {BODY}
"""  # noqa: S608 - names only

OTHER_AUTHORS = """
SELECT 'article ' || a.id, 'names other authors than its revision ' || a.newest, a.id
FROM articles AS a JOIN revisions AS r ON r.article_id = a.id AND r.number = a.newest
WHERE (
    SELECT json_group_array(json_array(name, kind, role, url))
    FROM (SELECT * FROM authors WHERE article_id = a.id ORDER BY position)
) <> (
    SELECT json_group_array(json_array(value ->> 'name', value ->> 'kind', value ->> 'role', value ->> 'url'))
    FROM (SELECT value FROM json_each(r.authors) ORDER BY key)
) AND instr(r.authors, '\\u0000') = 0
"""
"""SQL ends a string at NUL, so names that hold one cannot be compared."""

ASTRAY = (MISCOUNTED, NOT_THE_LATEST, OTHER_ROW, OTHER_AUTHORS)
"""Queries for place, detail and number of articles whose row is not what the revisions say."""


def refresh(conn: sqlite3.Connection, article_id: int) -> bool:
    """Bring an article's row, its authors and its pairs up to the revision of its latest capture; its copies are left alone.

    Args:
        conn: inside a transaction.
        article_id: the article.

    Returns:
        Whether it could be done: not where a revision is lost that the row may be the last trace of.

    """
    if is_torn(conn, article_id):
        return False
    (number,) = conn.execute(LATEST, (article_id,)).fetchone()
    conn.execute(
        f"UPDATE articles SET ({SHOWN}, text, newest, revisions) = "  # noqa: S608 - names only
        f"(SELECT {SHOWN}, {BODY}, number, ({LAST_NUMBER}) FROM revisions AS r WHERE article_id = :id AND number = :number) "
        "WHERE id = :id",
        {"id": article_id, "number": number},
    )
    texts = conn.execute("SELECT title, dek, byline, text FROM articles WHERE id = ?", (article_id,)).fetchone()
    write_pairs(conn, article_id, *texts)
    conn.execute("DELETE FROM authors WHERE article_id = ?", (article_id,))
    authors = conn.execute(AUTHORS, (article_id, number)).fetchall()
    conn.executemany("INSERT INTO authors VALUES (?, ?, ?, ?, ?, ?)", authors)
    return True


def refresh_some(conn: sqlite3.Connection, first: int, last: int) -> None:
    """Bring up the rows of the articles with these numbers that show another revision than that of the latest capture."""
    for article_id, shown in conn.execute("SELECT id, newest FROM articles WHERE id BETWEEN ? AND ?", (first, last)).fetchall():
        latest = conn.execute(LATEST, (article_id,)).fetchone()
        if latest is not None and latest[0] != shown:
            with past_broken():
                refresh(conn, article_id)


def is_torn(conn: sqlite3.Connection, article_id: int) -> bool:
    """Whether an article lacks a revision that it had, or the capture of one."""
    last = conn.execute(LAST_NUMBER, {"id": article_id}).fetchone()[0]
    whole = conn.execute(
        "SELECT count(*) FROM revisions AS r JOIN captures AS c ON c.id = r.capture_id WHERE r.article_id = ?", (article_id,)
    ).fetchone()[0]
    return bool(last == 0 or whole != last)
