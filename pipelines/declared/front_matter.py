"""Front matter of Markdown pages: what the author wrote above the text."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.declared.claims import Claim, claim, clean, split_terms
from pipelines.fields import Author
from pipelines.page import Page

SOURCE = "front-matter"
CONFIDENCE = 0.97

_FIELDS = {
    "title": ("title", "headline"),
    "dek": ("subtitle", "dek", "standfirst", "lead"),
    "description": ("description", "summary", "excerpt", "abstract"),
    "published": ("date", "published", "pubdate", "publishdate", "publish_date", "published_at", "created"),
    "modified": ("lastmod", "modified", "updated", "updated_at", "last_modified"),
    "lang": ("lang", "language", "locale"),
    "section": ("section", "category", "categories"),
    "canonical": ("canonical", "canonical_url", "canonicalurl", "url"),
    "image": ("image", "cover", "cover.image", "featured_image", "thumbnail", "images", "image.path", "image.url"),
    "licence": ("license", "licence"),
    "site_name": ("site", "site_name"),
}
"""Field of `Declared` to keys, in the order of trust."""
_AUTHORS = ("author", "authors", "author.name", "authors.name", "by", "byline")
_TAGS = ("tags", "keywords", "topics")


def read_front_matter(page: Page) -> Iterator[Claim]:
    """Yield what the front matter says."""
    given: dict[str, list[str]] = {}
    for key, value in page.head.front_matter:
        if clean(value):
            given.setdefault(key, []).append(value)
    for field, keys in _FIELDS.items():
        for key in keys:
            for value in given.get(key, ())[:1]:
                yield claim(field, SOURCE, key, value, CONFIDENCE)
    yield from _read_authors(given, _links(page.head.front_matter))
    for key in _TAGS:
        values = given.get(key, [])
        terms = split_terms(values[0]) if len(values) == 1 else tuple(map(clean, values))
        if terms:
            yield claim("tags", SOURCE, key, ", ".join(values), CONFIDENCE, terms)


def _read_authors(given: dict[str, list[str]], links: dict[tuple[str, str], str]) -> Iterator[Claim]:
    for key in _AUTHORS:
        if key in given:
            people = tuple(dict.fromkeys(Author(clean(value), url=links.get((key, value))) for value in given[key]))
            yield claim("authors", SOURCE, key, "; ".join(given[key]), CONFIDENCE, people)


def _links(pairs: tuple[tuple[str, str], ...]) -> dict[tuple[str, str], str]:
    """The address of each author who is given with name and address, by key and name: `authors: [{name: ..., url: ...}]`."""
    found: dict[tuple[str, str], str] = {}
    person = ("", "")
    for key, value in pairs:
        above, _, last = key.rpartition(".")
        if last == "name":
            person = (key, value)
        elif last == "url" and person[0] == f"{above}.name" and value.startswith(("https://", "http://")):
            found.setdefault(person, value)
    return found
