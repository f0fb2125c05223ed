"""Articles that a site takes back by a redirect, which it may do in several ways: each is a withdrawal, none is `unchanged`."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.timestamps import CLOCK_VARIABLE
from tests.end_to_end.conftest import crawl, rows, wait_for
from tests.end_to_end.small_site import Asked, Pages, Reply, SmallSite, small_site, stories

pytestmark = pytest.mark.crawl

PATH = "/2026/05/01/pier-number-1-of-the-bridge"
TAGGED = {"Last-Modified": "Fri, 15 May 2026 10:00:00 GMT", "ETag": '"pier-1"'}
NOTICE = "<html><title>Withdrawn</title><body><h1>This story was withdrawn</h1><p>Sorry.</p></body></html>"


def crawl_then(tmp_path: Path, site: SmallSite, after: Pages, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Crawl a site, and again a month later, when some of its pages are others."""
    archive = tmp_path / "a.db"
    for moment, pages in (("2026-05-16T12:00:00Z", {}), ("2026-06-20T12:00:00Z", after)):
        monkeypatch.setenv(CLOCK_VARIABLE, moment)
        site.pages |= pages
        site.log.clear()
        done = crawl(site.url + "/", archive)
        assert done.returncode == 0, done.stdout + done.stderr
    return archive


def with_validators(count: int) -> Pages:
    """Stories, the first with what a later request may be bound to."""
    pages = stories(count)
    story = pages[PATH]
    assert isinstance(story, Reply)
    story.headers = TAGGED
    return pages


def outcome(archive: Path, site: SmallSite) -> list[tuple[str, str | None]]:
    """Outcome and reason of the last fetch of the story."""
    found = rows(archive, "SELECT outcome, reason FROM fetches WHERE url = ? ORDER BY id DESC LIMIT 1", site.url + PATH)
    return [(str(outcome), reason) for outcome, reason in found]


def conditions(requests: list[Asked]) -> list[set[str]]:
    """Names of the conditions that each request came with."""
    return [{name for name in request.headers if name.startswith("If-")} for request in requests]


def test_an_article_that_leads_to_the_front_page_is_gone_in_a_run_that_fetched_the_front_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_site(with_validators(2)) as site:

        def once_the_front_page_is_kept(_before: int) -> Reply:
            kept = "SELECT 1 FROM fetches WHERE run_id = 2 AND url = ?"
            wait_for(lambda: rows(tmp_path / "a.db", kept, site.url + "/"))
            return Reply("", 302, {"Location": "/"})

        archive = crawl_then(tmp_path, site, {PATH: once_the_front_page_is_kept}, monkeypatch)
        assert outcome(archive, site) == [("gone", "redirects to the front page")]
        assert len(site.asked("/")) == 1
    assert rows(archive, "SELECT kind FROM events") == [("front_page",)]


def test_a_notice_that_is_older_than_the_article_which_leads_to_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_site(with_validators(2)) as site:
        after: Pages = {PATH: Reply("", 302, {"Location": "/withdrawn"}), "/withdrawn": Reply(NOTICE)}
        archive = crawl_then(tmp_path, site, after, monkeypatch)
        assert conditions(site.asked(PATH)) == [{"If-None-Match", "If-Modified-Since"}]
        assert conditions(site.asked("/withdrawn")) == [set()]
        assert outcome(archive, site)[0][0] == "not_an_article"
    assert len(rows(archive, "SELECT kind FROM events")) == 1


def test_the_conditions_go_on_to_another_name_of_the_same_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with small_site(with_validators(1)) as site:
        after: Pages = {PATH: Reply("", 301, {"Location": f"{PATH}/"}), f"{PATH}/": Reply("", 304)}
        archive = crawl_then(tmp_path, site, after, monkeypatch)
        assert conditions(site.asked(f"{PATH}/")) == [{"If-None-Match", "If-Modified-Since"}]
        assert outcome(archive, site)[0][0] == "unchanged"
