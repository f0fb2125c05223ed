from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from archive import Archive
from archive.source_status import RECENT
from archive.visit import Found, Outcome, PageKind, Visit
from tests.archive.samples import NOW, article_visit, revision

HOME = "https://tern.example/"


def crawl(archive: Archive, at: timedelta, *outcomes: tuple[str, PageKind, Outcome]) -> None:
    """A run whose every address has that outcome; an article that is stored is read from its address."""
    source = archive.add_source(HOME, "tern")
    run = archive.begin_run("crawl", [source.id], NOW + at)
    found = [Found(url, kind, "seed" if kind is PageKind.SEED else "link") for url, kind, _ in outcomes]
    archive.frontier.add(found, source_id=source.id, found_on=None, depth=0, run_id=run.id, now=NOW + at)
    leases = archive.frontier.lease(99, run_id=run.id, source_ids=[source.id], per_host=99, busy_hosts={})
    by_url = {lease.url: lease for lease in leases}
    for url, _, outcome in outcomes:
        whole = article_visit(url) if outcome is Outcome.STORED else Visit(url, NOW + at, outcome)
        facts: dict[str, Any] = {"lease": by_url[url], "fetched": NOW + at}
        if outcome is Outcome.STORED and url.endswith("bare"):
            facts["revision"] = revision(url, title=None, authors=(), byline=None, published=None)
        archive.commit(run.id, [replace(whole, **facts)], NOW + at)
    archive.end_run(run.id, "finished", NOW + at)


def test_a_source_that_was_never_crawled_has_given_nothing(archive: Archive) -> None:
    archive.add_source(HOME, "tern")
    (status,) = archive.source_status(NOW)
    assert (status.last_look, status.last_success, status.last_new, status.articles, status.coverage) == (None, None, None, 0, {})


def test_the_last_success_is_told_though_the_last_look_failed(archive: Archive) -> None:
    crawl(archive, timedelta(0), (HOME, PageKind.SEED, Outcome.LISTED), (HOME + "a", PageKind.ARTICLE, Outcome.STORED))
    crawl(archive, timedelta(days=1), (HOME, PageKind.SEED, Outcome.FAILED))
    (status,) = archive.source_status(NOW + timedelta(days=2))
    assert (status.last_look, status.last_success, status.last_new) == (NOW + timedelta(days=1), NOW, NOW)
    assert (status.articles, status.recent) == (1, 1)


def test_coverage_is_that_of_the_articles_of_the_last_thirty_days(archive: Archive) -> None:
    crawl(archive, timedelta(0), (HOME + "old", PageKind.ARTICLE, Outcome.STORED))
    crawl(
        archive, RECENT, (HOME + "full", PageKind.ARTICLE, Outcome.STORED), (HOME + "bare", PageKind.ARTICLE, Outcome.STORED)
    )  # fmt: skip
    (status,) = archive.source_status(NOW + RECENT + timedelta(seconds=1))
    assert (status.articles, status.recent) == (3, 2)
    assert status.coverage == {"title": 0.5, "authors": 0.5, "published": 0.5, "text": 1.0}


def test_what_was_taken_down_counts_no_more(archive: Archive) -> None:
    crawl(archive, timedelta(0), (HOME + "a", PageKind.ARTICLE, Outcome.STORED), (HOME + "b", PageKind.ARTICLE, Outcome.STORED))
    archive.take_down(HOME + "a", "asked for", NOW)
    (status,) = archive.source_status(NOW)
    assert (status.articles, status.recent) == (1, 1)
