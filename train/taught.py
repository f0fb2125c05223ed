"""What the judge of HTML makes of a page, as the target of the same page as text.

Most pages of the corpus have a truth of a few segments or none. As HTML they are read well, and a rendering holds the same words;
so what is known of a block of HTML is known of the block of text that holds its words. The judge that is trained without a fold
learns from the judge of HTML that never saw that fold either.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

import pipelines.boilerplate
from pipelines.article import examine
from pipelines.boilerplate import label_blocks
from pipelines.fields import Label
from pipelines.page.page import Block, Kind, Page
from pipelines.trees import Trees
from train.corpus import FOLDS
from train.targets import matched, words_of

SHARE_FOUND = 0.5
"""Share of a block's words that must stand in the HTML too."""
EVEN = 0.5

Shares = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lecture:
    """A page of HTML as each teacher reads it."""

    words: list[str]
    owner: npt.NDArray[np.intp]
    """Of each word, the block that it stands in."""
    chances: Shares
    """Of each teacher, how likely each block is body: a row for each fold that was left out, and one for none."""
    unknown: frozenset[int]
    """Blocks that print a field."""


def load_teachers(folds: Path) -> list[Trees]:
    """The judges of HTML: one for each fold that was left out, then the one that comes with morgue.

    Raises:
        OSError: they were not trained yet.
    """
    weights = Path(pipelines.boilerplate.__file__).parent / "html.npz"
    return [Trees.load(folds / f"body-{fold}.npz") for fold in range(FOLDS)] + [Trees.load(weights)]


def hear(page: Page, teachers: list[Trees]) -> Lecture:
    """Let every teacher read a page of HTML."""
    seen = examine(page)
    rows = []
    for teacher in teachers:
        labelled = label_blocks(
            page,
            title_block=seen.title_block,
            furniture=seen.furniture,
            tags=seen.tags.value or (),
            body=seen.body,
            model=teacher,
        )
        rows.append([_chance(item.block.kind, item.label, item.confidence) for item in labelled])
    texts = [words_of(block.text) for block in page.blocks]
    owner = np.array([index for index, words in enumerate(texts) for _ in words], dtype=np.intp)
    printed = {*seen.furniture, *([] if seen.title_block is None else [seen.title_block])}
    return Lecture([word for words in texts for word in words], owner, np.array(rows, dtype=np.float32), frozenset(printed))


def _chance(kind: Kind, label: Label, confidence: float) -> float:
    """How likely a block is running text of the body; a caption is none."""
    if kind is Kind.CAPTION:
        return 0.0
    return max(confidence, EVEN) if label is Label.ARTICLE else min(1 - confidence, EVEN)


def taught_targets(blocks: tuple[Block, ...], lecture: Lecture) -> tuple[Shares, Shares]:
    """Targets of the blocks of a rendering.

    Returns:
        The share of each block that is body, a row for each teacher; and 1 for each block of which it is known, else 0.
    """
    texts = [words_of(block.text) for block in blocks]
    owner = np.array([index for index, words in enumerate(texts) for _ in words], dtype=np.intp)
    counts = np.bincount(owner, minlength=len(blocks))
    found, printed = np.zeros(len(blocks)), np.zeros(len(blocks))
    sums = np.zeros((len(lecture.chances), len(blocks)), dtype=np.float32)
    for place, at in matched([word for words in texts for word in words], lecture.words).items():
        index, source = owner[place], lecture.owner[at]
        found[index] += 1
        sums[:, index] += lecture.chances[:, source]
        printed[index] += int(source) in lecture.unknown
    known = (counts > 0) & (found >= SHARE_FOUND * counts) & (printed < SHARE_FOUND * found)
    return (sums / np.maximum(counts, 1)).astype(np.float32), known.astype(np.float32)
