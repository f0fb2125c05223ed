"""Articles as they read at an earlier moment: for each the reading whose capture was the latest then.

The moment is one of capture, not of taking in: a saved page that is added today and was fetched last year counts for last year.
The search index holds the newest readings alone; an earlier one is looked at by itself.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlite_utils import Database

from archive.schema import ARTICLES_FTS

MATCHES = "morgue_matches"
"""Name of the SQL function that looks for the words of a query in an earlier reading; it lives as long as the connection."""

ALONE = ARTICLES_FTS.replace('content="articles", content_rowid="id", ', "")
"""The search index with a text of its own."""

LAST_SEEN = """CASE WHEN a.last_seen <= :as_of THEN a.last_seen ELSE max(c.fetched, coalesce((
    SELECT max(f.fetched) FROM fetches AS f
    WHERE f.article_id = a.id AND f.outcome IN ('stored', 'unchanged') AND f.fetched <= :as_of
), '')) END"""

TEXT = """coalesce(r.text, (SELECT group_concat(text, char(10, 10)) FROM (
    SELECT text FROM blocks WHERE article_id = r.article_id AND revision = r.number AND label = 'article' AND text <> ''
    ORDER BY position
)), '')"""
"""The body of a reading, see `store.body_text`."""

SELECT_AS_OF = f"""
SELECT a.id, a.url, a.site, r.title, r.dek, r.byline,
    (SELECT json_group_array(value ->> 'name') FROM (SELECT value FROM json_each(r.authors) ORDER BY key)),
    r.published, r.published_precision, r.modified, r.lang, r.section, r.tags, r.word_count,
    {TEXT}, a.first_seen, {LAST_SEEN},
    (SELECT count(*) FROM revisions AS q JOIN captures AS d ON d.id = q.capture_id
        WHERE q.article_id = a.id AND d.fetched <= :as_of),
    CASE WHEN a.withdrawn <= :as_of THEN a.withdrawn ELSE (
        SELECT min(f.fetched) FROM fetches AS f
        WHERE f.article_id = a.id AND f.outcome = 'gone' AND f.fetched <= :as_of AND f.fetched > {LAST_SEEN}
    ) END,
    r.number
"""  # noqa: S608 - names only
"""The columns of `selection.SELECT_ARTICLE`, as they were."""

FROM_AS_OF = """
FROM articles AS a
CROSS JOIN revisions AS r ON r.article_id = a.id AND r.number = (
    SELECT q.number FROM revisions AS q JOIN captures AS d ON d.id = q.capture_id
    WHERE q.article_id = a.id AND d.fetched <= :as_of ORDER BY d.fetched DESC, q.number DESC LIMIT 1
)
JOIN captures AS c ON c.id = r.capture_id
"""

MATCH_AS_OF = f"""CASE WHEN r.number = a.newest
    THEN a.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :match)
    ELSE {MATCHES}(:match, r.title, r.dek, r.byline, {TEXT}) END"""  # noqa: S608
"""Whether the reading has the words of a query."""


def allow_matching(db: Database) -> None:
    """Let the connection look for words in earlier readings, see MATCH_AS_OF."""
    db.conn.create_function(MATCHES, 5, _matches, deterministic=True)


def _matches(match: str, title: str | None, dek: str | None, byline: str | None, text: str) -> bool:
    """Whether the search index would find such an article; it takes about a fifth of a millisecond."""
    with closing(sqlite3.connect(":memory:")) as probe:
        probe.execute(ALONE)
        probe.execute("INSERT INTO articles_fts VALUES (?, ?, ?, ?)", (title, dek, byline, text))
        return probe.execute("SELECT 1 FROM articles_fts WHERE articles_fts MATCH ?", (match,)).fetchone() is not None
