"""The parts of a person's name, for citations: what it is sorted by, and what goes before and after.

A byline gives a whole name. Where the parts cannot be told it stays whole: that is sorted a little wrong and never cited wrong.
"""

from __future__ import annotations

import re
from typing import NamedTuple

SUFFIX = re.compile(r"(?:jr|sr|junior|senior)\.?|[IVX]{2,4}", re.IGNORECASE)
OF_FAMILY = frozenset(
    {
        "da", "dal", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "ibn", "la", "le", "mac", "mc", "ní", "nic",
        "ó", "o", "santa", "st", "ten", "ter", "uí", "van", "vom", "von", "zu",
    }
)  # fmt: skip
"""Words that belong to a family name even where they are written with a capital."""
BETWEEN_FAMILIES = frozenset({"y", "e", "i"})
"""Join two family names: Ortega y Gasset."""
FAMILY_FIRST = frozenset({"hu"})
"""Languages in Latin letters that print the family name first."""
EAST_ASIAN = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")


class Name(NamedTuple):
    """A person's name in parts."""

    family: str
    given: str
    particle: str = ""
    """Small words before the family name: `van der`."""
    suffix: str = ""


def split_name(name: str, lang: str | None = None) -> Name | None:
    """Return the parts of a name as printed; None where it has one part, or the parts cannot be told.

    Args:
        name: without titles and roles.
        lang: of the article it stands over, ISO 639-1.

    """
    words = name.replace(",", " , ").split()
    if "," in words:
        return _turned(words)
    suffix = words.pop() if len(words) > 2 and SUFFIX.fullmatch(words[-1]) else ""
    if len(words) < 2:
        return None
    if EAST_ASIAN.search(name) or lang in FAMILY_FIRST:
        return Name(words[0], " ".join(words[1:]), suffix=suffix)
    start = _family_start(words)
    small = start
    while small < len(words) - 1 and words[small][0].islower() and words[small] not in BETWEEN_FAMILIES:
        small += 1
    return Name(" ".join(words[small:]), " ".join(words[:start]), " ".join(words[start:small]), suffix)


def _turned(words: list[str]) -> Name | None:
    """A name with commas: `Lind, Ada`, `Ada Lind, Jr.`; None if it is neither."""
    at = words.index(",")
    before, after = words[:at], words[at + 1 :]
    if not before or not after or "," in after:
        return None
    if len(after) == 1 and SUFFIX.fullmatch(after[0]):
        found = split_name(" ".join(before))
        return found and found._replace(suffix=after[0])
    return Name(" ".join(before), " ".join(after))


def _family_start(words: list[str]) -> int:
    """Place of the first word that belongs to the family name, small words included; 0 where there is no given name."""
    last = len(words) - 1
    for place, word in enumerate(words[1:last], start=1):
        if word in BETWEEN_FAMILIES and place > 1:
            return place - 1
        if word[0].islower() or word.lower().rstrip(".") in OF_FAMILY:
            return place
    return 0 if len(words) == 2 and words[0].lower() in OF_FAMILY and words[0][0].islower() else last
