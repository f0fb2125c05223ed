from __future__ import annotations

from datetime import timedelta

import pytest

from archive import Archive
from archive.health import SourcePast, SourceRun
from archive.visit import Found, Outcome, PageKind, Visit
from tests.archive.samples import LATER, NOW, article_visit, found, revision

HOME = "https://tern.example/"
STORY = HOME + "a-long-story"
HOUR = timedelta(hours=1)


@pytest.fixture
def source(archive: Archive) -> int:
    return archive.add_source(HOME, "tern").id


def crawl(archive: Archive, source: int, outcomes: dict[str, Outcome], hours: int, *more: Found, lists: int = 0) -> int:
    """Fetch addresses with these outcomes; the front page lists so many stories."""
    now = NOW + hours * HOUR
    run = archive.begin_run("crawl", [source], now).id
    archive.frontier.add(
        [found(HOME, PageKind.SEED, "seed", 1000), *more], source_id=source, found_on=None, depth=0, run_id=run, now=now
    )
    listed = tuple(found(f"{HOME}long-story-{n}") for n in range(lists))
    visits = []
    for lease in archive.frontier.lease(99, run_id=run, source_ids=[source], per_host=99, busy_hosts={}):
        outcome = outcomes.get(lease.url)
        if outcome is Outcome.STORED:
            visits.append(article_visit(lease.url, f"Of {lease.url}.", lease=lease, fetched=now))
        elif outcome is not None:
            reason = None if outcome is Outcome.LISTED else f"it was {outcome}"
            visits.append(Visit(lease.url, now, outcome, reason, lease, found=listed if lease.url == HOME else ()))
    archive.commit(run, visits, now)
    archive.end_run(run, "finished", now)
    return run


def past(archive: Archive, source: int) -> SourcePast:
    return archive.source_pasts([source], LATER)[0]


def test_a_source_that_was_never_crawled_has_no_past(archive: Archive, source: int) -> None:
    assert past(archive, source) == SourcePast(source)


def test_each_run_is_counted_for_its_source(archive: Archive, source: int) -> None:
    first = crawl(archive, source, {HOME: Outcome.LISTED, STORY: Outcome.STORED}, 0, found(STORY), lists=2)
    second = crawl(archive, source, {HOME: Outcome.BLOCKED, HOME + "long-story-0": Outcome.FAILED}, 2)
    known = past(archive, source)
    assert known.runs == (
        SourceRun(first, NOW, answered=2, new=1),
        SourceRun(second, NOW + 2 * HOUR, refused=1, failed=1, reason=known.runs[1].reason),
    )
    assert known.runs[1].reason in {"it was blocked", "it was failed"}
    assert (known.first_run, known.news) == (NOW, (NOW,))


def test_a_feed_that_was_guessed_is_no_trouble_where_it_is_refused(archive: Archive, source: int) -> None:
    guess = found(HOME + "rss", PageKind.FEED, "guess")
    crawl(archive, source, {HOME: Outcome.LISTED, guess.url: Outcome.BLOCKED}, 0, guess)
    (run,) = past(archive, source).runs
    assert (run.answered, run.refused, run.reason) == (1, 0, None)


@pytest.mark.parametrize(("outcome", "counts"), [(Outcome.ROBOTS, (1, 0)), (Outcome.GONE, (0, 1)), (Outcome.LATER, (0, 0))])
def test_the_address_of_the_source_counts_where_an_article_would_not(
    archive: Archive, source: int, outcome: Outcome, counts: tuple[int, int]
) -> None:
    crawl(archive, source, {HOME: outcome, STORY: outcome}, 0, found(STORY))
    (run,) = past(archive, source).runs
    assert (run.refused, run.failed) == counts
    assert run.put_off == 2 * (outcome is Outcome.LATER)


def test_a_run_that_goes_on_is_counted_whole(archive: Archive, source: int) -> None:
    run = archive.begin_run("crawl", [source], NOW).id
    archive.frontier.add([found(STORY), found(STORY + "-2")], source_id=source, found_on=None, depth=0, run_id=run, now=NOW)
    for _ in range(2):
        (lease,) = archive.frontier.lease(1, run_id=run, source_ids=[source], per_host=1, busy_hosts={})
        archive.commit(run, [article_visit(lease.url, lease=lease)], NOW)
        archive.end_run(run, "interrupted", NOW)
    assert [one.answered for one in past(archive, source).runs] == [2]


