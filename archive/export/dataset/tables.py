"""The tables of a release: their columns, described once for the files, the dictionary and the descriptor, and their rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from archive.export.body import sections_of
from archive.rows import StoredArticle
from archive.schema import TABLES as TABLES_OF_ARCHIVE
from archive.schema import VIEWS

if TYPE_CHECKING:
    from archive.archive import Archive

Value = str | int | bool | datetime | None
Row = tuple[Value, ...]

MADE = re.compile(r"\s*CREATE (?:VIRTUAL )?(?:TABLE|VIEW) (\w+)")
COMMENT = re.compile(r"^\s+(?P<what>\S.*?),? -- (?P<comment>.+)$", re.MULTILINE)

MOMENT = "ISO 8601, UTC"
DATE = "ISO 8601 at its precision"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    type: str
    """`integer`, `string`, `boolean` or `datetime`, as a Data Package has them."""
    meaning: str
    """In a few words."""
    unit: str = ""
    """Or the form of its values; empty where there is none."""
    always: bool = False
    """Whether no row lacks it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a release."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Columns that no two rows share."""


@cache
def comments() -> dict[str, str]:
    """Return what the archive's own schema says of its columns: `articles.title` -> `headline`."""
    found = {}
    for statement in (*TABLES_OF_ARCHIVE, *VIEWS):
        made = MADE.match(statement)
        assert made is not None
        is_view = "CREATE VIEW" in statement
        for line in COMMENT.finditer(statement):
            words = line["what"].split()
            found[f"{made[1]}.{words[-1] if is_view else words[0]}"] = line["comment"]
    return found


def _column(
    name: str, kind: str = "string", of: str = "articles", unit: str = "", *, always: bool = False, meaning: str = ""
) -> Column:
    """A column that is one of the archive: `of` is its table, or table and column where it has another name there."""
    place = of if "." in of else f"{of}.{name}"
    said = meaning or comments()[place]
    return Column(name, kind, said.replace("NULL", "empty"), unit, always)


ARTICLE = _column("article_id", "integer", "authors", always=True, meaning="the article: id in articles")

ARTICLES = Table(
    "articles",
    "One row an article, as it read at the as-of moment.",
    (
        _column("id", "integer", always=True),
        _column("url", unit="address", always=True),
        _column("site", unit="host", meaning="host of the address, without www.; empty for a saved page that names no address"),
        _column("title"),
        _column("dek"),
        _column("byline"),
        _column("published", unit=DATE),
        _column("published_precision"),
        _column("published_earliest", "datetime", "revisions", MOMENT),
        _column("published_latest", "datetime", "revisions", MOMENT),
        _column("published_basis", of="revisions"),
        _column("published_zone_known", "boolean", "revisions", meaning="true if the page gives the time zone, false if not"),
        _column("modified", unit=DATE),
        _column("lang", unit="ISO 639-1"),
        _column("section"),
        _column("description", of="revisions"),
        _column("site_name", of="revisions"),
        _column("image", of="revisions", unit="address"),
        _column("licence", of="revisions"),
        _column(
            "paywalled", "boolean", "revisions", meaning="whether it is behind a paywall, where the page says it; else empty"
        ),
        _column("word_count", "integer", unit="words", always=True),
        _column("text"),
        _column("first_seen", "datetime", unit=MOMENT, always=True),
        _column("last_seen", "datetime", unit=MOMENT, always=True),
        _column("withdrawn", "datetime", unit=MOMENT),
        _column("revisions", "integer", unit="revisions", always=True),
        _column("revision", "integer", "revisions.number", always=True, meaning="number of the revision that this row shows"),
        _column("fetched", "datetime", unit=MOMENT, always=True, meaning="when the page that this row was read from was fetched"),
        _column("read", "datetime", "revisions.read_at", MOMENT, always=True),
        _column("reader", of="revisions", always=True),
        _column("page_sha256", unit="hex", meaning="SHA-256 of that page as the archive keeps it, after content decoding"),
    ),
    ("id",),
)
SECTIONS = Table(
    "sections",
    "The body of each article by section: heading and the text under it.",
    (
        ARTICLE,
        _column("position", "integer", "sections", always=True),
        _column("heading", of="sections", meaning="its heading; empty before the first one"),
        _column("level", "integer", "sections", always=True),
        _column("text", of="sections"),
    ),
    ("article_id", "position"),
)
AUTHORS = Table(
    "authors",
    "Who is named in the byline of each article.",
    (
        ARTICLE,
        _column("position", "integer", "authors", always=True),
        _column("name", of="authors"),
        _column("kind", of="authors"),
        _column("role", of="authors"),
        _column("url", of="authors", unit="address"),
    ),
    ("article_id", "position"),
)
TAGS = Table(
    "tags",
    "The keywords of each article, as its page shows or declares them.",
    (
        ARTICLE,
        _column("position", "integer", always=True, meaning="place among the tags, from 0"),
        _column("tag", meaning="the tag"),
    ),
    ("article_id", "position"),
)
TABLES = (ARTICLES, SECTIONS, AUTHORS, TAGS)


def rows_of(article: StoredArticle, archive: Archive) -> dict[str, list[Row]]:
    """Return the rows that an article has in each table, by the table's name."""
    stored = archive.revision(article.id, article.newest, body_only=True)
    revision = stored.revision
    pages = {answer.capture_id: answer.payload for answer in archive.answers(article.id)}
    others: dict[str, Value] = {
        "site": article.site or None,
        "published_earliest": _moment(revision.published_earliest),
        "published_latest": _moment(revision.published_latest),
        "revision": stored.number,
        "fetched": stored.fetched_at,
        "read": stored.read_at,
        "reader": stored.reader,
        "page_sha256": pages.get(stored.capture_id),
    }
    return {
        "articles": [tuple(_value(column.name, others, article, revision) for column in ARTICLES.columns)],
        "sections": [
            (article.id, place, section["heading"], section["level"], "\n\n".join(section["paragraphs"]))
            for place, section in enumerate(sections_of(revision))
        ],
        "authors": [(article.id, place, *author) for place, author in enumerate(revision.authors)],
        "tags": [(article.id, place, tag) for place, tag in enumerate(article.tags)],
    }


def _value(name: str, others: dict[str, Value], *holders: Any) -> Value:
    """The value of that name: given, or of the first that has it."""
    if name in others:
        return others[name]
    found: Value = next(getattr(holder, name) for holder in holders if hasattr(holder, name))
    return found


def _moment(text: str | None) -> datetime | None:
    """An aware UTC moment; None where there is none, or it cannot be read as one."""
    try:
        read = datetime.fromisoformat(text) if text else None
        return read and (read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def columns() -> Iterator[tuple[Table, Column]]:
    """Give every column with its table."""
    for table in TABLES:
        for column in table.columns:
            yield table, column
