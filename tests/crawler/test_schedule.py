from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.schedule import Opening, SourceState
from archive.timestamps import CLOCK_TOLERANCE
from crawler.schedule import Wishes, plan_source, rest_end

NOW = datetime(2026, 8, 22, 10, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
RESTING = SourceState(1, NOW - HOUR, False, True, False, NOW + 9 * HOUR, NOW + 8 * HOUR, NOW + 7 * HOUR, 0)
"""Looked at an hour ago; nothing waits, all is due later today."""
HOURLY = Wishes(every=2 * HOUR)
NIGHTLY = Wishes(cron="0 3 * * *")
FREE = Wishes()


@pytest.mark.parametrize("wishes", [FREE, HOURLY, NIGHTLY])
def test_a_source_that_was_never_looked_at_is_due(wishes: Wishes) -> None:
    plan = plan_source(wishes, SourceState(1, None, False, False, False, None, None, None, 0), NOW)
    assert plan.is_due(NOW)
    assert plan.next_due(NOW) == NOW


def test_with_cron_the_first_look_is_at_one_of_its_times_too() -> None:
    new = SourceState(1, None, False, False, False, None, None, None, 0, added=NOW)
    plan = plan_source(NIGHTLY, new, NOW, UTC)
    assert (plan.is_due(NOW), plan.due) == (False, datetime(2026, 8, 23, 3, tzinfo=UTC))
    assert not plan.opening.look
    late = plan_source(NIGHTLY, new, NOW + timedelta(days=9), UTC)
    assert late.is_due(NOW + timedelta(days=9)), "what was missed is done once"
    assert late.opening.look
    assert plan_source(NIGHTLY, replace(new, added=NOW + timedelta(days=400)), NOW, UTC).is_due(NOW)
    assert plan_source(HOURLY, new, NOW).is_due(NOW)


def test_a_rest_puts_a_look_by_cron_off_to_the_next_of_its_times() -> None:
    assert rest_end(NOW, NIGHTLY.cron, UTC) == datetime(2026, 8, 23, 3, tzinfo=UTC)
    at_three = datetime(2026, 8, 23, 3, tzinfo=UTC)
    assert rest_end(at_three, NIGHTLY.cron, UTC) == at_three
    assert rest_end(NOW, None) == NOW
    assert rest_end(None, NIGHTLY.cron) is None


@pytest.mark.parametrize("wishes", [FREE, HOURLY, NIGHTLY])
def test_what_waits_is_gone_on_with_whatever_the_schedule_says(wishes: Wishes) -> None:
    plan = plan_source(wishes, replace(RESTING, waits=True), NOW)
    assert plan.waits
    assert plan.next_due(NOW) == NOW


@pytest.mark.parametrize("wishes", [FREE, HOURLY, NIGHTLY])
def test_what_waits_of_resting_hosts_is_gone_on_with_when_the_first_rest_ends(wishes: Wishes) -> None:
    plan = plan_source(wishes, replace(RESTING, rested=NOW + HOUR / 2), NOW)
    assert (plan.waits, plan.due) == (False, NOW + HOUR / 2)


def test_a_limit_that_is_spent_leaves_what_waits_of_resting_hosts_alone() -> None:
    spent = replace(RESTING, rested=NOW + HOUR / 2, stored=3)
    assert plan_source(Wishes(every=2 * HOUR, limit=3), spent, NOW).due == NOW + HOUR
    looking = replace(spent, looking=True)
    assert plan_source(Wishes(every=2 * HOUR, limit=3), looking, NOW).due == NOW + HOUR / 2


def test_without_a_schedule_each_address_falls_due_by_itself() -> None:
    plan = plan_source(FREE, RESTING, NOW)
    assert (plan.due, plan.is_due(NOW)) == (NOW + 7 * HOUR, False)
    assert plan.opening == Opening(1, look=False, listings=True, articles=True)


def test_every_counts_from_the_last_look_and_leaves_articles_to_their_own_time() -> None:
    early = plan_source(HOURLY, replace(RESTING, listing_due=NOW - HOUR), NOW)
    assert early.due == NOW + HOUR
    assert early.opening == Opening(1, look=False, listings=False, articles=True)
    edited = plan_source(HOURLY, replace(RESTING, article_due=NOW), NOW)
    assert edited.is_due(NOW)
    assert not edited.opening.look
    late = plan_source(HOURLY, RESTING, NOW + HOUR)
    assert late.opening == Opening(1, look=True, listings=True, articles=True)


def test_cron_begins_nothing_at_other_times() -> None:
    plan = plan_source(NIGHTLY, replace(RESTING, article_due=NOW - HOUR, listing_due=NOW - HOUR), NOW, UTC)
    assert plan.due == datetime(2026, 8, 23, 3, tzinfo=UTC)
    assert plan.opening == Opening(1, look=False, listings=False, articles=False)
    then = plan_source(NIGHTLY, RESTING, plan.due, UTC)
    assert then.opening == Opening(1, look=True, listings=True, articles=True)


@pytest.mark.parametrize(("wishes", "step"), [(HOURLY, 2 * HOUR), (NIGHTLY, 24 * HOUR)])
def test_runs_that_were_missed_are_one_run(wishes: Wishes, step: timedelta) -> None:
    asleep = NOW + timedelta(days=30)
    assert plan_source(wishes, RESTING, asleep, UTC).is_due(asleep)
    looked = replace(RESTING, looked=asleep, article_due=None)
    after = plan_source(wishes, looked, asleep, UTC)
    assert after.due is not None
    assert asleep < after.due <= asleep + step


def test_cron_goes_by_local_time_over_a_change_of_the_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    looked = datetime(2026, 10, 24, 1, 0, 5, tzinfo=UTC)
    plan = plan_source(NIGHTLY, replace(RESTING, looked=looked), looked, berlin)
    assert plan.due == datetime(2026, 10, 25, 2, tzinfo=UTC)


@pytest.mark.parametrize("wishes", [HOURLY, NIGHTLY, FREE])
def test_a_look_in_the_future_was_made_by_a_wrong_clock(wishes: Wishes) -> None:
    state = replace(RESTING, looked=NOW + timedelta(days=400), seed_due=NOW + timedelta(days=400))
    assert plan_source(wishes, state, NOW).is_due(NOW)
    barely = replace(RESTING, looked=NOW + CLOCK_TOLERANCE)
    assert not plan_source(wishes, barely, NOW).is_due(NOW)


def test_a_limit_holds_until_the_next_look() -> None:
    limited = Wishes(every=2 * HOUR, limit=5)
    some = plan_source(limited, replace(RESTING, waits=True, stored=3), NOW)
    assert (some.left, some.waits) == (2, True)
    spent = plan_source(limited, replace(RESTING, waits=True, stored=5, article_due=NOW), NOW)
    assert (spent.left, spent.waits, spent.due) == (0, False, NOW + HOUR)
    assert spent.opening == Opening(1, look=False, listings=False, articles=False)
    again = plan_source(limited, replace(RESTING, waits=True, stored=5), NOW + HOUR)
    assert again.is_due(NOW + HOUR)
    assert again.left == 5
    begun = plan_source(limited, replace(RESTING, waits=True, looking=True, stored=5), NOW + HOUR)
    assert (begun.left, begun.waits) == (5, True)


MOMENTS = st.none() | st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - Hypothesis wants its bounds without a zone
    datetime(2027, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
STATES = st.builds(
    SourceState, st.just(1), MOMENTS, st.booleans(), st.booleans(), st.booleans(), MOMENTS, MOMENTS, MOMENTS, st.integers(0, 9)
)
WISHES = st.builds(
    Wishes, every=st.none() | st.just(HOUR), limit=st.none() | st.integers(1, 9)
) | st.builds(Wishes, cron=st.sampled_from(["0 3 * * *", "*/10 * * * mon"]))  # fmt: skip


@given(WISHES, STATES)
def test_what_is_due_and_does_not_wait_is_opened(wishes: Wishes, state: SourceState) -> None:
    """Else the service would start a crawl that does nothing, again and again."""
    plan = plan_source(wishes, state, NOW, UTC)
    if plan.due is None or plan.due > NOW or not state.planted:
        return
    opening = plan.opening
    opened = [
        opening.look,
        opening.listings and any(due is not None and due <= NOW for due in (state.seed_due, state.listing_due)),
        opening.articles and state.article_due is not None and state.article_due <= NOW,
    ]
    assert any(opened)
