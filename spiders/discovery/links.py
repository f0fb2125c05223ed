"""Which links of a page look like articles, and which lead on to more of them.

A link is judged by its address, its text and where it stands. What can be no article is turned away by name; for the rest,
signals add up, and from `ARTICLE_SCORE` a link is taken for an article. No signal decides alone on purpose: a heading that links
to a section, a long slug in a footer and a number in a menu are all common.

The weights were set by hand on the cases of the tests, which come from the address styles of the common systems.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import lxml.html

from archive.urls import address_key, registrable_domain
from archive.visit import Found, PageKind
from spiders.discovery import priorities
from spiders.discovery.address import PAGE_EXTENSIONS, Shape
from spiders.discovery.document import absolute, base_of, parse_html, text_of
from spiders.discovery.vocabulary import (
    ACTION_PARAMETERS,
    AMBIGUOUS_PARAMETERS,
    ARCHIVE_WORDS,
    ARTICLE_FOLDERS,
    FILE_EXTENSIONS,
    GENERIC_TEXT,
    IDENTIFIER_PARAMETERS,
    LISTING_FOLDERS,
    NO_ARTICLE_FOLDERS,
    NO_ARTICLE_WORDS,
    PAGE_PARAMETERS,
    SECTION_FOLDERS,
    STATIC_FOLDERS,
)

ARTICLE_SCORE = 1.0
"""From here a link is taken for an article."""

DOUBTFUL_SCORE = -0.5
"""Below this, the address alone says that a page is none, whoever lists it."""

MIN_SLUG_WORDS = 4
"""Words from which a segment reads as a title and not as the name of a section."""

MAX_TITLE = 300
"""Characters of link text that may be a title; more is a teaser with its text."""

REGION_SHARE = 0.5
"""An element whose class says menu or sidebar, but which holds more than this share of the links, is a frame around all."""

CARD_LINKS = 12
"""An element with more links is no card of one article but a list of them."""

LISTING_ENTRIES = 5
"""Entries of a listing at least: an article shows up to four related ones. A page that says that it is an article needs twice
as many to be a listing all the same."""

MAX_DECLARED = 3
"""Times that a page about one article names its type: in JSON-LD, in microdata, and once more in a breadcrumb or graph."""

SECTION_TEXT_WORDS = 4
SECTION_SEGMENT = 30
"""Words of link text, and characters of a segment, that a section has at most."""


class Region(StrEnum):
    """The part of a page that a link stands in."""

    MAIN = "main"
    NAVIGATION = "navigation"
    HEADER = "header"
    ASIDE = "aside"
    FOOTER = "footer"
    PAGINATION = "pagination"
    BREADCRUMB = "breadcrumb"
    BYLINE = "byline"


@dataclass(frozen=True, slots=True)
class LinkContext:
    """Where a link stands."""

    page: str | None = None
    """Address of the page; None: not known, so any host may be its own."""
    region: Region = Region.MAIN
    heading: bool = False
    """Whether it is in a heading, or holds one."""
    card: bool = False
    """Whether it is in an element that holds one entry of a list."""
    dated: bool = False
    """Whether that entry shows a time."""
    rel: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page."""

    url: str
    """Absolute, without fragment."""
    text: str
    context: LinkContext


@dataclass(frozen=True, slots=True)
class LinkVerdict:
    """What a link looks like."""

    kind: PageKind | None
    """ARTICLE, LISTING, or None for neither."""
    score: float
    reason: str
    """The signals that counted, or the rule that decided."""


@dataclass(frozen=True, slots=True)
class _Case:
    """What a signal sees of a link."""

    shape: Shape
    text: str
    words: int
    context: LinkContext


@dataclass(frozen=True, slots=True)
class _Signal:
    name: str
    weight: float
    holds: Callable[[_Case], bool]


