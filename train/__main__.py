"""`make train`: measure all pages, train the judges, write their weights, and those of the folds for measuring."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

import pipelines.boilerplate
import pipelines.verdict
from bench.corpus import CORPUS
from train import verdict
from train.body import SEGMENT_SETS, Lesson, folds, lessons_of, train
from train.corpus import example_of, read_examples, read_saved
from train.reader import BODY, TEXT, VERDICT, weights_of
from train.taught import hear, load_teachers

WEIGHTS = Path(pipelines.boilerplate.__file__).parent
VERDICT_WEIGHTS = Path(pipelines.verdict.__file__).parent
FOLDS = Path("build") / "folds"
JUDGES = (BODY, TEXT, VERDICT)
"""In this order: the judge of text learns from that of HTML."""
SETS = ("wcxb", "fundus", "traf")
TAUGHT_SETS = ("htmldate",)
"""Sets without a true text that the judge of text learns from all the same, from what the judge of HTML says of them."""
PARTS = 8
"""Parts that the pages are measured in; more than there are cores, so that none waits long for the last."""

T = TypeVar("T")

log = logging.getLogger("train")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train what the arguments name."""
    parser = argparse.ArgumentParser(prog="train", description=__doc__)
    parser.add_argument("judges", nargs="*", type=_judge, metavar="JUDGE", help=f"{', '.join(JUDGES)} (all)")
    parser.add_argument("--folds", type=Path, default=FOLDS, help="directory for the weights of the folds (%(default)s)")
    parser.add_argument(
        "--cache", type=Path, default=Path("build") / "renderings", help="directory for pages as text (%(default)s)"
    )
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    if not CORPUS.exists():
        log.error("There is no corpus at %s; set MORGUE_CORPUS.", CORPUS)
        return 1
    args.folds.mkdir(parents=True, exist_ok=True)
    judges = args.judges or JUDGES
    if BODY in judges:
        _train(BODY, "html", _in_parts(_pages_of), args.folds)
    if TEXT in judges:
        _train(TEXT, "text", _in_parts(_renderings_of, args.cache, args.folds), args.folds)
    if VERDICT in judges:
        _train_verdict(_in_parts(_cases_of), args.folds)
    return 0


def _judge(name: str) -> str:
    """The name of a judge; `choices` of argparse would refuse an empty list of them."""
    if name not in JUDGES:
        raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(JUDGES)}")
    return name


def _train(judge: str, name: str, lessons: Sequence[Lesson], directory: Path) -> None:
    pages, blocks = sum(lesson.whole for lesson in lessons), sum(len(lesson.target) for lesson in lessons)
    log.info("%s: %d pages, %d blocks with their crops", judge, pages, blocks)
    for fold, trees in folds(lessons):
        trees.save(weights_of(directory, judge, fold))
        log.info("%s: trained without fold %d", judge, fold)
    train(lessons).save(WEIGHTS / f"{name}.npz")


def _train_verdict(cases: Sequence[verdict.Case], directory: Path) -> None:
    judges = list(verdict.folds(cases))
    for fold, trees in judges:
        trees.save(weights_of(directory, VERDICT, fold))
    log.info("%s: %d pages\n%s", VERDICT, sum(case.whole for case in cases), verdict.report(cases, judges))
    verdict.train(cases).save(VERDICT_WEIGHTS / "weights.npz")
    verdict.save_ordinary(cases, VERDICT_WEIGHTS / "ordinary.json")


def _in_parts(measure: Callable[..., list[T]], *arguments: object) -> list[T]:
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        parts: Iterable[list[T]] = pool.map(measure, [(part, PARTS) for part in range(PARTS)], *([x] * PARTS for x in arguments))
        return [measured for part in parts for measured in part]


def _pages_of(part: tuple[int, int]) -> list[Lesson]:
    return [lesson for example in read_examples(SETS, part=part) for lesson in lessons_of(example)]


def _cases_of(part: tuple[int, int]) -> list[verdict.Case]:
    return [case for example in read_examples(verdict.SETS, part=part) for case in verdict.cases_of(example)]


def _renderings_of(part: tuple[int, int], cache: Path, folds: Path) -> list[Lesson]:
    from train.renderings import renderings_of

    teachers = load_teachers(folds)
    lessons: list[Lesson] = []
    for saved, truth in read_saved((*SETS, *TAUGHT_SETS), part=part):
        lecture = hear(example_of(saved, truth).page, teachers) if saved.set in SEGMENT_SETS else None
        for example in renderings_of(saved, truth, cache):
            lessons += lessons_of(example, lecture)
    return lessons


if __name__ == "__main__":
    sys.exit(main())
