"""Train the judges that tell the body of an article from the rest: one for HTML, one for pages of plain text.

Targets are shares: how much of a block the truth of its page holds (`targets`). Every page has the same say, and in it longer
blocks have more than short ones, though less than their length. What is unknown has none: blocks of traf that hold no picked
segment, the summary of fundus, lists and tables that its rules pass over, pages whose truth is known to be cut short. Text is
learnt from the judge of HTML too, on pages without a whole truth (`taught`).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.article import Examined, examine
from pipelines.boilerplate.features import block_features
from pipelines.boilerplate.signs import look_at
from pipelines.page.page import Block, Kind
from pipelines.surroundings import word_set
from pipelines.trees import Trees
from train.corpus import FOLDS, Example
from train.forest import forest_of
from train.targets import align, words_of
from train.taught import Lecture, taught_targets

SEGMENT_SETS = frozenset({"traf", "htmldate"})
"""Sets whose truth holds some pieces of the text, or none of it."""
CUT_SHORT = word_set("0227 0339 1708 2020 2218 2269 2498 4444 4694 4912 0390 0430 4893")
"""Pages of wcxb whose truth the corpus itself calls cut short or empty."""
LENGTH_POWER = 0.5
"""A block of four times the words has twice the weight. On wcxb, out of fold, .3, .5 and .8 differ by less than .002 of F1."""
PAGE_WEIGHT = 100.0
SEGMENT_WEIGHT = 2.0
"""Weight of a word's root in blocks of traf that are known: two or three a page."""
TAUGHT_WEIGHT = 50.0
"""Weight of a page of which the judge of HTML alone says what is body."""
SEGMENT_CHARS = 15
"""A shorter block that stands inside a picked segment may do so by chance."""

PARAMETERS: dict[str, Any] = {
    "objective": "cross_entropy",
    "num_leaves": 31,
    "max_depth": 8,
    "learning_rate": 0.15,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 127,
    "use_missing": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": 3,
    "verbose": -1,
}
ROUNDS = 60


CROP_WEIGHT = 0.5
"""Say of a cropped page beside a whole one."""
CROP_BLOCKS = (2, 12)
"""Fewest and most blocks of the body that a cropped page keeps."""


@dataclass(slots=True)
class Lesson:
    """One page for the trainer, or a part of one."""

    set: str
    id: str
    fold: int
    whole: bool
    """Whether it is a page as it came, and no part of one."""
    names: list[str]
    matrix: npt.NDArray[np.float32]
    target: npt.NDArray[np.float32]
    weight: npt.NDArray[np.float32]
    taught: npt.NDArray[np.float32] | None = None
    """Targets in place of `target` by what was left out in training the judge of HTML: a row for each fold, and one for none."""


def lessons_of(example: Example, lecture: Lecture | None = None) -> list[Lesson]:
    """Measure a page and find its targets, once as it is and once cropped; nothing for one without blocks.

    Args:
        example: The page.
        lecture: The same page as HTML, as the judges of HTML read it; they say what its truth leaves open.
    """
    if not example.page.blocks:
        return []
    examined = examine(example.page)
    target, known = _targets(example)
    known[[index for index, field in examined.furniture.items() if field != "dek"]] = 0
    if examined.title_block is not None:
        known[examined.title_block] = 0
    whole = _lesson(example, examined, target, _weights(example, known))
    cropped = list(_cropped(example, examined, whole))
    if lecture is not None:
        whole = _taught(whole, examined, lecture)
    return [whole, *cropped]


def _taught(lesson: Lesson, examined: Examined, lecture: Lecture) -> Lesson:
    """Add what the judges of HTML say of the blocks that the truth says nothing of."""
    taught, known = taught_targets(examined.page.blocks, lecture)
    known[[*examined.furniture]] = 0
    if examined.title_block is not None:
        known[examined.title_block] = 0
    weight = known * _root_words(examined.page.blocks)
    weight *= TAUGHT_WEIGHT / max(float(weight.sum()), 1.0)
    told = lesson.weight > 0
    return replace(
        lesson, taught=np.where(told, lesson.target, taught), weight=np.where(told, np.maximum(lesson.weight, weight), weight)
    )


def _lesson(
    example: Example, examined: Examined, target: npt.NDArray[np.float32], weight: npt.NDArray[np.float32], *, whole: bool = True
) -> Lesson:
    names, matrix = features_of(examined)
    return Lesson(example.set, example.id, example.fold, whole, names, matrix, target, weight)


def _cropped(example: Example, examined: Examined, whole: Lesson) -> Iterator[Lesson]:
    """The same page with few blocks of the body and few around it: pages of a few lines are rare in the corpus, and common."""
    inside = np.flatnonzero(whole.target >= 0.5)
    if example.set in SEGMENT_SETS or not len(inside) or not whole.weight.any():
        return
    rng = random.Random(example.id)  # noqa: S311 - not for secrets
    body = [int(index) for index in inside[: rng.randint(*CROP_BLOCKS)]]
    before = range(rng.randint(0, body[0]), body[0])
    behind = range(int(inside[-1]) + 1, rng.randint(int(inside[-1]) + 1, len(whole.target)))
    title = () if examined.title_block is None else (examined.title_block,)
    places = sorted({*title, *before, *range(body[0], body[-1] + 1), *behind})
    blocks = tuple(replace(examined.page.blocks[place], index=index) for index, place in enumerate(places))
    index_of = {place: index for index, place in enumerate(places)}
    part = replace(
        examined,
        page=replace(examined.page, blocks=blocks),
        title_block=index_of.get(examined.title_block) if examined.title_block is not None else None,
        furniture={index_of[place]: field for place, field in examined.furniture.items() if place in index_of},
    )
    weight = whole.weight[places]
    scale = CROP_WEIGHT * PAGE_WEIGHT / max(float(weight.sum()), 1.0)
    yield _lesson(example, part, whole.target[places], weight * scale, whole=False)


