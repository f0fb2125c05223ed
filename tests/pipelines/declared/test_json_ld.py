from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article import Author
from pipelines.declared import Declared, read_declared
from pipelines.declared.json_ld import parse_script
from pipelines.page import read_page

URL = "https://www.quay.example/storm/"


def declared(*scripts: Any, body: str = "<h1>Storm</h1>") -> Declared:
    heads = (script if isinstance(script, str) else json.dumps(script) for script in scripts)
    markup = "".join(f'<script type="application/ld+json">{script}</script>' for script in heads)
    return read_declared(read_page(f"<html><head>{markup}</head><body>{body}</body></html>", url=URL, format="html"))


def values(candidates: Any) -> list[Any]:
    return [candidate.value for candidate in candidates]


ARTICLE = {"@type": "NewsArticle", "headline": "Storm"}

SHAPES = {
    "an object": [ARTICLE],
    "an array": [[{"@type": "Organization"}, ARTICLE]],
    "arrays in arrays": [[[ARTICLE]]],
    "a graph": [{"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, ARTICLE]}],
    "several scripts": [{"@type": "Organization"}, ARTICLE],
    "a main entity": [{"@type": "WebPage", "mainEntity": ARTICLE}],
    "several types": [{"@type": ["Article", "NewsArticle"], "headline": "Storm"}],
    "a type with its address": [{"@type": "http://schema.org/NewsArticle", "headline": "Storm"}],
    "a type with a prefix": [{"@type": "schema:NewsArticle", "headline": "Storm"}],
    "a live blog": [
        {"@type": "LiveBlogPosting", "headline": "Storm", "liveBlogUpdate": [{"@type": "BlogPosting", "headline": "No"}]}
    ],
    "a list of values": [{"@type": "NewsArticle", "headline": ["Storm", "No"]}],
    "a value object": [{"@type": "NewsArticle", "headline": {"@value": "Storm", "@language": "en"}}],
    "entities": [{"@type": "NewsArticle", "headline": "S&amp;#116;orm"}],
    "tags": [{"@type": "NewsArticle", "headline": "<em>Storm</em>"}],
    "CDATA": ['//<![CDATA[\n{"@type": "NewsArticle", "headline": "Storm"}\n//]]>'],
    "an HTML comment": ['<!-- {"@type": "NewsArticle", "headline": "Storm"} -->'],
    "comments": ['/* generated */ {"@type": "NewsArticle", // type\n "headline": "Storm"}'.replace("// type", "\n// type\n")],
    "trailing commas": ['{"@type": "NewsArticle", "headline": "Storm",}'],
    "line breaks in strings": ['{"@type": "NewsArticle", "headline": "\nStorm\n"}'],
    "wrong escapes": [r'{"@type": "NewsArticle", "headline": "\Storm"}'],
    "objects in a row": ['{"@type": "Organization"}{"@type": "NewsArticle", "headline": "Storm"}'],
    "a final semicolon": ['{"@type": "NewsArticle", "headline": "Storm"};'],
    "quotes as entities": ["{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Storm&quot;}"],
    "a broken script beside": ["{", ARTICLE],
}


@pytest.mark.parametrize("scripts", SHAPES.values(), ids=SHAPES.keys())
def test_the_headline_is_found(scripts: list[Any]) -> None:
    assert values(declared(*scripts).title) == ["Storm"]


def test_an_escaped_nul_goes_and_an_escaped_backslash_stays() -> None:
    assert parse_script(r'{"a": "x\u0000y\\\u0000z", "b": "C:\\u0000"}') == [{"a": "xy\\z", "b": "C:\\u0000"}]


def test_repairs_leave_strings_alone() -> None:
    text = '{"a": "x, ] // y /* z */",}'
    assert parse_script(text) == [{"a": "x, ] // y /* z */"}]


@pytest.mark.parametrize("text", ["", "{", "nothing", "[" * 100_000, '{"a": ' * 100_000, "9" * 5000])
def test_what_cannot_be_read_says_nothing(text: str) -> None:
    assert parse_script(text) == []


JANE, MAX = Author("Jane Doe"), Author("Max Roe")

AUTHORS: dict[str, tuple[Any, tuple[Author, ...]]] = {
    "a string": ("Jane Doe", (JANE,)),
    "strings": (["Jane Doe", "Max Roe"], (JANE, MAX)),
    "an object": ({"@type": "Person", "name": "Jane Doe"}, (JANE,)),
    "an object with names": ({"@type": "Person", "name": ["Jane Doe", "Max Roe"]}, (JANE, MAX)),
    "objects and strings": ([{"@type": "Person", "name": "Jane Doe"}, "Max Roe"], (JANE, MAX)),
    "a reference": ({"@id": "#jane"}, (Author("Jane Doe", url="https://quay.example/jane"),)),
    "references": ([{"@id": "#jane"}, {"@id": "#max"}], (Author("Jane Doe", url="https://quay.example/jane"), MAX)),
    "a reference to nothing": ({"@id": "#nobody"}, ()),
    "an organisation": ({"@type": "Organization", "name": "Quay News"}, (Author("Quay News", "organisation"),)),
    "two halves of a name": ({"@type": "Person", "givenName": "Jane", "familyName": "Doe"}, (JANE,)),
    "a role": ({"@type": "Person", "name": "Jane Doe", "jobTitle": "Editor"}, (Author("Jane Doe", role="Editor"),)),
    "repeats": (["Jane Doe", "Jane Doe"], (JANE,)),
    "nothing": ([None, "", {}, {"@type": "Person", "name": " "}], ()),
}


@pytest.mark.parametrize(("author", "expected"), AUTHORS.values(), ids=AUTHORS.keys())
def test_authors(author: Any, expected: tuple[Author, ...]) -> None:
    graph = {
        "@graph": [
            {**ARTICLE, "author": author},
            {"@type": "Person", "@id": "#jane", "name": "Jane Doe", "url": "https://quay.example/jane"},
            {"@type": "WebSite", "creator": {"@type": "Person", "@id": "#max", "name": "Max Roe"}},
        ]
    }
    assert values(declared(graph).authors) == ([expected] if expected else [])


def test_of_several_articles_the_one_with_the_pages_address_counts() -> None:
    others = [{"@type": "NewsArticle", "headline": f"Other {n}", "url": f"https://quay.example/{n}"} for n in range(5)]
    assert values(declared([*others, {**ARTICLE, "headline": "Real", "url": "http://quay.example/storm?x#y"}]).title) == ["Real"]


def test_of_several_articles_the_one_whose_headline_is_printed_counts() -> None:
    others = [{"@type": "NewsArticle", "headline": f"Other {n}"} for n in range(5)]
    assert values(declared([*others, ARTICLE]).title) == ["Storm"]


def test_a_list_of_other_articles_says_nothing() -> None:
    others = [{"@type": "NewsArticle", "headline": f"Other {n}", "datePublished": "2020"} for n in range(5)]
    assert declared(others).title == ()
    assert declared({"@type": "ItemList", "itemListElement": others}).title == ()


def test_the_first_of_two_unknown_articles_is_trusted_less() -> None:
    both = declared([{"@type": "Article", "headline": "A"}, {"@type": "Article", "headline": "B"}])
    assert values(both.title) == ["A"]
    assert both.title[0].confidence < declared({"@type": "Article", "headline": "A"}).title[0].confidence


def test_the_page_speaks_after_the_article() -> None:
    graph = {
        "@graph": [
            {"@type": "WebPage", "name": "Storm - Quay", "datePublished": "2026-08-21"},
            {**ARTICLE, "datePublished": "2026-08-22"},
        ]
    }
    assert values(declared(graph).published) == ["2026-08-22", "2026-08-21"]


FIELDS: dict[str, tuple[dict[str, Any], str, Any]] = {
    "description": ({"description": "A"}, "description", "A"),
    "date unread": ({"datePublished": "22.8.26"}, "published", "22.8.26"),
    "a year as a number": ({"datePublished": 2026}, "published", "2026"),
    "modified": ({"dateModified": "2026-08-23"}, "modified", "2026-08-23"),
    "language": ({"inLanguage": "de-AT"}, "lang", "de-AT"),
    "language as an item": ({"inLanguage": {"@type": "Language", "name": "German", "alternateName": "de"}}, "lang", "German"),
    "section": ({"articleSection": "News"}, "section", "News"),
    "keywords in a string": ({"keywords": "a, b;a"}, "tags", ("a", "b")),
    "keywords in a list": ({"keywords": ["a, c", "b"]}, "tags", ("a, c", "b")),
    "keywords as items": ({"keywords": [{"@type": "DefinedTerm", "name": "a"}]}, "tags", ("a",)),
    "publisher": ({"publisher": {"@type": "Organization", "name": "The Quay"}}, "site_name", "The Quay"),
    "image": ({"image": {"@type": "ImageObject", "url": "https://q.example/i.jpg"}}, "image", "https://q.example/i.jpg"),
    "images": ({"image": ["https://q.example/i.jpg", "no"]}, "image", "https://q.example/i.jpg"),
    "licence": ({"license": "https://cc.example/by"}, "licence", "https://cc.example/by"),
    "free": ({"isAccessibleForFree": True}, "paywalled", False),
    "not free, as a string": ({"isAccessibleForFree": "False"}, "paywalled", True),
    "a part that is not free": ({"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False}}, "paywalled", True),
    "address": ({"mainEntityOfPage": {"@type": "WebPage", "@id": "https://q.example/s"}}, "canonical", "https://q.example/s"),
    "body": ({"articleBody": "A\n\nb"}, "body", "A b"),
    "dek": ({"alternativeHeadline": "A"}, "dek", "A"),
}


@pytest.mark.parametrize(("properties", "field", "expected"), FIELDS.values(), ids=FIELDS.keys())
def test_fields(properties: dict[str, Any], field: str, expected: Any) -> None:
    assert getattr(declared({**ARTICLE, **properties}), field)[0].value == expected


def test_breadcrumbs_lead_through_the_section() -> None:
    steps = [
        {"@type": "ListItem", "position": 3, "name": "Storm"},
        {"@type": "ListItem", "position": 1, "item": {"@id": "/", "name": "Home"}},
        {"@type": "ListItem", "position": 2, "item": {"@id": "/n", "name": "News"}},
    ]
    assert values(declared({"@type": "BreadcrumbList", "itemListElement": steps}).section) == ["News"]


def test_the_place_a_value_was_part_of_is_no_site() -> None:
    assert declared({**ARTICLE, "isPartOf": {"@type": "WebPage", "name": "Storm"}}).site_name == ()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["NewsArticle", "Person", "#a", "true"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@type",
                    "@id",
                    "@graph",
                    "@value",
                    "name",
                    "headline",
                    "author",
                    "image",
                    "url",
                    "keywords",
                    "hasPart",
                    "publisher",
                    "isPartOf",
                    "itemListElement",
                    "item",
                    "position",
                    "mainEntity",
                    "mainEntityOfPage",
                    "articleSection",
                    "isAccessibleForFree",
                    "datePublished",
                    "jobTitle",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_no_data_raises(data: Any) -> None:
    declared(json.dumps([data, {"@type": "NewsArticle", "author": data, "keywords": data, "hasPart": data}]))


@given(st.text('{}[]",:/*\\ab\n<!->&;', max_size=60))
def test_no_script_raises(text: str) -> None:
    assert isinstance(parse_script(text), list)


def test_a_script_that_a_framework_wrote_as_a_meta_element_is_read() -> None:
    content = json.dumps({**ARTICLE, "datePublished": "2026-08-22"}).replace('"', "&quot;")
    page = read_page(f'<html><head><meta name="script:ld+json" content="{content}"></head></html>', url=URL, format="html")
    said = read_declared(page)
    assert (values(said.published), said.types) == (["2026-08-22"], ("NewsArticle",))
