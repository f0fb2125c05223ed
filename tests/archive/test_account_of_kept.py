"""What the account says of kept articles, of lists that brought nothing new, of guesses, and of what is left out by wish."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from archive import Archive
from archive.completeness import Line
from archive.visit import Found, Lease, Listing, Outcome, PageKind, Visit
from tests.archive.samples import LATER, NOW, article_visit, found

SITE = "https://tern.example"


class Crawl:
    """Runs of one source, an hour apart, in which each address has the outcome that is said."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.now = archive, NOW
        self.source = archive.add_source(f"{SITE}/", "tern").id

    def run(self, visits: dict[str, Visit | Outcome], pages: Sequence[Found] = ()) -> None:
        """Make pages known, fetch those that are in `visits`, and end."""
        run = self.archive.begin_run("crawl", [self.source], self.now).id
        self.archive.frontier.add(pages, source_id=self.source, found_on=None, depth=0, run_id=run, now=self.now)
        leases = self.archive.frontier.lease(1000, run_id=run, source_ids=[self.source], per_host=1000, busy_hosts={})
        for lease in leases:
            if lease.url in visits:
                self.archive.commit(run, [_visit(visits[lease.url], lease, self.now)], self.now)
        self.archive.frontier.release(run)
        self.archive.end_run(run, "finished", self.now)
        self.now += timedelta(hours=1)

    def line(self, by: str = "source", number: int = -1) -> Line:
        return self.archive.completeness(LATER, by=by).lines[number]


def _visit(what: Visit | Outcome, lease: Lease, now: datetime) -> Visit:
    status = 304 if what is Outcome.UNCHANGED else None
    visit = what if isinstance(what, Visit) else Visit(lease.url, now, what, status=status)
    return replace(visit, lease=lease, fetched=now, revisit=now)


def listed(*urls: str, all_of: Sequence[str] = ()) -> Visit:
    """A look at a feed that lists `all_of`, of which `urls` are wanted."""
    wanted = tuple(found(url, how="feed") for url in urls)
    articles = tuple(found(url, how="feed") for url in all_of) or wanted
    return Visit(SITE, NOW, Outcome.LISTED, found=wanted, listing=Listing(articles, len(wanted), is_feed=True))


FEED = found(f"{SITE}/feed.xml", PageKind.FEED, "autodiscovery")
GUESS = found(f"{SITE}/rss.xml", PageKind.FEED, "guess")
STORY = f"{SITE}/1"


@pytest.fixture
def crawl(archive: Archive) -> Crawl:
    return Crawl(archive)


@pytest.mark.parametrize("by", ["source", "day", "week", "month", "run"])
def test_an_article_whose_last_fetch_was_blocked_is_kept_all_the_same(crawl: Crawl, by: str) -> None:
    crawl.run({STORY: article_visit(STORY)}, [found(STORY), found(f"{SITE}/2")])
    crawl.run({STORY: Outcome.BLOCKED})
    line = crawl.line(by)
    assert (line.outcomes.get(Outcome.STORED, 0), line.outcomes[Outcome.BLOCKED], line.kept) == (0, 1, 1)
    assert crawl.archive.completeness(LATER, by=by).kept == 1


def test_the_view_tells_what_is_kept_whatever_the_last_fetch_came_to(crawl: Crawl) -> None:
    crawl.run({STORY: article_visit(STORY)}, [found(STORY), found(f"{SITE}/2")])
    crawl.run({STORY: Outcome.BLOCKED})
    with sqlite3.connect(crawl.archive.path) as plain:
        rows = plain.execute("SELECT outcome, addresses, kept FROM discovered ORDER BY outcome").fetchall()
    plain.close()
    assert rows == [("blocked", 1, 1), ("later", 1, 0)]


def test_an_article_that_was_read_at_two_addresses_is_kept_once(crawl: Crawl) -> None:
    other = f"{SITE}/one"
    crawl.run({STORY: article_visit(STORY), other: article_visit(STORY)}, [found(STORY), found(other)])
    account = crawl.archive.completeness(LATER)
    assert (account.discovered, account.lines[0].kept, account.kept) == (2, 1, 1)


def test_articles_that_were_added_by_hand_are_kept_besides(crawl: Crawl) -> None:
    crawl.run({STORY: article_visit(STORY)}, [found(STORY)])
    crawl.archive.commit(None, [article_visit("https://auk.example/1")], crawl.now)
    account = crawl.archive.completeness(LATER)
    assert (account.kept, account.kept_besides) == (1, 1)
    assert crawl.archive.completeness(LATER, source="tern").kept_besides is None


