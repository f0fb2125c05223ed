"""The person whom a site is named after: who writes on `calloway.example` signs no article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipelines.byline.given_names import begins_with_given_name, is_surely_person
from pipelines.byline.names import read_names
from pipelines.byline.scene import LONGEST_LONE_NAME, Scene
from pipelines.byline.sighting import Origin, Sighting, is_all_of, keys_of
from pipelines.declared import Declared
from pipelines.fields import Author
from pipelines.surroundings import squeezed, words_of

FIRST_BLOCKS, LAST_BLOCKS = 8, 12
"""Blocks at the start of a page that may be its masthead, and at its end that may claim the rights."""

SHORTEST_PART = 4
"""Letters of a name that the host holds."""

_SIGN = re.compile(r"\s+[|»«·•–—:\-›<>~/]+\s+|\s*\|\s*")
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright)[\s\d,–-]*(?:©|\(c\))?[\s\d,–-]*(?:by |von |par |por )?", re.I)
_BEHIND_NAME = re.compile(r"[.,|•·\d–(]|\sall rights|\s-\s", re.I)


def read_owner(declared: Declared, scene: Scene) -> Iterator[Sighting]:
    """The one person whose name the site has, declared, in the title element, masthead or rights, and the host in part."""
    host = _host(scene.page.url)
    found: dict[frozenset[str], Sighting] = {}
    for text, source, place in _names_of_site(declared, scene):
        if not begins_with_given_name(text) or len(text) > LONGEST_LONE_NAME:
            continue
        authors = read_names(text, strictly=True)
        if len(authors) == 1 and is_all_of(text, authors) and is_surely_person(authors[0]) and _is_in_host(authors[0], host):
            found.setdefault(keys_of(authors), Sighting(Origin.OWNER, authors, source, place, text))
    if len(found) == 1:
        yield from found.values()


def _names_of_site(declared: Declared, scene: Scene) -> Iterator[tuple[str, str, str]]:
    """Names of the site with their source and place."""
    for candidate in declared.site_name:
        yield candidate.value, candidate.source, candidate.place
    parts = _SIGN.split(scene.page.head.title)
    if len(parts) > 1:
        yield from ((part, "markup", "title") for part in (parts[0], parts[-1]))
    for block in scene.page.blocks[:FIRST_BLOCKS]:
        yield block.text, "text", f"block {block.index}"
    for block in scene.page.blocks[-LAST_BLOCKS:]:
        rights = _RIGHTS.match(block.text)
        if rights:
            yield _BEHIND_NAME.split(block.text[rights.end() :])[0].strip(), "text", f"block {block.index}"


def _is_in_host(author: Author, host: str) -> bool:
    return any(len(word) >= SHORTEST_PART and word in host for word in map(squeezed, words_of(author.name)))


def _host(url: str | None) -> str:
    try:
        return squeezed(urlsplit(url or "").hostname or "")
    except ValueError:
        return ""
