from __future__ import annotations

import errno
import gc
import io
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.export.xlsx import CELL_UNITS, CUT, parts_of, write_xlsx
from tests.archive.samples import NOW, article_visit, revision


def workbook(archive: Archive, **options: Any) -> Any:
    stream = io.BytesIO()
    write_xlsx(archive.articles(), stream, archive, **options)
    return openpyxl.load_workbook(io.BytesIO(stream.getvalue()))


def table(sheet: Any) -> list[dict[str, Any]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def commit(archive: Archive, *titles: str, **facts: Any) -> None:
    for number, title in enumerate(titles):
        url = f"https://tern.example/{number}"
        archive.commit(None, [article_visit(url, revision=revision(url, title=title, **facts))], NOW)


def test_no_text_becomes_a_formula_a_link_or_a_number(archive: Archive) -> None:
    titles = [
        "=1+1",
        "https://tern.example/",
        "007",
        "@SUM(A1)",
        " blank ",
        "_x0041_ and \x01",
        "日本語 😀",
        "mailto:a@b.example",
    ]
    commit(archive, *titles)
    sheet = workbook(archive)["articles"]
    cells = [row[3] for row in sheet.iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["inlineStr"] * len(titles) or {cell.data_type for cell in cells} == {"s"}
    assert [cell.hyperlink for cell in cells] == [None] * len(titles)
    assert [openpyxl.utils.escape.unescape(cell.value) for cell in cells] == titles


def test_moments_are_dates_and_what_an_article_says_is_text(archive: Archive) -> None:
    commit(archive, "One")
    (row,) = table(workbook(archive)["articles"])
    assert row["last_seen"] == datetime(2026, 8, 22, 10, 5, tzinfo=UTC).replace(tzinfo=None)
    assert (row["published"], row["published_precision"], row["cut"]) == ("2026-08-22", "day", None)


def test_a_text_that_no_cell_holds_goes_on_in_another_sheet(archive: Archive) -> None:
    paragraph = "The ferry left at dusk. " * 40
    url = "https://tern.example/long"
    archive.commit(None, [article_visit(url, *[paragraph + str(n) for n in range(100)])], NOW)
    book = workbook(archive)
    (row,) = table(book["articles"])
    parts = [row["text"], *(part["text"] for part in table(book["long texts"]))]
    assert row["cut"] == "text"
    assert [(part["id"], part["column"], part["part"]) for part in table(book["long texts"])] == [
        (1, "text", number) for number in range(2, len(parts) + 1)
    ]
    assert "".join(part.removesuffix(CUT) for part in parts) == next(archive.articles()).text


def test_short_texts_need_no_second_sheet(archive: Archive) -> None:
    commit(archive, "One")
    assert workbook(archive).sheetnames == ["articles"]


def test_more_articles_than_a_sheet_holds_go_on_in_the_next(archive: Archive) -> None:
    commit(archive, *"abcde")
    book = workbook(archive, sheet_rows=3)
    assert book.sheetnames == ["articles", "articles 2", "articles 3"]
    assert [row["title"] for name in book.sheetnames for row in table(book[name])] == list("abcde")


def test_no_articles_give_the_heading_alone(archive: Archive) -> None:
    assert table(workbook(archive)["articles"]) == []


def test_characters_that_xml_lacks_are_replaced(archive: Archive) -> None:
    commit(archive, "a\uffffb\ufffec")
    stream = io.BytesIO()
    write_xlsx(archive.articles(), stream)
    sheet = zipfile.ZipFile(stream).read("xl/worksheets/sheet1.xml").decode()
    assert "a\ufffdb\ufffdc" in sheet
    assert "\uffff" not in sheet


@given(st.integers(0, 3), st.sampled_from(["a", "a ", "ab\n\n", "😀", "é😀 "]))
def test_the_parts_fit_into_cells_and_make_the_text_again(times: int, piece: str) -> None:
    text = piece * (times * CELL_UNITS // len(piece) + times)
    parts = list(parts_of(text))
    assert all(len(part.encode("utf-16-le")) // 2 <= CELL_UNITS for part in parts)
    assert "".join(part.removesuffix(CUT) for part in parts[:-1]) + parts[-1] == text


@pytest.mark.parametrize("number", [1, 2])
def test_the_same_archive_gives_the_same_bytes(archive: Archive, number: int) -> None:
    commit(archive, *"ab"[:number])
    one, two = io.BytesIO(), io.BytesIO()
    write_xlsx(archive.articles(), one)
    write_xlsx(archive.articles(), two)
    assert one.getvalue() == two.getvalue()


@pytest.mark.parametrize("room", [0, 40, 4000])
def test_a_full_disk_leaves_no_word_and_no_file_behind(
    archive: Archive, room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(archive, "One")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    with FullDisk(room) as stream, pytest.raises(OSError, match="No space left"):
        write_xlsx(archive.articles(), stream, archive)
    gc.collect()  # what is closed in vain then is a warning, and an error here
    assert list(scratch.iterdir()) == []


class FullDisk(io.BytesIO):
    """Takes so many bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, data: Any) -> int:
        self._room -= len(data)
        if self._room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)
