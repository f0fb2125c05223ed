"""An address's past -> when to look again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.history import AGES, UNREAD, History, Poll, Watched
from archive.visit import Outcome, PageKind
from crawler.edits import PRIOR, UNKNOWN_AGE, born
from crawler.politeness.retry_after import REST_SECONDS
from crawler.revisit import LATEST_LOOK, PRICE, RETRIES, SOONEST_LOOK, next_look, plan

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FRESH = History(PageKind.ARTICLE, Outcome.STORED, NOW, NOW - HOUR, published=NOW - HOUR)
LOOKED_AT = replace(FRESH, outcome=Outcome.UNCHANGED, looked=NOW - HOUR / 2, looks=3, changes=1, expected=1.0)

ages = st.floats(0, 50_000)
shares = st.floats(0.01, 100)
prices = st.floats(0.001, 1)
rates = st.lists(st.floats(0, 10), min_size=len(AGES), max_size=len(AGES))


def wait(history: History, **facts: object) -> timedelta:
    revisit = plan(replace(history, **facts)).revisit  # type: ignore[arg-type]
    assert revisit is not None
    return revisit - history.fetched


moments = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2040, 1, 1)).map(lambda m: m.replace(tzinfo=UTC))  # noqa: DTZ001
histories = st.builds(
    History,
    kind=st.sampled_from(PageKind),
    outcome=st.sampled_from(Outcome),
    fetched=moments,
    found_at=moments,
    how=st.sampled_from(["link", "feed", "sitemap"]),
    published=st.none() | moments,
    looked=st.none() | moments,
    looks=st.integers(4, 1000),
    changes=st.integers(0, 4),
    expected=st.floats(0, 1000),
    failures=st.integers(0, 10_000),
    watched=st.lists(
        st.builds(Watched, st.floats(0, 1e7), st.floats(0, 1e5)), min_size=len(AGES), max_size=len(AGES)
    ),
    polls=st.lists(
        st.builds(Poll, moments, st.integers(0, 60_000), st.integers(0, 60_000), st.none() | moments), max_size=5
    ).map(lambda polls: sorted(polls, key=lambda poll: poll.moment)),
)  # fmt: skip


@given(histories)
def test_whatever_the_past_nothing_is_due_before_it_was_fetched_or_later_than_in_four_months(history: History) -> None:
    planned = plan(history)
    if history.outcome is Outcome.OUT_OF_SCOPE:
        assert planned.revisit is None
    else:
        assert planned.revisit is not None
        assert timedelta(0) <= planned.revisit - history.fetched <= timedelta(days=120)


@given(histories)
def test_whatever_the_past_what_is_learnt_is_a_number_that_is_not_below_zero(history: History) -> None:
    planned = plan(history)
    assert 0 <= planned.expected < float("inf")
    assert all(0 <= n < float("inf") for seen in planned.watched.values() for n in (seen.hours, seen.changes))


@given(ages, rates, shares, prices)
def test_an_article_rests_within_its_bounds(age: float, some: list[float], share: float, price: float) -> None:
    assert SOONEST_LOOK <= next_look(age, some, share, price) <= LATEST_LOOK * max(1.0, price / PRICE) ** 2
    assert next_look(age, some, share, PRICE) <= LATEST_LOOK


@given(ages, rates, shares, prices, st.floats(1, 100))
def test_an_article_that_is_edited_more_is_looked_at_no_later(
    age: float, some: list[float], share: float, price: float, factor: float
) -> None:
    assert next_look(age, some, share * factor, price) <= next_look(age, some, share, price)


@given(ages, rates, shares, prices, st.floats(1, 100))
def test_dearer_requests_are_made_no_sooner(age: float, some: list[float], share: float, price: float, factor: float) -> None:
    assert next_look(age, some, share, price * factor) >= next_look(age, some, share, price)


@given(st.floats(0, 5000), st.floats(1, 4))
def test_an_older_article_rests_no_shorter(age: float, factor: float) -> None:
    assert next_look(age * factor, PRIOR, 1.0, 0.02) >= next_look(age, PRIOR, 1.0, 0.02)


@given(st.floats(0.1, 500), st.floats(0.1, 50), st.integers(0, 20), st.integers(0, 20))
def test_a_look_that_found_a_change_is_followed_by_the_next_no_later(age: float, since: float, looks: int, changes: int) -> None:
    history = replace(
        FRESH, found_at=NOW - HOUR * age, published=NOW - HOUR * age, looked=NOW - HOUR * min(since, age),
        looks=max(looks, changes), changes=changes, expected=0.1 * looks,
    )  # fmt: skip
    assert wait(history, outcome=Outcome.STORED) <= wait(history, outcome=Outcome.UNCHANGED)


def test_looks_that_find_nothing_are_followed_by_longer_waits() -> None:
    history, waits = replace(LOOKED_AT, looks=0, changes=0, expected=0.0), []
    for _ in range(6):
        planned = plan(history)
        assert planned.revisit is not None
        waits.append(planned.revisit - history.fetched)
        history = replace(
            history, fetched=planned.revisit, looked=history.fetched, looks=history.looks + 1,
            expected=history.expected + planned.expected,
        )  # fmt: skip
    assert waits == sorted(waits)
    assert waits[0] < timedelta(hours=6) < timedelta(days=2) < waits[-1]


def test_the_articles_of_a_source_that_edits_often_are_looked_at_sooner() -> None:
    often = [Watched(1000.0, 1000.0)] * len(AGES)
    seldom = [Watched(1000.0, 0.0)] * len(AGES)
    assert wait(FRESH, watched=often) < wait(FRESH) < wait(FRESH, watched=seldom)


def test_a_first_reading_teaches_nothing_of_edits() -> None:
    assert (plan(FRESH).expected, plan(FRESH).watched) == (0.0, {})


def test_a_look_teaches_how_long_it_watched_at_which_age() -> None:
    learnt = plan(replace(LOOKED_AT, published=NOW - 4 * HOUR, found_at=NOW - 4 * HOUR, looked=NOW - 3 * HOUR, looks=0, changes=0,
                          expected=0.0)).watched  # fmt: skip
    assert {AGES[n]: seen for n, seen in learnt.items()} == {1: Watched(2.0, 0.0), 3: Watched(1.0, 0.0)}


def test_a_change_counts_once_or_more_where_it_may_hide_others() -> None:
    changed = plan(replace(LOOKED_AT, outcome=Outcome.STORED)).watched
    assert sum(seen.changes for seen in changed.values()) > 1.0


def test_an_article_is_born_when_it_was_published_but_not_after_it_was_found() -> None:
    found = NOW - HOUR
    assert born(replace(FRESH, published=NOW - 5 * HOUR)) == NOW - 5 * HOUR
    assert born(replace(FRESH, published=NOW + HOUR)) == found
    assert born(replace(FRESH, published=None, how="feed")) == found
    assert born(replace(FRESH, published=None, how="link")) == found - UNKNOWN_AGE


def test_what_is_out_of_scope_is_never_due() -> None:
    assert plan(replace(FRESH, outcome=Outcome.OUT_OF_SCOPE)).revisit is None


@pytest.mark.parametrize("failures", [0, 9])
def test_what_was_put_off_is_due_when_its_host_has_rested(failures: int) -> None:
    assert wait(FRESH, outcome=Outcome.LATER, failures=failures) == timedelta(seconds=REST_SECONDS)


def test_every_outcome_that_brings_nothing_to_read_has_its_waits() -> None:
    assert set(RETRIES) == UNREAD


def test_what_was_an_article_and_is_none_is_looked_at_sooner_than_what_never_was() -> None:
    none = replace(FRESH, outcome=Outcome.NOT_AN_ARTICLE)
    assert wait(none, looked=NOW - HOUR) == RETRIES[Outcome.GONE][0] < wait(none)


@pytest.mark.parametrize("outcome", sorted(UNREAD))
def test_what_brings_nothing_to_read_waits_longer_each_time_up_to_a_bound(outcome: Outcome) -> None:
    waits = [wait(FRESH, outcome=outcome, failures=n) for n in range(40)]
    first, longest = RETRIES[outcome]
    assert waits[:2] == [first, first * 2]
    assert waits == sorted(waits)
    assert waits[-1] == longest


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_capture_that_was_seen_is_never_due_again(outcome: Outcome) -> None:
    unseen = {Outcome.FAILED, Outcome.BLOCKED, Outcome.ROBOTS, Outcome.LATER}
    assert (plan(replace(FRESH, how="capture", outcome=outcome)).revisit is not None) == (outcome in unseen)
