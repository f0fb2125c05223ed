"""Sitemaps: what they list, without what cannot be an article."""

from __future__ import annotations

from spiders.base import Listed
from spiders.discovery.sitemap_lists import read_list


def follow_sitemap(body: bytes, url: str) -> Listed:
    """Read a sitemap or an index of them; what is neither leads nowhere."""
    return Listed(*read_list(body, url))
