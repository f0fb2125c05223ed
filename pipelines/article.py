"""Article: what one page says, field by field, with the reason for each value.

Start reading here: `read_article` calls the rooms in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

from pipelines.boilerplate import body_confidence, label_blocks
from pipelines.byline import read_byline
from pipelines.dates import read_dates
from pipelines.declared import Declared, read_declared
from pipelines.declared.front_matter import SOURCE as FRONT_MATTER
from pipelines.dek import read_dek, read_description
from pipelines.evidence import Candidate, Field
from pipelines.exported import ExportedMatter, cut_exported, is_exported, label_exported
from pipelines.fields import (
    ArticleDate,
    Author,
    BodyBlock,
    Label,
    LabelledBlock,
    Precision,
    Section,
    Verdict,
)
from pipelines.language import read_language
from pipelines.page.page import Image, Kind, Page
from pipelines.rights import read_licence, read_paywalled
from pipelines.sections import read_sections, set_apart
from pipelines.site import KnownSite
from pipelines.surroundings import LONGEST_CREDIT_LINE
from pipelines.title import read_title, title_block
from pipelines.topics import read_section, read_tags
from pipelines.trees import Trees
from pipelines.verdict import Facts, judge_article

__all__ = [
    "Article",
    "ArticleDate",
    "Author",
    "BodyBlock",
    "Examined",
    "Judges",
    "Label",
    "LabelledBlock",
    "Precision",
    "Section",
    "Verdict",
    "examine",
    "read_article",
]


@dataclass(frozen=True, slots=True)
class Article:
    """A page as read."""

    url: Field[str]
    """Canonical address as the page declares it, absolute; checked against the site by the archive."""
    title: Field[str]
    dek: Field[str]
    lead: str | None
    """The dek as a block of the page prints it; None where it is declared alone."""
    byline: Field[str]
    """As printed, lead word included."""
    authors: Field[tuple[Author, ...]]
    published: Field[ArticleDate]
    modified: Field[ArticleDate]
    lang: Field[str]
    """ISO 639-1 where there is one; region and script dropped."""
    section: Field[str]
    tags: Field[tuple[str, ...]]
    description: Field[str]
    """Summary for machines: og:description or meta description, where it is more than the dek."""
    site_name: Field[str]
    image: Field[str]
    licence: Field[str]
    paywalled: Field[bool]
    """None where the page says nothing of it."""
    sections: tuple[Section, ...]
    blocks: tuple[LabelledBlock, ...]
    """Every block of the page, in order, labelled."""
    body_confidence: float
    """Chance 0 to 1 that the words of the body agree with the article's to an F1 of 0.9 or more."""
    images: tuple[Image, ...]
    verdict: Verdict

    @property
    def text(self) -> str:
        """The running text, separated by blank lines: the printed dek, then headings, paragraphs, items and rows; no captions."""
        parts = [self.lead] if self.lead else []
        for section in self.sections:
            if section.heading:
                parts.append(section.heading)
            parts.extend(block.text for block in section.blocks if block.text and block.kind is not _CAPTION)
        return "\n\n".join(parts)


SAMPLE_CHARS = 2000
"""Characters of prose that the language is told from."""
PROSE_CHARS = 80
"""Shortest block that is taken as a sample of prose."""

_CAPTION = Kind.CAPTION
"""By its own name: on Python 3.11 to look a member up in its enumeration takes ten times as long."""
_PLACE = re.compile(r"\bblock (\d+)$")


@dataclass(frozen=True, slots=True)
class Judges:
    """Trained judges in place of those that come with morgue, as when readings are measured on pages that these have seen."""

    body: Trees | None = None
    verdict: Trees | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """A page with the fields that are read before its blocks are labelled."""

    page: Page
    declared: Declared
    title: Field[str]
    title_block: int | None
    """Index of the block that prints the title."""
    lang: Field[str]
    dek: Field[str]
    byline: Field[str]
    authors: Field[tuple[Author, ...]]
    published: Field[ArticleDate]
    modified: Field[ArticleDate]
    tags: Field[tuple[str, ...]]
    furniture: dict[int, str]
    """Field that a block prints, by index; without the title."""

    @property
    def body(self) -> str:
        """The text of the article as the page declares it; empty where it does not."""
        return self.declared.body[0].value if self.declared.body else ""

    @property
    def lead(self) -> str | None:
        """The dek as a block of the page prints it; None where it is declared alone."""
        return next((self.page.blocks[index].text for index, field in self.furniture.items() if field == "dek"), None)


def read_article(
    page: Page, *, following: Sequence[Page] = (), site: KnownSite | None = None, judges: Judges | None = None
) -> Article:
    """Read one page, or the pages of one article, into an article.

    Args:
        page: The page, or the first of several.
        following: The further pages of the same article, in order. Their bodies are appended; their fields are not read.
        site: What is known of other pages of the site.
        judges: Trained judges other than those that come with morgue.

    Returns:
        The article. Never raises on any page; what the page does not say is None in its field.
    """
    if is_exported(page):
        return _read_exported(page)
    judges = judges or Judges()
    seen = examine(page)
    declared, title, tags = seen.declared, seen.title, seen.tags.value or ()
    labelled = label_blocks(
        page,
        title_block=seen.title_block,
        furniture=seen.furniture,
        tags=tags,
        body=seen.body,
        whole=_has_titled_front_matter(page),
        site=site,
        model=judges.body,
    )
    verdict = judge_article(page, facts_of(seen), model=judges.verdict)
    for further in following:
        labelled += _label_further(further, title.value, tags, len(labelled), judges)
    labelled = set_apart(labelled, seen.lead)
    return Article(
        url=_canonical(page, declared),
        title=title,
        dek=seen.dek,
        lead=seen.lead,
        byline=seen.byline,
        authors=seen.authors,
        published=seen.published,
        modified=seen.modified,
        lang=seen.lang,
        section=read_section(page, declared),
        tags=seen.tags,
        description=read_description(declared, seen.dek.value),
        site_name=_first(declared.site_name),
        image=_first(declared.image),
        licence=read_licence(page, declared),
        paywalled=read_paywalled(page, declared),
        sections=read_sections(labelled, title.value),
        blocks=labelled,
        body_confidence=body_confidence(labelled),
        images=page.images,
        verdict=verdict,
    )


