"""The byline as printed, and the people in it.

Order of trust for the authors: front matter; JSON-LD; parsely, sailthru and citation metas; `rel=author` and microdata; the
author meta; "Written by" of Twitter cards; Dublin Core; elements marked as byline near the title; a line "By ..." next to the
title. Where declared and printed names agree, the fuller form wins; a line "By ..." wins over declared names that stand nowhere
near the title. Only where none of these names anybody, `unmarked` is asked. Accounts of the site's software, addresses and
handles are no authors, and a wrong name is worse than none: comments and related articles are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import unquote, urlsplit

from pipelines.byline.names import is_nobody, read_names
from pipelines.byline.unmarked import read_unmarked
from pipelines.declared import Declared
from pipelines.evidence import Candidate, Field
from pipelines.fields import Author
from pipelines.page.page import Block, Mark, Page
from pipelines.surroundings import (
    LONGEST_CREDIT_LINE,
    MARGIN_TOKENS,
    Surroundings,
    byline_lead,
    is_byline,
    is_date_line,
    is_lead_alone,
    is_reading_time,
    squeezed,
    word_set,
    words_of,
)

__all__ = ["read_byline"]

Authors = tuple[Author, ...]

MOST_AUTHORS = 15
"""Names; longer lists are contributors of a site, not authors of an article."""

CONFIDENCE = {
    "front-matter": 0.97, "json-ld": 0.92, "open-graph": 0.8, "meta": 0.85, "microdata": 0.7, "rel": 0.9, "class": 0.84,
    "text": 0.85,
}  # fmt: skip
"""Share of right lists of authors by source, on wcxb and fundus."""

_STRONG_TOKENS = frozenset({"byline", "author", "authors", "autor", "auteur", "writer", "fn", "vcard"})
_BIO_TOKENS = word_set("bio biography about aboutauthor profile description avatar box card social follow")
_PROFILE_PATH = re.compile(
    r"//[^/]+/(?:[^?#]*/)?(?:authors?|autor(?:en|es|i)?|auteurs?|autore|people|profiles?|contributors?|writers?|staff|journalists?|by|"
    r"redaktion|redakteure|skribent|u|user|users)/[^/?#]+|//[^/]+/@[^/?#]+",
    re.I,
)
_MINUTES = re.compile(r"\d{1,3}\s*min\w*\.?$", re.I)
_LEAD_BEHIND_DATE = re.compile(r"^[^.!?]{0,60}\d.{0,60}?(?=\b(?:by|von|par|por|di|door|av|af)\s+[^\W\d_])", re.I)
_FILED_UNDER = re.compile(r"\s(?:in|under)\s", re.I)
_LABEL = re.compile(r"(?:authors?|autor(?:in|en|es)?|auteurs?|autore|written by|posted by)\s?[:：]\s*\w", re.I)
FOOT_DEPTH = 4
"""Elements between a byline and the footer of the article around it, at most."""
_LAST_FIRST = ("citation_author", "dc.creator", "dcterms.creator")


def read_byline(
    page: Page, declared: Declared, title_block: int | None, site_name: str | None
) -> tuple[Field[str], Field[Authors]]:
    """The byline as printed with its lead word, and the authors, in order, without lead words, titles and roles."""
    sites = _site_keys(page, declared, site_name)
    around = Surroundings(page, title_block)
    told = list(_read_declared(declared, sites))
    lines = list(_read_lines(around, sites))
    marks = [*_read_marks(page, around, sites), *_read_profiles(around, sites)]
    order = _ordered(told, marks, lines) or list(read_unmarked(page, declared, around, sites))
    if not order:
        return Field(), Field(None, tuple(declared.authors))
    chosen = _fuller(_printed_instead(around, order[0], lines) or order[0], [*lines, *marks])
    authors = Field(chosen, tuple(candidate for candidate in order if candidate is not chosen))
    return _printed_byline(around, chosen), authors


def _site_keys(page: Page, declared: Declared, site_name: str | None) -> frozenset[str]:
    names = [site_name or "", *(candidate.value for candidate in declared.site_name)]
    host = (page.url or "").partition("//")[2].partition("/")[0].casefold().removeprefix("www.")
    keys = {squeezed(name) for name in names} | {squeezed(host), squeezed(host.partition(".")[0])}
    keys |= {key.removeprefix("the") for key in keys}
    return frozenset(key for key in keys if key)


def _read_declared(declared: Declared, sites: Collection[str]) -> Iterator[Candidate[Authors]]:
    for candidate in declared.authors:
        authors: list[Author] = []
        last_first = any(name in candidate.place.casefold() for name in _LAST_FIRST)
        for said in candidate.value:
            for read in _read_said(said, sites, last_first):
                if squeezed(read.name) not in {squeezed(other.name) for other in authors}:
                    authors.append(Author(read.name, _kind(said, read), read.role or said.role, said.url))
        if authors and len(authors) <= MOST_AUTHORS:
            confidence = CONFIDENCE.get(candidate.source, candidate.confidence)
            yield Candidate(tuple(authors), candidate.source, candidate.place, candidate.raw, confidence)


def _read_said(said: Author, sites: Collection[str], last_first: bool) -> Authors:
    """The names in one declared author; an organisation is one name, whatever words are in it."""
    if said.kind == "organisation":
        return () if is_nobody(said.name, sites) or len(said.name) > LONGEST_CREDIT_LINE else (said,)
    return read_names(said.name, sites, last_first=last_first)


def _kind(said: Author, read: Author) -> str:
    return "organisation" if "organisation" in {said.kind, read.kind} else "person"


def _read_marks(page: Page, around: Surroundings, sites: Collection[str]) -> Iterator[Candidate[Authors]]:
    """Authors of elements that name their role: links with rel=author first, then byline classes."""
    linked: list[Author] = []
    marked: list[Candidate[Authors]] = []
    first_link: Mark | None = None
    for mark in page.marks:
        if not _may_hold_author(mark) or around.in_margin(mark.node) or not around.is_near(mark.block, before=6, after=25):
            continue
        if _in_bio(mark):
            continue
        authors = read_names(mark.text, sites, strictly=mark.rel != "author" and mark.node.itemprop != "author")
        if not authors:
            continue
        if "author" in mark.rel.split() and (first_link is None or mark.block - first_link.block <= 1):
            first_link = first_link or mark
            linked.extend(author for author in authors if squeezed(author.name) not in {squeezed(other.name) for other in linked})
            continue
        marked.append(Candidate(authors, "markup", f"{_shown(mark)} in block {mark.block}", mark.text, CONFIDENCE["class"]))
    if linked and first_link:
        yield Candidate(tuple(linked), "markup", f"a[rel=author] in block {first_link.block}", first_link.text, CONFIDENCE["rel"])
    yield from sorted(marked, key=lambda candidate: -len(candidate.value))


def _read_profiles(around: Surroundings, sites: Collection[str]) -> Iterator[Candidate[Authors]]:
    """Authors of short lines that link to an author's page: near the title, or the only byline at the foot of the article.

    A line that says `Author:` counts wherever it stands, if it is the only one: some blogs print that in a sidebar.
    """
    near = sorted(around.blocks_near(before=3, after=6), key=lambda block: not byline_lead(block.text))
    foot = [block for block in around.page.blocks if byline_lead(block.text) and _is_at_foot(block)]
    labelled = [block for block in around.page.blocks if block.links and _LABEL.match(block.text)]
    for block in (*near, *(foot if len(foot) == 1 else ()), *(labelled if len(labelled) == 1 else ())):
        links = [link for link in block.links if _PROFILE_PATH.search(link)]
        if not links or len(block.text) > LONGEST_CREDIT_LINE // 2:
            continue
        authors = _told_apart(block.text, links, sites) or read_names(block.text, sites, strictly=True)
        if authors:
            yield Candidate(authors, "markup", f"link to an author's page in block {block.index}", block.text, CONFIDENCE["rel"])


def _told_apart(line: str, links: Sequence[str], sites: Collection[str]) -> Authors:
    """Authors of a line that prints several with nothing between them, told apart by the addresses of their pages."""
    names: list[str] = []
    for link in links:
        slug = unquote(urlsplit(link).path.rstrip("/").rpartition("/")[2])
        words = words_of(slug.removesuffix(".html").replace("_", " "))
        found = re.search(r"[\W_]+".join(map(re.escape, words)), line, re.I)
        if len(words) < 2 or found is None:
            return ()
        names.append(found[0])
    if len(names) < 2:
        return ()
    return tuple(author for name in names for author in read_names(name, sites))


def _is_at_foot(block: Block) -> bool:
    """Whether a block stands in the footer of an article, outside its comments and the like."""
    for node in block.node.ancestors():
        if node.tag == "article":
            return any(above.tag == "footer" for above in block.node.ancestors()[:FOOT_DEPTH])
        if node.tag in {"nav", "aside"} or not MARGIN_TOKENS.isdisjoint(node.tokens):
            return False
    return False


def _shown(mark: Mark) -> str:
    return f"{mark.node.tag}.{mark.node.tokens[0]}" if mark.node.tokens else mark.node.tag


def _may_hold_author(mark: Mark) -> bool:
    if len(mark.text) > LONGEST_CREDIT_LINE or not mark.text:
        return False
    return "author" in mark.rel.split() or mark.node.itemprop == "author" or not _STRONG_TOKENS.isdisjoint(mark.node.tokens)


def _in_bio(mark: Mark) -> bool:
    node = mark.node
    for _ in range(3):
        if not _BIO_TOKENS.isdisjoint(node.tokens) and not {"byline", "meta"} & set(node.tokens):
            return True
        if node.parent is None:
            return False
        node = node.parent
    return False


def _read_lines(around: Surroundings, sites: Collection[str]) -> Iterator[Candidate[Authors]]:
    """Authors of lines near the title that begin as a byline does."""
    blocks = around.page.blocks
    for block in around.blocks_near():
        text = block.text
        if is_lead_alone(text) and block.index + 1 < len(blocks):
            text = f"{text} {blocks[block.index + 1].text}"
        text = _behind_date(text)
        if not is_byline(text):
            text = _segment_with_name(text)
        authors = read_names(text, sites, strictly=True) if text else ()
        if authors:
            yield Candidate(authors, "text", f"block {block.index}", block.text, CONFIDENCE["text"])


def _segment_with_name(line: str) -> str:
    """The one part of a line like `12 October 2026 · 4 min · Ines Calloway` that is no date and no reading time; else nothing."""
    parts = [part.strip() for part in re.split(r"\s[·•|]\s", line)] if len(line) <= LONGEST_CREDIT_LINE // 2 else []
    rest = [part for part in parts if part and not is_date_line(part) and not is_reading_time(part) and not _MINUTES.match(part)]
    return rest[0] if len(rest) == 1 < len(parts) else ""


def _behind_date(text: str) -> str:
    """A line from the lead word on, where that follows a date: "Published 7 August 2023 by Ann Lee"."""
    lead = _LEAD_BEHIND_DATE.search(text) if len(text) <= LONGEST_CREDIT_LINE else None
    return _FILED_UNDER.split(text[lead.end() :])[0] if lead else text


def _ordered(
    told: list[Candidate[Authors]], marks: list[Candidate[Authors]], lines: list[Candidate[Authors]]
) -> list[Candidate[Authors]]:
    rank = {"front-matter": 0, "json-ld": 1}
    told = sorted(told, key=lambda candidate: rank.get(candidate.source, 2))
    linked = [candidate for candidate in marks if "rel=author" in candidate.place or _is_told_apart(candidate)]
    first = [candidate for candidate in told if candidate.source in rank or _is_publisher_meta(candidate)]
    weak = [candidate for candidate in told if candidate.source == "microdata"]
    rest = [candidate for candidate in told if candidate not in first and candidate not in weak]
    return [*first, *linked, *rest, *[mark for mark in marks if mark not in linked], *weak, *lines]


def _is_told_apart(candidate: Candidate[Authors]) -> bool:
    return candidate.place.startswith("link to") and len(candidate.value) > 1


def _is_publisher_meta(candidate: Candidate[Authors]) -> bool:
    return any(name in candidate.place.casefold() for name in ("parsely", "sailthru", "citation_author"))


def _printed_instead(
    around: Surroundings, chosen: Candidate[Authors], lines: list[Candidate[Authors]]
) -> Candidate[Authors] | None:
    """The byline "By ..." where what is declared stands nowhere near the title: accounts of those who put the page up."""
    if chosen.source in {"front-matter", "markup", "text"}:
        return None
    near = [block.text.casefold() for block in around.blocks_near()]
    if any(author.name.casefold() in text for author in chosen.value for text in near):
        return None
    return next((line for line in lines if byline_lead(line.raw)), None)


def _fuller(chosen: Candidate[Authors], printed: list[Candidate[Authors]]) -> Candidate[Authors]:
    """The chosen authors, or a printed list that names them all more fully."""
    for candidate in printed:
        if candidate is not chosen and _names_more(candidate.value, chosen.value):
            return candidate
    return chosen


def _names_more(printed: Authors, chosen: Authors) -> bool:
    """Whether each chosen name is printed too, and either more people are or a name of one word is printed whole."""
    whole = [author.name.casefold().split() for author in printed]
    parts = [author.name.casefold().split() for author in chosen]
    if all(part in whole for part in parts):
        return len(whole) > len(parts) and all(len(name) > 1 for name in whole)
    return len(whole) == len(parts) and all(
        part == name or (len(part) == 1 < len(name) and part[0] in name) for part, name in zip(parts, whole, strict=True)
    )


def _lead_before(text: str, name: int) -> int:
    """Where the lead word stands that leads to the name at an offset (`12 May 2026, 9:00 By Name`); 0 where none does."""
    for word in re.finditer(r"\S+", text[:name]):
        if word.start() + byline_lead(text[word.start() :]) == name:
            return word.start()
    return 0


def _printed_byline(around: Surroundings, chosen: Candidate[Authors]) -> Field[str]:
    """The line that prints the byline, cut behind the last name; else the names as declared."""
    names = [author.name for author in chosen.value]
    for block in around.blocks_near():
        if len(block.text) > LONGEST_CREDIT_LINE:
            continue
        end = max((block.text.find(name) + len(name) for name in names if name in block.text), default=0)
        start = _lead_before(block.text, min((block.text.find(name) for name in names if name in block.text), default=0))
        if end and (byline_lead(block.text) or len(block.text) - end < LONGEST_CREDIT_LINE // 2):
            return Field(
                Candidate(block.text[start:end].strip(" ·|,"), "text", f"block {block.index}", block.text, CONFIDENCE["text"])
            )
    return Field(Candidate(", ".join(names), chosen.source, chosen.place, chosen.raw, chosen.confidence))
