"""A long sitemap is read beside the crawl: nothing of it is lost, whenever the crawl is ended."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.keeper import ADDRESSES_AT_ONCE
from tests.end_to_end.conftest import PATIENCE, crawl, wait_for
from tests.end_to_end.small_site import STORY, Reply, SmallSite, small_site

pytestmark = pytest.mark.crawl

ENTRIES = 3 * ADDRESSES_AT_ONCE + 7


@pytest.fixture(scope="module")
def site() -> Iterator[SmallSite]:
    paths = [f"/2026/05/01/the-pier-was-measured-{n}" for n in range(ENTRIES)]
    story = Reply(STORY.format(title="The pier of the old bridge", n=1))
    with small_site(dict.fromkeys(paths, story)) as served:
        entries = "".join(f"<url><loc>{served.url}{path}</loc></url>" for path in paths)
        served.pages["/sitemap.xml"] = Reply(f"<urlset>{entries}</urlset>", content_type="application/xml")
        yield served


def listed(archive: Path) -> tuple[int, list[tuple[str, int, int]]]:
    """How many articles are known, and the outcomes of the sitemap with what it listed and what of that was wanted."""
    with closing(sqlite3.connect(archive)) as db:
        (known,) = db.execute("SELECT count(*) FROM frontier WHERE kind = 'article'").fetchone()
        polls = db.execute(
            "SELECT e.outcome, p.listed, p.wanted FROM fetches AS e JOIN polls AS p ON p.fetch_id = e.id"
        ).fetchall()
    return known, polls


def test_all_of_a_long_sitemap_is_known(site: SmallSite, tmp_path: Path) -> None:
    assert crawl(f"{site.url}/sitemap.xml", tmp_path / "a.db", "--limit", "1").returncode == 0
    assert listed(tmp_path / "a.db") == (ENTRIES, [("listed", ENTRIES, ENTRIES)])


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGKILL])
def test_a_crawl_that_ends_over_a_long_list_loses_nothing(site: SmallSite, tmp_path: Path, ended_by: signal.Signals) -> None:
    site.log.clear()
    archive = tmp_path / "a.db"
    url = f"{site.url}/sitemap.xml"
    command = [sys.executable, "-m", "crawler", "crawl", url, "--limit", "1", "--delay", "0", "--archive", str(archive)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    wait_for(lambda: site.asked("/sitemap.xml"))
    os.kill(process.pid, ended_by)
    process.wait(PATIENCE)
    assert crawl(url, archive, "--limit", "1").returncode == 0
    known, polls = listed(archive)
    assert known == ENTRIES
    assert polls[-1] == ("listed", ENTRIES, ENTRIES)