def _read_exported(page: Page) -> Article:
    """Read a file that the export of Markdown wrote: what it says holds, and nothing is judged."""
    matter = ExportedMatter(page)
    told, title, dek = matter.text("url").chosen, matter.text("title"), matter.text("dek")
    labelled = label_exported(page, title.value, dek.value)
    return Article(
        url=_first([*([told] if told else []), *_answering(page)]),
        title=title,
        dek=dek,
        lead=dek.value if matter.truth("dek_in_text").value else None,
        byline=matter.text("byline"),
        authors=matter.authors(),
        published=matter.date("published"),
        modified=matter.date("modified"),
        lang=matter.text("lang"),
        section=matter.text("section"),
        tags=matter.texts("tags"),
        description=matter.text("description"),
        site_name=matter.text("site_name"),
        image=matter.text("image"),
        licence=matter.text("licence"),
        paywalled=matter.truth("paywalled"),
        sections=cut_exported(labelled),
        blocks=labelled,
        body_confidence=body_confidence(labelled),
        images=page.images,
        verdict=Verdict(True, "written by the export of an archive", 1.0),
    )


def examine(page: Page) -> Examined:
    """Read the fields that the labelling of blocks needs to know of."""
    declared = read_declared(page)
    title = read_title(page, declared)
    at = title_block(page, title.value)
    lang = read_language(page, declared, _sample(page, at))
    dek = read_dek(page, declared, title.value, at)
    byline, authors = read_byline(page, declared, at, _first(declared.site_name).value)
    published, modified = read_dates(page, declared, at, lang.value)
    furniture = _furniture(page, {"dek": dek, "byline": byline, "authors": authors, "date": published, "change": modified}, at)
    return Examined(
        page, declared, title, at, lang, dek, byline, authors, published, modified, read_tags(page, declared), furniture
    )


def facts_of(seen: Examined) -> Facts:
    """What the verdict hangs on beside the page itself."""
    published, authors = seen.published.chosen, seen.authors.chosen
    return Facts(
        seen.title.value,
        seen.title_block,
        published.value.basis if published else None,
        published.confidence if published else 0.0,
        authors.confidence if authors else 0.0,
        seen.declared.types,
        _has_titled_front_matter(seen.page) and _is_signed_above(seen.declared),
    )


def _has_titled_front_matter(page: Page) -> bool:
    """Whether front matter names the document below it: then nearly all of that is one text."""
    return any(key == "title" for key, _ in page.head.front_matter)


def _is_signed_above(declared: Declared) -> bool:
    sources = [*(said.source for said in declared.authors), *(said.source for said in declared.published)]
    return FRONT_MATTER in sources


def _first(candidates: Sequence[Candidate[str]]) -> Field[str]:
    return Field(candidates[0], tuple(candidates[1:])) if candidates else Field()


def _canonical(page: Page, declared: Declared) -> Field[str]:
    candidates = [replace(candidate, value=_absolute(page.url, candidate.value)) for candidate in declared.canonical]
    return _first([*candidates, *_answering(page)])


def _answering(page: Page) -> Iterator[Candidate[str]]:
    if page.url:
        yield Candidate(page.url, "http", "address of the page", page.url, 0.5)


def _absolute(base: str | None, address: str) -> str:
    try:
        return urljoin(base or "", address)
    except ValueError:
        return address


def _sample(page: Page, title: int | None) -> str:
    """Prose for telling the language: that behind the title first."""
    pieces: list[str] = []
    length = 0
    for block in (*page.blocks[title or 0 :], *page.blocks[: title or 0]):
        if len(block.text) >= PROSE_CHARS and not block.link_chars * 2 > len(block.text):
            pieces.append(block.text)
            length += len(block.text)
            if length >= SAMPLE_CHARS:
                break
    return "\n".join(pieces) or " ".join(block.text for block in page.blocks)[:SAMPLE_CHARS]


def _furniture(page: Page, fields: dict[str, Field[Any]], title: int | None) -> dict[int, str]:
    """Which short blocks print a field, from the places in its evidence."""
    printed: dict[int, str] = {}
    for name, field in fields.items():
        for candidate in _agreeing(field):
            place = _PLACE.search(candidate.place)
            if place is None or int(place[1]) >= len(page.blocks) or int(place[1]) == title:
                continue
            if name == "dek" or len(page.blocks[int(place[1])].text) <= LONGEST_CREDIT_LINE:
                printed.setdefault(int(place[1]), name)
    return printed


def _agreeing(field: Field[Any]) -> Iterator[Candidate[Any]]:
    """The chosen candidate and those that lost to it with the same value."""
    if field.chosen is not None:
        yield field.chosen
        yield from (candidate for candidate in field.lost if candidate.value == field.chosen.value)


def _label_further(
    page: Page, title: str | None, tags: tuple[str, ...], offset: int, judges: Judges
) -> tuple[LabelledBlock, ...]:
    """Label a further page of an article, its blocks numbered on from the pages before it."""
    labelled = label_blocks(page, title_block=title_block(page, title), furniture={}, tags=tags, model=judges.body)
    return tuple(replace(item, block=replace(item.block, index=item.block.index + offset)) for item in labelled)
