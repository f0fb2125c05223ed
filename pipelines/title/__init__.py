"""The title of an article, as printed.

Order of trust: front matter; the first-level heading that agrees best with what the page declares (equal, then beginning, then
contained, then similar), never one that names the site; the headline of JSON-LD; the other declared titles, without the name of
the site; a first-level heading that nothing declared agrees with comes before those only if it reads like a title. A first-level
heading may be there for search engines, printed small in the path above the article; then the heading behind it that prints the
social title is the title. Kickers and subtitles inside the heading are parted from it (`kickers`). Pages without markup print the
title above the byline: the first line that is no logo, no menu and no sentence.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from pipelines.declared import Declared
from pipelines.evidence import Candidate, Field
from pipelines.page.page import Block, Kind, Node, Page
from pipelines.page.recoding import recode_twice_encoded
from pipelines.surroundings import Surroundings, is_byline, is_credit_line, squeezed, word_set, words_of
from pipelines.title.kickers import without_kicker
from pipelines.title.sites import cuts_of, is_site_name, known_names, site_names, strip_site

__all__ = ["read_title", "title_block"]

LONGEST_TITLE = 300
"""Characters; longer first-level headings are whole headers or articles that were marked up as one."""

SIMILAR = 0.6
"""Share of words in common from which a heading and a declared title are the same in other words."""

TITLE_WORDS = 4
"""Words from which a heading that nothing agrees with is more often the title (wcxb: .8) than the name of a page or a site."""

FEWEST_WORDS_OF_CUT = 2
"""Words of a part of a declared title that a lower heading must print to be the title; texts without spaces count characters."""

PRINTED_CLOSELY = 0.8
"""Share of words in common from which a heading prints the title."""

PROSE = 200
"""Characters from which a line of a page without markup is prose and no title."""

LINES_SEARCHED = 12
"""Blocks at the start of a page without markup in which the title is looked for."""

HEADLINE_REACH = 20
"""Blocks behind a first-level heading in which another heading may print the title that is declared for readers."""

PLAIN_PRINT, NO_PRINT = 7.0, 99.0
"""Ranks of a block that prints the title and is no heading, and of one that does not print it; a heading has its level."""

PATH_DEPTH = 4
"""Elements between a heading and the path it stands in, at most."""

CONFIDENCE = {
    "unanimous": 0.97, "equal": 0.9, "lower": 0.88, "parted": 0.88, "prefix": 0.78, "contained": 0.6, "similar": 0.52,
    "alone": 0.7, "text": 0.85,
}  # fmt: skip
"""Share of right titles by how the heading agrees with what is declared, on 1,381 pages of wcxb, traf and
fundus. `unanimous`: nothing else is declared; `text`, of pages without markup, is estimated."""

DECLARED_CONFIDENCE = {"front-matter": 0.98, "json-ld": 0.7, "open-graph": 0.65, "microdata": 0.5, "meta": 0.6}
TITLE_ELEMENT_CONFIDENCE = 0.27
"""The same for pages without a heading; what is left of a title element is right once in four times."""

ALONE, SIMILAR_WORDS, CONTAINED, PREFIX, EQUAL = range(5)
"""How a heading agrees with what is declared: not at all, in most words, as a part, as the beginning, in all words."""
_AGREEMENTS = ("alone", "similar", "contained", "prefix")

_SLASHES_OF_FRONT = 3
"""Of `https://host/`; an address with more has a path or a query."""
_PATH_WORDS = word_set("breadcrumb breadcrumbs crumbs brotkrumen seotitle")


class _Told(NamedTuple):
    """A title that the page declares, without the site's name."""

    candidate: Candidate[str]
    words: tuple[str, ...]
    raw_words: tuple[str, ...]
    """With the site's name."""


class _Heading(NamedTuple):
    """A heading that may print the title."""

    block: Block
    text: str
    words: tuple[str, ...]
    agreement: int


def read_title(page: Page, declared: Declared) -> Field[str]:
    """The title as printed, without the site's name; None where the page has neither heading nor declared title."""
    titles = [*declared.title, *_title_element(page)]
    headings = [block for block in page.blocks if block.level and len(block.text) <= LONGEST_TITLE]
    names = [name.value for name in declared.site_name]
    sites = site_names(names, page.url, page.head.title) | _names_over_page(headings, page.url)
    told = _without_site(titles, sites)
    found = _read_headings(page, headings, told, sites, known_names(names, page.url))
    order = _ordered(page, found, told, sites)
    if not order:
        return Field(None, tuple(titles))
    return Field(order[0], tuple(order[1:]))


