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


@pytest.mark.parametrize("command", [("show", "1"), ("export", "jsonl", "-o", "-")])
def test_a_text_that_is_no_utf_8_is_damage_to_every_command_and_not_shown(
    archive: Path, call: Callable[..., Call], damage: Callable[[str], None], command: tuple[str, ...]
) -> None:
    damage("UPDATE articles SET title = CAST(x'5175696e63ff' AS TEXT) WHERE id = 1")
    failed = call(*command)
    assert failed.code == ExitCode.BROKEN
    assert "`morgue verify` names the row" in failed.err
    found = call("verify")
    assert "text: articles, id 1: title cannot be read: it is no UTF-8" in found.out
    assert "Quinc" not in failed.err + failed.out + found.out + found.err
    assert call("repair").code == ExitCode.WELL
    assert call(*command).code == ExitCode.WELL


def test_a_damaged_row_ends_a_command_with_the_code_of_damage(
    archive: Path, call: Callable[..., Call], damage: Callable[[str], None]
) -> None:
    damage("UPDATE articles SET last_seen = 'never' WHERE id = 1")
    assert call("show", "1").code == ExitCode.BROKEN
