"""Rules that name a block: the field it prints, the element it stands in, the heading it stands under, what it asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipelines.boilerplate.prompts import is_read_also, label_of_prompt
from pipelines.boilerplate.regions import PROSE_BEFORE, Extent, Outline
from pipelines.boilerplate.vocabulary import label_of_heading
from pipelines.fields import Label
from pipelines.page.page import Block, Kind, Node, Page
from pipelines.surroundings import is_credit_line


class Mark(NamedTuple):
    """A label with its reason, before it is joined to its block."""

    label: Label
    reason: str
    confidence: float


BOX_SHARE = 0.3
"""A box under a heading such as "Related" holds less of the prose than this; a larger element is the article itself."""
SHORT_LINE = 40
"""A line up to this length without a sentence end may belong to a list of links whose links are lost."""
LINE_CHARS = 100
"""Longest line, in characters, that prints tags."""
LINKED = 0.5
"""Link density from which a block is a link rather than text with links in it."""

_ENDING = frozenset({Label.COMMENTS, Label.BIO, Label.FOOTER, Label.RELATED})
"""Regions that end an article: nothing behind them, at their level, belongs to it."""
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


def mark_blocks(page: Page, outline: Outline, furniture: Mapping[int, str], tags: Sequence[str]) -> list[Mark | None]:
    """Name every block that a rule knows.

    Args:
        page: The page.
        outline: Its elements, measured.
        furniture: Field that each block was printed for, by index.
        tags: Tags of the article, to know the line that prints them.

    Returns:
        A mark or None for each block, in order. The first rule that knows a block names it: fields, then hidden elements,
        named elements, regions under a heading, single lines.
    """
    title = _title_text(page, outline)
    regions = _marks_of_regions(page, outline, furniture)
    known_tags = frozenset(tag.casefold() for tag in tags)
    return [
        _mark_of_field(block, furniture, title)
        or _mark_of_element(block, outline)
        or regions.get(block.index)
        or _mark_of_line(block, known_tags, page)
        for block in page.blocks
    ]


def _title_text(page: Page, outline: Outline) -> str:
    return page.blocks[outline.title_block].text.casefold() if outline.title_block is not None else ""


def _mark_of_field(block: Block, furniture: Mapping[int, str], title: str) -> Mark | None:
    if block.index in furniture:
        return Mark(Label.FURNITURE, f"prints the {furniture[block.index]}", 0.95)
    if title and block.kind is Kind.HEADING and block.text.casefold() == title:
        return Mark(Label.FURNITURE, "prints the title", 0.95)
    return None


def _mark_of_element(block: Block, outline: Outline) -> Mark | None:
    if not outline.shown[block.index]:
        return Mark(Label.HIDDEN, "hidden by its element", 0.9)
    region = outline.regions.get(block.node)
    if region is None:
        return None
    label, reason = region
    if label is Label.FURNITURE and _is_behind_prose(block, outline):
        label = Label.BIO
    elif label is Label.OTHER and block.link_density >= LINKED:
        label = Label.RELATED
    return Mark(label, reason, 0.85)


def _is_behind_prose(block: Block, outline: Outline) -> bool:
    return outline.good_between(outline.title_block or 0, block.index - 1) >= PROSE_BEFORE and not is_credit_line(block.text)


def _mark_of_line(block: Block, tags: frozenset[str], page: Page) -> Mark | None:
    if not block.text:
        return None
    if prompt := label_of_prompt(block.text):
        return Mark(prompt, "reads like a prompt or legal line", 0.8)
    if tags and len(block.text) <= LINE_CHARS and block.kind is not Kind.HEADING and _is_tag_line(block.text, tags):
        return Mark(Label.TAGS, "prints the tags", 0.85)
    if is_read_also(block.text) and (
        block.link_density >= LINKED or (page.format == "text" and len(block.text) < 2 * LINE_CHARS)
    ):
        return Mark(Label.RELATED, "points to another article", 0.85)
    return None


def _is_tag_line(text: str, tags: frozenset[str]) -> bool:
    folded = text.casefold()
    if folded.lstrip("#") in tags:
        return True
    words = [word.strip(" #") for word in re.split(r"[,;|/·•#、]", folded)]
    named = [word for word in words if word]
    return len(named) > 1 and sum(word in tags for word in named) * 2 > len(named)


def _marks_of_regions(page: Page, outline: Outline, furniture: Mapping[int, str]) -> dict[int, Mark]:
    """Marks of the blocks under headings that name a part beside the article; an inner heading overrules an outer one."""
    marks: dict[int, Mark] = {}
    start = outline.title_block + 1 if outline.title_block is not None else 0
    for block in page.blocks[start:]:
        label = label_of_heading(block.text) if block.text and block.kind is not Kind.TABLE_ROW else None
        if label is None or block.index in furniture:
            continue
        opens = _may_open(block, page)
        mark = Mark(label, f'under heading "{block.text[:60]}"', 0.85 if opens else 0.7)
        marks[block.index] = mark
        if opens:
            marks.update(dict.fromkeys(_span(block, label, page, outline), mark))
    return marks


def _may_open(block: Block, page: Page) -> bool:
    if block.kind is Kind.HEADING or block.bold_chars == len(block.text):
        return True
    return block.kind is Kind.PARAGRAPH and (page.format != "html" or not block.link_chars)


def _span(block: Block, label: Label, page: Page, outline: Outline) -> range:
    """Blocks behind a heading that belong to its region: its own element where it has one, else as far as they look like it."""
    box = _box_of(block, outline)
    before = outline.good_between(outline.title_block or 0, block.index - 1)
    if box.last > block.index:
        return _span_of_box(block, label, box, before, outline)
    parent = box.node.parent
    last = outline.extents[parent].last if parent is not None else block.index
    behind = outline.good_between(block.index + 1, last)
    if _ends_article(label, before, behind):
        return range(block.index + 1, last + 1)
    return range(block.index + 1, _end_of_flat(block, label, last, page, outline))


def _box_of(block: Block, outline: Outline) -> Extent:
    """Largest element that begins with the heading and is not the article's own."""
    node: Node = block.node
    extent = outline.extents[node]
    while node.parent is not None:
        above = outline.extents[node.parent]
        if above.first != block.index or above.good > BOX_SHARE * outline.total > extent.good:
            break
        node, extent = node.parent, above
    return extent


