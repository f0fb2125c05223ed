"""Names of people and desks inside a byline."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache

from pipelines.byline.vocabulary import (
    ACCOUNTS,
    AGENCIES,
    ARTICLES,
    CJK_ROLE,
    DEGREES,
    DEGREES_OF_NAMES,
    DESK_NAMES,
    DESK_WORDS,
    HONORIFIC,
    NEVER,
    NEVER_ALONE,
    NEVER_SIGNS,
    OPENING_ARTICLES,
    OTHERS_WORK,
    PAPER_WORDS,
    PARTICLES,
    ROLE_NOUN,
    ROLES,
    STAFF_OF,
    STRONG_SPLIT,
    TRAILING_ROLE,
    TURNING_WORDS,
    WEAK_SPLIT,
)
from pipelines.fields import Author
from pipelines.surroundings import byline_lead, squeezed, words_of

LONGEST_NAME = 60
"""Characters of a name."""

LONGEST_SIGNATURE, MOST_SIGNATURE_WORDS = 40, 4
"""Characters and words of what signs in place of a person."""

MOST_NAMES = 4
"""Names of a person, particles and initials not counted."""

MOST_PLAIN_WORDS = 3
"""Words of a plain name."""

MOST_WORDS = 6
"""Words of a person's name, particles and initials counted."""

_REMEMBERED = 64
"""Bylines whose names are kept: one page says the same name in a dozen places."""

_WORD = r"[\w’'`.\-]+"
_MONTH_AND_DAY = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?\s+\d"
)
_STOP = re.compile(
    r"\s*(?:[|·•⋅∙●▪►»>\n\t@#]|https?:|www\.|\s[–—-]\s|"
    r"\bstand:|\b(?:last\s+)?(?:published|posted|updated?|modified|reviewed|edited|fact[- ]checked|created)\b|"
    r"\b(?:follow|subscribe|share|"
    r"min(?:ute)?s? read|read time|reading time|veröffentlicht|aktualisiert|erstellt|publié|mis à jour|publicado|actualizado|"
    r"pubblicato|aggiornato|gepubliceerd|bijgewerkt|publicerad|uppdaterad|opublikowan\w+|photo(?:s|graphs?)?(?: by)?|"
    r"illustrations?(?: by)?|comments?|views?|kommentare?|on|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b|"
    rf"(?<=\s)[^\W\d_][\w-]*\s?:(?=\s)|(?:\b|(?<=[a-z])(?=[A-Z])){_MONTH_AND_DAY}|(?<!\w)\d)",
    re.I,
)
"""Where the names of a line end: at a sign, at a word that leads to a date or to another label, at a number."""
_ROLE_OF = re.compile(r"\w*(?:leiter|sprecher|redakteur|korrespondent|direktor|referent|mitarbeiter)(?:in)?$|director$", re.I)
"""The first word of a role that says of what: "Projektleiterin der Stiftung", "Director of Studies"."""
_BEFORE_NUMBER = re.compile(
    r"\s+(?:hace|vor|il y a|há|fa|för|for|am|at|um|om|den|kl|released|last|first|since|seit|vom|il|le|el|on|em|pada|ngày|dnia)"
    r"[\s.:]*$",
    re.I,
)
"""A word between the last name and a number."""
_DATE_FIRST = re.compile(_MONTH_AND_DAY, re.I)
_COMMA = re.compile(r"\s*,\s*")
_INITIAL = re.compile(r"[ .][^\W\d_]$")
"""A last word of one letter, whose full stop belongs to the name: "Muñoz C.", "e.V."."""
_ADDRESS = re.compile(r"\S*@\S*|\S+\s?[\[(](?:at|ät)[\])]\s?\S+|https?://\S+|www\.\S+")
_AT_PLACE = re.compile(r"\s(?:at|in|for|from|aus|with)(?:\s.*)?$", re.I)
_SPECIAL = (
    ACCOUNTS | AGENCIES | ARTICLES | DEGREES | DESK_WORDS | NEVER | NEVER_ALONE | OPENING_ARTICLES | PARTICLES | TURNING_WORDS
)
"""Words that a rule of this module acts on."""