SIGNALS = (
    _Signal("date in path", 1.2, lambda c: c.shape.has_date),
    _Signal("year in path", 0.5, lambda c: c.shape.has_year and not c.shape.has_date),
    _Signal("id", 0.8, lambda c: c.shape.has_id),
    _Signal("id parameter", 0.9, lambda c: _has_identifier(c.shape)),
    _Signal(
        "short number in an article folder", 0.5, lambda c: c.shape.has_short_number and _in_folder(c.shape, ARTICLE_FOLDERS)
    ),
    _Signal("slug of 5 words or more", 1.2, lambda c: c.shape.slug_words >= 5),
    _Signal("slug of 4 words", 0.9, lambda c: c.shape.slug_words == 4),
    _Signal("slug of 3 words", 0.6, lambda c: c.shape.slug_words == 3),
    _Signal("slug of 2 words", 0.3, lambda c: c.shape.slug_words == 2),
    _Signal("one short word", -0.4, lambda c: _is_one_word(c.shape)),
    _Signal("page extension", 0.2, lambda c: c.shape.extension in PAGE_EXTENSIONS and bool(c.shape.last)),
    _Signal("article folder", 0.6, lambda c: _in_folder(c.shape, ARTICLE_FOLDERS)),
    _Signal("section folder", 0.3, lambda c: _in_folder(c.shape, SECTION_FOLDERS)),
    _Signal("folder of static pages", -1.5, lambda c: bool(c.shape.segments) and c.shape.segments[0] in STATIC_FOLDERS),
    _Signal("heading", 1.2, lambda c: c.context.heading),
    _Signal("bookmark", 0.8, lambda c: "bookmark" in c.context.rel and not c.context.heading),
    _Signal("in a card", 0.3, lambda c: c.context.card),
    _Signal("dated", 0.2, lambda c: c.context.dated),
    _Signal("text of 8 words or more", 0.7, lambda c: c.words >= 8 and not GENERIC_TEXT.fullmatch(c.text)),
    _Signal("text of 5 to 7 words", 0.5, lambda c: 5 <= c.words <= 7 and not GENERIC_TEXT.fullmatch(c.text)),
    _Signal("text of 3 or 4 words", 0.2, lambda c: c.words in (3, 4) and not GENERIC_TEXT.fullmatch(c.text)),
    _Signal("text of one word", -0.3, lambda c: c.words == 1 and not GENERIC_TEXT.fullmatch(c.text)),
    _Signal("in a menu", -1.2, lambda c: c.context.region is Region.NAVIGATION),
    _Signal("in the page's header", -0.6, lambda c: c.context.region is Region.HEADER),
    _Signal("in the footer", -1.2, lambda c: c.context.region is Region.FOOTER),
    _Signal("in a sidebar", -0.2, lambda c: c.context.region is Region.ASIDE),
    _Signal("in breadcrumbs or page numbers", -1.5, lambda c: c.context.region in (Region.BREADCRUMB, Region.PAGINATION)),
)
"""Name, weight and condition of each signal."""

AGAINST = tuple(signal for signal in SIGNALS if signal.weight < 0)
"""Those that take away."""


def judge_link(url: str, text: str = "", context: LinkContext | None = None) -> LinkVerdict:
    """Judge what a link leads to.

    Args:
        url: absolute address.
        text: of the link.
        context: where it stands; without it, address and text are all there is.

    """
    context = context or LinkContext()
    if address_key(url) is None:
        return LinkVerdict(None, 0.0, "no http(s) address")
    shape = Shape.of(url)
    case = _Case(shape, text, _count_text_words(text), context)
    if reason := _rejection(case, url):
        return LinkVerdict(None, 0.0, reason)
    if reason := _listing(case):
        return LinkVerdict(PageKind.LISTING, 0.0, reason)
    score, reasons = _score(case)
    if score >= ARTICLE_SCORE:
        return LinkVerdict(PageKind.ARTICLE, score, reasons)
    if _looks_like_section(case):
        return LinkVerdict(PageKind.LISTING, score, "short address of a section")
    return LinkVerdict(None, score, reasons or "nothing speaks for it")


