"""Strings to dates: one string in, the dates that stand in it out.

ISO 8601 and RFC 2822 first, then names of months, then numeric dates in the order of day and month that the page uses; digits of
every script and the calendars of `calendars.py`. An `ArticleDate` made here has the text `2026`, `2026-08`, `2026-08-22`,
`2026-08-22T10:05:00` or `2026-08-22T10:05:00+02:00`; an hour alone is written as `2026-08-22T10:00:00+00:00` with the precision
`hour`, because no database reads a time without minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from pipelines.dates.calendars import (
    BUDDHIST_SHIFT,
    BUDDHIST_YEARS,
    LUNAR_MONTHS,
    LUNAR_YEARS,
    MINGUO_SHIFT,
    PERSIAN_MONTHS,
    PERSIAN_YEARS,
    from_era,
    from_lunar,
    from_persian,
)
from pipelines.dates.clock import offset_of, with_time
from pipelines.dates.digits import DIGITS, han_number, plain_digits
from pipelines.dates.moments import Moment, is_future, make_date, without_empty_time
from pipelines.dates.months import fold, month_number
from pipelines.fields import ArticleDate

MONTH_FIRST = frozenset({"us", "ph", "bz", "fm", "pw"})
"""Countries that write the month before the day in numeric dates."""

REMEMBERED = 64
"""Strings whose dates are kept: pages say the same date again and again."""

LONGEST_DECLARED = 200
"""Characters of a declared date that are looked at."""

_ISO = re.compile(
    r"(?<![\d/.-])(\d{4})-(\d{1,2})(?:-(\d{1,2})(?:(?:T|\s+|\s+T)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z\b|UTC|GMT|"
    r"[+-]\d{2}:?(?:\d{2})?)?)?)?"
    r"(?![\d-])",
    re.I,
)
_COMPACT = re.compile(r"^\s*((?:18|19|20)\d\d)(\d\d)(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d))?\s*(Z|[+-]\d\d:?\d\d)?)?\s*$")
_RFC_2822 = re.compile(r"^\s*(?:[A-Za-z]{3,9},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}")
_BROWSER = re.compile(
    r"^\s*[A-Z][a-z]{2}\s+([A-Z][a-z]{2})\s+(\d{1,2})\s+(?:(\d{4})\s+)?(\d{2}):(\d{2})(?::(\d{2}))?\s*(?:[A-Z]{3,4}\s+)?"
    r"(?:(\d{4})|(?:GMT|UTC)?([+-]\d{4}))?"
)
_EPOCH = re.compile(r"^\s*(1\d{9})(?:\d{3})?\s*$")

_THREE_NUMBERS = r"[./-]\s?\d{1,2}[./-]\s?\d"
_WORTH_READING_ASCII = re.compile(rf"[0-9](?:[0-9]{{3}}|{_THREE_NUMBERS})")
_WORTH_READING = re.compile(rf"[{DIGITS}](?:[{DIGITS}]{{3}}|{_THREE_NUMBERS}|\s?[ก-๙])|年|년")
"""What every date with a day holds: four digits, three numbers in a row, or a word for year."""

_WORD = r"([^\W\d_][^\s\d,،、;:/|()\[\]\"–—·•_-]{1,17}(?: [^\W\d_][^\s\d,،、;:/|()–—·•_-]{2,12})??)"
_OF = r"(?:of |de |del |d[’'] ?|den |di |ta[’'] |ng |ខែ ?|เดือน ?)?"
_OF_YEAR = r"(?:de |del |of |ng |พ\.ศ\. ?|ค\.ศ\. ?|ឆ្នាំ ?|sene )?"
_YEAR = r"(\d{4})(?!\d)"
_DAY_NAME_YEAR = re.compile(
    rf"(?<![\d.,:])(\d{{1,2}})\s?(?:\.|st|nd|rd|th|er|ème|º|ª|°|-a(?=\s)|-го|ос)?(?:[\s.\-/]\s?)?{_OF}{_WORD}(?:\s?/\s?[^\W\d_]+)?"
    rf"[\s.,،、/-]{{0,3}}{_OF_YEAR}{_YEAR}",
    re.I,
)
_DAY_NAME_SHORT_YEAR = re.compile(rf"(?<![\d.,:])(\d{{1,2}})\s?{_WORD}\s?(\d{{2}})(?![\d:.])")
_NAME_DAY_YEAR = re.compile(rf"(?<![^\W\d_]){_WORD}\.?\s+(\d{{1,2}})(?:st|nd|rd|th|\.)?\s?[,،]?\s+(?:de |del |at )?{_YEAR}", re.I)
_YEAR_NAME_DAY = re.compile(rf"(?<!\d){_YEAR}(?:ko|[.,]|\.? ?(?:m\.|e\.|оны))?[\s,،]+{_WORD}\.?\s+(\d{{1,2}})(?!\d)", re.I)
_YEAR_DAY_NAME = re.compile(
    rf"(?<!\d){_YEAR}\.?[\s-]?(?:gada|г\.|ж\.|жылғы|жылдың|yil|йил|il)\s?,?\s+(\d{{1,2}})[.\s-]\s?{_WORD}", re.I
)
_DAY_WORD_MONTH_YEAR = re.compile(r"(?<!\d)(\d{1,2})\s+(?:tháng|thg\.?)\s+(\d{1,2})[\s,]+(?:năm\s+)?(\d{4})(?!\d)", re.I)
_YEAR_WORD_MONTH_DAY = re.compile(
    r"(?<!\d)(\d{4})\s+оны?\s+(\d{1,2})[- ]?(?:р|\w{2,3}г[аэ]{2}р|д[үу]г[аэ]{2}р)?\s+сарын\s+(\d{1,2})", re.I
)
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日號号일])?")
_ERA = re.compile(r"(明治|大正|昭和|平成|令和)\s*(\d{1,2}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_ERA_LETTER = re.compile(r"(?<![\w.])([RHS])(\d{1,2})[./](\d{1,2})[./](\d{1,2})(?![\d.])")
_MINGUO = re.compile(r"(?:民國|民国|(?<!\d)(?=1[0-2]\d))\s*(\d{2,3})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})(?!\d)")
_HAN = re.compile(r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日")
_YEAR_FIRST = re.compile(r"(?<![\d/.])(\d{4})([./])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<![\d/.\-])(\d{1,2})(\.|/|-)\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?![\d/])(?!\.\d)")
_MONTH_ONLY = re.compile(rf"^\W*(?:\w+:\s*)?{_WORD}\.?,?\s+(?:de |del )?(\d{{4}})\W*$", re.I)

_PERSIAN_LANGUAGES = frozenset({"fa", "ps", "tg", "ckb", "az"})
_LUNAR_LANGUAGES = frozenset({"ar", "ur"})


@dataclass(frozen=True, slots=True)
class DateInText:
    """A date found in a text, with the characters it takes there."""

    date: ArticleDate
    start: int
    end: int
    swapped: ArticleDate | None = None
    """The other reading of a numeric date whose order of day and month the page does not show."""


@dataclass(frozen=True, slots=True)
class Customs:
    """How a page writes dates."""

    lang: str | None = None
    """ISO 639-1."""
    region: str | None = None
    """ISO 3166-1 alpha-2, lower case."""
    fetched: datetime | None = None
    """Aware UTC; no date lies more than two days after it."""

    first: str | None = None
    """`day` or `month`, where other numeric dates of the page show which it writes first."""

    def is_month_first(self, separator: str) -> bool:
        """Whether `3/4/2026` is the fourth of March: in American English, or English without a region; never with full stops."""
        if self.first or separator == ".":
            return self.first == "month"
        return self.lang in {"en", "fil"} and (self.region or "us") in MONTH_FIRST


_Found = tuple[int, int, Moment, Moment | None]
"""Start and end of a date in a text, its moment, and the other one if day and month might be exchanged."""


@lru_cache(maxsize=REMEMBERED)
def parse_date(text: str, customs: Customs | None = None, basis: str = "declared") -> ArticleDate | None:
    """The date that a string names; None where it names none, more than the string's shape allows, or one in the future."""
    customs = customs or Customs()
    text = plain_digits(text.strip()[:LONGEST_DECLARED])
    moment = _read_machine_format(text)
    if moment is not None:
        return _date_before(moment, customs, basis)
    found = next(find_dates(text, customs, basis), None)
    return found.date if found else _parse_month_and_year(text, customs, basis)


