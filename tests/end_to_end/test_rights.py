"""A crawl asks a host what it says of use, keeps it with each capture, and what was taken down stays away."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Archive
from tests.end_to_end.conftest import crawl
from tests.end_to_end.small_site import Reply, small_site, stories

pytestmark = pytest.mark.crawl

ROBOTS = "User-agent: *\nContent-Signal: ai-train=no\nDisallow: /private\n\nUser-agent: GPTBot\nDisallow: /2026/05/01\n"
TDMREP = json.dumps([{"location": "/2026/05/01", "tdm-reservation": 1, "tdm-policy": "https://tern.example/policy.json"}])
FIRST = "/2026/05/01/pier-number-1-of-the-bridge"
SECOND = "/2026/05/02/pier-number-2-of-the-bridge"
WELL_KNOWN = "/.well-known/tdmrep.json"


def test_what_page_headers_and_host_say_is_kept_with_the_capture(tmp_path: Path) -> None:
    pages = stories(2) | {
        "/robots.txt": Reply(ROBOTS, content_type="text/plain"),
        WELL_KNOWN: Reply(TDMREP, content_type="application/json"),
    }
    second = pages[SECOND]
    assert isinstance(second, Reply)
    marked = second.body.replace("<head>", '<head><meta name="robots" content="noarchive">')
    pages[SECOND] = Reply(marked, headers={"X-Robots-Tag": "noai"})
    path = tmp_path / "a.db"
    with small_site(pages) as site:
        done = crawl(site.url, path)
        assert done.returncode == 0, done.stderr
        assert len(site.asked(WELL_KNOWN)) == 1, "once a host, however many articles"
    with Archive.open(path) as archive:
        first, second_article = archive.article(f"{site.url}{FIRST}"), archive.article(f"{site.url}{SECOND}")
        of_first, of_second = archive.rights(first.id), archive.rights(second_article.id)
        assert of_first is not None
        assert of_first.host is not None
        assert (of_first.host.robots, of_first.host.ai_agents, of_first.host.ai_train) == (True, ("GPTBot",), False)
        assert (of_first.host.tdm, of_first.host.tdm_policy) == (True, "https://tern.example/policy.json")
        assert of_second is not None
        assert of_second.host is not None
        assert (of_second.noarchive, of_second.noai, of_second.host.tdm) == (True, True, None)
        assert [a.id for a in archive.articles(respect=["tdm", "noarchive"])] == []
        assert [a.id for a in archive.articles(respect=["tdm"])] == [second_article.id]
    with closing(sqlite3.connect(path)) as conn, conn:
        files = conn.execute("SELECT kind, status, body FROM host_files ORDER BY kind").fetchall()
    assert files == [("robots", 200, ROBOTS.encode()), ("tdmrep", 200, TDMREP.encode())]


@pytest.mark.parametrize(
    "reply", [Reply("<html>front</html>"), Reply("", 503, {"Retry-After": "1"})], ids=["page", "busy"]
)  # fmt: skip
def test_a_host_without_the_file_says_nothing_and_is_crawled(tmp_path: Path, reply: Reply) -> None:
    path = tmp_path / "a.db"
    with small_site(stories(1) | {WELL_KNOWN: reply}) as site:
        done = crawl(site.url, path)
        assert done.returncode == 0, done.stderr
        assert len(site.asked(WELL_KNOWN)) == 1
    with Archive.open(path) as archive:
        rights = archive.rights(1)
        assert rights is not None
        assert rights.host is not None
        assert rights.host.tdm is None


def test_what_was_taken_down_is_not_asked_for_again_not_even_by_a_redirect(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    robots = Reply("User-agent: *\nDisallow: /.well-known/\n", content_type="text/plain")
    pages = stories(2) | {"/robots.txt": robots}
    with small_site(pages) as site:
        assert crawl(site.url, path).returncode == 0
        assert not site.asked(WELL_KNOWN), "robots.txt forbids to ask for it"
        with Archive.open(path) as archive:
            archive.take_down(f"{site.url}{FIRST}", "asked for", datetime.now(UTC))
            archive.erase(datetime.now(UTC))
        moved = "/2026/05/09/the-first-pier-under-a-new-address"
        front = pages["/"]
        assert isinstance(front, Reply)
        pages["/"] = Reply(front.body.replace("<main>", f'<main><h2><a href="{moved}">The first pier once more</a></h2>'))
        pages[moved] = Reply("", 302, {"Location": FIRST})
        before = len(site.asked(FIRST))
        assert crawl(site.url, path).returncode == 0
        assert len(site.asked(FIRST)) == before
        assert site.asked(moved)
    with Archive.open(path) as archive:
        assert archive.why(f"{site.url}{moved}").fetches[-1].reason == "redirects to what was taken down: asked for"
        assert len(list(archive.articles())) == 1
    assert b"Pier number 1 of" not in path.read_bytes()
