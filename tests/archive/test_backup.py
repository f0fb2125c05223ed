from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from archive import Archive
from archive.errors import ArchiveDamaged, ArchiveError, ArchiveNotFound
from tests.archive.samples import NOW, URL, article_visit

WRITER = """
import sys
from archive import Archive
from tests.archive.samples import NOW, article_visit
with Archive.open(sys.argv[1]) as archive:
    for n in range(40):
        archive.commit(None, [article_visit(f"https://{sys.argv[2]}.example/{n}", f"Text {n}.")], NOW)
        print(n, flush=True)
"""


def articles(path: Path) -> int:
    conn = sqlite3.connect(path)
    (count,) = conn.execute("SELECT count(*) FROM articles").fetchone()
    conn.close()
    return int(count)


def test_a_backup_is_the_archive_at_one_moment_though_another_writes(archive: Archive, path: Path, tmp_path: Path) -> None:
    archive.commit(None, [article_visit()], NOW)
    target = tmp_path / "copy.db"
    told: list[tuple[int, int]] = []

    def write_meanwhile(done: int, total: int) -> None:
        told.append((done, total))
        with Archive.open(path) as other:
            other.commit(None, [article_visit(f"{URL}-later-{len(told)}")], NOW)

    with Archive.open(path, readonly=True) as reader:
        assert reader.backup(target, write_meanwhile) == target.stat().st_size
    assert told
    assert told[-1][0] == told[-1][1]
    with Archive.open(target) as copy:
        assert copy.verify() == []
        assert [article.url for article in copy.articles()] == [URL]
    assert articles(path) == 1 + len(told)


def test_two_writers_a_long_read_and_a_backup_do_not_lock_each_other(archive: Archive, path: Path, tmp_path: Path) -> None:
    archive.commit(None, [article_visit(f"{URL}-{n}") for n in range(5)], NOW)
    with Archive.open(path, readonly=True) as reader:
        read = reader.articles()
        next(read)
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(path), site], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for site in ("gull", "auk")
        ]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline()
        archive.backup(tmp_path / "copy.db")
        for writer in writers:
            _, errors = writer.communicate(timeout=60)
            assert (writer.returncode, errors) == (0, "")
        assert len(list(read)) == 4
    assert articles(path) == 85
    with Archive.open(tmp_path / "copy.db") as copy:
        assert copy.verify() == []


def test_a_file_that_is_there_is_replaced_only_by_force(archive: Archive, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    with pytest.raises(ArchiveError, match="--force"):
        archive.backup(target)
    assert target.read_text() == "mine"
    archive.backup(target, force=True)
    assert articles(target) == 0


def test_the_archive_itself_a_folder_and_a_file_in_use_are_no_targets(archive: Archive, path: Path, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="itself"):
        archive.backup(path, force=True)
    with pytest.raises(ArchiveError, match="folder"):
        archive.backup(tmp_path, force=True)
    with pytest.raises(ArchiveNotFound, match="no folder"):
        archive.backup(tmp_path / "none" / "copy.db")
    Path(f"{tmp_path}/copy.db-wal").write_text("log")
    with pytest.raises(ArchiveError, match="in use"):
        archive.backup(tmp_path / "copy.db", force=True)


@pytest.mark.parametrize("side", ["-wal", "-shm", "-journal", "-crawl.lock"])
def test_what_lies_beside_an_archive_is_never_replaced(archive: Archive, path: Path, side: str) -> None:
    archive.commit(None, [article_visit()], NOW)
    with pytest.raises(ArchiveError, match="name another file"):
        archive.backup(f"{path}{side}", force=True)
    assert archive.verify() == []


def test_an_interrupted_backup_leaves_nothing(archive: Archive, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    before = set(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        archive.backup(tmp_path / "copy.db", stop)
    assert set(tmp_path.iterdir()) == before
    archive.commit(None, [article_visit()], NOW)


def test_a_damaged_archive_gives_no_backup(path: Path, tmp_path: Path) -> None:
    Archive.create(path).close()
    empty = path.stat().st_size // 4096
    with Archive.open(path) as archive:
        archive.commit(None, [article_visit(f"{URL}-{n}", *(f"{n} {m}" for m in range(60))) for n in range(20)], NOW)
    content = bytearray(path.read_bytes())
    for page in range(empty, len(content) // 4096, 2):
        content[page * 4096 : page * 4096 + 2000] = b"\xff" * 2000
    path.write_bytes(content)
    with Archive.open(path) as archive, pytest.raises(ArchiveDamaged, match="verify"):
        archive.backup(tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_sound_copy_is_not_replaced_by_one_that_has_lost_a_page(archive: Archive, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    archive.commit(None, [article_visit()], NOW)
    archive.backup(target)
    before = target.read_bytes()
    with archive._db.conn:
        archive._db.execute("UPDATE payloads SET data = x'00'")
    with pytest.raises(ArchiveDamaged, match=r"copy.db is left as it was.*capture 1 of"):
        archive.backup(target, force=True)
    assert target.read_bytes() == before
    assert {path.name for path in tmp_path.glob("*copy*")} == {"copy.db"}
    archive.backup(tmp_path / "other.db")
    assert (tmp_path / "other.db").exists()


def test_damage_that_can_be_mended_keeps_no_copy_from_being_replaced(archive: Archive, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    archive.commit(None, [article_visit()], NOW)
    archive.backup(target)
    with archive._db.conn:
        archive._db.execute("DELETE FROM authors")
    checked: list[int] = []
    assert archive.backup(target, force=True, checking=lambda done, total: checked.append(total)) > 0
    assert checked == [1]