def may_hold_date(text: str) -> bool:
    """Whether a text has what every date with a year has; tells most texts apart in a glance."""
    return (_WORTH_READING_ASCII if text.isascii() else _WORTH_READING).search(text) is not None


def find_dates(text: str, customs: Customs | None = None, basis: str = "printed") -> Iterator[DateInText]:
    """Dates with a day that stand anywhere in a text, in order, none of them in the future."""
    if not may_hold_date(text):
        return
    text, customs = plain_digits(text), customs or Customs()
    found: list[DateInText] = []
    for start, end, moment, other in _find_moments(text, customs):
        if any(start < before.end and before.start < end for before in found):
            continue
        timed, end = with_time(moment, text, start, end)
        read = make_date(timed, basis) or make_date(moment, basis)
        if read and not is_future(read, customs.fetched):
            found.append(DateInText(read, start, end, _date_before(other, customs, basis) if other else None))
        elif other and (exchanged := _date_before(other, customs, basis)):
            found.append(DateInText(exchanged, start, end))
    yield from sorted(found, key=lambda item: item.start)


def first_in_dates(texts: Iterable[str]) -> str | None:
    """`day` or `month`: what stands first in numeric dates that can be read in one way only, if they agree."""
    seen = {
        "day" if int(match[1]) > 12 else "month"
        for text in texts
        for match in _DAY_FIRST.finditer(plain_digits(text))
        if int(match[1]) > 12 >= int(match[3]) or int(match[3]) > 12 >= int(match[1])
    }
    return seen.pop() if len(seen) == 1 else None


