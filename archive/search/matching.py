"""Numbers of the articles that one index finds and filters let pass, newest first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlite_utils import Database

from archive.numbers import LARGEST_INTEGER
from archive.search.expression import Leaf, Tree, all_of, fts_expression
from archive.search.facets import EVERYTHING, Gate
from archive.search.narrowing import Narrowing
from archive.search.planning import Frequencies, planned
from archive.search.snippets import surely_holding

COMMON = 250_000
"""Articles with a word that is too common to tell hits apart; bm25 would count its whole list, 30 ns an article, and weigh it
next to nothing."""

STREAMED_AT_ONCE = 10_000
"""Hits read together."""
PROBED_AT_ONCE = 250
"""Articles looked up together."""

PROBE, STEP = 40.0, 0.15
"""Microseconds to ask the index of one article, and to read the next hit and look it up in a list."""

NO_GATE = Gate(None, EVERYTHING)
ANYTHING = Narrowing()
"""No filter."""


@dataclass(frozen=True, slots=True)
class Index:
    """One index, what is looked for in it, and what else its hits must be."""

    table: str
    tree: Tree
    frequencies: Frequencies
    condition: str = ""
    """More SQL behind a WHERE."""
    gate: Gate = NO_GATE
    """Filters that this index knows."""
    narrowing: Narrowing = ANYTHING
    """Filters that have to be asked."""

    @property
    def whole(self) -> Tree:
        """What is looked for, with the filters."""
        return self.tree if self.gate.tree is None else all_of([self.tree, self.gate.tree])

    @property
    def is_plain(self) -> bool:
        """Whether FTS5 finds all that is asked for and nothing else."""
        return self.narrowing == ANYTHING and self.gate.unsure is None

    @property
    def is_wide(self) -> bool:
        """Whether the filters let so much pass that bm25 would take longer to count it than the rest takes."""
        return self.gate.tree is not None and self.frequencies.of(self.gate.tree) > COMMON

    def expression(self, tree: Tree) -> str:
        """A tree in FTS5's language."""
        return fts_expression(tree, pairs=self.table == "pairs_fts")

    def match(self) -> str:
        """What is looked for, in FTS5's language and the order that is quickest."""
        return self.expression(planned(self.whole, self.frequencies) if not isinstance(self.whole, Leaf) else self.whole)


def uncut(db: Database, index: Index, ids: list[int]) -> list[int]:
    """The articles that the index has to judge, of some; newest first."""
    if not index.condition:
        return ids
    sql = "SELECT value AS rowid FROM json_each(:ids) WHERE EXISTS (SELECT 1 FROM pairs_fts_docsize WHERE id = value)"
    cut = set(_listed(db, sql, {"ids": json.dumps(ids)}))
    return [number for number in ids if number not in cut] if cut else ids


def ids_of(db: Database, index: Index, limit: int | None) -> tuple[list[int], bool]:
    """Numbers of the articles found, newest first, and whether these are all."""
    return matching(db, index, index.match(), limit)


def matching(db: Database, index: Index, match: str, limit: int | None) -> tuple[list[int], bool]:
    """Numbers of the articles that an expression finds and that pass, newest first, and whether these are all."""
    wanted = limit
    while True:
        ids = _possible(db, index, match, wanted)
        complete = wanted is None or len(ids) < wanted
        kept = sure(db, index, ids)
        if complete or limit is None or wanted is None or len(kept) >= limit:
            return kept, complete
        wanted = min(2 * wanted, LARGEST_INTEGER)


def _possible(db: Database, index: Index, match: str, limit: int | None) -> list[int]:
    """Numbers of the articles that an expression finds, newest first, dates not yet asked for."""
    table = index.table
    parameters: dict[str, str | int] = {"match": match}
    found = f"SELECT rowid FROM {table} WHERE {table} MATCH :match"  # noqa: S608 - names only
    if index.narrowing != ANYTHING:
        return _narrowed(db, index, found, parameters, limit)
    found += index.condition
    if limit is None:
        return _listed(db, found, parameters)[::-1]
    return _listed(db, f"{found} ORDER BY rowid DESC LIMIT {limit}", parameters)