def test_by_run_what_is_kept_in_all_is_of_the_runs_that_are_asked_for(crawl: Crawl) -> None:
    other = f"{SITE}/2"
    crawl.run({STORY: article_visit(STORY)}, [found(STORY), found(other)])
    second = crawl.now
    crawl.run({other: article_visit(other)})
    account = crawl.archive.completeness(LATER, by="run", since=second)
    assert ([line.kept for line in account.lines], account.kept) == ([1], 1)


@pytest.mark.parametrize("by", ["source", "run"])
def test_a_list_that_was_not_modified_is_a_list(crawl: Crawl, by: str) -> None:
    crawl.run({FEED.url: listed(STORY), STORY: article_visit(STORY)}, [FEED, found(STORY)])
    crawl.run({FEED.url: Outcome.UNCHANGED, STORY: Outcome.UNCHANGED})
    assert dict(crawl.line(by).outcomes) == {Outcome.LISTED: 1, Outcome.UNCHANGED: 1}


def test_a_page_that_is_no_article_and_was_not_modified_is_still_none(crawl: Crawl) -> None:
    crawl.run({STORY: Outcome.NOT_AN_ARTICLE}, [found(STORY)])
    crawl.run({STORY: Outcome.UNCHANGED}, [found(STORY, modified=LATER)])
    assert dict(crawl.line().outcomes) == {Outcome.NOT_AN_ARTICLE: 1}


def test_the_address_of_a_source_that_is_an_article_is_unchanged(crawl: Crawl) -> None:
    seed = found(STORY, PageKind.SEED, "seed")
    crawl.run({STORY: article_visit(STORY)}, [seed])
    crawl.run({STORY: Outcome.UNCHANGED}, [seed])
    assert dict(crawl.line().outcomes) == {Outcome.UNCHANGED: 1}


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.FAILED, Outcome.BLOCKED, Outcome.NOT_AN_ARTICLE, Outcome.UNCHANGED])
@pytest.mark.parametrize("by", ["source", "run"])
def test_a_guess_that_missed_was_never_known(crawl: Crawl, by: str, outcome: Outcome) -> None:
    crawl.run({STORY: article_visit(STORY), GUESS.url: outcome}, [found(STORY), GUESS])
    line = crawl.line(by)
    assert (line.discovered, dict(line.outcomes)) == (1, {Outcome.STORED: 1})
    assert any(address.url == GUESS.url for address in crawl.archive.frontier.addresses())


@pytest.mark.parametrize("by", ["source", "run"])
def test_a_guess_that_waits_is_not_known_yet(crawl: Crawl, by: str) -> None:
    crawl.run({}, [found(STORY), GUESS])
    line = crawl.line(by)
    assert (line.discovered, dict(line.outcomes)) == (1, {Outcome.LATER: 1})


def test_a_guess_that_hit_counts_also_when_it_has_gone(crawl: Crawl) -> None:
    crawl.run({GUESS.url: listed(STORY)}, [GUESS])
    crawl.run({GUESS.url: Outcome.GONE})
    assert crawl.line().outcomes == {Outcome.GONE: 1, Outcome.LATER: 1}


def test_entries_that_nobody_wants_are_known_and_out_of_scope_once(crawl: Crawl) -> None:
    entries = [f"{SITE}/{n}" for n in range(1, 6)]
    for _ in range(2):
        crawl.run({FEED.url: listed(*entries[:2], all_of=entries)}, [FEED])
    line = crawl.line()
    assert (line.discovered, dict(line.outcomes)) == (6, {Outcome.LISTED: 1, Outcome.OUT_OF_SCOPE: 3, Outcome.LATER: 2})


def test_an_entry_that_is_wanted_later_is_left_out_no_more(crawl: Crawl) -> None:
    other = f"{SITE}/2"
    crawl.run({FEED.url: listed(STORY, all_of=[STORY, other])}, [FEED])
    crawl.run({FEED.url: listed(STORY, other, all_of=[STORY, other])})
    line = crawl.line()
    assert (line.discovered, dict(line.outcomes)) == (3, {Outcome.LISTED: 1, Outcome.LATER: 2})


def test_an_entry_that_another_page_made_known_keeps_its_own_outcome(crawl: Crawl) -> None:
    crawl.run({STORY: article_visit(STORY)}, [found(STORY)])
    crawl.run({FEED.url: listed(f"{SITE}/2", all_of=[STORY, f"{SITE}/2"])}, [FEED])
    line = crawl.line()
    assert (line.discovered, dict(line.outcomes)) == (3, {Outcome.STORED: 1, Outcome.LISTED: 1, Outcome.LATER: 1})