def features_of(examined: Examined) -> tuple[list[str], npt.NDArray[np.float32]]:
    """The matrix that the judge sees of a page."""
    page, tags = examined.page, examined.tags.value or ()
    scene = look_at(page, title_block=examined.title_block, furniture=examined.furniture, tags=tags, body=examined.body)
    return block_features(page, scene.outline, scene.signs)


def _targets(example: Example) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Share of each block that belongs to the body, and 1 where it is known."""
    blocks, truth = example.page.blocks, example.truth
    if example.set in SEGMENT_SETS:
        return _segment_targets(blocks, truth)
    known = np.ones(len(blocks), dtype=np.float32)
    if example.set == "wcxb":
        return np.array(align(blocks, truth["body"]), dtype=np.float32), known
    target = np.array(align(blocks, _fundus_body(truth)), dtype=np.float32)
    summary = np.array(align(blocks, truth.get("summary") or ""), dtype=np.float32)
    known[(summary >= 0.5) & (target < 0.5)] = 0
    known[_passed_over(blocks, target)] = 0
    return target, known


def _fundus_body(truth: dict[str, Any]) -> str:
    sections = truth["sections"]
    return "\n\n".join(
        text for part in sections for text in (*([part["heading"]] if part["heading"] else []), *part["paragraphs"])
    )


def _passed_over(blocks: Sequence[Block], target: npt.NDArray[np.float32]) -> list[int]:
    """Items and rows among the paragraphs of the truth: rules of many publishers take paragraphs and headings alone."""
    inside = np.flatnonzero(target >= 0.5)
    if not len(inside):
        return []
    low, high = int(inside[0]), int(inside[-1])
    kinds = (Kind.LIST_ITEM, Kind.TABLE_ROW)
    return [block.index for block in blocks[low:high] if block.kind in kinds and target[block.index] < 0.5]


def _segment_targets(blocks: Sequence[Block], truth: dict[str, Any]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    wanted = [" ".join(words_of(text)) for text in truth.get("with", ())]
    unwanted = [" ".join(words_of(text)) for text in truth.get("without", ())]
    target, known = np.zeros(len(blocks), dtype=np.float32), np.zeros(len(blocks), dtype=np.float32)
    for block in blocks:
        text = " ".join(words_of(block.text))
        inside, outside = _holds(text, wanted), _holds(text, unwanted)
        if text and inside != outside:
            target[block.index], known[block.index] = inside, 1
    return target, known


def _holds(text: str, segments: Iterable[str]) -> bool:
    return any(segment in text or (len(text) > SEGMENT_CHARS and text in segment) for segment in segments)


def _weights(example: Example, known: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    if example.set == "wcxb" and example.id in CUT_SHORT:
        return np.zeros(len(known), dtype=np.float32)
    weights = known * _root_words(example.page.blocks)
    scale = SEGMENT_WEIGHT if example.set in SEGMENT_SETS else PAGE_WEIGHT / max(float(weights.sum()), 1.0)
    return (weights * scale).astype(np.float32)


def _root_words(blocks: Sequence[Block]) -> npt.NDArray[np.float32]:
    words = np.array([max(len(block.text.split()), 1) for block in blocks])
    return (words**LENGTH_POWER).astype(np.float32)


def _target_without(lesson: Lesson, fold: int | None) -> npt.NDArray[np.float32]:
    """The targets for a judge that is trained without a fold: teachers that saw the fold say nothing."""
    if lesson.taught is None:
        return lesson.target
    row: npt.NDArray[np.float32] = lesson.taught[FOLDS if fold is None else fold]
    return row


def train(lessons: Sequence[Lesson], *, without: int | None = None, columns: Sequence[int] | None = None) -> Trees:
    """Train on all lessons but those of one fold.

    Args:
        lessons: The pages.
        without: The fold that is left out.
        columns: The features that may be used, by place; all where it is None.
    """
    import lightgbm

    chosen = [lesson for lesson in lessons if lesson.fold != without]
    matrix = np.concatenate([lesson.matrix[lesson.weight > 0] for lesson in chosen])
    target = np.concatenate([_target_without(lesson, without)[lesson.weight > 0] for lesson in chosen])
    weight = np.concatenate([lesson.weight[lesson.weight > 0] for lesson in chosen])
    names = lessons[0].names
    if columns is not None:
        matrix[:, [place for place in range(len(names)) if place not in set(columns)]] = 0
    data = lightgbm.Dataset(matrix, np.clip(target, 0, 1), weight=weight, free_raw_data=True)
    return forest_of(lightgbm.train(PARAMETERS, data, ROUNDS), names)


def folds(lessons: Sequence[Lesson]) -> Iterator[tuple[int, Trees]]:
    """Train one judge a fold, each on the pages of the others."""
    for fold in range(FOLDS):
        yield fold, train(lessons, without=fold)
