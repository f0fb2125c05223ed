"""Citations as CSL-JSON, which Zotero, pandoc and citation processors read: one array of items."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, TextIO

from archive.export.citation import Citation, citations
from archive.export.names import Name
from archive.rows import StoredArticle

if TYPE_CHECKING:
    from archive.archive import Archive


def write_csl(rows: Iterable[StoredArticle], stream: TextIO, archive: Archive) -> int:
    """Write an item an article; returns how many.

    Args:
        rows: the articles.
        stream: opened as UTF-8.
        archive: the one they come from.

    """
    count = 0
    stream.write("[")
    for count, citation in enumerate(citations(rows, archive), start=1):
        stream.write((",\n" if count > 1 else "\n") + json.dumps(_item(citation), ensure_ascii=False))
    stream.write("\n]\n" if count else "]\n")
    return count


def _item(citation: Citation) -> dict[str, Any]:
    item = {
        "id": citation.key,
        "type": "article-newspaper",
        "title": citation.title,
        "author": [_author(author) for author in citation.authors],
        "container-title": citation.publication,
        "issued": {"date-parts": [list(citation.issued)]} if citation.issued else None,
        "URL": citation.url,
        "accessed": _date(citation.accessed),
        "language": citation.lang,
        "section": citation.section,
        "abstract": citation.abstract,
        "keyword": ", ".join(citation.keywords),
        "note": citation.withdrawn and f"Withdrawn; its address was found gone on {citation.withdrawn.isoformat()}",
    }
    return {name: value for name, value in item.items() if value}


def _author(author: Name | str) -> dict[str, str]:
    if isinstance(author, str):
        return {"literal": author}
    parts = {
        "family": author.family, "given": author.given, "non-dropping-particle": author.particle, "suffix": author.suffix,
    }  # fmt: skip
    return {name: part for name, part in parts.items() if part}


def _date(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}