def title_block(page: Page, title: str | None) -> int | None:
    """Index of the block that prints a title: a heading before other blocks, the first of equals; None where none does."""
    wanted = words_of(title or "")
    if not wanted:
        return None
    ranks = [(_rank_of_print(block, wanted), block.index) for block in page.blocks if block.level and block.text]
    best = min(ranks, default=(NO_PRINT, 0))
    if best[0] > PLAIN_PRINT:
        best = min(best, *_plain_prints(page, title or "", wanted))
    return best[1] if best[0] < NO_PRINT else None


def _plain_prints(page: Page, title: str, wanted: tuple[str, ...]) -> list[tuple[float, int]]:
    """Blocks other than headings that print a title, with their rank; the last one is none."""
    spare = len(title) // 4 + 4
    shortest, longest = max(1, len(title) - spare), len(title) + spare
    blocks = (block for block in page.blocks if shortest <= len(block.text) <= longest and not block.level)
    printing = [(9.0 if block.hidden else PLAIN_PRINT, block.index) for block in blocks if words_of(block.text) == wanted]
    return [*printing, (NO_PRINT, 0)]


def _rank_of_print(block: Block, wanted: tuple[str, ...]) -> float:
    """How well a heading prints a title, 0 best, `NO_PRINT` not at all."""
    if len(block.text) > 2 * LONGEST_TITLE:
        return NO_PRINT
    words = words_of(block.text)
    if words == wanted:
        return 9.0 if block.hidden else block.level + 2.5 * _is_in_path(block.node)
    count = len(wanted)
    if count < len(words) and (words[:count] == wanted or words[-count:] == wanted) and (count > 1 or len(words) <= TITLE_WORDS):
        return 10 + block.level / 10 + _is_in_path(block.node)
    if not PRINTED_CLOSELY * count <= len(words) + 2 or not PRINTED_CLOSELY * len(words) <= count + 2:
        return NO_PRINT
    share = _overlap(words, wanted)
    return 13 - share if share >= PRINTED_CLOSELY else NO_PRINT


def _is_in_path(start: Node) -> bool:
    """Whether a heading is a step of the path above the article (`Home › Harbour › ...`), there for search engines."""
    node: Node | None = start
    for _ in range(PATH_DEPTH):
        if node is None:
            return False
        if not _PATH_WORDS.isdisjoint(node.tokens):
            return True
        node = node.parent
    return False


def _title_element(page: Page) -> list[Candidate[str]]:
    text = page.head.title.strip()
    return [Candidate(_repaired(text), "markup", "title", text, 0.5)] if text else []


def _repaired(text: str) -> str:
    """A printed text without what was encoded twice."""
    if "&" in text and ";" in text:
        text = html.unescape(text)
    return text if text.isascii() else recode_twice_encoded(text)


def _without_site(titles: Sequence[Candidate[str]], sites: frozenset[str]) -> list[_Told]:
    """Declared titles without the name of the site; what several vocabularies say alike is looked at once."""
    known: dict[tuple[str, bool], tuple[str, tuple[str, ...], tuple[str, ...]]] = {}
    found = []
    for title in titles:
        key = title.value, title.source == "markup"
        if key not in known:
            value = strip_site(title.value, sites, boldly=key[1])
            words = words_of(title.value)
            known[key] = value, words if value == title.value else words_of(value), words
        confidence = DECLARED_CONFIDENCE.get(title.source, TITLE_ELEMENT_CONFIDENCE)
        candidate = Candidate(known[key][0], title.source, title.place, title.raw, confidence)
        found.append(_Told(candidate, *known[key][1:]))
    return found


def _names_over_page(headings: Sequence[Block], url: str | None) -> frozenset[str]:
    """The name of the site as its pages print it: a heading that links to the front page."""
    linked = (block for block in headings if len(block.links) == 1 and _links_home(block, url))
    return frozenset(squeezed(block.text) for block in linked) - {""}


def _links_home(block: Block, url: str | None) -> bool:
    """Whether a heading is one link to the front page: the name of the site, whatever the page declares."""
    if len(block.links) != 1 or block.link_density < 0.9 or block.links[0].partition("#")[0].count("/") > _SLASHES_OF_FRONT:
        return False
    try:
        link, here = urlsplit(block.links[0]), urlsplit(url or "")
    except ValueError:
        return False
    is_front = here.path in {"", "/"} and not here.query
    return link.path in {"", "/"} and not link.query and link.netloc in {"", here.netloc} and not is_front


