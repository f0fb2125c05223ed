"""Numbers of months from their names, in the languages of `words.py`."""

from __future__ import annotations

import unicodedata
from functools import cache

from pipelines.dates.words import MONTHS

__all__ = ["fold", "month_number"]

_ALIKE = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "أ": "ا", "إ": "ا", "آ": "ا", "\u200c": " ", "’": "'", "ʼ": "'", "ё": "е"}
    | dict.fromkeys(".॰׳·")
)
"""Letters that pages write in more than one way, and the marks of abbreviation."""

_ACCENTS = "".join(map(chr, range(0x300, 0x370)))
_NO_ACCENTS = str.maketrans("", "", _ACCENTS)


def fold(word: str) -> str:
    """The form in which names are compared: lower case, without accents, full stops and variants of letters."""
    if word.isascii():
        return word.lower().replace(".", "")
    plain = unicodedata.normalize("NFD", word.translate(_ALIKE).casefold()).translate(_NO_ACCENTS)
    return unicodedata.normalize("NFC", plain)


SHORTEST_SHARED_NAME = 3
"""Letters of a name in Latin script that is taken for a month in a text of another language; shorter ones are other words."""


@cache
def _names(lang: str) -> dict[str, int]:
    return {name: number for number, entry in enumerate(MONTHS[lang].split(","), 1) for name in entry.split("|")}


@cache
def _shared_names() -> dict[str, int]:
    """Names that mean the same month in every language that has them; the shortest need their language."""
    meanings: dict[str, set[int]] = {}
    for lang in MONTHS:
        for name, number in _names(lang).items():
            if len(name) >= SHORTEST_SHARED_NAME or not name.isascii():
                meanings.setdefault(name, set()).add(number)
    return {name: numbers.pop() for name, numbers in meanings.items() if len(numbers) == 1}


def month_number(word: str, lang: str | None = None) -> int | None:
    """Number 1 to 12 of a month's name; names that two languages use for different months need the language."""
    name = fold(word)
    if lang in MONTHS and (number := _names(lang).get(name)):
        return number
    return _names("en").get(name) or _shared_names().get(name)
