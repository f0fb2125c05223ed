"""What the judge of HTML does without a part of it, each page read by a judge that never saw its domain.

It is trained without that part too. The judges of the folds are trained here and kept nowhere, so that all rows come from the
same pages and the same LightGBM. The corpus's own scorer counts the bodies that `morgue extract` would print. It needs what
`make train` needs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from unittest.mock import patch

import pipelines.boilerplate.decide as decide
import pipelines.boilerplate.signs as signs
from bench.corpus import CORPUS
from bench.renderings import load_scorer
from crawler.answers import PageRequest, answer
from pipelines.article import Judges
from pipelines.boilerplate.outline import Outline
from pipelines.boilerplate.rules import Marks
from pipelines.page.page import Page
from pipelines.trees import Trees
from train.body import Lesson, lessons_of, train
from train.corpus import FOLDS, example_of, fold_of, read_saved

COLUMNS = {"wcxb": ("body F1", "without (leaked)"), "traf": ("F",), "fundus": ("body F1", "par F1")}
"""Sets that the judge is trained on, and the figures of their bodies."""
Without = Callable[[], AbstractContextManager[None]]
"""Takes a part away for the length of a block."""
DECLARED = "declared"
"""The sign that says whether a block stands in the declared body."""


@contextmanager
def without_rules() -> Iterator[None]:
    """Say nothing of any block by class names, headings and prompts: neither as a sign nor as a veto."""
    with patch.object(signs, "mark_blocks", _no_marks):
        yield


@contextmanager
def without_vetoes() -> Iterator[None]:
    """Let the judge decide on every block that prints no field; what rules say are still signs."""
    with patch.object(Marks, "certain", lambda _marks: set()), patch.object(signs, "IDLE", frozenset()):
        yield


@contextmanager
def without_repeats() -> Iterator[None]:
    """Keep a block as often as it is likely to be body."""
    with patch.object(decide, "_drop_repeats", lambda _blocks, _kept: None):
        yield


def _no_marks(page: Page, _outline: Outline, _printed: object, _tags: object) -> Marks:
    none = [None] * len(page.blocks)
    return Marks([*none], [*none], [*none], [])


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the judge, and how to do without it."""

    name: str
    measuring: Without = nullcontext
    """Takes it away while pages are measured for training."""
    reading: Without = nullcontext
    """Takes it away while pages are read."""
    column: str | None = None
    """The sign that no tree may use."""
    crops: bool = True
    """Whether the judge learns from cropped pages too."""


PARTS = (
    Part("nothing"),
    Part("what rules say of a block (class names, headings, prompts), as signs and as vetoes", without_rules, without_rules),
    Part("the vetoes of rules; what they say are signs", reading=without_vetoes),
    Part("keeping a longer block once", reading=without_repeats),
    Part("the declared body as a sign", column=DECLARED),
    Part("cropped pages in training", crops=False),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench ablation", description=__doc__)
    parser.add_argument("--limit", type=int, help="train and read with the first N pages of each set")
    args = parser.parse_args()
    if not CORPUS.exists():
        print(f"no corpus at {CORPUS}; set MORGUE_CORPUS", file=sys.stderr)
        return 1
    print("| without | " + " | ".join(f"{name} {column}" for name in COLUMNS for column in COLUMNS[name]) + " |")
    print("|---" * (1 + sum(map(len, COLUMNS.values()))) + "|")
    for part in PARTS:
        print(f"without {part.name} ...", file=sys.stderr)
        print(f"| {part.name} | " + " | ".join(f"{figure:.4f}" for figure in measure(part, args.limit)) + " |", flush=True)
    return 0


def measure(part: Part, limit: int | None) -> list[float]:
    """The figures of all sets without a part."""
    judges = _judges(part.measuring, part.column, part.crops, limit)
    with part.reading():
        return [figure for name in COLUMNS for figure in _figures(name, limit, judges)]


@cache
def _judges(measuring: Without, column: str | None, crops: bool, limit: int | None) -> list[Trees]:
    """A judge for each fold, trained on the pages of the others."""
    lessons = [lesson for lesson in _lessons(measuring, limit) if lesson.whole or crops]
    columns = [place for place, name in enumerate(lessons[0].names) if name != column]
    return [train(lessons, without=fold, columns=columns) for fold in range(FOLDS)]


@cache
def _lessons(measuring: Without, limit: int | None) -> list[Lesson]:
    with measuring():
        return [
            lesson for saved, truth in read_saved(tuple(COLUMNS), limit=limit) for lesson in lessons_of(example_of(saved, truth))
        ]


def _figures(name: str, limit: int | None, judges: list[Trees]) -> list[float]:
    scorer = load_scorer()
    score = partial(scorer.score_page, name)
    rows = [score(truth, given) for truth, given in _readings(name, limit, judges)]
    table = scorer.summarise(name, rows)
    return [table[column][0] for column in COLUMNS[name]]


def _readings(name: str, limit: int | None, judges: list[Trees]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Truth and answer of each page of a set."""
    for saved, truth in read_saved((name,), limit=limit):
        judge = Judges(body=judges[fold_of(saved.url, saved.id)])
        yield truth, answer(PageRequest(saved.id, f"{saved.id}.html", saved.url, saved.fetched, saved.body), judge)


if __name__ == "__main__":
    sys.exit(main())
