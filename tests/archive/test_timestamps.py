from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.timestamps import moment_of, stamp

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
