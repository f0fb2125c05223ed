from __future__ import annotations

import logging
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import Archive, schema, upgrading
from archive.connection import APPLICATION_ID
from archive.errors import ArchiveDamaged, ArchiveError
from archive.migrations import SCHEMA_VERSION, migrate, steps
from archive.visit import Outcome, Visit
from tests.archive.samples import LATER, NOW, URL, article_visit, found, revision

ARTICLE_COLUMNS = [
    "id", "url", "site", "title", "dek", "byline", "published", "published_precision", "modified", "lang", "section",
    "word_count", "text", "first_seen", "last_seen", "revisions", "withdrawn", "newest",
]  # fmt: skip


@pytest.fixture
def plain(archive: Archive, path: Path) -> sqlite3.Connection:
    """The file as somebody opens it who has nothing of morgue."""
    archive.commit(None, [article_visit()], NOW)
    return sqlite3.connect(path)


def tables(conn: sqlite3.Connection) -> dict[str, str]:
    rows = conn.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' "
        "AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\' AND name NOT LIKE '\\_sqlite%' ESCAPE '\\'"
    )
    return dict(rows.fetchall())


def test_every_column_of_every_table_has_a_comment_in_the_file(plain: sqlite3.Connection) -> None:
    for table, sql in tables(plain).items():
        for _, column, *_ in plain.execute(f"PRAGMA table_info({table})"):
            definition = re.search(rf"^    {column} [A-Z][^\n]*(?:\n {{8}}[^\n]*)*", sql, re.MULTILINE)
            assert definition, f"{table}.{column} has no line of its own"
            assert re.search(r"-- \S", definition[0]), f"{table}.{column} has no comment"


def test_every_table_and_view_says_what_it_holds(plain: sqlite3.Connection) -> None:
    views = dict(plain.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall())
    for name, sql in {**tables(plain), **views}.items():
        assert re.match(r"CREATE (TABLE|VIEW) \w+ (\(|AS)\n    -- [A-Z][^\n]+\.\n", sql), name


def test_all_tables_are_strict(plain: sqlite3.Connection) -> None:
    strict = {name: bool(flag) for _, name, kind, _, _, flag in plain.execute("PRAGMA table_list") if kind == "table"}
    assert {name: strict[name] for name in tables(plain)} == dict.fromkeys(tables(plain), True)


def test_articles_has_the_documented_columns_in_order(plain: sqlite3.Connection) -> None:
    assert [row[1] for row in plain.execute("PRAGMA table_info(articles)")] == ARTICLE_COLUMNS


def test_sections_are_read_with_plain_sql(plain: sqlite3.Connection) -> None:
    rows = plain.execute("SELECT position, heading, level, text FROM sections").fetchall()
    assert rows == [(0, "A late start", 2, "The ferry left at dusk.\n\nNobody had expected it.")]


def test_views_for_analysts_answer(plain: sqlite3.Connection) -> None:
    assert plain.execute("SELECT tag FROM tags ORDER BY position").fetchall() == [("ferries",), ("night",)]
    assert plain.execute("SELECT url, outcome FROM newest_fetches").fetchall() == [(URL, "stored")]
    assert plain.execute("SELECT day, outcome, fetches FROM outcomes").fetchall() == [("2026-08-22", "stored", 1)]


def test_moments_are_readable_text(plain: sqlite3.Connection) -> None:
    assert plain.execute("SELECT first_seen FROM articles").fetchone() == ("2026-08-22T10:05:00Z",)


def test_sqlite_utils_finds_the_search_index(plain: sqlite3.Connection, path: Path) -> None:
    db = Database(path)
    assert db["articles"].detect_fts() == "articles_fts"
    assert [row["url"] for row in db["articles"].search("ferry")] == [URL]
    db.close()


def test_a_change_of_last_seen_does_not_index_again(archive: Archive, path: Path) -> None:
    archive.commit(None, [article_visit()], NOW)
    conn = sqlite3.connect(path)
    conn.execute("UPDATE articles SET last_seen = '2027-01-01T00:00:00Z', title = title")
    assert conn.total_changes == 1
    conn.close()


def test_a_changed_title_is_found_and_the_old_one_is_not(plain: sqlite3.Connection) -> None:
    plain.execute("UPDATE articles SET title = 'Morning tram'")
    matches = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    assert plain.execute(matches, ("title:tram",)).fetchone() == (1,)
    assert plain.execute(matches, ("title:ferry",)).fetchone() == (0,)


