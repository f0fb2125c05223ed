"""Citations as RIS, which every reference manager reads. Newspaper articles; lines end in CR LF, as the format says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, TextIO

from archive.export.citation import Citation, citations
from archive.export.names import Name
from archive.rows import StoredArticle

if TYPE_CHECKING:
    from archive.archive import Archive


def write_ris(rows: Iterable[StoredArticle], stream: TextIO, archive: Archive) -> int:
    """Write a record an article; returns how many.

    Args:
        rows: the articles.
        stream: opened as UTF-8 with `newline=""`.
        archive: the one they come from.

    """
    count = 0
    for count, citation in enumerate(citations(rows, archive), start=1):  # noqa: B007
        stream.write("".join(f"{tag}  - {value}\r\n" for tag, value in _lines(citation)) + "\r\n")
    return count


def _lines(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", "NEWS"
    yield "ID", citation.key
    yield from (("AU", _author(author)) for author in citation.authors)
    if citation.title:
        yield "TI", citation.title
    yield "T2", citation.publication
    if citation.issued:
        year, month, day = (*(f"{part:02}" for part in citation.issued), "", "")[:3]
        yield "PY", f"{year:0>4}"
        yield "DA", f"{year:0>4}/{month}/{day}/"
    yield "UR", citation.url
    yield "Y2", _slashed(citation.accessed)
    if citation.lang:
        yield "LA", citation.lang
    if citation.section:
        yield "SE", citation.section
    if citation.abstract:
        yield "AB", citation.abstract
    yield from (("KW", word) for word in citation.keywords)
    if citation.withdrawn:
        yield "N1", f"Withdrawn; its address was found gone on {citation.withdrawn.isoformat()}"
    yield "ER", ""


def _author(author: Name | str) -> str:
    if isinstance(author, str):
        return author
    family = f"{author.particle} {author.family}".strip()
    return ", ".join(part for part in (family, author.given, author.suffix) if part)


def _slashed(day: date) -> str:
    return day.isoformat().replace("-", "/")
