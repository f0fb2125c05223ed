"""Meta names of other vocabularies: Dublin Core, Highwire citation, parse.ly, Sailthru, cXense, Twitter cards, plain HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from pipelines.declared.claims import Claim, claim, clean, split_terms
from pipelines.fields import Author
from pipelines.page import Page

SOURCE = "meta"

Names = Mapping[str, Mapping[str, float]]
"""Field of `Declared` to meta names, each with its confidence; case, `-`, `_`, `.`, `:` and spaces in a name are free.

Titles, authors and dates are placed by how often each was right on saved articles, other fields by judgement.
"""

NAMES: Names = {
    "title": {
        "citation_title": 0.85, "parsely-title": 0.78, "sailthru.title": 0.75, "headline": 0.72, "dc.title": 0.65,
        "dcterms.title": 0.65, "twitter:title": 0.6, "cxenseparse:title": 0.6, "title": 0.5,
    },
    "dek": {
        "subtitle": 0.6, "dek": 0.7, "subheadline": 0.6, "standfirst": 0.7,
    },
    "description": {
        "description": 0.75, "twitter:description": 0.7, "dc.description": 0.7, "dcterms.description": 0.7,
        "sailthru.description": 0.7, "abstract": 0.6,
    },
    "authors": {
        "parsely-author": 0.88, "sailthru.author": 0.87, "citation_author": 0.9, "citation_authors": 0.85, "author": 0.82,
        "authors": 0.8, "byline": 0.8, "author-name": 0.8, "dc.creator": 0.75,
        "dcterms.creator": 0.75, "creator": 0.6, "cxenseparse:author": 0.75, "dc.contributor": 0.4,
    },
    "published": {
        "parsely-pub-date": 0.94, "sailthru.date": 0.92, "pubdate": 0.92, "publishdate": 0.92,
        "publication_date": 0.92, "published_time": 0.92, "published-date": 0.92, "datepublished": 0.93,
        "published": 0.9, "publishtime": 0.9, "originalpublicationdate": 0.92, "cxenseparse:publishtime": 0.92,
        "cxenseparse:recs:publishtime": 0.92, "cxenseparse:recs:articlepublicationdate": 0.92, "rnews:datepublished": 0.92,
        "citation_publication_date": 0.9, "citation_online_date": 0.9, "citation_date": 0.88, "prism.publicationdate": 0.9,
        "dc.date.issued": 0.92, "dcterms.issued": 0.92, "dcterms.available": 0.8, "dc.date.created": 0.88,
        "dcterms.created": 0.88, "dc.date.published": 0.92, "dcterms.date": 0.82, "dc.date": 0.82, "date.created": 0.85,
        "created": 0.8, "issued": 0.85, "article.created": 0.88, "article:post_date": 0.9, "og:pubdate": 0.9,
        "ptime": 0.88, "displaydate": 0.85, "mediator_published_time": 0.92, "shareaholic:article_published_time": 0.92,
        "date": 0.82,
        "firstpublished": 0.92, "og:release_date": 0.85,
    },
    "modified": {
        "dcterms.modified": 0.88, "dc.date.modified": 0.88, "datemodified": 0.9, "article.updated": 0.88,
        "lastmod": 0.75, "last-modified": 0.6, "modified": 0.75, "modified_time": 0.85, "updated": 0.75,
        "updated_time": 0.8, "lastupdated": 0.75, "revised": 0.6, "shareaholic:article_modified_time": 0.88, "utime": 0.7,
    },
    "lang": {
        "content-language": 0.75, "language": 0.75, "dc.language": 0.78, "dcterms.language": 0.78, "inlanguage": 0.8,
        "lang": 0.7,
    },
    "section": {
        "parsely-section": 0.85, "cxenseparse:section": 0.7, "sailthru.section": 0.7, "news_section": 0.7, "section": 0.65,
        "category": 0.55,
    },
    "tags": {
        "parsely-tags": 0.65, "sailthru.tags": 0.6, "citation_keywords": 0.75, "news_keywords": 0.6, "dc.subject": 0.55,
        "dcterms.subject": 0.55, "tags": 0.6, "keywords": 0.4,
    },
    "site_name": {
        "application-name": 0.65, "apple-mobile-web-app-title": 0.6, "dc.publisher": 0.6, "dcterms.publisher": 0.6,
        "publisher": 0.55, "citation_journal_title": 0.7, "cxenseparse:sitename": 0.7,
    },
    "image": {
        "twitter:image": 0.75, "twitter:image:src": 0.75, "sailthru.image.full": 0.7, "parsely-image-url": 0.7,
        "thumbnail": 0.5,
    },
    "licence": {
        "dcterms.license": 0.9, "dc.rights.license": 0.9, "license": 0.85, "dcterms.rights": 0.6, "dc.rights": 0.6,
    },
}  # fmt: skip

_REMEMBERED = 4096
"""Names of meta elements whose keys are kept; a page has about 25, most of them the same everywhere."""
_SEPARATORS = re.compile(r"[-_.:\s]+")
_WRITTEN_BY = re.compile(
    r"^(?:written|posted|by|author|(?:verfasst|geschrieben) von|von|autor(?:in|es|e)?|écrit par|rédigé par|par|auteur"
    r"|escrito por|por|scritto da|di|geschreven door|door|skriven av|skrevet av|skrevet af|napisane przez"
    r"|автор|作者|投稿者|執筆者)\b",
    re.I,
)
"""Labels that blog software gives to the author in Twitter's label and data pairs."""


