"""Authors that nothing near the title names: looked for over the whole page where no person was found.

Order of trust: the line of a news agency, or a name that stands alone beside the date; names under the caption "Author"; what
names one author at the foot of the article or in a box; a person's name that stands alone near the title or closes the text; then
what signs in place of a person (the site, a desk, a handle), if the page both prints and declares it or prints it as a byline;
last the person whom the site is named after (`owner`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import pairwise

from pipelines.byline.given_names import begins_with_given_name, is_surely_person
from pipelines.byline.names import is_desk, is_generic_desk, looks_like_person, read_names, read_signature
from pipelines.byline.near_title import MARKS_BEFORE, read_linked
from pipelines.byline.scene import LONGEST_LONE_NAME, Scene, profile_links
from pipelines.byline.sighting import Authors, Origin, Sighting, is_all_of, keys_of
from pipelines.declared import Declared
from pipelines.evidence import Candidate
from pipelines.fields import Author
from pipelines.page.page import Block, Kind, Page
from pipelines.surroundings import (
    LONGEST_CREDIT_LINE,
    byline_lead,
    is_agency_line,
    is_date_line,
    is_lead_alone,
    squeezed,
    word_set,
)

DATE_REACH = 2
"""Blocks between a name and the date beside it, at most."""

PROSE = 100
"""Characters of a block behind which an author's box is one at the foot."""

PROSE_BEFORE_FOOT = 2
"""Such blocks between the title and a box that is at the foot; the first may be the dek."""

LONGEST_LABELLED_LINE = 320
"""Characters of a line that begins `Written by` and links to an author's page: topics or a biography may follow the name."""

LONGEST_CAPTION = 20
"""Characters of a caption over authors."""

MOST_CAPTIONED = 8
"""Lines under such a caption that are looked at."""

MOST_LONE_WORDS = 12
"""Words of a line that is names alone, and of one that names and roles are."""

_DATE = r"(?:\w+\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}\.? \w+\.? \d{4}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4})\s*[•·|,–-]?\s*"
_LEADING_DATE = re.compile(f"^{_DATE}")
_DATE_WITHIN = re.compile(rf"\s{_DATE}(?=[^\W\d_])")
_CAPTION = re.compile(
    r"(?:about the |über (?:den|die) |à propos de l['’]|sobre el |sobre o )?"
    r"(?:authors?|author\(s\)|autor(?:in|en|es|as|a|i|zy|e|ka|/in|:in)?|auteure?s?|writers?|written by|forfatter|författare|"
    r"作者|著者|執筆者|글쓴이)\s?:?",
    re.I,
)
_CREDIT_TOKENS = word_set("byline meta author authors autor auteur writer date info posted entry details")


class Sign(IntEnum):
    """What tells that a line far from the title names the author, the surest first."""

    LABEL = 0
    """`Author:` or `Written by`."""
    LEAD = 1
    """`By`."""
    BOX = 2
    LINK = 3


def read_beside_date(scene: Scene) -> Iterator[Sighting]:
    """Authors of agency lines, and names that stand alone beside the date."""
    for block in scene.close(before=2, after=4):
        if is_agency_line(block.text):
            authors = read_names(re.split(r"\s?[,/-]", block.text)[0], scene.sites)
        elif block.kind is not Kind.PARAGRAPH or len(block.text) > LONGEST_LONE_NAME:
            continue
        else:
            authors = _read_behind_date(scene, block.text) or (() if block.links else _read_lone(scene, block))
        if authors:
            yield Sighting(Origin.BESIDE_DATE, authors, "text", f"block {block.index}", block.text)


def _read_behind_date(scene: Scene, line: str) -> Authors:
    """The people named behind a date within a line: "The Courier 12/05/2026 Ines Calloway"."""
    date = _DATE_WITHIN.search(line)
    names = line[date.end() :] if date else ""
    authors = read_names(names, scene.sites, strictly=True) if names else ()
    return authors if is_all_of(names, authors) and all(map(is_surely_person, authors)) else ()


def _read_lone(scene: Scene, block: Block) -> Authors:
    line = _LEADING_DATE.sub("", block.text)
    authors = read_names(line, scene.sites, strictly=True)
    if not authors or not is_all_of(line, authors) or not all(map(looks_like_person, authors)) or scene.is_in_title(line):
        return ()
    return authors if line != block.text or _is_beside_date(scene.page, block) else ()


def _is_beside_date(page: Page, block: Block) -> bool:
    beside = page.blocks[max(0, block.index - DATE_REACH) : block.index + DATE_REACH + 1]
    return any(other is not block and is_date_line(other.text) for other in beside)


