"""Articles as a workbook. What does not fit into a cell goes on in a sheet of its own, and the row says so."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from archive.export.csv import BETWEEN
from archive.export.packages import needed
from archive.rows import StoredArticle

if TYPE_CHECKING:
    from archive.archive import Archive

COLUMNS = (
    "id", "url", "site", "title", "dek", "byline", "authors", "published", "published_precision", "modified", "lang", "section",
    "tags", "word_count", "first_seen", "last_seen", "revisions", "withdrawn", "cut", "text",
)  # fmt: skip
"""Those of CSV, and `cut`: the columns whose cell goes on in the sheet of long texts."""
REST_COLUMNS = ("id", "column", "part", "text")

CELL_UNITS = 32_767
"""What a cell holds, in UTF-16 code units (Excel specifications and limits)."""
SHEET_ROWS = 1_048_576
"""Rows of a sheet at most, the heading included (ibid.)."""
CUT = " […]"
"""At the end of a text that goes on elsewhere."""
NOT_IN_XML = str.maketrans(dict.fromkeys("\ufffe\uffff", "\ufffd"))
"""Characters that XML has no way to write; xlsxwriter sees to the control characters."""
FIRST_YEAR = 1900
"""Dates of a spreadsheet begin here."""
WIDTHS = {"url": 40, "title": 50, "dek": 40, "byline": 25, "authors": 25, "published": 24, "text": 80}
"""In characters; the others have WIDTH."""
WIDTH = 18


def write_xlsx(
    rows: Iterable[StoredArticle], stream: IO[bytes], archive: Archive | None = None, *, sheet_rows: int = SHEET_ROWS
) -> int:
    """Write articles; returns how many.

    No text becomes a formula, a link or a number. The workbook is built in temporary files, not in memory.

    Args:
        rows: the articles.
        stream: where to; it is not sought in.
        archive: not used; all writers take it.
        sheet_rows: rows of a sheet at most; more articles go on in a second sheet.

    Raises:
        PackageMissing: xlsxwriter is not installed.

    """
    xlsxwriter = needed("xlsxwriter", "xlsx", "exceptions")
    target = _Target(stream)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        book = xlsxwriter.Workbook(target, {"constant_memory": True, "tmpdir": scratch})
        book.use_zip64()
        count = _fill(book, rows, sheet_rows)
        try:
            book.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise error.args[0] from error  # the OSError, of which callers know what to say
        finally:
            target.leave()
    return count


def _fill(book: Any, rows: Iterable[StoredArticle], sheet_rows: int) -> int:
    """Write the sheets; returns how many articles."""
    articles = _Sheets(book, "articles", COLUMNS, sheet_rows)
    articles.begin()
    rest = _Sheets(book, "long texts", REST_COLUMNS, sheet_rows)
    latest = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    count = 0
    for count, article in enumerate(rows, start=1):  # noqa: B007
        latest = max(latest, article.last_seen)
        _write(article, articles, rest)
    book.set_properties({"created": latest.replace(tzinfo=None), "comments": "Times are UTC."})
    return count


class _Target:
    """The stream, as long as the workbook is written.

    A ZIP file that failed tries to end itself once more when it is collected, and complains on stderr where it can't.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream: IO[bytes] | None = stream
        self._place = 0

    def leave(self) -> None:
        """Pass nothing on any more."""
        self._stream = None

    def write(self, data: bytes) -> int:
        if self._stream:
            return self._stream.write(data)
        self._place += len(data)
        return len(data)

    def flush(self) -> None:
        if self._stream:
            self._stream.flush()

    def tell(self) -> int:
        return self._stream.tell() if self._stream else self._place

    def seek(self, offset: int) -> int:
        self._place = offset
        return self._stream.seek(offset) if self._stream else offset


class _Sheets:
    """Sheets with the same heading, a further one when the last is full."""

    def __init__(self, book: Any, name: str, columns: Sequence[str], limit: int) -> None:
        self._book, self._name, self._columns, self._limit = book, name, columns, limit
        self._bold = book.add_format({"bold": True})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._number = 0
        self._row = limit
        self._sheet: Any = None

    def begin(self) -> None:
        """Add a sheet."""
        self._number += 1
        self._row = 1
        self._sheet = self._book.add_worksheet(self._name if self._number == 1 else f"{self._name} {self._number}")
        for place, column in enumerate(self._columns):
            self._sheet.set_column(place, place, WIDTHS.get(column, WIDTH))
            self._sheet.write_string(0, place, column, self._bold)
        self._sheet.freeze_panes(1, 0)

    def add(self, cells: Iterable[str | int | datetime | None]) -> None:
        """Add a row."""
        if self._row >= self._limit:
            self.begin()
        for place, cell in enumerate(cells):
            if isinstance(cell, datetime):
                self._sheet.write_datetime(self._row, place, cell.astimezone(UTC).replace(tzinfo=None), self._moment)
            elif isinstance(cell, int):
                self._sheet.write_number(self._row, place, cell)
            elif cell:
                self._sheet.write_string(self._row, place, cell)
        self._row += 1


def _write(article: StoredArticle, articles: _Sheets, rest: _Sheets) -> None:
    cells: dict[str, str | int | datetime | None] = {
        name: getattr(article, name) for name in COLUMNS if name not in ("authors", "tags", "cut")
    }
    cells |= {"authors": BETWEEN.join(article.authors), "tags": BETWEEN.join(article.tags)}
    cut: list[str] = []
    for name, cell in cells.items():
        if isinstance(cell, datetime) and cell.year < FIRST_YEAR:
            cells[name] = cell.isoformat()
        if isinstance(cell, str):
            first, *further = parts_of(cell.translate(NOT_IN_XML))
            cells[name] = first
            cut += [name] if further else []
            for number, part in enumerate(further, start=2):
                rest.add((article.id, name, number, part))
    cells["cut"] = BETWEEN.join(cut)
    articles.add(cells[name] for name in COLUMNS)


def parts_of(text: str) -> Iterator[str]:
    """Cut a text into what cells hold: behind a paragraph where that does not waste half a cell, else behind a word.

    Each part but the last ends with CUT; without it, the parts make the text again.
    """
    while _units(text) > CELL_UNITS:
        most = _fitting(text, CELL_UNITS - len(CUT))
        at = next((end for gap in ("\n\n", " ") if (end := text.rfind(gap, 0, most) + len(gap)) > most // 2), most)
        yield text[:at] + CUT
        text = text[at:]
    yield text


def _units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _fitting(text: str, units: int) -> int:
    """How many characters take at most so many code units."""
    some = text[:units]
    while (over := _units(some) - units) > 0:
        some = some[: -max(1, over // 2)]
    return len(some)