def _read_headings(
    page: Page, blocks: Sequence[Block], told: Sequence[_Told], sites: frozenset[str], known: frozenset[str]
) -> list[_Heading]:
    """Headings that may be the title, best first."""
    around = Surroundings(page, None)
    wanted = list(dict.fromkeys(title.words for title in told if title.words))
    declared = {title.raw_words for title in told}
    found = [
        heading
        for heading in (_heading(block, wanted, declared, known) for block in blocks if block.level == 1)
        if _may_be_headline(heading, page, sites, around)
    ]
    found.sort(key=lambda heading: -heading.agreement)
    if not found or not found[0].agreement:
        whole = _lower_headings(blocks, wanted)
        says_enough = bool(found) and _reads_like_title(found[0].text)
        return [*whole, *([] if whole or says_enough else _parts_printed(blocks, told, sites)), *found]
    return [*_printed_for_readers(page, blocks, found[0], told), *found]


def _heading(
    block: Block, wanted: Sequence[tuple[str, ...]], declared: Collection[tuple[str, ...]], known: frozenset[str]
) -> _Heading:
    """A heading as it agrees with titles; without the name of the site where it is declared so as it stands."""
    text = _repaired(block.text)
    words = words_of(text)
    shorter = strip_site(text, known, behind=True)
    if shorter != text and (words_of(shorter) in declared or is_site_name(text[len(shorter) :], known)):
        text, words = shorter, words_of(shorter)
    return _Heading(block, text, words, max((_agreement(words, other) for other in wanted), default=ALONE))


def _may_be_headline(heading: _Heading, page: Page, sites: frozenset[str], around: Surroundings) -> bool:
    if not heading.words or _links_home(heading.block, page.url):
        return False
    if heading.agreement < EQUAL and is_site_name(heading.text, sites):
        return False
    return bool(heading.agreement) or not (heading.block.hidden or around.in_margin(heading.block.node))


def _lower_headings(blocks: Sequence[Block], wanted: Sequence[tuple[str, ...]]) -> list[_Heading]:
    """Second and third headings that print a declared title."""
    lower = [(block, words_of(block.text)) for level in (2, 3) for block in blocks if block.level == level]
    return [_Heading(block, _repaired(block.text), words, EQUAL) for block, words in lower if words in wanted]


def _parts_printed(blocks: Sequence[Block], told: Sequence[_Told], sites: frozenset[str]) -> list[_Heading]:
    """Second and third headings that print a part of a declared title which signs set off."""
    parts = {words_of(part) for title in told for part in cuts_of(title.candidate.value) if not is_site_name(part, sites)}
    lower = [(block, words_of(block.text)) for level in (2, 3) for block in blocks if block.level == level]
    return [
        _Heading(block, _repaired(block.text), words, PREFIX) for block, words in lower if words in parts and _says_enough(words)
    ]


def _says_enough(words: tuple[str, ...]) -> bool:
    return len(words) >= FEWEST_WORDS_OF_CUT or sum(map(len, words)) > 3 * FEWEST_WORDS_OF_CUT


def _printed_for_readers(page: Page, blocks: Sequence[Block], first: _Heading, told: Sequence[_Told]) -> list[_Heading]:
    """Headings soon behind the first-level one that print the social title, where that one prints another."""
    social = [title.words for title in told if title.candidate.source == "open-graph" and len(title.words) >= TITLE_WORDS - 1]
    if not social or first.words in social:
        return []
    found = []
    for block in blocks:
        if block.level > 1 and 0 < block.index - first.block.index <= HEADLINE_REACH and block.link_density < 0.5:
            words = words_of(block.text)
            before = words_of(page.blocks[block.index - 1].text) if block.index else ()
            if any(words[-len(title) :] == title or (words and (*before, *words) == title) for title in social):
                found.append(_Heading(block, _repaired(block.text), words, EQUAL))
    return found


def _agreement(heading: tuple[str, ...], title: tuple[str, ...]) -> int:
    if heading == title:
        return EQUAL
    short, long = (heading, title) if len(heading) < len(title) else (title, heading)
    if len(short) >= 2 and long[: len(short)] == short:
        return PREFIX
    if len(short) >= 3 and f" {' '.join(short)} " in f" {' '.join(long)} ":
        return CONTAINED
    return SIMILAR_WORDS if _overlap(heading, title) >= SIMILAR else ALONE


