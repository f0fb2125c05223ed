from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive
from archive.errors import ArchiveDamaged, DamagedPayload, NotAnArchive
from archive.integrity import BLOCK_AGAIN, MEND, READ_AGAIN, RESTORE
from archive.rights import HostFile, HostRights
from archive.visit import Outcome, Visit
from pipelines import read_article, read_page
from pipelines.stages.store import to_revision, to_rights
from tests.archive.samples import LATER, NOW, URL, article_visit, capture, found, revision


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
        ("DELETE FROM revisions WHERE article_id = 1", "revisions"),
        ("UPDATE blocks SET text = 'The ferry stayed.' WHERE text = 'The ferry left at dusk.' AND article_id = 1", "revisions"),
        ("UPDATE revisions SET title = 'Other' WHERE article_id = 1", "revisions"),
        ("ALTER TABLE authors ADD COLUMN age INTEGER", "schema"),
        ("INSERT INTO articles_fts (articles_fts, rowid, title) VALUES ('delete', 1, 'Night')", "search index"),
    ],
)
def test_each_damage_is_named_with_advice(archive: Archive, damage: Callable[[str], None], sql: str, kind: str) -> None:
    assert archive.verify() == []
    damage(sql)
    problems = archive.verify()
    assert kind in {problem.kind for problem in problems}
    assert all(problem.where and problem.detail and problem.advice for problem in problems)


@pytest.fixture
def real(archive: Archive) -> Archive:
    """An archive with a page that was really read, the files of its host, and a takedown."""
    page = (
        b"<title>Night ferry returns</title><h1>Night ferry returns</h1>"
        + b"<p>The ferry sailed on in the dark of night.</p>" * 9
    )
    file = HostFile("tern.example", "robots", NOW, 200, b"User-agent: *")
    read, said = read_page(page, url=URL, fetched=NOW), read_article(read_page(page, url=URL, fetched=NOW))
    number = archive.keep_host_file(file)
    rights = replace(to_rights(said, read, ()), host=HostRights(robots=True, robots_file=number))
    shown = replace(capture(body=page), rights=rights)
    archive.commit(None, [article_visit(captures=(shown,), revision=to_revision(said, URL)), article_visit(f"{URL}-2")], NOW)
    archive.take_down(f"{URL}-2", "asked for", NOW)
    archive.erase(NOW)
    assert archive.verify() == []
    return archive


@pytest.mark.parametrize(
    ("sql", "kind", "advice"),
    [
        ("UPDATE captures SET fetched = 'yesterday'", "moments", RESTORE),
        ("UPDATE host_files SET body = x'00'", "host file", RESTORE),
        ("UPDATE captures SET headers = '[[\"Content-Type\", '", "lists", RESTORE),
        ("UPDATE fetches SET redirects = '{}'", "lists", RESTORE),
        ("UPDATE revisions SET tags = ''", "lists", RESTORE),
        ("UPDATE rights SET statements = 'x'", "lists", RESTORE),
        ("DELETE FROM rights", "rights", READ_AGAIN),
        ("DELETE FROM evidence", "evidence", READ_AGAIN),
        ("DELETE FROM evidence WHERE field = 'title' AND rank = 0", "evidence", READ_AGAIN),
        ("UPDATE revisions SET description = 'Other'", "evidence", READ_AGAIN),
        ("UPDATE revisions SET lang = 'fr'", "evidence", READ_AGAIN),
        ("DELETE FROM blocks WHERE position = 0", "revisions", READ_AGAIN),
        ("DELETE FROM tombstone_keys", "takedown", BLOCK_AGAIN),
        ("DELETE FROM tombstone_digests", "takedown", RESTORE),
    ],
)
def test_rows_that_are_lost_or_changed_are_told_by_what_others_say(
    real: Archive, path: Path, sql: str, kind: str, advice: str
) -> None:
    execute(path, sql)
    assert (kind, advice) in {(problem.kind, problem.advice) for problem in real.verify()}


