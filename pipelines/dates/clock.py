"""Times of day that stand beside a date: "at 10:05 pm EDT", "kl. 10.05", "10h05", "午後3時05分"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from pipelines.dates.moments import Moment

ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "eet": 120, "eest": 180,
    "msk": 180, "мск": 180, "trt": 180, "sast": 120, "pkt": 300, "wib": 420, "ict": 420, "sgt": 480, "hkt": 480, "awst": 480,
    "jst": 540, "kst": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540,
    "akdt": -480, "hst": -600, "brt": -180, "art": -180, "clt": -240, "cot": -300, "pet": -300,
}  # fmt: skip
"""Minutes east of UTC of zone names that have one meaning on news pages."""

AMERICAN = {"et": -300, "ct": -360, "mt": -420, "pt": -480}
"""Standard offset of American zones whose names leave daylight saving time open."""

_LEAD = (
    r"(?:(?:at|um|à|a las|a les|às|ás|as|alle(?: ore)?|ore|ora|om|kl\.?|klo|kello|o|ob|u|v|в|во|о|godz\.?|od|saat|saati|pukul|"
    r"jam|lúc|στις|τις|ώρα|время|ساعت|الساعة|kell|val\.?|plkst\.?|tid|с|time|เวลา|bei|de|ve|den)(?!\w))"
)
_TIME = re.compile(
    rf"^\.?\s*(?:(?:г|р|god|d)\.)?\s*(?:[,،|·•@/()–—‒-]|T\b|{_LEAD})?\s*(?:\([^)\d]{{1,12}}\)\s*)?"
    rf"(?:[,،|·•@/–—:‒-]|{_LEAD})?\s*"
    r"(\d{1,2})\s?(?:[:h：]|\.(?=\d\d(?!\d|\.)))\s?(\d{2})?(?::(\d{2}))?\s*(?:(a|p)\.?\s?m\b\.?)?"
    r"(?:\s*(?:Uhr|Hrs?|น\.|ч\.|WIB))?\s*\(?((?:UTC|GMT)?\s?[+-]\d{1,2}:?\d{2}|(?:UTC|GMT)\s?[+-]\d{1,2}\b|[A-ZМСК]{3,4}\b|[ECMP]T\b|Z\b)?",
    re.I,
)
_TIME_EAST_ASIAN = re.compile(
    r"^\s*(?:\([^)]{1,3}\)|（[^）]{1,3}）|[月火水木金土日]曜日?|星期[一二三四五六日天]|[월화수목금토일]요일)?\s*"
    r"(午前|午後|上午|下午|오전|오후|凌晨|晚上|中午)?\s*(\d{1,2})\s*(?:[:：]|時|时|點|点|시)\s*(\d{2})?"
)
_LATER_HALF = frozenset({"午後", "下午", "오후", "晚上"})
_HOUR_ALONE = re.compile(r"^\s*,?\s*(?:at\s*)?(\d{1,2})\s*(a|p)\.?m\b", re.I)
_BEFORE = re.compile(
    r"(?<![\d:.])(\d{1,2}):(\d{2})(?::\d{2})?\s*(?:(a|p)\.?m\b\.?)?(?:\s*Uhr)?(?:\s*([A-Z]{3,4}|[ECMP]T)(?=\W))?"
    r"\s*(?:[,،|·•–—-]|on|am|du|del|,? ngày)?\s*(?:[^\W\d_]+[,،]?\s*)?$",
    re.I,
)
REACH = 45
"""Characters behind a date in which its time is looked for."""


def with_time(moment: Moment, text: str, start: int, end: int) -> tuple[Moment, int]:
    """The moment with the time of day that stands beside it in a text, and where that ends."""
    if moment.hour is not None or moment.day is None or not any(map(str.isdigit, text[end : end + REACH] + text[:start])):
        return moment, end
    after = text[end : end + REACH]
    match = _TIME.match(after)
    if match and (match[2] or match[4] or "h" in match[0]):
        return _set_time(moment, match[1], match[2] or "0", match[3], match[4], match[5]), end + match.end()
    if not after.isascii():
        match = _TIME_EAST_ASIAN.match(after)
        if match:
            half = "p" if match[1] in _LATER_HALF else "a" if match[1] and match[1] != "中午" else None
            return _set_time(moment, match[2], match[3] or "0", None, half, None), end + match.end()
    match = _HOUR_ALONE.match(after)
    if match:
        return _set_time(moment, match[1], None, None, match[2], None), end + match.end()
    match = _BEFORE.search(text[max(0, start - 30) : start])
    if match:
        return _set_time(moment, match[1], match[2], None, match[3], match[4]), end
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
        offset=offset_of(zone, moment),
    )


def offset_of(text: str | None, moment: Moment | None = None) -> int | None:
    """Minutes east of UTC of `Z`, `+02:00`, `-0500`, `CET`, `GMT+8`; None where it says nothing certain.

    The day of `moment` decides on daylight saving time for `ET`, `CT`, `MT` and `PT`.
    """
    if not text:
        return None
    name = text.strip().casefold()
    if name in ZONES:
        return ZONES[name]
    if name in AMERICAN:
        return AMERICAN[name] + 60 * _is_american_summer(moment) if moment else None
    match = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", name)
    if not match:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > 14 * 60:
        return None
    return -minutes if match[1] == "-" else minutes


def _is_american_summer(moment: Moment) -> bool:
    """Whether daylight saving time rules in the United States: second Sunday of March to first of November, since 2007."""
    try:
        day = date(moment.year, moment.month or 1, moment.day or 1)
    except ValueError:
        return False
    return _sunday(day.year, 3, 2) <= day < _sunday(day.year, 11, 1)


def _sunday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))
