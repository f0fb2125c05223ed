"""Sighting: a list of authors with what it was read from; and how sure that is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from pipelines.evidence import Candidate
from pipelines.fields import Author
from pipelines.surroundings import squeezed

Authors = tuple[Author, ...]


class Origin(Enum):
    """What a list of authors was read from, with the share of right lists.

    Three shares: where nothing else names the same people, where another declaration does, where the page prints them too.
    Measured on those pages of wcxb, traf and fundus whose domain has an even sha1, rounded down where they are few; places with
    fewer than ten pages have the share of those like them.
    """

    FRONT_MATTER = "front-matter", 0.95, 0.96, 0.97
    JSON_LD = "json-ld", 0.72, 0.91, 0.97
    PUBLISHERS_META = "publisher's meta", 0.75, 0.91, 0.95
    META = "meta", 0.71, 0.92, 0.95
    MICRODATA = "microdata", 0.68, 0.85, 0.92
    REL = "rel=author", 0.8, 0.95, 0.97
    LINK = "link to an author's page", 0.82, 0.92, 0.9
    MARK = "class of an author", 0.82, 0.95, 0.93
    LINE = "line with a lead word", 0.89, 0.95, 0.95
    BESIDE_DATE = "beside the date", 0.7, 0.85, 0.85
    FOOT = "foot of the article", 0.8, 0.9, 0.9
    LONE = "name alone", 0.7, 0.85, 0.85
    SIGNATURE = "signature", 0.72, 0.88, 0.88
    SITE = "the site", 0.75, 0.8, 0.9
    OWNER = "name of the site", 0.7, 0.8, 0.9

    def __init__(self, said: str, alone: float, declared: float, printed: float) -> None:
        self.said = said
        self.alone = alone
        self.declared = declared
        self.printed = printed


_DECLARED = frozenset({Origin.FRONT_MATTER, Origin.JSON_LD, Origin.PUBLISHERS_META, Origin.META, Origin.MICRODATA})

LESS_FOR_ONE_WORD = 0.2
"""How much rarer a list is right that nothing else names and in which somebody has one word for a name, or nobody is a person."""


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """A list of authors, and where it stood."""

    origin: Origin
    authors: Authors
    source: str
    place: str
    raw: str

    @property
    def is_declared(self) -> bool:
        """Whether it was written for machines."""
        return self.origin in _DECLARED

    @property
    def names_person(self) -> bool:
        """Whether one of the authors is no organisation."""
        return any(author.kind == "person" for author in self.authors)

    def candidate(self, agreeing: Collection[Sighting]) -> Candidate[Authors]:
        """The list as a candidate, as sure as those make it that name the same people."""
        return Candidate(self.authors, self.source, self.place, self.raw, self._confidence(agreeing))

    def _confidence(self, agreeing: Collection[Sighting]) -> float:
        if any(other is not self and not other.is_declared for other in agreeing):
            return self.origin.printed
        if any(other is not self for other in agreeing):
            return self.origin.declared
        whole = all(author.kind == "person" and (" " in author.name or not author.name.isascii()) for author in self.authors)
        return self.origin.alone if whole or self.origin in _SIGNED else round(self.origin.alone - LESS_FOR_ONE_WORD, 2)


_SIGNED = frozenset({Origin.SIGNATURE, Origin.SITE, Origin.FRONT_MATTER})


def agreeing(sightings: Sequence[Sighting]) -> list[list[Sighting]]:
    """For each list those that name the same people, itself among them."""
    keys = [keys_of(sighting.authors) for sighting in sightings]
    return [[other for other, named in zip(sightings, keys, strict=True) if named == key] for key in keys]


def keys_of(authors: Iterable[Author]) -> frozenset[str]:
    """The names for comparing."""
    return frozenset(squeezed(author.name) for author in authors)


def is_all_of(line: str, authors: Authors) -> bool:
    """Whether a line holds nothing but these names."""
    return len(squeezed(line)) == sum(len(squeezed(author.name)) for author in authors)
