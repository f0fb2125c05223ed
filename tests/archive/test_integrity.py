from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive
from archive.errors import DamagedPayload, NotAnArchive
from tests.archive.samples import NOW, URL, article_visit, found


@pytest.fixture
def damage(archive: Archive, path: Path) -> Callable[[str], None]:
    """Change the file behind morgue's back."""
    archive.commit(None, [article_visit(body=b"<p>ferry</p>" * 50), article_visit(f"{URL}-2")], NOW)

    def change(sql: str) -> None:
        conn = sqlite3.connect(path)
        conn.execute(sql)
        conn.commit()
        conn.close()

    return change


def kinds(archive: Archive) -> list[str]:
    return [problem.kind for problem in archive.verify()]


EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""SHA-256 of nothing."""


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("UPDATE payloads SET data = x'00112233' WHERE id = 1", "payload"),
        ("UPDATE payloads SET data = zeroblob(9), codec = 'raw' WHERE id = 1", "payload"),
        ("DELETE FROM payloads WHERE id = 2", "foreign key"),
        ("DELETE FROM revisions WHERE article_id = 1", "foreign key"),
        (f"INSERT INTO payloads (id, sha256, size, codec, first_seen, data) VALUES (9, '{EMPTY}', 0, 'raw', '', x'')", "orphan"),
        ("UPDATE articles SET revisions = 5 WHERE id = 1", "revisions"),
        ("INSERT INTO articles_fts (articles_fts, rowid, title) VALUES ('delete', 1, 'Night')", "search index"),
    ],
)
def test_each_damage_is_named_with_advice(archive: Archive, damage: Callable[[str], None], sql: str, kind: str) -> None:
    assert archive.verify() == []
    damage(sql)
    problems = archive.verify()
    assert kind in {problem.kind for problem in problems}
    assert all(problem.where and problem.detail and problem.advice for problem in problems)


def test_a_lease_that_no_run_holds_is_found(archive: Archive, damage: Callable[[str], None]) -> None:
    archive.frontier.add([found("https://tern.example/b")], source_id=None, found_on=None, depth=0, run_id=None, now=NOW)
    damage("UPDATE frontier SET state = 'leased'")
    assert kinds(archive) == ["frontier"]


def overwrite(path: Path, first: int) -> None:
    """Overwrite part of every second page of the file, from the page with that number on."""
    content = bytearray(path.read_bytes())
    for page in range(first, len(content) // 4096, 2):
        content[page * 4096 : page * 4096 + 2000] = b"\xff" * 2000
    path.write_bytes(content)


def test_pages_that_were_overwritten_are_found(path: Path) -> None:
    Archive.create(path).close()
    empty = path.stat().st_size // 4096
    with Archive.open(path) as archive:
        archive.commit(None, [article_visit(f"{URL}-{n}", *(f"{n} {m}" for m in range(60))) for n in range(20)], NOW)
    overwrite(path, empty)
    with Archive.open(path) as archive:
        problems = archive.verify()
    assert "file" in {problem.kind for problem in problems}
    assert len(problems) == len(set(problems))


def test_a_file_whose_tables_cannot_be_read_says_so_on_opening(path: Path) -> None:
    Archive.create(path).close()
    overwrite(path, 1)
    with pytest.raises(NotAnArchive, match="restore a copy"):
        Archive.open(path)


def test_a_read_only_archive_is_verified_too(archive: Archive, damage: Callable[[str], None], path: Path) -> None:
    damage("INSERT INTO articles_fts_docsize VALUES (77, x'00')")
    with Archive.open(path, readonly=True) as reader:
        assert kinds(reader) == ["search index"]


def test_verify_says_how_far_it_is(archive: Archive, damage: Callable[[str], None]) -> None:
    told: list[tuple[int, int]] = []
    archive.verify(lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_a_damaged_payload_is_not_handed_out(archive: Archive, damage: Callable[[str], None]) -> None:
    damage("UPDATE payloads SET data = zeroblob(600), codec = 'raw' WHERE id = 1")
    with pytest.raises(DamagedPayload, match="capture 1"):
        archive.payload(1)
    with pytest.raises(DamagedPayload, match="capture 99"):
        archive.payload(99)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO articles_fts (articles_fts, rowid, title) VALUES ('delete', 1, 'Night')",
        "INSERT INTO titles_fts (titles_fts, rowid, title) VALUES ('delete', 1, 'Night')",
        "INSERT INTO pairs_fts (pairs_fts, rowid, title) VALUES ('delete', 3, '図書')",
        "DELETE FROM pairs",
        "UPDATE changes SET previous = 2 WHERE article_id = 1",
    ],
    ids=["index", "index of titles", "index of pairs", "pairs", "changes"],
)
def test_what_the_rest_of_the_file_says_is_mended(archive: Archive, damage: Callable[[str], None], sql: str) -> None:
    japanese = article_visit(f"{URL}-3", "図書館は月曜日に開く。")
    later = [article_visit(URL, f"Text {n}.", body=b"<p>%d" % n, fetched=NOW + timedelta(days=n)) for n in (1, 2)]
    archive.commit(None, [japanese, *later], NOW)
    assert archive.verify() == []
    assert archive.mend() == []
    damage(sql)
    assert archive.verify()
    assert archive.mend()
    assert archive.verify() == []
    assert [hit.article.id for hit in archive.search("図書館")] == [3]
