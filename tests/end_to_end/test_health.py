"""Blocked is not empty: a site works, answers walls, and works again; another one lists nothing any more."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import Archive
from archive.timestamps import CLOCK_VARIABLE
from crawler.agenda import SourceAgenda, read_agenda
from crawler.config import load_config
from crawler.health import State
from tests.end_to_end.small_site import Reply, SmallSite, small_site, stories
from tests.end_to_end.test_walls import WALL

pytestmark = pytest.mark.crawl

BEGAN = datetime(2027, 5, 12, 8, tzinfo=UTC)
NOTHING = Reply("<title>The Bridge Paper</title><main><p>We are moving to a new home.</p></main>")


def at(hours: float, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as if so many hours had passed."""
    environment = {**os.environ, CLOCK_VARIABLE: (BEGAN + timedelta(hours=hours)).isoformat()}
    command = [sys.executable, "-m", "crawler", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env=environment)


def configure(folder: Path, site: SmallSite) -> tuple[str, str]:
    path = folder / "morgue.toml"
    source = f'name = "bridge"\nurl = "{site.url}/"\nevery = "10m"\nfollow = ["links"]'
    path.write_text(f'archive = "morgue.db"\ndelay = 0\n[[sources]]\n{source}\n')
    return "--config", str(path)


def planned(hours: float, config: tuple[str, str]) -> SourceAgenda:
    """How the source stands when so many hours have passed."""
    path = Path(config[1])
    with Archive.open(path.with_name("morgue.db"), readonly=True) as archive:
        (source,) = read_agenda(archive, load_config(path), BEGAN + timedelta(hours=hours)).sources
    return source


def articles(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "morgue.db")) as db, db:
        (count,) = db.execute("SELECT count(*) FROM articles").fetchone()
    return count  # type: ignore[no-any-return]


def test_a_site_that_answers_walls_rests_and_is_taken_up_again(tmp_path: Path) -> None:
    with small_site(stories(3)) as site:
        config = configure(tmp_path, site)
        assert at(0, "crawl", "--due", *config).returncode == 0
        assert planned(0.1, config).health.state is State.WELL

        site.pages.update(dict.fromkeys(site.pages, WALL))
        walled = at(2, "run", "--once", *config)
        assert walled.returncode == 4, walled.stderr
        assert "bridge is blocked: asks whether a human reads it; asked again at " in walled.stderr
        blocked = planned(2.1, config)
        assert blocked.health.state is State.BLOCKED
        assert blocked.next_due(BEGAN) == blocked.health.rest_until == blocked.resting

        asked = len(site.log)
        assert at(2.3, "run", "--once", *config).returncode == 0
        assert len(site.log) == asked, "it was due by its schedule, and rests"

        by_hand = at(2.35, "crawl", "bridge", *config)
        assert by_hand.returncode == 4
        assert "bridge is blocked since 2027-05-12: asks whether a human reads it" in by_hand.stderr
        assert "; morgue run leaves it alone until" in by_hand.stderr
        assert "bridge: its front page is refused (asks whether a human reads it); it listed articles on" in by_hand.stdout
        assert len(site.log) > asked
        assert planned(2.4, config).resting is not None
        assert articles(tmp_path) == 3

        site.pages.update(stories(4))
        assert at(30, "crawl", "--due", *config).returncode == 0
        again = planned(30.1, config)
        assert again.health.state in {State.SLOW, State.WELL}
        assert again.resting is None
    assert articles(tmp_path) == 4


@pytest.mark.parametrize(
    ("front", "code", "said"),
    [
        (NOTHING, 3, "lists no articles any more; it did on 2027-05-12"),
        (Reply("No", 403), 4, "is refused (status 403); it listed articles on 2027-05-12"),
    ],
)
def test_a_front_page_without_articles_is_never_a_silent_zero(tmp_path: Path, front: Reply, code: int, said: str) -> None:
    with small_site(stories(2)) as site:
        config = configure(tmp_path, site)
        assert at(0, "crawl", "--due", *config).returncode == 0
        site.pages["/"] = front
        done = at(48, "crawl", "--due", *config)
        assert (done.returncode, done.stderr) == (code, "")
    assert f"bridge: its front page {said}." in done.stdout


def test_a_source_that_lists_nothing_from_the_first_is_told_so(tmp_path: Path) -> None:
    with small_site({"/": Reply("<title>The Bridge Paper</title><nav><a href='/about'>About</a></nav>")}) as site:
        done = at(0, "crawl", "bridge", *configure(tmp_path, site))
    assert done.returncode == 3, done.stderr
    assert "its front page lists no articles, and never did" in done.stdout
