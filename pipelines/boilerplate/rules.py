"""What rules say of a block: the element it stands in, the heading it stands under, what its words ask for.

Few of them decide whether a block belongs to the body (`Marks.certain`): the judge does, to whom the others are signs among many.
Where it leaves a block out, they give it its label.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipelines.boilerplate.outline import Outline
from pipelines.boilerplate.prompts import is_read_also, label_of_prompt
from pipelines.boilerplate.regions import PROSE_BEFORE, Region, read_regions
from pipelines.boilerplate.vocabulary import HEADING_LENGTH, label_of_heading
from pipelines.fields import Label
from pipelines.page.page import Block, Kind, Page
from pipelines.surroundings import is_credit_line


class Mark(NamedTuple):
    """A label with its reason, before it is joined to its block."""

    label: Label
    reason: str
    confidence: float


class Marks(NamedTuple):
    """What rules say, block by block; None where they say nothing."""

    element: list[Mark | None]
    """By the name of an element around the block, or because it is hidden."""
    heading: list[Mark | None]
    """By a heading over the block."""
    line: list[Mark | None]
    """By the block's own words; only where its element says nothing."""
    openers: list[int]
    """Indices of the blocks that are such headings themselves."""

    def of(self, index: int) -> Mark | None:
        """The mark of a block: that of its element, else of its heading, else of its words."""
        return self.element[index] or self.heading[index] or self.line[index]

    def certain(self) -> set[int]:
        """Indices of blocks that a rule is sure to be no body."""
        sure = zip((self.element, self.heading, self.line), (SURE_BY_ELEMENT, SURE_BY_HEADING, SURE_BY_LINE), strict=True)
        return {index for marks, labels in sure for index, mark in enumerate(marks) if mark is not None and mark.label in labels}


BOX_SHARE = 0.3
"""A box under a heading such as "Related" holds less of the prose than this; a larger element is the article itself."""
COMMENTS_SHARE = 0.1
"""Of a text without elements, comments are at most ten times as long as what stands above them: "Join the conversation" among the
links over a story opens nothing."""
FLAT_BLOCKS = 200
"""Most blocks of a region that has no element of its own; keeps the cost of many headings linear."""
SHORT_LINE = 40
"""A line up to this length without a sentence end may belong to a list of links whose links are lost."""
LINE_CHARS = 100
"""Longest line, in characters, that prints tags."""
LINKED = 0.5
"""Link density from which a block is a link rather than text with links in it."""

SURE_BY_ELEMENT = frozenset({Label.COMMENTS, Label.SHARE, Label.CONSENT, Label.NEWSLETTER, Label.TAGS, Label.PAYWALL})
SURE_BY_HEADING = SURE_BY_ELEMENT - {Label.PAYWALL} | {Label.WIDGET, Label.FOOTER, Label.BIO}
SURE_BY_LINE = frozenset(Label)
"""Labels that decide by themselves. On wcxb and fundus 1 in 100 of such blocks, or fewer, belongs to the body (biographies under
a heading: 4), and the judge keeps more of the others by mistake than of these by right. Pointers to other articles ("Read also")
are no body by what they are: the truth of wcxb has one in six of them, of the same kind as those that it leaves out."""

_HEADING, _BREAK, _LIST_ITEM = Kind.HEADING, Kind.BREAK, Kind.LIST_ITEM
"""By their own names: on Python 3.11 to look a member up in its enumeration takes ten times as long."""
_BY_PLACE = frozenset({Label.FURNITURE, Label.OTHER})
"""Labels of elements that mean another thing for some of their blocks."""
_NO_OPENERS = frozenset({Kind.TABLE_ROW, Kind.BREAK, Kind.CODE, Kind.CAPTION})
_ENDING = frozenset({Label.COMMENTS, Label.BIO, Label.FOOTER, Label.RELATED})
"""Regions that end an article: nothing behind them, at their level, belongs to it."""
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


def mark_blocks(page: Page, outline: Outline, printed: Mapping[int, str], tags: Sequence[str]) -> Marks:
    """Say of every block what rules know of it.

    Args:
        page: The page.
        outline: Its elements, measured.
        printed: Field that each block was printed for, by index.
        tags: Tags of the article, to know the line that prints them.
    """
    known = frozenset(tag.casefold() for tag in tags)
    plain = page.format == "text"
    of_elements = _marks_of_elements(outline)
    regions, openers = _marks_of_regions(page, outline, printed, of_elements)
    return Marks(
        of_elements,
        [regions.get(block.index) for block in page.blocks],
        [
            _mark_of_line(block, known, plain) if mark is None and block.text else None
            for block, mark in zip(page.blocks, of_elements, strict=True)
        ],
        openers,
    )


def _marks_of_elements(outline: Outline) -> list[Mark | None]:
    marks = [_mark_of_region(region) if region else None for region in read_regions(outline)]
    hidden = Mark(Label.HIDDEN, "hidden by its element", 0.9)
    return [
        (_mark_in_element(block, mark, outline) if mark and mark.label in _BY_PLACE else mark) if shown else hidden
        for block, mark, shown in zip(outline.blocks, map(marks.__getitem__, outline.at), outline.shown, strict=True)
    ]


@lru_cache(maxsize=2_000)
def _mark_of_region(region: Region) -> Mark:
    return Mark(*region, 0.85)