def _listed(db: Database, found: str, parameters: Mapping[str, str | int]) -> list[int]:
    """Numbers that a query finds, as one JSON array, which takes a third of the time that rows take."""
    sql = f"SELECT json_group_array(rowid) FROM ({found})"  # noqa: S608 - names only
    numbers: list[int] = json.loads(db.conn.execute(sql, parameters).fetchone()[0])
    return numbers


def sure(db: Database, index: Index, ids: list[int]) -> list[int]:
    """The hits without those whose date turns out not to pass."""
    if index.gate.unsure is None or not ids:
        return ids
    unsure = planned(all_of([index.tree, index.gate.unsure]), index.frequencies)
    parameters: dict[str, str | int] = {"match": index.expression(unsure), "first": ids[-1], "last": ids[0]}
    found = f"SELECT rowid FROM {index.table} WHERE {index.table} MATCH :match AND rowid BETWEEN :first AND :last"  # noqa: S608
    hits = set(ids)
    asked = [number for number in _listed(db, found, parameters) if number in hits]
    exact, values = index.gate.dates.sql()
    failing = set(asked) - set(Narrowing(exact, None, values).passing(db, asked))
    return [number for number in ids if number not in failing] if failing else ids


def _narrowed(db: Database, index: Index, found: str, parameters: dict[str, str | int], limit: int | None) -> list[int]:
    """What a query finds and the filters let pass, newest first."""
    narrowing, listed = index.narrowing, index.narrowing.listed
    first, last = narrowing.range
    parameters = {**narrowing.parameters, **parameters, "first": first, "last": last}
    found += " AND rowid BETWEEN :first AND :last"
    if listed is not None:
        hits = index.frequencies.of(index.whole) * (last - first + 1) / index.frequencies.articles
        probing = len(listed) * PROBE < hits * STEP
        return _probed(db, index, parameters, limit) if probing else _streamed(db, index, found, parameters, limit)
    sql = f"{found}{index.condition}{narrowing.condition(f'{index.table}.rowid')} ORDER BY rowid DESC LIMIT :limit"
    return [row[0] for row in db.conn.execute(sql, {**parameters, "limit": -1 if limit is None else limit})]


def _probed(db: Database, index: Index, parameters: dict[str, str | int], limit: int | None) -> list[int]:
    """The listed articles that an expression finds, each looked up in the index, newest first."""
    found: list[int] = []
    sql = (
        f"SELECT rowid FROM {index.table} WHERE {index.table} MATCH :match "  # noqa: S608 - names only
        "AND rowid IN (SELECT value FROM json_each(:ids))"
    )
    listed = sorted(index.narrowing.listed or (), reverse=True)
    asked = replace(index.narrowing, listed=None)
    for start in range(0, len(listed), PROBED_AT_ONCE):
        some = listed[start : start + PROBED_AT_ONCE]
        ids = surely_holding(db, index.whole, some) if index.table == "articles_fts" else []
        known = set(ids)
        ids += _listed(db, sql, {**parameters, "ids": json.dumps([number for number in some if number not in known])})
        found += uncut(db, index, asked.passing(db, sorted(ids, reverse=True)))
        if limit is not None and len(found) >= limit:
            return found[:limit]
    return found


def _streamed(db: Database, index: Index, found: str, parameters: dict[str, str | int], limit: int | None) -> list[int]:
    """What a query finds and the filters let pass, read many together."""
    narrowing = index.narrowing
    sql = f"{found} ORDER BY rowid DESC LIMIT {STREAMED_AT_ONCE}"
    passing: list[int] = []
    while limit is None or len(passing) < limit:
        ids = _listed(db, sql, parameters)
        passing += uncut(db, index, narrowing.passing(db, ids))
        if len(ids) < STREAMED_AT_ONCE:
            break
        parameters = {**parameters, "last": ids[-1] - 1}
    return passing[:limit]
