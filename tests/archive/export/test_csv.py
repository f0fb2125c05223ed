from __future__ import annotations

import csv
import io

import pytest

from archive import Archive
from archive.export import write_csv
from tests.archive.samples import NOW, article_visit, revision

TITLES = ["=1+1", "+1", "-1 degrees", "@home", "\tTab", "Plain, with comma", 'Says "so"', "Two\nlines", "日本語"]


@pytest.fixture
def shelf(archive: Archive) -> Archive:
    for number, title in enumerate(TITLES):
        url = f"https://tern.example/{number}"
        archive.commit(None, [article_visit(url, revision=revision(url, title=title))], NOW)
    return archive


def written(archive: Archive, *, raw: bool) -> str:
    stream = io.StringIO(newline="")
    assert write_csv(archive.articles(), stream, raw=raw) == len(TITLES)
    return stream.getvalue()


def test_raw_csv_reads_back_as_it_was(shelf: Archive) -> None:
    rows = list(csv.DictReader(io.StringIO(written(shelf, raw=True), newline="")))
    assert [row["title"] for row in rows] == TITLES
    assert rows[0]["authors"] == "Mai Ó Súilleabháin; Jo van der Berg"
    assert (rows[0]["tags"], rows[0]["first_seen"], rows[0]["withdrawn"]) == ("ferries; night", "2026-08-22T10:05:00Z", "")


def test_no_cell_is_a_formula_to_a_spreadsheet(shelf: Archive) -> None:
    text = written(shelf, raw=False)
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    assert [row["title"] for row in rows[:6]] == ["'=1+1", "'+1", "'-1 degrees", "'@home", "'\tTab", "Plain, with comma"]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_no_articles_give_the_heading_alone(archive: Archive) -> None:
    stream = io.StringIO(newline="")
    assert write_csv(archive.articles(), stream, raw=True) == 0
    assert stream.getvalue().startswith("id,url,site,title")
    assert stream.getvalue().count("\n") == 1
