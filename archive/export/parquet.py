"""Articles as Parquet: typed columns, people and sections nested, in row groups of bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from archive.export.body import sections_of
from archive.export.packages import needed
from archive.rows import StoredArticle, StoredRevision

if TYPE_CHECKING:
    from archive.archive import Archive

GROUP_ROWS = 20_000
"""Articles of a row group at most; so many made the fastest file of 200,000."""
GROUP_CHARACTERS = 12_000_000
"""Characters of the bodies in a row group at most, so that memory has a bound whatever the articles are: each stands there twice,
in `text` and in `sections`."""

FROM_ARTICLE = (
    "id", "url", "site", "title", "dek", "byline", "published", "published_precision", "modified", "lang", "section",
    "word_count", "text", "first_seen", "last_seen", "revisions", "withdrawn",
)  # fmt: skip
FROM_REVISION = (
    "published_basis", "published_zone_known", "description", "site_name", "image", "licence", "paywalled", "reader",
)  # fmt: skip


def write_parquet(rows: Iterable[StoredArticle], stream: IO[bytes], archive: Archive) -> int:
    """Write articles; returns how many.

    Args:
        rows: the articles.
        stream: where to; it is not sought in.
        archive: the one they come from; people and sections are read from it.

    Raises:
        PackageMissing: pyarrow is not installed.

    """
    arrow = needed("pyarrow", "parquet", "parquet")
    schema = _schema(arrow)
    count = 0
    with arrow.parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for group in _groups(rows, archive):
            writer.write_table(arrow.Table.from_pylist(group, schema=schema), row_group_size=GROUP_ROWS)
            count += len(group)
    return count


def _groups(rows: Iterable[StoredArticle], archive: Archive) -> Iterator[list[dict[str, Any]]]:
    group: list[dict[str, Any]] = []
    characters = 0
    for article in rows:
        group.append(_record(article, archive.revision(article.id, article.newest, body_only=True)))
        characters += len(article.text)
        if len(group) >= GROUP_ROWS or characters >= GROUP_CHARACTERS:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _record(article: StoredArticle, stored: StoredRevision) -> dict[str, Any]:
    revision = stored.revision
    return {
        **{name: getattr(article, name) for name in FROM_ARTICLE},
        **{name: getattr(revision, name) for name in FROM_REVISION},
        "authors": [author._asdict() for author in revision.authors],
        "published_earliest": _moment(revision.published_earliest),
        "published_latest": _moment(revision.published_latest),
        "tags": article.tags,
        "sections": list(sections_of(revision)),
        "revision": stored.number,
        "fetched": stored.fetched_at,
        "read": stored.read_at,
    }


def _moment(text: str | None) -> datetime | None:
    """An aware moment; None where there is none or the text is damaged."""
    try:
        read = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return read if read is None or read.tzinfo else read.replace(tzinfo=UTC)


def _schema(arrow: Any) -> Any:
    """The columns; a date that an article gives of itself is text at its precision, with the moments that it lies between."""
    text, moment, whole = arrow.string(), arrow.timestamp("ms", tz="UTC"), arrow.int32()
    person = arrow.struct([("name", text), ("kind", text), ("role", text), ("url", text)])
    section = arrow.struct([("heading", text), ("level", arrow.int8()), ("paragraphs", arrow.list_(text))])
    return arrow.schema(
        [
            arrow.field("id", arrow.int64(), nullable=False), arrow.field("url", text, nullable=False),
            arrow.field("site", text, nullable=False), ("title", text), ("dek", text), ("byline", text),
            ("authors", arrow.list_(person)), ("published", text), ("published_precision", text), ("published_earliest", moment),
            ("published_latest", moment), ("published_basis", text), ("published_zone_known", arrow.bool_()), ("modified", text),
            ("lang", text), ("section", text), ("tags", arrow.list_(text)), ("description", text), ("site_name", text),
            ("image", text), ("licence", text), ("paywalled", arrow.bool_()), ("word_count", whole), ("text", text),
            ("sections", arrow.list_(section)), ("first_seen", moment), ("last_seen", moment), ("withdrawn", moment),
            ("revisions", whole), ("revision", whole), ("fetched", moment), ("read", moment), ("reader", text),
        ]
    )  # fmt: skip
