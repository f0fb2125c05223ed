"""What a person types, read into a tree, and the tree as FTS5 writes it.

Words must all occur. `"in quotes"` is a phrase, `word*` a beginning, `OR`, `AND`, `NOT` and brackets combine, `title:word` and
`author:word` look in one place. Anything else is text, not syntax, so that no search fails over an apostrophe or a hyphen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from archive.errors import QuerySyntaxError
from archive.pairs import holds_unspaced, pairs_to_find

COLUMNS = {"title": "title", "headline": "title", "dek": "dek", "author": "byline", "byline": "byline", "text": "text"}
"""Prefix that a person writes -> column of the index."""

PREFIXES = {f"{name}:" for name in COLUMNS}
"""Prefixes with nothing right behind them."""

FILTERS = {"site", "since", "until", "lang"}
"""What is no prefix but a filter of its own; named in the answer to who writes it as a prefix."""

EXAMPLE = 'for example: harbour "night ferry" OR title:strike NOT rail*'

DEEPEST = 20
"""Brackets within brackets. FTS5 gives up at some 100, and each here may become three there."""
MOST_WORDS = 250
"""Words and phrases of one query; far more than anybody types."""

SHOWN = 20
"""Characters of the query that a message shows from where it went wrong."""

TOKEN = re.compile(
    r"""\s*(?:
        (?P<bracket>[()])
      | (?P<column>[A-Za-z_]{2,}):(?=[^\s):/])
      | "(?P<phrase>[^"]*)"(?P<phrase_prefix>\*?)
      | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word, or a phrase, to look for."""

    text: str
    prefix: bool = False
    """Whether it is the beginning of a word; of a phrase, whether its last word is."""
    column: str | None = None
    """Column of the index to look in; None: all."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Parts joined by `AND` or `OR`, or two by `NOT`."""

    operator: str
    parts: tuple[Tree, ...]


Tree: TypeAlias = Leaf | Branch


@dataclass(frozen=True, slots=True)
class Match:
    """A query as the two indexes take it: every article is judged by one of them."""

    words: str | None
    """For `articles_fts`, and articles that have no row in `pairs`; None: nothing there can match."""
    pairs: str
    """For `pairs_fts`, and articles that have one."""

    def condition(self, article_id: str) -> tuple[str, dict[str, str]]:
        """SQL that says whether an article matches, and its parameters.

        Args:
            article_id: SQL for the number of the article.

        """
        found, parameters = "SELECT rowid FROM pairs_fts WHERE pairs_fts MATCH :pairs", {"pairs": self.pairs}
        if self.words is not None:
            found += (
                " UNION ALL SELECT rowid FROM articles_fts WHERE articles_fts MATCH :words "
                "AND NOT EXISTS (SELECT 1 FROM pairs WHERE article_id = articles_fts.rowid)"
            )
            parameters["words"] = self.words
        return f"{article_id} IN ({found})", parameters


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """`(`, `)`, `AND`, `OR`, `NOT`, `column` or `leaf`."""
    text: str
    at: int
    """Place in the query, from 0."""
    leaf: Leaf | None = None


def read_query(query: str) -> Tree:
    """Read what a person types.

    Raises:
        QuerySyntaxError: a quote or bracket is not closed, an operator has nothing to join, a prefix is unknown, or nothing is
            left to look for. The message says where, and shows a query that works.

    """
    query = query.encode(errors="replace").decode().replace("\0", " ")  # SQLite ends a string at NUL
    if query.count('"') % 2:
        raise _error("a quote is not closed", query, query.rfind('"'))
    tokens = list(_tokens(query))
    if sum(token.kind == "leaf" for token in tokens) > MOST_WORDS:
        raise _error(f"more than {MOST_WORDS} words", query, 0)
    if not any(token.kind == "leaf" for token in tokens):
        raise _error("nothing to look for", query, 0)
    return _Reader(query, tokens).read()


def fts_expression(tree: Tree, *, pairs: bool = False) -> str:
    """The tree in FTS5's language, for the index of words or for that of pairs."""
    if isinstance(tree, Leaf):
        return _leaf_expression(tree, pairs=pairs)
    parts = [fts_expression(part, pairs=pairs) for part in tree.parts]
    return "(" + f" {tree.operator} ".join(parts) + ")"


def read_match(query: str) -> Match:
    """Read what a person types, for both indexes.

    Raises:
        QuerySyntaxError: see `read_query`.

    """
    tree = read_query(query)
    words = without(tree, lambda leaf: holds_unspaced(leaf.text))
    return Match(None if words is None else fts_expression(words), fts_expression(tree, pairs=True))


def without(tree: Tree, dropped: Callable[[Leaf], bool]) -> Tree | None:
    """What is left of a tree where some leaves match nothing; None if all of it matches nothing."""
    if isinstance(tree, Leaf):
        return None if dropped(tree) else tree
    parts = [without(part, dropped) for part in tree.parts]
    left = tuple(part for part in parts if part is not None)
    if tree.operator == "NOT":
        return None if parts[0] is None else _join("NOT", left)
    if tree.operator == "AND" and len(left) < len(parts):
        return None
    return _join(tree.operator, left) if left else None


def wanted(tree: Tree) -> Tree:
    """The tree without what it excludes: each hit has some of this, and it says what a hit is good for."""
    if isinstance(tree, Leaf):
        return tree
    if tree.operator == "NOT":
        return wanted(tree.parts[0])
    return _join(tree.operator, tuple(wanted(part) for part in tree.parts))


def thinned(tree: Tree, dropped: Callable[[Leaf], bool]) -> Tree | None:
    """What is left of a tree without some leaves, whatever joined them; None if nothing is."""
    if isinstance(tree, Leaf):
        return None if dropped(tree) else tree
    left = tuple(part for part in (thinned(part, dropped) for part in tree.parts) if part is not None)
    return _join(tree.operator, left) if left else None