def _score(case: _Case) -> tuple[float, str]:
    held = [signal for signal in SIGNALS if signal.holds(case)]
    return round(sum(signal.weight for signal in held), 2), ", ".join(signal.name for signal in held)


def why_no_article(url: str) -> str | None:
    """Say why the page at an address can be no article, whoever lists it; None where it may be one."""
    if address_key(url) is None:
        return "no http(s) address"
    case = _bare(Shape.of(url))
    if reason := _rejection(case, url) or _listing(case):
        return reason
    if sum(signal.weight for signal in AGAINST if signal.holds(case)) >= DOUBTFUL_SCORE:
        return None  # whatever speaks for it
    score, reasons = _score(case)
    return reasons if score < DOUBTFUL_SCORE else None


def is_file(url: str) -> bool:
    """Whether an address names a file by its ending: a picture, a recording, a document."""
    return Shape.of(url).extension in FILE_EXTENSIONS


def article_links(html: str, url: str) -> tuple[Found, ...]:
    """Return the links of a listing that look like articles or lead on to more listings, in order, each address once."""
    best: dict[str, tuple[Link, LinkVerdict]] = {}
    titles: dict[str, str] = {}
    for link in read_links(html, url):
        key = address_key(link.url) or link.url
        verdict = judge_link(link.url, link.text, link.context)
        if title := _title(link):
            titles.setdefault(key, title)
        if key not in best or _rank(verdict) > _rank(best[key][1]):
            best[key] = (link, verdict)
    own = address_key(url)
    return tuple(_found(link, verdict, titles.get(key)) for key, (link, verdict) in best.items() if verdict.kind and key != own)


def read_links(html: str, url: str) -> tuple[Link, ...]:
    """Return the http(s) links of a page with their context, in order, repeats kept."""
    root = parse_html(html)
    if root is None:
        return ()
    base = base_of(root, url)
    anchors = [anchor for anchor in root.iter("a") if anchor.get("href")]
    contexts = _Contexts(anchors, url)
    links = ((anchor, absolute(base, anchor.get("href", ""))) for anchor in anchors)
    return tuple(Link(target, _anchor_text(anchor), contexts.of(anchor)) for anchor, target in links if target)


def looks_like_listing(html: str, url: str) -> bool:
    """Whether a page that a user gave, or that a menu leads to, is a front or section page and not an article.

    The address decides first: a front page is a listing, and what has the address of an article is one unless the page says that
    it is a collection. Otherwise the entries are counted, as linked headings or dated cards.
    """
    shape = Shape.of(url)
    if shape.is_front or _listing(_bare(shape)):
        return True
    if judge_link(url).kind is PageKind.ARTICLE and not _DECLARED_LISTING.search(html):
        return False
    entries = sum(1 for _ in _entries(html, url))
    return entries >= (LISTING_ENTRIES * 2 if says_article(html) else LISTING_ENTRIES)


def says_article(html: str) -> bool:
    """Whether a page calls itself an article in any vocabulary; some systems say it of sections too."""
    return declares_article(html) or bool(_OPEN_GRAPH_ARTICLE.search(html))


_OPEN_GRAPH_ARTICLE = re.compile(
    r"""(?i)<meta\s[^>]*(?:property|name)\s*=\s*["']?og:type["']?[^>]*content\s*=\s*["']?article"""
    r"""|<meta\s[^>]*content\s*=\s*["']?article["']?[^>]*(?:property|name)\s*=\s*["']?og:type"""
)
_DECLARED = re.compile(
    r"""(?is)"@type"\s*:\s*(?:\[[^\]]*)?"(?:\w*NewsArticle|Article|BlogPosting|Report|LiveBlogPosting|ScholarlyArticle)\""""
    r"""|itemtype\s*=\s*["']https?://schema\.org/(?:\w*NewsArticle|Article|BlogPosting)["']"""
)
_DECLARED_LISTING = re.compile(r"""(?is)"@type"\s*:\s*(?:\[[^\]]*)?"(?:CollectionPage|ItemList|Blog)\"""")


