from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.health import HeldHost, ListingPage, SourcePast, SourceRun
from crawler.health import (
    FIRST_REST,
    LONGEST_REST,
    PACE,
    SLOWER_PACE,
    SPELL,
    Health,
    State,
    complaints,
    judge,
    rest_after,
    silence_after,
    spells_of,
)  # fmt: skip

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GOOD = (20, 0, 0)
"""Answered, refused, failed."""


def runs(*counts: tuple[int, int, int], apart: timedelta = HOUR, new: int = 0) -> list[SourceRun]:
    """Runs that end one after the other, the last one now."""
    last = len(counts) - 1
    return [
        SourceRun(n, NOW - (last - n) * apart, answered, refused, failed, new=new, reason="status 403" if refused else None)
        for n, (answered, refused, failed) in enumerate(counts)
    ]


def health(*counts: tuple[int, int, int], apart: timedelta = HOUR) -> Health:
    return judge(SourcePast(1, runs(*counts, apart=apart)), NOW)


def page(
    outcome: str = "listed", entries: int | None = 0, listed: datetime | None = NOW - 8 * DAY, **facts: object
) -> ListingPage:
    told = {"url": "https://tern.example/", "kind": "seed", "run_id": 7, "reason": None, **facts}
    return ListingPage(outcome=outcome, fetched=NOW, entries=entries, listed=listed, **told)  # type: ignore[arg-type]


def test_a_source_without_a_past_is_new() -> None:
    assert health() == Health(State.NEW)


def test_a_source_that_answers_is_well() -> None:
    assert health(GOOD, GOOD, (1, 0, 0)) == Health(State.WELL)


def test_one_page_that_fails_changes_nothing() -> None:
    assert health(GOOD, GOOD, GOOD, (0, 0, 1)).state is State.WELL


def test_a_run_of_walls_blocks_a_source_at_once_however_good_it_was() -> None:
    blocked = health(*[GOOD] * 50, (0, 30, 0))
    assert (blocked.state, blocked.reason, blocked.since) == (State.BLOCKED, "status 403", NOW)
    assert blocked.rest_until == NOW + FIRST_REST
    assert blocked.rests(NOW)
    assert not blocked.rests(NOW + FIRST_REST)


def test_single_pages_that_fail_run_after_run_make_a_source_failing_with_the_fourth() -> None:
    states = [health(*[GOOD] * 50, *[(0, 0, 1)] * n).state for n in range(1, 5)]
    assert states == [State.WELL, State.SLOW, State.SLOW, State.FAILING]


def test_four_failures_within_some_minutes_are_one() -> None:
    assert health(*[GOOD] * 5, *[(0, 0, 1)] * 4, apart=timedelta(minutes=1)).state is not State.FAILING


def test_the_first_run_that_fails_makes_a_new_source_failing() -> None:
    assert health((0, 0, 1)).state is State.FAILING


def test_what_is_refused_for_the_most_part_is_blocked_and_what_fails_is_failing() -> None:
    assert health((0, 4, 3)).state is State.BLOCKED
    assert health((0, 3, 4)).state is State.FAILING


def test_rests_double_up_to_a_day() -> None:
    rests = [health(*[GOOD] * 3, *[(0, 30, 0)] * n).rest_until for n in range(1, 9)]
    assert [rest - NOW for rest in rests if rest] == [HOUR / 2, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, DAY, DAY]


def test_a_good_run_ends_the_block_and_the_source_gets_back_to_its_pace_step_by_step() -> None:
    past = [GOOD] * 3 + [(0, 30, 0)] * 6
    after = [health(*past, *[GOOD] * n) for n in range(1, 5)]
    assert [one.state for one in after] == [State.SLOW] * 2 + [State.WELL] * 2
    assert [one.pace for one in after] == [SLOWER_PACE, PACE, 1, 1]
    assert all(one.rest_until is None for one in after)


def test_a_host_that_asked_for_it_is_resting_whatever_else_is_so() -> None:
    past = SourcePast(1, runs((0, 30, 0)), resting_until=NOW + HOUR, rest_reason="status 429")
    assert judge(past, NOW).state is State.RESTING
    assert judge(past, NOW).rest_until == NOW + HOUR
    assert judge(past, NOW + HOUR).state is State.BLOCKED


def test_a_paused_source_is_paused_and_nothing_else() -> None:
    assert judge(SourcePast(1, runs((0, 30, 0))), NOW, paused="paused in morgue.toml").state is State.PAUSED


def silence(days: float, gaps: list[timedelta], *, bounded: bool = False) -> Health:
    """Of a source that was looked at for a year, when nothing came for so many days after such gaps."""
    news = [NOW - days * DAY]
    for gap in reversed(gaps):
        news.insert(0, news[0] - gap)
    return judge(SourcePast(1, runs(GOOD), NOW - 400 * DAY, news), NOW, bounded=bounded)


