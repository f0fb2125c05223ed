"""Front and section pages: links to articles, to more listings, and to the site's feeds and sitemaps."""

from __future__ import annotations

from collections.abc import Sequence

from archive.visit import Found, PageKind
from spiders.base import Listed
from spiders.discovery import priorities
from spiders.discovery.autodiscovery import feed_links, guesses
from spiders.discovery.links import article_links

MAX_SECTION_DEPTH = 2
"""Steps from the seed up to which sections are followed: the front page's own, and theirs."""

MAX_FURTHER_DEPTH = 50
"""Steps from the seed up to which `page 2`, `page 3`... of a listing are followed."""


def follow_front_page(html: str, url: str, sitemaps: Sequence[str]) -> Listed:
    """Read the page that a source names: its links, its feeds, its sitemaps.

    Args:
        html: of the page.
        url: its address.
        sitemaps: those that the host's robots.txt names. The usual addresses are tried where there are none, and no feed either.

    """
    feeds = feed_links(html, url)
    declared = tuple(Found(sitemap, PageKind.SITEMAP, "robots", priorities.SITEMAP) for sitemap in sitemaps)
    missing = {kind for kind, known in ((PageKind.FEED, feeds), (PageKind.SITEMAP, declared)) if not known}
    guessed = tuple(found for found in guesses(url) if found.kind in missing)
    return _listed(article_links(html, url), feeds + declared + guessed, "front page")


def follow_listing(html: str, url: str, depth: int) -> Listed:
    """Read a section page: its links, as far from the seed as they may lead.

    Args:
        html: of the page.
        url: its address.
        depth: its own steps from the seed.

    """
    links = tuple(found for found in article_links(html, url) if found.kind is PageKind.ARTICLE or _may_lead_on(found, depth + 1))
    return _listed(links, (), "section page")


def _may_lead_on(found: Found, depth: int) -> bool:
    further = found.priority == priorities.FURTHER_LISTING
    return depth <= (MAX_FURTHER_DEPTH if further else MAX_SECTION_DEPTH)


def _listed(links: tuple[Found, ...], others: tuple[Found, ...], what: str) -> Listed:
    articles = sum(found.kind is PageKind.ARTICLE for found in links)
    return Listed(others + links, f"{what}: {articles} links to articles")