def any_of(parts: Sequence[Tree]) -> Tree:
    """A tree that finds what any of some trees finds."""
    return _join("OR", tuple(parts))


def all_of(parts: Sequence[Tree]) -> Tree:
    """A tree that finds what all of some trees find."""
    return _join("AND", tuple(parts))


def leaves(tree: Tree) -> list[Leaf]:
    """All leaves, each once, in their order."""
    if isinstance(tree, Leaf):
        return [tree]
    return list(dict.fromkeys(leaf for part in tree.parts for leaf in leaves(part)))


def _join(operator: str, parts: tuple[Tree, ...]) -> Tree:
    return parts[0] if len(parts) == 1 else Branch(operator, parts)


def _leaf_expression(leaf: Leaf, *, pairs: bool) -> str:
    text, prefix = leaf.text, leaf.prefix
    if pairs:
        text, single = pairs_to_find(text)
        prefix = prefix or single
    quoted = '"' + text.replace('"', '""') + '"' + ("*" if prefix else "")
    return quoted if leaf.column is None else f"{leaf.column} : {quoted}"


def _tokens(query: str) -> Iterator[_Token]:
    for found in TOKEN.finditer(query):
        at = found.end() - len(found[0].lstrip())
        if found["bracket"]:
            yield _Token(found["bracket"], found["bracket"], at)
        elif found["column"]:
            yield _Token("column", _column(found["column"], query, at), at)
        elif found["word"] in ("AND", "OR", "NOT"):
            yield _Token(found["word"], found["word"], at)
        elif (found["word"] or "").lower() in PREFIXES:
            raise _error(f"nothing stands right behind {found['word']}; to look for the word leave out the colon", query, at)
        else:
            phrase = found["phrase"]
            text = found["word"].rstrip("*") if phrase is None else phrase
            prefix = found["word"].endswith("*") if phrase is None else bool(found["phrase_prefix"])
            if any(character.isalnum() for character in text):
                yield _Token("leaf", text, at, Leaf(text, prefix))


def _column(name: str, query: str, at: int) -> str:
    if name.lower() in COLUMNS:
        return COLUMNS[name.lower()]
    known = ", ".join(f"{known}:" for known in COLUMNS)
    filtered = f"to filter use --{name.lower()}, " if name.lower() in FILTERS else ""
    raise _error(f"there is no {name}: to look in, only {known}; {filtered}to look for the words put them in quotes", query, at)


def _error(what: str, query: str, at: int) -> QuerySyntaxError:
    place = f" at character {at + 1}, {_shown(query[at:])}" if at else f" in {_shown(query)}"
    return QuerySyntaxError(f"{what}{place}; {EXAMPLE}")


def _shown(text: str) -> str:
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")


class _Reader:
    """Reads tokens from left to right: NOT binds closest, then AND (also unwritten), then OR, as in FTS5."""

    def __init__(self, query: str, tokens: list[_Token]) -> None:
        self.query = query
        self.tokens = tokens
        self.place = 0
        self.depth = 0

    def read(self) -> Tree:
        tree = self._any()
        if (token := self._next()) is not None:
            raise self._wrong("brackets do not match: nothing is open", token)
        return tree

    def _next(self) -> _Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def _kind(self) -> str:
        token = self._next()
        return "end" if token is None else token.kind

    def _any(self) -> Tree:
        parts = [self._all()]
        while self._kind() == "OR":
            self.place += 1
            parts.append(self._all())
        return _join("OR", tuple(parts))

    def _all(self) -> Tree:
        parts = [self._but()]
        while self._kind() not in ("end", "OR", ")"):
            self.place += self._kind() == "AND"
            parts.append(self._but())
        return _join("AND", tuple(parts))

    def _but(self) -> Tree:
        tree = self._one()
        excluded: list[Tree] = []
        while self._excludes():
            excluded.append(self._one())
        return Branch("NOT", (tree, _join("OR", tuple(excluded)))) if excluded else tree

    def _excludes(self) -> bool:
        """Pass over `NOT`, which may be written `AND NOT`; whether it was there."""
        kinds = [token.kind for token in self.tokens[self.place : self.place + 2]]
        length = 1 if kinds[:1] == ["NOT"] else 2 if kinds == ["AND", "NOT"] else 0
        self.place += length
        return length > 0

    def _one(self) -> Tree:
        token = self._next()
        if token is None:
            last = self.tokens[-1]
            raise self._wrong("brackets do not match: one is not closed" if last.kind == "(" else "nothing to join follows", last)
        self.place += 1
        if token.leaf is not None:
            return token.leaf
        if token.kind == "column":
            return _within(self._one(), token.text)
        if token.kind == "(":
            return self._bracketed(token)
        joins = "nothing stands between the brackets" if token.kind == ")" else f"{token.kind} has nothing to join before it"
        raise self._wrong(joins, token)

    def _bracketed(self, opened: _Token) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._wrong(f"brackets are more than {DEEPEST} deep", opened)
        tree = self._any()
        if self._kind() != ")":
            raise self._wrong("brackets do not match: one is not closed", opened)
        self.place += 1
        self.depth -= 1
        return tree

    def _wrong(self, what: str, token: _Token) -> QuerySyntaxError:
        return _error(what, self.query, token.at)


def _within(tree: Tree, column: str) -> Tree:
    """The tree with its leaves looked for in one column, unless they name another."""
    if isinstance(tree, Leaf):
        return tree if tree.column else replace(tree, column=column)
    return Branch(tree.operator, tuple(_within(part, column) for part in tree.parts))
