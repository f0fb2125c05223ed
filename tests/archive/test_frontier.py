from __future__ import annotations

import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from archive import Archive, frontier, runs
from archive.visit import Found, Lease, Outcome, PageKind, Visit
from tests.archive.samples import LATER, NOW, found


class Crawl:
    """One source in an archive, in a run."""

    def __init__(self, archive: Archive, url: str = "https://tern.example/") -> None:
        self.archive = archive
        self.source = archive.add_source(url).id
        self.run = archive.begin_run("crawl", [self.source], NOW).id

    def add(self, *addresses: Found | str, now: datetime = NOW) -> int:
        listed = [found(a) if isinstance(a, str) else a for a in addresses]
        return self.archive.frontier.add(listed, source_id=self.source, found_on=None, depth=0, run_id=self.run, now=now).waiting

    def lease(self, count: int = 100, per_host: int = 100, busy: dict[str, int] | None = None) -> list[Lease]:
        return self.archive.frontier.lease(
            count, run_id=self.run, source_ids=[self.source], per_host=per_host, busy_hosts=busy or {}
        )

    def close(self, lease: Lease, outcome: Outcome = Outcome.NOT_AN_ARTICLE, revisit: datetime | None = None) -> None:
        self.archive.commit(self.run, [Visit(lease.url, NOW, outcome, lease=lease, revisit=revisit)], NOW)

    def next_run(self, now: datetime = LATER) -> None:
        self.archive.end_run(self.run, "finished", now)
        self.run = self.archive.begin_run("crawl", [self.source], now).id


@pytest.fixture
def crawl(archive: Archive) -> Crawl:
    return Crawl(archive)


def urls(leases: Sequence[Lease]) -> list[str]:
    return [lease.url for lease in leases]


def test_an_address_is_one_row_by_whatever_name(crawl: Crawl) -> None:
    assert crawl.add("https://tern.example/a-story", "http://www.tern.example/a-story/?utm_source=x") == 1
    assert urls(crawl.lease()) == ["https://tern.example/a-story"]


def test_what_is_no_address_is_passed_over(crawl: Crawl) -> None:
    assert crawl.add("mailto:desk@tern.example", "https://", "javascript:void(0)", "", "https://tern.example/\ud800") == 0
    assert crawl.lease() == []


def test_higher_priority_goes_first_then_what_was_found_first(crawl: Crawl) -> None:
    crawl.add(found("https://t.example/1"), found("https://t.example/2"), found("https://t.example/3", priority=5))
    assert urls(crawl.lease()) == ["https://t.example/3", "https://t.example/1", "https://t.example/2"]


def test_finding_an_address_again_raises_its_priority_and_fills_hints(crawl: Crawl) -> None:
    crawl.add(found("https://t.example/1", title="First title"), found("https://t.example/2", priority=1))
    crawl.add(found("https://t.example/1", priority=9, title="Second title", published=NOW, modified=NOW))
    crawl.add(found("https://t.example/1", priority=2))
    first = crawl.lease()[0]
    assert (first.url, first.title, first.published, first.modified) == ("https://t.example/1", "First title", NOW, NOW)


def test_a_guess_that_is_confirmed_is_a_guess_no_more(crawl: Crawl) -> None:
    crawl.add(found("https://t.example/sitemap.xml", PageKind.SITEMAP, "guess"))
    crawl.add(found("https://t.example/sitemap.xml", PageKind.SITEMAP, "robots"))
    assert crawl.lease()[0].how == "robots"


def test_hosts_take_turns(crawl: Crawl) -> None:
    crawl.add(*[f"https://big.example/{n}" for n in range(50)], *[f"https://small{n}.example/" for n in range(3)])
    assert Counter(lease.host for lease in crawl.lease(8)) == {
        "big.example": 5, "small0.example": 1, "small1.example": 1, "small2.example": 1,
    }  # fmt: skip


def test_one_at_a_time_goes_round_all_hosts(crawl: Crawl) -> None:
    hosts = {f"h{n}.example" for n in range(5)}
    crawl.add(*[f"https://{host}/{n}" for host in hosts for n in range(3)])
    assert {crawl.lease(1)[0].host for _ in hosts} == hosts


def test_no_host_gets_more_than_its_share_with_what_is_out_counted_in(crawl: Crawl) -> None:
    crawl.add(*[f"https://a.example/{n}" for n in range(9)], *[f"https://b.example/{n}" for n in range(9)])
    assert Counter(lease.host for lease in crawl.lease(per_host=4, busy={"a.example": 3})) == {"a.example": 1, "b.example": 4}