def _span_of_box(block: Block, label: Label, box: Extent, before: int, outline: Outline) -> range:
    rest = outline.good_between(block.index + 1, box.last)
    if rest <= BOX_SHARE * outline.total or _ends_article(label, before, rest):
        return range(block.index + 1, box.last + 1)
    return range(block.index + 1, block.index + 1)


def _ends_article(label: Label, before: int, behind: int) -> bool:
    if label not in _ENDING or before < PROSE_BEFORE:
        return False
    if label is Label.COMMENTS:
        return True
    return behind <= before if label is Label.BIO else behind <= BOX_SHARE * before


def _end_of_flat(heading: Block, label: Label, last: int, page: Page, outline: Outline) -> int:
    """Index behind the last block that looks like a part of the region."""
    for block in page.blocks[heading.index + 1 : last + 1]:
        if block.kind is Kind.HEADING and heading.kind is Kind.HEADING and block.level <= heading.level:
            return block.index
        if outline.good[block.index]:
            return block.index + 1 if label is Label.BIO else block.index
        if not _looks_like_link(block) and label is not Label.BIO:
            return block.index
    return last + 1


def _looks_like_link(block: Block) -> bool:
    if block.link_density >= LINKED or block.kind in (Kind.LIST_ITEM, Kind.BREAK):
        return True
    return len(block.text) <= SHORT_LINE and not _SENTENCE_END.search(block.text)
