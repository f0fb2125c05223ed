from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from crawler.exit_codes import ExitCode
from tests.crawler.commands.conftest import Call


def test_backup_writes_a_sound_copy_and_replaces_none_unasked(archive: Path, call: Callable[..., Call]) -> None:
    made = call("backup", "copy.db")
    assert (made.code, made.out) == (ExitCode.WELL, "")
    assert made.err.startswith("copy.db: ")
    assert call("verify", "--archive", "copy.db").code == ExitCode.WELL
    again = call("backup", "copy.db")
    assert again.code == ExitCode.FAILED
    assert "--force" in again.err
    assert call("backup", "copy.db", "--force").code == ExitCode.WELL


def test_a_copy_that_has_lost_something_replaces_none(archive: Path, call: Callable[..., Call]) -> None:
    assert call("backup", "copy.db").code == ExitCode.WELL
    with closing(sqlite3.connect(archive)) as conn, conn:
        conn.execute("UPDATE payloads SET data = x'00' WHERE id = 1")
    refused = call("backup", "copy.db", "--force")
    assert refused.code == ExitCode.BROKEN
    assert "copy.db is left as it was" in refused.err
    assert call("verify", "--archive", "copy.db").code == ExitCode.WELL
