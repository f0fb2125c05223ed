"""The archive in numbers: how much, of which sites, how complete, and what became of each source's fetches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from archive.copies import count_copies
from archive.rows import SiteStats, SourceOutcomes, Stats
from archive.timestamps import moment_of

COVERED = ("title", "dek", "byline", "published", "modified", "lang", "section")
"""Columns of `articles` that a page may lack."""

BY_SITE = f"""
SELECT a.site, count(*) AS articles, count(withdrawn), sum(word_count), max(published), max(last_seen),
    avg(word_count > 0), avg(EXISTS (SELECT 1 FROM authors WHERE article_id = a.id)),
    {", ".join(f"avg({c} IS NOT NULL)" for c in COVERED)}
FROM articles AS a NOT INDEXED GROUP BY site ORDER BY articles DESC, site
"""  # noqa: S608 - column names only
"""Whether there is a text is told by its words: comparing the texts themselves reads each to its end, ten times as slow.
In the order of the index by site, rows would be read here and there in the file."""

BY_SOURCE = """
SELECT coalesce(s.name, s.url, ''), f.outcome, count(*)
FROM fetches AS f LEFT JOIN sources AS s ON s.id = f.source_id
GROUP BY f.source_id, f.outcome ORDER BY f.source_id
"""

TOTALS = """
SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM revisions), (SELECT count(*) FROM captures),
    (SELECT count(*) FROM fetches), count(*), coalesce(sum(size), 0), coalesce(sum(length(data)), 0)
FROM payloads
"""
ALARMS = "SELECT site, count(*) FROM alarms WHERE settled IS NULL GROUP BY site ORDER BY site"


def read_stats(db: Database, waiting: int, file_bytes: int) -> Stats:
    """Count.

    Args:
        db: the archive.
        waiting: addresses known and not fetched yet.
        file_bytes: size of the file.

    """
    articles, revisions, captures, fetches, payloads, payload_bytes, stored_bytes = db.conn.execute(TOTALS).fetchone()
    copies = count_copies(db.conn)
    sites = tuple(_site(row, copies) for row in db.conn.execute(BY_SITE))
    return Stats(
        articles, revisions, captures, fetches, payloads, payload_bytes, stored_bytes, file_bytes, waiting, sites, _sources(db),
        articles - sum(copies.values()), dict(db.conn.execute(ALARMS)),
    )  # fmt: skip


def _site(row: Sequence[Any], copies: Mapping[str, int]) -> SiteStats:
    site, articles, withdrawn, words, newest, last_seen, *shares = row
    coverage = dict(zip(("text", "authors", *COVERED), shares, strict=True))
    return SiteStats(site, articles, withdrawn, words, newest, moment_of(last_seen), coverage, copies.get(site, 0))


def _sources(db: Database) -> tuple[SourceOutcomes, ...]:
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for source, outcome, fetches in db.conn.execute(BY_SOURCE):
        counts[source][outcome] = fetches
    return tuple(SourceOutcomes(source, outcomes) for source, outcomes in counts.items())