def test_a_takedown_that_lost_its_keys_blocks_its_address_again(real: Archive, path: Path) -> None:
    execute(path, "DELETE FROM tombstone_keys")
    assert real.tombstone(f"{URL}-2") is None
    assert real.mend() == ["takedown 1: its address is blocked again; others that showed it are not known any more"]
    assert real.tombstone(f"{URL}-2") is not None
    assert real.verify() == []


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


MENDABLE = {
    "index": "INSERT INTO articles_fts (articles_fts, rowid, title) VALUES ('delete', 1, 'Night')",
    "index of titles": "INSERT INTO titles_fts (titles_fts, rowid, title) VALUES ('delete', 1, 'Night')",
    "index of pairs": "INSERT INTO pairs_fts (pairs_fts, rowid, title) VALUES ('delete', 3, '図書')",
    "pairs": "DELETE FROM pairs",
    "changes": "UPDATE changes SET previous = 2 WHERE article_id = 1",
    "no changes": "DELETE FROM changes WHERE article_id = 1 AND revision = 3",
    "a change": "DELETE FROM changes WHERE article_id = 1 AND revision = 3 AND position = 0",
    "count of revisions": "UPDATE articles SET revisions = 5 WHERE id = 1",
    "number of the newest": "UPDATE articles SET newest = 2 WHERE id = 1",
    "text of an article": "UPDATE articles SET text = 'Something else.' WHERE id = 3",
    "title of an article": "UPDATE articles SET title = NULL WHERE id = 3",
    "an author": "DELETE FROM authors WHERE article_id = 3 AND position = 1",
    "name of an author": "UPDATE authors SET name = 'Nobody' WHERE article_id = 3 AND position = 0",
    "events": "DELETE FROM events",
    "an event": "UPDATE events SET kind = 'gone'",
    "trigger": "DROP TRIGGER articles_after_update_pairs",
    "other trigger": "DROP TRIGGER pairs_after_delete;"
    "CREATE TRIGGER pairs_after_delete AFTER DELETE ON pairs BEGIN SELECT 1; END",
    "index of a table": "DROP INDEX fetches_url",
    "view": "DROP VIEW edits",
    "a step not noted": "DELETE FROM _sqlite_migrations WHERE name = '0002_memory'",
    "no step noted": "DROP TABLE _sqlite_migrations",
    "signature": "DELETE FROM signatures WHERE article_id = 3",
    "signatures": "DELETE FROM signatures",
    "index of signatures": "DELETE FROM signature_values",
    "a fetch that names no article": "UPDATE fetches SET article_id = NULL, revision = NULL WHERE id = 3",
    "when it was first seen": "UPDATE articles SET first_seen = 'never' WHERE id = 1",
    "when it was last seen": "UPDATE articles SET last_seen = '2031-01-01T00:00:00Z' WHERE id = 1",
    "when it was withdrawn": "UPDATE articles SET withdrawn = '2031-01-01T00:00:00Z' WHERE id = 1",
    "withdrawn though up": "UPDATE articles SET withdrawn = '2031-01-01T00:00:00Z' WHERE id = 3",
    "copy": "DELETE FROM copies WHERE article_id = 4",
}
"""Damage that can be mended, by what is damaged."""


@pytest.fixture
def whole(archive: Archive, damage: Callable[[str], None]) -> Archive:
    """An archive that holds something of everything: revisions, a withdrawal, copies, a script without spaces."""
    japanese = article_visit(f"{URL}-3", "図書館は月曜日に開く。")
    later = [article_visit(URL, f"Text {n}.", body=b"<p>%d" % n, fetched=NOW + timedelta(days=n), revision=None) for n in (1, 2)]
    later = [replace(v, revision=revision(URL, f"Text {n}.", title=f"Title {n}")) for n, v in enumerate(later)]
    gone = Visit(URL, NOW + timedelta(days=3), Outcome.GONE, status=404, reason="status 404")
    story = [" ".join(f"Word{n} said that ferry number {n} sailed on {n * 7}." for n in range(60))]
    told = [article_visit(f"https://{site}.example/told", *story, body=site.encode()) for site in ("gull", "auk")]
    archive.commit(None, [japanese, *later, gone, *told], NOW)
    assert archive.verify() == []
    assert len(archive.copies(4)) == 2
    return archive


