"""The pages of the corpus with their truth, parted into folds by registrable domain."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import tldextract

from bench.corpus import CORPUS
from pipelines.page import Page, read_page

FOLDS = 5

_EXTRACT = tldextract.TLDExtract(suffix_list_urls=())


class Example(NamedTuple):
    """One page of the corpus."""

    set: str
    id: str
    fold: int
    """Pages of one registrable domain are in one fold, whatever set they are of."""
    page: Page
    truth: dict[str, Any]


def domain_of(url: str | None, otherwise: str) -> str:
    """Return the registrable domain of an address, or its host where it has none."""
    parts = _EXTRACT(url or "")
    return parts.top_domain_under_public_suffix or parts.domain or otherwise


def fold_of(url: str | None, otherwise: str = "") -> int:
    """Return the fold that a page belongs to: the same for a domain on every machine."""
    return int(hashlib.sha1(domain_of(url, otherwise).encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


def read_examples(sets: Sequence[str], *, limit: int | None = None, part: tuple[int, int] = (0, 1)) -> Iterator[Example]:
    """Yield the pages of the sets as HTML, one after another.

    Args:
        sets: Names of sets of the corpus.
        limit: The first so many pages of each set.
        part: Which of how many equal parts, so that several processes can share the work.
    """
    for name in sets:
        lines = (CORPUS / name / "truth.jsonl").read_text("utf-8").rstrip("\n").split("\n")
        for record in map(json.loads, lines[:limit][part[0] :: part[1]]):
            body = gzip.decompress((CORPUS / name / "pages" / f"{record['id']}.html.gz").read_bytes())
            page = read_page(body, url=record["url"], fetched=_time(record["fetched"]))
            yield Example(name, record["id"], fold_of(record["url"], record["id"]), page, record["truth"])


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    value = datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=UTC)
