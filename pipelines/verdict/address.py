"""What the address of a page says of its kind, before the page is read.

Words of paths are those that systems and editors give in many languages; a slug of many words is a headline more often than not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import methodcaller
from urllib.parse import SplitResult, urlsplit

from pipelines.surroundings import words_of

__all__ = ["is_front", "link_features", "path_of", "read_address"]


def _segment(words: str, end: str = "[/._-]|$") -> re.Pattern[str]:
    """A pattern for any of the words as a segment of a path, or as the beginning of one before a separator."""
    return re.compile(rf"/(?:{'|'.join(words.split())})(?={end})", re.I)


_ARTICLES = _segment(
    """news articles? blogs? story stories posts? features? opinions? insights? magazine editorials? columns? essays?
    nachrichten artikel ratgeber magazin beitr[aä]ge? aktuelles actualites? actus? noticias? articulos? articoli artigos? notizie
    nieuws nyheter wiadomosci aktualnosci novosti statya haber haberler berita artikull?""",
    end="/.",
)
"""Folders that articles lie in; the folder itself is a list."""
_FORUMS = re.compile(
    r"forum|discussion|/(?:foren|foro|threads?|topics?|questions?|q|t|talk|community|boards?|messages?|comments)(?=[/._-]|$)"
    r"|(?:show|view)(?:topic|thread)|[?&](?:topic|thread|tid)=",
    re.I,
)
_MANUALS = _segment("docs? documentation manual handbook reference api wiki latest stable tutorials? v?\\d+\\.\\d+")
_LISTS = _segment(
    """tags? categor(?:y|ies|ias?|ie) kategorien? schlagwort etiquetas? themen? temas? authors? autor(?:en|es|i)? auteurs? users?
    members? profiles? collections? archives? search suche buscar recherche browse page(?:/|-)\\d+"""
)
_SERVICES = _segment(
    """services? solutions? products? produkte? produits? productos? prodotti cart checkout shop store boutique tienda item dp
    log-?in sign-?in register pricing plans contact kontakt about(?:-us)? ueber-uns a-propos impressum imprint privacy terms
    datenschutz careers jobs programs? degrees? courses? admissions? leistungen servicios"""
)
_HOSTS = re.compile(
    r"^(?:docs?|developers?|forums?|community|support|help|shop|store|discuss|wiki|api|learn|kb|boards?|answers)\.", re.I
)
_FRONT = re.compile(r"/?(?:(?:index|home|default)[-_]?\d*(?:\.\w+)?/?|page/\d+/?)?", re.I)
_CHOSEN = re.compile(
    r"(?:p|[nac]?id|idx(?:no)?|no|(?:article|artikel|story|post|news|entry|doc|page)[_-]?id|article|artikel|story|entry)=\w*\d\w*",
    re.I,
)
"""A parameter that chooses one document where the path chooses none."""
_DATED = re.compile(r"/(?:19|20)\d\d/\d{1,2}(?:/|-|$)|/(?:19|20)\d\d-\d\d-\d\d|/(?:19|20)\d{6}(?:/|\b)")
_SUFFIX = re.compile(r"\.\w{2,5}$")


def read_address(url: str | None, title: str) -> dict[str, float]:
    """Give the features of an address.

    Args:
        url: Address of the page, or None.
        title: Title of the page; the slug of an article repeats its words.
    """
    parts = _split(url or "")
    path = parts.path
    slug = _SUFFIX.sub("", path.rstrip("/").rpartition("/")[2])
    words = [word for word in words_of(slug.replace("_", " ")) if not word.isdigit()]
    full = f"{parts.netloc}{path}?{parts.query}"
    others = (_FORUMS.search(full), _MANUALS.search(path), _LISTS.search(path), _SERVICES.search(path))
    return {
        "address_other": float(sum(match is not None for match in others)),
        "address_front": float(is_front(parts)),
        "address_article": float(_ARTICLES.search(path) is not None),
        "address_dated": float(_DATED.search(path) is not None),
        "address_host": float(_HOSTS.match(parts.netloc) is not None),
        "address_chars": float(len(path)),
        "slug_chars": float(len(slug)),
        "slug_words": float(len(words)),
        "slug_in_title": float(len(set(words) & set(words_of(title)))),
    }


def link_features(url: str | None, links: Sequence[str]) -> dict[str, float]:
    """Where a page's links lead: shares of those to other hosts, and of those to the folder that the page lies in."""
    parts = _split(url or "")
    origin = f"{parts.scheme}://{parts.netloc}"
    folder = f"{origin}{parts.path.rstrip('/').rpartition('/')[0]}/"
    beside = sum(map(methodcaller("startswith", folder), links)) if len(folder) > len(origin) + 1 else 0
    count = max(1, len(links))
    away = len(links) - sum(map(methodcaller("startswith", origin), links))
    return {"links_away": away / count, "links_beside": beside / count}


def is_front(parts: SplitResult) -> bool:
    """Whether an address is that of a front page: no path, and no query that chooses a document by its number.

    `?p=12` is how systems address an article before their addresses are made readable.
    """
    return bool(parts.netloc and _FRONT.fullmatch(parts.path)) and not any(map(_CHOSEN.fullmatch, parts.query.split("&")))


def path_of(url: str) -> str:
    """The path of an address without its last slash."""
    return _split(url).path.rstrip("/")


@lru_cache(maxsize=256)
def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")