def _date_before(moment: Moment, customs: Customs, basis: str) -> ArticleDate | None:
    """The date of a moment, if there is such a day and it is not in the future."""
    read = make_date(moment, basis)
    return read if read and not is_future(read, customs.fetched) else None


# Formats of machines


def _read_machine_format(text: str) -> Moment | None:
    """Formats that only machines write: ISO 8601, its compact form, RFC 2822, a browser's `Date.toString`, seconds since 1970."""
    iso = _ISO.match(text)
    if iso and iso.end() > len(text) - 8:
        return _civil(without_empty_time(_moment_of_iso(iso)))
    if text[:1].isdigit():
        compact = _COMPACT.match(text)
        if compact:
            year, month, day, hour, minute, second = (int(part) if part else None for part in compact.groups()[:6])
            return Moment(year or 0, month, day, hour, minute, second, offset_of(compact[7]))
        epoch = _EPOCH.match(text)
        if epoch:
            instant = datetime.fromtimestamp(int(epoch[1]), UTC)
            return Moment(instant.year, instant.month, instant.day, instant.hour, instant.minute, instant.second, 0)
    if _RFC_2822.match(text):
        return _read_rfc_2822(text)
    browser = _BROWSER.match(text)
    return _moment_of_browser(browser) if browser else None


def _moment_of_iso(match: re.Match[str]) -> Moment:
    year, month, day, hour, minute, second = (int(part) if part else None for part in match.groups()[:6])
    return Moment(year or 0, month, day, hour, minute, second, offset_of(match[7]))


def _moment_of_browser(match: re.Match[str]) -> Moment | None:
    month, year = month_number(match[1], "en"), match[3] or match[7]
    if not month or not year:
        return None
    second = int(match[6]) if match[6] else None
    return Moment(int(year), month, int(match[2]), int(match[4]), int(match[5]), second, offset_of(match[8]))


