"""What a citation of an article says, whatever the format it is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from archive.export.names import Name, split_name
from archive.rows import StoredArticle

if TYPE_CHECKING:
    from archive.archive import Archive

DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\s\u2028\u2029\ufeff\ufffe\uffff]+")


@dataclass(frozen=True, slots=True)
class Citation:
    """The facts of one article. Texts are one line each; None where the page does not say them."""

    key: str
    """Names the article among all of its archive, and stays when it is read again: site and number."""
    title: str | None
    authors: tuple[Name | str, ...]
    """People in parts; organisations, and people whose names have no parts that can be told, whole."""
    publication: str
    """Name of the publication, else its site."""
    issued: tuple[int, ...]
    """Year, month and day, as far as the date is known; empty without one."""
    url: str
    accessed: date
    """Day (UTC) when it was last found up."""
    lang: str | None
    abstract: str | None
    """The dek, else the page's own description."""
    section: str | None
    keywords: tuple[str, ...]
    withdrawn: date | None
    """Day (UTC) when its address was found gone."""


def citations(rows: Iterable[StoredArticle], archive: Archive) -> Iterator[Citation]:
    """Give the citation of each article."""
    for article in rows:
        yield citation_of(article, archive)


def citation_of(article: StoredArticle, archive: Archive) -> Citation:
    """Return the citation of one article."""
    revision = archive.revision(article.id, article.newest, body_only=True).revision
    names = ((_line(author.name), author.kind) for author in revision.authors)
    return Citation(
        key=f"{re.sub(r'[^a-z0-9]+', '-', article.site.lower()).strip('-') or 'article'}-{article.id}",
        title=_line(article.title) or None,
        authors=tuple((kind == "person" and split_name(name, article.lang)) or name for name, kind in names if name),
        publication=_line(revision.site_name) or article.site,
        issued=date_parts(article.published),
        url=_line(article.url),
        accessed=_day(article.last_seen),
        lang=article.lang,
        abstract=_line(article.dek) or _line(revision.description) or None,
        section=_line(article.section) or None,
        keywords=tuple(filter(None, map(_line, article.tags))),
        withdrawn=None if article.withdrawn is None else _day(article.withdrawn),
    )


def date_parts(iso: str | None) -> tuple[int, ...]:
    """Year, month and day of an ISO 8601 date at its precision, as the page gives them; empty where there is none."""
    found = DATE.match(iso or "")
    return tuple(int(part) for part in found.groups() if part) if found else ()


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _line(text: str | None) -> str:
    """One line without control characters."""
    return CONTROL.sub(" ", text or "").strip()