def read_names(text: str, sites: Collection[str] = (), *, strictly: bool = False, last_first: bool = False) -> tuple[Author, ...]:
    """People and organisations that a byline names, in order.

    Args:
        text: the byline with or without its lead word; several names, dates and reading times may follow each other on the line.
        sites: names of the site, letters and digits alone; they are no authors.
        strictly: take only what is written like a name. For text that nothing marks as a byline.
        last_first: "Doe, Jane" is one person.
    """
    return _read_names(text, sites if isinstance(sites, frozenset) else frozenset(sites), strictly, last_first)


@lru_cache(maxsize=_REMEMBERED)
def _read_names(text: str, sites: frozenset[str], strictly: bool, last_first: bool) -> tuple[Author, ...]:
    words = text.split()
    text = " ".join(words)[: 8 * LONGEST_NAME]
    if is_plain_name(words) and squeezed(text) not in sites and squeezed(text) not in ACCOUNTS:
        return (Author(text),)
    if OTHERS_WORK.match(text):
        return ()
    text = _ADDRESS.sub(" ", text[byline_lead(text) :]).strip(" :/|,-–—")
    inverted = re.fullmatch(rf"({_WORD}(?: {_WORD})?),\s*({_WORD}(?: {_WORD})?)", text) if last_first else None
    if inverted and squeezed(inverted[2]) not in DEGREES:
        text = f"{inverted[2]} {inverted[1]}"
    authors: list[Author] = []
    site_named = False
    for part in _split(_cut(text)):
        author = _read_one(part, sites, strictly)
        if author is not None:
            if _is_affiliation(author, authors) or (site_named and len(author.name.split()) == 1):
                continue
            if author.name.casefold() not in {other.name.casefold() for other in authors}:
                authors.append(author)
        elif authors and authors[-1].role is None and ROLES.search(part) and len(part) <= LONGEST_NAME:
            authors[-1] = replace(authors[-1], role=part)
        elif strictly and not _is_degree(part):
            break
        else:
            site_named = site_named or squeezed(part) in sites
    return tuple(authors)


def is_plain_name(words: list[str]) -> bool:
    """Whether words are a name that none of the rules below would change: the commonest byline, read without them."""
    return (
        1 < len(words) <= MOST_PLAIN_WORDS
        and all(word.isalpha() and word[0].isupper() and word[1:].islower() for word in words)
        and _SPECIAL.isdisjoint(map(str.casefold, words))
        and len(set(words)) == len(words)
        and not any(map(ROLE_NOUN.match, words))
        and not _ROLE_OF.match(words[0])
        and not byline_lead(" ".join(words))
    )


def read_signature(text: str, sites: Collection[str], *, desks: bool = False) -> tuple[Author, ...]:
    """What signs a line in place of a person: the site, a desk, an account; empty where that says nothing or is too long.

    Args:
        text: a byline, with or without its lead word.
        sites: names of the site, letters and digits alone; the site is an organisation.
        desks: whether "Staff Writer" or "Our Editors" says enough: where it is printed as the byline.
    """
    line = _cut(text[byline_lead(text) :])
    parts = _split(line)
    if not any(squeezed(part) in AGENCIES for part in parts):
        parts = [_tidy(line)]
    if OTHERS_WORK.match(line) or not all(_may_sign(part, desks) for part in parts):
        return ()
    names = [_without_site(part, sites) for part in parts]
    return tuple(Author(name, "organisation" if _is_group(name, sites) else "person") for name in names)


def _without_site(name: str, sites: Collection[str]) -> str:
    """A handle without the site's name that some themes print behind it: "Ann ternblog"."""
    first, _, last = name.rpartition(" ")
    return first if first and squeezed(last) in sites else name


def _may_sign(name: str, desks: bool) -> bool:
    words = words_of(name)
    if (
        not 2 <= len(name) <= LONGEST_SIGNATURE
        or len(name.split()) > MOST_SIGNATURE_WORDS
        or any(char in name for char in "@/:?!%")
    ):
        return False
    if desks and is_generic_desk(name):
        return True
    return bool(words) and not words[0].isdigit() and squeezed(name) not in ACCOUNTS and _says_who(words)


