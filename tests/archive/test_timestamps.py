from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.timestamps import clock_ahead, moment_of, stamp

MOMENTS = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001 - Hypothesis wants naive bounds
    max_value=datetime(9998, 1, 1),  # noqa: DTZ001
    timezones=st.builds(timezone, st.integers(-720, 720).map(lambda minutes: timedelta(minutes=minutes))),
)


@given(MOMENTS)
def test_what_is_stamped_reads_back_to_the_second(moment: datetime) -> None:
    assert timedelta(0) <= moment - moment_of(stamp(moment)) < timedelta(seconds=1)


@given(MOMENTS, MOMENTS)
def test_text_order_is_time_order(one: datetime, other: datetime) -> None:
    if one <= other:
        assert stamp(one) <= stamp(other)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        stamp(datetime(2026, 8, 22))  # noqa: DTZ001


def test_the_form() -> None:
    assert stamp(datetime(2026, 8, 22, 10, 5, 7, 999999, tzinfo=UTC)) == "2026-08-22T10:05:07Z"


def test_a_rehearsal_begins_at_the_moment_it_names() -> None:
    system = datetime(2026, 5, 1, tzinfo=UTC)
    assert system + clock_ahead("2026-08-22T12:00:00+02:00", system) == datetime(2026, 8, 22, 10, tzinfo=UTC)


def test_without_a_rehearsal_the_clock_is_the_systems() -> None:
    system = datetime(2026, 5, 1, tzinfo=UTC)
    assert clock_ahead(None, system) == clock_ahead("", system) == timedelta(0)


def test_a_moment_of_a_rehearsal_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="MORGUE_CLOCK"):
        clock_ahead("2026-08-22T10:05:00", datetime(2026, 5, 1, tzinfo=UTC))


@pytest.mark.parametrize("text", ["garbage", "2026-12-01", "2026-13-01T00:00:00Z"])
def test_what_is_no_moment_of_a_rehearsal_is_told_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="2026-08-22T10:05:00Z"):
        clock_ahead(text, datetime(2026, 5, 1, tzinfo=UTC))
