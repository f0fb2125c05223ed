"""The account of a site whose feeds are nowhere, of which not all is wanted, and that shuts its door on the third day."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.timestamps import CLOCK_VARIABLE
from tests.end_to_end.conftest import PATIENCE, rows
from tests.end_to_end.small_site import Reply, small_site, stories

pytestmark = pytest.mark.crawl


def on(day: int, folder: Path, *arguments: str) -> str:
    """Run the command on a day; returns what it prints."""
    environment = {**os.environ, CLOCK_VARIABLE: f"2026-05-{10 + day}T09:00:00+00:00"}
    command = [sys.executable, "-m", "crawler", *arguments, "--config", str(folder / "morgue.toml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE, env=environment)
    return done.stdout


def account(folder: Path, by: str = "source") -> list[dict[str, int]]:
    """Its lines, without what is zero."""
    table = csv.DictReader(io.StringIO(on(5, folder, "stats", "--account", "--format", "csv", "--by", by)))
    texts = ("source", "day", "run")
    return [{key: int(cell) for key, cell in row.items() if key not in texts and cell != "0"} for row in table]


def test_what_is_kept_and_what_is_not_wanted_is_told_of_a_site_without_feeds(tmp_path: Path) -> None:
    pages = stories(6)
    wishes = 'delay = 0\n[[sources]]\nname = "bridge"\ndeny = ["number-6"]\n'
    with small_site(pages) as site:
        (tmp_path / "morgue.toml").write_text(f'archive = "morgue.db"\n{wishes}url = "{site.url}/"\n')
        on(0, tmp_path, "crawl")
        missed = rows(tmp_path / "morgue.db", "SELECT count(*) FROM frontier WHERE how = 'guess' AND outcome = 'gone'")
        assert missed[0][0] > 0
        first = {"discovered": 7, "stored": 5, "listings": 1, "out of scope": 1, "kept": 5}
        assert account(tmp_path) == [first]
        for path in pages:
            pages[path] = Reply("Forbidden", 403)
        on(3, tmp_path, "crawl")
    (line,) = account(tmp_path)
    assert (line["discovered"], line["out of scope"], line["kept"]) == (7, 1, 5)
    assert line["blocked"] > 0
    assert [run.get("kept", 0) for run in account(tmp_path, "run")] == [5, 0], "the second one fetched no address of an article"
