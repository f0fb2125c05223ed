"""The pages of the corpus as text: what a text browser or a converter leaves of them, with the same truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.renderings import RENDERERS, rendered
from pipelines.page import read_page
from train.corpus import Example, fold_of, read_saved, time_of

DEFAULT = ("w3m", "lynx", "inscriptis")
"""One renderer of each manner: wrapped without links, wrapped with their numbers, indented by nesting."""


def read_renderings(
    sets: Sequence[str],
    cache: Path,
    *,
    renderers: Sequence[str] = DEFAULT,
    limit: int | None = None,
    part: tuple[int, int] = (0, 1),
) -> Iterator[Example]:
    """Yield the pages of the sets as text, one after another, each by every renderer.

    Args:
        sets: Names of sets of the corpus.
        cache: Directory outside the checkout that keeps the renderings; made where it is missing.
        renderers: Names in `bench.renderings.RENDERERS`; one that is not installed yields what the cache has.
        limit: The first so many pages of each set.
        part: Which of how many equal parts, so that several processes can share the work.
    """
    for saved, truth in read_saved(sets, limit=limit, part=part):
        for renderer in renderers:
            text = rendered(saved, RENDERERS[renderer], cache).read_bytes()
            page = read_page(text, url=saved.url, fetched=time_of(saved.fetched), format=_format(renderer))
            yield Example(saved.set, saved.id, fold_of(saved.url, saved.id), page, truth)


def _format(renderer: str) -> str:
    return "markdown" if RENDERERS[renderer].suffix == "md" else "text"
