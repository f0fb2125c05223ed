"""What robots.txt says of sitemaps. Its rules are kept by the crawler."""

from __future__ import annotations

import re

from spiders.discovery.document import absolute

_SITEMAP = re.compile(r"(?im)^[^\S\r\n\ufeff]*\ufeff?site-?maps?\s*:[^\S\r\n]*(?P<url>[^\s#]+)")


def sitemaps_of(robots_txt: str, url: str) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt names, absolute, in order, each once.

    Args:
        robots_txt: its text.
        url: the address it came from; relative sitemaps, which the standard does not know but sites write, start there.

    """
    named = (absolute(url, found["url"]) for found in _SITEMAP.finditer(robots_txt.replace("\r", "\n")))
    return tuple(dict.fromkeys(sitemap for sitemap in named if sitemap))