def declares_article(html: str) -> bool:
    """Whether a page says of itself, in schema.org's words, that it is one article and not a collection."""
    found = _DECLARED.findall(html)
    return 0 < len(found) <= MAX_DECLARED and not _DECLARED_LISTING.search(html)


def _entries(html: str, url: str) -> Iterator[Link]:
    seen = set()
    for link in read_links(html, url):
        context = link.context
        linked = context.heading or (context.card and context.dated)
        if linked and link.url not in seen and judge_link(link.url, link.text, context).kind is PageKind.ARTICLE:
            seen.add(link.url)
            if address_key(link.url) != address_key(url):
                yield link


def _found(link: Link, verdict: LinkVerdict, title: str | None) -> Found:
    if verdict.kind is PageKind.LISTING:
        further = verdict.reason == FURTHER_PAGES
        return Found(link.url, PageKind.LISTING, "link", priorities.FURTHER_LISTING if further else priorities.SECTION)
    bonus = min(9, int(verdict.score))
    return Found(link.url, PageKind.ARTICLE, "link", priorities.LINKED_ARTICLE + bonus, title=title)


def _title(link: Link) -> str | None:
    usable = 0 < len(link.text) <= MAX_TITLE and not GENERIC_TEXT.fullmatch(link.text)
    return link.text if usable and (link.context.heading or _count_text_words(link.text) >= 3) else None


def _rank(verdict: LinkVerdict) -> tuple[int, float]:
    order = {PageKind.ARTICLE: 2, PageKind.LISTING: 1}
    return (order.get(verdict.kind, 0) if verdict.kind else 0, verdict.score)


def _bare(shape: Shape) -> _Case:
    return _Case(shape, "", 0, LinkContext())


# --- rules ----------------------------------------------------------------------------------------------------------

FURTHER_PAGES = "further pages of a listing"


def _rejection(case: _Case, url: str) -> str | None:
    """Why a link can be neither article nor listing; None where it can."""
    shape, context = case.shape, case.context
    rules: tuple[tuple[bool, str], ...] = (
        (bool(context.page) and not same_site(url, context.page or ""), "other site"),
        (shape.extension in FILE_EXTENSIONS, "a file"),
        (_is_author_or_tag(context), "author, tag or licence"),
        (_is_action(shape), "an action"),
        (any(segment in NO_ARTICLE_FOLDERS for segment in shape.segments[:-1]), "folder of other things"),
        (len(shape.segments) <= 3 and shape.last in NO_ARTICLE_WORDS, "page about the site"),
        (shape.last in NO_ARTICLE_FOLDERS, "folder of other things"),
        (shape.last.startswith("@"), "a profile"),
    )
    return next((reason for holds, reason in rules if holds), None)


def _is_author_or_tag(context: LinkContext) -> bool:
    # WordPress marks the category of a post with both words.
    named = {"author", "tag", "license", "search"} & set(context.rel) and "category" not in context.rel
    return bool(named) or context.region is Region.BYLINE


def _is_action(shape: Shape) -> bool:
    named = (name for name, value in shape.query if not (name in AMBIGUOUS_PARAMETERS and value.isdigit()))
    return any(name in ACTION_PARAMETERS for name in named)


def same_site(url: str, page: str) -> bool:
    """Whether two addresses belong to one registrable domain."""
    return registrable_domain(Shape.of(url).host) == registrable_domain(Shape.of(page).host)


def _listing(case: _Case) -> str | None:
    """Why a link is a listing by its address alone; None where nothing says so."""
    shape = case.shape
    if shape.is_front:
        return "front page"
    if _is_further_page(shape) or (case.context.region is Region.PAGINATION and {"next", "prev"} & set(case.context.rel)):
        return FURTHER_PAGES
    identified = shape.has_id or shape.slug_words >= MIN_SLUG_WORDS or _has_identifier(shape)
    if shape.ends_in_date or (shape.last in ARCHIVE_WORDS | LISTING_FOLDERS and not identified):
        return "archive"
    under = next((n for n, segment in enumerate(shape.segments) if segment in LISTING_FOLDERS), None)
    if (
        under is not None
        and not (shape.has_date or shape.has_id)
        and (shape.last_words < MIN_SLUG_WORDS or under == len(shape.segments) - 2)
    ):
        return "category"
    if case.context.region is Region.PAGINATION and re.fullmatch(r"\d{1,4}", case.text.strip()):
        return FURTHER_PAGES
    return None


