"""Full-text search: what a person types, as an expression of FTS5, and the articles it finds.

Words must all occur. `"in quotes"` is a phrase, `word*` a beginning, `OR`, `AND`, `NOT` and brackets combine, `title:word` and
`author:word` look in one place. Anything else is text, not syntax, so that no search fails over an apostrophe or a hyphen.
"""

from __future__ import annotations

import re
import sqlite3
from itertools import accumulate

from sqlite_utils import Database

from archive.errors import QuerySyntaxError
from archive.rows import Hit
from archive.selection import FROM_ARTICLES, SELECT_ARTICLE, Filters, article_of, within

COLUMNS = {"title": "title", "headline": "title", "dek": "dek", "author": "byline", "byline": "byline", "text": "text"}
"""Prefix that a person writes -> column of the index."""

WEIGHTS = "10.0, 4.0, 3.0, 1.0"
"""What a match in title, dek, byline and text counts in bm25. Set by judgement: a title names the subject, a body mentions it."""

SNIPPET_TOKENS = 24
"""Words of a snippet at most; about two lines of a terminal."""

OPERATORS = ("AND", "OR", "NOT")

EXAMPLE = 'for example: harbour "night ferry" OR title:strike NOT rail*'

TOKEN = re.compile(
    r"""\s*(?:
        (?P<bracket>[()])
      | (?P<column>[a-z]+):(?=[^\s)])
      | "(?P<phrase>[^"]*)"(?P<phrase_prefix>\*?)
      | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE,
)


def fts_query(query: str) -> str:
    """Translate what a person types.

    Raises:
        QuerySyntaxError: a quote or bracket is not closed, an operator has nothing to join, or nothing is left to look for.

    """
    query = query.encode(errors="replace").decode().replace("\0", " ")  # SQLite ends a string at NUL
    if query.count('"') % 2:
        raise QuerySyntaxError(f"a quote is not closed in {query!r}; {EXAMPLE}")
    parts: list[str] = []
    for found in TOKEN.finditer(query):
        part = _translate(found)
        if part is None:
            continue
        if _needs_and(parts, part):
            parts.append("AND")
        parts.append(part)
    _check(parts, query)
    return " ".join(parts)


def search(db: Database, query: str, filters: Filters, limit: int) -> list[Hit]:
    """Return the articles that match best, best first.

    Raises:
        QuerySyntaxError: the query cannot be parsed.

    """
    where, parameters = filters.sql()
    sql = (
        f"{SELECT_ARTICLE}, snippet(articles_fts, -1, '[[', ']]', '…', {SNIPPET_TOKENS}), "
        f"bm25(articles_fts, {WEIGHTS}) AS badness {FROM_ARTICLES} JOIN articles_fts ON articles_fts.rowid = a.id "
        f"WHERE articles_fts MATCH :match AND {where} ORDER BY badness, a.id LIMIT :limit"
    )
    try:
        rows = db.conn.execute(sql, {**parameters, "match": fts_query(query), "limit": within(limit)}).fetchall()
    except sqlite3.OperationalError as error:
        if "fts5" not in str(error):
            raise
        raise QuerySyntaxError(f"cannot search for {query!r} ({error}); {EXAMPLE}") from error
    return [Hit(article_of(row[:-2]), row[-2], -row[-1]) for row in rows]


def _translate(found: re.Match[str]) -> str | None:
    """One token as FTS5 writes it; None for what holds no letter and no digit."""
    if found["bracket"]:
        return found["bracket"]
    if found["column"]:
        return f"{COLUMNS[found['column']]} :" if found["column"] in COLUMNS else _quoted(found["column"])
    if found["phrase"] is not None:
        return _quoted(found["phrase"], prefix=bool(found["phrase_prefix"]))
    word = found["word"]
    return word if word in OPERATORS else _quoted(word.rstrip("*"), prefix=word.endswith("*"))


def _quoted(text: str, *, prefix: bool = False) -> str | None:
    if not any(character.isalnum() for character in text):
        return None
    doubled = text.replace('"', '""')
    return f'"{doubled}"' + ("*" if prefix else "")


def _needs_and(parts: list[str], part: str) -> bool:
    """Whether two operands stand side by side, which means both."""
    if not parts or part in OPERATORS or part == ")":
        return False
    return parts[-1] not in OPERATORS and parts[-1] != "(" and not parts[-1].endswith(":")


def _check(parts: list[str], query: str) -> None:
    """Find what FTS5 would reject, to say it in words that a person can act on."""
    if not any(part.startswith('"') for part in parts):
        raise QuerySyntaxError(f"nothing to look for in {query!r}; {EXAMPLE}")
    depths = list(accumulate({"(": 1, ")": -1}.get(part, 0) for part in parts))
    if depths[-1] != 0 or min(depths) < 0:
        raise QuerySyntaxError(f"brackets do not match in {query!r}; {EXAMPLE}")
    for before, part in zip(["(", *parts], [*parts, ")"], strict=True):
        if (part in OPERATORS or part == ")") and (before in OPERATORS or before == "(" or before.endswith(":")):
            raise QuerySyntaxError(f"{before if before != '(' else part} has nothing to join in {query!r}; {EXAMPLE}")
