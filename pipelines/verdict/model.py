"""The trained judge that comes with morgue, and what it saw; `make train` makes both."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from pipelines.trees import Trees

__all__ = ["Row", "ordinary_row", "verdict_model"]

Row = npt.NDArray[np.float32]


@cache
def verdict_model() -> Trees:
    """Return the judge of whole pages."""
    return Trees.load(files("pipelines.verdict") / "weights.npz")


@lru_cache(maxsize=16)
def ordinary_row(names: tuple[str, ...], *, of_articles: bool) -> Row:
    """Return what the middle article, or the middle other page, of those that the judge was trained on has of each feature."""
    table = json.loads((files("pipelines.verdict") / "ordinary.json").read_text("utf-8"))
    side = table["articles" if of_articles else "others"]
    return np.array([[side[name] for name in names]], dtype=np.float32)
