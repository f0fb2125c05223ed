"""Times beside a date."""

from __future__ import annotations

import pytest

from pipelines.dates.clock import offset_of
from pipelines.dates.moments import Moment
from pipelines.dates.parse import Customs, parse_date

BESIDE = [
    ("August 22, 2026 at 10:05 pm ET", "2026-08-22T22:05:00-04:00"),
    ("December 22, 2026 at 10:05 pm ET", "2026-12-22T22:05:00-05:00"),
    ("22 August 2026 10:05 GMT+8", "2026-08-22T10:05:00+08:00"),
    ("22 August 2026, 12:05 a.m.", "2026-08-22T00:05:00"),
    ("10:05 AM EDT, August 22, 2026", "2026-08-22T10:05:00-04:00"),
    ("22 August 2026 | 4 min read", "2026-08-22"),
    ("22 August 2026 - 25:05", "2026-08-22"),
]


@pytest.mark.parametrize(("text", "expected"), BESIDE)
def test_time_beside_a_date_belongs_to_it(text: str, expected: str) -> None:
    date = parse_date(text, Customs("en"))
    assert date is not None
    assert date.text == expected


@pytest.mark.parametrize(
    ("zone", "expected"), [("Z", 0), ("CET", 60), ("+05:30", 330), ("-0330", -210), ("+20:00", None), ("XYZ", None), ("ET", None)]
)
def test_offset_of_a_zone(zone: str, expected: int | None) -> None:
    assert offset_of(zone) == expected


@pytest.mark.parametrize(("day", "expected"), [((2026, 3, 7), -300), ((2026, 3, 8), -240), ((2026, 11, 1), -300)])
def test_daylight_saving_time_decides_the_offset_of_eastern_time(day: tuple[int, int, int], expected: int) -> None:
    assert offset_of("ET", Moment(*day)) == expected
