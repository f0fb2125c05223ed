from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive import Archive
from crawler.errors import FileUnreadable, OutputExists
from crawler.output import MARK, check_file, check_folder, whole_file, whole_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def interrupt_after(_: object) -> None:
    raise KeyboardInterrupt


def test_a_file_appears_only_when_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    with whole_file(path, text=False) as stream:
        stream.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    with pytest.raises(KeyboardInterrupt), whole_file(path, text=True) as stream:
        interrupt_after(stream.write("newer"))
    assert (path.read_text(), names(tmp_path)) == ("new", ["out"])


def test_a_folder_appears_only_when_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt), whole_folder(path) as folder:
        interrupt_after((folder / "a").touch())
    assert names(tmp_path) == []
    with whole_folder(path) as folder:
        (folder / "a").touch()
        assert not path.exists()
    assert names(path) == [MARK, "a"]
    with whole_folder(path) as folder:
        (folder / "b").touch()
    assert (names(path), names(tmp_path)) == ([MARK, "b"], ["out"])


def test_only_a_folder_that_an_export_made_is_ever_replaced(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    check_folder(mine, force=False)
    check_folder(tmp_path / "new", force=False)
    (mine / "thesis.md").touch()
    with pytest.raises(OutputExists, match="not made by an export"):
        check_folder(mine, force=True)
    (mine / MARK).touch()
    with pytest.raises(OutputExists, match="--force"):
        check_folder(mine, force=False)
    check_folder(mine, force=True)


def test_what_is_no_file_or_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link"):
        with pytest.raises(FileUnreadable, match="no folder"):
            check_folder(tmp_path / name, force=True)
    with pytest.raises(FileUnreadable, match="no regular file"):
        check_file(tmp_path, force=True)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="cannot be written"), whole_folder(tmp_path / "missing" / "out"):
        pass


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "out"
    for opened in (whole_file(path, text=True), whole_file(path, text=False), whole_folder(path)):
        with pytest.raises(FileUnreadable, match=f"there is no folder {re.escape(str(path.parent))}$"), opened:
            pass


@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
def test_no_export_overwrites_a_database_or_what_belongs_to_one(tmp_path: Path, ending: str) -> None:
    Archive.create(tmp_path / "a.db").close()
    path = tmp_path / f"a.db{ending}"
    with pytest.raises(FileUnreadable, match="never overwritten"):
        check_file(path, force=True)
    (tmp_path / MARK).touch()
    with pytest.raises(OutputExists, match="holds an archive"):
        check_folder(tmp_path, force=True)


def test_what_a_link_leads_to_is_replaced_and_not_the_link(tmp_path: Path) -> None:
    link, file = tmp_path / "link", tmp_path / "file"
    file.write_text("old")
    link.symlink_to(file)
    with whole_file(link, text=True) as stream:
        stream.write("new")
    assert link.is_symlink()
    assert file.read_text() == "new"
