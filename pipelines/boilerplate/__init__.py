"""Label every block of a page: the body, or which kind of boilerplate. Nothing is deleted.

A learnt judge says how likely each block belongs to the body, from the structure of the page and from what rules say of the
block (`features`, `signs`); what is more likely in than out is kept. A block that prints a field is never body, nor is a line
of date or byline before the text, nor one that a rule is sure of. What is left out gets its label from the rules, else from its
place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from pipelines.boilerplate.confidence import body_confidence
from pipelines.boilerplate.decide import keep_blocks
from pipelines.boilerplate.features import block_features
from pipelines.boilerplate.model import body_model
from pipelines.boilerplate.rules import LINKED, Mark
from pipelines.boilerplate.signs import Scene, look_at
from pipelines.fields import Label, LabelledBlock
from pipelines.page.page import Block, Kind, Page
from pipelines.site import SITES_OWN, KnownSite
from pipelines.trees import Trees

__all__ = ["body_confidence", "label_blocks"]

DECLARED_WHOLE = 0.9
"""Chance, at least, of a block that no rule names, in a document that says that it is an article. Estimated."""

_ARTICLE, _BREAK = Label.ARTICLE, Kind.BREAK
"""By their own names: on Python 3.11 to look a member up in its enumeration takes ten times as long."""
_OUTER_BREAK = Mark(Label.OTHER, "break outside the body", 0.5)
_CREDIT_LINE = Mark(Label.FURNITURE, "line of date, byline or reading time", 0.6)
_REPEATED = Mark(Label.OTHER, "stands on the page twice", 0.6)
_BEFORE = Mark(Label.NAVIGATION, "links before the body", 0.5), Mark(Label.OTHER, "before the body", 0.5)
_AMONG = Mark(Label.RELATED, "links among the body", 0.5), Mark(Label.OTHER, "unlike the body, among the body", 0.5)
_BEHIND = Mark(Label.RELATED, "links behind the body", 0.5), Mark(Label.OTHER, "unlike the body, behind the body", 0.5)
"""What a block of links is called by its place, and what another one."""


def label_blocks(
    page: Page,
    *,
    title_block: int | None,
    furniture: Mapping[int, str],
    tags: Sequence[str],
    body: str = "",
    whole: bool = False,
    site: KnownSite | None = None,
    model: Trees | None = None,
) -> tuple[LabelledBlock, ...]:
    """Label every block, in order.

    Args:
        page: The page.
        title_block: Index of the block that prints the title; None where none does.
        furniture: Field that a block was printed for (`dek`, `byline`, `date`), by index.
        tags: Tags of the article; a line that prints them is labelled so.
        body: The text of the article as the page declares it; empty where it does not.
        whole: Whether the document says that it is the article and nothing else: then a block is kept unless a rule names it.
        site: What is known of other pages of the site.
        model: The judge; the one that comes with morgue, where none is given.

    Returns:
        One labelled block for each block of the page.
    """
    if not page.blocks:
        return ()
    scene = look_at(page, title_block=title_block, furniture=furniture, tags=tags, body=body)
    names, matrix = block_features(page, scene.outline, scene.signs)
    judge = model or body_model(page.format)
    judge.check(names)
    barred = scene.printed.keys() | scene.marks.certain() | scene.head_credits()
    chances = _chances(judge, matrix, [index for index in scene.open_blocks() if index not in barred])
    if whole:
        for index in scene.unnamed() - barred:
            if page.blocks[index].link_density < LINKED:
                chances[index] = max(chances[index], DECLARED_WHOLE)
    kept = keep_blocks(page.blocks, chances, barred, scene.marks.openers, scene.unnamed(), scene.printed)
    known = site.repeated(page.blocks, kept) if site is not None else set[int]()
    if known:
        kept = [keep and index not in known for index, keep in enumerate(kept)]
    span = _span(kept)
    return tuple(
        LabelledBlock(block, Label.OTHER, SITES_OWN, 0.9)
        if block.index in known
        else _labelled(block, scene, chances[block.index], kept[block.index], span)
        for block in page.blocks
    )


def _chances(judge: Trees, matrix: npt.NDArray[np.float32], asked: Sequence[int]) -> list[float]:
    """How likely each block is body: 0 for those that the judge is not asked about."""
    chances = [0.0] * len(matrix)
    for index, chance in zip(asked, judge.predict(matrix[asked]).tolist(), strict=True):
        chances[index] = chance
    return chances


def _span(kept: Sequence[bool]) -> tuple[int, int]:
    """First and last kept block; (0, -1) where none is kept."""
    indices = [index for index, keep in enumerate(kept) if keep]
    return (indices[0], indices[-1]) if indices else (0, -1)


def _labelled(block: Block, scene: Scene, chance: float, keep: bool, span: tuple[int, int]) -> LabelledBlock:
    if keep:
        return LabelledBlock(block, _ARTICLE, "looks like the body of the article", chance)
    field = scene.printed.get(block.index)
    if field is not None:
        return LabelledBlock(block, Label.FURNITURE, f"prints the {field}", 0.95)
    mark = scene.marks.of(block.index) or _mark_of_place(block, scene, span)
    return LabelledBlock(block, mark.label, mark.reason, max(mark.confidence, 1 - chance))


def _mark_of_place(block: Block, scene: Scene, span: tuple[int, int]) -> Mark:
    """Name what no rule names, by where it stands to the body."""
    first, last = span
    if block.kind is _BREAK:
        return _OUTER_BREAK
    if scene.is_credit(block.index):
        return _CREDIT_LINE
    if scene.repeats(block.index):
        return _REPEATED
    links, text = _BEFORE if block.index < first else _BEHIND if block.index > last else _AMONG
    return links if block.link_density >= LINKED else text
