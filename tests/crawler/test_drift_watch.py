"""Runs of a site held against each other in a real archive."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.drift import Alarm
from archive.revision import RevisionBlock, RevisionEvidence
from archive.visit import Outcome, Visit
from crawler.drift_watch import watch_run, watch_what_was_missed
from tests.archive.samples import NOW, article_visit, revision

READER = "1"
AUTHORS = RevisionEvidence("authors", 0, '["Mara Lindqvist"]', "json-ld", "NewsArticle.author", "Mara Lindqvist", 0.9)
SIGNED: dict[str, Any] = {
    "byline": "By Mara Lindqvist",
    "authors": revision().authors[:1],
    "evidence": (*revision().evidence, AUTHORS),
}
UNSIGNED: dict[str, Any] = {"byline": None, "authors": (), "evidence": revision().evidence}
SITE = "tern.example"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "a.db") as opened:
        opened.add_source(f"https://{SITE}/", "tern")
        yield opened


class Site:
    """Publishes so many stories a run, of which each is an article of its own."""

    def __init__(self, archive: Archive, seed: int = 0) -> None:
        self.archive, self.rng, self.runs = archive, random.Random(seed), 0

    def run(self, count: int, facts: Mapping[str, Any], *, again: Sequence[str] = (), reader: str = READER) -> list[Alarm]:
        self.runs += 1
        moment = NOW + timedelta(days=self.runs)
        run = self.archive.begin_run("crawl", [1], moment)
        urls = [*again, *(f"https://{SITE}/{self.runs}/story-{n}" for n in range(count))]
        self.archive.commit(run.id, [self.visit(url, facts, n, reader) for n, url in enumerate(urls)], moment)
        self.archive.end_run(run.id, "finished", moment)
        return watch_run(self.archive, run.id, reader, moment)

    def visit(self, url: str, facts: Mapping[str, Any], number: int, reader: str) -> Visit:
        text = [f"{url} {' word' * self.rng.randrange(5, 300)}" for _ in range(self.rng.randrange(1, 20))]
        body = tuple(RevisionBlock("paragraph", "article", line, section=0) for line in text)
        whole = "\n\n".join(text)
        read = replace(
            revision(url),
            text=whole,
            word_count=len(whole.split()),
            blocks=(*body, *revision().blocks[-1:]),
            reader=reader,
            **facts,
        )
        return article_visit(
            url, body=f"{url} {self.runs}".encode(), revision=read, fetched=NOW + timedelta(days=self.runs, seconds=number)
        )


def test_an_alarm_names_the_first_bad_page_and_the_same_page_before(archive: Archive) -> None:
    site = Site(archive)
    assert site.run(12, SIGNED) == []
    raised = site.run(11, UNSIGNED, again=[f"https://{SITE}/1/story-3"])
    assert [alarm.measure for alarm in raised] == ["byline", "authors"]
    authors = raised[1]
    assert authors.first.url == authors.example.url == f"https://{SITE}/1/story-3"
    assert (authors.first.value, authors.example.value) == (None, '["Mara Lindqvist"]')
    assert authors.example.source == "json-ld NewsArticle.author"


def test_looking_at_a_run_twice_raises_nothing_twice(archive: Archive) -> None:
    site = Site(archive)
    site.run(12, SIGNED)
    first = site.run(12, UNSIGNED)
    assert watch_run(archive, 2, READER, NOW) == first


def test_a_state_that_was_accepted_is_the_one_that_later_runs_are_held_against(archive: Archive) -> None:
    site = Site(archive)
    site.run(12, SIGNED)
    assert len(site.run(12, UNSIGNED)) == 2
    assert archive.drift.accept("tern", NOW + timedelta(days=3)) == 2
    assert archive.drift.accept("tern", NOW + timedelta(days=3)) == 0
    assert site.run(12, UNSIGNED) == []
    assert site.run(12, SIGNED) == [], "authors that come are no bad news"
    assert len(site.run(12, UNSIGNED)) in {0, 2}


def test_an_alarm_is_raised_again_when_what_had_recovered_breaks_again(archive: Archive) -> None:
    site = Site(archive)
    site.run(12, SIGNED)
    site.run(12, UNSIGNED)
    site.run(12, SIGNED)
    assert {alarm.settled_by for alarm in archive.drift.alarms()} == {"recovered"}
    assert len(site.run(12, UNSIGNED)) == 2, "the bad run does not count among the ones before"


def test_runs_of_a_page_or_two_are_looked_at_together(archive: Archive) -> None:
    site = Site(archive)
    assert [site.run(2, SIGNED) for _ in range(12)] == [[]] * 12
    raised = [len(site.run(2, UNSIGNED)) for _ in range(5)]
    assert sum(raised) == 2


def test_pages_that_are_taken_for_no_articles_any_more_raise_an_alarm(archive: Archive) -> None:
    from archive.visit import Found, PageKind

    site = Site(archive)
    site.run(12, SIGNED)
    run = archive.begin_run("crawl", [1], NOW + timedelta(days=5))
    new = [Found(f"https://{SITE}/5/story-{n}", PageKind.ARTICLE, "feed") for n in range(12)]
    archive.frontier.add(new, source_id=1, found_on=None, depth=1, run_id=run.id, now=NOW)
    leases = archive.frontier.lease(20, run_id=run.id, source_ids=[1], per_host=20, busy_hosts={})
    visits = [Visit(lease.url, NOW + timedelta(days=5), Outcome.NOT_AN_ARTICLE, "no body", lease=lease) for lease in leases]
    archive.commit(run.id, visits, NOW)
    archive.end_run(run.id, "finished", NOW)
    (alarm,) = watch_run(archive, run.id, READER, NOW)
    assert (alarm.measure, alarm.before, alarm.after, alarm.first.value) == ("article", 1.0, 0.0, "no article")
    assert alarm.example.url is not None


def test_pages_read_with_other_rules_are_not_compared(archive: Archive) -> None:
    site = Site(archive)
    site.run(12, SIGNED)
    assert site.run(12, UNSIGNED, reader="2") == []


def test_a_takedown_takes_the_examples_of_alarms_with_it(archive: Archive) -> None:
    site = Site(archive)
    site.run(12, SIGNED)
    site.run(11, UNSIGNED, again=[f"https://{SITE}/1/story-3"])
    archive.take_down(f"https://{SITE}/1/story-3", "asked for", NOW)
    assert [(a.first.value, a.example.value, a.example.article_id) for a in archive.drift.alarms()] == [(None, None, None)] * 2


@pytest.mark.parametrize("seed", range(8))
def test_other_news_are_no_alarm(archive: Archive, seed: int) -> None:
    site = Site(archive, seed)
    assert [site.run(site.rng.randrange(1, 14), SIGNED) for _ in range(8)] == [[]] * 8


def test_a_run_that_was_killed_before_it_was_watched_is_watched_before_the_next(archive: Archive) -> None:
    site = Site(archive)
    for _ in range(4):
        assert site.run(20, SIGNED) == []
    moment = NOW + timedelta(days=9)
    run = archive.begin_run("crawl", [1], moment)
    urls = [f"https://{SITE}/9/story-{n}" for n in range(20)]
    archive.commit(run.id, [site.visit(url, UNSIGNED, n, READER) for n, url in enumerate(urls)], moment)
    assert watch_what_was_missed(archive, READER, moment) == [], "it goes on"
    archive.end_run(run.id, "finished", moment)
    assert {alarm.measure for alarm in watch_what_was_missed(archive, READER, moment)} >= {"authors"}
    assert watch_what_was_missed(archive, READER, moment) == []