@pytest.mark.parametrize("sql", MENDABLE.values(), ids=MENDABLE.keys())
def test_what_the_rest_of_the_file_says_is_mended(whole: Archive, path: Path, sql: str) -> None:
    assert whole.mend() == []
    before = contents(path)
    execute(path, sql)
    problems = whole.verify()
    assert problems
    assert {problem.advice for problem in problems} == {MEND}
    assert whole.mend()
    assert whole.verify() == []
    assert whole.mend() == []
    assert contents(path) == before
    assert [hit.article.id for hit in whole.search("図書館")] == [3]


BROKEN = "CAST(x'41ff42c3' AS TEXT)"
"""What a disk that fails makes of a text: no UTF-8."""


@pytest.mark.parametrize(
    ("cell", "where"),
    [
        ("articles.title", "id = 1"),
        ("articles.text", "id = 3"),
        ("articles.last_seen", "id = 3"),
        ("authors.name", "article_id = 3 AND position = 1"),
        ("changes.after", "article_id = 1 AND revision = 3"),
        ("events.detail", "article_id = 1"),
        ("pairs.text", "article_id = 3"),
        ("copies.out_by", "article_id = 4"),
    ],
)
def test_a_text_that_is_no_utf_8_is_named_by_its_row_and_made_anew(whole: Archive, path: Path, cell: str, where: str) -> None:
    table, column = cell.split(".")
    before = contents(path)
    execute(path, f"UPDATE {table} SET {column} = {BROKEN} WHERE {where}")
    named = [problem for problem in whole.verify() if problem.kind == "text"]
    assert named[0].where.startswith(f"{table}, ")
    assert where.replace(" =", "").replace(" AND", ",").startswith(named[0].where.removeprefix(f"{table}, ")[:9])
    assert {problem.advice for problem in whole.verify()} == {MEND}
    assert whole.mend()
    assert whole.verify() == []
    assert contents(path) == before


@pytest.mark.parametrize(
    ("cell", "where"),
    [
        ("articles.url", "id = 2"),
        ("revisions.title", "article_id = 2"),
        ("revisions.text", "article_id = 2"),
        ("blocks.text", "article_id = 2 AND position = 1"),
        ("evidence.raw", "article_id = 2 AND rank = 1"),
        ("fetches.reason", "id = 2"),
        ("captures.headers", "id = 2"),
    ],
)
def test_a_text_that_is_lost_keeps_no_other_from_being_mended(whole: Archive, path: Path, cell: str, where: str) -> None:
    table, column = cell.split(".")
    execute(path, f"UPDATE {table} SET {column} = {BROKEN} WHERE {where}; DELETE FROM changes; DELETE FROM signatures")
    whole.mend()
    left = whole.verify()
    assert (left[0].kind, left[0].advice) == ("text", RESTORE)
    assert "signatures" not in {problem.where for problem in left}
    assert not any("ÿ" in problem.detail or "A�B" in problem.detail for problem in left)