def _is_further_page(shape: Shape) -> bool:
    if any(name in PAGE_PARAMETERS and re.fullmatch(r"\d{1,4}", value) for name, value in shape.query):
        return True
    return bool(
        re.search(r"/(?:page|seite|pagina|pagine|sida|p)[/-]?\d{1,4}/?$|/(?:index|page|blog|news)[-_]?\d{1,4}\.\w+$", shape.path)
    )


def _looks_like_section(case: _Case) -> bool:
    """A short address, in a menu or under a short text."""
    shape, context = case.shape, case.context
    if not 1 <= len(shape.segments) <= 2 or shape.query or shape.has_id or shape.segments[0] in STATIC_FOLDERS:
        return False
    if case.words > SECTION_TEXT_WORDS or any(len(segment) > SECTION_SEGMENT for segment in shape.segments):
        return False
    if context.region in (Region.NAVIGATION, Region.HEADER, Region.BREADCRUMB):
        return True
    return context.region is Region.MAIN and 1 <= case.words <= 2 and len(shape.segments) == 1 and shape.last_words == 1


def _in_folder(shape: Shape, folders: frozenset[str]) -> bool:
    return any(segment in folders for segment in shape.segments[:-1])


def _is_one_word(shape: Shape) -> bool:
    numbered = shape.has_id or shape.has_date or shape.has_year or shape.has_short_number or _has_identifier(shape)
    return bool(shape.last) and shape.slug_words <= 1 and not numbered and not _in_folder(shape, ARTICLE_FOLDERS)


def _has_identifier(shape: Shape) -> bool:
    return any(name in IDENTIFIER_PARAMETERS and re.search(r"\d", value) for name, value in shape.query)