def test_a_page_is_known_by_what_it_listed_last(archive: Archive, source: int) -> None:
    crawl(archive, source, {HOME: Outcome.LISTED}, 0, lists=2)
    run = crawl(archive, source, {HOME: Outcome.LISTED}, 3)
    (page,) = past(archive, source).lists
    assert (page.url, page.outcome, page.entries, page.listed, page.run_id) == (HOME, "listed", 0, NOW, run)


@pytest.mark.parametrize(("lists", "ever"), [(0, False), (1, True)])
def test_whether_it_ever_listed_an_article_is_known(archive: Archive, source: int, lists: int, ever: bool) -> None:
    crawl(archive, source, {HOME: Outcome.LISTED}, 0, lists=lists)
    assert past(archive, source).ever_listed is ever


def test_a_host_that_rests_is_named_until_its_time_is_over(archive: Archive, source: int) -> None:
    crawl(archive, source, {HOME: Outcome.LISTED}, 0)
    archive.frontier.rest("tern.example", HOUR, "status 429", NOW, named=True)
    before, after = (archive.source_pasts([source], NOW + n * HOUR)[0] for n in (0, 1))
    assert (before.resting_until, before.rest_reason) == (NOW + HOUR, "status 429")
    assert after.resting_until is None


def test_days_of_articles_are_read_once_nothing_came_for_two_days(archive: Archive, source: int) -> None:
    dated = {f"{HOME}story-of-{day}": f"2026-08-{day:02}" for day in (3, 5, 10)}
    run = archive.begin_run("crawl", [source], NOW).id
    archive.frontier.add([found(url) for url in dated], source_id=source, found_on=None, depth=0, run_id=run, now=NOW)
    leases = archive.frontier.lease(9, run_id=run, source_ids=[source], per_host=9, busy_hosts={})
    readings = [(one, revision(one.url, f"Of {one.url}.", published=dated[one.url])) for one in leases]
    archive.commit(run, [article_visit(one.url, lease=one, revision=reading) for one, reading in readings], NOW)
    archive.end_run(run, "finished", NOW)
    soon, late = (archive.source_pasts([source], NOW + timedelta(days=n))[0] for n in (1, 3))
    assert soon.day_gaps == ()
    assert late.day_gaps == (timedelta(days=2), timedelta(days=5))


def test_what_another_host_puts_off_is_no_trouble_of_the_source(archive: Archive, source: int) -> None:
    elsewhere = "https://gull.example/a-long-story"
    crawl(archive, source, {HOME: Outcome.LISTED, elsewhere: Outcome.LATER}, 0, found(elsewhere))
    (run,) = past(archive, source).runs
    assert (run.answered, run.put_off, run.reason) == (1, 0, None)


def test_a_host_that_is_left_alone_is_named_while_something_on_it_waits(archive: Archive, source: int) -> None:
    run = crawl(archive, source, {HOME: Outcome.LISTED}, 0, found("https://gull.example/a-long-story"))
    archive.frontier.release(run)
    archive.frontier.rest("gull.example", HOUR, "status 503", NOW, named=False, asked=False)
    archive.frontier.rest("auk.example", HOUR, "status 503", NOW, named=False, asked=False)
    held, later = (archive.source_pasts([source], NOW + n * HOUR)[0].held for n in (0, 1))
    assert (held, later) == (("gull.example", NOW + HOUR, "status 503"), None)


@pytest.mark.parametrize(("outcome", "unread"), [(None, True), (Outcome.LISTED, False)])
def test_whether_a_list_was_never_read_is_known_of_a_source_that_lists_nothing(
    archive: Archive, source: int, outcome: Outcome | None, unread: bool
) -> None:
    news = found(HOME + "news.xml", PageKind.SITEMAP, "robots")
    outcomes = {HOME: Outcome.LISTED} if outcome is None else {HOME: Outcome.LISTED, news.url: outcome}
    run = crawl(archive, source, outcomes, 0, news)
    archive.frontier.release(run)
    assert past(archive, source).unread_list is unread
