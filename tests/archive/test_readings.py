from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from archive import Archive
from archive.revision import ReadWith
from tests.archive.samples import LATER, NOW, URL, article_visit, revision

OLD = ReadWith.of({"lxml": "6.0"}, {})
NEW = ReadWith.of({"lxml": "6.1"}, {})


def readings(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as conn, conn:
        return conn.execute(
            "SELECT r.number, g.reader, g.packages, g.settings, g.first_used FROM revisions AS r "
            "LEFT JOIN readings AS g ON g.id = r.reading_id ORDER BY r.article_id, r.number"
        ).fetchall()


def test_a_revision_says_what_it_was_read_with(archive: Archive, path: Path) -> None:
    archive.commit(None, [article_visit(revision=revision(read_with=OLD))], NOW)
    assert readings(path) == [(1, "1", '{"lxml": "6.0"}', "{}", "2026-08-22T10:05:00Z")]


def test_each_combination_is_kept_once(archive: Archive, path: Path) -> None:
    other = f"{URL}-2"
    archive.commit(
        None,
        [article_visit(revision=revision(read_with=OLD)), article_visit(other, revision=revision(other, read_with=OLD))],
        NOW,
    )
    changed = replace(revision(URL, "Another text."), read_with=NEW)
    archive.commit(None, [article_visit(body=b"new", fetched=LATER, revision=changed)], LATER)
    with closing(sqlite3.connect(path)) as conn, conn:
        assert [json.loads(p) for (p,) in conn.execute("SELECT packages FROM readings")] == [{"lxml": "6.0"}, {"lxml": "6.1"}]


def test_what_nobody_recorded_stays_unknown(archive: Archive, path: Path) -> None:
    archive.commit(None, [article_visit()], NOW)
    assert readings(path) == [(1, None, None, None, None)]


def test_the_same_packages_are_written_the_same_way_in_any_order() -> None:
    assert ReadWith.of({"a": "1", "b": "2"}, {}) == ReadWith.of({"b": "2", "a": "1"}, {})
