from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.when import parse_when

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("7d", NOW - timedelta(days=7)),
        ("12h", NOW - timedelta(hours=12)),
        ("3 w", NOW - timedelta(weeks=3)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-08", datetime(2026, 8, 1, tzinfo=UTC)),
        ("2026-08-22", datetime(2026, 8, 22, tzinfo=UTC)),
        (" 2026-08-22T10:05Z ", datetime(2026, 8, 22, 10, 5, tzinfo=UTC)),
        ("2026-08-22T10:05+02:00", datetime(2026, 8, 22, 8, 5, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_as_people_type_it(text: str, moment: datetime) -> None:
    assert parse_when(text, NOW) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "7 parsecs", "2026-13", "2026-02-30", "999999y", "-3d"])
def test_what_is_no_date_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(ValueError, match="ISO date"):
        parse_when(text, NOW)


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_iso_time_comes_back(moment: datetime) -> None:
    assert parse_when(moment.isoformat(), NOW) == moment
