"""Trees trained with LightGBM give the same answers in numpy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from pipelines.trees import Trees
from train.forest import forest_of

lightgbm = pytest.importorskip("lightgbm", reason="lightgbm trains the judges; nothing else needs it")

NAMES = ("words", "links", "depth", "place")
CLOSE = 1e-6
PARAMETERS: dict[str, Any] = {
    "objective": "cross_entropy",
    "num_leaves": 15,
    "min_data_in_leaf": 5,
    "use_missing": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": 7,
    "verbose": -1,
}

Matrix = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    """Columns of whole numbers, of few values and of many: thresholds fall on values and between them."""
    rng = np.random.default_rng(11)
    columns = [rng.integers(0, 300, 900), rng.integers(0, 3, 900), rng.normal(size=900), rng.random(900)]
    return np.array(columns, dtype=np.float32).T


@pytest.fixture(scope="module")
def booster(matrix: Matrix) -> Any:
    target = ((matrix[:, 0] > 120) ^ (matrix[:, 1] == 1)) * 0.8 + matrix[:, 3] * 0.2
    return lightgbm.train(PARAMETERS, lightgbm.Dataset(matrix, target), 25)


def test_a_flattened_forest_answers_as_lightgbm_does(booster: Any, matrix: Matrix) -> None:
    assert forest_of(booster, NAMES).predict(matrix) == pytest.approx(booster.predict(matrix), abs=CLOSE)


def test_pages_unlike_those_of_the_training_are_answered_alike(booster: Any, matrix: Matrix) -> None:
    strange = matrix * np.float32(-1000)
    assert forest_of(booster, NAMES).predict(strange) == pytest.approx(booster.predict(strange), abs=CLOSE)


def test_a_value_of_exactly_a_threshold_goes_the_same_way(booster: Any) -> None:
    forest = forest_of(booster, NAMES)
    splits = np.flatnonzero(np.isfinite(forest.threshold))
    rows = np.zeros((len(splits), len(NAMES)), dtype=np.float32)
    rows[np.arange(len(splits)), forest.feature[splits]] = forest.threshold[splits]
    assert forest.predict(rows) == pytest.approx(booster.predict(rows), abs=CLOSE)


def test_a_forest_of_single_leaves_answers_the_mean(matrix: Matrix) -> None:
    data = lightgbm.Dataset(matrix, np.full(len(matrix), 0.25, dtype=np.float32))
    forest = forest_of(lightgbm.train({**PARAMETERS, "min_data_in_leaf": 10_000}, data, 3), NAMES)
    assert forest.depth == 0
    assert forest.predict(matrix[:2]) == pytest.approx([0.25, 0.25], abs=1e-3)


def test_a_forest_from_its_file_answers_as_the_booster(booster: Any, matrix: Matrix, tmp_path: Path) -> None:
    forest_of(booster, NAMES).save(tmp_path / "weights.npz")
    assert Trees.load(tmp_path / "weights.npz").predict(matrix) == pytest.approx(booster.predict(matrix), abs=CLOSE)
