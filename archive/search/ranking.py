"""Finding and ranking. bm25 scores every hit, and hits of common words are as many as articles; so it is asked only of some.

While what a query finds can be scored in some 20 ms, all of it is counted and ranked. Beyond that these are ranked: the newest
hits, those that match best in title, dek or byline, and those that hold a rare word of the query; the result says how many of how
many.

Articles with text in a script without spaces are in `pairs_fts`, cut into pairs, and what that index says of them holds; all
others are in `articles_fts`, and their title, dek and byline in `titles_fts` too, which is small. Filters that `articles_fts`
knows are looked for in it with the words; `pairs_fts` knows none.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from sqlite_utils import Database

from archive import copies
from archive.errors import QuerySyntaxError
from archive.numbers import LARGEST_INTEGER, within
from archive.pairs import holds_unspaced
from archive.rows import Hit, SearchResult
from archive.search.expression import EXAMPLE, Leaf, Tree, all_of, leaves, read_query, thinned, wanted, without
from archive.search.facets import gate
from archive.search.matching import ANYTHING, COMMON, NO_GATE, Index, ids_of, matching, sure, uncut
from archive.search.narrowing import ask_each, narrow
from archive.search.planning import Frequencies
from archive.search.scoring import Scored, bm25, by_marks, by_titles
from archive.search.snippets import snippet
from archive.selection import FROM_ARTICLES, SELECT_ARTICLE, Filters, article_of

RANKED = 8_000
"""Hits of one word that are all ranked, at 0.9 µs each; of several words so many fewer."""

RANKED_AT_LEAST = 2500
"""The same of many words."""

COUNTED = 20_000
"""Hits of a single word that are all counted, 0.3 µs a hit; where several words meet it takes longer."""

RANKED_FILTERED = 600
"""Hits that are all ranked where a filter is asked of each hit, or looked up."""

NEWEST = 1000
"""Hits that are ranked as the newest of more, and at most as many again for their titles."""

LOOKED_THROUGH = 18_000
"""Newest hits among which the best titles are looked for; bm25 passes over those that it does not score in 0.15 µs each."""

COSTLY = 300_000
"""Articles with the words of a phrase, each word's taken together, beyond which bm25 is not asked to count the phrase."""

GATED = 4
"""How much rarer what filters let pass has to be than a word for bm25 to be given both; it counts each."""

COUNTED_GATE = 30_000
"""Articles that filters let pass, beyond which the newest titles are taken and not the best; bm25 would count them."""

MARKED = 350
"""Hits of a costly phrase that are scored one by one, at 10 µs each."""

CUT = 50
"""Hits more than are wanted that are scored, as some may be for the other index to judge."""

RARE = 1000
"""Articles with a word that are all ranked, however many other hits there are."""

TITLE_COLUMNS = ("title", "dek", "byline")
ANY_TITLE = "{title dek byline}"
"""The same as FTS5 writes it."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What one index holds for a query."""

    scored: list[Scored]
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
    most = limit
    if filters.unique:
        most = LARGEST_INTEGER if every else max(limit, NEWEST)
    found = [_search(db, index, most, every=every) for index in indexes(db, tree, filters)]
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


def _best_of_each(db: Database, scored: list[Scored]) -> list[Scored]:
    """The hits without copies of a hit that is better."""
    kept = set(copies.first_of_each(db.conn, [one.article_id for one in scored]))
    return [one for one in scored if one.article_id in kept]


def indexes(db: Database, tree: Tree, filters: Filters) -> list[Index]:
    """The indexes that together hold every hit once."""
    cut = db.conn.execute("SELECT 1 FROM pairs LIMIT 1").fetchone() is not None
    words = without(tree, lambda leaf: holds_unspaced(leaf.text)) if cut else tree
    found = [_pairs_index(db, tree, filters)] if cut else []
    if words is not None:
        passing = gate(db, filters)
        in_titles = passing.tree is None and all(leaf.column in TITLE_COLUMNS for leaf in leaves(words))
        table = "titles_fts" if in_titles else "articles_fts"
        condition = f" AND NOT EXISTS (SELECT 1 FROM pairs_fts_docsize WHERE id = {table}.rowid)" if cut else ""  # noqa: S608 - names only
        narrowing = narrow(db, passing.left)
        found.append(Index(table, words, Frequencies(db, table), condition, passing, narrowing))
    return found