def test_a_daily_paper_is_silent_after_days_and_a_weekly_blog_after_weeks() -> None:
    hourly, weekly = [HOUR] * 59, [7 * DAY] * 20
    assert [silence(days, hourly).state for days in (1, 1.9, 2.1)] == [State.WELL, State.WELL, State.SILENT]
    assert [silence(days, weekly).state for days in (8, 30, 60)] == [State.WELL, State.WELL, State.SILENT]
    assert silence(60, weekly).reason == "nothing new since 2026-03-21, where something came every 7.0 days"


def test_nothing_new_need_come_where_only_articles_of_the_past_are_followed() -> None:
    assert silence(60, [7 * DAY] * 20, bounded=True).state is State.WELL


def test_few_gaps_make_for_patience_and_fewer_than_five_for_none_of_it() -> None:
    assert silence(50, [7 * DAY] * 5).state is State.WELL
    assert silence(110, [7 * DAY] * 5).state is State.SILENT
    assert silence(999, [7 * DAY] * 4).state is State.WELL


def test_holidays_come_again() -> None:
    assert silence(14, [*[DAY] * 50, 10 * DAY]).state is State.WELL
    assert silence(16, [*[DAY] * 50, 10 * DAY]).state is State.SILENT


def test_fetching_the_past_in_a_day_says_nothing_of_how_often_something_comes() -> None:
    news = [NOW - 6 * DAY + n * timedelta(minutes=10) for n in range(60)]
    past = SourcePast(1, runs(GOOD), NOW - 6 * DAY, news)
    assert judge(past, NOW).state is State.WELL
    dated = SourcePast(1, runs(GOOD), NOW - 6 * DAY, news, day_gaps=[timedelta(hours=12)] * 30)
    assert judge(dated, NOW).state is State.SILENT


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=60))
def test_silence_is_longer_than_any_gap_seen(seconds: list[int]) -> None:
    gaps = [timedelta(seconds=n) for n in seconds]
    assert silence_after(gaps) > max(gaps)


counts = st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))


@given(st.lists(counts, max_size=20), st.sampled_from([timedelta(minutes=1), HOUR, DAY]))
def test_every_past_has_a_state_and_a_bounded_rest(past: list[tuple[int, int, int]], apart: timedelta) -> None:
    told = health(*past, apart=apart)
    assert 1 <= told.pace <= SLOWER_PACE
    assert (told.rest_until is not None) == (told.state in {State.BLOCKED, State.FAILING})
    assert told.rest_until is None or FIRST_REST <= told.rest_until - NOW <= LONGEST_REST


@given(st.integers(1, 10_000))
def test_a_rest_never_gets_shorter(spells: int) -> None:
    assert rest_after(spells) <= rest_after(spells + 1) <= LONGEST_REST


def test_runs_that_lie_close_are_one_spell_and_those_of_nothing_are_none() -> None:
    close = runs((1, 0, 0), (0, 2, 0), (0, 0, 0), (0, 0, 3), apart=SPELL / 3)
    (spell,) = spells_of(close)
    assert (spell.answered, spell.refused, spell.failed) == (1, 2, 3)
    assert spells_of(runs((0, 0, 0))) == []


@pytest.mark.parametrize(
    ("listing", "said", "refused"),
    [
        (page(), "its front page lists no articles any more; it did on 2026-05-12", False),
        (page("unchanged"), "its front page lists no articles any more; it did on 2026-05-12", False),
        (page("gone", 9, reason="status 404"), "its front page is gone (status 404); it listed articles on 2026-05-12", False),
        (page("stored", 9), "its front page is no list of articles any more; it listed articles on 2026-05-12", False),
        (
            page("blocked", 9, kind="feed", url="https://tern.example/feed", reason="status 403"),
            "its feed https://tern.example/feed is refused (status 403); it listed articles on 2026-05-12", True,
        ),
        (page("robots", 9), "its front page is now forbidden by robots.txt; it listed articles on 2026-05-12", True),
    ],
)  # fmt: skip
def test_a_page_that_listed_articles_and_lists_none_is_complained_of(listing: ListingPage, said: str, refused: bool) -> None:
    assert complaints(SourcePast(1, lists=[listing]), 7) == [(said, refused)]
    assert complaints(SourcePast(1, lists=[listing]), 8) == [], "another run fetched it"


@pytest.mark.parametrize("listing", [page(entries=3), page("failed"), page("later"), page("stored", None, None)])
def test_other_pages_are_not(listing: ListingPage) -> None:
    assert complaints(SourcePast(1, lists=[listing])) == []


