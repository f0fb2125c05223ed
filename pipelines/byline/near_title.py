"""Authors printed near the title: in elements that name their role, in links to an author's page, in lines "By ..."."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from pipelines.byline.names import read_names
from pipelines.byline.scene import AUTHOR_TOKENS, LONGEST_LONE_NAME, Scene, profile_links
from pipelines.byline.sighting import Authors, Origin, Sighting
from pipelines.byline.vocabulary import OTHERS_WORK
from pipelines.fields import Author
from pipelines.page.page import Mark
from pipelines.surroundings import (
    LONGEST_CREDIT_LINE,
    byline_lead,
    is_byline,
    is_date_line,
    is_lead_alone,
    is_reading_time,
    squeezed,
    word_set,
    words_of,
)

MARKS_BEFORE, MARKS_AFTER = 6, 25
"""Blocks before and behind the title among which an element of class `byline` is the article's own."""

LINKS_BEFORE, LINKS_AFTER = 3, 6
"""The same of links to an author's page, which cards of other articles have too."""

LONGEST_LEAD = 40
"""Characters of a lead word that stands alone on its line."""

BIO_DEPTH = 3
"""Elements between a name and the box that tells of its bearer, at most."""

_BIO_TOKENS = word_set("bio biography about aboutauthor profile description avatar box card social follow")
_CREDIT_TOKENS = frozenset({"byline", "meta"})
_MINUTES = re.compile(r"\d{1,3}\s*min\w*\.?$", re.I)
_DIGIT = re.compile(r"\d")
_LEAD_BEHIND_DATE = re.compile(
    r"^[^.!?]{0,60}\d.{0,60}?(?=\b(?:(?:by|von|par|por|di|door|av|af)\s+|(?:autor(?:in)?|authors?|auteur|redaktion|text|texto?)\s?:\s?)[^\W\d_])",
    re.I,
)
_FILED_UNDER = re.compile(r"\s(?:in|under)\s", re.I)
_DOT = re.compile(r"\s[·•|]\s")
_PARTS = re.compile(r"\s+[·•|/–—-]\s+|\s*\|\s*")


def read_marks(scene: Scene) -> list[Sighting]:
    """Authors of elements that name their role: links with rel=author first, then byline classes, the longest list first."""
    linked: dict[str, Author] = {}
    marked: list[Sighting] = []
    first: Mark | None = None
    for mark in _marks_of_authors(scene):
        by_link = "author" in mark.rel.split()
        authors = read_names(mark.text, scene.sites, strictly=not by_link and mark.node.itemprop != "author")
        if by_link and authors and (first is None or mark.block - first.block <= 1):
            first = first or mark
            linked.update({key: author for author in authors if (key := squeezed(author.name)) not in linked})
        elif authors:
            marked.append(Sighting(Origin.MARK, authors, "markup", f"{_shown(mark)} in block {mark.block}", mark.text))
    marked.sort(key=lambda sighting: -len(sighting.authors))
    if first is not None:
        place = f"a[rel=author] in block {first.block}"
        marked.insert(0, Sighting(Origin.REL, tuple(linked.values()), "markup", place, first.text))
    return marked


def _marks_of_authors(scene: Scene) -> Iterator[Mark]:
    title = scene.around.title_block or 0
    first, last = title - MARKS_BEFORE, title + MARKS_AFTER
    seen: set[tuple[int, str, str]] = set()
    for mark in scene.page.marks:
        if not first <= mark.block <= last or not mark.text or len(mark.text) > LONGEST_CREDIT_LINE:
            continue
        key = (mark.block, mark.text, mark.rel)
        if not _may_hold_author(mark) or key in seen or scene.around.in_margin(mark.node) or _is_in_bio(mark):
            continue
        seen.add(key)
        yield mark


def _may_hold_author(mark: Mark) -> bool:
    node = mark.node
    return not AUTHOR_TOKENS.isdisjoint(node.tokens) or node.itemprop == "author" or "author" in mark.rel.split()


def _is_in_bio(mark: Mark) -> bool:
    node = mark.node
    for _ in range(BIO_DEPTH):
        if not _BIO_TOKENS.isdisjoint(node.tokens) and _CREDIT_TOKENS.isdisjoint(node.tokens):
            return True
        if node.parent is None:
            return False
        node = node.parent
    return False