def shape(db: Database) -> list[tuple[str, ...]]:
    return db.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE '%sqlite%' ORDER BY 1, 2"
    ).fetchall()


def test_a_migrated_file_equals_a_fresh_one() -> None:
    fresh, migrated = Database(memory=True), Database(memory=True)
    schema.create_schema(fresh.conn)
    for step in list(steps.pending(migrated)):
        steps.apply(migrated, stop_before=[later.name for later in steps.pending(migrated)[1:]])
        assert step.name in {applied.name for applied in steps.applied(migrated)}
    assert shape(migrated) == shape(fresh)


def test_an_archive_of_the_first_schema_keeps_its_rows(path: Path) -> None:
    with Archive.create(path) as archive:
        later = article_visit(body=b"<html>2", fetched=LATER, revision=revision(URL, "Another text."))
        archive.commit(None, [article_visit(), later], NOW)
    rows = rows_of(path)
    make_first_schema(path)
    assert "newest" not in columns(path, "articles")
    with Archive.open(path) as archive:
        assert archive.verify() == []
        assert [hit.article.newest for hit in archive.search("another")] == [2]
    assert rows_of(path) == rows


def test_an_archive_of_the_first_schema_shows_the_latest_capture_and_not_the_last_number(path: Path) -> None:
    late = article_visit(
        body=b"<html>late", fetched=NOW - timedelta(days=9), revision=revision(URL, "An older text.", title="Before", authors=())
    )
    with Archive.create(path) as archive:
        archive.commit(None, [article_visit(), late], NOW)
    rows = rows_of(path)
    show_the_last_number(path)
    make_first_schema(path)
    with Archive.open(path) as archive:
        assert archive.verify() == []
        assert (archive.article(1).title, archive.article(1).newest) == ("Night ferry returns", 1)
        assert [hit.article.id for hit in archive.search("dusk")] == [1]
    assert rows_of(path) == rows


def test_hosts_of_the_first_schema_are_named_as_they_are_asked(path: Path) -> None:
    with Archive.create(path) as archive:
        source = archive.add_source("https://bücher.example/").id
        archive.frontier.add([found("https://bücher.example/1")], source_id=source, found_on=None, depth=0, run_id=None, now=NOW)
    conn = sqlite3.connect(path)
    conn.execute("UPDATE frontier SET host = 'bücher.example'")
    conn.commit()
    conn.close()
    make_first_schema(path)
    Archive.open(path).close()
    assert {row["host"] for row in Database(path)["frontier"].rows} == {"xn--bcher-kva.example"}


KILLED = """
import logging, os, signal, sys
from archive import Archive, upgrading

class Killing(logging.Handler):
    def emit(self, record):
        if "4 of 7" in record.getMessage():
            os.kill(os.getpid(), signal.SIGKILL)

upgrading.AT_ONCE = 2
upgrading.LOGGER.addHandler(Killing())
upgrading.LOGGER.setLevel(logging.INFO)
Archive.open(sys.argv[1])
"""


@pytest.fixture
def old(path: Path) -> Path:
    """An archive of the first schema with some of everything that is made from rows."""
    addresses = [f"{URL}-{number}" for number in range(6)]
    visits = [article_visit(url, *TEXT, f"Of boat {url[-1]} nothing was heard.") for url in addresses]
    edited = article_visit(addresses[4], "東京都 and more.", body=b"<html>2", fetched=LATER)
    gone = Visit(addresses[1], LATER, Outcome.GONE, "status 404", status=404)
    with Archive.create(path) as archive:
        run = archive.begin_run("crawl", [archive.add_source("https://tern.example/").id], NOW)
        archive.commit(run.id, [*visits, edited, gone, article_visit(f"{URL}-7", "Alone.")], NOW)
        archive.end_run(run.id, "finished", LATER)
    make_first_schema(path)
    return path


TEXT = tuple(
    f"The {word} ferry left the {word} harbour at dusk, and nobody on the {word} quay expected it." for word in "abcdefgh"
)


def test_bringing_up_to_date_goes_on_where_it_was_killed(old: Path) -> None:
    whole = old.with_name("whole.db")
    shutil.copy(old, whole)
    with Archive.open(whole) as archive:
        assert archive.verify() == []
    killed = subprocess.run([sys.executable, "-c", KILLED, str(old)], check=False)
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(ArchiveError, match="goes on with it"):
        Archive.open(old, readonly=True)
    with Archive.open(old) as archive:
        assert archive.verify() == []
        assert len(archive.search("東京")) == 1
    assert rows_of(old) == rows_of(whole)
    assert rows_of(old)["copies"]
    assert rows_of(old)["events"]
    Archive.open(old, readonly=True).close()


