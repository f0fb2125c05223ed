"""What a crawl did not see is told: gaps of feeds, and lists that are empty."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from archive.timestamps import CLOCK_VARIABLE
from tests.end_to_end.conftest import PATIENCE, rows
from tests.end_to_end.small_site import STORY, Reply, SmallSite, small_site, stories

pytestmark = pytest.mark.crawl

BEGAN = datetime(2026, 5, 10, 9, tzinfo=UTC)


def at(day: int, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as if so many days had passed."""
    environment = {**os.environ, CLOCK_VARIABLE: (BEGAN + timedelta(days=day)).isoformat()}
    command = [sys.executable, "-m", "crawler", *arguments, "--config", str(folder / "morgue.toml")]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE, env=environment)


def configure(folder: Path, url: str, wishes: str = "") -> None:
    source = f'name = "bridge"\nurl = "{url}"\nfollow = ["feeds", "links"]\n{wishes}\n'
    (folder / "morgue.toml").write_text(f'archive = "morgue.db"\ndelay = 0\n[[sources]]\n{source}')


def feed(site: SmallSite, section: str, numbers: range, newest: datetime) -> Reply:
    """Entries an hour apart, the newest first."""
    items = "".join(
        f"<item><link>{site.url}/{section}/pier-number-{n}-of-the-bridge</link>"
        f"<pubDate>{format_datetime(newest - timedelta(hours=age))}</pubDate></item>"
        for age, n in enumerate(numbers)
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Bridge</title>{items}</channel></rss>'
    return Reply(body, content_type="application/rss+xml")


def test_the_gap_of_a_feed_that_is_the_address_of_its_source_is_told_and_others_are_not_made_up(tmp_path: Path) -> None:
    site: SmallSite
    with small_site({}) as site:
        for n in range(1, 6):
            title = f"Pier number {n} of the bridge"
            site.pages[f"/politics/pier-number-{n}-of-the-bridge"] = Reply(STORY.format(title=title, n=n))
        configure(tmp_path, f"{site.url}/feed.xml", 'allow = ["/politics/"]')
        site.pages["/feed.xml"] = _mixed(site, 1, BEGAN)
        assert at(0, tmp_path, "crawl").returncode == 0
        site.pages["/feed.xml"] = _mixed(site, 2, BEGAN + timedelta(days=1))
        assert at(1, tmp_path, "crawl").returncode == 0
        assert rows(tmp_path / "morgue.db", "SELECT * FROM gaps") == []
        site.pages["/feed.xml"] = feed(site, "politics", range(3, 6), BEGAN + timedelta(days=3))
        assert at(3, tmp_path, "crawl").returncode == 0
    told = at(3, tmp_path, "stats", "--account").stdout
    assert f"bridge: nothing seen of {site.url}/feed.xml from 2026-05-11 09:0" in told
    assert "to 2026-05-13 07:00, about 6" in told, "three in two hours, and 46 hours are missing"
    assert rows(tmp_path / "morgue.db", "SELECT listed, entries, fresh FROM polls") == [(10, 1, 10), (10, 1, 1), (3, 3, 3)]


def _mixed(site: SmallSite, number: int, newest: datetime) -> Reply:
    """One entry that is wanted, before nine that are not, and that stay."""
    politics, sport = feed(site, "politics", range(number, number + 1), newest), feed(site, "sport", range(9), BEGAN)
    return Reply(politics.body.replace("</channel></rss>", sport.body[sport.body.index("<item>") :]), content_type="text/xml")


def test_a_front_page_that_lists_nothing_any_more_is_told_where_old_articles_are_left_out(tmp_path: Path) -> None:
    pages = stories(3)
    with small_site(pages) as site:
        configure(tmp_path, f"{site.url}/", 'since = "30d"')
        assert at(0, tmp_path, "crawl").returncode == 0
        assert at(90, tmp_path, "crawl").returncode == 0, "all that it lists is old: it lists them all the same"
        pages["/"] = Reply("<title>The Bridge Paper</title><main><p>We are moving to a new home.</p></main>")
        crawled = at(91, tmp_path, "crawl")
    assert crawled.returncode == 3, crawled.stderr
    assert "bridge: its front page lists no articles any more; it did on 2026-08-08." in crawled.stdout