def _pairs_index(db: Database, tree: Tree, filters: Filters) -> Index:
    """The index of pairs; what passes the filters is listed only where there are many hits to look up."""
    index = Index("pairs_fts", tree, Frequencies(db, "pairs_fts"))
    if filters == Filters(unique=filters.unique):
        return index
    few = len(matching(db, index, index.match(), RANKED_FILTERED)[0]) < RANKED_FILTERED
    return replace(index, narrowing=ask_each(filters) if few else narrow(db, filters))


def _search(db: Database, index: Index, limit: int, *, every: bool) -> _Found:
    if not every and _is_costly_phrase(index):
        return _search_phrase(db, index, limit)
    most = max(_most(index), limit)
    expected = index.frequencies.of(index.whole) if not isinstance(index.whole, Leaf) else most
    wanting = most if isinstance(index.whole, Leaf) or index.narrowing != ANYTHING else max(NEWEST, limit)
    all_wanted = every or (expected <= most and wanting != most)
    newest, complete = ids_of(db, index, None if all_wanted else within(wanting + 1))
    if every or (complete and len(newest) <= most):
        scored = _score(db, index, newest, limit, complete=complete, every=every)
        return _Found(scored, len(newest), exact=True, ranked=len(newest))
    total, exact = (len(newest), True) if complete else _count(db, index, newest)
    some = max(NEWEST if _telling(index) is not None else MARKED, limit)
    candidates = _candidates(db, index, newest[:some])
    scored = _score(db, index, candidates, limit, complete=False, every=False)
    return _Found(scored, max(total, len(candidates)), exact, len(candidates))


