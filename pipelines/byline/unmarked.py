"""Authors that nothing marks as such: looked for where neither declaration nor byline names a person.

Order of trust: the line of a news agency, or a name that stands alone beside the date; the box or the signature of one author at
the foot of the article; last what signs in place of a person (the site, a desk, an account), if the page both prints and declares
it or prints it as a byline.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from pipelines.byline.names import read_names, read_signature
from pipelines.declared import Declared
from pipelines.evidence import Candidate
from pipelines.fields import Author
from pipelines.page.page import Block, Kind, Page
from pipelines.surroundings import (
    LONGEST_CREDIT_LINE,
    Surroundings,
    byline_lead,
    is_agency_line,
    is_byline,
    is_date_line,
    squeezed,
    word_set,
)

Authors = tuple[Author, ...]

LONGEST_LONE_NAME = 80
"""Characters of a line that holds nothing but names."""

DATE_REACH = 2
"""Blocks between a name and the date beside it, at most."""

PROSE = 100
"""Characters of a block behind which an author's box is one at the foot."""

BOX_DEPTH = 3
"""Elements between a name and the box of its author, at most."""

CONFIDENCE = {"beside": 0.85, "foot": 0.85, "signed": 0.8, "declared": 0.7}
"""Share of right authors by kind, on those pages of wcxb, fundus and traf where no better one is found."""

_BOX_TOKENS = frozenset({"author", "authors", "autor", "auteur", "writer"})
_OTHER_TOKENS = word_set("comment comments list related reviewer editor card cards")
_LEADING_DATE = re.compile(
    r"^(?:\w+\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}\.? \w+\.? \d{4}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4})\s*[•·|,–-]?\s*"
)
_SIGNED = re.compile(r"^(?:this (?:post|article|story) was )?(?:written|posted) by\b", re.I)


def read_unmarked(page: Page, declared: Declared, around: Surroundings, sites: Collection[str]) -> Iterator[Candidate[Authors]]:
    """Authors by the signs above, best first."""
    yield from _read_beside_date(around, sites)
    yield from _read_foot(page, around, sites)
    yield from _read_signatures(declared, around, sites)


def _read_beside_date(around: Surroundings, sites: Collection[str]) -> Iterator[Candidate[Authors]]:
    for block in around.blocks_near(before=2, after=4):
        if is_agency_line(block.text):
            yield Candidate(
                read_names(re.split(r"\s?[,/-]", block.text)[0], sites),
                "text",
                f"block {block.index}",
                block.text,
                CONFIDENCE["beside"],
            )
            continue
        if block.kind is not Kind.PARAGRAPH or block.links or len(block.text) > LONGEST_LONE_NAME:
            continue
        line = _LEADING_DATE.sub("", block.text)
        if line == block.text and not _is_beside_date(around.page, block):
            continue
        authors = read_names(line, sites, strictly=True)
        if authors and _is_all_of(line, authors):
            yield Candidate(authors, "text", f"block {block.index}", block.text, CONFIDENCE["beside"])


def _is_beside_date(page: Page, block: Block) -> bool:
    beside = page.blocks[max(0, block.index - DATE_REACH) : block.index + DATE_REACH + 1]
    return any(other is not block and is_date_line(other.text) for other in beside)


def _is_all_of(line: str, authors: Authors) -> bool:
    return len(squeezed(line)) == sum(len(squeezed(author.name)) for author in authors)


def _read_foot(page: Page, around: Surroundings, sites: Collection[str]) -> Iterator[Candidate[Authors]]:
    """The one author whom all boxes and signatures of the page name; several are those of other articles."""
    found: dict[frozenset[str], Candidate[Authors]] = {}
    for block in page.blocks:
        if not block.text or len(block.text) > LONGEST_CREDIT_LINE or block.hidden:
            continue
        signed = bool(_SIGNED.match(block.text))
        if not signed and not _is_in_box(block):
            continue
        if around.in_margin(block.node):
            continue
        authors = read_names(block.text, sites, strictly=True)
        if authors and (signed or byline_lead(block.text) or _is_all_of(block.text, authors)):
            names = frozenset(squeezed(author.name) for author in authors)
            found.setdefault(names, Candidate(authors, "text", f"block {block.index}", block.text, CONFIDENCE["foot"]))
    if len(found) == 1:
        yield from found.values()


def _is_in_box(block: Block) -> bool:
    above = block.node.ancestors()[:BOX_DEPTH]
    return any(not _BOX_TOKENS.isdisjoint(node.tokens) for node in above) and not any(
        not _OTHER_TOKENS.isdisjoint(node.tokens) for node in above
    )


def _read_signatures(declared: Declared, around: Surroundings, sites: Collection[str]) -> Iterator[Candidate[Authors]]:
    near = [block for block in around.blocks_near(before=3, after=6) if len(block.text) <= LONGEST_LONE_NAME]
    for candidate in declared.authors:
        authors = read_signature(candidate.value[0].name, sites) if len(candidate.value) == 1 else ()
        if authors and any(_prints(block, candidate.value[0].name) for block in near):
            yield Candidate(authors, candidate.source, candidate.place, candidate.raw, CONFIDENCE["signed"])
    for block in near:
        signs = is_byline(block.text) or (_is_in_box(block) and not _is_behind_prose(around, block))
        authors = read_signature(block.text, sites) if signs else ()
        if authors:
            yield Candidate(authors, "text", f"block {block.index}", block.text, CONFIDENCE["signed"])
    for candidate in declared.authors:
        if candidate.source == "json-ld" and len(candidate.value) == 1 and _stands_for(candidate, sites):
            author = Author(candidate.value[0].name, "organisation", None, candidate.value[0].url)
            yield Candidate((author,), candidate.source, candidate.place, candidate.raw, CONFIDENCE["declared"])


def _is_behind_prose(around: Surroundings, block: Block) -> bool:
    return any(len(before.text) > PROSE for before in around.page.blocks[(around.title_block or 0) + 1 : block.index])


def _prints(block: Block, name: str) -> bool:
    """Whether a line begins with a name, lead word or not, and little follows."""
    line = block.text[byline_lead(block.text) :]
    return line.casefold().startswith(name.casefold()) or line.casefold().endswith(f" {name.casefold()}")


def _stands_for(candidate: Candidate[Authors], sites: Collection[str]) -> bool:
    """Whether the site is declared as the author of its own article: as a person, or of news that has no byline."""
    author = candidate.value[0]
    return squeezed(author.name) in sites and (author.kind == "person" or candidate.place.startswith("NewsArticle"))
