"""The byline as printed, and the people in it.

Order of trust for the authors: front matter; JSON-LD; parsely, sailthru and citation metas; `rel=author`; the author meta,
"Written by" of Twitter cards, Dublin Core; elements marked as byline near the title; microdata; a line "By ..." next to the
title. Where declared and printed names agree, the fuller form wins; a line "By ..." wins over declared names that stand nowhere
near the title; persons win over organisations. Only where none of these names a person, `elsewhere` looks over the whole page,
and last `owner` asks whether the site is named after somebody.
Accounts of the site's software, addresses and handles are no authors, and a wrong name is worse than none: comments and related
articles are not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.byline.declared_authors import read_declared_authors
from pipelines.byline.elsewhere import read_beside_date, read_captioned, read_foot, read_lone, read_signatures
from pipelines.byline.names import looks_like_person
from pipelines.byline.near_title import read_lines, read_marks, read_profiles
from pipelines.byline.owner import read_owner
from pipelines.byline.printed import read_printed_byline
from pipelines.byline.scene import Scene, look_around
from pipelines.byline.sighting import Authors, Origin, Sighting, agreeing
from pipelines.declared import Declared
from pipelines.evidence import Field
from pipelines.fields import Author
from pipelines.page.page import Page
from pipelines.surroundings import byline_lead

__all__ = ["read_byline"]

_FIRST = frozenset({Origin.FRONT_MATTER, Origin.JSON_LD, Origin.PUBLISHERS_META})


def read_byline(
    page: Page, declared: Declared, title_block: int | None, site_name: str | None
) -> tuple[Field[str], Field[Authors]]:
    """The byline as printed with its lead word, and the authors, in order, without lead words, titles and roles."""
    scene = look_around(page, title_block, [site_name or "", *(candidate.value for candidate in declared.site_name)])
    told = read_declared_authors(declared, scene.sites)
    lines = list(read_lines(scene))
    marks = [*read_marks(scene), *read_profiles(scene)]
    order = _ordered(told, marks, lines)
    chosen = _choose(scene, order, [*lines, *marks])
    if chosen is None or not chosen.names_person:
        further = _look_further(declared, scene, chosen)
        chosen = further[0] if further else chosen
        order = [*further, *order]
    if chosen is None:
        return Field(), Field(None, declared.authors)
    groups = agreeing(order)
    candidates = [one.candidate(group) for one, group in zip(order, groups, strict=True)]
    at = next(index for index, one in enumerate(order) if one is chosen)
    authors = Field(candidates[at], tuple(candidates[:at] + candidates[at + 1 :]))
    return read_printed_byline(scene, candidates[at], groups[at]), authors


def _ordered(told: list[Sighting], marks: list[Sighting], lines: list[Sighting]) -> list[Sighting]:
    linked = [mark for mark in marks if mark.origin is Origin.REL or (mark.origin is Origin.LINK and len(mark.authors) > 1)]
    first = [one for one in told if one.origin in _FIRST]
    rest = [one for one in told if one.origin is Origin.META]
    weak = [one for one in told if one.origin is Origin.MICRODATA]
    return [*first, *linked, *rest, *[mark for mark in marks if mark not in linked], *weak, *lines]


def _choose(scene: Scene, order: Sequence[Sighting], printed: Sequence[Sighting]) -> Sighting | None:
    if not order:
        return None
    led = [one for one in printed if byline_lead(one.raw)]
    chosen = _printed_instead(scene, order[0], led) or _marked_instead(scene, order[0], printed) or order[0]
    if not chosen.names_person:
        chosen = next((one for one in led if one.names_person), chosen)
    return _fuller(chosen, printed)


def _look_further(declared: Declared, scene: Scene, organisation: Sighting | None) -> list[Sighting]:
    """Sightings from all over the page; where an organisation is known, only lines "By ..." that name a person."""
    if organisation is None:
        found = [*read_beside_date(scene), *read_captioned(scene), *read_foot(scene), *read_lone(scene)]
        return [*found, *read_signatures(declared, scene), *read_owner(declared, scene)]
    return [one for one in read_foot(scene, boxes=False) if one.names_person]


def _printed_instead(scene: Scene, chosen: Sighting, led: Sequence[Sighting]) -> Sighting | None:
    """The byline "By ..." where what is declared stands nowhere near the title: accounts of those who put the page up."""
    lines = [one for one in led if one.origin is Origin.LINE]
    if not lines or not chosen.is_declared or chosen.origin is Origin.FRONT_MATTER:
        return None
    return None if _is_near(scene, chosen) else lines[0]


def _marked_instead(scene: Scene, chosen: Sighting, printed: Sequence[Sighting]) -> Sighting | None:
    """The people of an element of class `byline` where a single word is declared that stands nowhere near the title."""
    marks = [one for one in printed if one.origin is Origin.MARK and all(map(_is_whole, one.authors))]
    if not marks or not chosen.is_declared or chosen.origin is Origin.FRONT_MATTER:
        return None
    return None if any(" " in author.name for author in chosen.authors) or _is_near(scene, chosen) else marks[0]


def _is_whole(author: Author) -> bool:
    return " " in author.name and looks_like_person(author)


def _is_near(scene: Scene, chosen: Sighting) -> bool:
    """Whether a line near the title prints one of the authors."""
    near = [block.text.casefold() for block in scene.near]
    return any(author.name.casefold() in text for author in chosen.authors for text in near)


def _fuller(chosen: Sighting, printed: Sequence[Sighting]) -> Sighting:
    """The chosen authors, or a printed list that names them all more fully."""
    return next((one for one in printed if one is not chosen and _names_more(one.authors, chosen.authors)), chosen)


def _names_more(printed: Authors, chosen: Authors) -> bool:
    """Whether each chosen name is printed too, and either more people are or a name of one word is printed whole."""
    whole = [author.name.casefold().split() for author in printed]
    parts = [author.name.casefold().split() for author in chosen]
    if all(part in whole for part in parts):
        return len(whole) > len(parts) and all(len(name) > 1 for name in whole)
    return len(whole) == len(parts) and all(
        part == name or (len(part) == 1 < len(name) and part[0] in name) for part, name in zip(parts, whole, strict=True)
    )
