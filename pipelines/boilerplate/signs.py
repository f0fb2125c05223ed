"""What is known of a page's blocks before the judge looks at them: the elements measured, the fields printed, what rules say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.boilerplate.features import Signs
from pipelines.boilerplate.outline import Outline, outline_of
from pipelines.boilerplate.rules import Mark, Marks, mark_blocks
from pipelines.fields import Label
from pipelines.page.page import Block, Kind, Page
from pipelines.surroundings import LONGEST_CREDIT_LINE, is_byline, is_credit_line

DECLARED_CHARS = 25
"""A shorter block may stand in a declared body by chance."""
COMPARED_CHARS = 60
"""So many characters of a block are looked for in the declared body: the rest may differ in quotes and entities."""
REPEATED_CHARS = 30
"""Shorter blocks repeat by chance."""
COMPARED_BLOCKS, COMPARED_BODY = 3_000, 60_000
"""Blocks and characters of the declared body beyond which nothing is compared; keeps the cost linear."""
FEWEST_DECLARED = 2
"""Blocks that must stand in the declared body before it says anything of the others."""

IDLE = frozenset({Label.NAVIGATION, Label.FOOTER, Label.RELATED, Label.HIDDEN, Label.BIO, Label.ADVERTISEMENT, Label.WIDGET})
"""Elements in which 1 short line in 200 belongs to the body (on wcxb and fundus): menus, mostly, and half of all blocks."""

_CODES = {
    label: code
    for code, label in enumerate(
        (
            Label.FURNITURE, Label.TAGS, Label.PAYWALL, Label.ADVERTISEMENT, Label.OTHER, Label.NAVIGATION, Label.WIDGET,
            Label.BIO, Label.RELATED, Label.NEWSLETTER, Label.SHARE, Label.FOOTER, Label.COMMENTS, Label.CONSENT,
            Label.HIDDEN, Label.ARTICLE,
        ),
        start=1,
    )
}  # fmt: skip
"""Labels as numbers, kin beside kin, so that one comparison parts several."""
_HEADING, _FURNITURE = Kind.HEADING, Label.FURNITURE
"""By their own names: on Python 3.11 to look a member up in its enumeration takes ten times as long."""
_DEK, _CREDIT, _FIELD = 3, 2, 1
_DIGIT = re.compile(r"\d")
"""Dates and reading times have one; without, only a byline makes a line of credit."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A page as the judge gets it."""

    outline: Outline
    printed: Mapping[int, str]
    """Field that a block prints, by index; the title among them."""
    marks: Marks
    signs: Signs

    def open_blocks(self) -> list[int]:
        """Indices of the blocks that are worth a judgement: prose, and what stands in no element with a name."""
        return [
            index
            for index, (mark, good) in enumerate(zip(self.marks.element, self.outline.good, strict=True))
            if good or mark is None or mark.label not in IDLE
        ]

    def unnamed(self) -> set[int]:
        """Indices of the blocks that print no field and that no rule says anything of."""
        signs = zip(self.marks.element, self.marks.heading, self.marks.line, self.signs.printed, self.signs.repeats, strict=True)
        return {
            index
            for index, (element, heading, line, printed, repeats) in enumerate(signs)
            if not (element or heading or line or printed) and repeats <= 0
        }

    def head_credits(self) -> set[int]:
        """Indices of the lines of credit before all prose: of 316 on wcxb and fundus, 8 belong to the body."""
        first = next(
            (index for index, good in enumerate(self.outline.good) if good and index >= (self.outline.title_block or 0)), 0
        )
        return {index for index, sign in enumerate(self.signs.printed[:first]) if sign == _CREDIT}

    def is_credit(self, index: int) -> bool:
        """Whether a block says who, when or how long, without being the source of a field."""
        return self.signs.printed[index] == _CREDIT

    def repeats(self, index: int) -> bool:
        """Whether a longer block has stood on the page before."""
        return self.signs.repeats[index] > 0


def look_at(page: Page, *, title_block: int | None, furniture: Mapping[int, str], tags: Sequence[str], body: str) -> Scene:
    """Gather what is known of a page's blocks; the arguments are those of `label_blocks`."""
    printed = dict(furniture) if title_block is None else {title_block: "title", **furniture}
    title = page.blocks[title_block].text.casefold() if title_block is not None else ""
    if title:
        again = (b.index for b in page.blocks if b.kind is _HEADING and b.text.casefold() == title)
        printed.update((index, "title") for index in again if index not in printed)
    outline = outline_of(page.blocks, title_block, frozenset(index for index, field in printed.items() if field != "dek"))
    marks = mark_blocks(page, outline, printed, tags)
    signs = Signs(
        _codes(marks.element),
        _codes(marks.heading),
        _codes(marks.line),
        _printed(page.blocks, printed, marks.element),
        _repeats(page.blocks),
        _declared(page.blocks, body),
    )
    return Scene(outline, printed, marks, signs)


def _codes(marks: Sequence[Mark | None]) -> list[int]:
    return [_CODES[mark.label] if mark is not None else 0 for mark in marks]


def _printed(blocks: Sequence[Block], printed: Mapping[int, str], marks: Sequence[Mark | None]) -> list[int]:
    signs = [
        _CREDIT if (mark is None or mark.label is _FURNITURE) and _is_credit(block.text) else 0
        for block, mark in zip(blocks, marks, strict=True)
    ]
    for index, field in printed.items():
        signs[index] = _DEK if field == "dek" else _FIELD
    return signs


def _is_credit(text: str) -> bool:
    return 0 < len(text) <= LONGEST_CREDIT_LINE and bool(_DIGIT.search(text) or is_byline(text)) and is_credit_line(text)


def _repeats(blocks: Sequence[Block]) -> list[int]:
    seen: dict[str, int] = {}
    repeats = [0] * len(blocks)
    for block in blocks:
        if len(block.text) >= REPEATED_CHARS:
            earlier = seen.setdefault(block.text, block.index)
            if earlier != block.index:
                repeats[block.index] = 1
                repeats[earlier] = repeats[earlier] or -1
    return repeats


def _declared(blocks: Sequence[Block], body: str) -> list[int]:
    """Of each longer block 1 or -1, whether it stands in the declared body; all 0 where that holds too little of the page."""
    if not body or len(blocks) > COMPARED_BLOCKS:
        return [0] * len(blocks)
    body = body[:COMPARED_BODY]
    found = [(1 if block.text[:COMPARED_CHARS] in body else -1) if len(block.text) >= DECLARED_CHARS else 0 for block in blocks]
    return found if found.count(1) >= FEWEST_DECLARED else [0] * len(blocks)
