"""Strings to dates: one string in, the dates that stand in it out.

ISO 8601 and RFC 2822 first, then numeric dates in the order of day and month that the language uses, then names of months. An
`ArticleDate` made here has the text `2026`, `2026-08`, `2026-08-22`, `2026-08-22T10:05:00` or `2026-08-22T10:05:00+02:00`; an
hour alone is written as `2026-08-22T10:00:00+00:00` with the precision `hour`, because no database reads a time without
minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from pipelines.dates.months import MONTHS, month_number
from pipelines.fields import ArticleDate, Precision

EARLIEST_YEAR = 1800
"""Years before it are errors of the page, not dates of an article."""

LATEST_YEAR = 2200

WIDEST_EAST = timedelta(hours=14)
"""Largest offset east of UTC in use; a local time of unknown zone may lie this much earlier in UTC."""

WIDEST_WEST = timedelta(hours=12)

FUTURE_TOLERANCE = timedelta(days=2)
"""A date further after the fetch than this is a mistake: zones and clocks that are wrong explain less."""

ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "eet": 120, "eest": 180,
    "msk": 180,
    "jst": 540, "kst": 540, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420,
    "aest": 600, "aedt": 660,
}  # fmt: skip
"""Minutes east of UTC of zone names that have one meaning on news pages."""

MONTH_FIRST = frozenset({"us", "ph", "bz", "fm", "pw"})
"""Countries that write the month before the day in numeric dates."""

_ISO = re.compile(
    r"(?<![\d/.-])(\d{4})-(\d{1,2})(?:-(\d{1,2})(?:(?:T|\s+|\s+T)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z\b|UTC|GMT|"
    r"[+-]\d{2}:?(?:\d{2})?)?)?)?"
    r"(?![\d-])",
    re.I,
)
_COMPACT = re.compile(r"^\s*((?:18|19|20)\d\d)(\d\d)(\d\d)(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d))?\s*(Z|[+-]\d\d:?\d\d)?)?\s*$")
_RFC_2822 = re.compile(r"^\s*(?:[A-Za-z]{3,9},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}")
_BROWSER = re.compile(
    r"^\s*[A-Z][a-z]{2}\s+([A-Z][a-z]{2})\s+(\d{1,2})\s+(?:(\d{4})\s+)?(\d{2}):(\d{2})(?::(\d{2}))?\s*(?:(\d{4})|(?:GMT|"
    r"UTC)?([+-]\d{4}))?"
)
_EPOCH = re.compile(r"^\s*(1\d{9})(?:\d{3})?\s*$")
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日일])?")
_YEAR_FIRST = re.compile(r"(?<![\d/.])(\d{4})([./])\s?(\d{1,2})\2\s?(\d{1,2})(?![\d])")
_YEAR_LAST = re.compile(r"(?<![\d/.\-])(\d{1,2})(\.|/|-)\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?![\d/])(?!\.\d)")
_WORD = r"([^\W\d_]{3,12})"
_DAY_FIRST_NAME = re.compile(
    rf"(?<![\d.,:])(\d{{1,2}})\s?(?:\.|st|nd|rd|th|er|º|ª|°|-a)?[\s.\-/]\s?(?:of |de |d[’'] ?|den )?{_WORD}\.?(?:,|-|/|"
    rf"\.)?\s?(?:de |del |of )?(\d{{4}})\b",
    re.I,
)
_DAY_GLUED_NAME = re.compile(rf"(?<![\d.,:])(\d{{1,2}}){_WORD}(\d{{4}})\b")
_NAME_FIRST = re.compile(rf"(?<![^\W\d_]){_WORD}\.?\s+(\d{{1,2}})(?:st|nd|rd|th|\.)?,?\s+(?:de |del |at )?(\d{{4}})\b", re.I)
_YEAR_NAME_DAY = re.compile(rf"\b(\d{{4}})[.,]?\s+(?:m\. )?{_WORD}\.?\s+(\d{{1,2}})\b", re.I)
_MONTH_ONLY = re.compile(rf"^\W*(?:\w+:\s*)?{_WORD}\.?,?\s+(?:de |del )?(\d{{4}})\W*$", re.I)
_TIME = re.compile(
    r"^\s*(?:[,|·•@/()–—-]|T\b|\b(?:at|um|à|a las|às|alle(?: ore)?|ore|om|kl\.?|klo|o|godz\.?|в|saat|ás|"
    r"as)(?!\w))?\s*(?:\([^)\d]{1,12}\)\s*)?"
    r"(?:[,|·•@/–—-]|(?:at|um|à|kl\.?|klo|om|ore)(?!\w))?\s*"
    r"(\d{1,2})\s?(?:[:h]|\.(?=\d\d(?!\d|\.)))\s?(\d{2})?(?::(\d{2}))?\s*(?:(a|p)\.?\s?m\b\.?)?(?:\s*Uhr)?\s*\(?((?:UTC|"
    r"GMT)?\s?[+-]\d{1,2}:?\d{2}|[A-Z]{3,4}\b|Z\b)?",
    re.I,
)
_TIME_CJK = re.compile(
    r"^\s*(?:\([^)]{1,3}\)|（[^）]{1,3}）)?\s*(午前|午後|上午|下午|오전|오후)?\s*(\d{1,2})\s*(?::|時|时|點|点|시)\s*(\d{2})?"
)
_HOUR_ALONE = re.compile(r"^\s*,?\s*(?:at\s*)?(\d{1,2})\s*(a|p)\.?m\b", re.I)
_TIME_BEFORE = re.compile(
    r"(\d{1,2}):(\d{2})(?::\d{2})?\s*(?:(a|p)\.?m\b\.?)?(?:\s*Uhr)?\s*(?:[,|·•–—-]|on|am|du|del)?\s*(?:[A-Z][a-z]+,?\s*)?$", re.I
)

_EPOCH_START = datetime(1970, 1, 1)  # noqa: DTZ001
"""What software prints for a date that it does not have."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Parts of a date as they stand on a page; None for what is not said."""

    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    offset: int | None = None
    """Minutes east of UTC; None where the zone is unknown."""