def _read_rfc_2822(text: str) -> Moment | None:
    try:
        stamp = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    zone = stamp.utcoffset()
    offset = None if zone is None else int(zone.total_seconds() // 60)
    return Moment(stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second, offset)


# Dates as people write them


def _find_moments(text: str, customs: Customs) -> Iterator[_Found]:
    if "-" in text:
        for match in _ISO.finditer(text):
            if match[3]:
                yield match.start(), match.end(), _civil(without_empty_time(_moment_of_iso(match))), None
    if not text.isascii():
        yield from _find_east_asian(text)
        yield from _find_worded(text)
    if customs.lang in {"ja", "zh"}:
        yield from _find_counted_by_reign(text, customs.lang)
    for match in _YEAR_FIRST.finditer(text):
        moment = _counted(int(match[1]), int(match[3]), int(match[4]), customs)
        if moment:
            yield match.start(), match.end(), moment, None
    yield from _find_named(text, customs)
    for match in _DAY_FIRST.finditer(text):
        yield from _read_numeric(match, customs)


def _find_east_asian(text: str) -> Iterator[_Found]:
    for match in _EAST_ASIAN.finditer(text):
        if match[3]:
            yield match.start(), match.end(), Moment(int(match[1]), int(match[2]), int(match[3])), None
    for match in _ERA.finditer(text):
        year = from_era(match[1], 1 if match[2] == "元" else int(match[2]))
        yield match.start(), match.end(), Moment(year, int(match[3]), int(match[4])), None
    for match in _HAN.finditer(text):
        year, month, day = (han_number(part) or 0 for part in match.groups())
        yield match.start(), match.end(), Moment(year, month, day), None


def _find_counted_by_reign(text: str, lang: str) -> Iterator[_Found]:
    """Short Japanese eras (`R8.8.22`) and years of the Republic of China (`民國115年8月22日`, `115/8/22`)."""
    if lang == "ja":
        for match in _ERA_LETTER.finditer(text):
            yield match.start(), match.end(), Moment(from_era(match[1], int(match[2])), int(match[3]), int(match[4])), None
    else:
        for match in _MINGUO.finditer(text):
            yield match.start(), match.end(), Moment(int(match[1]) + MINGUO_SHIFT, int(match[2]), int(match[3])), None


def _find_worded(text: str) -> Iterator[_Found]:
    """Dates whose month is a number beside a word for month: Vietnamese, Mongolian."""
    for match in _DAY_WORD_MONTH_YEAR.finditer(text):
        yield match.start(), match.end(), Moment(int(match[3]), int(match[2]), int(match[1])), None
    for match in _YEAR_WORD_MONTH_DAY.finditer(text):
        yield match.start(), match.end(), Moment(int(match[1]), int(match[2]), int(match[3])), None


def _find_named(text: str, customs: Customs) -> Iterator[_Found]:
    """Dates with the name of a month, all written in the same order: pattern by pattern, the groups of year, name and day."""
    found = False
    shapes = ((_DAY_NAME_YEAR, 3, 2, 1), (_NAME_DAY_YEAR, 3, 1, 2), (_YEAR_NAME_DAY, 1, 2, 3), (_YEAR_DAY_NAME, 1, 3, 2))
    for pattern, year, name, day in shapes:
        for match in pattern.finditer(text):
            start, word = match.start(), match[name]
            moment = _named(word, int(match[year]), int(match[day]), customs)
            if moment is None and pattern is _NAME_DAY_YEAR and " " in word:
                start, word = start + word.index(" ") + 1, word.partition(" ")[2]
                moment = _named(word, int(match[year]), int(match[day]), customs)
            if moment:
                found = True
                yield start, match.end(), moment, None
        if found:
            return
    if customs.lang == "th":
        for match in _DAY_NAME_SHORT_YEAR.finditer(text):
            month = month_number(match[2], "th")
            if month:
                yield match.start(), match.end(), Moment(2500 + int(match[3]) - BUDDHIST_SHIFT, month, int(match[1])), None


def _named(name: str, year: int, day: int, customs: Customs) -> Moment | None:
    month = month_number(name, customs.lang)
    if month:
        return _civil(Moment(year, month, day))
    if year in PERSIAN_YEARS and (solar := PERSIAN_MONTHS.get(fold(name))):
        return _moment_of(from_persian(year, solar, day))
    if year in LUNAR_YEARS and (lunar := LUNAR_MONTHS.get(fold(name))):
        return _month_of(from_lunar(year, lunar, day))
    return None


def _counted(year: int, month: int, day: int, customs: Customs) -> Moment | None:
    """The moment of a numeric date whose year comes first, in the calendar that the year and the language point to."""
    if year in PERSIAN_YEARS and customs.lang in _PERSIAN_LANGUAGES:
        return _moment_of(from_persian(year, month, day))
    if year in LUNAR_YEARS and customs.lang in _LUNAR_LANGUAGES:
        return _month_of(from_lunar(year, month, day))
    return _civil(Moment(year, month, day))


def _civil(moment: Moment) -> Moment:
    """The moment with a Gregorian year where it has a Buddhist one."""
    if moment.year not in BUDDHIST_YEARS:
        return moment
    return Moment(
        moment.year - BUDDHIST_SHIFT, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.offset
    )


def _moment_of(day: date | None) -> Moment | None:
    return Moment(day.year, day.month, day.day) if day else None


def _month_of(day: date | None) -> Moment | None:
    return Moment(day.year, day.month) if day else None


def _read_numeric(match: re.Match[str], customs: Customs) -> Iterator[_Found]:
    """`22.08.2026`, `8/22/2026`, `22-08-26`: what cannot be a month is the day, else the page's custom decides."""
    first, separator, second, year = int(match[1]), match[2], int(match[3]), match[4]
    if len(year) == 2 and separator == "-":
        return
    full = _full_year(year, customs)
    day_first, month_first = _civil(Moment(full, second, first)), _civil(Moment(full, first, second))
    if max(first, second) > 12 or first == second:
        yield match.start(), match.end(), month_first if second > 12 else day_first, None
    elif customs.first:
        yield match.start(), match.end(), month_first if customs.first == "month" else day_first, None
    elif customs.is_month_first(separator):
        yield match.start(), match.end(), month_first, day_first
    else:
        yield match.start(), match.end(), day_first, month_first


def _full_year(year: str, customs: Customs) -> int:
    if len(year) == 4:
        return int(year)
    if customs.lang == "th":
        return 2500 + int(year)
    century = 2000 if customs.fetched is None or 2000 + int(year) <= customs.fetched.year else 1900
    return century + int(year)


def _parse_month_and_year(text: str, customs: Customs, basis: str) -> ArticleDate | None:
    match = _MONTH_ONLY.match(text)
    month = month_number(match[1], customs.lang) if match else None
    if match and month:
        return _date_before(_civil(Moment(int(match[2]), month)), customs, basis)
    east_asian = _EAST_ASIAN.search(text)
    if east_asian and not east_asian[3]:
        return _date_before(Moment(int(east_asian[1]), int(east_asian[2])), customs, basis)
    return None
