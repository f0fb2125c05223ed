"""Relative dates against the time of the fetch."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article import Precision
from pipelines.dates.relative import UNITS, find_relative, resolve

FETCHED = datetime(2026, 11, 22, 12, tzinfo=UTC)

PHRASES = [
    ("Published 3 months ago", "2026-08", "month"),
    ("By Ann Lee Published 3 months ago 4 min read", "2026-08", "month"),
    ("a year ago", "2025", "year"),
    ("2 years ago", "2024", "year"),
    ("2 weeks ago", "2026-11", "month"),
    ("3d ago", "2026-11-19", "day"),
    ("3 hrs ago", "2026-11-22T09:00:00+00:00", "hour"),
    ("5 minutes ago", "2026-11-22T11:00:00+00:00", "hour"),
    ("yesterday", "2026-11-21", "day"),
    ("vor 2 Tagen", "2026-11-20", "day"),
    ("vor einem Monat", "2026-10", "month"),
    ("gestern, 10:05 Uhr", "2026-11-21", "day"),
    ("il y a 3 heures", "2026-11-22T09:00:00+00:00", "hour"),
    ("il y a un an", "2025", "year"),
    ("hace 2 días", "2026-11-20", "day"),
    ("ayer", "2026-11-21", "day"),
    ("3 giorni fa", "2026-11-19", "day"),
    ("há 3 meses", "2026-08", "month"),
    ("3 dias atrás", "2026-11-19", "day"),
    ("2 dagen geleden", "2026-11-20", "day"),
    ("för 3 dagar sedan", "2026-11-19", "day"),
    ("for 3 dager siden", "2026-11-19", "day"),
    ("3 måneder siden", "2026-08", "month"),
    ("2 godziny temu", "2026-11-22T10:00:00+00:00", "hour"),
    ("miesiąc temu", "2026-10", "month"),
    ("3 päivää sitten", "2026-11-19", "day"),
    ("2 дня назад", "2026-11-20", "day"),
    ("3 gün önce", "2026-11-19", "day"),
    ("2日前", "2026-11-20", "day"),
    ("3か月前", "2026-08", "month"),
    ("3小时前", "2026-11-22T09:00:00+00:00", "hour"),
    ("2个月前", "2026-09", "month"),
    ("3일 전", "2026-11-19", "day"),
]


@pytest.mark.parametrize(("phrase", "expected", "precision"), PHRASES)
def test_phrase_is_resolved_at_the_precision_it_allows(phrase: str, expected: str, precision: str) -> None:
    found = find_relative(phrase, FETCHED)
    assert found is not None
    assert (found.date.text, found.date.precision, found.date.basis) == (expected, Precision(precision), "relative")


@pytest.mark.parametrize(
    "text", ["", "4 min read", "politics", "Long ago in the islands", "3 months of rain", "ago", "yesterday " * 9]
)
def test_text_without_a_relative_date_gives_none(text: str) -> None:
    assert find_relative(text, FETCHED) is None


def test_without_a_time_of_fetching_nothing_is_resolved() -> None:
    assert find_relative("3 months ago", None) is None


def test_months_ago_keep_to_the_last_day_of_short_months() -> None:
    date = resolve(1, "month", datetime(2026, 3, 31, tzinfo=UTC))
    assert date is not None
    assert date.text == "2026-02"


def test_interval_reaches_from_a_unit_more_to_half_a_unit_less() -> None:
    date = resolve(2, "day", FETCHED)
    assert date is not None
    assert (date.earliest, date.latest) == (datetime(2026, 11, 19, 12, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))


@given(st.integers(0, 999), st.sampled_from(sorted(UNITS)))
def test_no_relative_date_lies_after_the_fetch(count: int, unit: str) -> None:
    date = resolve(count, unit, FETCHED)
    assert date is None or date.earliest <= date.latest <= FETCHED


@given(st.text(max_size=80))
def test_finding_never_raises(text: str) -> None:
    find_relative(text, FETCHED)
