"""What a schema.org item says of an article, whichever syntax it was written in.

An item is a mapping from property names to values: strings, numbers, booleans, items, or lists of these. JSON-LD comes so;
microdata is put into this shape.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pipelines.declared.claims import Claim, claim, clean, split_terms
from pipelines.fields import Author
from pipelines.page import Kind, Page

Item = Mapping[str, Any]

ARTICLE_TYPES = frozenset(
    {
        "Article", "NewsArticle", "BlogPosting", "LiveBlogPosting", "ReportageNewsArticle", "AnalysisNewsArticle",
        "OpinionNewsArticle", "BackgroundNewsArticle", "ReviewNewsArticle", "AskPublicNewsArticle", "AdvertiserContentArticle",
        "SatiricalArticle", "ScholarlyArticle", "MedicalScholarlyArticle", "TechArticle", "Report", "SocialMediaPosting",
    }
)  # fmt: skip
NEARLY_ARTICLES = frozenset(
    {"Review", "CriticReview", "Recipe", "HowTo", "CreativeWork", "WebPage", "ItemPage", "MedicalWebPage"}
)
"""Types whose properties are an article's where the page declares no article."""
PEOPLE_GROUPS = frozenset({"Organization", "NewsMediaOrganization", "Corporation", "LocalBusiness", "EducationalOrganization"})

FULL_TRUST = 1.0
UNMATCHED_TRUST = 0.6
"""For the first of several articles where neither address nor headline tells which one is the page's."""
NEARLY_TRUST = 0.8
MANY_ARTICLES = 3
"""So many articles, none of which matches the page, are a list of others."""

_TEXTS = (
    ("title", "headline", 0.85),
    ("title", "name", 0.7),
    ("dek", "alternativeHeadline", 0.5),
    ("description", "description", 0.75),
    ("published", "datePublished", 0.95),
    ("published", "dateCreated", 0.7),
    ("modified", "dateModified", 0.95),
    ("lang", "inLanguage", 0.85),
    ("body", "articleBody", 0.7),
    ("licence", "license", 0.9),
    ("image", "image", 0.8),
    ("image", "thumbnailUrl", 0.6),
    ("canonical", "url", 0.7),
    ("canonical", "mainEntityOfPage", 0.7),
)
"""Field, property, confidence: for title and dates about the share of right values on saved articles, else by judgement."""
_AUTHORS = (("author", 0.9), ("creator", 0.8))
_ADDRESSES = frozenset({"license", "image", "thumbnailUrl", "url", "mainEntityOfPage"})
_FREE = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def types_of(item: Item) -> tuple[str, ...]:
    """Names of an item's types, without their address or prefix."""
    return tuple(
        name.replace("#", "/").replace(":", "/").rstrip("/").rsplit("/", 1)[-1]
        for name in _list(item.get("@type"))
        if isinstance(name, str)
    )


class Graph:
    """The items of a page, and those among them that others refer to by `@id`."""

    def __init__(self, source: str, items: Sequence[Item], ids: Mapping[str, Item]) -> None:
        self.source = source
        self.items = items
        self._ids = ids

    def resolve(self, value: Any) -> Any:
        """Return the item that a bare reference stands for, else the value itself."""
        if isinstance(value, Mapping) and isinstance(value.get("@id"), str) and len(value) <= 2 and "name" not in value:
            return self._ids.get(value["@id"], value)
        return value

    def values(self, item: Item, name: str) -> list[Any]:
        """All values of a property, references resolved."""
        return [self.resolve(value) for value in _list(item.get(name))]

    def text(self, value: Any, address: bool = False) -> str:
        """Return a value as a string: of an item its name, or its address where one is wanted."""
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, (int, float)):
            return str(value)
        if isinstance(value, Mapping):
            keys = ("url", "contentUrl", "@id") if address else ("@value", "name", "alternateName", "headline")
            for key in keys:
                for inner in _list(value.get(key)):
                    if isinstance(inner, str) and inner.strip():
                        return inner
        return ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def choose_items(graph: Graph, page: Page) -> list[tuple[Item, float]]:
    """Choose the items that describe this page's article, each with the trust it deserves, share 0 to 1.

    Of several articles the one counts whose address is the page's or whose headline the page prints. Lists of other articles,
    as below a story or on a front page, match neither.
    """
    articles = [item for item in graph.items if not ARTICLE_TYPES.isdisjoint(types_of(item))]
    nearly = [(item, NEARLY_TRUST) for item in graph.items if not NEARLY_ARTICLES.isdisjoint(types_of(item))]
    if len(articles) > 1:
        matching = [item for item in articles if _matches(graph, item, page)]
        if matching:
            return [*((item, FULL_TRUST) for item in matching), *nearly]
        if len(articles) >= MANY_ARTICLES:
            return nearly
        return [(articles[0], UNMATCHED_TRUST), *nearly]
    return [*((item, FULL_TRUST) for item in articles), *nearly]


def _matches(graph: Graph, item: Item, page: Page) -> bool:
    address = _address_key(page.url or "")
    given = [graph.text(value, address=True) for name in ("url", "mainEntityOfPage", "@id") for value in graph.values(item, name)]
    if address and address in map(_address_key, given):
        return True
    headline = _words(graph.text(next(iter(graph.values(item, "headline")), "")))
    return bool(headline) and headline in _printed_titles(page)