def test_sources_are_kept_apart(archive: Archive) -> None:
    one, two = Crawl(archive, "https://one.example/"), Crawl(archive, "https://two.example/")
    one.add("https://one.example/a")
    two.add("https://two.example/a")
    assert urls(two.lease()) == ["https://two.example/a"]
    assert (archive.frontier.waiting([one.source]), archive.frontier.waiting([two.source])) == (1, 1)


def test_all_sources_and_none_are_leased_when_none_is_named(archive: Archive) -> None:
    crawl = Crawl(archive)
    crawl.add("https://one.example/a")
    archive.frontier.add([found("https://two.example/a")], source_id=None, found_on=None, depth=0, run_id=None, now=NOW)
    leases = archive.frontier.lease(9, run_id=crawl.run, source_ids=None, per_host=9, busy_hosts={})
    assert set(urls(leases)) == {"https://one.example/a", "https://two.example/a"}


def test_released_leases_wait_again(crawl: Crawl) -> None:
    crawl.add("https://t.example/1", "https://t.example/2")
    crawl.lease()
    assert crawl.archive.frontier.release(crawl.run) == 2
    assert len(crawl.lease()) == 2


def test_what_is_done_rests_until_its_revisit(crawl: Crawl) -> None:
    crawl.add("https://t.example/now", "https://t.example/later", "https://t.example/never")
    for lease, revisit in zip(crawl.lease(), (NOW, LATER + timedelta(days=1), None), strict=True):
        crawl.close(lease, revisit=revisit)
    assert crawl.lease() == []
    crawl.next_run()
    assert urls(crawl.lease()) == ["https://t.example/now"]
    crawl.next_run(LATER + timedelta(days=1))
    assert urls(crawl.lease()) == ["https://t.example/now", "https://t.example/later"]


def test_what_was_put_off_by_its_server_is_taken_up_by_the_next_run(crawl: Crawl) -> None:
    crawl.add("https://t.example/1")
    crawl.close(crawl.lease()[0], Outcome.LATER)
    assert crawl.lease() == []
    crawl.next_run()
    assert len(crawl.lease()) == 1


def test_a_later_change_opens_an_article_again_but_not_in_the_same_run(crawl: Crawl) -> None:
    crawl.add("https://t.example/1")
    crawl.close(crawl.lease()[0])
    changed = found("https://t.example/1", modified=NOW + timedelta(hours=1))
    assert crawl.add(changed) == 0
    crawl.next_run()
    assert crawl.add(found("https://t.example/1", modified=NOW - timedelta(hours=1))) == 0
    assert crawl.add(changed) == 1
    assert urls(crawl.lease()) == ["https://t.example/1"]


def test_a_seed_is_fetched_in_each_run_that_names_it_and_once_in_each(crawl: Crawl) -> None:
    seed = found("https://t.example/", PageKind.SEED, "seed")
    assert crawl.add(seed) == 1
    crawl.close(crawl.lease()[0])
    assert crawl.add(seed) == 0
    crawl.next_run()
    assert crawl.add(seed) == 1


def test_a_seed_that_another_source_had_found_is_crawled_for_the_one_that_names_it(archive: Archive) -> None:
    one = Crawl(archive, "https://one.example/")
    one.add(found("https://one.example/news", PageKind.LISTING))
    two = Crawl(archive, "https://one.example/news")
    two.add(found("https://one.example/news", PageKind.SEED, "seed"))
    (seed,) = two.lease()
    assert (seed.kind, seed.source_id) == (PageKind.SEED, two.source)


def test_was_fetched_knows_the_run(crawl: Crawl) -> None:
    crawl.add("https://t.example/1")
    crawl.close(crawl.lease()[0])
    assert crawl.archive.frontier.was_fetched("http://www.t.example/1/", run_id=crawl.run)
    crawl.next_run()
    assert not crawl.archive.frontier.was_fetched("https://t.example/1", run_id=crawl.run)


