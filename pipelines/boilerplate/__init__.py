"""Label every block of a page: the body, or which kind of boilerplate. Nothing is deleted.

Order of trust: the fields that were read from a block; hidden elements; elements by type, role and class, unless they hold the
article; regions opened by a heading ("About the author"); prompts and legal lines; then structure (`score`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.boilerplate.regions import PROSE_BEFORE, Outline
from pipelines.boilerplate.rules import LINKED, Mark, mark_blocks
from pipelines.boilerplate.score import Context, score_blocks
from pipelines.fields import Label, LabelledBlock
from pipelines.page.page import Block, Kind, Page
from pipelines.surroundings import LONGEST_CREDIT_LINE, is_credit_line

__all__ = ["label_blocks"]

KEEP = 0.5
"""Score from which a block is kept."""
_ENDING = frozenset({Label.COMMENTS, Label.BIO, Label.FOOTER})


def label_blocks(
    page: Page, *, title_block: int | None, furniture: Mapping[int, str], tags: Sequence[str]
) -> tuple[LabelledBlock, ...]:
    """Label every block, in order.

    Args:
        page: The page.
        title_block: Index of the block that prints the title; None where none does.
        furniture: Field that a block was printed for (`dek`, `byline`, `date`), by index.
        tags: Tags of the article; a line that prints them is labelled so.

    Returns:
        One labelled block for each block of the page.
    """
    printed = dict(furniture) if title_block is None else {title_block: "title", **furniture}
    outline = Outline(page.blocks, title_block, frozenset(printed))
    marks = mark_blocks(page, outline, printed, tags)
    context = Context(outline, [mark is None for mark in marks], _end(marks, outline))
    scores = score_blocks(page.blocks, context)
    kept = [mark is None and score >= KEEP for mark, score in zip(marks, scores, strict=True)]
    _name_meta_lines(page.blocks, kept, marks, title_block)
    _drop_bare_headings(page.blocks, kept, marks)
    span = _span(kept)
    return tuple(_labelled(block, marks[block.index], kept[block.index], scores[block.index], span) for block in page.blocks)


def _end(marks: Sequence[Mark | None], outline: Outline) -> int:
    """Index of the first named block behind prose that ends an article."""
    start = outline.title_block or 0
    for index in range(start, len(marks)):
        mark = marks[index]
        if mark is not None and mark.label in _ENDING and outline.good_between(start, index) >= PROSE_BEFORE:
            return index
    return len(marks)


def _name_meta_lines(blocks: Sequence[Block], kept: list[bool], marks: list[Mark | None], title_block: int | None) -> None:
    """Take date lines and bylines out of the head of the body: those between the title and the first block of prose."""
    for block in blocks[(title_block or 0) :]:
        if kept[block.index] and len(block.text) > LONGEST_CREDIT_LINE:
            return
        if marks[block.index] is None and block.kind is Kind.PARAGRAPH and is_credit_line(block.text):
            kept[block.index] = False
            marks[block.index] = Mark(Label.FURNITURE, "short line of date or byline before the text", 0.7)


def _drop_bare_headings(blocks: Sequence[Block], kept: list[bool], marks: list[Mark | None]) -> None:
    """Leave out headings that no kept text follows, and breaks behind all text."""
    level_below = 0
    has_text = kept_text = False
    for block in reversed(blocks):
        if not kept[block.index]:
            continue
        if block.kind is Kind.BREAK:
            kept[block.index] = kept_text
        elif block.kind is not Kind.HEADING:
            has_text = kept_text = True
            level_below = 0
        elif has_text or level_below > block.level:
            has_text = False
            level_below = block.level
        else:
            kept[block.index] = False
            marks[block.index] = Mark(Label.OTHER, "heading without text", 0.6)


def _span(kept: Sequence[bool]) -> tuple[int, int]:
    """First and last kept block; (0, -1) where none is kept."""
    indices = [index for index, keep in enumerate(kept) if keep]
    return (indices[0], indices[-1]) if indices else (0, -1)


def _labelled(block: Block, mark: Mark | None, keep: bool, score: float, span: tuple[int, int]) -> LabelledBlock:
    if keep:
        return LabelledBlock(block, Label.ARTICLE, "prose in the container of the article", score)
    if mark is not None:
        return LabelledBlock(block, mark.label, mark.reason, mark.confidence)
    if block.kind is Kind.BREAK:
        return LabelledBlock(block, Label.OTHER, "break outside the body", 0.5)
    return LabelledBlock(block, *_place(block, span), 1 - score)


def _place(block: Block, span: tuple[int, int]) -> tuple[Label, str]:
    first, last = span
    if block.index < first:
        return (Label.NAVIGATION, "links before the body") if block.link_density >= LINKED else (Label.OTHER, "before the body")
    if block.index > last:
        return (Label.RELATED, "links behind the body") if block.link_density >= LINKED else (Label.OTHER, "behind the body")
    return (Label.RELATED, "links among the body") if block.link_density >= LINKED else (Label.OTHER, "unlike the text around it")
