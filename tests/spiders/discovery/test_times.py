from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.discovery.times import read_time

TIMES = [
    ("2026", "2026-01-01T00:00:00+00:00"),
    ("2026-03", "2026-03-01T00:00:00+00:00"),
    ("2026-03-09", "2026-03-09T00:00:00+00:00"),
    ("2026-3-9", "2026-03-09T00:00:00+00:00"),
    ("2026-03-09T10:05Z", "2026-03-09T10:05:00+00:00"),
    ("2026-03-09T10:05+02:00", "2026-03-09T08:05:00+00:00"),
    ("2026-03-09T10:05:30-0530", "2026-03-09T15:35:30+00:00"),
    ("2026-03-09T10:05:30.1234567+01", "2026-03-09T09:05:30+00:00"),
    ("2026-03-09 10:05:30", "2026-03-09T10:05:30+00:00"),
    ("2026-03-09T24:00Z", "2026-03-10T00:00:00+00:00"),
    ("  2026-03-09\n", "2026-03-09T00:00:00+00:00"),
    ("Mon, 09 Mar 2026 10:05:30 +0200", "2026-03-09T08:05:30+00:00"),
    ("2026-13-01", None),
    ("2026-02-30", None),
    ("yesterday", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_times_are_read_at_every_precision(text: str, expected: str | None) -> None:
    moment = read_time(text)
    assert (moment.isoformat() if moment else None) == expected


def test_a_day_may_be_taken_at_its_end() -> None:
    moment = read_time("2026-03-09", end_of_day=True)
    assert moment is not None
    assert moment.isoformat() == "2026-03-09T23:59:59+00:00"


def test_a_month_is_taken_at_its_beginning_even_then() -> None:
    moment = read_time("2026-03", end_of_day=True)
    assert moment is not None
    assert moment.isoformat() == "2026-03-01T00:00:00+00:00"


@given(st.one_of(st.text(max_size=30), st.from_regex(r"\d{4}-\d{1,2}-\d{1,2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:?\d{2})?")))
def test_no_text_raises(text: str) -> None:
    moment = read_time(text)
    assert moment is None or moment.utcoffset() is not None
