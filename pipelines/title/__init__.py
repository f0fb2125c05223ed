"""The title of an article, as printed.

Order of trust: front matter; the first-level heading that agrees best with what the page declares (equal, then beginning, then
contained, then similar), never one that names the site; the headline of JSON-LD; the other declared titles, without the name of
the site; a first-level heading that nothing declared agrees with comes before those only if it is the single one and reads like
a title. Pages without markup print it above the byline: the first line that is no logo, no menu and no sentence.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from pipelines.declared import Declared
from pipelines.evidence import Candidate, Field
from pipelines.page.page import Block, Kind, Page
from pipelines.surroundings import Surroundings, is_byline, is_credit_line, squeezed, words_of
from pipelines.title.sites import is_site_name, site_names, strip_site

__all__ = ["read_title", "title_block"]

LONGEST_TITLE = 300
"""Characters; longer first-level headings are whole headers or articles that were marked up as one."""

SIMILAR = 0.6
"""Share of words in common from which a heading and a declared title are the same in other words."""

TITLE_WORDS = 4
"""Words from which a heading that nothing agrees with is more often the title (wcxb: .8) than the name of a page or a site."""

PRINTED_CLOSELY = 0.8
"""Share of words in common from which a heading prints the title."""

PROSE = 200
"""Characters from which a line of a page without markup is prose and no title."""

LINES_SEARCHED = 12
"""Blocks at the start of a page without markup in which the title is looked for."""

CONFIDENCE = {"equal": 0.97, "prefix": 0.93, "contained": 0.9, "similar": 0.82, "alone": 0.75, "text": 0.85}
"""Share of right titles by how the heading agrees with what is declared, on wcxb."""

DECLARED_CONFIDENCE = {"front-matter": 0.98, "json-ld": 0.8, "open-graph": 0.7, "microdata": 0.67, "meta": 0.6}


EQUAL = 4
"""Agreement of a heading with what is declared: the same words."""


def read_title(page: Page, declared: Declared) -> Field[str]:
    """The title as printed, without the site's name; None where the page has neither heading nor declared title."""
    titles = [*declared.title, *_title_element(page)]
    sites = site_names([name.value for name in declared.site_name], page.url, page.head.title) | _names_over_page(page)
    stripped = [_stripped(candidate, sites) for candidate in titles]
    headings = _read_headings(page, stripped, sites, 1)
    if not any(agreement for agreement, _ in headings):
        lower = [found for level in (2, 3) for found in _read_headings(page, stripped, sites, level) if found[0] == EQUAL]
        headings = [*lower, *headings]
    order = _ordered(page, headings, [candidate for candidate in stripped if candidate.value], sites)
    if not order:
        return Field(None, tuple(titles))
    return Field(order[0], tuple(order[1:]))


def title_block(page: Page, title: str | None) -> int | None:
    """Index of the block that prints a title: a heading before other blocks, the first of equals; None where none does."""
    wanted = words_of(title or "")
    if not wanted:
        return None
    exact: list[tuple[int, int]] = []
    close: list[tuple[float, int]] = []
    for block in page.blocks:
        if not _has_length_of(block, title or ""):
            continue
        words = words_of(block.text)
        if words == wanted:
            exact.append((_rank_of_print(block), block.index))
        elif block.kind is Kind.HEADING and (share := _overlap(words, wanted)) >= PRINTED_CLOSELY:
            close.append((-share, block.index))
    if exact:
        return min(exact)[1]
    return min(close)[1] if close else None


def _has_length_of(block: Block, title: str) -> bool:
    """Whether a block is not much shorter or longer than a title; a heading may be longer, for it may hold a kicker too."""
    if not block.text or (block.kind is Kind.HEADING and len(block.text) <= 2 * LONGEST_TITLE):
        return bool(block.text)
    return abs(len(block.text) - len(title)) <= len(title) // 4 + 4


def _rank_of_print(block: Block) -> int:
    if block.hidden:
        return 9
    return block.level if block.kind is Kind.HEADING else 7


def _title_element(page: Page) -> list[Candidate[str]]:
    text = page.head.title.strip()
    return [Candidate(text, "markup", "title", text, 0.5)] if text else []


def _stripped(candidate: Candidate[str], sites: frozenset[str]) -> Candidate[str]:
    value = strip_site(candidate.value, sites, boldly=candidate.source == "markup")
    confidence = DECLARED_CONFIDENCE.get(candidate.source, 0.5)
    return Candidate(value, candidate.source, candidate.place, candidate.raw, confidence)


def _names_over_page(page: Page) -> frozenset[str]:
    """The name of the site as its pages print it: a heading that links to the front page."""
    linked = [block for block in page.blocks if block.kind is Kind.HEADING and _links_home(block, page.url)]
    return frozenset(squeezed(block.text) for block in linked if len(block.text) <= LONGEST_TITLE) - {""}


