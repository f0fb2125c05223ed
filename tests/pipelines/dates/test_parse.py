"""One string to one date."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article import Precision
from pipelines.dates.parse import Customs, find_dates, is_future, parse_date

FETCHED = datetime(2026, 11, 22, 12, tzinfo=UTC)

DECLARED = [
    ("2026-08-22", "2026-08-22", "day"),
    ("2026-08", "2026-08", "month"),
    ("2026-08-22T10:05:00+02:00", "2026-08-22T10:05:00+02:00", "minute"),
    ("2026-08-22T10:05:00.123Z", "2026-08-22T10:05:00+00:00", "minute"),
    ("2026-08-22T10:05+0200", "2026-08-22T10:05:00+02:00", "minute"),
    ("2026-08-22 10:05:00 +0200", "2026-08-22T10:05:00+02:00", "minute"),
    ("2026-08-22T10:05:00", "2026-08-22T10:05:00", "minute"),
    ("2026-08-22T00:00:00", "2026-08-22", "day"),
    ("2026-08-22T00:00:00+00:00", "2026-08-22T00:00:00+00:00", "minute"),
    ("Sat, 22 Aug 2026 10:05:00 +0200", "2026-08-22T10:05:00+02:00", "minute"),
    ("Sat Aug 22 2026 10:05:00 GMT+0200 (CEST)", "2026-08-22T10:05:00+02:00", "minute"),
    ("20260822", "2026-08-22", "day"),
    ("20260822T100500Z", "2026-08-22T10:05:00+00:00", "minute"),
    ("1598086800", "2020-08-22T09:00:00+00:00", "minute"),
]


@pytest.mark.parametrize(("text", "expected", "precision"), DECLARED)
def test_formats_of_machines_are_read_with_their_precision(text: str, expected: str, precision: str) -> None:
    date = parse_date(text, Customs(fetched=FETCHED))
    assert date is not None
    assert (date.text, date.precision, date.basis) == (expected, Precision(precision), "declared")


PRINTED = [
    ("en", "August 22, 2026", "2026-08-22"),
    ("en", "Aug. 22nd, 2026 at 10:05 am EDT", "2026-08-22T10:05:00-04:00"),
    ("en", "Friday 22nd of August 2026", "2026-08-22"),
    ("en", "22-Aug-2026", "2026-08-22"),
    ("en", "10:05 PM, Aug 22, 2026", "2026-08-22T22:05:00"),
    ("en", "August 2026", "2026-08"),
    ("de", "22. August 2026, 10:05 Uhr", "2026-08-22T10:05:00"),
    ("de", "Samstag, 22. März 2025", "2025-03-22"),
    ("de", "22.08.2026 10:05", "2026-08-22T10:05:00"),
    ("de", "22.08.26", "2026-08-22"),
    ("fr", "1er août 2026 à 10h05", "2026-08-01T10:05:00"),
    ("es", "22 de agosto de 2026", "2026-08-22"),
    ("it", "22 agosto 2026 - 10:05", "2026-08-22T10:05:00"),
    ("pt", "22 de março de 2026 às 10h05", "2026-03-22T10:05:00"),
    ("nl", "22 augustus 2026", "2026-08-22"),
    ("sv", "22 augusti 2026 kl. 10.05", "2026-08-22T10:05:00"),
    ("da", "22. oktober 2026", "2026-10-22"),
    ("no", "22. oktober 2026", "2026-10-22"),
    ("fi", "22. elokuuta 2026", "2026-08-22"),
    ("pl", "22 sierpnia 2026", "2026-08-22"),
    ("cs", "22. listopadu 2025", "2025-11-22"),
    ("ru", "22 августа 2026, 10:05", "2026-08-22T10:05:00"),
    ("hu", "2026. augusztus 22.", "2026-08-22"),
    ("tr", "22 Ağustos 2026", "2026-08-22"),
    ("ja", "2026年8月22日 午後3時05分", "2026-08-22T15:05:00"),
    ("zh", "2026年8月22日", "2026-08-22"),
    ("ko", "2026년 8월 22일", "2026-08-22"),
    ("ar", "22 أغسطس 2026", "2026-08-22"),
]


@pytest.mark.parametrize(("lang", "text", "expected"), PRINTED)
def test_names_of_months_are_read_in_the_language(lang: str, text: str, expected: str) -> None:
    date = parse_date(text, Customs(lang, None, FETCHED))
    assert date is not None
    assert date.text == expected


@pytest.mark.parametrize(
    ("customs", "expected"),
    [
        (Customs("en"), "2026-08-09"),
        (Customs("en", "us"), "2026-08-09"),
        (Customs("en", "gb"), "2026-09-08"),
        (Customs("fr"), "2026-09-08"),
        (Customs(None), "2026-09-08"),
    ],
)
def test_order_of_day_and_month_follows_language_and_region(customs: Customs, expected: str) -> None:
    date = parse_date("8/9/2026", customs)
    assert date is not None
    assert date.text == expected


def test_what_cannot_be_a_month_is_the_day() -> None:
    assert [found.date.text for found in find_dates("22/8/2026 8/22/2026", Customs("en", "us"))] == ["2026-08-22", "2026-08-22"]


def test_november_in_czech_is_october_in_croatian() -> None:
    assert parse_date("3 listopad 2025") is None


@pytest.mark.parametrize(
    "text", ["", "politics", "4 min read", "31.02.2026", "2026", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00", "1.2.3", "10:05"]
)
def test_strings_without_a_date_give_none(text: str) -> None:
    assert parse_date(text, Customs("en", None, FETCHED)) is None


def test_dates_long_after_the_fetch_are_none() -> None:
    assert parse_date("2026-11-26", Customs(fetched=FETCHED)) is None
    assert parse_date("2026-11-23", Customs(fetched=FETCHED)) is not None


def test_interval_of_a_day_without_zone_holds_it_in_every_zone() -> None:
    date = parse_date("2026-08-22")
    assert date is not None
    assert (date.earliest, date.latest) == (datetime(2026, 8, 21, 10, tzinfo=UTC), datetime(2026, 8, 23, 11, 59, 59, tzinfo=UTC))
    assert not date.zone_known


def test_interval_of_a_minute_is_one_minute() -> None:
    date = parse_date("2026-08-22T10:05+02:00")
    assert date is not None
    assert (date.earliest, date.latest) == (datetime(2026, 8, 22, 8, 5, tzinfo=UTC), datetime(2026, 8, 22, 8, 5, 59, tzinfo=UTC))
    assert date.zone_known


def test_dates_in_a_line_come_in_order_with_their_places() -> None:
    line = "Published 22 August 2026, updated 23 August 2026"
    assert [line[found.start : found.end] for found in find_dates(line, Customs("en"))] == ["22 August 2026", "23 August 2026"]


@given(st.text(max_size=80), st.sampled_from(["en", "de", "ja", None]))
def test_parsing_never_raises(text: str, lang: str | None) -> None:
    date = parse_date(text, Customs(lang, None, FETCHED))
    assert date is None or date.earliest <= date.latest


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2026, 11, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_iso_is_read_back_as_written(stamp: datetime) -> None:
    stamp = stamp.replace(microsecond=0)
    date = parse_date(stamp.isoformat())
    assert date is not None
    assert datetime.fromisoformat(date.text) == stamp
    assert not is_future(date, FETCHED)