def _address_key(address: str) -> str:
    """Return an address without scheme, query, fragment and final slash."""
    return address.split("#")[0].split("?")[0].partition("://")[2].rstrip("/").removeprefix("www.")


def _printed_titles(page: Page) -> Collection[str]:
    """First-level headings of the page, and its title element up to the site's name."""
    title = page.head.title
    titles = {_words(block.text) for block in page.blocks if block.kind is Kind.HEADING and block.level == 1}
    titles.update(_words(title.rsplit(mark, 1)[0]) for mark in (" | ", " - ", " – ", " — ", " :: ", "\0"))
    return titles - {""}


def _words(text: str) -> str:
    return "".join(character for character in clean(text).casefold() if character.isalnum())


def read_item(graph: Graph, item: Item, trust: float) -> Iterator[Claim]:
    """Yield what an item says, the confidence of each claim lowered by the trust in the item."""
    kind = next(iter(types_of(item)), "")
    for field, name, confidence in _TEXTS:
        if name not in item or (kind == "WebPage" and name == "articleBody"):
            continue
        for value in graph.values(item, name)[:1]:
            text = graph.text(value, address=name in _ADDRESSES)
            if clean(text):
                yield claim(field, graph.source, f"{kind}.{name}", text, confidence * trust)
    yield from _read_authors(graph, item, kind, trust)
    yield from _read_topics(graph, item, kind, trust)
    yield from _read_publisher(graph, item, kind, trust)
    yield from _read_access(graph, item, kind, trust)


def _read_authors(graph: Graph, item: Item, kind: str, trust: float) -> Iterator[Claim]:
    for name, confidence in _AUTHORS:
        authors = tuple(dict.fromkeys(author for value in graph.values(item, name) for author in _people(graph, value)))
        if authors:
            raw = "; ".join(author.name for author in authors)
            yield claim("authors", graph.source, f"{kind}.{name}", raw, confidence * trust, authors)


def _people(graph: Graph, value: Any) -> Iterator[Author]:
    if not isinstance(value, Mapping):
        name = clean(graph.text(value))
        if name:
            yield Author(name)
        return
    names = [graph.text(name) for name in graph.values(value, "name")]
    if not any(map(str.strip, names)):
        parts = (graph.text(part) for key in ("givenName", "familyName") for part in graph.values(value, key)[:1])
        names = [" ".join(parts)]
    group = not PEOPLE_GROUPS.isdisjoint(types_of(value))
    address = next((graph.text(url, address=True) for key in ("url", "sameAs") for url in graph.values(value, key)), "")
    role = clean(graph.text(next(iter(graph.values(value, "jobTitle")), "")))
    for name in map(clean, names):
        if name:
            yield Author(name, "organisation" if group else "person", role or None, address.strip() or None)


def _read_topics(graph: Graph, item: Item, kind: str, trust: float) -> Iterator[Claim]:
    for value in graph.values(item, "articleSection"):
        if clean(graph.text(value)):
            yield claim("section", graph.source, f"{kind}.articleSection", graph.text(value), 0.9 * trust)
    texts = [text for text in (graph.text(value) for value in graph.values(item, "keywords")) if clean(text)]
    terms = split_terms(texts[0]) if len(texts) == 1 else tuple(dict.fromkeys(map(clean, texts)))
    if terms:
        yield claim("tags", graph.source, f"{kind}.keywords", ", ".join(texts), 0.7 * trust, terms)


def _read_publisher(graph: Graph, item: Item, kind: str, trust: float) -> Iterator[Claim]:
    for name, confidence in (("publisher", 0.85), ("isPartOf", 0.7)):
        for value in graph.values(item, name)[:1]:
            if clean(graph.text(value)) and not (isinstance(value, Mapping) and "WebPage" in types_of(value)):
                yield claim("site_name", graph.source, f"{kind}.{name}", graph.text(value), confidence * trust)


def _read_access(graph: Graph, item: Item, kind: str, trust: float) -> Iterator[Claim]:
    parts = [("", item), *((".hasPart", part) for part in graph.values(item, "hasPart") if isinstance(part, Mapping))]
    for place, part in parts:
        for value in graph.values(part, "isAccessibleForFree"):
            text = graph.text(value)
            free = _FREE.get(text.strip().lower().rsplit("/", 1)[-1])
            if free is not None:
                yield claim("paywalled", graph.source, f"{kind}{place}.isAccessibleForFree", text, 0.9 * trust, not free)


def read_breadcrumbs(graph: Graph, item: Item) -> Iterator[Claim]:
    """Yield the section that a BreadcrumbList leads through: its first step below the front page."""
    steps = [value for value in graph.values(item, "itemListElement") if isinstance(value, Mapping)]
    names = [clean(_step_name(graph, step)) for step in sorted(steps, key=_position)]
    if len(names) >= MANY_ARTICLES and names[1]:
        yield claim("section", graph.source, "BreadcrumbList.itemListElement", names[1], 0.5)


def _step_name(graph: Graph, step: Item) -> str:
    return graph.text(step) or next((graph.text(value) for value in graph.values(step, "item")), "")


def _position(step: Item) -> int:
    position = str(step.get("position", ""))
    return int(position) if position.isascii() and position.isdigit() and len(position) < 6 else 0