def _read_headings(
    page: Page, titles: list[Candidate[str]], sites: frozenset[str], level: int
) -> list[tuple[int, Candidate[str]]]:
    """Headings of a level that may be the title, best first, with how well each agrees (4 equal to 0 not at all)."""
    around = Surroundings(page, None)
    wanted = [words for words in (words_of(candidate.value) for candidate in titles) if words]
    found: list[tuple[int, int, Candidate[str]]] = []
    for block in page.blocks:
        if block.level != level or block.kind is not Kind.HEADING or len(block.text) > LONGEST_TITLE:
            continue
        words = words_of(block.text)
        agreement = max((_agreement(words, other) for other in wanted), default=0)
        if not words or (is_site_name(block.text, sites) and agreement < 4) or _links_home(block, page.url):
            continue
        if agreement == 0 and (around.in_margin(block.node) or block.hidden):
            continue
        name = ("alone", "similar", "contained", "prefix", "equal")[agreement]
        place = f"h{level} in block {block.index}" if page.format != "text" else f"block {block.index}"
        found.append(
            (
                agreement,
                -block.index,
                Candidate(block.text, "text" if page.format == "text" else "markup", place, block.text, CONFIDENCE[name]),
            )
        )
    found.sort(key=lambda item: item[:2], reverse=True)
    return [(agreement, candidate) for agreement, _, candidate in found]


def _links_home(block: Block, url: str | None) -> bool:
    """Whether a heading is one link to the front page: the name of the site, whatever the page declares."""
    if block.link_density < 0.9 or len(block.links) != 1:
        return False
    try:
        link, here = urlsplit(block.links[0]), urlsplit(url or "")
    except ValueError:
        return False
    return link.path in {"", "/"} and not link.query and link.netloc in {"", here.netloc} and here.path not in {"", "/"}


def _agreement(heading: tuple[str, ...], title: tuple[str, ...]) -> int:
    """4 equal, 3 one begins the other, 2 contained, 1 similar, 0 different."""
    if heading == title:
        return 4
    short, long = sorted((heading, title), key=len)
    if len(short) >= 2 and long[: len(short)] == short:
        return 3
    if len(short) >= 3 and f" {' '.join(short)} " in f" {' '.join(long)} ":
        return 2
    return int(_overlap(heading, title) >= SIMILAR)


def _overlap(words: tuple[str, ...], others: tuple[str, ...]) -> float:
    """Words in common as a share of all words, 0 to 1."""
    one, two = set(words), set(others)
    return len(one & two) / len(one | two) if one and two else 0.0


def _ordered(
    page: Page, headings: list[tuple[int, Candidate[str]]], declared: list[Candidate[str]], sites: frozenset[str]
) -> list[Candidate[str]]:
    front = [candidate for candidate in declared if candidate.source == "front-matter"]
    agreeing = [candidate for agreement, candidate in headings if agreement]
    alone = [candidate for agreement, candidate in headings if not agreement]
    trusted = alone[:1] if alone and _reads_like_title(alone[0].value) else []
    headline = [candidate for candidate in declared if candidate.source == "json-ld"]
    printed = _read_lines(page, sites) if page.format == "text" else []
    order = [*front, *printed, *agreeing, *trusted, *headline, *declared, *alone]
    return list(dict.fromkeys(order))


def _reads_like_title(text: str) -> bool:
    """Whether a heading says enough to be a title though nothing else on the page agrees with it."""
    return len(words_of(text)) >= TITLE_WORDS or (not text.isascii() and len(text) >= 2 * TITLE_WORDS)


def _read_lines(page: Page, sites: frozenset[str]) -> list[Candidate[str]]:
    """Lines at the start of a page without markup that may be its title: above the byline, no logo, no menu, no sentence."""
    start = [block for block in page.blocks if block.text][:LINES_SEARCHED]
    byline = next((n for n, block in enumerate(start) if n and is_credit_line(block.text)), None)
    prose = next((n for n, block in enumerate(start) if len(block.text) > PROSE), len(start))
    end = byline if byline is not None and byline <= prose + 1 else prose
    lines = [block for block in start[:end] if _may_be_title(block, sites)]
    lines.sort(key=lambda block: (block.level != 1, _is_short(block.text)))
    return [Candidate(block.text, "text", f"block {block.index}", block.text, CONFIDENCE["text"]) for block in lines]


def _may_be_title(block: Block, sites: frozenset[str]) -> bool:
    if block.kind not in {Kind.HEADING, Kind.PARAGRAPH} or len(block.text) > PROSE:
        return False
    words = words_of(block.text)
    if not words or words[-1] in {"logo", "menu"} or is_site_name(block.text, sites) or is_byline(block.text):
        return False
    return not (block.text.endswith((".", ":", ",")) and not block.text.endswith("..."))


def _is_short(text: str) -> bool:
    """Whether a line has too few words for a title where a longer one follows; texts without spaces count characters."""
    words = text.split()
    return len(words) < 3 and not (len(words) == 1 and len(text) >= 8 and not text.isascii())