def read_foot(scene: Scene, *, boxes: bool = True) -> Iterator[Sighting]:
    """The one author whom all lines with the surest sign name; several are those of other articles.

    Args:
        scene: the page.
        boxes: whether boxes and links count beside lines with a lead word.
    """
    found: dict[Sign, dict[frozenset[str], Sighting]] = {sign: {} for sign in Sign}
    for block in scene.page.blocks[max(0, (scene.around.title_block or 0) - MARKS_BEFORE) :]:
        if not block.text or len(block.text) > LONGEST_LABELLED_LINE or block.hidden:
            continue
        sign, authors = _read_sign(scene, block, boxes)
        if authors:
            sighting = Sighting(Origin.FOOT, authors, "text", f"block {block.index}", block.text)
            found[sign].setdefault(keys_of(authors), sighting)
    yield from (one for named in found.values() for one in _only_one(scene, list(named.values())))


def _read_sign(scene: Scene, block: Block, boxes: bool) -> tuple[Sign, Authors]:
    text = block.text
    lead = byline_lead(text)
    if len(text) > LONGEST_CREDIT_LINE:
        return Sign.LABEL, _read_long(scene, block, lead) if lead and block.links else ()
    short = boxes and len(text) <= LONGEST_LONE_NAME
    links = profile_links(block) if short and block.links else []
    if lead:
        return _read_led(scene, block, lead, links)
    boxed = short and not text[0].islower() and scene.is_in_box(block)
    return _read_bare(scene, block, links, boxed) if links or boxed else (Sign.LINK, ())


def _read_long(scene: Scene, block: Block, lead: int) -> Authors:
    """Authors of a line `Written by ...` that links to an author's page and goes on with topics or a biography."""
    links = profile_links(block)
    if not _is_label(block.text[:lead]) or not links or scene.is_set_apart(block.node):
        return ()
    told_apart = read_linked(block.text, links, scene) if len(links) > 1 else ()
    return told_apart or read_names(block.text[: lead + LONGEST_LONE_NAME], scene.sites, strictly=True)


def _only_one(scene: Scene, sightings: Sequence[Sighting]) -> Sequence[Sighting]:
    """The only sighting, or of several the only one that names people and not the site or a part of it; else none."""
    if len(sightings) > 1:
        sightings = [one for one in sightings if one.names_person and not scene.is_of_site(one.authors[0].name)]
    return sightings if len(sightings) == 1 else ()


def read_captioned(scene: Scene) -> Iterator[Sighting]:
    """Authors on lines of their own under the caption "Author"."""
    blocks = scene.page.blocks
    for block in blocks[scene.around.title_block or 0 :]:
        if len(block.text) > LONGEST_CAPTION or block.hidden or not _CAPTION.fullmatch(block.text):
            continue
        authors: list[Author] = []
        for line in blocks[block.index + 1 : block.index + 1 + MOST_CAPTIONED]:
            names = _read_alone(scene, line)
            if not names:
                break
            authors += names
        if authors:
            yield Sighting(Origin.FOOT, tuple(authors), "text", f"block {block.index + 1}", blocks[block.index + 1].text)


def _read_alone(scene: Scene, block: Block) -> Authors:
    """The people of a line that holds nothing but their names."""
    if len(block.text) > LONGEST_LONE_NAME or not block.text[:1].isupper():
        return ()
    authors = read_names(block.text, scene.sites, strictly=True)
    return authors if is_all_of(block.text, authors) and all(map(looks_like_person, authors)) else ()


def read_lone(scene: Scene) -> Iterator[Sighting]:
    """The one person whose name stands alone near the title, or else the one whose name closes the text."""
    near = [block for block in scene.near if block.kind is not Kind.CAPTION]
    yield from _only_person(scene, near)
    behind = scene.page.blocks[(scene.around.title_block or 0) + 1 :]
    closing = [block for before, block in pairwise(behind) if len(before.text) > PROSE and block.kind is Kind.PARAGRAPH]
    yield from _only_person(scene, closing)


def _only_person(scene: Scene, blocks: Sequence[Block]) -> Sequence[Sighting]:
    found: dict[frozenset[str], Sighting] = {}
    for block in blocks:
        if not begins_with_given_name(block.text) or len(block.text) > LONGEST_LONE_NAME:
            continue
        set_apart = block.hidden or scene.is_in_box(block) or scene.around.in_margin(block.node)
        authors = () if set_apart else _read_alone(scene, block)
        if authors and all(map(is_surely_person, authors)) and not scene.is_in_title(block.text):
            found.setdefault(keys_of(authors), Sighting(Origin.LONE, authors, "text", f"block {block.index}", block.text))
    return list(found.values()) if len(found) == 1 else ()


def _read_led(scene: Scene, block: Block, lead: int, links: list[str]) -> tuple[Sign, Authors]:
    """Authors of a line with a lead word; a label counts in a sidebar too, and anywhere if it links to an author's page."""
    label = _is_label(block.text[:lead])
    sign = Sign.LABEL if label else Sign.LEAD
    if scene.around.in_margin(block.node) and not (label and (links or not scene.is_set_apart(block.node))):
        return sign, ()
    line = block.text if links else _with_next(scene.page, block)
    authors = read_linked(line, links, scene) if links else read_names(line, scene.sites, strictly=True)
    if not authors and label and links:
        authors = read_signature(block.text, scene.sites)
    return sign, authors if _is_credit(block.text[lead:], authors) else ()