def _most(index: Index) -> int:
    """Hits that are all ranked."""
    if index.narrowing != ANYTHING:
        return RANKED_FILTERED
    return max(RANKED // _effort(wanted(index.tree)), RANKED_AT_LEAST)


def _effort(tree: Tree) -> int:
    """How many words bm25 has to look up in each hit; a beginning takes as long as two."""
    return sum(1 + leaf.prefix for leaf in leaves(tree))


def _is_costly_phrase(index: Index) -> bool:
    """Whether the query is one phrase that bm25 would take long to count."""
    if not isinstance(index.tree, Leaf) or index.table == "pairs_fts" or not index.is_plain:
        return False
    found = index.frequencies.words(index.tree)
    return len(found) > 1 and sum(found) > COSTLY


def _search_phrase(db: Database, index: Index, limit: int) -> _Found:
    """The newest hits of a phrase of common words, and the newest with it in the title."""
    most = max(MARKED, limit)
    share = min(index.frequencies.of(index.tree) / index.frequencies.articles, 1.0)
    scored = by_marks(db, index.table, index.match(), index.condition, within(most + 1), share)
    if len(scored) <= most:
        return _Found(scored, len(scored), exact=True, ranked=len(scored))
    total = _estimate(db, index, sorted((one.article_id for one in scored), reverse=True))
    known = {one.article_id for one in scored}
    titles = _titles(index)
    if titles is not None:
        more = by_marks(db, titles.table, titles.match(), titles.condition, most, share)
        scored += [one for one in more if one.article_id not in known]
        scored.sort(key=lambda one: (-one.score, -one.article_id))
    return _Found(scored, max(total, len(scored)), exact=False, ranked=len(scored))


def _titles(index: Index) -> Index | None:
    """Where to look for hits with a match in title, dek or byline; None where that makes no difference."""
    if index.table != "articles_fts" or any(leaf.column not in (None, *TITLE_COLUMNS) for leaf in leaves(index.tree)):
        return None
    good_for = _in_titles(wanted(index.tree))
    if wanted(index.tree) != index.tree:  # what is excluded may stand in the text
        return replace(index, tree=all_of([good_for, index.tree]))
    if index.gate.tree is not None and not index.is_wide:
        return replace(index, tree=good_for)
    condition = index.condition.replace(index.table, "titles_fts")
    frequencies = Frequencies(index.frequencies.db, "titles_fts")
    return replace(index, table="titles_fts", condition=condition, frequencies=frequencies, gate=NO_GATE)


def _in_titles(tree: Tree) -> Tree:
    """The tree with leaves that are looked for anywhere looked for in title, dek and byline."""
    if isinstance(tree, Leaf):
        return replace(tree, column=tree.column or ANY_TITLE)
    return replace(tree, parts=tuple(_in_titles(part) for part in tree.parts))


def _candidates(db: Database, index: Index, newest: list[int]) -> list[int]:
    """The newest hits, those that match best in the title, and those that hold a rare word; newest first."""
    chosen = set(newest)
    titles = _titles(index)
    if titles is not None and index.narrowing.listed is None:
        chosen.update(_best_titles(db, index, titles))
    alternatives = leaves(wanted(index.tree)) if " OR " in index.expression(index.tree) else []
    for leaf in alternatives:
        if index.frequencies.of(leaf) <= RARE:
            both = all_of([leaf, index.whole])
            chosen.update(matching(db, index, index.expression(both), RARE)[0])
    return sorted(chosen, reverse=True)


def _best_titles(db: Database, index: Index, titles: Index) -> list[int]:
    """The hits that match best in title, dek or byline, of those that are looked through."""
    telling, oldest = _telling(index), _oldest(db, index)
    counted = 0 if titles.gate.tree is None else index.frequencies.of(titles.gate.tree)
    if telling == index.tree and index.narrowing == ANYTHING and counted <= COUNTED_GATE:
        found = [one.article_id for one in bm25(db, titles.table, titles.match(), oldest, None, NEWEST)]
    else:
        found = ids_of(db, replace(titles, condition=titles.condition + oldest), MARKED if telling is None else NEWEST)[0]
    passing = ANYTHING if titles.gate.tree is not None else ask_each(index.gate.known)
    return uncut(db, index, sure(db, index, sorted(passing.passing(db, found), reverse=True)))


def _oldest(db: Database, index: Index) -> str:
    """SQL that keeps away from hits so old that bm25 would have to pass over too many others on the way to them."""
    telling = _telling(index)
    if telling is None:
        return ""
    looked = max(LOOKED_THROUGH // _effort(telling), NEWEST)
    gated = index.gate.tree is not None and not index.is_wide
    passed = all_of([telling, index.gate.tree]) if gated and index.gate.tree is not None else telling
    if index.frequencies.of(passed) < looked:
        return ""
    sql = f"SELECT rowid FROM {index.table} WHERE {index.table} MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET {looked}"  # noqa: S608
    oldest = db.conn.execute(sql, (index.expression(passed),)).fetchone()
    return f" AND rowid >= {oldest[0]}" if oldest else ""


def _count(db: Database, index: Index, newest: list[int]) -> tuple[int, bool]:
    """How many hits there are, and whether that is exact."""
    estimate = _estimate(db, index, newest)
    if estimate > COUNTED or not index.is_plain or not isinstance(index.whole, Leaf):
        return estimate, False
    sql = f"SELECT count(*) FROM {index.table} WHERE {index.table} MATCH ?{index.condition}"  # noqa: S608 - names only
    return int(db.conn.execute(sql, (index.match(),)).fetchone()[0]), True


def _estimate(db: Database, index: Index, newest: list[int]) -> int:
    """How many hits there are, going by how close the newest stand."""
    if index.is_wide:
        return max(round(index.frequencies.of(index.whole)), len(newest))
    return max(round(len(newest) / _share_looked_through(db, index, newest[-1])), len(newest)) if newest else 0


def _share_looked_through(db: Database, index: Index, oldest: int) -> float:
    """Share of the articles that could be hits that are as new as the oldest that was found."""
    listed = index.narrowing.listed
    if listed is not None:
        return sum(number >= oldest for number in listed) / len(listed)
    passing = index.gate.tree
    if passing is not None and index.frequencies.of(passing) <= COMMON:
        sql = f"SELECT count(*) FROM {index.table} WHERE {index.table} MATCH ?"  # noqa: S608 - names only
        match = index.expression(passing)
        newer = db.conn.execute(f"{sql} AND rowid >= ?", (match, oldest)).fetchone()[0]
        return float(newer / db.conn.execute(sql, (match,)).fetchone()[0])
    first, last = db.conn.execute("SELECT (SELECT min(id) FROM articles), (SELECT max(id) FROM articles)").fetchone()
    return float((last - oldest + 1) / (last - first + 1))


def _telling(index: Index) -> Tree | None:
    """What is looked for without what is excluded, and without words that are too common to tell hits apart."""
    alone = isinstance(index.tree, Leaf) and index.table == "pairs_fts"
    return wanted(index.tree) if alone else thinned(wanted(index.tree), lambda leaf: _is_common(index, leaf))


def _is_common(index: Index, leaf: Leaf) -> bool:
    if index.frequencies.of(leaf) > COMMON:
        return True
    return isinstance(index.tree, Leaf) is False and len(found := index.frequencies.words(leaf)) > 1 and sum(found) > COSTLY


def _score(db: Database, index: Index, ids: list[int], limit: int, *, complete: bool, every: bool) -> list[Scored]:
    """The best of some hits by bm25, best first; where all words are common, by their titles, and then the newest."""
    if not ids:
        return []
    good_for = wanted(index.tree)
    telling = good_for if every else _telling(index)
    scored: list[Scored] = []
    if telling is not None:
        only = complete and telling == index.tree and index.is_plain and not index.is_wide
        passing = index.gate.tree
        gated = passing is not None and (only or index.frequencies.of(passing) < index.frequencies.of(telling) / GATED)
        match = index.expression(all_of([telling, passing]) if gated and passing is not None else telling)
        most, chosen = (min(limit + CUT, LARGEST_INTEGER), None) if only else (limit, ids)
        scored = bm25(db, index.table, match, "", chosen, most)
        if only and index.condition:
            passed = set(ids)
            scored = [one for one in scored if one.article_id in passed][:limit]
            if len(scored) < min(limit, len(ids)):
                scored = bm25(db, index.table, match, index.condition, None, limit)
    elif index.table == "articles_fts":
        scored = _score_titles(db, index, ids)[:limit]
    known = {one.article_id for one in scored}
    rest = (article for article in ids if article not in known)
    return scored + [Scored(article, 0.0) for article, _ in zip(rest, range(limit - len(scored)), strict=False)]


def _score_titles(db: Database, index: Index, ids: list[int]) -> list[Scored]:
    """Hits with a match in title, dek or byline, best first, of the newest if there are many."""
    titles = _titles(replace(index, tree=wanted(index.tree)))
    if titles is None:
        return []
    if titles.table != "titles_fts" or index.narrowing != ANYTHING:
        return by_titles(db, wanted(index.tree), ids[: 2 * MARKED])
    chosen = set(ids)
    return [one for one in by_marks(db, titles.table, titles.match(), titles.condition, MARKED, 1.0) if one.article_id in chosen]


def _hits(db: Database, tree: Tree, scored: list[Scored]) -> list[Hit]:
    ids = f"[{','.join(str(one.article_id) for one in scored)}]"
    sql = f"{SELECT_ARTICLE}{FROM_ARTICLES} WHERE a.id IN (SELECT value FROM json_each(?))"  # noqa: S608 - names only
    articles = {row[0]: article_of(row) for row in db.conn.execute(sql, (ids,))}
    return [
        Hit(article, snippet(tree, article.title, article.dek, article.byline, article.text), one.score)
        for one in scored
        if (article := articles.get(one.article_id)) is not None
    ]