def _says_who(words: Collection[str]) -> bool:
    return NEVER_SIGNS.isdisjoint(words) and not NEVER_ALONE.issuperset(words)


def is_generic_desk(name: str) -> bool:
    """Whether a name is words for an office alone: "Staff Writer", "Redaktion"."""
    return name[:1].isupper() and DESK_NAMES.issuperset(words_of(name))


def looks_like_person(author: Author) -> bool:
    """Whether a name that stands alone can be told from a phrase: few words in a script with capitals, none of a paper."""
    words = author.name.split()
    names = [word for word in words if word.casefold() not in PARTICLES and len(word.strip(".")) > 1]
    return (
        author.kind == "person"
        and author.name[0].isupper()
        and len(names) <= MOST_NAMES
        and PAPER_WORDS.isdisjoint(words_of(author.name))
    )


def is_desk(name: str) -> bool:
    """Whether a name is a place in an office and no person's: "Tern Contributor", "Guardian staff reporter"."""
    words = words_of(name)
    return (
        1 < len(name.split()) == len(words) <= MOST_SIGNATURE_WORDS
        and bool(ROLE_NOUN.match(words[-1]))
        and words[0] not in ACCOUNTS
        and _says_who(words)
    )


def _is_group(name: str, sites: Collection[str]) -> bool:
    key = squeezed(name)
    return key in sites or key in AGENCIES or _is_agency(name) or bool(ROLE_NOUN.match(name.split()[-1]))


def _is_affiliation(author: Author, before: list[Author]) -> bool:
    """Whether what follows a person is where they write or work: "Ann Lee, Berlin", "Ann Lee, Attorney, ABC Program"."""
    if not before or before[-1].kind != "person":
        return False
    words = author.name.split()
    if author.kind == "person" and len(words) == 1 < len(before[-1].name.split()):
        return words[0][0].isupper()
    if before[-1].role is None:
        return False
    return author.kind == "organisation" or not PAPER_WORDS.isdisjoint(words_of(author.name))


def _cut(text: str) -> str:
    """The text up to where a date, a reading time or a call to follow begins."""
    if _DATE_FIRST.match(text):
        return ""
    stop = _STOP.search(text, 1)
    if stop is None or (stop[0].strip() == "|" and not any(map(str.isdigit, text[stop.end() : stop.end() + 30]))):
        return text
    names = text[: stop.start()]
    return _BEFORE_NUMBER.sub("", names) if stop[0][-1:].isdigit() else names


def _split(text: str) -> list[str]:
    parts: list[str] = []
    for strong in STRONG_SPLIT.split(text):
        for piece in _COMMA.split(strong):
            parts.extend(_split_weakly(piece))
    return [part for part in (_tidy(part) for part in parts) if part]


def _split_weakly(text: str) -> list[str]:
    """Split at "y", "e", "en", "i", which are parts of names too: only between names of at least two words."""
    pieces: list[str] = []
    start = 0
    for match in WEAK_SPLIT.finditer(text):
        if len(text[start : match.start()].split()) > 1 and len(WEAK_SPLIT.split(text[match.end() :])[0].split()) > 1:
            pieces.append(text[start : match.start()])
            start = match.end()
    return [*pieces, text[start:]]


def _tidy(part: str) -> str:
    part = re.sub(r"\([^)]*\)?|\[[^\]]*\]?|（[^）]*）?", " ", part)
    part = part[byline_lead(part) :] if byline_lead(part) and len(part.split()) > 2 else part
    bare = HONORIFIC.sub("", part.strip(" .:;,*–—-\"“”'’|"))
    if _INITIAL.search(bare) and f"{bare}." in part:
        bare += "."
    return " ".join(bare.split()).strip(' :,*–—-"“”')


def _is_degree(part: str) -> bool:
    words = part.replace(".", "").casefold().split()
    return bool(words) and all(word in DEGREES for word in words)


