"""Trees in numpy: how they are walked, kept and guarded."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from pipelines.trees import Trees

NAMES = ("words", "links")


def odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def forest() -> Trees:
    """One tree: up to 10 words .2; more words, up to 3 links .9; more links .5. And one that is a leaf of 0."""
    return Trees(
        names=NAMES,
        feature=np.array([0, 0, 1, 0, 0, 0], dtype=np.intp),
        threshold=np.array([10, np.inf, 3, np.inf, np.inf, np.inf], dtype=np.float32),
        left=np.array([1, 1, 3, 3, 4, 5], dtype=np.intp),
        value=np.array([0, odds(0.2), 0, odds(0.9), 0, 0], dtype=np.float32),
        roots=np.array([0, 5], dtype=np.intp),
        depth=2,
        bias=0.0,
    )


def rows(*values: tuple[float, float]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.array(values, dtype=np.float32).reshape(-1, 2)


def test_each_row_takes_its_own_way_down() -> None:
    assert forest().predict(rows((4, 9), (50, 1), (50, 9))) == pytest.approx([0.2, 0.9, 0.5])


def test_a_value_of_the_threshold_goes_left() -> None:
    assert forest().predict(rows((10, 9), (11, 3))) == pytest.approx([0.2, 0.9])


def test_nothing_asked_is_nothing_answered() -> None:
    assert len(forest().predict(rows())) == 0


def test_columns_may_lie_in_memory_as_they_like() -> None:
    matrix = rows((4, 9), (50, 1), (50, 9))
    assert forest().predict(np.asfortranarray(matrix)).tolist() == forest().predict(matrix).tolist()


def test_a_forest_comes_back_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "weights.npz"
    forest().save(file)
    kept = Trees.load(file)
    assert (kept.names, kept.depth, kept.bias) == (NAMES, 2, 0.0)
    for name in ("feature", "threshold", "left", "value", "roots"):
        assert getattr(kept, name).dtype == getattr(forest(), name).dtype
        assert getattr(kept, name).tolist() == getattr(forest(), name).tolist()


def test_the_same_forest_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        forest().save(tmp_path / f"{name}.npz")
    Trees.load(tmp_path / "one.npz").save(tmp_path / "three.npz")
    assert len({(tmp_path / f"{name}.npz").read_bytes() for name in ("one", "two", "three")}) == 1


@pytest.mark.parametrize("names", [("links", "words"), ("words",), ("words", "links", "depth"), ()])
def test_a_matrix_of_other_columns_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="make train"):
        forest().check(names)


def test_the_columns_that_it_was_trained_on_are_taken() -> None:
    forest().check(list(NAMES))


def test_another_file_is_no_forest(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", numbers=np.arange(3))
    with pytest.raises(KeyError):
        Trees.load(tmp_path / "other.npz")