def _overlap(words: tuple[str, ...], others: tuple[str, ...]) -> float:
    """Words in common as a share of all words, 0 to 1."""
    one, two = set(words), set(others)
    return len(one & two) / len(one | two) if one and two else 0.0


def _ordered(page: Page, headings: list[_Heading], told: Sequence[_Told], sites: frozenset[str]) -> list[Candidate[str]]:
    candidates = [_candidate(page, heading, told) for heading in headings]
    agreeing = [candidate for candidate, heading in zip(candidates, headings, strict=True) if heading.agreement]
    alone = [candidate for candidate, heading in zip(candidates, headings, strict=True) if not heading.agreement]
    titles = [title.candidate for title in told if title.words and not is_site_name(title.candidate.value, sites)]
    named = [title.candidate for title in told if title.words]
    trusted = [candidate for candidate in alone[:1] if _is_trusted(candidate.value, page.url, titles)]
    front = [title for title in titles if title.source == "front-matter"]
    headline = [title for title in titles if title.source == "json-ld"]
    printed = _read_lines(page, sites) if page.format == "text" else []
    order = [*front, *printed, *agreeing, *trusted, *headline, *titles, *alone, *named]
    return list({id(candidate): candidate for candidate in order}.values())


def _candidate(page: Page, heading: _Heading, told: Sequence[_Told]) -> Candidate[str]:
    """A heading as a candidate for the title, its kicker or subtitle parted."""
    value = heading.text
    if heading.agreement:
        shorter = dict.fromkeys(title.words for title in _shorter_titles(heading, told))
        value = without_kicker(value, list(shorter), list(dict.fromkeys(_repaired(title.candidate.raw) for title in told)))
    block, source = heading.block, "text" if page.format == "text" else "markup"
    place = f"h{block.level} in block {block.index}" if page.format != "text" else f"block {block.index}"
    return Candidate(value, source, place, block.text, CONFIDENCE[_standing(heading, value, told)])


def _standing(heading: _Heading, value: str, told: Sequence[_Told]) -> str:
    """Why a heading is trusted, a key of `CONFIDENCE`."""
    if value != heading.text:
        return "parted"
    if heading.agreement < EQUAL:
        return _AGREEMENTS[heading.agreement]
    if heading.block.level > 1:
        return "lower"
    return "unanimous" if all(title.words == heading.words for title in told) else "equal"


def _shorter_titles(heading: _Heading, told: Sequence[_Told]) -> list[_Told]:
    """The declared titles to which a heading may be cut: not those of which only the site's name was taken.

    Where the heading stands declared as it is, only the social title speaks against it.
    """
    if "|" in heading.text:
        return [title for title in told if title.words != heading.words]
    others = [title for title in told if title.raw_words != heading.words]
    if any(title.words == heading.words for title in told):
        return [title for title in others if title.candidate.source == "open-graph"]
    return others


def _is_trusted(text: str, url: str | None, titles: Sequence[Candidate[str]]) -> bool:
    """Whether a heading is the title though nothing declared agrees with it.

    It says enough to be one, the address ends with its words, or there is nothing else but the title element.
    """
    if _reads_like_title(text) or all(title.place == "title" for title in titles):
        return True
    return words_of(text) == _words_of_address(url)


def _reads_like_title(text: str) -> bool:
    return len(words_of(text)) >= TITLE_WORDS or (not text.isascii() and len(text) >= 2 * TITLE_WORDS)


def _words_of_address(url: str | None) -> tuple[str, ...]:
    """The words that the path of an address ends with."""
    path = unquote((url or "").partition("?")[0]).rstrip("/")
    return words_of(path.rpartition("/")[2].partition(".")[0].replace("_", " "))


def _read_lines(page: Page, sites: frozenset[str]) -> list[Candidate[str]]:
    """Lines of a page without markup that may be its title: its headline, then those above the byline; no logo, no sentence."""
    start = [block for block in page.blocks if block.text][:LINES_SEARCHED]
    byline = next((n for n, block in enumerate(start) if n and is_credit_line(block.text)), None)
    prose = next((n for n, block in enumerate(start) if len(block.text) > PROSE), len(start))
    end = byline if byline is not None and byline <= prose + 1 else prose
    lines = [block for block in start[:end] if _may_be_title(block, sites)]
    lines.sort(key=lambda block: _is_short(block.text))
    first = [block for block in page.blocks if block.level == 1 and _may_be_title(block, sites)]
    lines = list(dict.fromkeys([*first, *lines]))
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
