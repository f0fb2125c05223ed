from __future__ import annotations

from typing import Any

import pytest

from pipelines.article import Author
from pipelines.declared import Declared, read_declared
from pipelines.declared.meta_tags import NAMES
from pipelines.declared.open_graph import NAMES as OPEN_GRAPH_NAMES
from pipelines.page import read_page


def declared(*metas: tuple[str, str, str]) -> Declared:
    markup = "".join(f'<meta {attribute}="{name}" content="{content}">' for attribute, name, content in metas)
    return read_declared(read_page(f"<html><head>{markup}</head></html>", format="html"))


CASES: dict[str, tuple[str, str, str, str, Any]] = {
    "OpenGraph title": ("property", "og:title", "Storm &amp;amp; tide", "title", "Storm & tide"),
    "Twitter title": ("name", "twitter:title", "Storm", "title", "Storm"),
    "citation title": ("name", "citation_title", "Storm", "title", "Storm"),
    "published": ("property", "article:published_time", "2026-08-22T10:00", "published", "2026-08-22T10:00"),
    "published, in a name": ("name", "article:published_time", "2026-08-22", "published", "2026-08-22"),
    "modified": ("property", "article:modified_time", "2026-08-23", "modified", "2026-08-23"),
    "updated": ("property", "og:updated_time", "2026-08-23", "modified", "2026-08-23"),
    "Dublin Core date": ("name", "DC.date.issued", "2026-08-22", "published", "2026-08-22"),
    "parsely date": ("name", "parsely-pub-date", "2026-08-22", "published", "2026-08-22"),
    "another spelling": ("name", "Publish_Date", "2026-08-22", "published", "2026-08-22"),
    "day of release": ("property", "og:release_date", "2026-08-22", "published", "2026-08-22"),
    "published, a publisher's own name": ("name", "x-published-date", "2026-08-22", "published", "2026-08-22"),
    "modified, a publisher's own name": ("name", "x-modified-date", "2026-08-23", "modified", "2026-08-23"),
    "itemprop outside an item": ("itemprop", "datePublished", "2026-08-22", "published", "2026-08-22"),
    "last modified by the server": ("http-equiv", "last-modified", "Sat, 22 Aug 2026", "modified", "Sat, 22 Aug 2026"),
    "author": ("name", "author", "Jane Doe", "authors", (Author("Jane Doe"),)),
    "an address as author": (
        "property",
        "article:author",
        "https://f.example/jane",
        "authors",
        (Author("https://f.example/jane"),),
    ),
    "section": ("property", "article:section", "News", "section", "News"),
    "keywords": ("name", "keywords", "a, b , a", "tags", ("a", "b")),
    "news keywords": ("name", "news_keywords", "a;b", "tags", ("a", "b")),
    "language": ("http-equiv", "content-language", "de", "lang", "de"),
    "locale": ("property", "og:locale", "de_AT", "lang", "de_AT"),
    "site": ("property", "og:site_name", "The Quay", "site_name", "The Quay"),
    "licence": ("name", "dcterms.license", "CC BY", "licence", "CC BY"),
    "dek": ("name", "subtitle", "Two cranes", "dek", "Two cranes"),
}


@pytest.mark.parametrize(("attribute", "name", "content", "field", "expected"), CASES.values(), ids=CASES.keys())
def test_names(attribute: str, name: str, content: str, field: str, expected: Any) -> None:
    assert [candidate.value for candidate in getattr(declared((attribute, name, content)), field)] == [expected]


def test_repeated_authors_are_one_claim() -> None:
    found = declared(("name", "citation_author", "Jane Doe"), ("name", "citation_author", "Max Roe"))
    assert [candidate.value for candidate in found.authors] == [(Author("Jane Doe"), Author("Max Roe"))]


def test_repeated_tags_are_one_claim_and_keep_their_commas() -> None:
    found = declared(("property", "article:tag", "Ghent, Belgium"), ("property", "article:tag", "storm"))
    assert [candidate.value for candidate in found.tags] == [("Ghent, Belgium", "storm")]


def test_empty_contents_say_nothing() -> None:
    assert declared(("name", "author", " ")).authors == ()


@pytest.mark.parametrize("label", ["Written by", "Verfasst von", "Écrit par", "Geschreven door", "Escrito por", "執筆者"])
def test_labels_name_the_author(label: str) -> None:
    found = declared(("name", "twitter:label1", label), ("name", "twitter:data1", "Jane Doe"))
    assert [candidate.value for candidate in found.authors] == [(Author("Jane Doe"),)]


@pytest.mark.parametrize("name", ["last-published-date", "pub-id", "modal-update"])
def test_names_that_only_look_like_dates_are_left_alone(name: str) -> None:
    found = declared(("name", name, "2026-08-22"))
    assert (found.published, found.modified) == ((), ())


def test_other_labels_do_not() -> None:
    assert declared(("name", "twitter:label1", "Est. reading time"), ("name", "twitter:data1", "4 minutes")).authors == ()


def test_no_name_stands_in_both_tables() -> None:
    def keys(names: Any) -> list[str]:
        return ["".join(filter(str.isalnum, name)) for known in names.values() for name in known]

    both = keys(NAMES) + keys(OPEN_GRAPH_NAMES)
    assert sorted(both) == sorted(set(both))