def _read_bare(scene: Scene, block: Block, links: list[str], boxed: bool) -> tuple[Sign, Authors]:
    """Authors of a line that is nothing but names, in the author's box or linked to an author's page."""
    sign = Sign.BOX if boxed else Sign.LINK
    if scene.around.in_margin(block.node) and (not boxed or scene.is_set_apart(block.node)):
        return sign, ()
    authors = read_linked(block.text, links, scene) if links else read_names(block.text, scene.sites, strictly=True)
    alone = all(author.kind == "organisation" or looks_like_person(author) for author in authors)
    return sign, authors if alone and is_all_of(block.text, authors) else ()


def _with_next(page: Page, block: Block) -> str:
    """A line, and the next where it is a lead word alone."""
    if is_lead_alone(block.text) and block.index + 1 < len(page.blocks):
        return f"{block.text} {page.blocks[block.index + 1].text}"[:LONGEST_CREDIT_LINE]
    return block.text


def _is_label(lead: str) -> bool:
    """Whether a lead word stands for nothing but a byline: `Author:`, `Written by`."""
    return ":" in lead or len(lead.split()) > 1 or lead.casefold().startswith("aut")


def _is_credit(line: str, authors: Authors) -> bool:
    """Whether a line behind its lead word is names with their roles and no sentence."""
    if not authors or line.endswith(("?", "!", "…")):
        return False
    return len(line.split()) <= MOST_LONE_WORDS or is_all_of(line, authors)


def read_signatures(declared: Declared, scene: Scene) -> Iterator[Sighting]:
    """What signs in place of a person."""
    near = [block for block in scene.close(before=3, after=6) if len(block.text) <= LONGEST_LONE_NAME]
    for candidate in declared.authors:
        authors = read_signature(candidate.value[0].name, scene.sites) if len(candidate.value) == 1 else ()
        if authors and any(_prints(block, candidate.value[0].name) for block in near):
            yield Sighting(Origin.SIGNATURE, authors, candidate.source, candidate.place, candidate.raw)
    for block in near:
        authors = _read_signed(scene, block)
        if authors:
            yield Sighting(Origin.SIGNATURE, authors, "text", f"block {block.index}", block.text)
    for candidate in declared.authors:
        if len(candidate.value) == 1 and _stands_for(candidate, scene):
            author = Author(candidate.value[0].name, "organisation", None, candidate.value[0].url)
            yield Sighting(Origin.SITE, (author,), candidate.source, candidate.place, candidate.raw)


def _read_signed(scene: Scene, block: Block) -> Authors:
    """What signs a line: behind a lead word, linked to a page of its own, or a desk in the author's box."""
    lead = byline_lead(block.text)
    if lead:
        signs = not is_lead_alone(block.text) and (not block.text[lead].islower() or _is_marked(block))
        return read_signature(block.text, scene.sites, desks=True) if signs else ()
    linked = bool(profile_links(block))
    if not (linked or scene.is_in_box(block)) or _is_behind_prose(scene, block):
        return ()
    authors = read_signature(block.text, scene.sites, desks=True)
    if is_all_of(block.text, authors) and (linked or not any(author.kind == "person" for author in authors)):
        return authors
    return tuple(author for author in authors if is_generic_desk(author.name) and author.name[0].isupper())


def _is_marked(block: Block) -> bool:
    """Whether an element around a line, or a link in it, says that it is about the author: lower-case handles need that."""
    if profile_links(block):
        return True
    above = block.node.ancestors()[:2]
    return any(not _CREDIT_TOKENS.isdisjoint(node.tokens) for node in above)


def _is_behind_prose(scene: Scene, block: Block) -> bool:
    between = scene.page.blocks[(scene.around.title_block or 0) + 1 : block.index]
    return sum(len(before.text) > PROSE for before in between) >= PROSE_BEFORE_FOOT


def _prints(block: Block, name: str) -> bool:
    """Whether a line begins with a name, lead word or not, or ends with it."""
    line = block.text[byline_lead(block.text) :].casefold()
    return line.startswith(name.casefold()) or line.endswith(f" {name.casefold()}")


def _stands_for(candidate: Candidate[Authors], scene: Scene) -> bool:
    """Whether what is declared is the site as the author of its own article, or a desk: "Tern Contributor"."""
    author = candidate.value[0]
    if candidate.source != "json-ld":
        return False
    if squeezed(author.name) in scene.sites:
        return author.kind == "person" or candidate.place.startswith("NewsArticle")
    return is_desk(author.name)
