"""Articles that `morgue export markdown` wrote, read back as they were.

Such a file says what it is (`exported_by: morgue`): its front matter has the fields, and all below the title is the body. Nothing
is left to judge; the judges learnt from pages that hold more than an article, and would leave some of it out. Only a file that
the user gave is heard, and no server's answer: see `from_file` of `read_page`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pipelines.dates.parse import parse_date
from pipelines.declared.front_matter import CONFIDENCE, SOURCE
from pipelines.evidence import Candidate, Field
from pipelines.fields import ArticleDate, Author, BodyBlock, Label, LabelledBlock, Section
from pipelines.page.markdown import EXPORTED
from pipelines.page.page import Block, Kind, Page

__all__ = ["ExportedMatter", "cut_exported", "is_exported", "label_exported"]

BELOW = "below the front matter of an export"
PERSON = "people.name"
"""The key that begins a person in the front matter; the keys of that person follow it."""


def is_exported(page: Page) -> bool:
    """Whether a page is a file that the export wrote."""
    return EXPORTED in page.head.front_matter


class ExportedMatter:
    """The front matter of an export, each value as the field that it was."""

    def __init__(self, page: Page) -> None:
        self._pairs = page.head.front_matter
        self._first = dict(reversed(self._pairs))

    def text(self, key: str) -> Field[str]:
        """The value of a key."""
        value = self._first.get(key)
        return Field() if value is None else _told(value, key, value)

    def texts(self, key: str) -> Field[tuple[str, ...]]:
        """All values of a key."""
        values = tuple(value for name, value in self._pairs if name == key)
        return _told(values, key, ", ".join(values)) if values else Field()

    def truth(self, key: str) -> Field[bool]:
        """Whether a key says yes or no."""
        value = self._first.get(key)
        return _told(value == "true", key, value) if value in ("true", "false") else Field()

    def date(self, key: str) -> Field[ArticleDate]:
        """A date, with the interval that it lies in where that is told; none where the value is none."""
        value = self._first.get(key, "")
        date = parse_date(value)
        if date is None:
            return Field()
        bounds = [self._first.get(f"{key}_{end}", "") for end in ("earliest", "latest")]
        earliest, latest = map(_moment, bounds)
        if earliest and latest and earliest <= latest:
            date = replace(date, basis=self._first.get(f"{key}_basis", date.basis), earliest=earliest, latest=latest)
        return _told(date, key, value)

    def authors(self) -> Field[tuple[Author, ...]]:
        """The authors with all that is told of them."""
        people: list[dict[str, str]] = []
        for key, value in self._pairs:
            if key == PERSON:
                people.append({})
            if people and key.startswith("people."):
                people[-1][key.removeprefix("people.")] = value
        if people:
            named = [Author(p["name"], p.get("kind", "person"), p.get("role"), p.get("url")) for p in people]
            return _told(tuple(named), "people", ", ".join(author.name for author in named))
        names = self.texts("authors").value or ()
        return _told(tuple(map(Author, names)), "authors", ", ".join(names)) if names else Field()


def label_exported(page: Page, title: str | None, dek: str | None) -> tuple[LabelledBlock, ...]:
    """Label the blocks: the title and the dek that the export prints first, and all others as the body."""
    labelled = []
    top = True
    for block in page.blocks:
        field = _printed(block, title, dek) if top else ""
        top = field == "title"
        if field:
            labelled.append(LabelledBlock(block, Label.FURNITURE, f"prints the {field}", 1.0))
        else:
            labelled.append(LabelledBlock(block, Label.ARTICLE, BELOW, 1.0))
    return tuple(labelled)


def cut_exported(labelled: Sequence[LabelledBlock]) -> tuple[Section, ...]:
    """Cut the body at its headings: what the reader took for a heading is one, and nothing else is."""
    sections: list[Section] = []
    heading: str | None = None
    level, blocks = 0, list[BodyBlock]()
    for block in _body(labelled):
        if block.kind is not Kind.HEADING:
            blocks.append(BodyBlock(_kind(block), block.text, block.depth, block.ordered))
            continue
        if heading is not None or blocks:
            sections.append(Section(heading, level, tuple(blocks)))
        heading, level, blocks = block.text, block.level, []
    if heading is not None or blocks:
        sections.append(Section(heading, level, tuple(blocks)))
    return tuple(sections)


def _told(value: Any, key: str, raw: str) -> Field[Any]:
    return Field(Candidate(value, SOURCE, key, raw, CONFIDENCE))


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _printed(block: Block, title: str | None, dek: str | None) -> str:
    """The field that a block at the top prints; empty for one of the body."""
    if block.index == 0 and (block.level == 1 or (title and block.text.split() == title.split())):  # a long one is no heading
        return "title"
    return "dek" if dek and block.text.split() == dek.split() else ""


def _body(labelled: Sequence[LabelledBlock]) -> Iterator[Block]:
    return (item.block for item in labelled if item.label is Label.ARTICLE and item.block.text)


def _kind(block: Block) -> Kind:
    return Kind.CAPTION if block.kind is Kind.PARAGRAPH and "caption" in block.node.tokens else block.kind
