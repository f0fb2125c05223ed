"""Relative dates: "3 months ago", "vor 2 Tagen", "il y a 3 heures", "2日前", read against the time of the fetch.

The precision is what the phrase allows. Minutes and hours ago give the hour, days the day. Weeks give the month, because the
interval is wider than a day; months give the month and years the year. Pages round, so the interval reaches from half a unit
less to a whole unit more than the phrase says.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from pipelines.dates.digits import plain_digits
from pipelines.dates.moments import Moment, make_date
from pipelines.dates.months import fold
from pipelines.dates.parse import DateInText
from pipelines.dates.words import AGO, DAYS_BACK
from pipelines.fields import ArticleDate

LONGEST_BARE_WORD_LINE = 60
"""Characters of a line in which "yesterday" alone is taken for its date; in longer ones it belongs to a sentence."""

UNITS = ("second", "minute", "hour", "day", "week", "month", "year")

NUMBERS: dict[str, int] = {
    fold(word): number
    for number, words in enumerate(
        (
            "a an one ein eine einem einer einen un une una uno um uma een één en ett et bir yksi один одну jeden jedną jedan",
            "two zwei deux dos due dois duas twee två to dwa dwie iki kaksi два две dva dvě två doi două dvije",
            "three drei trois tres tre três drie trzy üç kolme три tři tri trei három",
            "four vier quatre cuatro quattro quatro fyra fire cztery четыре čtyři četiri patru négy",
            "five fünf cinq cinco cinque vijf fem pięć beş пять pět pet cinci öt",
            "six sechs seis sei zes sex seks sześć altı шесть šest șase hat",
            "seven sieben sept siete sette sete zeven sju syv siedem yedi семь sedm sedam șapte hét",
            "eight acht huit ocho otto oito åtta åtte otte osiem sekiz восемь osm osam opt nyolc",
            "nine neun neuf nueve nove negen nio ni dziewięć dokuz девять devět devet nouă kilenc",
            "ten zehn dix diez dieci dez tien tio ti dziesięć on десять deset zece tíz",
        ),
        1,
    )
    for word in words.split()
}
"""Numbers that pages write as words, where a language has its phrase for "ago" around them."""

_ONE_IMPLIED = {
    "ar": "قبل ساعة:hour|منذ ساعة:hour|قبل یوم:day|منذ یوم:day|قبل شهر:month|منذ شهر:month|قبل سنة:year|منذ سنة:year",
    "cs": "pred hodinou:hour|pred tydnem:week|pred mesicem:month|pred rokem:year",
    "he": "לפני שעה:hour|לפני יום:day|לפני שבוע:week|לפני חודש:month|לפני שנה:year",
    "pl": "godzine temu:hour|tydzien temu:week|miesiac temu:month|rok temu:year",
    "ru": "час назад:hour|день назад:day|неделю назад:week|месяц назад:month|год назад:year",
    "uk": "годину тому:hour|тиждень тому:week|місяць тому:month|рік тому:year",
}
"""Phrases for one unit without a number."""
_FOLDED_ONE = {lang: "|".join(map(fold, phrases.split("|"))) for lang, phrases in _ONE_IMPLIED.items()}

_WORDS = re.compile(r"\d{1,3}(?!\d)|[^\W\d_]+")
_LETTERS = re.compile(r"\w")
_LENGTH = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_DAYS_OF_MONTH = 30.44
_DAYS_OF_YEAR = 365.25


class _Phrase(NamedTuple):
    """What stands before and behind the number, folded, and the unit that it counts."""

    before: str
    after: str
    unit: str


@cache
def _phrases(lang: str) -> tuple[_Phrase, ...]:
    """The phrases of a language, longest first."""
    given = [(phrase.partition("{}"), unit) for unit, phrases in AGO.get(lang, {}).items() for phrase in phrases.split("|")]
    found = [_Phrase(before, after, unit) for (before, _, after), unit in given]
    return tuple(sorted(found, key=lambda phrase: -len(phrase.before + phrase.after)))


@cache
def _signs(lang: str) -> frozenset[str]:
    """What stands in every relative phrase of a language: "ago", "vor", "il y a"."""
    counted = (
        phrase.before.strip() or phrase.after.split()[-1] for phrase in _phrases(lang) if (phrase.before + phrase.after).strip()
    )
    return frozenset({*counted, *(item.partition(":")[0] for item in _FOLDED_ONE.get(lang, "").split("|") if item)})


@cache
def _bare_words(lang: str) -> re.Pattern[str] | None:
    words = [item[2:] for item in DAYS_BACK.get(lang, "").split("|") if item]
    if not words:
        return None
    spaced = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:{spaced})(?![^\W\d_])" if lang not in {"ja", "zh", "th", "ko"} else spaced)


def find_relative(text: str, fetched: datetime | None, lang: str | None = "en") -> DateInText | None:
    """The first relative date in a short text, resolved against `fetched` (aware); None without one or without a fetch time.

    Phrases of the language are read, and English ones.
    """
    if fetched is None or not text:
        return None
    folded = fold(plain_digits(text))
    for language in dict.fromkeys((lang or "en", "en")):
        found = None
        if any(sign in folded for sign in _signs(language)):
            found = _find_phrase(folded, language, fetched) or _find_one(folded, language, fetched)
        if found is None and len(text) <= LONGEST_BARE_WORD_LINE:
            found = _find_bare_word(folded, language, fetched)
        if found:
            return found
    return None


def _find_phrase(text: str, lang: str, fetched: datetime) -> DateInText | None:
    phrases = _phrases(lang)
    for number in _WORDS.finditer(text):
        count = int(number[0]) if number[0].isdecimal() else NUMBERS.get(number[0])
        if count is None:
            continue
        for phrase in phrases:
            start, end = number.start() - len(phrase.before), number.end() + len(phrase.after)
            fits = text.startswith(phrase.after, number.end()) and start >= 0 and text.startswith(phrase.before, start)
            if fits and _is_apart(text, start, end, phrase):
                return _located(resolve(count, phrase.unit, fetched), start, end)
    return None


def _is_apart(text: str, start: int, end: int, phrase: _Phrase) -> bool:
    """Whether a phrase stands as words of its own; scripts without spaces need not."""
    if phrase.after and not phrase.after[-1].isascii() and phrase.after[-1] >= "\u0e00":
        return True
    if start and phrase.before and _LETTERS.match(text[start - 1]):
        return False
    return end >= len(text) or not _LETTERS.match(text[end])


def _find_one(text: str, lang: str, fetched: datetime) -> DateInText | None:
    for item in _FOLDED_ONE.get(lang, "").split("|"):
        phrase, _, unit = item.partition(":")
        start = text.find(phrase) if phrase else -1
        if start >= 0:
            return _located(resolve(1, unit, fetched), start, start + len(phrase))
    return None


def _find_bare_word(text: str, lang: str, fetched: datetime) -> DateInText | None:
    pattern = _bare_words(lang)
    match = pattern.search(text) if pattern else None
    if match is None:
        return None
    days = next(int(item[0]) for item in DAYS_BACK[lang].split("|") if item[2:] == match[0])
    return _located(resolve(days, "day", fetched), match.start(), match.end())


def _located(date: ArticleDate | None, start: int, end: int) -> DateInText | None:
    return DateInText(date, start, end) if date else None


def resolve(count: int, unit: str, fetched: datetime) -> ArticleDate | None:
    """The date that lies `count` units (`second` to `year`) before `fetched`, at the precision that the unit allows."""
    now = fetched.astimezone(UTC)
    try:
        value, earliest, latest = _back(now, count, unit), _back(now, count + 1, unit), _back(now, max(count - 0.5, 0), unit)
    except (ValueError, OverflowError):
        return None
    date = make_date(_moment_at(value, unit), "relative")
    return ArticleDate(date.text, date.precision, date.zone_known, "relative", earliest, latest) if date else None


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
    if unit in {"second", "minute", "hour"}:
        return Moment(value.year, value.month, value.day, value.hour, offset=0)
    if unit == "day":
        return Moment(value.year, value.month, value.day)
    return Moment(value.year) if unit == "year" else Moment(value.year, value.month)
