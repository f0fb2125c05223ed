"""The saved pages that measurements use, where they are to be had. They are not part of the project."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(os.environ.get("MORGUE_CORPUS", Path(__file__).resolve().parents[1].parent / "shared" / "corpus"))
ARTICLE_SETS = ("wcxb", "traf", "fundus", "htmldate")


@dataclass(frozen=True, slots=True)
class SavedPage:
    set: str
    id: str
    url: str
    fetched: str | None
    body: bytes


def pages(sets: tuple[str, ...] = ARTICLE_SETS, limit: int | None = None) -> Iterator[SavedPage]:
    """The pages of the sets, in order, up to `limit` of them."""
    left = limit if limit is not None else -1
    for name in sets:
        for line in (CORPUS / name / "truth.jsonl").open(encoding="utf-8"):
            if left == 0:
                return
            left -= 1
            record = json.loads(line)
            body = gzip.decompress((CORPUS / name / "pages" / f"{record['id']}.html.gz").read_bytes())
            yield SavedPage(name, record["id"], record["url"], record["fetched"], body)


def main() -> int:
    if not CORPUS.exists():
        print(f"no corpus at {CORPUS}; set MORGUE_CORPUS")
        return 1
    for name in ARTICLE_SETS:
        sizes = [len(page.body) for page in pages((name,))]
        print(f"{name:10} {len(sizes):5} pages {sum(sizes) / 1e6:8.1f} MB")
    return 0
