"""What the forest is asked of a page: signs of its kind that hold in any language and on any site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from pipelines.page.page import Head, Page
from pipelines.surroundings import word_set, words_of
from pipelines.verdict.address import link_features, read_address
from pipelines.verdict.shape import Shape, is_led_by_link, shape_features

__all__ = ["ARTICLES", "OTHERS", "WEAK_ARTICLES", "Facts", "features"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the other rooms have read of a page."""

    title: str | None
    title_block: int | None
    """Index of the block that prints the title."""
    dated: str | None
    """Basis of the date of publication (`declared`, `printed`, `relative`, `url`); None without one."""
    sure_of_date: float
    """Confidence in the date, 0 without one."""
    sure_of_authors: float
    """Confidence in the authors, 0 without any."""
    types: Sequence[str]
    """Types that the page declares: schema.org names, and the value of `og:type` as `og:article`."""
    signed_above: bool = False
    """Whether front matter names the title, and the author or the date of publication."""


ARTICLES = word_set(
    """newsarticle blogposting reportagenewsarticle analysisnewsarticle opinionnewsarticle
    backgroundnewsarticle reviewnewsarticle askpublicnewsarticle satiricalarticle liveblogposting
    scholarlyarticle techarticle report advertisercontentarticle socialmediaposting"""
)
WEAK_ARTICLES = word_set("article review medicalwebpage howto recipe")
"""Types that shops and manuals declare as well."""
PRODUCTS = word_set(
    """product productgroup individualproduct offer aggregateoffer store og:product og:product.item og:product.group
    softwareapplication webapplication mobileapplication"""
)
THREADS = word_set("qapage question answer discussionforumposting")
OTHERS = (
    PRODUCTS
    | THREADS
    | word_set(
        """collectionpage itemlist searchresultspage profilepage faqpage jobposting event course service localbusiness
        restaurant hotel realestatelisting singlefamilyresidence apartment checkoutpage contactpage aboutpage videoobject
        musicalbum apireference dataset book movie place professionalservice financialproduct blog forum category
        og:profile og:video.other og:video.movie og:music.song og:book"""
    )
)

_ASKING = word_set(
    """how what why when who where which is are can should best top vs review guide tips wie was warum wann wer welche
    welcher beste besten ratgeber tipps comment pourquoi quand qui quel quelle meilleur meilleurs meilleures conseils
    cómo qué quién cuándo mejor mejores guía consejos come perché cosa quando migliori migliore guida consigli como
    porque melhor melhores guia dicas hoe wat waarom wanneer hur vad varför när bästa hvordan hvad hvorfor hvor bedste
    jak dlaczego kiedy najlepsze как что почему когда кто лучшие nasıl neden niçin"""
)
"""Words that titles of guides and columns ask or promise with; a shop, a manual or a list seldom does."""


def features(page: Page, facts: Facts, shape: Shape) -> dict[str, float]:
    """Give every feature by its name. The forest picks those that it was trained on."""
    title = facts.title or ""
    return {
        **_fact_features(facts),
        **_head_features(page.head),
        **_title_features(page, facts, shape),
        **read_address(page.url, title),
        **shape_features(shape),
        **link_features(page.url, list(chain.from_iterable([block.links for block in page.blocks]))),
        "marks": float(len(page.marks)),
        "captions": float(sum(bool(image.caption) for image in page.images)),
    }


def _fact_features(facts: Facts) -> dict[str, float]:
    types = {name.casefold() for name in facts.types}
    return {
        "dated": float(facts.dated is not None),
        "signed": float(facts.sure_of_authors > 0),
        "dated_and_signed": float(facts.sure_of_authors > 0) + float(facts.dated is not None),
        "sure_of_date": facts.sure_of_date,
        "sure_of_authors": facts.sure_of_authors,
        "type_article": float(not types.isdisjoint(ARTICLES)),
        "type_weak": float(not types.isdisjoint(WEAK_ARTICLES)),
        "type_og_article": float("og:article" in types),
        "type_other": float(len(types & OTHERS)),
        "type_product": float(len(types & PRODUCTS)),
        "type_thread": float(len(types & THREADS)),
    }


def _head_features(head: Head) -> dict[str, float]:
    """Links of the head; WordPress names there whether a page is a post."""
    post = 0.0
    for _, href, _ in head.links:
        if "/wp/v2/" in href:
            post = 1.0 if "/wp/v2/posts/" in href else -1.0
    return {
        "head_shortlink": float(any(rel == "shortlink" for rel, _, _ in head.links)),
        "head_post": post,
    }


def _title_features(page: Page, facts: Facts, shape: Shape) -> dict[str, float]:
    title = facts.title or ""
    words = words_of(title)
    at = facts.title_block
    behind = next((block.index - at for block in shape.prose if block.index > at), -1) if at is not None else -1
    return {
        "title_chars": float(len(title) * shape.scale),
        "title_asks": float(any(word in _ASKING for word in words)),
        "title_begins_asking": float(any(word in _ASKING or word.isdigit() for word in words[:2])),
        "title_to_prose": float(behind),
        "led_by_link": float(is_led_by_link(page, at)),
    }
