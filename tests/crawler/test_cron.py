from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.cron import Cron

BERLIN = ZoneInfo("Europe/Berlin")
"""Clocks go forward on 2026-03-29 at 2:00 and back on 2026-10-25 at 3:00."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("fields", "now", "then"),
    [
        ("0 3 * * *", "2026-08-22T02:59:30Z", "2026-08-22T03:00:00Z"),
        ("0 3 * * *", "2026-08-22T03:00:00Z", "2026-08-23T03:00:00Z"),
        ("*/15 * * * *", "2026-08-22T10:14:59Z", "2026-08-22T10:15:00Z"),
        ("5/20 * * * *", "2026-08-22T10:26:00Z", "2026-08-22T10:45:00Z"),
        ("0 6 * * mon-fri", "2026-08-21T06:00:00Z", "2026-08-24T06:00:00Z"),
        ("0 6 * * 7", "2026-08-22T00:00:00Z", "2026-08-23T06:00:00Z"),
        ("0 6 * * 0", "2026-08-22T00:00:00Z", "2026-08-23T06:00:00Z"),
        ("0 0 13 * fri", "2026-08-01T00:00:00Z", "2026-08-07T00:00:00Z"),
        ("0 0 1 jan *", "2026-08-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("0 0 29 2 *", "2026-08-01T00:00:00Z", "2028-02-29T00:00:00Z"),
        ("30 6,18 * * *", "2026-08-22T07:00:00Z", "2026-08-22T18:30:00Z"),
    ],
)
def test_the_next_moment_is_that_of_crontab(fields: str, now: str, then: str) -> None:
    assert Cron.read(fields).after(at(now), UTC) == at(then)


def test_a_day_that_never_comes_has_no_next_moment() -> None:
    assert Cron.read("0 0 30 2 *").after(at("2026-08-01T00:00:00Z"), UTC) is None


def test_the_fields_mean_local_time() -> None:
    assert Cron.read("0 3 * * *").after(at("2026-07-01T00:00:00Z"), BERLIN) == at("2026-07-01T01:00:00Z")
    assert Cron.read("0 3 * * *").after(at("2026-12-01T00:00:00Z"), BERLIN) == at("2026-12-01T02:00:00Z")


def test_a_time_that_the_clocks_skip_comes_once_after_it() -> None:
    cron = Cron.read("30 2 * * *")
    skipped = cron.after(at("2026-03-28T12:00:00Z"), BERLIN)
    assert skipped == at("2026-03-29T01:30:00Z")
    assert cron.after(skipped, BERLIN) == at("2026-03-30T00:30:00Z")


def test_a_time_that_the_clocks_repeat_comes_once() -> None:
    cron = Cron.read("30 2 * * *")
    first = cron.after(at("2026-10-24T12:00:00Z"), BERLIN)
    assert first == at("2026-10-25T00:30:00Z")
    assert cron.after(first, BERLIN) == at("2026-10-26T01:30:00Z")


def test_every_quarter_of_an_hour_goes_on_through_the_hour_that_is_repeated() -> None:
    cron, moment = Cron.read("*/15 * * * *"), at("2026-10-24T23:30:00Z")
    for _ in range(16):
        later = cron.after(moment, BERLIN)
        assert later == moment + timedelta(minutes=15)
        moment = later


FIELDS = st.tuples(
    st.sampled_from(["*", "0", "*/7", "10-50/20", "3,33"]),
    st.sampled_from(["*", "0", "2", "*/5", "1-3"]),
    st.sampled_from(["*", "1", "25,29", "*/2"]),
    st.sampled_from(["*", "3", "10", "mar-nov"]),
    st.sampled_from(["*", "0", "7", "1-5", "sat,sun"]),
).map(" ".join)
MOMENTS = st.datetimes(  # Hypothesis wants its bounds without a zone
    datetime(2026, 3, 20),  # noqa: DTZ001
    datetime(2026, 11, 5),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(FIELDS, MOMENTS)
def test_no_minute_that_the_fields_name_is_passed_over(fields: str, moment: datetime) -> None:
    """Against looking at each minute by itself, in a zone without changes of the clock."""
    cron = Cron.read(fields)
    then = cron.after(moment, UTC)
    minute = moment.replace(second=0, microsecond=0)
    for n in range(1, 24 * 60):
        candidate = minute + timedelta(minutes=n)
        if candidate.minute in cron.minutes and candidate.hour in cron.hours and cron._names(candidate.date()):
            assert then == candidate
            return
    assert then is None or then > minute + timedelta(minutes=24 * 60 - 1)


@given(FIELDS, MOMENTS)
def test_the_next_moment_is_always_later(fields: str, moment: datetime) -> None:
    then = Cron.read(fields).after(moment, BERLIN)
    assert then is None or then > moment
