"""Articles as JSON lines, one a line, with sections, authors and the evidence of the values that were chosen."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from archive.export.body import sections_of
from archive.rows import StoredArticle
from archive.timestamps import optional_stamp, stamp

if TYPE_CHECKING:
    from archive.archive import Archive

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
    stored = archive.revision(article.id, article.newest)
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
        "sections": list(sections_of(revision)),
        "evidence": {
            e.field: {"source": e.source, "place": e.place, "raw": e.raw, "confidence": e.confidence}
            for e in revision.evidence
            if e.rank == 0
        },
        "first_seen": stamp(article.first_seen),
        "last_seen": stamp(article.last_seen),
        "revisions": article.revisions,
        "revision": article.newest,
        "withdrawn": optional_stamp(article.withdrawn),
        "fetched": stamp(stored.fetched_at),
        "reader": stored.reader,
    }