def _read_one(part: str, sites: Collection[str], strictly: bool) -> Author | None:
    before_place = _AT_PLACE.sub("", part)
    part = before_place if len(before_place.split()) > 1 else part
    part, role = _without_role(_without_degrees(part))
    if is_nobody(part, sites):
        return None
    if squeezed(part) in AGENCIES or _is_agency(part):
        return Author(part, "organisation", role) if not strictly or len(part) <= LONGEST_NAME else None
    if not _is_name(part, strictly):
        return None
    return Author(part, "person", role)


def is_nobody(part: str, sites: Collection[str]) -> bool:
    """Whether a part names an account, the site, a degree or a role."""
    key = squeezed(part)
    if not key or key in ACCOUNTS or _is_degree(part) or ROLE_NOUN.match(part.split()[-1]):
        return True
    if part.islower() and part.isascii() and len(part.split()) == 1 and key not in AGENCIES:
        return True
    return (key in sites or key.removeprefix("the") in sites) and not _is_written_like_a_person(part)


def _is_written_like_a_person(part: str) -> bool:
    """Whether a name could be a person's as well as a site's: people name their sites after themselves."""
    words = part.split()
    if words[0].casefold() in ARTICLES or not 2 <= len(words) <= 3:
        return False
    if not PAPER_WORDS.isdisjoint(words_of(part)):
        return False
    return all(word.isalpha() and word[0].isupper() for word in words) and not _is_agency(part)


def _without_degrees(part: str) -> str:
    words = part.split()
    while len(words) > 2 and words[-1].replace(".", "").casefold() in DEGREES - DEGREES_OF_NAMES:
        words.pop()
    return " ".join(words)


def _without_role(part: str) -> tuple[str, str | None]:
    """A name and the role that follows it without a comma: "Jane Doe Staff Writer"."""
    words = part.split()
    half = len(words) // 2
    if half and words[:half] == words[half:]:
        return " ".join(words[:half]), None
    trailing = TRAILING_ROLE.match(part) or STAFF_OF.match(part)
    if trailing and len(trailing[1].split()) >= 2:
        return trailing[1], trailing[2]
    if not part.isascii():
        bare = CJK_ROLE.match(part)
        if bare:
            return bare[1].strip(), None
    return part, None


def _is_agency(part: str) -> bool:
    words = words_of(part)
    return (
        len(words) <= MOST_WORDS
        and len(words) > 0
        and (not DESK_WORDS.isdisjoint(words) or (words[0] in AGENCIES and len(words) > 1))
        and (NEVER - ARTICLES).isdisjoint(words)
    )


def _is_name(part: str, strictly: bool) -> bool:
    words = part.split()
    if not 2 <= len(part) <= LONGEST_NAME or len(words) > MOST_WORDS or any(char in part for char in "@{}<>=_#%?!:：/\\…„«»"):
        return False
    if any(char.isdigit() for char in part) or not NEVER.isdisjoint(words_of(part)):
        return False
    if words[0][0].islower() and words[0].casefold() not in PARTICLES and any(word[0].isupper() for word in words):
        return False
    if len(words) > 1 and _ROLE_OF.match(words[0]):
        return False
    if not any(char.isalpha() for char in part) or NEVER_ALONE.issuperset(words_of(part)):
        return False
    if (
        len(words) > 1
        and ROLES.search(part)
        and part.casefold() != part
        and any(word[0].islower() and word not in PARTICLES for word in words)
    ):
        return False
    return _is_written_like_a_name(words) if strictly else True


def _is_written_like_a_name(words: list[str]) -> bool:
    """Capitals or a script without them, and at least two words where words are spaced."""
    if not words[0][0].isascii() and not words[0][0].isupper() and not words[0][0].islower():
        return len("".join(words)) <= 12
    if len(words) < 2 or words[0].casefold() in OPENING_ARTICLES:
        return False
    capitals = [word for word in words if word[0].isupper() or not word[0].isalpha()]
    return (
        words[0][0].isupper()
        and words[-1][0].isupper()
        and all(word in capitals or word.casefold() in PARTICLES for word in words)
    )
