"""Articles as JSON lines, one a line, with sections, authors and the evidence of the values that were chosen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, TextIO

from archive.rows import StoredArticle
from archive.timestamps import optional_stamp, stamp

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.revision import Revision

PLAIN = (
    "id", "url", "site", "title", "dek", "byline", "published", "published_precision", "modified", "lang", "section",
    "word_count",
)  # fmt: skip


def write_jsonl(rows: Iterable[StoredArticle], stream: TextIO, archive: Archive) -> int:
    """Write articles; returns how many.

    Args:
        rows: the articles.
        stream: where to.
        archive: the one they come from; sections and evidence are read from it article by article.

    """
    count = 0
    for count, article in enumerate(rows, start=1):  # noqa: B007
        stream.write(json.dumps(article_object(article, archive), ensure_ascii=False) + "\n")
    return count


def article_object(article: StoredArticle, archive: Archive) -> dict[str, Any]:
    """Return an article as the object that one line holds."""
    stored = archive.revision(article.id)
    revision = stored.revision
    return {
        **{name: getattr(article, name) for name in PLAIN},
        "authors": [author._asdict() for author in revision.authors],
        "tags": list(article.tags),
        "description": revision.description,
        "site_name": revision.site_name,
        "image": revision.image,
        "licence": revision.licence,
        "paywalled": revision.paywalled,
        "text": article.text,
        "sections": list(_sections(revision)),
        "evidence": {
            e.field: {"source": e.source, "place": e.place, "raw": e.raw, "confidence": e.confidence}
            for e in revision.evidence
            if e.rank == 0
        },
        "first_seen": stamp(article.first_seen),
        "last_seen": stamp(article.last_seen),
        "revisions": article.revisions,
        "withdrawn": optional_stamp(article.withdrawn),
        "fetched": stamp(stored.fetched_at),
        "reader": stored.reader,
    }


def _sections(revision: Revision) -> Iterator[dict[str, Any]]:
    """Each section of the body with its heading, and the blocks under it as paragraphs."""
    body = [block for block in revision.blocks if block.section is not None]
    for _, group in groupby(body, key=lambda block: block.section):
        blocks = list(group)
        heading = next((block for block in blocks if block.kind == "heading"), None)
        yield {
            "heading": heading.text if heading else None,
            "level": heading.level if heading else 0,
            "paragraphs": [block.text for block in blocks if block is not heading and block.text],
        }
