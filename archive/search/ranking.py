"""Finding and ranking. bm25 scores every hit, and hits of common words are as many as articles; so it is asked only of some.

While an archive, or what a query finds, is small, all hits are counted and ranked. Beyond that the newest are ranked, those with
a match in the title, and those that hold a rare word of the query; the result says how many of how many.

Articles with text in a script without spaces are in `pairs_fts`, cut into pairs, and what that index says of them holds; all
others are in `articles_fts`, and their title, dek and byline in `titles_fts` too, which is small.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import NamedTuple

from sqlite_utils import Database

from archive import copies
from archive.errors import QuerySyntaxError
from archive.pairs import holds_unspaced
from archive.rows import Hit, SearchResult
from archive.search.expression import EXAMPLE, Leaf, Tree, fts_expression, leaves, read_query, thinned, wanted, without
from archive.search.narrowing import Narrowing, narrow
from archive.search.snippets import snippet
from archive.selection import FROM_ARTICLES, LARGEST_INTEGER, SELECT_ARTICLE, Filters, article_of, within

RANKED = 3000
"""Hits that are all ranked; of more, the newest of half as many are. bm25 takes 1.3 to 1.9 µs a hit, so it is some 5 ms."""

RANKED_FILTERED = 1000
"""The same where a filter is asked of each hit, or looked up."""

COUNTED = 20_000
"""Hits of a single word that are all counted, 35 ns a hit; where several words meet it takes longer."""

COMMON = 250_000
"""Articles with a word that is too common to tell hits apart; bm25 would read its whole list, 35 ns an article, and weigh it
next to nothing."""
SAMPLE = 4000
"""Newest articles with a word, from whose numbers it is estimated how many have it."""

IN_SQL = 20_000
"""Listed articles that are handed to SQLite, to look hits up among them; more are looked up here, which builds no second list."""
STREAMED_AT_ONCE = 10_000
"""Hits read together."""

MAPPED = 2**31 - 2**16
"""Bytes of the file that are mapped into memory, the most that SQLite maps; to look up an article takes a quarter of the time."""

RARE = 1000
"""Articles with a word that are all ranked, however many other hits there are."""

TITLE_COLUMNS = ("title", "dek", "byline")

WEIGHTS = {"articles_fts": "10.0, 4.0, 3.0, 1.0", "pairs_fts": "10.0, 4.0, 3.0, 1.0", "titles_fts": "10.0, 4.0, 3.0"}
"""What a match in title, dek, byline and text counts in bm25. Set by judgement: a title names the subject, a body mentions it."""


class _Scored(NamedTuple):
    article_id: int
    score: float


@dataclass(frozen=True, slots=True)
class _Index:
    """One index, and what is looked for in it."""

    table: str
    tree: Tree
    condition: str = ""
    """What else its rows must be."""

    @property
    def match(self) -> str:
        return fts_expression(self.tree, pairs=self.table == "pairs_fts")


@dataclass(frozen=True, slots=True)
class _Found:
    """What one index holds for a query."""

    scored: list[_Scored]
    """Best first."""
    total: int
    exact: bool
    ranked: int


def find(db: Database, query: str, filters: Filters, limit: int, *, every: bool = False) -> SearchResult:
    """Return the articles that match best, best first, and how many there are.

    Args:
        db: the archive.
        query: what a person types.
        filters: what the articles must be.
        limit: at most so many; as many are ranked at least.
        every: rank every hit, however many, and count them all.

    Raises:
        QuerySyntaxError: the query cannot be parsed.

    """
    tree = read_query(query)
    try:
        return _find(db, tree, filters, within(limit), every=every)
    except sqlite3.OperationalError as error:
        if "fts5" not in str(error):
            raise
        raise QuerySyntaxError(f"cannot search for {query!r} ({error}); {EXAMPLE}") from error


def _find(db: Database, tree: Tree, filters: Filters, limit: int, *, every: bool) -> SearchResult:
    db.conn.execute(f"PRAGMA mmap_size = {MAPPED}")
    narrowing = narrow(db, filters)
    most = limit
    if filters.unique:
        most = LARGEST_INTEGER if every else max(limit, RANKED)
    found = [_search(db, index, narrowing, most, every=every) for index in indexes(db, tree)]
    scored = sorted((one for part in found for one in part.scored), key=lambda one: (-one.score, -one.article_id))
    total, exact = sum(part.total for part in found), all(part.exact for part in found)
    ranked = sum(part.ranked for part in found)
    if filters.unique:
        stories = _best_of_each(db, scored)
        exact = exact and total == len(scored)
        total = len(stories) if exact or not scored else round(total * len(stories) / len(scored))
        ranked = total if exact else ranked
        scored = stories
    return SearchResult(hits=tuple(_hits(db, tree, scored[:limit])), total=total, exact=exact, ranked=ranked)


def _best_of_each(db: Database, scored: list[_Scored]) -> list[_Scored]:
    """The hits without copies of a hit that is better."""
    kept = set(copies.first_of_each(db.conn, [one.article_id for one in scored]))
    return [one for one in scored if one.article_id in kept]


def indexes(db: Database, tree: Tree) -> list[_Index]:
    """The indexes that together hold every hit once."""
    cut = db.conn.execute("SELECT 1 FROM pairs LIMIT 1").fetchone() is not None
    words = without(tree, lambda leaf: holds_unspaced(leaf.text)) if cut else tree
    found = [_Index("pairs_fts", tree)] if cut else []
    if words is not None:
        table = "titles_fts" if all(leaf.column in TITLE_COLUMNS for leaf in leaves(words)) else "articles_fts"
        condition = f" AND NOT EXISTS (SELECT 1 FROM pairs_fts_docsize WHERE id = {table}.rowid)" if cut else ""  # noqa: S608 - names only
        found.append(_Index(table, words, condition))
    return found


def _search(db: Database, index: _Index, narrowing: Narrowing, limit: int, *, every: bool) -> _Found:
    most = max(RANKED if narrowing == Narrowing() else RANKED_FILTERED, limit)
    newest = _ids(db, index, narrowing, None if every else within(most + 1))
    if every or len(newest) <= most:
        scored = _score(db, index, newest, limit, every=every)
        return _Found(scored, len(newest), exact=True, ranked=len(newest))
    total, exact = _count(db, index, narrowing, newest)
    candidates = _candidates(db, index, narrowing, newest[: most // 2])
    return _Found(_score(db, index, candidates, limit, every=False), total, exact, len(candidates))


def _candidates(db: Database, index: _Index, narrowing: Narrowing, newest: list[int]) -> list[int]:
    """The newest hits, those that match in the title, and those that hold a rare word; newest first."""
    chosen = set(newest)
    if index.table == "articles_fts" and all(leaf.column in (None, *TITLE_COLUMNS) for leaf in leaves(index.tree)):
        titles = _Index("titles_fts", index.tree, index.condition.replace(index.table, "titles_fts"))
        chosen.update(_ids(db, titles, narrowing, len(newest) // 2))
    for leaf in leaves(wanted(index.tree)) if " OR " in index.match else []:
        rare = _Index(index.table, leaf)
        if len(_ids(db, rare, Narrowing(), RARE + 1)) <= RARE:
            both = f"{fts_expression(leaf, pairs=index.table == 'pairs_fts')} AND {index.match}"
            chosen.update(_matching(db, index, narrowing, both, RARE))
    return sorted(chosen, reverse=True)


def _ids(db: Database, index: _Index, narrowing: Narrowing, limit: int | None) -> list[int]:
    """Numbers of the articles found, newest first."""
    return _matching(db, index, narrowing, index.match, limit)


def _matching(db: Database, index: _Index, narrowing: Narrowing, match: str, limit: int | None) -> list[int]:
    """Numbers of the articles that an expression finds, newest first."""
    table, listed = index.table, narrowing.listed
    first, last = narrowing.range
    parameters: dict[str, str | int] = {**narrowing.parameters, "match": match, "first": first, "last": last}
    found = f"SELECT rowid FROM {table} WHERE {table} MATCH :match AND rowid BETWEEN :first AND :last"  # noqa: S608 - names only
    if listed is not None and len(listed) > IN_SQL:
        return _streamed(db, f"{found}{index.condition}", parameters, narrowing, limit)
    if listed is not None:
        found += " AND +rowid IN (SELECT value FROM json_each(:listed))"
        parameters["listed"] = json.dumps(list(listed))
    sql = f"{found}{index.condition}{narrowing.condition(f'{table}.rowid')} ORDER BY rowid DESC LIMIT :limit"
    return [row[0] for row in db.conn.execute(sql, {**parameters, "limit": -1 if limit is None else limit})]


def _streamed(db: Database, found: str, parameters: dict[str, str | int], narrowing: Narrowing, limit: int | None) -> list[int]:
    """What a query finds and the filters let pass, read many together, as JSON, in a third of the time that rows take."""
    sql = f"SELECT json_group_array(rowid) FROM ({found} ORDER BY rowid DESC LIMIT {STREAMED_AT_ONCE})"  # noqa: S608
    passing: list[int] = []
    while limit is None or len(passing) < limit:
        ids = json.loads(db.conn.execute(sql, parameters).fetchone()[0])
        passing += narrowing.passing(db, ids)
        if len(ids) < STREAMED_AT_ONCE:
            break
        parameters = {**parameters, "last": ids[-1] - 1}
    return passing[:limit]


def _count(db: Database, index: _Index, narrowing: Narrowing, newest: list[int]) -> tuple[int, bool]:
    """How many hits there are, and whether that is exact; estimated from how close the newest stand."""
    estimate = round(len(newest) / _share_looked_through(db, narrowing, newest[-1]))
    if estimate > COUNTED or narrowing != Narrowing() or not isinstance(index.tree, Leaf):
        return max(estimate, len(newest)), False
    found = len(_ids(db, index, narrowing, 2 * COUNTED))
    return found, found < 2 * COUNTED


def _share_looked_through(db: Database, narrowing: Narrowing, oldest: int) -> float:
    """Share of the articles that could be hits that are as new as the oldest that was found."""
    if narrowing.listed is not None:
        return sum(number >= oldest for number in narrowing.listed) / len(narrowing.listed)
    first, last = db.conn.execute("SELECT (SELECT min(id) FROM articles), (SELECT max(id) FROM articles)").fetchone()
    return float((last - oldest + 1) / (last - first + 1))


def _score(db: Database, index: _Index, ids: list[int], limit: int, *, every: bool) -> list[_Scored]:
    """The best of some hits by bm25, best first; where all words are common, by their titles, and then the newest."""
    if not ids:
        return []
    good_for = wanted(index.tree)
    alone = len(ids) < SAMPLE and isinstance(index.tree, Leaf) and index.table == "pairs_fts"
    asked = [] if every or alone else leaves(good_for)
    common = {leaf for leaf in asked if _is_common(db, _Index(index.table, leaf))}
    telling = thinned(good_for, lambda leaf: leaf in common)
    scored: list[_Scored] = []
    if telling is not None:
        scored = _bm25(db, _Index(index.table, telling), ids, limit)
    elif index.table == "articles_fts":
        scored = _bm25(db, _Index("titles_fts", good_for), ids, limit)
    known = {one.article_id for one in scored}
    rest = (article for article in ids if article not in known)
    return scored + [_Scored(article, 0.0) for article, _ in zip(rest, range(limit - len(scored)), strict=False)]


def _bm25(db: Database, index: _Index, ids: list[int], limit: int) -> list[_Scored]:
    table = index.table
    sql = (
        f"SELECT rowid, bm25({table}, {WEIGHTS[table]}) AS badness FROM {table} WHERE {table} MATCH :match "  # noqa: S608
        "AND rowid BETWEEN :first AND :last AND +rowid IN (SELECT value FROM json_each(:ids)) "
        "ORDER BY badness, rowid DESC LIMIT :limit"
    )
    values = {"match": index.match, "first": ids[-1], "last": ids[0], "ids": f"[{','.join(map(str, ids))}]", "limit": limit}
    return [_Scored(article, -badness) for article, badness in db.conn.execute(sql, values)]


def _is_common(db: Database, index: _Index) -> bool:
    """Whether more than COMMON articles are likely to hold it, going by the newest."""
    newest = _ids(db, index, Narrowing(), SAMPLE)
    if len(newest) < SAMPLE:
        return False
    return len(newest) * newest[0] / (newest[0] - newest[-1] + 1) > COMMON


def _hits(db: Database, tree: Tree, scored: list[_Scored]) -> list[Hit]:
    ids = f"[{','.join(str(one.article_id) for one in scored)}]"
    sql = f"{SELECT_ARTICLE}{FROM_ARTICLES} WHERE a.id IN (SELECT value FROM json_each(?))"  # noqa: S608 - names only
    articles = {row[0]: article_of(row) for row in db.conn.execute(sql, (ids,))}
    return [
        Hit(article, snippet(tree, article.title, article.dek, article.byline, article.text), one.score)
        for one in scored
        if (article := articles.get(one.article_id)) is not None
    ]
