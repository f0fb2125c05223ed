"""How often pages that list articles are looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.history import Poll
from archive.visit import PageKind
from crawler.edits import PRIOR
from crawler.polling import (
    LATEST,
    LATEST_OTHER,
    SCROLL_OFF,
    SOONEST,
    arrivals,
    more_than,
    most_expected,
    poll_wait,
)

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def polls(fresh: list[int], every: timedelta, entries: int = 20) -> list[Poll]:
    """Polls at one distance, the last one now."""
    start = NOW - every * (len(fresh) - 1)
    return [Poll(start + every * n, entries, some) for n, some in enumerate(fresh)]


def wait(some: list[Poll], kind: PageKind = PageKind.FEED, price: float = 0.02) -> timedelta:
    return poll_wait(kind, some, PRIOR, price)


@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=30), st.integers(0, 500), st.floats(0.01, 500), st.sampled_from(PageKind)
)
def test_the_wait_stays_within_its_bounds(fresh: list[int], entries: int, hours: float, kind: PageKind) -> None:
    assert SOONEST <= wait(polls(fresh, HOUR * hours, entries), kind) <= LATEST.get(kind, LATEST_OTHER)


def test_a_page_of_which_little_is_wanted_is_polled_as_seldom_as_it_holds_out() -> None:
    all_wanted = polls([2] * 30, HOUR, 400)
    tenth = [replace(poll, wanted=poll.entries // 10) for poll in all_wanted]
    none = [replace(poll, wanted=0) for poll in all_wanted]
    assert wait(all_wanted) < wait(tenth) < wait(none)


def test_a_page_that_is_full_of_what_is_not_wanted_is_polled_before_what_is_wanted_scrolls_off() -> None:
    full = [replace(poll, wanted=1) for poll in polls([8] * 30, HOUR, 10)]
    assert wait(full) < HOUR
    assert wait(full) < wait([replace(poll, entries=400) for poll in full])


@given(st.lists(st.integers(0, 10), min_size=2, max_size=20), st.floats(0.5, 30))
def test_a_page_on_which_more_comes_is_polled_no_later(fresh: list[int], hours: float) -> None:
    assert wait(polls([2 * n + 1 for n in fresh], HOUR * hours, 100)) <= wait(polls(fresh, HOUR * hours, 100))


@pytest.mark.parametrize("bursts", [0.25, 1.0, 3.0])
@pytest.mark.parametrize("capacity", [5, 20, 100])
def test_more_than_fits_comes_as_rarely_as_is_said(capacity: int, bursts: float) -> None:
    mean = most_expected(capacity, bursts)
    random = np.random.default_rng(5)
    counts = random.poisson(random.gamma(1 / bursts, mean * bursts, 400_000))
    assert more_than(capacity, mean, bursts) == pytest.approx(SCROLL_OFF, rel=0.01)
    assert (counts > capacity).mean() == pytest.approx(SCROLL_OFF, rel=0.3)


def test_a_short_list_is_polled_more_often_than_a_long_one() -> None:
    busy = [30] * 20
    assert wait(polls(busy, HOUR, 40), price=10.0) < wait(polls(busy, HOUR, 400), price=10.0)


def test_bursts_are_seen_in_the_counts() -> None:
    steady, uneven = polls([0, *[4] * 40], HOUR), polls([0, *[0, 0, 0, 16] * 10], HOUR)
    assert arrivals(steady)[0] == pytest.approx(arrivals(uneven)[0], rel=0.02)
    assert arrivals(steady)[1] < arrivals(uneven)[1]


def test_the_first_poll_tells_the_rate_by_the_times_of_its_entries() -> None:
    fast = Poll(NOW, 20, 20, NOW - 4 * HOUR)
    slow = Poll(NOW, 20, 20, NOW - 400 * HOUR)
    assert wait([fast]) < wait([slow])


def test_where_all_entries_are_new_the_wait_is_halved_at_least() -> None:
    gap = polls([0, 0, 0, 5], 4 * HOUR, entries=5)
    assert wait(gap, price=1000.0) <= 2 * HOUR


def test_a_sitemap_on_which_nothing_comes_waits_for_days_in_the_end() -> None:
    seen, waits = [Poll(NOW, 500, 500)], []
    for _ in range(60):
        waits.append(wait(seen, PageKind.SITEMAP))
        seen.append(Poll(seen[-1].moment + waits[-1], 500, 0))
    assert waits[-1] > timedelta(days=2)
    assert sum(w < timedelta(days=1) for w in waits) < 30


@pytest.mark.parametrize("moment", [datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)])
def test_a_poll_by_a_clock_that_was_wrong_is_counted_like_others(moment: datetime) -> None:
    seen = polls([3, 3, 3], HOUR)
    for place in range(4):
        assert timedelta(0) < wait([*seen[:place], Poll(moment, 40, 1), *seen[place:]]) <= timedelta(days=14)
