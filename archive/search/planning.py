"""How many articles a part of a query is likely to be in, and the order in which FTS5 had best look for the parts.

FTS5 follows the lists of all words that must meet, each to the next article of the one that is furthest. Of a sentence that is
the list of `the` to every article of each rarer word. Rare words that are looked for within a part of their own meet first.
"""

from __future__ import annotations

import math
import re

from sqlite_utils import Database

from archive.search.expression import Branch, Leaf, Tree, all_of, fts_expression, leaves
from archive.search.facets import NEVER

SAMPLE = 1000
"""Newest articles with a word, from whose numbers it is estimated how many have it."""

COUNTED = 50_000
"""Articles that a filter lets pass that are counted, 30 ns an article. They may be old, so that the newest say little of them."""
SPREAD = 200
"""Articles by which the share is estimated that a filter lets pass, where it is more."""

RARER = 4
"""How much rarer others have to be than a word for it to be looked for only where they meet."""

WORD = re.compile(r"[^\W_]+")


class Frequencies:
    """How many articles of one index parts of queries are in, each counted or estimated once."""

    def __init__(self, db: Database, table: str) -> None:
        self.db = db
        self._table = table
        self._known: dict[Tree, float] = {}
        first, last = db.conn.execute("SELECT (SELECT min(id) FROM articles), (SELECT max(id) FROM articles)").fetchone()
        self._first = first or 0
        self._spread: list[set[str]] | None = None
        self.articles = 1 if first is None else last - first + 1
        """The most that there can be."""

    def of(self, tree: Tree) -> float:
        """How many articles a tree finds, taking its parts for independent of each other."""
        if tree not in self._known:
            self._known[tree] = self._found(tree)
        return self._known[tree]

    def words(self, leaf: Leaf) -> list[float]:
        """How many articles each word of a leaf is in."""
        words = [leaf.text] if self._table == "pairs_fts" else WORD.findall(leaf.text)
        return [self.of(Leaf(word, leaf.prefix, leaf.column)) for word in words]

    def _found(self, tree: Tree) -> float:
        if all(leaf.column == "facets" for leaf in leaves(tree)) and (isinstance(tree, Leaf) or tree.operator == "OR"):
            return self._passing(tree)
        return self._leaf(tree) if isinstance(tree, Leaf) else self._branch(tree)

    def _passing(self, facets: Tree) -> float:
        limited = f"SELECT rowid FROM {self._table} WHERE {self._table} MATCH ? LIMIT {COUNTED}"  # noqa: S608 - names only
        counting = f"SELECT count(*) FROM ({limited})"  # noqa: S608 - names only
        (count,) = self.db.conn.execute(counting, (self._expression(facets),)).fetchone()
        return float(count) if count < COUNTED else max(float(count), self._share(facets) * self.articles)

    def _share(self, facets: Tree) -> float:
        """Share of the articles with any of some facets, of some that are evenly spread."""
        if self._spread is None:
            ids = range(self._first, self._first + self.articles, max(self.articles // SPREAD, 1))
            sql = "SELECT a.facets FROM json_each(?) AS j JOIN articles AS a ON a.id = j.value"
            self._spread = [set(row[0].split(" ")) for row in self.db.conn.execute(sql, (f"[{','.join(map(str, ids))}]",))]
        looked_for = {leaf.text for leaf in leaves(facets)}
        return sum(not looked_for.isdisjoint(held) for held in self._spread) / max(len(self._spread), 1)

    def _leaf(self, leaf: Leaf) -> float:
        words = WORD.findall(leaf.text)
        if self._table != "pairs_fts" and len(words) > 1:
            return min(self.words(leaf))
        return self._sampled(leaf)

    def _branch(self, tree: Branch) -> float:
        found = [self.of(part) for part in tree.parts]
        if tree.operator == "OR":
            return min(sum(found), self.articles)
        shares = [number / self.articles for number in found]
        return self.articles * (shares[0] * (1 - min(shares[1], 1)) if tree.operator == "NOT" else math.prod(shares))

    def _sampled(self, tree: Tree) -> float:
        table = self._table
        newest = f"SELECT rowid AS id FROM {table} WHERE {table} MATCH ? ORDER BY rowid DESC LIMIT {SAMPLE}"  # noqa: S608
        ends = f"SELECT count(*), min(id), max(id) FROM ({newest})"  # noqa: S608 - names only
        count, first, last = self.db.conn.execute(ends, (self._expression(tree),)).fetchone()
        return float(count) if count < SAMPLE else count * self.articles / (last - first + 1)

    def _expression(self, tree: Tree) -> str:
        return fts_expression(tree, pairs=self._table == "pairs_fts")


def planned(tree: Tree, frequencies: Frequencies) -> Tree:
    """A tree that finds the same, and has rare parts meet before common ones are looked for."""
    if isinstance(tree, Leaf) or tree.operator == "OR":
        return tree
    if tree.operator == "NOT":
        return Branch("NOT", (planned(tree.parts[0], frequencies), tree.parts[1]))
    parts = sorted(tree.parts, key=frequencies.of)
    rare = 1
    while rare < len(parts) and frequencies.of(parts[rare]) < RARER * frequencies.of(parts[0]):
        rare += 1
    if rare == 1 and len(parts) > 2:
        rare = 2
    if rare in (1, len(parts)):
        return all_of(parts)
    return all_of([Branch("NOT", (all_of(parts[:rare]), NEVER)), *parts[rare:]])
