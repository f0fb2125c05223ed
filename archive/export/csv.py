"""Articles as CSV, one a row."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from archive.rows import StoredArticle
from archive.timestamps import optional_stamp, stamp

if TYPE_CHECKING:
    from archive.archive import Archive

COLUMNS = (
    "id", "url", "site", "title", "dek", "byline", "authors", "published", "published_precision", "modified", "lang", "section",
    "tags", "word_count", "first_seen", "last_seen", "revisions", "withdrawn", "text",
)  # fmt: skip

BETWEEN = "; "
"""Between the names in `authors` and the tags in `tags`."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets take for a formula at the start of a cell (OWASP, CSV injection); the wide ones in East Asian editions."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as the system's code page."""


def write_csv(rows: Iterable[StoredArticle], stream: TextIO, archive: Archive | None = None, *, raw: bool = False) -> int:
    """Write articles; safe to open in a spreadsheet, unless raw.

    Args:
        rows: the articles.
        stream: opened with `newline=""` and, if a file, as UTF-8.
        archive: not used; all writers take it.
        raw: for programs: no byte order mark, and no `'` before cells that a spreadsheet would take for formulas.

    Returns:
        Number of articles.

    """
    if not raw:
        stream.write(BYTE_ORDER_MARK)
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    count = 0
    for count, article in enumerate(rows, start=1):  # noqa: B007
        cells = _cells(article)
        writer.writerow(cells if raw else [_harmless(cell) for cell in cells])
    return count


def _cells(article: StoredArticle) -> list[str | int | None]:
    values = {
        "authors": BETWEEN.join(article.authors),
        "tags": BETWEEN.join(article.tags),
        "first_seen": stamp(article.first_seen),
        "last_seen": stamp(article.last_seen),
        "withdrawn": optional_stamp(article.withdrawn),
    }
    return [values[name] if name in values else getattr(article, name) for name in COLUMNS]


def _harmless(cell: str | int | None) -> str | int | None:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
