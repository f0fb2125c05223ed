"""Pages whose article is made by script, through the system's Chromium."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive
from crawler.browser import what_is_missing
from tests.end_to_end.conftest import crawl, morgue, rows
from tests.end_to_end.small_site import STORY, Reply, SmallSite, small_site, stories

missing = None if os.environ.get("MORGUE_TEST_ALL") else what_is_missing()
pytestmark = [pytest.mark.crawl, pytest.mark.skipif(missing is not None, reason=f"{missing}")]

FIRST = "/2026/05/01/pier-number-1-of-the-bridge"
SECOND = "/2026/05/02/pier-number-2-of-the-bridge"
SHELL = """<!doctype html><html lang="en"><head><title>The Bridge Paper</title></head><body><div id="app"></div>
<script>fetch("/api/story").then(answer => answer.text()).then(html => {
  const made = new DOMParser().parseFromString(html, "text/html");
  document.head.innerHTML = made.head.innerHTML;
  document.body.innerHTML = made.body.innerHTML;
})</script><img src="/picture.png"></body></html>"""


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallSite, Path, subprocess.CompletedProcess[str]]:
    """A site with one story made by script and one as served, crawled with a second look where a page is empty."""
    pages = stories(2)
    pages[FIRST] = Reply(SHELL)
    pages["/api/story"] = Reply(STORY.format(title="Pier number 1 of the bridge", n=1))
    path = tmp_path_factory.mktemp("rendered") / "a.db"
    with small_site(pages) as site:
        return site, path, crawl(site.url, path, "--render")


def test_a_story_made_by_script_is_read(scripted: tuple[SmallSite, Path, subprocess.CompletedProcess[str]]) -> None:
    site, path, done = scripted
    assert done.returncode == 0, done.stderr
    with Archive.open(path, readonly=True) as archive:
        article = archive.article(f"{site.url}{FIRST}")
        assert (article.title, article.revisions) == ("Pier number 1 of the bridge", 1)
        assert "two fingers lower" in article.text


def test_what_was_rendered_is_kept_as_such_beside_what_was_served(
    scripted: tuple[SmallSite, Path, subprocess.CompletedProcess[str]],
) -> None:
    site, path, _ = scripted
    with closing(sqlite3.connect(path)) as db, db:
        kinds = db.execute("SELECT url, kind FROM captures ORDER BY url, kind").fetchall()
        read = db.execute("SELECT c.kind FROM revisions AS r JOIN captures AS c ON c.id = r.capture_id ORDER BY c.url").fetchall()
        further = db.execute("SELECT count(*) FROM revision_captures").fetchone()
    assert kinds == [(site.url + FIRST, "rendered"), (site.url + FIRST, "response"), (site.url + SECOND, "response")]
    assert read == [("rendered",), ("response",)]
    assert further == (0,)


def test_only_an_empty_page_is_looked_at_again(scripted: tuple[SmallSite, Path, subprocess.CompletedProcess[str]]) -> None:
    site, _, _ = scripted
    assert [len(site.asked(path)) for path in (FIRST, SECOND, "/api/story")] == [2, 1, 1]


def test_the_browser_fetches_no_pictures_and_says_who_it_is(
    scripted: tuple[SmallSite, Path, subprocess.CompletedProcess[str]],
) -> None:
    site, _, _ = scripted
    assert not site.asked("/picture.png")
    headers = [{name.lower(): value for name, value in entry.headers.items()} for entry in site.log]
    assert {named["user-agent"].partition("/")[0] for named in headers} == {"morgue"}


def test_captures_that_were_rendered_are_read_again_as_one_page(
    scripted: tuple[SmallSite, Path, subprocess.CompletedProcess[str]],
) -> None:
    _, path, _ = scripted
    done = morgue("reextract", archive=path)
    assert done.returncode == 0, done.stderr
    with Archive.open(path, readonly=True) as archive:
        assert [article.revisions for article in archive.articles()] == [1, 1]
        assert archive.verify() == []


def test_a_source_may_have_every_page_rendered(tmp_path: Path) -> None:
    pages = stories(1)
    front = pages["/"]
    assert isinstance(front, Reply)
    pages["/"] = Reply(SHELL.replace("/api/story", "/api/front"))
    pages["/api/front"] = Reply(front.body)
    with small_site(pages) as site:
        config = tmp_path / "morgue.toml"
        config.write_text(f'delay = 0\n[[sources]]\nname = "bridge"\nurl = "{site.url}"\nrender = "always"\n')
        done = morgue("--config", str(config), "crawl", "bridge", archive=tmp_path / "a.db")
        assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(tmp_path / "a.db")) as db, db:
        assert db.execute("SELECT kind FROM captures ORDER BY kind").fetchall() == [("rendered",), ("response",)]


GOING_INSIDE = {
    "fetch": "fetch('{inside}/secret', {{mode: 'no-cors'}})",
    "frame": "document.body.innerHTML = `<iframe src='{inside}/secret'></iframe>`",
    "location at once": "location = '{inside}/secret'",
    "location": "setTimeout(() => location = '{inside}/secret', 100)",
    "window": "window.open('{inside}/secret')",
    "redirect": "fetch('/leads-inside', {{mode: 'no-cors'}})",
    "frame that is redirected": "document.body.innerHTML = `<iframe src='/leads-inside'></iframe>`",
    "location that is redirected": "setTimeout(() => location = '/leads-inside', 100)",
    "window that is redirected": "window.open('/leads-inside')",
}


def test_no_page_reaches_another_place_of_this_machine(tmp_path: Path) -> None:
    with small_site({"/secret": Reply(STORY.format(title="Words of the inner network", n=1))}) as inside:
        pages = stories(len(GOING_INSIDE))
        paths = [path for path in pages if path != "/"]
        for path, script in zip(paths, GOING_INSIDE.values(), strict=True):
            pages[path] = Reply(f"<title>x</title><body><script>{script.format(inside=inside.url)}</script></body>")
        pages["/leads-inside"] = Reply("", 302, {"Location": f"{inside.url}/secret"})
        with small_site(pages, "127.0.0.2") as site:
            done = crawl(site.url, tmp_path / "a.db", "--render")
            assert not done.stderr
            assert all(len(site.asked(path)) == 2 for path in paths), "as served, and through the browser"
            assert site.asked("/leads-inside")
        assert inside.log == []
    with Archive.open(tmp_path / "a.db", readonly=True) as archive:
        assert [article.title for article in archive.articles()] == []


def test_a_page_whose_script_leads_to_another_is_a_redirect_to_it(tmp_path: Path) -> None:
    pages = stories(2)
    forbidden = "/private/2026/05/09/a-page-that-robots-may-not-see"
    pages["/2026/05/03/where-the-first-story-went"] = pages[FIRST]
    pages[FIRST] = Reply("<title>x</title><body><script>location = '/2026/05/03/where-the-first-story-went'</script></body>")
    pages[SECOND] = Reply(f"<title>x</title><body><script>location = '{forbidden}'</script></body>")
    pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /private/\n", content_type="text/plain")
    with small_site(pages) as site:
        done = crawl(site.url, tmp_path / "a.db", "--render")
        assert done.returncode == 0, done.stdout + done.stderr
    found = rows(tmp_path / "a.db", "SELECT url, outcome, reason FROM fetches WHERE url LIKE '%/2026/%' ORDER BY url")
    assert [(outcome, reason) for _, outcome, reason in found] == [("stored", None), ("robots", "forbidden by robots.txt")]
