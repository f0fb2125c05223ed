import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, connection
from archive.export import FORMATS as KNOWN
from archive.rows import StoredArticle
from crawler.commands.export import FORMATS


def content(path: Path) -> dict[str, bytes]:
    """Every file below a path with its bytes."""
    files = [path] if path.is_file() else [file for file in sorted(path.rglob("*")) if file.is_file()]
    return {str(file.relative_to(path)): file.read_bytes() for file in files}


def test_the_command_knows_the_formats_of_the_library() -> None:
    assert set(KNOWN) <= set(FORMATS)


@pytest.mark.parametrize("form", KNOWN)
def test_the_same_command_gives_the_same_bytes(call, archive: Path, tmp_path: Path, form: str) -> None:
    assert call("export", form, "-o", "one").code == 0
    assert call("export", form, "-o", "two").err == "2 articles written to two.\n"
    assert content(tmp_path / "one") == content(tmp_path / "two") != {}


@pytest.mark.parametrize("form", KNOWN)
def test_an_empty_archive_gives_a_sound_file(call, tmp_path: Path, form: str) -> None:
    call("init")
    result = call("export", form, "-o", "out")
    assert (result.code, result.err) == (0, "0 articles written to out.\n")
    assert (tmp_path / "out").exists()


@pytest.mark.parametrize("form", KNOWN)
def test_what_is_there_stays_unless_told(call, archive: Path, tmp_path: Path, form: str) -> None:
    assert call("export", form, "-o", "out", "--limit", 1).code == 0
    before = content(tmp_path / "out")
    refused = call("export", form, "-o", "out")
    assert refused.code == 1
    assert "--force" in refused.err
    assert content(tmp_path / "out") == before
    assert call("export", form, "-o", "out", "--force").code == 0
    assert content(tmp_path / "out") != before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


def test_a_folder_that_morgue_did_not_make_is_never_replaced(call, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.md").write_text("mine")
    assert call("export", "markdown", "-o", "notes", "--force").code == 1
    assert (tmp_path / "notes" / "mine.md").read_text() == "mine"


def test_a_folder_needs_a_name(call, archive: Path) -> None:
    result = call("export", "markdown")
    assert result.code == 2
    assert "-o FOLDER" in result.err


def test_as_of_gives_the_reading_of_that_day(call, archive: Path) -> None:
    def titles(*more: str) -> list[str]:
        return [json.loads(line)["title"] for line in call("export", "jsonl", *more).out.splitlines()]

    assert titles("--as-of", "2026-10-01")[0] == "New ferry <keeps> its *promise*"
    assert titles("--as-of", "2026-10")[0] == "New ferry keeps its promise, mostly"
    assert titles("--as-of", "2026-10-01T07:59Z") == []
    assert titles("--as-of", "2026-10-01", "--query", "mostly") == []
    assert call("export", "jsonl", "--as-of", "2026-13").code == 2


def test_a_missing_package_is_told_before_anything_is_written(
    call, archive: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    result = call("export", "xlsx", "-o", "out.xlsx")
    assert result.code == 1
    assert "pip install xlsxwriter" in result.err
    assert not (tmp_path / "out.xlsx").exists()


def test_tei_is_a_corpus_in_a_file_or_a_folder_of_texts(call, archive: Path, tmp_path: Path) -> None:
    assert call("export", "tei", "-o", "all.xml").code == 0
    assert (tmp_path / "all.xml").read_text(encoding="utf-8").count("<TEI ") == 2
    assert call("export", "tei", "-o", "all").code == 0
    assert len(list((tmp_path / "all").rglob("*.xml"))) == 2


def test_raw_is_for_csv_alone(call, archive: Path) -> None:
    assert call("export", "parquet", "--raw", "-o", "out").code == 2


@pytest.mark.parametrize("form", ["csv", "markdown", "dataset"])
def test_no_export_is_of_two_states_where_nothing_can_be_locked(
    call, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    articles = Archive.articles

    def written_meanwhile(self: Archive, **filters: Any) -> Iterator[StoredArticle]:
        yield from articles(self, **filters)
        with Archive.open(archive) as other:
            other.add_source("https://other.example/")

    monkeypatch.setattr(connection, "_is_alone", lambda path: not Path(f"{path}-wal").exists())
    monkeypatch.setattr(Archive, "articles", written_meanwhile)
    result = call("export", form, "--archive", archive, "-o", "out")
    assert (result.code, (tmp_path / "out").exists()) == (1, False)
    assert "was written while it was read" in result.err
