"""Articles as they read at an earlier moment: for each the reading whose capture was the latest then.

The moment is one of capture, not of taking in: a saved page that is added today and was fetched last year counts for last year.
The search index holds the newest readings alone; an earlier one is looked at by itself.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlite_utils import Database

from archive.events import EventKind
from archive.order import latest_first
from archive.pairs import pairs_of
from archive.schema import PAIRS_FTS

MATCHES = "morgue_matches"
"""Name of the SQL function that looks for the words of a query in an earlier reading; it lives as long as the connection."""

ALONE = PAIRS_FTS.replace("content=pairs, content_rowid=article_id,", "")
"""The search index with a text of its own."""

WITHDRAWALS = ", ".join(f"'{kind}'" for kind in (EventKind.NOT_FOUND, EventKind.GONE, EventKind.FRONT_PAGE))
"""Kinds of event that a fetch with the outcome `gone` comes to, unless another address of the article still answers."""

LAST_SEEN = """CASE WHEN a.last_seen <= :as_of THEN a.last_seen ELSE max(c.fetched, coalesce((
    SELECT max(f.fetched) FROM fetches AS f
    WHERE f.article_id = a.id AND f.outcome IN ('stored', 'unchanged') AND f.fetched <= :as_of
), '')) END"""

TEXT = """coalesce(r.text, (SELECT group_concat(text, char(10, 10)) FROM (
    SELECT text FROM blocks WHERE article_id = r.article_id AND revision = r.number AND label = 'article' AND text <> ''
    ORDER BY position
)), '')"""
"""The body of a reading, see `revision.body_text`."""

SELECT_AS_OF = f"""
SELECT a.id, a.url, a.site, r.title, r.dek, r.byline,
    (SELECT json_group_array(value ->> 'name') FROM (SELECT value FROM json_each(r.authors) ORDER BY key)),
    r.published, r.published_precision, r.modified, r.lang, r.section, r.tags, r.word_count,
    {TEXT}, a.first_seen, {LAST_SEEN},
    (SELECT count(*) FROM revisions AS q JOIN captures AS d ON d.id = q.capture_id
        WHERE q.article_id = a.id AND d.fetched <= :as_of),
    CASE WHEN a.withdrawn <= :as_of THEN a.withdrawn ELSE (
        SELECT min(e.moment) FROM events AS e
        WHERE e.article_id = a.id AND e.kind IN ({WITHDRAWALS}) AND e.moment <= :as_of AND e.moment > {LAST_SEEN}
    ) END,
    r.number
"""  # noqa: S608 - names only
"""The columns of `selection.SELECT_ARTICLE`, as they were."""

FROM_AS_OF = f"""
FROM articles AS a
CROSS JOIN revisions AS r ON r.article_id = a.id AND r.number = (
    SELECT q.number FROM articles AS o JOIN revisions AS q ON q.article_id = o.id JOIN captures AS d ON d.id = q.capture_id
    WHERE o.id = a.id AND d.fetched <= :as_of ORDER BY {latest_first(article="o", capture="d", revision="q")} LIMIT 1
)
JOIN captures AS c ON c.id = r.capture_id
"""  # noqa: S608 - names only


def matches_as_of(found: str) -> str:
    """SQL that says whether a reading has the words of a query.

    Args:
        found: the same of an article's newest reading, which is in the index; with the parameter `:pairs` of `search.Match`.

    """
    return f"CASE WHEN r.number = a.newest THEN {found} ELSE {MATCHES}(:pairs, r.title, r.dek, r.byline, {TEXT}) END"


def allow_matching(db: Database) -> None:
    """Let the connection look for words in earlier readings, see `matches_as_of`."""
    db.conn.create_function(MATCHES, 5, _matches, deterministic=True)


def _matches(match: str, title: str | None, dek: str | None, byline: str | None, text: str) -> bool:
    """Whether the search index would find such an article; it takes about half a millisecond."""
    with closing(sqlite3.connect(":memory:")) as probe:
        probe.execute(ALONE)
        texts = [None if given is None else pairs_of(given) for given in (title, dek, byline, text)]
        probe.execute("INSERT INTO pairs_fts VALUES (?, ?, ?, ?)", texts)
        return probe.execute("SELECT 1 FROM pairs_fts WHERE pairs_fts MATCH ?", (match,)).fetchone() is not None