def _count_text_words(text: str) -> int:
    unspaced = len(re.findall(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]", text))
    return max(len(text.split()), unspaced // 2)


# --- where a link stands --------------------------------------------------------------------------------------------

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

ELEMENT_REGIONS = {"nav": Region.NAVIGATION, "footer": Region.FOOTER, "aside": Region.ASIDE, "menu": Region.NAVIGATION}
ROLE_REGIONS = {
    "navigation": Region.NAVIGATION, "menu": Region.NAVIGATION, "menubar": Region.NAVIGATION, "contentinfo": Region.FOOTER,
    "complementary": Region.ASIDE, "banner": Region.HEADER,
}  # fmt: skip
TOKEN_REGIONS = {
    "pagination": Region.PAGINATION, "pager": Region.PAGINATION, "paging": Region.PAGINATION, "paginator": Region.PAGINATION,
    "pagenavi": Region.PAGINATION, "breadcrumb": Region.BREADCRUMB, "breadcrumbs": Region.BREADCRUMB, "nav": Region.NAVIGATION,
    "navbar": Region.NAVIGATION, "navigation": Region.NAVIGATION, "menu": Region.NAVIGATION, "submenu": Region.NAVIGATION,
    "footer": Region.FOOTER, "colophon": Region.FOOTER, "sidebar": Region.ASIDE, "widget": Region.ASIDE,
}  # fmt: skip
"""Words of class and id that name a region."""

EXACT_FIRST = (Region.PAGINATION, Region.BREADCRUMB, Region.NAVIGATION, Region.FOOTER, Region.ASIDE)
"""Which region it is where several are named: `nav` stands beside the more exact ones."""

NEAR = 2
"""Levels above a link within which a class speaks of the link itself and not of its surroundings."""

TITLE_TOKENS = frozenset({"headline", "title", "heading"})
BYLINE_TOKENS = frozenset({"byline", "author", "authors"})
CARD_TOKENS = frozenset({"post", "entry", "card", "teaser", "story", "article", "hentry", "promo", "item"})


def _tokens(element: lxml.html.HtmlElement) -> frozenset[str]:
    """Words of class and id; the parts of names in camelCase and with hyphens count singly."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if names == " ":
        return frozenset()
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", names)
    return frozenset(re.split(r"[^a-z0-9]+", apart.lower()))


@dataclass(slots=True)
class _Surroundings:
    """What the elements around one link say, gathered from the inside out."""

    region: Region = Region.MAIN
    heading: bool = False
    card: bool = False
    dated: bool = False

    def add(self, element: lxml.html.HtmlElement, tokens: frozenset[str], *, links: int, near: bool, framed: bool) -> None:
        """Take in one more element.

        Args:
            element: the link itself first, then its ancestors.
            tokens: words of its class and id.
            links: how many links it holds.
            near: whether it is within `NEAR` levels of the link.
            framed: whether it holds so much of the page that a region's name in its class means nothing.

        """
        if element.tag in HEADINGS or (near and links <= 1 and tokens & TITLE_TOKENS):
            self.heading = True
        if near and links <= 3 and not self.heading and tokens & BYLINE_TOKENS:
            self.region = Region.BYLINE
        if not self.card and links <= CARD_LINKS and (element.tag == "article" or (element.tag != "a" and tokens & CARD_TOKENS)):
            self.card, self.dated = True, element.find(".//time") is not None
        if self.region is Region.MAIN:
            self.region = _region(element, tokens, framed=framed)


class _Contexts:
    """Finds the context of each link of one page; what its elements say is worked out once."""

    def __init__(self, anchors: list[lxml.html.HtmlElement], page: str) -> None:
        self._page = page
        self._links = Counter(parent for anchor in anchors for parent in anchor.iterancestors())
        self._limit = max(CARD_LINKS, REGION_SHARE * len(anchors))
        self._tokens: dict[lxml.html.HtmlElement, frozenset[str]] = {}

    def of(self, anchor: lxml.html.HtmlElement) -> LinkContext:
        """Return where a link stands."""
        around = _Surroundings(heading=any(child.tag in HEADINGS for child in anchor.iterdescendants()))
        for height, element in enumerate((anchor, *anchor.iterancestors())):
            if element.tag in {"body", "html"}:
                break
            links = self._links.get(element, 0)
            around.add(element, self._tokens_of(element), links=links, near=height <= NEAR, framed=links > self._limit)
        rel = tuple((anchor.get("rel") or "").lower().split())
        return LinkContext(self._page, around.region, around.heading, around.card, around.dated, rel)

    def _tokens_of(self, element: lxml.html.HtmlElement) -> frozenset[str]:
        if element not in self._tokens:
            self._tokens[element] = _tokens(element)
        return self._tokens[element]


def _region(element: lxml.html.HtmlElement, tokens: frozenset[str], *, framed: bool) -> Region:
    """The region that an element opens; MAIN where it opens none."""
    named = tokens & TOKEN_REGIONS.keys()
    if named and not framed and element.tag not in {"main", "article", "section", "li"}:
        return min((TOKEN_REGIONS[token] for token in named), key=EXACT_FIRST.index)
    if element.tag == "header":
        inner = any(parent.tag in {"main", "article", "section"} for parent in element.iterancestors())
        return Region.MAIN if inner else Region.HEADER
    role = (element.get("role") or "").lower()
    return ELEMENT_REGIONS.get(str(element.tag)) or ROLE_REGIONS.get(role) or Region.MAIN


def _anchor_text(anchor: lxml.html.HtmlElement) -> str:
    """The text of a link: that of a heading in it, else all, else what its picture or label says."""
    for child in anchor.iterdescendants():
        if child.tag in HEADINGS and (text := text_of(child)):
            return text
    if text := text_of(anchor):
        return text
    image = anchor.find(".//img")
    named = anchor.get("aria-label") or anchor.get("title") or (image.get("alt") if image is not None else "")
    return " ".join((named or "").split())
