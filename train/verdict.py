"""Train the judge that tells articles from other pages.

Articles of wcxb and fundus stand against the pages of `other`. Those of traf and htmldate have a small say: they are old, and of
other countries than `other`, so that a judge would learn to tell the collections apart; their front pages are left out. Both
sides weigh the same.

Each page is shown a second time as little more than a title and some of its blocks, with or without address, head and declared
types: such pages are rare in the corpus and common as text, as saved pages and on small sites.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.article import examine, facts_of
from pipelines.page.page import Head, Page
from pipelines.surroundings import word_set
from pipelines.trees import Trees
from pipelines.verdict.features import Facts, features
from pipelines.verdict.shape import PROSE_CHARS, read_shape
from train.corpus import FOLDS, Example
from train.forest import forest_of

SETS = ("wcxb", "fundus", "other", "traf", "htmldate")
SAY = {"wcxb": 1.0, "fundus": 1.0, "other": 1.0, "traf": 0.05, "htmldate": 0.05}
"""Weight of a page. Out of fold, balanced accuracy on wcxb, fundus and other is .946 at 0, .949 at .05, .946 at .1 and .944 at
.3 (means of several seeds); of the pages of traf .83, .85, .86 and .88 are called articles."""

PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "num_leaves": 8,
    "max_depth": 4,
    "learning_rate": 0.1,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "extra_trees": True,
    "use_missing": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": 1,
    "verbose": -1,
}
"""Small trees with thresholds picked at random: there are two thousand pages, and some truths are doubtful."""
ROUNDS = 200
FOR = word_set(
    """dated signed dated_and_signed sure_of_date sure_of_authors
    type_article type_og_article address_article address_dated head_post slug_in_title title_asks
    title_begins_asking together_chars prose_chars"""
)
AGAINST = word_set(
    "type_product type_thread type_other address_front address_other address_host led_by_link headings_linked prices turns"
)
"""Features that may speak in one direction only, whatever the few pages say that have them."""
CROP_WEIGHT = 0.5
"""Say of a cropped page beside a whole one."""
CROP_PROSE = (2, 10)
"""Fewest and most blocks of prose that a cropped page keeps."""
KEPT = 0.6
"""Chance that a cropped page keeps its address; its head; its types."""


@dataclass(slots=True)
class Case:
    """One page for the trainer."""

    set: str
    id: str
    fold: int
    whole: bool
    """Whether it is a page as it came, and no part of one."""
    values: dict[str, float]

    @property
    def is_article(self) -> bool:
        """Whether the corpus calls it one."""
        return self.set != "other"


def cases_of(example: Example) -> list[Case]:
    """Measure a page, once as it is and once cropped."""
    page, facts = example.page, facts_of(examine(example.page))
    return [
        Case(example.set, example.id, example.fold, whole, features(seen, known, read_shape(seen, known.title_block)))
        for whole, seen, known in ((True, page, facts), (False, *_cropped(page, facts, example.id)))
    ]


def _cropped(page: Page, facts: Facts, seed: str) -> tuple[Page, Facts]:
    """The title and a run of blocks behind it, in a page that says less of itself."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    at = facts.title_block or 0
    start = min(at + rng.randint(1, 4), len(page.blocks))
    prose = [block.index for block in page.blocks[start:] if len(block.text) >= PROSE_CHARS]
    last = prose[min(rng.randint(*CROP_PROSE), len(prose)) - 1] if prose else start
    behind = range(max(last + 1, len(page.blocks) - rng.randint(0, 6)), len(page.blocks))
    places = sorted({at, *range(start, last + 1), *behind} & set(range(len(page.blocks))))
    index_of = {place: index for index, place in enumerate(places)}
    part = replace(
        page,
        url=page.url if rng.random() < KEPT else None,
        head=page.head if rng.random() < KEPT else Head(title=page.head.title),
        blocks=tuple(replace(page.blocks[place], index=index) for index, place in enumerate(places)),
        marks=tuple(replace(mark, block=index_of[mark.block]) for mark in page.marks if mark.block in index_of),
        images=(),
    )
    types = facts.types if rng.random() < KEPT else ()
    return part, replace(facts, types=types, title_block=index_of.get(at) if facts.title_block is not None else None)


def train(cases: Sequence[Case], *, without: int | None = None) -> Trees:
    """Train on all cases but those of one fold."""
    import lightgbm

    chosen = [case for case in cases if case.fold != without and _counts(case)]
    names = list(cases[0].values)
    data = lightgbm.Dataset(matrix_of(chosen, names), [case.is_article for case in chosen], weight=_weights(chosen))
    one_way = [(name in FOR) - (name in AGAINST) for name in names]
    return forest_of(lightgbm.train({**PARAMETERS, "monotone_constraints": one_way}, data, ROUNDS), names)


def folds(cases: Sequence[Case]) -> Iterator[tuple[int, Trees]]:
    """Yield for each fold the judge that saw none of it."""
    for fold in range(FOLDS):
        yield fold, train(cases, without=fold)


def save_ordinary(cases: Sequence[Case], file: Path) -> None:
    """Write what the middle article and the middle other page have of each feature."""
    names = list(cases[0].values)
    sides = {"articles": ("wcxb", "fundus"), "others": ("other",)}
    middles = {
        side: np.median(matrix_of([case for case in cases if case.set in sets and case.whole], names), axis=0)
        for side, sets in sides.items()
    }
    table = {
        side: {name: round(float(value), 4) for name, value in zip(names, row, strict=True)} for side, row in middles.items()
    }
    file.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def matrix_of(cases: Sequence[Case], names: Sequence[str]) -> npt.NDArray[np.float32]:
    """One row a case, one column a feature."""
    return np.array([[case.values[name] for name in names] for case in cases], dtype=np.float32)


def report(cases: Sequence[Case], judges: Sequence[tuple[int, Trees]]) -> str:
    """Say how the judges of the folds do on pages that they have not seen."""
    cases = [case for case in cases if case.whole]
    chances = np.zeros(len(cases))
    for fold, judge in judges:
        places = [place for place, case in enumerate(cases) if case.fold == fold]
        chances[places] = judge.predict(matrix_of([cases[place] for place in places], judge.names))
    sets = np.array([case.set for case in cases])
    called = {name: float((chances[sets == name] > 0.5).mean()) for name in SETS}
    articles = float((chances[np.isin(sets, ("wcxb", "fundus"))] > 0.5).mean())
    lines = [f"called article: {', '.join(f'{name} {share:.3f}' for name, share in called.items())}"]
    lines.append(f"balanced accuracy: {(articles + 1 - called['other']) / 2:.3f}")
    core = np.isin(sets, ("wcxb", "fundus", "other"))
    sure, right = np.maximum(chances, 1 - chances)[core], ((chances > 0.5) == (sets != "other"))[core]
    for low, high in ((0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.97), (0.97, 1.01)):
        inside = (sure >= low) & (sure < high)
        lines.append(f"says {sure[inside].mean():.2f}: right {right[inside].mean():.2f} ({inside.sum()} pages)")
    return "\n".join(lines)


def _counts(case: Case) -> bool:
    return SAY[case.set] == 1 or not case.values["address_front"]


def _weights(cases: Sequence[Case]) -> npt.NDArray[np.float64]:
    weights = np.array([SAY[case.set] * (1 if case.whole else CROP_WEIGHT) for case in cases])
    others = np.array([not case.is_article for case in cases])
    weights[others] *= weights[~others].sum() / weights[others].sum()
    return weights