@pytest.mark.parametrize("sql", [frontier.NEXT_HOST, frontier.BEST_OF_HOST])
def test_leasing_looks_into_an_index_and_sorts_nothing(archive: Archive, path: Path, sql: str) -> None:
    conn = sqlite3.connect(path)
    plan = " ".join(row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}", (1, "t.example")))
    conn.close()
    assert "frontier_waiting (source_id=? AND host" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def test_reopening_looks_into_an_index(archive: Archive, path: Path) -> None:
    conn = sqlite3.connect(path)
    due = (
        "UPDATE frontier SET state = 'waiting' WHERE state = 'done' AND revisit IS NOT NULL AND source_id = 1 AND revisit <= 'x'"
    )
    plan = " ".join(row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {due}"))
    conn.close()
    assert "frontier_revisit" in plan


HOSTS = ["a.example", "b.example", "c.example"]
ADDRESSES = st.builds(lambda host, n: f"https://{host}/{n}", st.sampled_from(HOSTS), st.integers(0, 5))


class FrontierMachine(RuleBasedStateMachine):
    """Whatever happens, an address is leased to one at a time, is fetched once a run, and is never lost."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.archive = Archive.create(Path(self.folder.name) / "morgue.db")
        self.crawl = Crawl(self.archive)
        self.known: set[str] = set()
        self.out: dict[str, Lease] = {}
        self.done: set[str] = set()

    @rule(addresses=st.lists(ADDRESSES, max_size=6), priority=st.integers(0, 3))
    def add(self, addresses: list[str], priority: int) -> None:
        new = self.crawl.add(*[found(url, priority=priority) for url in addresses])
        assert new == len(set(addresses) - self.known)
        self.known |= set(addresses)

    @rule(count=st.integers(1, 5), per_host=st.integers(1, 3))
    def lease(self, count: int, per_host: int) -> None:
        busy = Counter(lease.host for lease in self.out.values())
        leases = self.crawl.lease(count, per_host, dict(busy))
        for lease in leases:
            assert lease.url not in self.out
            assert lease.url not in self.done
            self.out[lease.url] = lease
            busy[lease.host] += 1
            assert busy[lease.host] <= per_host
        ready = self.known - self.done - set(self.out)
        free = [url for url in ready if busy[url.split("/")[2]] < per_host]
        assert len(leases) == count or not free

    @rule(data=st.data())
    def finish_one(self, data: st.DataObject) -> None:
        if self.out:
            lease = self.out.pop(data.draw(st.sampled_from(sorted(self.out))))
            self.crawl.close(lease)
            self.done.add(lease.url)

    @rule()
    def release_all(self) -> None:
        assert self.archive.frontier.release(self.crawl.run) == len(self.out)
        self.out.clear()

    @rule()
    def die_and_resume(self) -> None:
        path = self.archive.path
        self.archive.close()
        self.archive = Archive.open(path)
        before = self.crawl.run
        self.crawl = Crawl(self.archive)
        assert self.crawl.run == before
        self.out.clear()

    @invariant()
    def nothing_is_lost(self) -> None:
        if hasattr(self, "known"):
            assert self.archive.frontier.waiting() == len(self.known - self.done)

    def teardown(self) -> None:
        if hasattr(self, "archive"):
            self.archive.close()
            self.folder.cleanup()


FrontierMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestFrontier = FrontierMachine.TestCase


def test_addresses_that_are_there_are_known_by_any_name(crawl: Crawl) -> None:
    crawl.add("https://tern.example/a-story")
    asked = ["http://www.tern.example/a-story/", "https://tern.example/another", "no address"]
    assert crawl.archive.frontier.known(asked) == {"http://www.tern.example/a-story/"}


def test_how_an_address_was_found_is_what_its_last_lease_says(crawl: Crawl) -> None:
    crawl.add("https://tern.example/2026/04/")
    (lease,) = crawl.lease()
    crawl.close(replace(lease, how="archive page"), Outcome.LISTED)
    assert [address.how for address in crawl.archive.frontier.addresses()] == ["archive page"]


def test_the_end_of_a_run_looks_at_no_address_that_is_done(crawl: Crawl) -> None:
    statements = (runs.END_RUN, runs.FORGET_LEFT, runs.NOTE_LEFT)
    values = {"id": crawl.run, "state": "finished", "finished": None}
    plans = [crawl.archive._db.conn.execute(f"EXPLAIN QUERY PLAN {each.replace('?', ':id')}", values) for each in statements]
    scans = [row[3] for plan in plans for row in plan if re.match("SCAN (frontier|f)( |$)", row[3])]
    partial = ("frontier_waiting", "frontier_leased", "frontier_listing")
    assert scans
    assert [scan for scan in scans if not scan.endswith(partial)] == []
