"""Looking again: with conditions, later where nothing changed, sooner where something did."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.end_to_end.small_site import Reply, SmallSite, small_site, stories

pytestmark = pytest.mark.crawl

STILL = "/2026/05/01/pier-number-1-of-the-bridge"
CHANGING = "/2026/05/02/pier-number-2-of-the-bridge"


def crawl_at(moment: str, site: SmallSite, archive: Path) -> None:
    """Crawl as if it were that moment."""
    command = [sys.executable, "-m", "crawler", "crawl", site.url, "--delay", "0", "--archive", str(archive)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=300, env={**os.environ, "MORGUE_CLOCK": moment}
    )
    assert done.returncode == 0, done.stderr


def row(archive: Path, path: str) -> tuple[str, int, int, str]:
    with closing(sqlite3.connect(archive)) as db, db:
        sql = "SELECT outcome, looks, changes, revisit FROM frontier WHERE url LIKE ?"
        found: tuple[str, int, int, str] = db.execute(sql, (f"%{path}",)).fetchone()
    return found


def test_an_article_not_modified_rests_and_one_that_changed_is_looked_at_again_soon(tmp_path: Path) -> None:
    archive = tmp_path / "a.db"
    pages = stories(2)
    still, changing = pages[STILL], pages[CHANGING]
    assert isinstance(still, Reply)
    assert isinstance(changing, Reply)
    tagged = Reply(still.body, headers={"ETag": '"one"'})
    later = Reply(changing.body.replace("Nobody is worried yet.", "The mayor is worried now, and so is her deputy."))
    pages[STILL] = lambda n: tagged if n == 0 else Reply("", 304)
    pages[CHANGING] = lambda n: changing if n == 0 else later
    with small_site(pages) as site:
        crawl_at("2026-05-02T14:00:00Z", site, archive)
        first = {path: row(archive, path)[3] for path in (STILL, CHANGING)}
        crawl_at("2026-05-02T14:05:00Z", site, archive)
        assert [len(site.asked(path)) for path in (STILL, CHANGING)] == [1, 1], "neither is due"
        crawl_at("2026-05-09T14:00:00Z", site, archive)
    assert [entry.headers.get("If-None-Match") for entry in site.asked(STILL)] == [None, '"one"']
    outcome, looks, changes, rests = row(archive, STILL)
    assert (outcome, looks, changes) == ("unchanged", 1, 0)
    assert row(archive, CHANGING)[:3] == ("stored", 1, 1)
    assert row(archive, CHANGING)[3] < rests
    assert all(moment > "2026-05-02T14:05:00Z" for moment in first.values())
    with closing(sqlite3.connect(archive)) as db, db:
        assert db.execute("SELECT count(*) FROM polls").fetchone() == (3,)
        assert db.execute("SELECT sum(changes) >= 1, sum(hours) > 100 FROM edit_rates").fetchone() == (1, 1)
