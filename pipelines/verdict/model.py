"""The trained judge that comes with morgue, and what it saw; `make train` makes both."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipelines.trees import Trees

__all__ = ["Ordinary", "OrdinaryPages", "ordinary_pages", "verdict_model"]

Ordinary = dict[str, float]
"""Of each feature what an ordinary page has."""


class OrdinaryPages(NamedTuple):
    """The middle of the pages that the judge was trained on."""

    articles: Ordinary
    others: Ordinary


@cache
def verdict_model() -> Trees:
    """Return the judge of whole pages."""
    return Trees.load(files("pipelines.verdict") / "weights.npz")


@cache
def ordinary_pages() -> OrdinaryPages:
    """Return what articles and other pages ordinarily look like."""
    return OrdinaryPages(**json.loads((files("pipelines.verdict") / "ordinary.json").read_text("utf-8")))
