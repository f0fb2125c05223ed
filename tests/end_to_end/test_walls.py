"""A site that begins to answer walls in the middle of a crawl: none of them becomes an article or a revision."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.end_to_end.conftest import crawl
from tests.end_to_end.small_site import Reply, small_site, stories

pytestmark = pytest.mark.crawl

WALL = Reply(
    "<html><head><title>Just a moment...</title></head><body><form><h1>Checking your browser</h1>"
    "<p>Please verify that you are human. This takes a few seconds.</p></form></body></html>"
)


def test_walls_are_blocked_pages_and_no_articles(tmp_path: Path) -> None:
    pages = stories(4)
    for path in list(pages)[3:]:
        pages[path] = WALL
    with small_site(pages) as site:
        done = crawl(site.url, tmp_path / "a.db")
    assert done.returncode == 3, done.stdout
    assert "asks whether a human reads it" in done.stdout
    assert outcomes(tmp_path / "a.db") == {"stored": 2, "blocked": 2}


def test_a_site_that_shows_nothing_but_walls_is_blocked(tmp_path: Path) -> None:
    with small_site(dict.fromkeys(stories(2), WALL)) as site:
        done = crawl(site.url, tmp_path / "a.db")
    assert done.returncode == 4, done.stdout
    assert outcomes(tmp_path / "a.db") == {"blocked": 1}


def outcomes(path: Path) -> dict[str, int]:
    """Outcome -> fetches of pages that are no guesses."""
    with sqlite3.connect(path) as db:
        rows = db.execute("SELECT outcome, count(*) FROM fetches WHERE outcome IN ('stored', 'blocked') GROUP BY outcome")
        found = dict(rows.fetchall())
    db.close()
    return found