_DATE_NAME = re.compile(
    r"(?P<published>(?:pub|publish|published|publication)(?:date|time|datetime|at|on)|date(?:pub|publish(?:ed)?))$"
    r"|(?P<modified>(?:mod|modified|modification|update|updated)(?:date|time|datetime|at|on)|date(?:mod|modified|updated?))$"
)
"""How names of dates end, separators left out; right on all of 9 pages that give the date of publication under such a name."""


Given = Mapping[str, tuple[str, list[str]]]
"""The meta elements of a page: key of each name to the name as first written and all contents that say something."""
Table = Mapping[str, Sequence[tuple[int, str, float]]]
"""`Names` by key: place in the table, field, confidence."""


def index_names(names: Names) -> Table:
    """Turn a table round, so that each meta element of a page is looked up once."""
    table: dict[str, list[tuple[int, str, float]]] = {}
    entries = ((field, name, confidence) for field, known in names.items() for name, confidence in known.items())
    for place, (field, name, confidence) in enumerate(entries):
        table.setdefault(_key(name), []).append((place, field, confidence))
    return table


def gather_meta(page: Page) -> Given:
    """Collect the meta elements of a page by name; empty contents left out."""
    found: dict[str, tuple[str, list[str]]] = {}
    for name, content in page.head.meta:
        if clean(content):
            found.setdefault(_key(name), (name, []))[1].append(content)
    return found


def read_meta_tags(page: Page, given: Given) -> Iterator[Claim]:
    """Yield what meta elements outside OpenGraph say of the page, and its `rel=canonical`."""
    yield from read_names(given, _TABLE, SOURCE)
    yield from _read_labels(page)
    yield from _read_dates(page)
    for rel, href, _ in page.head.links:
        if "canonical" in rel.split() and href:
            yield claim("canonical", "markup", "link[rel=canonical]", href, 0.95)


def read_names(given: Given, table: Table, source: str) -> Iterator[Claim]:
    """Yield a claim for each meta element of a table, in its order; the repeats of authors and tags are one claim."""
    found = [(entry, written) for key, written in given.items() if key in table for entry in table[key]]
    for (_, field, confidence), (name, contents) in sorted(found):
        place = f"meta[{name}]"
        if field == "authors":
            people = tuple(dict.fromkeys(Author(clean(content)) for content in contents))
            yield claim(field, source, place, "; ".join(contents), confidence, people)
        elif field == "tags":
            terms = [term for content in contents for term in _terms(content, len(contents))]
            yield claim(field, source, place, ", ".join(contents), confidence, tuple(dict.fromkeys(terms)))
        else:
            yield claim(field, source, place, contents[0], confidence)


def _terms(content: str, repeats: int) -> tuple[str, ...]:
    """Split what one element holds; one of several holds one term, commas and all."""
    return split_terms(content) if repeats == 1 else (clean(content),)


@lru_cache(maxsize=_REMEMBERED)
def _key(name: str) -> str:
    return _SEPARATORS.sub("", name.lower())


_TABLE = index_names(NAMES)


_KNOWN_DATES = frozenset(_key(name) for field in ("published", "modified") for name in NAMES[field]) | {
    "articlepublishedtime", "ogpublishedtime", "ogarticlepublishedtime", "articlemodifiedtime", "ogarticlemodifiedtime",
    "ogupdatedtime",
}  # fmt: skip
"""Names that the table here and that of OpenGraph hold."""


def _read_dates(page: Page) -> Iterator[Claim]:
    """Dates under names of a publisher's own that end as the known ones do: `w-published-date`, `sw-pubdate`."""
    for name, content in page.head.meta:
        if "pub" not in name and "mod" not in name and "upd" not in name:
            continue
        key = _key(name)
        match = _DATE_NAME.search(key)
        if match and match.lastgroup and key not in _KNOWN_DATES and "last" not in key.removesuffix(match[0]) and clean(content):
            yield claim(match.lastgroup, SOURCE, f"meta[{name}]", content, 0.85)


def _read_labels(page: Page) -> Iterator[Claim]:
    given = {name: content for name, content in page.head.meta if name.startswith(("twitter:label", "twitter:data"))}
    for name, label in given.items():
        data = given.get(name.replace("label", "data"), "")
        if "label" in name and _WRITTEN_BY.match(label.strip()) and clean(data):
            yield claim("authors", SOURCE, f"meta[{name.replace('label', 'data')}]", data, 0.8, (Author(clean(data)),))
