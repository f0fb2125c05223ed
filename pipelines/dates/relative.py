"""Relative dates: "3 months ago", "vor 2 Tagen", "il y a 3 heures", "2日前", read against the time of the fetch.

The precision is what the phrase allows. Minutes and hours ago give the hour, days the day. Weeks give the month, because the
interval is wider than a day; months give the month and years the year. Pages round, so the interval reaches from half a unit
less to a whole unit more than the phrase says.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from pipelines.dates.parse import DateInText, Moment, make_date
from pipelines.fields import ArticleDate, Precision

LONGEST_BARE_WORD_LINE = 60
"""Characters of a line in which "yesterday" alone is taken for its date; in longer ones it belongs to a sentence."""

UNITS: dict[str, str] = {
    "second": "seconds?|secs?|sekunden?|secondes?|segundos?|second[oi]|seconden|sekunder?|sekund[yę]?|sekuntia?|секунд[уы]?|"
    "saniye|秒|초",
    "minute": "minutes?|mins?|minuten?|minutos?|minut[oi]|minuut|minuten|minute?r?|minut[yę]?|minuuttia?|мин(?:ут[уы]?|\\.)?|"
    "dakika|分鐘|分钟|分|분",
    "hour": "hours?|hrs?|stunden?|std\\.?|heures?|horas?|or[ae]|uur|uren|timm(?:e|ar)|tim(?:er|e)|godzin[yę]?|godz\\.|"
    "tunti[a]?|hodin[yu]?|час(?:а|ов)?|saat|時間|小時|小时|시간",
    "day": "days?|tag(?:en)?|jours?|días?|dias?|giorn[oi]|dag(?:en|ar|e|er)?|døgn|dzień|dni|päivää?|dny|dnem|день|дня|дней|"
    "gün|日|天|일",
    "week": "weeks?|wks?|wochen?|semaines?|semanas?|settiman[ae]|we(?:ek|ken)|veck(?:a|or)|uge(?:r)?|uke(?:r)?|tydzień|"
    "tygodni(?:e|a)?|"
    "viikkoa?|týdn[yů]|недел[юиь]|hafta|週間|周|週|주일?",
    "month": "months?|mos?|monat(?:en)?|mois|mes(?:es)?|mes[ei]|mês|maand(?:en)?|månad(?:er)?|måned(?:er)?|miesiąc[ae]?|"
    "miesięcy|kuukautta|"
    "kuukausi|měsíc[eůi]?|месяц(?:а|ев)?|ay|[かヶカヵ]月|个月|個月|개월|달",
    "year": "years?|yrs?|jahr(?:en)?|ans?|années?|años?|ann[oi]|anos?|jaar|jaren|år|rok(?:u)?|lat(?:a)?|vuotta|vuosi|let|"
    "год(?:а)?|лет|yıl|年|년",
}
"""Forms of each unit in the languages read here, singular, plural and oblique."""

NUMBERS: dict[str, int] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "ein": 1, "eine": 1, "einem": 1, "einer": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "una": 1, "uno": 1,
    "dos": 2,
    "tres": 3, "due": 2, "tre": 3, "um": 1, "uma": 1, "dois": 2, "duas": 2, "een": 1, "één": 1, "twee": 2, "drie": 3, "en": 1,
    "ett": 1,
    "et": 1, "två": 2, "to": 2, "dwa": 2, "dwie": 2, "trzy": 3, "bir": 1, "yksi": 1, "один": 1, "одну": 1, "два": 2, "две": 2,
    "три": 3,
}  # fmt: skip

BARE_WORDS: dict[str, int] = {
    "today": 0, "yesterday": 1, "heute": 0, "gestern": 1, "vorgestern": 2, "aujourd'hui": 0, "aujourd’hui": 0, "hier": 1,
    "avant-hier": 2,
    "hoy": 0, "ayer": 1, "anteayer": 2, "oggi": 0, "ieri": 1, "hoje": 0, "ontem": 1, "vandaag": 0, "gisteren": 1, "idag": 0,
    "igår": 1,
    "i dag": 0, "i går": 1, "dziś": 0, "dzisiaj": 0, "wczoraj": 1, "tänään": 0, "eilen": 1, "dnes": 0, "včera": 1,
    "сегодня": 0, "вчера": 1, "bugün": 0, "dün": 1, "今日": 0, "昨日": 1, "今天": 0, "昨天": 1, "오늘": 0, "어제": 1,
}  # fmt: skip
"""Days back of words that name a day by themselves."""

SHORT_UNITS = {
    "s": "second",
    "m": "minute",
    "min": "minute",
    "h": "hour",
    "hr": "hour",
    "d": "day",
    "w": "week",
    "mo": "month",
    "y": "year",
    "yr": "year",
}

_NUMBER = r"(\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
_UNIT = "(" + "|".join(f"(?P<{name}>{forms})" for name, forms in UNITS.items()) + ")"
_BEFORE = re.compile(
    rf"(?<!\w)(?:vor|il y a|hace|há|ha|för|for|před)\s+(?:etwa |ca\. |environ |cerca de |około )?{_NUMBER}\s*{_UNIT}(?!\w)", re.I
)
_AFTER = re.compile(
    rf"(?<!\w){_NUMBER}[\s+]*{_UNIT}\s+(?:ago|fa|atrás|geleden|sedan|sen|siden|sitten|temu|назад|önce|전)(?!\w)", re.I
)
_SHORT = re.compile(r"(?<!\w)(\d{1,3})\s?(mo|min|hr|yr|[smhdwy])\s+ago(?!\w)", re.I)
_CJK = re.compile(rf"(\d{{1,3}})\s*{_UNIT}\s*(?:前|전)")
_ONE_BEFORE = re.compile(r"(?<!\w)(?:miesiąc|rok|tydzień|месяц|год|неделю|час) (?:temu|назад)(?!\w)", re.I)
_BARE = re.compile(r"(?<!\w)(" + "|".join(sorted(map(re.escape, BARE_WORDS), key=len, reverse=True)) + r")(?!\w)", re.I)
_HINT = re.compile(r"\d|ago|vor |fa\b|il y a|hace|há |temu|назад|geleden|sedan|siden|önce|[前전]", re.I)

_LENGTH = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_DAYS_OF_MONTH = 30.44
_DAYS_OF_YEAR = 365.25


def find_relative(text: str, fetched: datetime | None) -> DateInText | None:
    """The first relative date in a short text, resolved against `fetched` (aware); None without one or without a fetch time."""
    if fetched is None or not text:
        return None
    if _HINT.search(text):
        for pattern in (_BEFORE, _AFTER, _CJK):
            match = pattern.search(text)
            if match:
                unit = next(name for name in UNITS if match.group(name))
                count = int(match[1]) if match[1].isdigit() else NUMBERS.get(match[1].casefold(), 1)
                return _located(resolve(count, unit, fetched), match)
        match = _SHORT.search(text)
        if match:
            return _located(resolve(int(match[1]), SHORT_UNITS[match[2].casefold()], fetched), match)
        match = _ONE_BEFORE.search(text)
        if match:
            word = match[0].split()[0].casefold()
            return _located(resolve(1, next(name for name, forms in UNITS.items() if re.fullmatch(forms, word)), fetched), match)
    if len(text) <= LONGEST_BARE_WORD_LINE:
        match = _BARE.search(text)
        if match:
            return _located(resolve(BARE_WORDS[match[1].casefold()], "day", fetched), match)
    return None


def _located(date: ArticleDate | None, match: re.Match[str]) -> DateInText | None:
    return DateInText(date, match.start(), match.end()) if date else None


def resolve(count: int, unit: str, fetched: datetime) -> ArticleDate | None:
    """The date that lies `count` units (`second` to `year`) before `fetched`, at the precision that the unit allows."""
    now = fetched.astimezone(UTC)
    try:
        value, earliest, latest = _back(now, count, unit), _back(now, count + 1, unit), _back(now, max(count - 0.5, 0), unit)
    except (ValueError, OverflowError):
        return None
    moment = _moment_at(value, unit)
    date = make_date(moment, "relative")
    if date is None:
        return None
    return ArticleDate(date.text, date.precision, date.zone_known, "relative", earliest, latest)


def _back(now: datetime, count: float, unit: str) -> datetime:
    if unit in _LENGTH:
        return now - _LENGTH[unit] * count
    if count != int(count):
        return now - timedelta(days=count * (_DAYS_OF_MONTH if unit == "month" else _DAYS_OF_YEAR))
    months = now.year * 12 + now.month - 1 - int(count) * (1 if unit == "month" else 12)
    year, month = divmod(months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, _days_in(year, month + 1)))


def _days_in(year: int, month: int) -> int:
    return ((datetime(year, month, 1, tzinfo=UTC) + timedelta(days=31)).replace(day=1) - timedelta(days=1)).day


def _moment_at(value: datetime, unit: str) -> Moment:
    precision = {
        "second": Precision.HOUR,
        "minute": Precision.HOUR,
        "hour": Precision.HOUR,
        "day": Precision.DAY,
        "year": Precision.YEAR,
    }.get(unit, Precision.MONTH)
    if precision is Precision.HOUR:
        return Moment(value.year, value.month, value.day, value.hour, offset=0)
    if precision is Precision.DAY:
        return Moment(value.year, value.month, value.day)
    return Moment(value.year) if precision is Precision.YEAR else Moment(value.year, value.month)
