from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive, connection
from archive.connection import APPLICATION_ID, writing
from archive.errors import ArchiveError, ArchiveLocked, ArchiveNotFound, ArchiveTooNew, NotAnArchive, SQLiteTooOld
from tests.archive.samples import NOW, URL, article_visit


def test_a_new_archive_carries_its_application_id_and_writes_ahead(archive: Archive, path: Path) -> None:
    conn = sqlite3.connect(path)
    assert conn.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    conn.close()


def test_create_opens_an_archive_that_is_there(path: Path) -> None:
    with Archive.create(path) as archive:
        archive.commit(None, [article_visit()], NOW)
    with Archive.create(path) as archive:
        assert archive.article(1).url == URL


def test_create_takes_an_empty_file_and_what_a_crash_left_of_one(path: Path) -> None:
    path.touch()
    Archive.create(path).close()
    blank = path.with_name("blank.db")
    conn = sqlite3.connect(blank)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.close()
    with pytest.raises(ArchiveNotFound, match="begun and holds nothing"):
        Archive.open(blank, readonly=True)
    Archive.create(blank).close()
    Archive.open(blank).close()


def test_a_disk_that_is_full_at_the_first_command_leaves_a_file_that_the_next_takes_up(tmp_path: Path) -> None:
    path = tmp_path / "morgue.db"
    limited = "import resource; from archive import Archive; resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384))"
    made = f"{limited}; Archive.create({str(path)!r})"
    ran = subprocess.run([sys.executable, "-B", "-c", made], capture_output=True, text=True, check=False)
    assert "cannot be made" in ran.stderr
    assert "make room" in ran.stderr
    with pytest.raises(ArchiveNotFound, match="run again what began it"):
        Archive.open(path)
    Archive.create(path).close()
    Archive.open(path, readonly=True).close()


def test_an_archive_that_lost_its_first_page_is_not_taken_for_one_that_was_only_begun(tmp_path: Path, path: Path) -> None:
    blank = tmp_path / "blank.db"
    with closing(sqlite3.connect(blank)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
    Archive.create(path).close()
    with path.open("r+b") as file:
        file.write(blank.read_bytes())
    before = path.read_bytes()
    for way in (Archive.create, Archive.open):
        with pytest.raises(NotAnArchive):
            way(path)
    assert path.read_bytes() == before


def test_a_missing_file_or_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveNotFound, match=r"none\.db.*morgue init"):
        Archive.open(tmp_path / "none.db")
    with pytest.raises(ArchiveNotFound, match="nowhere"):
        Archive.create(tmp_path / "nowhere" / "morgue.db")


@pytest.mark.parametrize("way", [Archive.open, Archive.create])
def test_a_folder_is_named_as_one(tmp_path: Path, way: type[Archive]) -> None:
    with pytest.raises(NotAnArchive, match=r"is a folder: name the archive in it"):
        way(tmp_path)


@pytest.mark.parametrize("way", [Archive.open, Archive.create])
def test_other_files_are_refused_and_left_alone(tmp_path: Path, way: type[Archive]) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("Not a database, but long enough to look at its first bytes.\n" * 20)
    conn = sqlite3.connect(other)
    conn.execute("CREATE TABLE pigeons (name)")
    conn.close()
    for path in (text, other):
        before = path.read_bytes()
        with pytest.raises(NotAnArchive, match=path.name):
            way(path)
        assert path.read_bytes() == before


def test_an_archive_of_a_later_morgue_is_refused(path: Path) -> None:
    Archive.create(path).close()
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA user_version = 999")
    conn.close()
    with pytest.raises(ArchiveTooNew, match="999"):
        Archive.open(path)