@dataclass(frozen=True, slots=True)
class DateInText:
    """A date found in a text, with the characters it takes there."""

    date: ArticleDate
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Customs:
    """How a page writes dates."""

    lang: str | None = None
    """ISO 639-1."""
    region: str | None = None
    """ISO 3166-1 alpha-2, lower case."""
    fetched: datetime | None = None
    """Aware UTC; no date lies more than two days after it."""

    @property
    def month_first(self) -> bool:
        """Whether `3/4/2026` is the fourth of March: American English, or English without a region."""
        if self.region:
            return self.region in MONTH_FIRST
        return self.lang == "en"


def make_date(moment: Moment, basis: str) -> ArticleDate | None:
    """The `ArticleDate` of a moment with its interval; None where there is no such day or time."""
    try:
        start = datetime(moment.year, moment.month or 1, moment.day or 1)  # noqa: DTZ001
        start = start.replace(hour=moment.hour or 0, minute=moment.minute or 0, second=moment.second or 0)
    except ValueError:
        return None
    if not EARLIEST_YEAR <= start.year <= LATEST_YEAR or (start == _EPOCH_START and not moment.hour):
        return None
    precision = _precision_of(moment)
    end = _end_of(start, precision, moment.second is not None)
    known = moment.offset is not None and precision in {Precision.MINUTE, Precision.HOUR}
    if known:
        zone = timezone(timedelta(minutes=moment.offset or 0))
        earliest, latest = start.replace(tzinfo=zone).astimezone(UTC), end.replace(tzinfo=zone).astimezone(UTC)
    else:
        earliest, latest = (start - WIDEST_EAST).replace(tzinfo=UTC), (end + WIDEST_WEST).replace(tzinfo=UTC)
    return ArticleDate(_text_of(start, precision, moment.offset if known else None), precision, known, basis, earliest, latest)


def _precision_of(moment: Moment) -> Precision:
    if moment.month is None:
        return Precision.YEAR
    if moment.day is None:
        return Precision.MONTH
    if moment.hour is None:
        return Precision.DAY
    return Precision.HOUR if moment.minute is None else Precision.MINUTE


def _end_of(start: datetime, precision: Precision, with_seconds: bool) -> datetime:
    second = timedelta(seconds=1)
    if precision is Precision.YEAR:
        return start.replace(year=start.year + 1) - second
    if precision is Precision.MONTH:
        return (start + timedelta(days=31)).replace(day=1) - second
    if precision is Precision.DAY:
        return start + timedelta(days=1) - second
    if precision is Precision.HOUR:
        return start + timedelta(hours=1) - second
    return start if with_seconds else start + timedelta(seconds=59)


def _text_of(start: datetime, precision: Precision, offset: int | None) -> str:
    if precision is Precision.YEAR:
        return f"{start:%Y}"
    if precision is Precision.MONTH:
        return f"{start:%Y-%m}"
    if precision is Precision.DAY:
        return f"{start:%Y-%m-%d}"
    zone = timezone(timedelta(minutes=offset)) if offset is not None else None
    return start.replace(tzinfo=zone).isoformat()


