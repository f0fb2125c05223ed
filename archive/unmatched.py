"""Filters that no article of the archive passes, with near ones: for whoever asked for something and got nothing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.selection import FROM_ARTICLES, Filters, period
from archive.urls import site_of

SUGGESTED = 3
"""Near sites and authors that are proposed at most."""
COMPARED = 5_000
"""Values that are compared for a proposal at most, the most frequent ones; it takes about a tenth of a second."""
LIKENESS = 0.5
"""Share of like characters from which a value is near; one letter in a short name changes a third of it."""

AS_READ_BEFORE = (
    " FROM revisions AS r JOIN articles AS a ON a.id = r.article_id WHERE EXISTS ("
    r"SELECT 1 FROM json_each(r.authors) WHERE value ->> 'name' LIKE :author ESCAPE '\')"
)
NAMES = {
    "site": "SELECT site FROM articles WHERE site <> '' GROUP BY site ORDER BY count(*) DESC LIMIT ?",
    "author": "SELECT name FROM authors GROUP BY name ORDER BY count(*) DESC LIMIT ?",
    "lang": "SELECT lang FROM articles WHERE lang IS NOT NULL GROUP BY lang ORDER BY count(*) DESC LIMIT ?",
}
"""Filter -> the values that the archive has, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A filter that no article passes."""

    name: str
    """`site`, `author`, `lang`, or `dates`: `since` after `until`."""
    value: str
    near: tuple[str, ...] = ()
    """Values that the archive has and that may be meant; of languages all, the most frequent first."""


def find_unmatched(db: Database, filters: Filters) -> list[Unmatched]:
    """Find the filters by site, author, language and dates that no article passes, whatever the others say.

    Raises:
        ValueError: a date is none.

    """
    return [*_names(db, filters), *_dates(filters)]


def _names(db: Database, filters: Filters) -> list[Unmatched]:
    given = {name: value for name in NAMES if (value := getattr(filters, name)) is not None}
    return [
        Unmatched(name, value, NEAR[name](value, _values(db, name))) for name, value in given.items() if not _any(db, name, value)
    ]


def _any(db: Database, name: str, value: str) -> bool:
    """Whether any article passes one filter, as it reads now or ever read."""
    one: dict[str, Any] = {name: value}
    where, parameters = Filters(**one).sql()
    sources = [f"{FROM_ARTICLES} WHERE {where}"]
    if name == "author":
        sources.append(AS_READ_BEFORE)
    if name == "lang":
        sources.append(" FROM revisions AS r WHERE r.lang = :lang")
    return any(db.conn.execute(f"SELECT 1 {source} LIMIT 1", parameters).fetchone() for source in sources)


def _values(db: Database, name: str) -> list[str]:
    return [value for (value,) in db.conn.execute(NAMES[name], (COMPARED,))]


def _near_sites(value: str, sites: Sequence[str]) -> tuple[str, ...]:
    host = site_of(value if "://" in value else f"https://{value}").casefold()
    inside = [site for site in sites if host and (host in site or site in host)]
    return _most_like(host, sites, inside)


def _near_authors(value: str, names: Sequence[str]) -> tuple[str, ...]:
    """Names like it, or with a word like one of it: `Lindquist` is near `Mara Lindqvist`."""
    wanted = re.findall(r"\w+", value.casefold())
    sharing = [
        name
        for name in names
        if any(difflib.get_close_matches(word, wanted, 1, 0.8) for word in re.findall(r"\w+", name.casefold()))
    ]
    return _most_like(value, names, sharing)


def _most_like(value: str, values: Sequence[str], first: Sequence[str]) -> tuple[str, ...]:
    folded = {name.casefold(): name for name in reversed(values)}
    like = (folded[name] for name in difflib.get_close_matches(value.casefold(), folded, SUGGESTED, LIKENESS))
    return tuple(dict.fromkeys((*first, *like)))[:SUGGESTED]


def _near_languages(_value: str, languages: Sequence[str]) -> tuple[str, ...]:
    return tuple(languages)


NEAR: dict[str, Callable[[str, Sequence[str]], tuple[str, ...]]] = {
    "site": _near_sites, "author": _near_authors, "lang": _near_languages,
}  # fmt: skip
"""Filter -> what chooses near values among those that the archive has."""


def _dates(filters: Filters) -> list[Unmatched]:
    if filters.since is None or filters.until is None:
        return []
    since, until = period(filters.since)[0], period(filters.until)[1]
    return [Unmatched("dates", f"{since} to {until}")] if since > until else []
