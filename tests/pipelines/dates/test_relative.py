"""Relative dates against the time of the fetch."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates.relative import UNITS, find_relative, resolve
from pipelines.dates.words import AGO
from pipelines.fields import Precision

FETCHED = datetime(2026, 11, 22, 12, tzinfo=UTC)

PHRASES = [
    ("en", "Published 3 months ago", "2026-08", "month"),
    ("en", "By Ann Lee Published 3 months ago 4 min read", "2026-08", "month"),
    ("en", "a year ago", "2025", "year"),
    ("en", "2 years ago", "2024", "year"),
    ("en", "2 weeks ago", "2026-11", "month"),
    ("en", "3d ago", "2026-11-19", "day"),
    ("en", "3 hrs ago", "2026-11-22T09:00:00+00:00", "hour"),
    ("en", "5 minutes ago", "2026-11-22T11:00:00+00:00", "hour"),
    ("en", "yesterday", "2026-11-21", "day"),
    ("de", "vor 2 Tagen", "2026-11-20", "day"),
    ("de", "vor einem Monat", "2026-10", "month"),
    ("de", "gestern, 10:05 Uhr", "2026-11-21", "day"),
    ("fr", "il y a 3 heures", "2026-11-22T09:00:00+00:00", "hour"),
    ("fr", "il y a un an", "2025", "year"),
    ("es", "hace 2 días", "2026-11-20", "day"),
    ("es", "ayer", "2026-11-21", "day"),
    ("it", "3 giorni fa", "2026-11-19", "day"),
    ("pt", "há 3 meses", "2026-08", "month"),
    ("pt", "3 dias atrás", "2026-11-19", "day"),
    ("nl", "2 dagen geleden", "2026-11-20", "day"),
    ("sv", "för 3 dagar sedan", "2026-11-19", "day"),
    ("no", "for 3 dager siden", "2026-11-19", "day"),
    ("no", "3 måneder siden", "2026-08", "month"),
    ("pl", "2 godziny temu", "2026-11-22T10:00:00+00:00", "hour"),
    ("pl", "miesiąc temu", "2026-10", "month"),
    ("fi", "3 päivää sitten", "2026-11-19", "day"),
    ("ru", "2 дня назад", "2026-11-20", "day"),
    ("tr", "3 gün önce", "2026-11-19", "day"),
    ("ja", "2日前", "2026-11-20", "day"),
    ("ja", "3か月前", "2026-08", "month"),
    ("zh", "3小时前", "2026-11-22T09:00:00+00:00", "hour"),
    ("zh", "2个月前", "2026-09", "month"),
    ("ko", "3일 전", "2026-11-19", "day"),
    ("th", "2 วันที่แล้ว", "2026-11-20", "day"),
    ("ar", "منذ 3 ساعات", "2026-11-22T09:00:00+00:00", "hour"),
    ("fa", "۳ روز پیش", "2026-11-19", "day"),
    ("he", "לפני 3 ימים", "2026-11-19", "day"),
    ("hi", "3 घंटे पहले", "2026-11-22T09:00:00+00:00", "hour"),
    ("bn", "৩ দিন আগে", "2026-11-19", "day"),
    ("vi", "3 ngày trước", "2026-11-19", "day"),
    ("id", "3 hari yang lalu", "2026-11-19", "day"),
    ("el", "πριν από 3 ημέρες", "2026-11-19", "day"),
    ("hu", "3 nappal ezelőtt", "2026-11-19", "day"),
    ("uk", "3 години тому", "2026-11-22T09:00:00+00:00", "hour"),
    ("ro", "acum 3 zile", "2026-11-19", "day"),
    ("bg", "преди 3 дни", "2026-11-19", "day"),
    ("cs", "před 3 dny", "2026-11-19", "day"),
    ("hr", "prije 3 dana", "2026-11-19", "day"),
    ("lt", "prieš 3 dienas", "2026-11-19", "day"),
    ("et", "3 päeva tagasi", "2026-11-19", "day"),
    ("da", "for 3 dage siden", "2026-11-19", "day"),
    ("sw", "siku 3 zilizopita", "2026-11-19", "day"),
    ("cs", "před rokem", "2025", "year"),
]


@pytest.mark.parametrize(("lang", "phrase", "expected", "precision"), PHRASES)
def test_phrase_is_resolved_at_the_precision_it_allows(lang: str, phrase: str, expected: str, precision: str) -> None:
    found = find_relative(phrase, FETCHED, lang)
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


@given(st.text(max_size=80), st.sampled_from(sorted(AGO)))
def test_finding_never_raises(text: str, lang: str) -> None:
    find_relative(text, FETCHED, lang)


@pytest.mark.parametrize("lang", sorted(AGO))
def test_phrases_of_every_language_are_found(lang: str) -> None:
    for unit, phrases in AGO[lang].items():
        for phrase in phrases.split("|"):
            found = find_relative(phrase.format(3), FETCHED, lang)
            assert found is not None, (unit, phrase)
