"""A site that begins to answer walls in the middle of a crawl: none of them becomes an article or a revision."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from archive import Archive
from tests.end_to_end.conftest import crawl, morgue
from tests.end_to_end.small_site import STORY, Reply, SmallSite, small_site, stories

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


MANY = 40
PATIENCE = 60.0
"""Seconds."""


def many_stories() -> dict[str, Reply]:
    """A front page with links to many stories."""
    titles = {f"/2026/05/01/pier-number-{n}-of-the-bridge": f"Pier number {n} of the bridge" for n in range(MANY)}
    links = "".join(f'<h2><a href="{path}">{title}</a></h2>' for path, title in titles.items())
    told = {"/": Reply(f"<title>The Bridge Paper</title><main>{links}</main>")}
    return told | {path: Reply(STORY.format(title=title, n=1)) for path, title in titles.items()}


def in_step(replies: Mapping[str, Reply], archive: Path) -> dict[str, Reply | Callable[[int], Reply]]:
    """Answer a page when the one before is in the archive, so that nothing depends on who is faster."""
    served: list[str] = []

    def answer(path: str) -> Callable[[int], Reply]:
        def reply(_before: int) -> Reply:
            until = time.monotonic() + PATIENCE
            while sum(outcomes(archive).values()) < len(set(served)) and time.monotonic() < until:
                time.sleep(0.02)
            served.append(path)
            return replies[path]

        return reply

    return {path: answer(path) if path != "/" else reply for path, reply in replies.items()}


def one_at_a_time(url: str, archive: Path) -> subprocess.CompletedProcess[str]:
    return morgue("crawl", url, "--delay", "0", "--concurrency", "1", archive=archive)


def waiting(path: Path) -> int:
    with sqlite3.connect(path) as db:
        (count,) = db.execute("SELECT count(*) FROM frontier WHERE state = 'waiting' AND kind = 'article'").fetchone()
    db.close()
    return count  # type: ignore[no-any-return]


def asked_for(site: SmallSite) -> list[str]:
    """Paths of stories, as they were asked for."""
    return [entry.path for entry in site.log if entry.path.startswith("/2026")]


def test_a_host_that_begins_to_answer_walls_is_left_alone_within_the_run(tmp_path: Path) -> None:
    archive = tmp_path / "a.db"
    Archive.create(archive).close()
    pages = many_stories()
    order = [path for path in pages if path != "/"]
    with small_site(in_step(pages | dict.fromkeys(order[5:], WALL), archive)) as site:
        done = one_at_a_time(site.url, archive)
        asked = len(asked_for(site))
        assert asked <= 12, "five stories, five walls, and what was under way when the fifth was kept"
        assert done.returncode == 4, done.stdout
        assert "is blocked since " in done.stdout
        assert "asks whether a human reads it" in done.stdout
        assert outcomes(archive) == {"stored": 5, "blocked": asked - 5}
        assert waiting(archive) == MANY - asked, "they wait, as `later` in the account"

        site.pages = dict(pages)
        again = one_at_a_time(site.url, archive)
    assert again.returncode == 0, again.stdout
    assert outcomes(archive)["stored"] == MANY


def test_a_site_with_many_pages_for_members_is_crawled_to_the_end(tmp_path: Path) -> None:
    archive = tmp_path / "a.db"
    Archive.create(archive).close()
    pages = many_stories()
    order = [path for path in pages if path != "/"]
    with small_site(in_step(pages | dict.fromkeys(order[5:35], Reply("For members.", 403)), archive)) as site:
        done = one_at_a_time(site.url, archive)
        assert done.returncode == 4, done.stdout
        assert set(asked_for(site)) == set(order), "the last ones too"
        assert MANY < len(asked_for(site)) <= MANY + 2, "one that was read is asked for again after 10 refusals, and after 20"
    assert outcomes(archive) == {"stored": 10, "blocked": 30}


def test_a_crawl_by_hand_of_a_host_that_asked_to_be_left_alone_does_not_end_well(tmp_path: Path) -> None:
    archive = tmp_path / "a.db"
    with small_site(dict.fromkeys(stories(2), Reply("no", 429, {"Retry-After": "86400"}))) as site:
        one_at_a_time(site.url, archive)
        asked = len(site.log)
        again = one_at_a_time(site.url, archive)
        assert len(site.log) == asked
    assert again.returncode == 4
    assert "is resting: its host asked to be left alone until" in again.stdout