def parse_date(text: str, customs: Customs | None = None, basis: str = "declared") -> ArticleDate | None:
    """The date that a string names; None where it names none, more than the string's shape allows, or one in the future."""
    customs = customs or Customs()
    text = text.strip()[:200]
    moment = _read_machine_format(text)
    if moment is not None:
        date = make_date(moment, basis)
        return date if date and not is_future(date, customs.fetched) else None
    found = next(find_dates(text, customs, basis), None)
    if found:
        return found.date
    return _parse_month_and_year(text, customs, basis) or _parse_foreign(text, customs, basis)


def is_future(date: ArticleDate, fetched: datetime | None) -> bool:
    """Whether the date begins more than two days after the fetch; never where the time of the fetch is unknown."""
    return fetched is not None and date.earliest > fetched + FUTURE_TOLERANCE


def _read_machine_format(text: str) -> Moment | None:
    """Formats that only machines write: ISO 8601, its compact form, RFC 2822, a browser's `Date.toString`, seconds since 1970."""
    iso = _ISO.match(text)
    if iso and iso.end() > len(text) - 8:
        return without_empty_time(_moment_of_iso(iso))
    compact = _COMPACT.match(text)
    if compact:
        year, month, day, hour, minute, second = (int(part) if part else None for part in compact.groups()[:6])
        return Moment(year or 0, month, day, hour, minute, second, _offset_of(compact[7]))
    if _RFC_2822.match(text):
        return _read_rfc_2822(text)
    browser = _BROWSER.match(text)
    if browser and (browser[3] or browser[7]):
        month = month_number(browser[1], "en")
        second = int(browser[6]) if browser[6] else None
        return (
            month
            and Moment(
                int(browser[3] or browser[7]),
                month,
                int(browser[2]),
                int(browser[4]),
                int(browser[5]),
                second,
                _offset_of(browser[8]),
            )
        ) or None
    epoch = _EPOCH.match(text)
    if epoch:
        instant = datetime.fromtimestamp(int(epoch[1]), UTC)
        return Moment(instant.year, instant.month, instant.day, instant.hour, instant.minute, instant.second, 0)
    return None


def _moment_of_iso(match: re.Match[str]) -> Moment:
    year, month, day, hour, minute, second = (int(part) if part else None for part in match.groups()[:6])
    return Moment(year or 0, month, day, hour, minute, second, _offset_of(match[7]))


def without_empty_time(moment: Moment) -> Moment:
    """The moment without a midnight that stands for no time: one without a zone."""
    if moment.offset is None and not moment.hour and not moment.minute and not moment.second:
        return replace(moment, hour=None, minute=None, second=None)
    return moment