def execute(path: Path, sql: str) -> None:
    conn = sqlite3.connect(path)
    conn.executescript(sql)
    conn.close()


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Rows of what a reader of the archive sees."""
    conn = sqlite3.connect(path)
    names = (
        "articles",
        "authors",
        "fetches",
        "signature_values",
        "revisions",
        "blocks",
        "changes",
        "events",
        "pairs",
        "signatures",
        "copies",
    )
    rows = {name: conn.execute(f"SELECT * FROM {name}").fetchall() for name in names}
    conn.close()
    return rows


def test_the_row_that_a_lost_revision_left_is_not_written_over(whole: Archive, path: Path) -> None:
    execute(
        path,
        "DELETE FROM changes WHERE revision = 3; DELETE FROM evidence WHERE revision = 3; DELETE FROM blocks WHERE revision = 3;"
        "DELETE FROM revisions WHERE number = 3",
    )
    lost = [problem for problem in whole.verify() if problem.kind == "revisions"]
    assert [(problem.where, problem.advice) for problem in lost] == [("article 1", RESTORE)]
    assert "revision 3 is lost" in lost[0].detail
    assert "capture 5" in lost[0].detail
    whole.mend()
    assert contents(path)["articles"][0][3] == "Title 1"
    assert whole.verify()


def test_the_row_that_still_says_what_a_damaged_revision_said_is_not_written_over(whole: Archive, path: Path) -> None:
    before = contents(path)["articles"]
    execute(path, "UPDATE blocks SET text = 'Forged.' WHERE label = 'article' AND article_id = 3")
    problems = [problem for problem in whole.verify() if problem.kind in {"revisions", "article"}]
    assert {(problem.kind, problem.advice) for problem in problems} == {("revisions", READ_AGAIN), ("article", READ_AGAIN)}
    assert not [done for done in whole.mend() if done.startswith("article 3")]
    assert contents(path)["articles"] == before


def test_a_row_of_a_table_without_row_ids_is_not_called_none(archive: Archive, damage: Callable[[str], None]) -> None:
    damage("DELETE FROM revisions WHERE article_id = 1")
    assert not [problem for problem in archive.verify() if "None" in problem.where]


def spoil_statement(path: Path, name: str, word: bytes) -> None:
    """Overwrite the beginning of a word in the statement that made a part of the schema."""
    with Archive.create(path) as archive:
        archive.commit(None, [article_visit()], NOW)
        archive._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    at = content.index(word, content.index(f" {name} ".encode()))
    path.write_bytes(content[:at] + b"\xab\xff" + content[at + 2 :])


def test_a_comment_of_the_schema_that_is_no_utf_8_is_made_anew(path: Path) -> None:
    spoil_statement(path, "edits", b"after publication")
    with Archive.open(path) as archive:
        assert [problem.kind for problem in archive.verify()] == ["schema"]
        assert archive.mend() == ["edits: made anew"]
        assert archive.verify() == []


def test_a_statement_of_the_schema_that_cannot_be_parsed_is_damage(path: Path) -> None:
    spoil_statement(path, "articles_after_update", b"BEGIN")
    with pytest.raises(ArchiveDamaged, match="cannot be read as an archive"):
        Archive.open(path)


def test_a_payload_that_is_lost_is_told_with_the_address_of_its_capture(archive: Archive, damage: Callable[[str], None]) -> None:
    damage("DELETE FROM payloads WHERE id = 1")
    assert f"it is of {URL}" in next(problem.detail for problem in archive.verify() if problem.kind == "foreign key")


def test_an_archive_with_a_damaged_header_is_told_from_another_file(path: Path) -> None:
    Archive.create(path).close()
    execute(path, "PRAGMA application_id = 0")
    with pytest.raises(ArchiveDamaged, match="damaged header"):
        Archive.open(path)


def test_a_damaged_payload_is_told_with_the_captures_that_are_lost(archive: Archive, damage: Callable[[str], None]) -> None:
    damage("UPDATE payloads SET data = x'00112233' WHERE id = 1")
    assert f"capture 1 of {URL}" in archive.verify()[0].detail


def test_an_article_taken_in_after_it_was_found_gone_has_the_event(archive: Archive) -> None:
    archive.commit(None, [Visit(URL, LATER, Outcome.GONE, status=404, reason="status 404")], NOW)
    archive.commit(None, [article_visit()], NOW)
    assert [event.kind for event in archive.events(1)] == ["not_found"]
    assert archive.verify() == []


def test_an_index_that_lost_its_lists_is_found_though_the_file_is_read_alone(path: Path, damage: Callable[[str], None]) -> None:
    damage("DELETE FROM articles_fts_data WHERE rowid > 10")
    with Archive.open(path, readonly=True) as archive:
        assert kinds(archive) == ["search index"]
