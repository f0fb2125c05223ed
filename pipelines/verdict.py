"""Whether a page is an article, and why: what it declares, what it prints, and how its text is spread.

Signs for and against are weighed together, since each alone is wrong on many pages: shops declare `og:type` article, blogs carry
no date, and documentation reads like an essay. The strongest sign for comes from a date or an author beside a body of prose, the
strongest against from a declared type of another thing, or from a page that is mostly links to other pages.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipelines.fields import Label, LabelledBlock, Verdict
from pipelines.page.page import Kind, Page
from pipelines.surroundings import Surroundings, word_set

__all__ = ["Facts", "judge_article"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the other rooms have read of a page."""

    title: str | None
    title_block: int | None
    """Index of the block that prints the title."""
    labelled: Sequence[LabelledBlock]
    dated: str | None
    """Basis of the date of publication (`declared`, `printed`, `relative`, `url`); None without one."""
    has_authors: bool
    types: Sequence[str]
    """Types that the page declares: schema.org names and the value of `og:type`."""


PROSE_CHARS = 80
"""Shortest kept paragraph that counts as prose."""
TEASER_CHARS = 300
"""Longest text under a linked heading that is a teaser."""
LINKED_HEADING = 0.8
"""Link density from which a heading is the headline of another page."""
LISTING_HEADINGS = 4
"""Linked headings from which a page is a list of other pages."""

_ARTICLES = word_set(
    """newsarticle blogposting reportagenewsarticle analysisnewsarticle opinionnewsarticle
    backgroundnewsarticle reviewnewsarticle askpublicnewsarticle satiricalarticle liveblogposting
    scholarlyarticle techarticle report advertisercontentarticle socialmediaposting"""
)
_WEAK_ARTICLES = frozenset({"article", "review", "medicalwebpage", "howto", "recipe"})
"""Types that shops and manuals declare as well."""
_OTHERS = word_set(
    """product productgroup offer aggregateoffer individualproduct qapage question discussionforumposting
    collectionpage itemlist searchresultspage profilepage faqpage jobposting event softwareapplication
    webapplication mobileapplication course service localbusiness store restaurant hotel
    realestatelisting singlefamilyresidence apartment checkoutpage contactpage aboutpage product.item
    product.group profile video.other video.movie music.song musicalbum videoobject apireference dataset
    book movie place professionalservice financialproduct blog forum category"""
)
_OTHER_ADDRESS = re.compile(
    r"/(?:tags?|category|categories|kategorie|topics?|authors?|users?|members?|profile|search|login|signin|register|cart|checkout|shop"
    r"|products?|produkte?|collections?|dp|item|store|forums?|threads?|showthread|viewtopic|questions|discussions?|docs?|documentation"
    r"|manual|reference|api|wiki|services?|solutions|pricing|contact|about|about-us|impressum|imprint|privacy|terms|careers|jobs|page/\d+)"
    r"(?:[/._-]|$)",
    re.IGNORECASE,
)
_FRONT_ADDRESS = re.compile(r"/?(?:(?:index|home|default)[-_]?\d*(?:\.\w+)?/?|page/\d+/?)?", re.I)
_CHOSEN = re.compile(
    r"(?:p|[nac]?id|idx(?:no)?|no|(?:article|artikel|story|post|news|entry|doc|page)[_-]?id|article|artikel|story|entry)=\w*\d\w*",
    re.I,
)
"""A parameter that chooses one document where the path chooses none."""
_DATED_ADDRESS = re.compile(r"/(?:19|20)\d\d/\d{1,2}(?:/|-|$)|/(?:19|20)\d\d-\d\d-\d\d|/(?:19|20)\d{6}(?:/|\b)")
_ARTICLE_ADDRESS = re.compile(
    r"/(?:news|article|articles|blog|blogs|story|stories|posts?|features?|opinion|nachrichten|artikel|actualites?)/", re.I
)
_SUBDOMAIN = re.compile(
    r"^(?:docs?|developer|developers|forums?|community|support|help|shop|store|discuss|wiki|api|learn|kb)\.", re.I
)
_ERROR = re.compile(
    r"\b404\b|\bpage (?:not found|cannot be found|doesn.t exist)|\bnot found\b|seite nicht gefunden|page introuvable"
    r"|página no encontrada|pagina non trovata|access denied|just a moment|attention required|are you a robot"
    r"|verify you are human|ページが見つかりません",
    re.IGNORECASE,
)
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DOOR = re.compile(
    r"^(?:log ?in|sign ?in|register|anmelden|connexion|search results|suchergebnisse|privacy policy|terms (?:of|and) \w+)\b", re.I
)

_BESIDE_TEXT = frozenset({Label.COMMENTS, Label.BIO, Label.FOOTER, Label.HIDDEN, Label.CONSENT, Label.ADVERTISEMENT})


@dataclass(frozen=True, slots=True)
class _Sign:
    """One reason, with its weight in log-odds."""

    weight: float
    reason: str


PRIOR = -0.5
"""Log-odds before any sign: a page of prose that is neither dated, signed, declared nor addressed as an article is none. Measured
on 453 pages of articles and others: .87 of the articles and .06 of the others are called articles."""