def _mark_in_element(block: Block, mark: Mark, outline: Outline) -> Mark:
    """The mark of a shown block in an element that is called `meta`, `sidebar` and the like."""
    if mark.label is Label.FURNITURE and outline.good_since_title(block.index) >= PROSE_BEFORE and not is_credit_line(block.text):
        return Mark(Label.BIO, mark.reason, mark.confidence)
    if mark.label is Label.OTHER and block.link_density >= LINKED:
        return Mark(Label.RELATED, mark.reason, mark.confidence)
    return mark


def _mark_of_line(block: Block, tags: frozenset[str], plain: bool) -> Mark | None:
    text = block.text
    if prompt := label_of_prompt(text):
        return Mark(prompt, "reads like a prompt or legal line", 0.8)
    if tags and len(text) <= LINE_CHARS and block.kind is not _HEADING and _is_tag_line(text, tags):
        return Mark(Label.TAGS, "prints the tags", 0.85)
    if ((plain and len(text) < 2 * LINE_CHARS) or block.link_density >= LINKED) and is_read_also(text):
        return Mark(Label.RELATED, "points to another article", 0.85)
    return None


def _is_tag_line(text: str, tags: frozenset[str]) -> bool:
    folded = text.casefold()
    if folded.lstrip("#") in tags:
        return True
    words = [word.strip(" #") for word in re.split(r"[,;|/·•#、]", folded)]
    named = [word for word in words if word]
    return len(named) > 1 and sum(word in tags for word in named) * 2 > len(named)


def _marks_of_regions(
    page: Page, outline: Outline, printed: Mapping[int, str], named: Sequence[Mark | None]
) -> tuple[dict[int, Mark], list[int]]:
    """Mark the blocks under headings that name a part beside the article, an inner heading overruling an outer one.

    Returns:
        The marks by index of block, and the indices of the headings.
    """
    marks: dict[int, Mark] = {}
    openers: list[int] = []
    regions: list[tuple[int, Mark]] = []
    start = outline.title_block + 1 if outline.title_block is not None else 0
    for block in page.blocks[start:]:
        while regions and regions[-1][0] <= block.index:
            regions.pop()
        if regions:
            marks[block.index] = regions[-1][1]
        label = _label_of_opener(block, named[block.index])
        if label is None or block.index in printed:
            continue
        opens = _may_open(block, page)
        mark = marks[block.index] = Mark(label, f'under heading "{block.text[:60]}"', 0.85 if opens else 0.7)
        if opens:
            openers.append(block.index)
            regions.append((_end_of_region(block, label, outline, plain=page.format == "text"), mark))
    return marks, openers


def _label_of_opener(block: Block, named: Mark | None) -> Label | None:
    if block.kind is not _HEADING and (named is not None or block.kind in _NO_OPENERS):
        return None
    return label_of_heading(block.text) if len(block.text) <= HEADING_LENGTH else None


def _may_open(block: Block, page: Page) -> bool:
    if block.kind is _HEADING or block.bold_chars == len(block.text):
        return True
    return block.kind is Kind.PARAGRAPH and (page.format != "html" or not block.link_chars)


def _end_of_region(block: Block, label: Label, outline: Outline, *, plain: bool) -> int:
    """Index behind the region of a heading: its own element where it has one, else as far as blocks look like it."""
    box = _box_of(block, outline)
    before = outline.good_since_title(block.index)
    last = outline.last[box]
    if last > block.index:
        rest = outline.good_between(block.index + 1, last)
        fits = rest <= BOX_SHARE * outline.total or _ends_article(label, before, rest, plain=plain)
        return last + 1 if fits else block.index + 1
    last = outline.last[outline.parent[box]]
    if _ends_article(label, before, outline.good_between(block.index + 1, last), plain=plain):
        return last + 1
    return _end_of_flat(block, label, min(last, block.index + FLAT_BLOCKS), outline)


def _box_of(block: Block, outline: Outline) -> int:
    """Largest element that begins with the heading and is not the article's own."""
    node = outline.at[block.index]
    while node:
        above = outline.parent[node]
        if outline.first[above] != block.index or outline.good_in(above) > BOX_SHARE * outline.total > outline.good_in(node):
            break
        node = above
    return node


def _ends_article(label: Label, before: int, behind: int, *, plain: bool) -> bool:
    if label not in _ENDING or before < PROSE_BEFORE:
        return False
    if label is Label.COMMENTS:
        return not plain or before >= COMMENTS_SHARE * behind
    return behind <= before if label is Label.BIO else behind <= BOX_SHARE * before


def _end_of_flat(heading: Block, label: Label, last: int, outline: Outline) -> int:
    """Index behind the last block that looks like a part of the region."""
    for block in outline.blocks[heading.index + 1 : last + 1]:
        if block.kind is _HEADING and heading.kind is _HEADING and block.level <= heading.level:
            return block.index
        if outline.good[block.index]:
            return block.index + 1 if label is Label.BIO else block.index
        if not _looks_like_link(block) and label is not Label.BIO:
            return block.index
    return last + 1


def _looks_like_link(block: Block) -> bool:
    if block.link_density >= LINKED or block.kind is _LIST_ITEM or block.kind is _BREAK:
        return True
    return len(block.text) <= SHORT_LINE and not _SENTENCE_END.search(block.text)