def test_an_old_sqlite_is_refused_with_both_versions(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MINIMUM_SQLITE", (99, 0, 0))
    with pytest.raises(SQLiteTooOld, match=sqlite3.sqlite_version):
        Archive.create(path)


def test_a_reader_sees_whole_commits_while_a_writer_is_in_the_middle(archive: Archive, path: Path) -> None:
    archive.commit(None, [article_visit()], NOW)
    with Archive.open(path, readonly=True) as reader, writing(archive._db) as conn:
        conn.execute("DELETE FROM authors")
        assert len(reader.article(URL).authors) == 2
        assert [hit.article.url for hit in reader.search("ferry")] == [URL]


def test_a_read_only_archive_cannot_be_written(archive: Archive, path: Path) -> None:
    with Archive.open(path, readonly=True) as reader, pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.add_source(URL)


def test_a_second_writer_is_told_to_wait(archive: Archive, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.05)
    with Archive.open(path) as second, writing(archive._db), pytest.raises(ArchiveLocked, match="another program"):
        second.add_source(URL)


def test_two_writers_take_turns(archive: Archive, path: Path) -> None:
    def write(name: str) -> None:
        with Archive.open(path) as own:
            for number in range(20):
                own.commit(None, [article_visit(f"https://{name}.example/a/{number}")], NOW)

    writers = [threading.Thread(target=write, args=(name,)) for name in ("one", "two")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert archive.stats().articles == 40


@pytest.fixture
def unlocked(archive: Archive, path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive with one article that nobody has open, in a folder that its reader cannot write."""
    archive.commit(None, [article_visit()], NOW)
    archive.close()
    monkeypatch.setattr(connection, "_is_alone", lambda path: not Path(f"{path}-wal").exists())
    return path


def rewrite(path: Path) -> None:
    """Have somebody else write to the file itself, and close it."""
    with Archive.open(path) as other:
        other.commit(None, [article_visit(f"https://other.example/{number}") for number in range(5)], NOW)


def test_what_was_read_without_a_lock_is_refused_if_somebody_wrote_meanwhile(unlocked: Path) -> None:
    reader = Archive.open(unlocked, readonly=True)
    seeing = reader.snapshot()
    seeing.__enter__()
    assert [article.url for article in reader.articles()] == [URL]
    rewrite(unlocked)
    for end in (lambda: seeing.__exit__(None, None, None), reader.close):
        with pytest.raises(ArchiveError, match=r"was written while it was read.*try again"):
            end()


def test_that_it_was_written_meanwhile_is_said_instead_of_what_came_of_it(unlocked: Path) -> None:
    def read() -> None:
        with Archive.open(unlocked, readonly=True):
            rewrite(unlocked)
            raise sqlite3.DatabaseError("database disk image is malformed")

    with pytest.raises(ArchiveError, match="was written while it was read"):
        read()


def test_what_was_read_without_a_lock_holds_while_others_write_beside_it(unlocked: Path) -> None:
    reader, writer = Archive.open(unlocked, readonly=True), Archive.open(unlocked)
    with reader.snapshot():
        writer.commit(None, [article_visit("https://other.example/1")], NOW)
        assert [article.url for article in reader.articles()] == [URL]
    reader.close()
    writer.close()


def test_no_copy_is_made_of_two_states(unlocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = tmp_path / "copies" / "copy.db"
    copied.parent.mkdir()
    with pytest.raises(ArchiveError, match="was written while it was read"), Archive.open(unlocked, readonly=True) as reader:
        reader.backup(copied, progress=lambda *_: rewrite(unlocked))
    assert list(copied.parent.iterdir()) == []


def test_an_archive_that_may_not_be_written_is_still_read(archive: Archive, path: Path) -> None:
    archive.close()
    path.chmod(0o444)
    path.parent.chmod(0o555)
    if os.access(path, os.W_OK):
        pytest.skip("nothing is read-only to this user")
    try:
        with Archive.open(path, readonly=True) as opened:
            assert opened.verify() == []
        with pytest.raises(ArchiveError, match="cannot be written"):
            Archive.open(path)
    finally:
        path.parent.chmod(0o755)
