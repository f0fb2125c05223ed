"""The pages of the corpus with their truth, parted into folds by registrable domain."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import tldextract

from bench.corpus import CORPUS, SavedPage
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
    for saved, truth in read_saved(sets, limit=limit, part=part):
        yield example_of(saved, truth)


def example_of(saved: SavedPage, truth: dict[str, Any]) -> Example:
    """Read a saved page as HTML."""
    page = read_page(saved.body, url=saved.url, fetched=time_of(saved.fetched))
    return Example(saved.set, saved.id, fold_of(saved.url, saved.id), page, truth)


def read_saved(
    sets: Sequence[str], *, limit: int | None = None, part: tuple[int, int] = (0, 1)
) -> Iterator[tuple[SavedPage, dict[str, Any]]]:
    """Yield the pages of the sets as they were saved, with their truth; the arguments are those of `read_examples`."""
    for name in sets:
        with (CORPUS / name / "truth.jsonl").open(encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        for record in records[:limit][part[0] :: part[1]]:
            body = gzip.decompress((CORPUS / name / "pages" / f"{record['id']}.html.gz").read_bytes())
            yield SavedPage(name, record["id"], record["url"], record["fetched"], body), record["truth"]


def time_of(text: str | None) -> datetime | None:
    """Read the time that a page was saved at; UTC where it has no offset."""
    if text is None:
        return None
    value = datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=UTC)
