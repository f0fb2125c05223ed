"""The pages of the corpus as text: what a text browser or a converter leaves of them, with the same truth."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from bench.corpus import CORPUS, SavedPage
from bench.renderings import RENDERERS, rendered
from pipelines.page import Page, read_page

DEFAULT = ("w3m", "lynx", "inscriptis")
"""One renderer of each manner: wrapped without links, wrapped with their numbers, indented by nesting."""


class Rendering(NamedTuple):
    """One page of the corpus as one renderer prints it."""

    set: str
    id: str
    renderer: str
    page: Page
    truth: dict[str, Any]


def read_renderings(
    sets: Sequence[str], cache: Path, *, renderers: Sequence[str] = DEFAULT, limit: int | None = None
) -> Iterator[Rendering]:
    """Yield the pages of the sets as text, one after another, each by every renderer.

    Args:
        sets: names of sets of the corpus.
        cache: directory outside the checkout that keeps the renderings; made where it is missing.
        renderers: names in `bench.renderings.RENDERERS`; one that is not installed yields what the cache has.
        limit: the first so many pages of each set.
    """
    for name in sets:
        with (CORPUS / name / "truth.jsonl").open(encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        for record in records[:limit]:
            body = gzip.decompress((CORPUS / name / "pages" / f"{record['id']}.html.gz").read_bytes())
            saved = SavedPage(name, record["id"], record["url"], record["fetched"], body)
            for renderer in renderers:
                text = rendered(saved, RENDERERS[renderer], cache).read_bytes()
                page = read_page(text, url=record["url"], fetched=_time(record["fetched"]), format=_format(renderer))
                yield Rendering(name, record["id"], renderer, page, record["truth"])


def _format(renderer: str) -> str:
    return "markdown" if RENDERERS[renderer].suffix == "md" else "text"


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    value = datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=UTC)
