"""Of the sources on one host, the most careful one holds."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from crawler.crawl import CrawlRequest, Target, _slots
from crawler.politeness.pace import HostPaces, Pace

USUAL = Pace(1.0, 2)
paces = st.builds(Pace, st.floats(0, 600), st.integers(1, 16))


def test_a_host_has_the_pace_of_its_source() -> None:
    known = HostPaces(USUAL, {1: Pace(10.0, 1)})
    assert known.note("articles.example", 1)
    assert known.of("articles.example") == Pace(10.0, 1)
    assert known.of("other.example") == USUAL


def test_a_source_that_says_nothing_changes_no_host_but_holds_beside_a_faster_one() -> None:
    known = HostPaces(USUAL, {2: Pace(0.1, 8)})
    assert not known.note("paper.example", 1)
    assert not known.note("paper.example", 2)
    assert known.of("paper.example") == USUAL


@given(st.lists(paces, min_size=1), st.data())
def test_the_order_in_which_sources_are_seen_makes_no_difference(wanted: list[Pace], data: st.DataObject) -> None:
    known = HostPaces(USUAL, dict(enumerate(wanted)))
    for source in data.draw(st.permutations(range(len(wanted)))):
        known.note("paper.example", source)
    assert known.of("paper.example") == Pace(max(p.delay for p in wanted), min(p.concurrency for p in wanted))


def test_two_sources_that_begin_at_one_host_have_it_asked_as_the_slower_one_says() -> None:
    targets = [Target("https://paper.example/a", delay=10.0), Target("https://paper.example/b", delay=2.0, concurrency=4)]
    for order in (targets, targets[::-1]):
        assert _slots(CrawlRequest(Path("a.db"), delay=1.0), order) == {"paper.example": {"delay": 10.0, "concurrency": 1}}


def test_hosts_of_sources_without_a_wish_have_the_pace_of_the_crawl() -> None:
    assert _slots(CrawlRequest(Path("a.db")), [Target("https://paper.example/"), Target("list:")]) == {}
