"""The pages of the corpus as text: what a text browser or a converter leaves of them, with the same truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.corpus import SavedPage
from bench.renderings import RENDERERS, rendered
from pipelines.page import read_page
from train.corpus import Example, fold_of, time_of

DEFAULT = ("w3m", "lynx", "inscriptis")
"""One renderer of each manner: wrapped without links, wrapped with their numbers, indented by nesting."""


def renderings_of(
    saved: SavedPage, truth: dict[str, Any], cache: Path, *, renderers: Sequence[str] = DEFAULT
) -> Iterator[Example]:
    """Yield a page as text, once by every renderer.

    Args:
        saved: The page as HTML.
        truth: What is known of it.
        cache: Directory outside the checkout that keeps the renderings; made where it is missing.
        renderers: Names in `bench.renderings.RENDERERS`; one that is not installed yields what the cache has.
    """
    for renderer in renderers:
        text = rendered(saved, RENDERERS[renderer], cache).read_bytes()
        page = read_page(text, url=saved.url, fetched=time_of(saved.fetched), format=_format(renderer))
        yield Example(saved.set, saved.id, fold_of(saved.url, saved.id), page, truth)


def _format(renderer: str) -> str:
    return "markdown" if RENDERERS[renderer].suffix == "md" else "text"
