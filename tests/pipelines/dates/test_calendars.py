"""Other calendars."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates.calendars import LUNAR_YEARS, PERSIAN_YEARS, from_era, from_lunar, from_persian


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (1403, 1, 1, date(2024, 3, 20)),
        (1404, 1, 1, date(2025, 3, 21)),
        (1399, 1, 1, date(2020, 3, 20)),
        (1357, 11, 22, date(1979, 2, 11)),
        (1403, 12, 30, date(2025, 3, 20)),
    ],
)
def test_days_of_the_persian_year(year: int, month: int, day: int, expected: date) -> None:
    assert from_persian(year, month, day) == expected


@given(st.integers(PERSIAN_YEARS.start, PERSIAN_YEARS.stop - 2))
def test_persian_years_follow_one_another_in_spring(year: int) -> None:
    first, following = from_persian(year, 1, 1), from_persian(year + 1, 1, 1)
    assert first is not None
    assert following is not None
    assert (following - first).days in {365, 366}
    assert (3, 19) <= (first.month, first.day) <= (3, 22)


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [(1445, 1, 1, date(2023, 7, 19)), (1446, 9, 1, date(2025, 3, 1)), (1400, 1, 1, date(1979, 11, 21))],
)
def test_days_of_the_lunar_year_lie_within_a_day(year: int, month: int, day: int, expected: date) -> None:
    found = from_lunar(year, month, day)
    assert found is not None
    assert abs((found - expected).days) <= 1


@given(st.integers(LUNAR_YEARS.start, LUNAR_YEARS.stop - 2))
def test_lunar_years_have_354_or_355_days(year: int) -> None:
    first, following = from_lunar(year, 1, 1), from_lunar(year + 1, 1, 1)
    assert first is not None
    assert following is not None
    assert (following - first).days in {354, 355}


@pytest.mark.parametrize(("year", "month", "day"), [(1404, 13, 1), (1404, 8, 31), (1200, 1, 1), (1404, 1, 0)])
def test_days_that_no_calendar_has_are_none(year: int, month: int, day: int) -> None:
    assert from_persian(year, month, day) is None
    assert from_lunar(year, month, day + 100) is None


@pytest.mark.parametrize(("era", "year", "expected"), [("令和", 8, 2026), ("平成", 1, 1989), ("R", 8, 2026)])
def test_years_of_eras(era: str, year: int, expected: int) -> None:
    assert from_era(era, year) == expected
