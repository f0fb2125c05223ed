"""Cut the body into sections at its headings.

A heading is an `h1` to `h6`; a paragraph that is bold from end to end, short, without final punctuation and before plain prose
(4 in 100 section headings of news pages are such paragraphs), or stands right behind a break; on pages of plain text also a short
line behind a break. It opens a section only where kept text follows. A break by itself opens none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest

from pipelines.fields import BodyBlock, Label, LabelledBlock, Section
from pipelines.page.page import Block, Kind
from pipelines.sections.asides import set_apart
from pipelines.sections.looks import is_bold, is_sentence, words_alone

__all__ = ["read_sections", "set_apart"]

PSEUDO_HEADING_CHARS = 110
"""Longest such paragraph. With the other conditions: recall of headings +.04, precision -.025 on 126 news pages."""
PROSE_CHARS = 60
"""Shortest paragraph that such a heading stands before."""
SAME_HEADINGS = 3
"""Headings of the same words that are labels of boxes ("Pros"), not sections. Truths of 4 of 442 pages have none."""
PSEUDO_LEVEL = 3
"""Level given to headings that are typography only; `h2` headings around them stay above."""

_HEADING, _PARAGRAPH, _CAPTION, _BREAK = Kind.HEADING, Kind.PARAGRAPH, Kind.CAPTION, Kind.BREAK
_ARTICLE = Label.ARTICLE
"""By their own names: on Python 3.11 to look a member up in its enumeration takes ten times as long."""
_STOP = re.compile(r"[.,;。、][\"'”’»)\]]*$")
"""Punctuation that no heading ends with, even one set apart by a break."""
_FINAL = re.compile(r"[.!?…,;。！？、][\"'”’»)\]]*$")


def read_sections(labelled: Sequence[LabelledBlock], title: str | None) -> tuple[Section, ...]:
    """Gather the blocks labelled as the body into sections.

    Args:
        labelled: All blocks of the page, in order.
        title: The title; a heading that repeats it opens no section and is left out.

    Returns:
        The sections in order. The first has no heading where text stands before the first one. A heading directly before a
        deeper one has no blocks of its own.
    """
    body = [item.block for item in labelled if item.label is _ARTICLE]
    sections: list[Section] = []
    heading: str | None = None
    level, blocks = 0, list[BodyBlock]()
    for block, opens in _headed(body, words_alone(title or "")):
        if not opens:
            blocks.append(BodyBlock(_kind_in_text(block), block.text, block.depth, block.ordered))
            continue
        if heading is not None or blocks:
            sections.append(Section(heading, level, tuple(blocks)))
        heading, level, blocks = block.text, block.level or PSEUDO_LEVEL, []
    if heading is not None or blocks:
        sections.append(Section(heading, level, tuple(blocks)))
    return tuple(
        section
        for section, following in zip_longest(sections, sections[1:])
        if section is not None and (section.blocks or _is_above(section, following))
    )


def _headed(body: Sequence[Block], title: str) -> Iterator[tuple[Block, bool]]:
    """Yield the blocks of text, each with whether it opens a section; breaks and the repeated title fall away."""
    labels = _labels_of_boxes(body)
    has_text = False
    for position, block in enumerate(body):
        if block.kind is _BREAK or not block.text:
            continue
        if block.kind is _HEADING:
            if not title or words_alone(block.text) != title:
                yield block, block.text not in labels and not is_sentence(block.text)
        else:
            yield block, _stands_for_heading(body, position, has_text)
            has_text = has_text or block.kind is not _CAPTION


def _labels_of_boxes(body: Sequence[Block]) -> Collection[str]:
    counts = Counter(block.text for block in body if block.kind is _HEADING)
    return {text for text, count in counts.items() if count >= SAME_HEADINGS}


def _kind_in_text(block: Block) -> Kind:
    return _PARAGRAPH if block.kind is _HEADING else block.kind


def _stands_for_heading(body: Sequence[Block], position: int, has_text: bool) -> bool:
    block = body[position]
    following = body[position + 1] if position + 1 < len(body) else None
    if block.kind is not _PARAGRAPH or following is None or len(block.text) >= PSEUDO_HEADING_CHARS or "\n" in block.text:
        return False
    behind_break = position > 0 and body[position - 1].kind is _BREAK
    if behind_break and following.kind is not _BREAK and is_bold(block) and not is_bold(following):
        return not _STOP.search(block.text)
    if following.kind is not _PARAGRAPH or len(following.text) <= PROSE_CHARS or _FINAL.search(block.text):
        return False
    if is_bold(block):
        return has_text and not is_bold(following)
    return behind_break and block.node.tag == "#text" and len(block.text) <= PROSE_CHARS


def _is_above(section: Section, following: Section | None) -> bool:
    return following is not None and following.level > section.level