def _read_rfc_2822(text: str) -> Moment | None:
    try:
        stamp = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    zone = stamp.utcoffset()
    offset = None if zone is None else int(zone.total_seconds() // 60)
    return Moment(stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second, offset)


def _offset_of(text: str | None) -> int | None:
    """Minutes east of UTC of `Z`, `+02:00`, `-0500`, `CET`; None where it says nothing certain."""
    if not text:
        return None
    name = text.strip().casefold()
    if name in ZONES:
        return ZONES[name]
    match = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", name)
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > 14 * 60:
        return None
    return -minutes if match[1] == "-" else minutes


def find_dates(text: str, customs: Customs | None = None, basis: str = "printed") -> Iterator[DateInText]:
    """Dates with a day that stand anywhere in a text, in order, none of them in the future."""
    customs = customs or Customs()
    if not any(char.isdigit() for char in text):
        return
    found: list[DateInText] = []
    for start, end, moment in _find_moments(text, customs):
        if any(start < other.end and other.start < end for other in found):
            continue
        timed, end = _with_time(moment, text, start, end)
        date = make_date(timed, basis) or make_date(moment, basis)
        if date and not is_future(date, customs.fetched):
            found.append(DateInText(date, start, end))
    yield from sorted(found, key=lambda item: item.start)


def _find_moments(text: str, customs: Customs) -> Iterator[tuple[int, int, Moment]]:
    for match in _ISO.finditer(text):
        if match[3]:
            yield match.start(), match.end(), without_empty_time(_moment_of_iso(match))
    for match in _CJK.finditer(text):
        if match[3]:
            yield match.start(), match.end(), Moment(int(match[1]), int(match[2]), int(match[3]))
    for match in _YEAR_FIRST.finditer(text):
        yield match.start(), match.end(), Moment(int(match[1]), int(match[3]), int(match[4]))
    yield from _find_named(text, customs)
    for match in _YEAR_LAST.finditer(text):
        moment = _read_numeric(match, customs)
        if moment:
            yield match.start(), match.end(), moment


def _find_named(text: str, customs: Customs) -> Iterator[tuple[int, int, Moment]]:
    shapes = ((_DAY_FIRST_NAME, 3, 2, 1), (_NAME_FIRST, 3, 1, 2), (_YEAR_NAME_DAY, 1, 2, 3), (_DAY_GLUED_NAME, 3, 2, 1))
    for pattern, year, name, day in shapes:
        for match in pattern.finditer(text):
            month = month_number(match[name], customs.lang)
            if month:
                yield match.start(), match.end(), Moment(int(match[year]), month, int(match[day]))


def _read_numeric(match: re.Match[str], customs: Customs) -> Moment | None:
    """`22.08.2026`, `8/22/2026`, `22-08-26`: what cannot be a month is the day, else the page's custom decides."""
    first, separator, second, year = int(match[1]), match[2], int(match[3]), match[4]
    if len(year) == 2 and separator == "-":
        return None
    day, month = first, second
    if second > 12 or (first <= 12 and customs.month_first and separator != "."):
        day, month = second, first
    return Moment(_full_year(year, customs), month, day)


def _full_year(year: str, customs: Customs) -> int:
    if len(year) == 4:
        return int(year)
    century = 2000 if customs.fetched is None or 2000 + int(year) <= customs.fetched.year else 1900
    return century + int(year)


def _with_time(moment: Moment, text: str, start: int, end: int) -> tuple[Moment, int]:
    """The moment with the time of day that stands beside it, and where that ends."""
    if moment.hour is not None:
        return moment, end
    after = text[end : end + 40]
    match = _TIME.match(after)
    if match and (match[2] or match[4] or "h" in match[0]):
        return _set_time(moment, match[1], match[2] or "0", match[3], match[4], match[5]), end + match.end()
    match = _TIME_CJK.match(after)
    if match:
        half = "p" if match[1] in {"午後", "下午", "오후"} else "a" if match[1] else None
        return _set_time(moment, match[2], match[3] or "0", None, half, None), end + match.end()
    match = _HOUR_ALONE.match(after)
    if match:
        return _set_time(moment, match[1], None, None, match[2], None), end + match.end()
    match = _TIME_BEFORE.search(text[max(0, start - 30) : start])
    if match:
        return _set_time(moment, match[1], match[2], None, match[3], None), end
    return moment, end


def _set_time(moment: Moment, hour: str, minute: str | None, second: str | None, half: str | None, zone: str | None) -> Moment:
    hours = int(hour)
    if half and hours <= 12:
        hours = hours % 12 + (12 if half.casefold() == "p" else 0)
    if hours > 23 or int(minute or 0) > 59:
        return moment
    return replace(
        moment,
        hour=hours,
        minute=int(minute) if minute else None,
        second=int(second) if second else None,
        offset=_offset_of(zone),
    )


def _parse_month_and_year(text: str, customs: Customs, basis: str) -> ArticleDate | None:
    match = _MONTH_ONLY.match(text)
    month = month_number(match[1], customs.lang) if match else None
    if match and month:
        date = make_date(Moment(int(match[2]), month), basis)
        return date if date and not is_future(date, customs.fetched) else None
    cjk = _CJK.search(text)
    if cjk and not cjk[3]:
        return make_date(Moment(int(cjk[1]), int(cjk[2])), basis)
    return None


def _parse_foreign(text: str, customs: Customs, basis: str) -> ArticleDate | None:
    """Dates in languages without a table of months; `dateparser` is slow, so only a short string with a year gets there."""
    if customs.lang is None or customs.lang in MONTHS or len(text) > 60 or not re.search(r"\d{4}", text):
        return None
    import dateparser

    try:
        stamp = dateparser.parse(
            text, languages=[customs.lang], settings={"STRICT_PARSING": True, "RELATIVE_BASE": customs.fetched}
        )
    except (ValueError, TypeError, OverflowError):
        return None
    if stamp is None:
        return None
    zone = stamp.utcoffset()
    offset = None if zone is None else int(zone.total_seconds() // 60)
    date = make_date(
        without_empty_time(Moment(stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, None, offset)), basis
    )
    return date if date and not is_future(date, customs.fetched) else None
