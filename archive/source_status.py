"""What the sources gave: when each last answered, what it last brought, and how complete that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from archive.rows import Source
from archive.runs import sources
from archive.timestamps import optional_moment, stamp

RECENT = timedelta(days=30)
"""Coverage is that of the articles that came within it: what a site was like last year says little of how it is read today."""

COVERED = ("title", "authors", "published", "text")

ANSWERED = "('stored', 'unchanged', 'listed')"
"""Outcomes after which a source is known to work."""

LAST_FETCHES = f"""
SELECT max(w.fetched), max((
    SELECT f.fetched FROM fetches AS f WHERE f.frontier_id = w.id AND f.outcome IN {ANSWERED} ORDER BY f.id DESC LIMIT 1
)) FROM frontier AS w WHERE w.source_id = ? AND w.kind <> 'article'
"""  # noqa: S608 - constants only
"""Of its address, feeds, sitemaps and sections: few rows, and all that says whether a source can still be followed."""

NEW_ARTICLES = """
SELECT count(article_id), max(fetched) FROM fetches WHERE source_id = ? AND outcome = 'stored' AND revision = 1
"""
NEW_IN_FILES = """
SELECT max(ended) FROM source_runs
WHERE source_id = ? AND new > 0 AND EXISTS (SELECT 1 FROM source_files AS s WHERE s.source_id = source_runs.source_id)
"""
"""Records of files have times of their own, which say nothing of when they were read."""

COVERAGE = """
SELECT count(*), avg(a.title IS NOT NULL), avg(EXISTS (SELECT 1 FROM authors WHERE article_id = a.id)),
    avg(a.published IS NOT NULL), avg(a.word_count > 0)
FROM articles AS a WHERE a.id IN (
    SELECT article_id FROM fetches WHERE source_id = ? AND outcome = 'stored' AND revision = 1 AND fetched >= ?
)
"""
"""Whether there is a text is told by its words, which stand before it in a row: the text need not be read."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """What one source gave."""

    source: Source
    last_look: datetime | None
    """When its address, or a feed, sitemap or section of it, was last asked for; None: it was never crawled."""
    last_success: datetime | None
    """When one of those last answered as it should, or an article came."""
    last_new: datetime | None
    """When an article of it was last kept that was not known before."""
    articles: int
    """Those that were first met through it."""
    recent: int
    """Those of them that came within the last 30 days."""
    coverage: Mapping[str, float]
    """Share of the recent ones that have a title, authors, a date, a text; 0 to 1. Empty where there are none."""


def read_source_status(db: Database, now: datetime) -> list[SourceStatus]:
    """Say what each source gave until now, in the order they were added."""
    return [_status(db, source, now) for source in sources(db)]


def _status(db: Database, source: Source, now: datetime) -> SourceStatus:
    last_look, last_success = _row(db, LAST_FETCHES, (source.id,))
    articles, last_new = _row(db, NEW_ARTICLES, (source.id,))
    last_new = _row(db, NEW_IN_FILES, (source.id,))[0] or last_new
    recent, *shares = _row(db, COVERAGE, (source.id, stamp(now - RECENT)))
    return SourceStatus(
        source,
        optional_moment(last_look),
        optional_moment(max(last_success or "", last_new or "") or None),
        optional_moment(last_new),
        articles,
        recent,
        dict(zip(COVERED, shares, strict=True)) if recent else {},
    )


def _row(db: Database, sql: str, values: Sequence[Any]) -> Sequence[Any]:
    row: Sequence[Any] = db.conn.execute(sql, values).fetchone()
    return row