def _shown(mark: Mark) -> str:
    return f"{mark.node.tag}.{mark.node.tokens[0]}" if mark.node.tokens else mark.node.tag


def read_profiles(scene: Scene) -> Iterator[Sighting]:
    """Authors of short lines that link to an author's page, lines with a lead word first."""
    blocks = [block for block in scene.close(before=LINKS_BEFORE, after=LINKS_AFTER) if block.links]
    for block in sorted(blocks, key=lambda block: not byline_lead(block.text)):
        links = profile_links(block) if len(block.text) <= LONGEST_LONE_NAME else []
        authors = read_linked(block.text, links, scene) if links else ()
        if authors:
            place = f"link to an author's page in block {block.index}"
            yield Sighting(Origin.LINK, authors, "markup", place, block.text)


def read_linked(line: str, links: Sequence[str], scene: Scene) -> Authors:
    """Authors of a line that links to their pages: told apart by the addresses, or as the line is written."""
    if OTHERS_WORK.match(line):
        return ()
    return _told_apart(line, links, scene) or read_names(line, scene.sites, strictly=True) or _part_of_link(line, links, scene)


def _told_apart(line: str, links: Sequence[str], scene: Scene) -> Authors:
    """Authors of a line that prints several with nothing between them, told apart by the addresses of their pages."""
    names: list[str] = []
    for link in links:
        words = words_of(_slug(link).replace("_", " "))
        found = re.search(r"[\W_]+".join(map(re.escape, words)), line, re.I)
        if len(words) < 2 or found is None:
            return ()
        names.append(found[0])
    if len(names) < 2:
        return ()
    return tuple(author for name in names for author in read_names(name, scene.sites))


def _part_of_link(line: str, links: Sequence[str], scene: Scene) -> Authors:
    """The author whose name, part of the line or handle, is also the last part of the address: `12 May | tern_fan | 3`."""
    slugs = {squeezed(_slug(link)) for link in links} - {""}
    for name in _parts_of(line, scene):
        if squeezed(name) in slugs and len(name) <= LONGEST_LONE_NAME // 2:
            return read_names(name, scene.sites) or ((Author(name),) if "_" in name else ())
    return ()


def _parts_of(line: str, scene: Scene) -> Iterator[str]:
    """Parts of a line that may be a name: between signs, and before the name of the site."""
    yield from (part[byline_lead(part) :] for part in _PARTS.split(line))
    first, _, last = line.rpartition(" ")
    if squeezed(last) in scene.sites:
        yield first[byline_lead(first) :]


def _slug(link: str) -> str:
    return unquote(urlsplit(link).path.rstrip("/").rpartition("/")[2]).removesuffix(".html").lstrip("@")


def read_lines(scene: Scene) -> Iterator[Sighting]:
    """Authors of lines near the title that begin as a byline does."""
    blocks = scene.page.blocks
    for block in scene.near:
        text = block.text
        if len(text) <= LONGEST_LEAD and is_lead_alone(text) and block.index + 1 < len(blocks):
            text = f"{text} {blocks[block.index + 1].text}"
        text = _behind_date(text)
        if not is_byline(text):
            text = _part_with_name(text)
        links = profile_links(block) if len(block.links) > 1 else []
        authors = (_told_apart(text, links, scene) or read_names(text, scene.sites, strictly=True)) if text else ()
        if authors:
            yield Sighting(Origin.LINE, authors, "text", f"block {block.index}", block.text)


def _part_with_name(line: str) -> str:
    """The one part of a line like `12 October 2026 · 4 min · Ines Calloway` that is no date and no reading time; else nothing."""
    if len(line) > LONGEST_LONE_NAME or not _DOT.search(line):
        return ""
    parts = [part.strip() for part in _DOT.split(line)]
    rest = [part for part in parts if part and not is_date_line(part) and not is_reading_time(part) and not _MINUTES.match(part)]
    return rest[0] if len(rest) == 1 < len(parts) else ""


def _behind_date(text: str) -> str:
    """A line from the lead word on, where that follows a date: "Published 7 August 2023 by Ann Lee"."""
    lead = _LEAD_BEHIND_DATE.match(text) if _DIGIT.search(text, 0, 60) else None
    return _FILED_UNDER.split(text[lead.end() :])[0] if lead else text
