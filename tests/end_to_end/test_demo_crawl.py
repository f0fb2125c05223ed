"""After `morgue crawl URL`, every field of every demo article equals its truth, in the archive."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.urls import address_key
from archive.visit import Outcome
from crawler.demo.server import serve
from crawler.demo.site import load_site
from crawler.demo.truth import ExpectedArticle, expected_outcomes, never_asked
from tests.end_to_end.conftest import DEMO_TIME, DemoCrawl, crawl, rows

pytestmark = pytest.mark.crawl
SLUGS = [story.slug for story in load_site().shown]
FIELDS = ("title", "dek", "byline", "published", "precision", "modified", "lang", "section", "description", "paywalled")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("slug", SLUGS)
def test_field_equals_the_truth(demo_crawl: DemoCrawl, slug: str, field: str) -> None:
    want = demo_crawl.truth[slug]
    with Archive.open(demo_crawl.archive, readonly=True) as archive:
        got = archive.revision(archive.article(want.url).id).revision
    have = got.published_precision if field == "precision" else getattr(got, field)
    assert have == getattr(want, field)


@pytest.mark.parametrize("slug", SLUGS)
def test_authors_and_tags_equal_the_truth(demo_crawl: DemoCrawl, slug: str) -> None:
    want = demo_crawl.truth[slug]
    with Archive.open(demo_crawl.archive, readonly=True) as archive:
        got = archive.revision(archive.article(want.url).id).revision
    assert [(a.name, a.kind) for a in got.authors] == [(a.name, a.kind) for a in want.authors]
    assert got.tags == want.tags


@pytest.mark.parametrize("slug", SLUGS)
def test_body_equals_the_truth(demo_crawl: DemoCrawl, slug: str) -> None:
    want = demo_crawl.truth[slug]
    with Archive.open(demo_crawl.archive, readonly=True) as archive:
        got = archive.revision(archive.article(want.url).id).revision
    body = [(b.section, b.kind, b.text, b.ordered) for b in got.blocks if b.label == "article"]
    assert body == list(_body_rows(want))
    assert not [sentence for sentence in want.forbidden if sentence in got.text]


def _body_rows(article: ExpectedArticle) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for position, section in enumerate(article.sections):
        if section.heading:
            rows.append((position, "heading", section.heading, False))
        rows += [(position, block.kind.value, block.text, block.ordered) for block in section.blocks]
    return rows


def test_the_archive_holds_the_articles_and_nothing_else(demo_crawl: DemoCrawl) -> None:
    with Archive.open(demo_crawl.archive, readonly=True) as archive:
        kept = Counter(article.url for article in archive.articles())
    assert kept == Counter(article.url for article in demo_crawl.truth.values())


def test_every_address_has_the_outcome_that_is_right_when_first_seen(demo_crawl: DemoCrawl) -> None:
    right = expected_outcomes(demo_crawl.server.site, demo_crawl.server.base_url, DEMO_TIME)
    fetched = rows(demo_crawl.archive, "SELECT url, outcome FROM fetches WHERE run_id = 1")
    assert not [(url, outcome) for url, outcome in fetched if url in right and Outcome(outcome) not in right[url]]


def test_nothing_is_asked_for_that_robots_txt_forbids(demo_crawl: DemoCrawl) -> None:
    assert not [entry.path for entry in demo_crawl.server.log if never_asked(entry.path)]


def test_a_crawl_with_pages_that_failed_says_so(demo_crawl: DemoCrawl) -> None:
    assert demo_crawl.first.returncode == 3, demo_crawl.first.stderr


def test_the_second_crawl_asks_only_for_what_may_have_changed(demo_crawl: DemoCrawl) -> None:
    site = demo_crawl.server.site
    log = demo_crawl.server.log
    again = [e for e in log[demo_crawl.requests_of_first :] if e.path in {story.path for story in site.shown}]
    assert {demo_crawl.server.base_url + e.path for e in again} == {demo_crawl.changing}
    conditional = [e for e in log[demo_crawl.requests_of_first :] if e.status == 304]
    assert conditional, "pages that list others are asked for with conditions"


def test_the_second_crawl_stores_nothing_twice(demo_crawl: DemoCrawl) -> None:
    with Archive.open(demo_crawl.archive, readonly=True) as archive:
        revisions = {archive_article.url: archive_article.revisions for archive_article in archive.articles()}
    assert {url for url, number in revisions.items() if number > 1} == {demo_crawl.changing}


def test_the_archive_is_sound(demo_crawl: DemoCrawl) -> None:
    with Archive.open(demo_crawl.archive, readonly=True) as archive:
        assert archive.verify() == []


def test_no_page_is_asked_for_twice_in_one_crawl(demo_crawl: DemoCrawl) -> None:
    base, log = demo_crawl.server.base_url, demo_crawl.server.log[: demo_crawl.requests_of_first]
    asked = Counter(address_key(base + entry.path) for entry in log)
    often = {key for key, number in asked.items() if number > 1}
    retried = {address_key(base + entry.path) for entry in log if entry.status >= 500}
    assert often <= retried


def test_a_crawl_with_a_limit_keeps_that_many(tmp_path: Path) -> None:
    with serve() as server:
        done = crawl(server.base_url + "/", tmp_path / "few.db", "--limit", "7")
    with Archive.open(tmp_path / "few.db", readonly=True) as archive:
        assert len(list(archive.articles())) == 7, done.stderr