def judge_article(page: Page, facts: Facts) -> Verdict:
    """Judge a page.

    Args:
        page: The page.
        facts: What the rooms have read of it.

    Returns:
        The verdict with the sign that weighed most for it. Its confidence is a share 0 to 1.
    """
    prose = [item.block for item in facts.labelled if item.label is Label.ARTICLE and _length(item.block.text) >= PROSE_CHARS]
    if _ERROR.search(facts.title or "") or _DOOR.match(facts.title or ""):
        return Verdict(False, f'title "{facts.title}" of an error page or a form', 0.95)
    if not prose:
        return Verdict(False, "no prose", 0.95)
    if not facts.title:
        return Verdict(False, "no title", 0.8)
    signs = [*_declared_signs(facts), *_printed_signs(facts), *_address_signs(page), *_shape_signs(page, facts)]
    odds = PRIOR + sum(sign.weight for sign in signs)
    verdict = odds > 0
    strongest = max(signs, key=lambda sign: sign.weight if verdict else -sign.weight)
    return Verdict(verdict, strongest.reason, 1 / (1 + math.exp(-abs(odds))))


def _declared_signs(facts: Facts) -> list[_Sign]:
    types = [name.casefold() for name in facts.types]
    signs = [_Sign(3.0, f"declared as {name}") for name in types if name in _ARTICLES][:1]
    signs += [_Sign(0.7, f"declared as {name}") for name in types if name in _WEAK_ARTICLES][:1]
    others = [name for name in types if name in _OTHERS]
    if others:
        signs.append(_Sign(-1.5 if signs else -2.5, f"declared as {others[0]}"))
    if "website" in types and not signs:
        signs.append(_Sign(-0.5, "declared as website"))
    return signs


def _printed_signs(facts: Facts) -> list[_Sign]:
    signs = []
    if facts.dated:
        signs.append(_Sign(0.8 if facts.dated == "url" else 1.3, f"date of publication {facts.dated}"))
    if facts.has_authors:
        signs.append(_Sign(1.2, "has a byline"))
    return signs or [_Sign(-0.8, "neither date nor author")]


def _address_signs(page: Page) -> list[_Sign]:
    parts = urlsplit(page.url or "")
    signs = []
    if page.url and _FRONT_ADDRESS.fullmatch(parts.path) and not _is_chosen(parts.query):
        signs.append(_Sign(-2.5, "address of a front page"))
    if _DATED_ADDRESS.search(parts.path):
        signs.append(_Sign(1.5, "address with a date"))
    elif _ARTICLE_ADDRESS.search(parts.path):
        signs.append(_Sign(1.0, "address of an article"))
    elif _OTHER_ADDRESS.search(parts.path):
        signs.append(_Sign(-1.5, "address of another kind of page"))
    if _SUBDOMAIN.match(parts.netloc):
        signs.append(_Sign(-1.0, "host of another kind of page"))
    return signs


def _is_chosen(query: str) -> bool:
    """Whether a query chooses a document by its number: `?p=12`, as systems do before their addresses are made readable."""
    return any(_CHOSEN.fullmatch(part) for part in query.split("&"))


def _shape_signs(page: Page, facts: Facts) -> list[_Sign]:
    kept = [item.block for item in facts.labelled if item.label is Label.ARTICLE and item.block.text]
    paragraphs = [block for block in kept if block.kind in (Kind.PARAGRAPH, Kind.QUOTE) and _length(block.text) >= PROSE_CHARS]
    chars = sum(_length(block.text) for block in paragraphs)
    shown = sum(_length(block.text) for block in page.blocks if not block.hidden)
    signs = [_Sign(_amount(chars), "much prose" if chars >= 1500 else "little prose")]
    linked = _count_linked_headings(page, facts)
    if linked >= LISTING_HEADINGS and chars < TEASER_CHARS * linked:
        signs.append(_Sign(-2.0, f"{linked} linked headings"))
    if shown and chars < 0.15 * shown:
        signs.append(_Sign(-1.0, "prose is a small part of the page"))
    if _is_led_by_link(page, facts):
        signs.append(_Sign(-2.5, "a heading that leads to another page stands over the text"))
    headings = sum(block.kind is Kind.HEADING for block in kept)
    if headings > 3 and headings * 1.2 > len(paragraphs):
        signs.append(_Sign(-0.7, "more headings than paragraphs"))
    return signs


def _count_linked_headings(page: Page, facts: Facts) -> int:
    """Headings that lead to other pages, but for those of menus and sidebars: these stand beside articles as well."""
    around = Surroundings(page, facts.title_block)
    linked = (block for block in page.blocks if block.kind is Kind.HEADING and block.link_density > LINKED_HEADING)
    return sum(not around.in_margin(block.node) for block in linked)


def _is_led_by_link(page: Page, facts: Facts) -> bool:
    """Whether the title or a heading between it and the prose is a link: the page prints a post of another address."""
    for item in facts.labelled[facts.title_block or 0 :]:
        block = item.block
        if item.label is Label.ARTICLE and _length(block.text) >= PROSE_CHARS:
            return False
        is_field = item.label is Label.FURNITURE and block.index != facts.title_block
        if block.kind is Kind.HEADING and block.link_density > LINKED_HEADING and item.label not in _BESIDE_TEXT and not is_field:
            return bool(page.url) and _path(page.url or "") not in map(_path, block.links)
    return False


def _path(address: str) -> str:
    return urlsplit(address).path.rstrip("/")


def _length(text: str) -> int:
    """Characters, those of scripts that write a syllable or word with one counted as three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_DENSE.findall(text))


def _amount(chars: int) -> float:
    """Weight of an amount of prose: nothing at about 900 characters, 1.2 at 3,000 and more, -2 at 150 and less."""
    return max(-2.0, min(1.2, math.log(max(chars, 1) / 900)))
