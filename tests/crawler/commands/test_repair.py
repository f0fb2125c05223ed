from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Archive
from crawler.exit_codes import ExitCode
from tests.crawler.commands.conftest import Call


@pytest.fixture
def damage(archive: Path) -> Callable[[str], None]:
    def change(sql: str) -> None:
        conn = sqlite3.connect(archive)
        conn.executescript(sql)
        conn.close()

    return change


def test_repair_mends_and_says_what(archive: Path, call: Callable[..., Call], damage: Callable[[str], None]) -> None:
    damage("UPDATE articles SET newest = 1 WHERE id = 1; DELETE FROM authors")
    found = call("verify")
    assert found.code == ExitCode.BROKEN
    assert "`morgue repair`" in " ".join(found.out.split())
    mended = call("repair")
    assert (mended.code, mended.out) == (ExitCode.WELL, "morgue.db is sound.\n")
    assert "article 1: shows its newest revision again" in mended.err
    assert call("verify").code == ExitCode.WELL


def test_repair_names_what_needs_a_copy(archive: Path, call: Callable[..., Call], damage: Callable[[str], None]) -> None:
    damage("UPDATE payloads SET data = x'00' WHERE id = 1; DELETE FROM authors")
    left = call("repair", "--json")
    assert left.code == ExitCode.BROKEN
    problems = [json.loads(line) for line in left.out.splitlines()] if left.out[0] == "{" else json.loads(left.out)
    assert [problem["kind"] for problem in problems] == ["payload"]
    assert "capture 1 of https://courier.example/ferry" in problems[0]["detail"]


def test_verify_changes_nothing(archive: Path, call: Callable[..., Call], damage: Callable[[str], None]) -> None:
    damage("DELETE FROM authors")
    before = archive.read_bytes()
    assert call("verify").code == ExitCode.BROKEN
    assert archive.read_bytes() == before


def test_repair_does_not_work_beside_a_crawl(archive: Path, call: Callable[..., Call]) -> None:
    with Archive.open(archive) as opened, opened.lock_for_crawl():
        beside = call("repair")
    assert beside.code == ExitCode.FAILED
    assert "another crawl is working" in beside.err