def test_an_empty_list_is_one_whatever_dates_are_followed() -> None:
    assert judge(SourcePast(1, runs(GOOD), lists=[page()]), NOW, bounded=True).state is State.SILENT


def test_a_source_that_never_listed_anything_is_said_to_be_so() -> None:
    ((said, refused),) = complaints(SourcePast(1, lists=[page(listed=None)], ever_listed=False))
    assert said.startswith("its front page lists no articles, and never did")
    assert not refused


def test_a_source_whose_front_page_lists_nothing_is_silent() -> None:
    silent = judge(SourcePast(1, runs(GOOD), lists=[page()]), NOW)
    assert (silent.state, silent.since) == (State.SILENT, NOW - 8 * DAY)
    assert silent.reason == "its front page lists no articles any more; it did on 2026-05-12"


def test_a_source_whose_lists_are_all_refused_is_blocked_though_articles_answer() -> None:
    walled = [page("blocked", 9, NOW - 2 * HOUR, reason="a wall"), page("blocked", 9, NOW - 2 * HOUR, kind="feed")]
    blocked = judge(SourcePast(1, runs(GOOD, GOOD, GOOD, GOOD), lists=walled), NOW)
    assert (blocked.state, blocked.reason, blocked.since) == (State.BLOCKED, "a wall", NOW - HOUR)
    assert blocked.rest_until == NOW + 2 * FIRST_REST, "the second run in a row"
    failing = judge(SourcePast(1, runs(GOOD), lists=[page("failed", 9, NOW - 2 * HOUR)]), NOW)
    assert failing.state is State.FAILING


def test_one_of_several_lists_that_is_refused_makes_no_source_blocked() -> None:
    lists = [page("blocked", 9), page("listed", 9, NOW, kind="feed")]
    slow = judge(SourcePast(1, runs(GOOD), lists=lists), NOW)
    assert (slow.state, slow.pace) == (State.SLOW, 1)
    assert slow.reason == "its front page is refused; it listed articles on 2026-05-12"


def test_a_host_that_refused_page_after_page_after_many_good_ones_is_blocked_until_its_rest_is_over() -> None:
    until = NOW + HOUR / 6
    past = SourcePast(
        1, runs(GOOD, (300, 10, 0)), resting_until=until, rest_reason="10 pages refused: status 403", rest_asked=False
    )
    blocked = judge(past, NOW)
    assert (blocked.state, blocked.rest_until, blocked.reason) == (State.BLOCKED, until, "10 pages refused: status 403")
    assert judge(past, until).state is State.WELL


def test_a_host_that_failed_page_after_page_is_failing() -> None:
    past = SourcePast(
        1, runs((300, 0, 10)), resting_until=NOW + HOUR, rest_reason="10 pages refused: timed out", rest_asked=False
    )
    assert judge(past, NOW).state is State.FAILING


def test_runs_and_rests_in_times_to_come_were_noted_by_a_wrong_clock() -> None:
    later = SourceRun(9, NOW + 365 * DAY, refused=20)
    past = SourcePast(1, [*runs(GOOD), later], news=[NOW + 365 * DAY], resting_until=NOW + 364 * DAY, rest_reason="status 429")
    assert judge(past, NOW) == Health(State.WELL)
    assert judge(SourcePast(1, [later]), NOW) == Health(State.NEW)


def test_a_source_of_which_a_host_is_left_alone_is_slow_and_does_not_rest() -> None:
    past = SourcePast(1, runs(GOOD), held=HeldHost("gull.example", NOW + HOUR, "robots.txt cannot be read: status 503"))
    told = judge(past, NOW)
    assert (told.state, told.rest_until, told.pace) == (State.SLOW, None, 1.0)
    assert told.reason == (
        "gull.example is left alone until 2026-05-20 13:00Z (robots.txt cannot be read: status 503), and pages on it wait"
    )


def test_a_host_that_is_left_alone_for_more_than_a_day_by_a_wrong_clock_is_not() -> None:
    assert judge(SourcePast(1, runs(GOOD), held=HeldHost("gull.example", NOW + 9 * DAY, "status 503")), NOW).state is State.WELL


@pytest.mark.parametrize(
    ("unread", "first", "told"),
    [(True, NOW, 0), (True, NOW - HOUR, 0), (True, NOW - 2 * DAY, 1), (False, NOW, 1), (True, None, 1)],
)
def test_never_did_is_not_said_before_all_lists_of_a_new_source_were_read(
    unread: bool, first: datetime | None, told: int
) -> None:
    past = SourcePast(1, runs((1, 0, 0)), first_run=first, lists=[page(listed=None)], ever_listed=False, unread_list=unread)
    assert len(complaints(past)) == told
    assert (judge(past, NOW).state is State.WELL) == (told == 0)
