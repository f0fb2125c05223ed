"""Gradient-boosted trees, evaluated with numpy from a small file.

Trained with LightGBM (`train/`), which is not needed here. All trees are walked at once, a level at a time; a leaf is its own
child, so that no lane has to be taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
import numpy.typing as npt

__all__ = ["Trees"]


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """A forest whose leaves add up to the log-odds of a yes."""

    names: tuple[str, ...]
    """The features, in the order of the matrix's columns."""
    feature: npt.NDArray[np.int32]
    """Of each node, the column that it asks for."""
    threshold: npt.NDArray[np.float32]
    """Of each node: up to this goes left, above it right. Infinite in leaves."""
    left: npt.NDArray[np.int32]
    """Of each node its left child; the right one stands behind it. Of a leaf, itself."""
    value: npt.NDArray[np.float32]
    """Of each leaf its log-odds; 0 in other nodes."""
    roots: npt.NDArray[np.int32]
    depth: int
    """Levels of the deepest tree."""
    bias: float

    @classmethod
    def load(cls, file: Path | Traversable) -> Trees:
        """Read a forest as `save` wrote it.

        Raises:
            OSError: the file cannot be read.
            KeyError: it is no such file.
        """
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as data:
            return cls(
                tuple(str(name) for name in data["names"]),
                data["feature"].astype(np.int32),
                data["threshold"],
                data["left"].astype(np.int32),
                data["value"],
                data["roots"].astype(np.int32),
                int(data["depth"]),
                float(data["bias"]),
            )

    def save(self, file: Path) -> None:
        """Write the forest to a file; the same forest gives the same bytes."""
        np.savez_compressed(
            file,
            names=np.array(self.names),
            feature=self.feature.astype(np.int16),
            threshold=self.threshold,
            left=self.left.astype(np.uint16 if len(self.left) < 1 << 16 else np.int32),
            value=self.value,
            roots=self.roots,
            depth=np.int32(self.depth),
            bias=np.float64(self.bias),
        )

    def check(self, names: Sequence[str]) -> None:
        """Make sure that a matrix has the columns that the forest was trained on.

        Raises:
            ValueError: it has others; the weights are of another version.
        """
        if tuple(names) != self.names:
            raise ValueError("the weights were trained on other features; run `make train`")

    def predict(self, matrix: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Give the probability of a yes for each row."""
        rows, columns = matrix.shape
        cells = np.ascontiguousarray(matrix).ravel()
        offsets = np.repeat(np.arange(rows, dtype=np.int32) * columns, len(self.roots))
        at = np.tile(self.roots, rows)
        for _ in range(self.depth):
            above = cells[offsets + self.feature[at]] > self.threshold[at]
            at = self.left[at] + above
        odds = self.value[at].reshape(rows, len(self.roots)).sum(axis=1) + self.bias
        probabilities: npt.NDArray[np.float32] = 1 / (1 + np.exp(-odds, dtype=np.float32))
        return probabilities
