"""Names for files of articles that every file system takes, and no two articles share."""

from __future__ import annotations

import re
import unicodedata

from archive.rows import StoredArticle

SLUG_CHARACTERS = 60
"""Of the title at most; with date, number and ending the name stays under 100 bytes."""
SITE_CHARACTERS = 100
UNDATED = "undated"
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
"""Names that Windows takes for devices, whatever follows the dot."""
DAY = re.compile(r"(\d{4})(?:-\d{2}){0,2}")


def file_name(article: StoredArticle, suffix: str) -> str:
    """Return `site/year/date-words-of-the-title-id.suffix`: ASCII, small letters, relative, with `/` between.

    The number of the article makes it unique; another article, added or gone, does not change it.
    """
    found = DAY.match(article.published or "")
    date, year = (found[0], found[1]) if found else (UNDATED, UNDATED)
    words = _slug(article.title or "", SLUG_CHARACTERS)
    return f"{_site(article.site)}/{year}/{'-'.join(part for part in (date, words, str(article.id)) if part)}{suffix}"


def _site(site: str) -> str:
    name = re.sub(r"[^a-z0-9.-]+", "-", site.lower())[:SITE_CHARACTERS].strip(".-") or "site"
    return f"_{name}" if RESERVED.match(name) else name


def _slug(text: str, most: int) -> str:
    """Letters and digits of the text without their accents, words joined by hyphens; empty where no letter is Latin."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words if len(words) <= most else words[: most + 1].rpartition("-")[0] or words[:most]
