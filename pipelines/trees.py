"""Gradient-boosted trees, evaluated with numpy from a small file.

Trained with LightGBM (`train/`), which is not needed here. All trees are walked at once, a level at a time; a leaf is its own
child, so that no lane has to be taken out. What indexes is of numpy's own index type: any other would be converted at each step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Trees"]


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """A forest whose leaves add up to the log-odds of a yes."""

    names: tuple[str, ...]
    """The features, in the order of the matrix's columns."""
    feature: npt.NDArray[np.signedinteger[Any]]
    """Of each node, the column that it asks for."""
    threshold: npt.NDArray[np.float32]
    """Of each node: up to this goes left, above it right. Infinite in leaves."""
    left: npt.NDArray[np.signedinteger[Any]]
    """Of each node its left child; the right one stands behind it. Of a leaf, itself."""
    value: npt.NDArray[np.float32]
    """Of each leaf its log-odds; 0 in other nodes."""
    roots: npt.NDArray[np.signedinteger[Any]]
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
                data["feature"].astype(np.intp),
                data["threshold"],
                data["left"].astype(np.intp),
                data["value"],
                data["roots"].astype(np.intp),
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
            roots=self.roots.astype(np.int32),
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
        cells = np.ascontiguousarray(matrix)
        roots = self.roots
        # The first level needs no gathering of nodes: every row stands at the same ones.
        at = (self.left[roots] + (cells.take(self.feature[roots], axis=1) > self.threshold[roots])).ravel()
        offsets = np.repeat(np.arange(rows) * columns, len(roots))
        for _ in range(self.depth - 1):
            # All indices are valid; `clip` spares numpy the search for one that is not.
            asked = self.feature.take(at, mode="clip") + offsets
            at = self.left.take(at, mode="clip") + (cells.take(asked, mode="clip") > self.threshold.take(at, mode="clip"))
        odds = self.value.take(at).reshape(rows, len(roots)).sum(axis=1) + self.bias
        probabilities: npt.NDArray[np.float32] = 1 / (1 + np.exp(-odds, dtype=np.float32))
        return probabilities
