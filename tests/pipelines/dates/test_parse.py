"""One string to one date."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates.moments import is_future
from pipelines.dates.parse import Customs, find_dates, parse_date
from pipelines.fields import Precision

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
    ("th", "22 สิงหาคม 2569", "2026-08-22"),
    ("th", "22 ส.ค. 69 10:05 น.", "2026-08-22T10:05:00"),
    ("th", "วันเสาร์ที่ 22 สิงหาคม พ.ศ. 2569", "2026-08-22"),
    ("th", "๒๒ สิงหาคม ๒๕๖๙", "2026-08-22"),
    ("fa", "۳۱ مرداد ۱۴۰۵ - ۱۰:۰۵", "2026-08-22T10:05:00"),
    ("fa", "۱۴۰۵/۰۵/۳۱", "2026-08-22"),
    ("fa", "شنبه ۳۱ مرداد ۱۴۰۵", "2026-08-22"),
    ("ar", "٢٢ آب ٢٠٢٦", "2026-08-22"),
    ("ar", "22 آب/أغسطس 2026", "2026-08-22"),
    ("ar", "9 ربيع الأول 1448", "2026-08"),
    ("hi", "22 अगस्त 2026", "2026-08-22"),
    ("hi", "२२ अगस्त २०२६", "2026-08-22"),
    ("bn", "২২ আগস্ট ২০২৬, ১০:০৫", "2026-08-22T10:05:00"),
    ("ta", "22 ஆகஸ்ட் 2026", "2026-08-22"),
    ("te", "22 ఆగస్టు 2026", "2026-08-22"),
    ("ml", "22 ഓഗസ്റ്റ് 2026", "2026-08-22"),
    ("mr", "22 ऑगस्ट 2026", "2026-08-22"),
    ("gu", "22 ઑગસ્ટ 2026", "2026-08-22"),
    ("pa", "22 ਅਗਸਤ 2026", "2026-08-22"),
    ("kn", "22 ಆಗಸ್ಟ್ 2026", "2026-08-22"),
    ("ne", "२२ अगस्ट २०२६", "2026-08-22"),
    ("si", "2026 අගෝස්තු 22", "2026-08-22"),
    ("my", "၂၀၂၆ ဩဂုတ် ၂၂", "2026-08-22"),
    ("km", "ថ្ងៃទី២២ ខែសីហា ឆ្នាំ២០២៦", "2026-08-22"),
    ("lo", "22 ສິງຫາ 2026", "2026-08-22"),
    ("ka", "22 აგვისტო, 2026", "2026-08-22"),
    ("hy", "22 օգոստոսի, 2026", "2026-08-22"),
    ("he", "22 באוגוסט 2026", "2026-08-22"),
    ("el", "22 Αυγούστου 2026", "2026-08-22"),
    ("el", "ΑΥΓΟΥΣΤΟΥ 22, 2026", "2026-08-22"),
    ("bg", "22 август 2026 г., 10:05", "2026-08-22T10:05:00"),
    ("mk", "22 август 2026", "2026-08-22"),
    ("sr", "22. август 2026. 10:05", "2026-08-22T10:05:00"),
    ("sr", "22. avgust 2026", "2026-08-22"),
    ("hr", "22. kolovoza 2026. u 10:05", "2026-08-22T10:05:00"),
    ("sl", "22. avgust 2026", "2026-08-22"),
    ("sk", "22. augusta 2026", "2026-08-22"),
    ("cs", "22. srpna 2026 v 10:05", "2026-08-22T10:05:00"),
    ("pl", "22 sierpnia 2026, 10:05", "2026-08-22T10:05:00"),
    ("lt", "2026 m. rugpjūčio 22 d. 10:05", "2026-08-22T10:05:00"),
    ("lv", "2026. gada 22. augusts, 10:05", "2026-08-22T10:05:00"),
    ("et", "22. august 2026", "2026-08-22"),
    ("hu", "2026. augusztus 22. 10:05", "2026-08-22T10:05:00"),
    ("ro", "22 august 2026, ora 10:05", "2026-08-22T10:05:00"),
    ("sq", "22 gusht 2026", "2026-08-22"),
    ("mt", "22 ta’ Awwissu 2026", "2026-08-22"),
    ("ga", "22 Lúnasa 2026", "2026-08-22"),
    ("cy", "22 Awst 2026", "2026-08-22"),
    ("is", "22. ágúst 2026 kl. 10:05", "2026-08-22T10:05:00"),
    ("fi", "22. elokuuta 2026 klo 10.05", "2026-08-22T10:05:00"),
    ("sv", "22 augusti 2026 kl 10.05", "2026-08-22T10:05:00"),
    ("vi", "22 tháng 8, 2026", "2026-08-22"),
    ("vi", "Thứ bảy, ngày 22 tháng 08 năm 2026", "2026-08-22"),
    ("vi", "22/08/2026 10:05", "2026-08-22T10:05:00"),
    ("id", "22 Agustus 2026 10:05 WIB", "2026-08-22T10:05:00"),
    ("ms", "22 Ogos 2026", "2026-08-22"),
    ("fil", "Agosto 22, 2026", "2026-08-22"),
    ("sw", "22 Agosti 2026", "2026-08-22"),
    ("az", "22 avqust 2026", "2026-08-22"),
    ("kk", "2026 жылғы 22 тамыз", "2026-08-22"),
    ("uz", "22-avgust, 2026-yil", "2026-08-22"),
    ("ky", "22-август, 2026", "2026-08-22"),
    ("mn", "2026 оны 8 сарын 22", "2026-08-22"),
    ("eu", "2026ko abuztuaren 22a", "2026-08-22"),
    ("ca", "22 d'agost de 2026 a les 10:05", "2026-08-22T10:05:00"),
    ("am", "ኦገስት 22, 2026", "2026-08-22"),
    ("ur", "22 اگست 2026ء", "2026-08-22"),
    ("ur", "اگست 22، 2026", "2026-08-22"),
    ("ps", "22 اگست 2026", "2026-08-22"),
    ("ja", "令和8年8月22日 10時05分", "2026-08-22T10:05:00"),
    ("ja", "R8.8.22", "2026-08-22"),
    ("zh", "民國115年8月22日", "2026-08-22"),
    ("zh", "115/08/22 10:05", "2026-08-22T10:05:00"),
    ("zh", "二〇二六年八月二十二日", "2026-08-22"),
    ("zh", "2026年8月22日 星期六 下午3:05", "2026-08-22T15:05:00"),
    ("ko", "2026년 8월 22일 오후 3시 5분", "2026-08-22T15:00:00"),
    ("ko", "2026. 8. 22. 15:05", "2026-08-22T15:05:00"),
    ("en", "Aug. 22, 2026 10:05 a.m. ET", "2026-08-22T10:05:00-04:00"),
    ("en", "Saturday, August 22nd, 2026", "2026-08-22"),
    ("be", "22 жніўня 2026", "2026-08-22"),
    ("uk", "22 серпня 2026, 10:05", "2026-08-22T10:05:00"),
    ("ru", "22 августа 2026 года", "2026-08-22"),
    ("ru", "22.08.2026, 10:05 МСК", "2026-08-22T10:05:00+03:00"),
    ("tr", "22 Ağustos 2026 Cumartesi 10:05", "2026-08-22"),
    ("af", "22 Augustus 2026", "2026-08-22"),
    ("zu", "Agasti 22, 2026", "2026-08-22"),
    ("fr", "le 22/08/2026 à 10h05", "2026-08-22T10:05:00"),
    ("de", "22. Aug. 2026", "2026-08-22"),
    ("de", "22.8.26, 10:05 Uhr", "2026-08-22T10:05:00"),
    ("en", "22Aug2026", "2026-08-22"),
    ("sr", "22.08.2026. u 10:05", "2026-08-22T10:05:00"),
    ("pt", "22 ago 2026 às 10h05", "2026-08-22T10:05:00"),
    ("ru", "22 авг. 2026 г.", "2026-08-22"),
    ("es", "Sábado 22 de agosto de 2026, a las 10:05 a. m.", "2026-08-22T10:05:00"),
    ("ar", "22 أغسطس 2026", "2026-08-22"),
]


@pytest.mark.parametrize(("lang", "text", "expected"), PRINTED)
def test_dates_are_read_as_the_language_writes_them(lang: str, text: str, expected: str) -> None:
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
