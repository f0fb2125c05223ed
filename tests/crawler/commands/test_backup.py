from __future__ import annotations

from collections.abc import Callable
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
