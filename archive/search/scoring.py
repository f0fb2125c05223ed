"""How good hits are: by FTS5's bm25, or where that would take long, by the same formula from what FTS5 marks in each hit.

Before it scores anything, bm25 counts the articles that hold each word and each phrase of a query, which of a phrase of very
common words takes a quarter of a second in a million articles. A query that is one phrase can do without: all its hits share it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from sqlite_utils import Database

from archive.search.expression import Tree
from archive.search.snippets import count_matches

WEIGHTS = {
    "articles_fts": (10.0, 4.0, 3.0, 1.0, 0.0),
    "pairs_fts": (10.0, 4.0, 3.0, 1.0),
    "titles_fts": (10.0, 4.0, 3.0),
}
"""What a match in title, dek, byline, text and facets counts in bm25. Set by judgement: a title names the subject, a body
mentions it."""

COLUMNS = ("title", "dek", "byline", "text")
"""Columns of the indexes, in their order."""

K1, B = 1.2, 0.75
"""Of bm25, as FTS5 has them."""

COMMON_TELLS = 1e-6
"""What FTS5 takes a word that more than half of all articles hold to tell of them."""

MARK = "\x01"
"""What FTS5 puts before each match; texts that hold it are counted before."""


class Scored(NamedTuple):
    """A hit, and how good it is."""

    article_id: int
    score: float


def bm25(db: Database, table: str, match: str, condition: str, ids: Sequence[int] | None, limit: int) -> list[Scored]:
    """The best by bm25, best first, newest first among equals.

    Args:
        db: the archive.
        table: the index.
        match: what is looked for, as FTS5 writes it.
        condition: more SQL behind the WHERE.
        ids: the articles to score, newest first; None: all that match.
        limit: at most so many.

    """
    weights = ", ".join(map(str, WEIGHTS[table]))
    within, values = "", {"match": match, "limit": limit}
    if ids is not None:
        within = " AND rowid BETWEEN :first AND :last AND +rowid IN (SELECT value FROM json_each(:ids))"
        values |= {"first": ids[-1], "last": ids[0], "ids": f"[{','.join(map(str, ids))}]"}
    sql = (
        f"SELECT rowid, bm25({table}, {weights}) AS badness FROM {table} WHERE {table} MATCH :match{within}{condition} "  # noqa: S608
        "ORDER BY badness, rowid DESC LIMIT :limit"
    )
    return [Scored(article, -badness) for article, badness in db.conn.execute(sql, values)]


def by_marks(db: Database, table: str, match: str, condition: str, limit: int, found_in: float) -> list[Scored]:
    """The newest hits of one phrase, best first, scored as bm25 does.

    Args:
        db: the archive.
        table: the index.
        match: the phrase, as FTS5 writes it.
        condition: more SQL behind the WHERE.
        limit: so many of the newest.
        found_in: share of the articles that hold the phrase, as far as it is known.

    """
    columns = COLUMNS[: len(WEIGHTS[table])]
    counts = ", ".join(
        f"length(highlight({table}, {number}, '{MARK}', '')) - length({column})" for number, column in enumerate(columns)
    )
    sizes = f"(SELECT hex(sz) FROM {table}_docsize WHERE id = {table}.rowid)"  # noqa: S608 - names only
    rows = db.conn.execute(
        f"SELECT rowid, {sizes}, {counts} FROM {table} WHERE {table} MATCH ?{condition} ORDER BY rowid DESC LIMIT ?",  # noqa: S608
        (match, limit),
    ).fetchall()
    mean = _mean_words(db, table)
    told = math.log((1 - found_in + 1e-9) / (found_in + 1e-9)) if found_in < 0.5 else COMMON_TELLS
    scored = [Scored(row[0], told * _saturated(table, row[2:], sum(_numbers(bytes.fromhex(row[1]))) / mean)) for row in rows]
    return sorted(scored, key=lambda one: (-one.score, -one.article_id))


def by_titles(db: Database, tree: Tree, ids: Sequence[int]) -> list[Scored]:
    """Those of some articles with a match in title, dek or byline, best first: by how often, as bm25 weighs it."""
    sql = "SELECT a.id, a.title, a.dek, a.byline FROM json_each(?) AS j JOIN articles AS a ON a.id = j.value"
    rows = db.conn.execute(sql, (f"[{','.join(map(str, ids))}]",))
    scored = [Scored(row[0], COMMON_TELLS * _saturated("titles_fts", count_matches(tree, row[1:]), 1.0)) for row in rows]
    return sorted((one for one in scored if one.score), key=lambda one: (-one.score, -one.article_id))


def _saturated(table: str, counts: Sequence[int | None], length: float) -> float:
    weighed = sum(weight * (count or 0) for weight, count in zip(WEIGHTS[table], counts, strict=False))
    return weighed * (K1 + 1) / (weighed + K1 * (1 - B + B * length))


def _mean_words(db: Database, table: str) -> float:
    """Words of an article, on average: FTS5 keeps in record 1 how many rows there are, and how many words each column has."""
    (record,) = db.conn.execute(f"SELECT block FROM {table}_data WHERE id = 1").fetchone()  # noqa: S608 - names only
    rows, *words = _numbers(record)
    return max(sum(words) / max(rows, 1), 1.0)


def _numbers(record: bytes) -> list[int]:
    """Numbers as SQLite writes them: seven bits a byte, the eighth set where more follow."""
    numbers, number = [], 0
    for byte in record:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    return numbers
