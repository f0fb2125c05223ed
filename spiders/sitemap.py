"""Sitemaps: what they list, without what cannot be an article."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archive.visit import Found, PageKind
from spiders.base import Listed
from spiders.discovery.feeds import looks_like_feed
from spiders.discovery.links import why_no_article
from spiders.discovery.sitemaps import lists_no_articles, looks_like_sitemap, read_sitemap
from spiders.page_list import looks_like_page_list

STATIC_PAGES = re.compile(r"(?i)(?:^|[-_])pages?(?:[-_.]|$)")
ARTICLES = re.compile(r"(?i)(?:^|[-_])(?:posts?|articles?|artikel|news|stor(?:y|ies)|blog)(?:[-_.]|$)")
"""File names of the sitemaps that content systems make: one for pages about the site, one for articles."""


def follow_sitemap(body: bytes, url: str) -> Listed:
    """Read a sitemap or an index of them; what is neither leads nowhere."""
    if not (looks_like_sitemap(body) or looks_like_feed(body) or _is_list(body)):
        return Listed((), "no sitemap")
    listed = read_sitemap(body, url)
    parts = [found for found in listed if found.kind is PageKind.SITEMAP]
    kept = tuple(found for found in listed if _leads_on(found, parts))
    return Listed(kept, f"sitemap: {len(kept)} of {len(listed)} addresses", looks_like_feed(body))


def _is_list(body: bytes) -> bool:
    return looks_like_page_list(body[:4096].decode("utf-8-sig", "replace"))


def _leads_on(found: Found, parts: list[Found]) -> bool:
    if found.kind is PageKind.SITEMAP:
        return not lists_no_articles(found.url) and not _is_static_part(found, parts)
    return found.how == "news sitemap" or why_no_article(found.url) is None


def _is_static_part(found: Found, parts: list[Found]) -> bool:
    """Whether a part lists the pages about the site, beside another part that lists the articles."""
    names = [(part, urlsplit(part.url).path.rpartition("/")[2]) for part in parts]
    static = {part.url for part, name in names if _is_static_name(name)}
    return found.url in static and any(part.url not in static and ARTICLES.search(name) for part, name in names)


def _is_static_name(name: str) -> bool:
    # `wp-sitemap-posts-page-1.xml` names both; `page` stands last there.
    found = STATIC_PAGES.search(name)
    return bool(found) and (not ARTICLES.search(name) or "posts-page" in name)
