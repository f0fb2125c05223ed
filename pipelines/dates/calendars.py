"""Other calendars: years and days that a page counts otherwise, as Gregorian ones.

Buddhist years (Thailand, Laos, Cambodia) and those of the Republic of China (Taiwan) are Gregorian ones shifted; Japanese eras
begin with an emperor. The Persian solar year has the leap years of the cycle of 33 years, which agrees with the equinox for
the years taken here. The Islamic lunar year is the civil table; what a country sees in the sky may differ by a day or two, so
only the month is trusted.
"""

from __future__ import annotations

from datetime import date, timedelta

BUDDHIST_SHIFT = 543
MINGUO_SHIFT = 1911
BUDDHIST_YEARS = range(2400, 2700)
"""Years that a page can only mean in the Buddhist count."""
PERSIAN_YEARS = range(1250, 1470)
LUNAR_YEARS = range(1300, 1500)

ERAS = {
    "明治": 1868,
    "大正": 1912,
    "昭和": 1926,
    "平成": 1989,
    "令和": 2019,
    "m": 1868,
    "t": 1912,
    "s": 1926,
    "h": 1989,
    "r": 2019,
}
"""First year of each Japanese era, by its name and its letter."""

_PERSIAN_LEAPS = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
"""Years of the cycle of 33 that have a leap day."""
_PERSIAN_START = date(622, 3, 21)
"""First day of the solar year 1 by this rule, Gregorian proleptic; makes 1 Farvardin 1404 the 21st of March 2025."""
_LUNAR_LEAPS = frozenset({2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29})
_LUNAR_START = date(622, 7, 19)
"""First day of the lunar year 1, Gregorian proleptic."""

PERSIAN_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "فروردین|حمل|وری", "اردیبهشت|ثور|غویی", "خرداد|جوزا|غبرګولی", "تیر|سرطان|چنګاښ", "مرداد|امرداد|اسد|زمری",
            "شهریور|سنبله|وږی", "مهر|میزان|تله", "ابان|عقرب|لړم", "اذر|قوس|لیندی", "دی|جدی|مرغومی", "بهمن|دلو|سلواغه",
            "اسفند|حوت|کب",
        ),
        1,
    )
    for name in names.split("|")
}  # fmt: skip
"""Months of the solar year in Persian, Dari and Pashto, folded."""

LUNAR_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "محرم|muharram", "صفر|safar", "ربیع الاول|rabi al-awwal", "ربیع الاخر|ربیع الثانی|rabi al-thani",
            "جمادی الاولی|جمادی الاول|jumada al-ula", "جمادی الاخرة|جمادی الثانیة|جمادی الثانی|jumada al-akhirah", "رجب|rajab",
            "شعبان|shaban", "رمضان|ramadan", "شوال|shawwal", "ذو القعدة|ذی القعدة|ذوالقعدة|ذیقعده|dhu al-qadah",
            "ذو الحجة|ذی الحجة|ذوالحجة|ذیحجه|dhu al-hijjah",
        ),
        1,
    )
    for name in names.split("|")
}  # fmt: skip
"""Months of the lunar year in Arabic and Latin script, folded."""


def from_persian(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a Persian solar one; None where there is none such."""
    if year not in PERSIAN_YEARS or not 1 <= month <= 12 or not 1 <= day <= (31 if month <= 6 else 30):
        return None
    cycles, place = divmod(year - 1, 33)
    leaps = cycles * len(_PERSIAN_LEAPS) + sum(leap <= place for leap in _PERSIAN_LEAPS)
    days = (year - 1) * 365 + leaps + 31 * (month - 1) - max(0, month - 7) + day - 1
    return _PERSIAN_START + timedelta(days=days)


def from_lunar(year: int, month: int, day: int) -> date | None:
    """The Gregorian day of one of the civil Islamic calendar; None where there is none such."""
    if year not in LUNAR_YEARS or not 1 <= month <= 12 or not 1 <= day <= 30:
        return None
    cycles, place = divmod(year - 1, 30)
    days = cycles * 10631 + place * 354 + sum(leap <= place for leap in _LUNAR_LEAPS) + (59 * (month - 1) + 1) // 2 + day - 1
    return _LUNAR_START + timedelta(days=days)


def from_era(era: str, year: int) -> int:
    """The Gregorian year of a year of a Japanese era."""
    return ERAS[era.lower()] + year - 1
