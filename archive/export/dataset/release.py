"""What a release is to hold, and what it says of itself once it is made."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archive.account import Account
from archive.export.dataset.tables import ARTICLES
from archive.export.dataset.tally import Tally
from archive.rows import StoredArticle
from archive.timestamps import stamp

PLACE = {column.name: place for place, column in enumerate(ARTICLES.columns)}

LEFT_OUT: dict[str, Callable[[StoredArticle], bool]] = {
    "undated": lambda article: article.published is None,
    "withdrawn": lambda article: article.withdrawn is not None,
    "empty": lambda article: not article.text,
}
"""What a release may be told to leave out: articles without a date of publication, those gone from their address, those without
text."""


@dataclass(frozen=True, slots=True)
class Release:
    """What a release is to hold, and what it says of itself."""

    as_of: datetime | None = None
    """The articles are what they were then; None: at the newest fetch of the archive."""
    filters: Mapping[str, Any] = field(default_factory=dict)
    """Those of `Archive.articles`, but for `as_of` and `limit`."""
    limit: int | None = None
    leave_out: tuple[str, ...] = ()
    """Names in `LEFT_OUT`."""
    title: str | None = None
    authors: tuple[str, ...] = ()
    """Who made it: a person as `Lindqvist, Mara`, anybody else as they are called."""
    licence: str | None = None
    """Of the release, not of the articles: an SPDX name, an address, or words."""


@dataclass(frozen=True, slots=True)
class Made:
    """A release as its papers tell of it."""

    release: Release
    """With the as-of moment that it has; None only where the archive is empty."""
    account: Account
    tally: Tally
    versions: Mapping[str, str]

    @property
    def title(self) -> str:
        """As given; else named for what is in it."""
        groups = list(self.tally.by_site)
        of = f" of {groups[0]}" if len(groups) == 1 and groups[0] else self._of_sites
        what = f"Articles{of}" if groups else "No articles"
        return self.release.title or (f"{what}, as of {self.day}" if self.day else what)

    @property
    def day(self) -> str | None:
        """The day of the as-of moment, `2026-08-22`."""
        return None if self.release.as_of is None else stamp(self.release.as_of)[:10]

    @property
    def moment(self) -> str | None:
        """The as-of moment, `2026-08-22T10:05:00Z`."""
        return None if self.release.as_of is None else stamp(self.release.as_of)

    @property
    def command(self) -> str:
        """What makes the same release again."""
        release = self.release
        given: dict[str, Any] = {"as_of": self.moment, **self.query, "limit": release.limit, "leave_out": release.leave_out}
        given |= {"title": release.title, "authors": "; ".join(release.authors), "licence": release.licence}
        parts = ["morgue", "export", "dataset", "-o", "FOLDER"]
        for name, value in given.items():
            if value in (None, False, "", (), []):
                continue
            written = "" if value is True else ",".join(value) if isinstance(value, list | tuple) else str(value)
            parts += [f"--{name.replace('_', '-')}", *([written] if written else [])]
        return shlex.join(parts)

    @property
    def query(self) -> dict[str, Any]:
        """The filters that were given, as JSON has them."""
        given = {name: value for name, value in self.release.filters.items() if value not in (None, False, (), [])}
        return {
            name: stamp(value) if isinstance(value, datetime) else list(value) if isinstance(value, tuple) else value
            for name, value in sorted(given.items())
        }

    @property
    def abstract(self) -> str:
        """What it is, in two sentences."""
        articles = self.tally.articles
        what = f"{articles:,} article{'' if articles == 1 else 's'}{self._of_sites}"
        when = f", as they read at {self.moment}" if self.moment else ""
        return (
            f"{what}{when}: headlines, dates, people, tags and bodies in sections, with what is missing and what was left out "
            "written down. Collected, read and written with morgue."
        )

    @property
    def _of_sites(self) -> str:
        """` of 3 sites`; empty where there are articles and none is of a site."""
        sites = sum(map(bool, self.tally.by_site))
        return f" of {sites:,} site{'' if sites == 1 else 's'}" if sites or not self.tally.articles else ""

    @property
    def account_lines(self) -> list[tuple[str, int, str, str]]:
        """Step, articles, part and meaning; those that are `left out` or `in` make up the `sum`."""
        account, left = self.account, self.tally.left_out
        respected = ", ".join(account.forbids)
        parts = [
            ("other", account.other, "left out", "that the filters by site, author, language and query do not select"),
            ("undated", account.undated, "left out", "without a date of publication, where since or until asks for one"),
            ("out_of_period", account.out_of_period, "left out", "published before since or after until"),
            (
                "respected",
                account.forbidden,
                "left out",
                f"whose publishers do not want it, for what was to be respected: {respected}",
            ),
            ("copies", account.copies, "left out", "whose story another of them had first"),
            ("leave_out_undated", left["undated"], "left out", "without a date of publication"),
            ("leave_out_withdrawn", left["withdrawn"], "left out", "gone from their address at the as-of moment"),
            ("leave_out_empty", left["empty"], "left out", "without text"),
            ("limit", left["limit"], "left out", "not looked at any more, as the limit was reached"),
        ]
        return [
            ("known", account.known, "sum", "in the archive at the as-of moment"),
            *(line for line in parts if line[1]),
            ("released", self.tally.articles, "in", "in this release"),
            *((f"respect_{name}", count, "note", f"of the respected: by {name}") for name, count in account.forbids.items()),
            *self._notes,
        ]

    @property
    def _notes(self) -> list[tuple[str, int, str, str]]:
        """Numbers that are no part of the sum."""
        account, tally = self.account, self.tally
        withdrawn = tally.filled["articles"][PLACE["withdrawn"]]
        undated = tally.articles - tally.filled["articles"][PLACE["published"]]
        notes = [
            ("never_asked", account.unread, "note", "never looked at for what they say of their use; none is left out for it"),
            ("taken_down", account.taken_down, "note", "removed from the archive for good, which might have been among them"),
            ("released_undated", undated, "note", "of those in this release: without a date of publication"),
            ("released_withdrawn", withdrawn, "note", "of those in this release: gone from their address at the as-of moment"),
        ]
        return [note for note in notes if note[1]]
