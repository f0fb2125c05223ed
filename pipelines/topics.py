"""The section of the paper that an article stands in, and its tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from pipelines.declared import Declared
from pipelines.evidence import Candidate, Field
from pipelines.page.page import Block, Kind, Mark, Node, Page
from pipelines.surroundings import LONGEST_CREDIT_LINE, word_set, words_of

__all__ = ["read_section", "read_tags"]

Tags = tuple[str, ...]

LONGEST_TAG = 60
"""Characters; longer ones are sentences."""

LONGEST_TAG_LINE = 40
"""Characters of a line of tags on a page without markup."""

PATH_DEPTH = 4
"""Elements between a step of a path and the path itself, at most."""

MOST_TAGS = 40

MOST_CATEGORIES = 3
"""Different categories that one article is filed under; a page that links to more prints a directory, or other articles."""

PROSE = 80
"""Characters from which a block with few links is prose."""

MOST_LINKED_TAGS = 8
"""A longer run of links to tags is a directory of the site."""

CONFIDENCE = {
    "front-matter": 0.97,
    "open-graph": 0.9,
    "json-ld": 0.85,
    "markup": 0.85,
    "text": 0.8,
    "address": 0.75,
    "microdata": 0.75,
    "meta": 0.6,
}
"""Estimated share of right tags by source; keyword metas are written for search engines."""

_TAG_RANK = {"front-matter": 0, "open-graph": 1, "markup": 2, "text": 2, "json-ld": 3, "microdata": 4, "meta": 5}
_TAG_TOKENS = frozenset({"tag", "tags", "topic", "topics", "keywords", "keyword"})
_CATEGORY_TOKENS = frozenset({"category", "categories", "cat"})
_CATEGORY_ADDRESS = re.compile(
    r"/(?:categor(?:y|ies?|ias?)|cat|kategorien?|kategori(?:er)?|rubrik(?:en)?|rubriques?|ressorts?|sections?|secci[oó]n(?:es)?)/"
    r"[^/]+(?:/[^/]+)?/?$|[?&](?:cat|category|categorie|kategorie|rubrique)=",
    re.I,
)
_CATEGORY_LEAD = re.compile(
    r"(?:categor(?:y|ies|ías?|ias?)|cat[ée]gories?|kategorien?|rubrik|rubrique|filed under)\s?[:：]\s*\w", re.I
)
_LEADS = frozenset("cCkKrRfF")
"""First letters of these."""
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "”", '"', "»", ":")
_TAG_ADDRESS = re.compile(
    r"/(?:tags?|topics?|hashtags?|keywords?|themen?|schlagw(?:ort|oerter)|etiquetas?|sujets?)/[^/]+/?$|[?&]tag="
)
_TAG_LEAD = re.compile(r"(?:tags?|tagged(?: with)?|keywords|topics|schlagw[oö]rt(?:er|e)|mots-clés|etiquetas)\s?[:：]\s*", re.I)
_TAG_LEADS = frozenset("tTkKsSmMeE")
"""First letters of these."""
_PATH_WORDS = word_set("breadcrumb breadcrumbs brotkrumen brotkrumennavigation ariane pathway migas")
_MARGIN_TAGS = frozenset({"nav", "footer", "aside"})
_MARGIN_TOKENS = word_set("nav navbar navigation menu footer sidebar widget cloud tagcloud related comments")


def read_section(page: Page, declared: Declared) -> Field[str]:
    """The section: as declared, else of a link with rel=category, a printed path or a link to a category; None where none is.

    The text is searched only where neither the head nor an element says so.
    """
    margins = _Margins()
    order = [*declared.section, *_marked_sections(page, margins)]
    if not order:
        order = [*_path_sections(page)]
        order += [*_filed_sections(page, margins)] or [*_linked_sections(page, margins)] or [*_labelled_sections(page)]
    if not order:
        return Field()
    return Field(order[0], tuple(order[1:]))


def _marked_sections(page: Page, margins: _Margins) -> Iterator[Candidate[str]]:
    for mark in page.marks:
        if not ((mark.rel and "category" in mark.rel.split()) or mark.node.itemprop == "articleSection"):
            continue
        if mark.text and len(mark.text) <= LONGEST_TAG and "\n" not in mark.text and not margins.hold(mark.node):
            yield Candidate(mark.text, "markup", f"{mark.node.tag} in block {mark.block}", mark.text, 0.8)


def _filed_sections(page: Page, margins: _Margins) -> Iterator[Candidate[str]]:
    """The categories that the article is filed under by links whose class or address says so, in order."""
    found: dict[str, Mark] = {}
    for mark in page.marks:
        if mark.text and len(mark.text) <= LONGEST_TAG and _is_category(mark) and not margins.hold(mark.node):
            found.setdefault(mark.text, mark)
    if len(found) <= MOST_CATEGORIES:
        for mark in found.values():
            yield Candidate(mark.text, "markup", f"link to a category in block {mark.block}", mark.text, 0.75)


def _linked_sections(page: Page, margins: _Margins) -> Iterator[Candidate[str]]:
    """The categories whose addresses the lines above the first prose link to and whose names they print."""
    found: dict[str, Block] = {}
    for block in page.blocks:
        if not block.links:
            if len(block.text) >= PROSE and block.text.endswith(_SENTENCE_ENDS):
                break
            continue
        if block.level or len(block.text) > LONGEST_CREDIT_LINE:
            continue
        for link in filter(_CATEGORY_ADDRESS.search, block.links):
            if not margins.hold(block.node) and (name := _name_in_line(link, block.text)):
                found.setdefault(name, block)
    if len(found) <= MOST_CATEGORIES:
        for name, block in found.items():
            yield Candidate(name, "markup", f"link to a category in block {block.index}", block.text, CONFIDENCE["address"])


def _labelled_sections(page: Page) -> Iterator[Candidate[str]]:
    """The categories of the only line that says so (`Category: Workshop`), wherever it stands: also in a sidebar."""
    lines = [block for block in page.blocks if block.links and block.text[:1] in _LEADS and _CATEGORY_LEAD.match(block.text)]
    if len(lines) == 1 and len(lines[0].links) <= MOST_CATEGORIES:
        for link in lines[0].links:
            name = _name_in_line(link, lines[0].text) if _CATEGORY_ADDRESS.search(link) else ""
            if name:
                yield Candidate(name, "markup", f"block {lines[0].index}", lines[0].text, CONFIDENCE["address"])


def _is_category(mark: Mark) -> bool:
    """Whether a link leads to a category of the site: its address says so, and a class of its own or around it."""
    if mark.node.tag != "a" or "category" in mark.rel.split() or not _CATEGORY_ADDRESS.search(mark.href):
        return False
    near = (mark.node, *mark.node.ancestors()[:1])
    return "tag" in mark.rel.split() or any(not _CATEGORY_TOKENS.isdisjoint(node.tokens) for node in near)


def _path_sections(page: Page) -> Iterator[Candidate[str]]:
    """The first step below the front page of a printed path (`Home › Council › ...`), where each step is a block."""
    around: dict[int, bool] = {}
    for block in page.blocks:
        if len(block.links) != 1 or not 0 < len(block.text) <= LONGEST_TAG:
            continue
        node = block.node
        above = node.parent
        if id(above) not in around:
            around[id(above)] = above is not None and _is_in_path(above, PATH_DEPTH - 1)
        is_step = around[id(above)] or _is_path(node)
        if is_step and urlsplit(block.links[0]).path.strip("/"):
            yield Candidate(block.text, "markup", f"path in block {block.index}", block.text, 0.8)
            return


def _is_in_path(start: Node, depth: int) -> bool:
    node: Node | None = start
    for _ in range(depth):
        if node is None:
            return False
        if _is_path(node):
            return True
        node = node.parent
    return False


def _is_path(node: Node) -> bool:
    return not _PATH_WORDS.isdisjoint(node.tokens) or bool(node.label and node.label.casefold() in _PATH_WORDS)


def read_tags(page: Page, declared: Declared) -> Field[Tags]:
    """The tags in order, each once: those printed or of `article:tag` before keywords written for search engines."""
    order = [candidate for candidate in (_tidied(candidate) for candidate in declared.tags) if candidate.value]
    margins = _Margins()
    marked = _marked_tags(page, margins)
    if marked.value:
        order.append(marked)
    line = _tag_line(page)
    if line:
        order.append(line)
    if not marked.value and not any(_TAG_RANK.get(candidate.source, 9) < _TAG_RANK["markup"] for candidate in order):
        order += [linked for linked in (_listed_tags(page), _linked_tags(page, margins)) if linked.value]
    order.sort(key=lambda candidate: _TAG_RANK.get(candidate.source, 9))
    if not order:
        return Field()
    return Field(order[0], tuple(order[1:]))


def _tidied(candidate: Candidate[Tags]) -> Candidate[Tags]:
    tags = _unique(candidate.value)
    confidence = CONFIDENCE.get(candidate.source, candidate.confidence)
    return Candidate(tags, candidate.source, candidate.place, candidate.raw, confidence)


def _unique(tags: Tags) -> Tags:
    found: dict[str, str] = {}
    for tag in tags:
        text = " ".join(tag.split()).strip("#,; ")
        if text and len(text) <= LONGEST_TAG:
            found.setdefault(text.casefold(), text)
    return tuple(found.values())[:MOST_TAGS]


def _marked_tags(page: Page, margins: _Margins) -> Candidate[Tags]:
    """Links with rel=tag, or links whose class or surrounding class says tag, outside menus."""
    marks = [mark for mark in page.marks if mark.href and mark.text and len(mark.text) <= LONGEST_TAG]
    named = [mark for mark in marks if (mark.rel and "tag" in mark.rel.split()) or _names_tags(mark)]
    named = [mark for mark in named if not _is_category(mark) and "category" not in mark.rel.split()]
    named = [mark for mark in named if not margins.hold(mark.node)]
    chosen = [mark for mark in named if "tag" in mark.rel.split()] or named or _unlinked_tags(page, margins)
    raw = ", ".join(mark.text for mark in chosen)[:500]
    place = f"block {chosen[0].block}" if chosen else ""
    return Candidate(_unique(tuple(mark.text for mark in chosen)), "markup", place, raw, CONFIDENCE["markup"])


def _unlinked_tags(page: Page, margins: _Margins) -> list[Mark]:
    """Elements of class tag inside one of class tags, on sites that have no pages for their tags."""
    return [
        mark
        for mark in page.marks
        if mark.text and len(mark.text) <= LONGEST_TAG and "tag" in mark.node.tokens and _is_inside_tags(mark.node, margins)
    ]


def _is_inside_tags(node: Node, margins: _Margins) -> bool:
    return any("tags" in above.tokens for above in node.ancestors()[:2]) and not margins.hold(node)


def _listed_tags(page: Page) -> Candidate[Tags]:
    """The line that says so (`Tags: ferries, timetables`), its links told apart by their addresses."""
    for block in page.blocks:
        if not block.links or block.level or block.text[:1] not in _TAG_LEADS or len(block.text) > LONGEST_TAG_LINE * 8:
            continue
        lead = _TAG_LEAD.match(block.text)
        if lead is None:
            continue
        tags = tuple(_printed_name(link, block.text[lead.end() :]) for link in block.links if _TAG_ADDRESS.search(link))
        if tags:
            return Candidate(_unique(tags), "markup", f"block {block.index}", block.text, CONFIDENCE["address"])
    return Candidate((), "markup", "", "", 0.0)


def _printed_name(address: str, line: str) -> str:
    """The words of a line that an address ends with; the words of the address where the line spells them otherwise."""
    return _name_in_line(address, line) or " ".join(_words_of_address(address))


def _name_in_line(address: str, line: str) -> str:
    """The words of a line that an address ends with; nothing where the line does not print them."""
    words = _words_of_address(address)
    found = re.search(r"\b" + r"[\W_]+".join(map(re.escape, words)) + r"\b", line, re.I) if words else None
    return found[0] if found else ""


def _words_of_address(address: str) -> tuple[str, ...]:
    slug = unquote(address.rstrip("/").rpartition("/")[2].rpartition("=")[2])
    return words_of(slug.removesuffix(".html").replace("_", " "))


def _linked_tags(page: Page, margins: _Margins) -> Candidate[Tags]:
    """Links that stand alone behind the prose and lead to the address of a tag (`/topics/history`), the first run of them."""
    found: list[Block] = []
    has_prose = False
    for block in page.blocks:
        if has_prose and block.links and _leads_to_tag(block) and not margins.hold(block.node):
            found.append(block)
        elif found:
            break
        has_prose = has_prose or (len(block.text) >= PROSE and block.link_density < 0.5)
    if not found or len(found) > MOST_LINKED_TAGS:
        return Candidate((), "markup", "", "", 0.0)
    raw = ", ".join(block.text for block in found)
    return Candidate(
        _unique(tuple(block.text for block in found)), "markup", f"block {found[0].index}", raw, CONFIDENCE["address"]
    )


def _leads_to_tag(block: Block) -> bool:
    if len(block.links) != 1 or not 0 < len(block.text) <= LONGEST_TAG_LINE or block.link_chars < 0.9 * len(block.text):
        return False
    return bool(_TAG_ADDRESS.search(block.links[0]))


def _names_tags(mark: Mark) -> bool:
    above = mark.node.parent
    return not (_TAG_TOKENS.isdisjoint(mark.node.tokens) and (above is None or _TAG_TOKENS.isdisjoint(above.tokens)))


class _Margins:
    """Which elements stand in navigation, sidebars, comments and the like; each element of a page is looked at once."""

    def __init__(self) -> None:
        self._around: dict[int, Node | None] = {}
        """The margin around a node, by its identity."""

    def hold(self, start: Node) -> bool:
        """Whether a node stands in a margin; the footer of an article is none."""
        below: list[Node] = []
        node: Node | None = start
        margin: Node | None = None
        while node is not None and id(node) not in self._around and margin is None:
            below.append(node)
            margin = node if _is_margin(node) else None
            node = node.parent
        if margin is None and node is not None:
            margin = self._around[id(node)]
        for inner in below:
            self._around[id(inner)] = margin
        return margin is not None and (margin.tag != "footer" or not _is_article_footer(start))


def _is_margin(node: Node) -> bool:
    if node.tag in {"body", "html"}:
        return False
    return not _MARGIN_TOKENS.isdisjoint(node.tokens) or (node.tag in _MARGIN_TAGS and _TAG_TOKENS.isdisjoint(node.tokens))


def _is_article_footer(start: Node) -> bool:
    """Whether the footer that an element stands in is that of an article: blogs print tags there."""
    return any(node.tag == "article" for node in start.ancestors()[:20])


def _tag_line(page: Page) -> Candidate[Tags] | None:
    """On a page without markup: the single short line behind the last break, with no full stop."""
    if page.format != "text":
        return None
    breaks = [block.index for block in page.blocks if block.kind is Kind.BREAK]
    if not breaks or breaks[-1] + 1 >= len(page.blocks):
        return None
    line = page.blocks[breaks[-1] + 1]
    if not _may_be_tags(line, page):
        return None
    parts = tuple(part.strip() for part in line.text.replace("#", ",").split(","))
    return Candidate(_unique(parts), "text", f"block {line.index}", line.text, CONFIDENCE["text"])


def _may_be_tags(line: Block, page: Page) -> bool:
    """Whether a line names tags: short, lower case or marked with `#`, and no heading of a paragraph."""
    if len(line.text) > LONGEST_TAG_LINE or line.text.endswith((".", "?", "!", ":")) or not words_of(line.text):
        return False
    after = page.blocks[line.index + 1] if line.index + 1 < len(page.blocks) else None
    if after is not None and after.kind is Kind.PARAGRAPH and len(after.text) > LONGEST_TAG_LINE * 2:
        return False
    return line.text == line.text.lower() or line.text.startswith("#")
