"""Revision: an article as read at one time, in the form that is stored.

`pipelines.article.Article` changes with every idea; this outlives it. `pipelines.stages.store` translates.

The parts of a revision are named tuples: a page has hundreds. From the reading process to the crawler's they cross as plain
tuples, which takes a third of the time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple


class RevisionAuthor(NamedTuple):
    """Somebody named in the byline."""

    name: str
    kind: str
    """`person` or `organisation`."""
    role: str | None = None
    url: str | None = None


class RevisionBlock(NamedTuple):
    """One block of the page, kept or left out."""

    kind: str
    """`heading`, `paragraph`, `list_item`, `quote`, `table_row`, `code`, `caption`, `break`."""
    label: str
    """`article` for the body; else what it was taken for: `comments`, `author_bio`, `navigation`, `footer`..."""
    text: str
    level: int = 0
    """1 to 6 for headings."""
    depth: int = 0
    """Nesting of list items, from 1."""
    ordered: bool = False
    section: int | None = None
    """Position of the body section that it belongs to, from 0; None outside the body."""
    reason: str = ""
    confidence: float = 1.0


class RevisionEvidence(NamedTuple):
    """One candidate of one field; `rank` 0 is the one that was chosen."""

    field: str
    rank: int
    value: str
    """As stored; lists and objects as JSON."""
    source: str
    place: str
    raw: str
    confidence: float


class ReadWith(NamedTuple):
    """What may change a reading beside the version of the rules: two JSON objects, their keys in order."""

    packages: str
    """Package that takes part in reading -> its version."""
    settings: str

    @classmethod
    def of(cls, packages: Mapping[str, str], settings: Mapping[str, object]) -> ReadWith:
        """Write both down, the same always in the same way."""
        return cls(*(json.dumps(part, ensure_ascii=False, sort_keys=True) for part in (packages, settings)))


@dataclass(frozen=True, slots=True)
class Revision:
    """An article as read from one capture (or the captures of its pages)."""

    url: str
    """Canonical address: one article, one address."""
    site: str
    """Host of `url` without `www.`."""
    title: str | None
    dek: str | None
    byline: str | None
    authors: tuple[RevisionAuthor, ...]
    published: str | None
    """ISO 8601 at its precision."""
    published_precision: str | None
    published_earliest: str | None
    published_latest: str | None
    published_basis: str | None
    published_zone_known: bool | None
    modified: str | None
    lang: str | None
    section: str | None
    tags: tuple[str, ...]
    description: str | None
    site_name: str | None
    image: str | None
    licence: str | None
    paywalled: bool | None
    text: str
    """The body: headings and blocks separated by blank lines."""
    word_count: int
    blocks: tuple[RevisionBlock, ...]
    evidence: tuple[RevisionEvidence, ...]
    reader: str
    """Version of the rules that read it."""
    read_with: ReadWith | None = field(default=None, compare=False)
    """Packages and settings; None where they are not known. Given to the archive, and not read back with a revision."""
    signature: bytes | None = field(default=None, compare=False, repr=False)
    """By which copies are found, see `archive.likeness`; None: the archive makes it. Not read back with a revision."""

    @property
    def digest(self) -> str:
        """SHA-256 of what a reader of the article sees; equal digests are one revision.

        Boilerplate, evidence and machine descriptions do not count: a changed sidebar is no new revision.
        A date that was printed relative to the fetch time does not count either.
        """
        body = [(b.kind, b.level, b.text) for b in self.blocks if b.label == "article"]
        published = None if self.published_basis == "relative" else self.published
        return digest_of(self.title, self.dek, self.byline, published, self.modified, body)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as plain tuples, each of which costs a call as a named one."""
        values = {name: getattr(self, name) for name in self.__slots__}
        parts = {name: [tuple(part) for part in values.pop(name)] for name in PARTS}
        return _unpickled, (values, parts)


def digest_of(
    title: str | None,
    dek: str | None,
    byline: str | None,
    published: str | None,
    modified: str | None,
    body: Sequence[tuple[str, int, str]],
) -> str:
    """SHA-256 of what a reader of an article sees.

    Args:
        title: headline.
        dek: standfirst.
        byline: as printed.
        published: as stated; None where it was printed relative to the fetch time.
        modified: as stated.
        body: kind, level and text of the blocks of the body, in order.

    """
    seen = {
        "title": title,
        "dek": dek,
        "byline": byline,
        "published": published,
        "modified": modified,
        "blocks": [list(block) for block in body],
    }
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


PARTS: dict[str, type[tuple[Any, ...]]] = {"authors": RevisionAuthor, "blocks": RevisionBlock, "evidence": RevisionEvidence}
"""Fields of a revision that hold named tuples."""


def _unpickled(values: dict[str, Any], parts: dict[str, Iterable[tuple[Any, ...]]]) -> Revision:
    named: dict[str, Any] = {name: tuple(map(partial(tuple.__new__, PARTS[name]), plain)) for name, plain in parts.items()}
    return Revision(**values, **named)


def body_text(blocks: Iterable[tuple[str, str]]) -> str:
    """The body that blocks make: the texts of those labelled article, separated by blank lines.

    Args:
        blocks: label and text, in order.

    """
    return "\n\n".join(text for label, text in blocks if label == "article" and text)