def test_two_who_bring_it_up_to_date_at_once_share_the_work(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading, "AT_ONCE", 1)
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(lambda: Archive.open(old).close()) for _ in range(4)]:
            done.result()
    with Archive.open(old, readonly=True) as archive:
        assert archive.verify() == []


def test_how_far_it_is_stands_in_the_log(old: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading, "AT_ONCE", 4)
    with caplog.at_level(logging.INFO, "archive.upgrading"):
        Archive.open(old).close()
    assert [message for message in caplog.messages if "rows of" not in message] == [
        "Bringing the archive up to date: 4 of 7 articles", "Bringing the archive up to date: 7 of 7 articles",
        "The archive is brought up to date; `morgue verify` checks it",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        ("DELETE FROM captures WHERE id = 3", "foreign key"),
        ("UPDATE fetches SET redirects = '{{' WHERE article_id = 2", "lists"),
        ("UPDATE captures SET headers = 'x-robots-tag {{' WHERE id = 1", "lists"),
        ("UPDATE revisions SET tags = '{{' WHERE article_id = 5", "lists"),
        ("UPDATE revisions SET authors = '{{' WHERE article_id = 1", "lists"),
        ("UPDATE articles SET title = CAST(x'41ff' AS TEXT) WHERE id = 1", None),
        ("UPDATE blocks SET text = CAST(x'41ff' AS TEXT) WHERE article_id = 5", "text"),
        ("UPDATE articles SET last_seen = 'never' WHERE id = 1", None),
    ],
)
def test_an_old_archive_with_a_damaged_row_is_brought_up_to_date_but_for_that(old: Path, damage: str, kind: str | None) -> None:
    conn = sqlite3.connect(old)
    conn.execute(damage)
    conn.commit()
    conn.close()
    with Archive.open(old) as archive:
        archive.mend()
        left = archive.verify()
        assert kind in {problem.kind for problem in left} if kind else left == []
        assert len(archive.search("alone")) == 1
        archive.commit(None, [article_visit("https://tern.example/new")], LATER)
    Archive.open(old, readonly=True).close()


def test_an_old_archive_that_cannot_be_brought_up_to_date_stays_as_it_was_and_the_row_is_named(old: Path) -> None:
    conn = sqlite3.connect(old)
    conn.execute("UPDATE captures SET url = CAST(x'5175696e63ff' AS TEXT) WHERE id = 2")
    conn.commit()
    conn.close()
    with pytest.raises(ArchiveDamaged, match=r"captures, id 2: url is no UTF-8.*mend that row"):
        Archive.open(old)
    with closing(sqlite3.connect(old)) as conn:
        assert conn.execute("PRAGMA user_version").fetchone()[0] == 1
        conn.execute("UPDATE captures SET url = 'https://tern.example/2' WHERE id = 2")
        conn.commit()
    Archive.open(old).close()


def show_the_last_number(path: Path) -> None:
    """Have the row of the article show its revision 2, as the first version wrote it."""
    conn = sqlite3.connect(path)
    conn.execute("UPDATE articles SET title = 'Before', text = 'A late start' || char(10, 10) || 'An older text.', newest = 2")
    conn.execute("DELETE FROM authors")
    conn.commit()
    conn.close()


def make_first_schema(path: Path) -> None:
    """Put the rows of an archive into the tables that the first version made."""
    old = path.with_name("first.db")
    db = Database(old)
    steps.apply(db, stop_before=["0002_memory"])
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("ATTACH ? AS newer", (str(path),))
    for table in db.table_names():
        if not table.startswith(("articles_fts", "_sqlite")):
            names = ", ".join(column.name for column in db[table].columns)
            db.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM newer.{table}")
    db.conn.commit()
    db.execute("DETACH newer")
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute("PRAGMA user_version = 1")
    db.close()
    old.replace(path)


def columns(path: Path, table: str) -> list[str]:
    conn = sqlite3.connect(path)
    names = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
    conn.close()
    return names


def rows_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    conn = sqlite3.connect(path)
    rows = {name: conn.execute(f"SELECT * FROM {name}").fetchall() for name in tables(conn)}
    conn.close()
    return rows


def test_migrating_twice_changes_nothing() -> None:
    db = Database(memory=True)
    migrate(db)
    before = shape(db)
    migrate(db)
    assert shape(db) == before
    assert len(steps.applied(db)) == SCHEMA_VERSION == db.execute("PRAGMA user_version").fetchone()[0]
