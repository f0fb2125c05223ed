from __future__ import annotations

import pytest

from pipelines.article import Author
from pipelines.declared import read_declared
from pipelines.page import read_page

MARKUP = """
<html><head><title>Storm | The Quay</title>
<meta property="og:title" content="Storm (social)"><meta property="og:type" content="Article">
<meta name="author" content="Jane Doe"><link rel="canonical" href="/storm">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Storm", "datePublished": "2026-08-22"}</script>
</head><body><article itemscope itemtype="https://schema.org/BlogPosting"><h1 itemprop="headline">Storm</h1></article>
"""


def test_vocabularies_stand_side_by_side_the_most_trusted_first() -> None:
    declared = read_declared(read_page(MARKUP, url="https://quay.example/a"))
    assert [(candidate.source, candidate.value) for candidate in declared.title] == [
        ("json-ld", "Storm"),
        ("microdata", "Storm"),
        ("open-graph", "Storm (social)"),
    ]
    confidences = [candidate.confidence for candidate in declared.title]
    assert confidences == sorted(confidences, reverse=True)


def test_places_can_be_looked_up() -> None:
    declared = read_declared(read_page(MARKUP))
    assert [candidate.place for candidate in declared.title] == [
        "NewsArticle.headline",
        "BlogPosting.headline",
        "meta[og:title]",
    ]
    assert declared.authors[0].place == "meta[author]"


def test_types_of_all_vocabularies_are_named() -> None:
    assert read_declared(read_page(MARKUP)).types == ("NewsArticle", "BlogPosting", "og:article")


def test_the_canonical_link_is_absolute() -> None:
    declared = read_declared(read_page(MARKUP, url="https://quay.example/a"))
    assert declared.canonical[0].value == "https://quay.example/storm"


def test_nothing_is_said_by_a_bare_page() -> None:
    declared = read_declared(read_page("<p>A</p>"))
    assert (declared.title, declared.authors, declared.published, declared.types) == ((), (), (), ())


def test_front_matter_gives_authors_with_their_addresses() -> None:
    people = "authors:\n- name: Jane Doe\n- url: https://quay.example/max\n  name: Max Roe\n- {name: Ida Holm, url: /ida}\n"
    declared = read_declared(read_page(f"---\ntitle: Storm\n{people}---\nA"))
    assert declared.authors[0].value == (
        Author("Jane Doe"),
        Author("Max Roe", url="https://quay.example/max"),
        Author("Ida Holm"),
    )


def test_front_matter_is_trusted_most() -> None:
    page = read_page(
        "---\ntitle: Storm\nsubtitle: Two cranes loose\nauthor: [Jane Doe, Max Roe]\n"
        "date: 2026-08-22 10:00\nlastmod: 2026-08-23\n"
        "tags: harbour, storm\ncategory: News\nlang: en\ncanonical_url: https://quay.example/s\n---\n"
        '<meta name="author" content="admin">\n\nA'
    )
    declared = read_declared(page)
    assert declared.title[0].value == "Storm"
    assert declared.dek[0].value == "Two cranes loose"
    assert [author.value for author in declared.authors] == [
        (Author("Jane Doe"), Author("Max Roe")),
        (Author("admin"),),
    ]
    assert (declared.published[0].value, declared.modified[0].value) == ("2026-08-22 10:00", "2026-08-23")
    assert declared.tags[0].value == ("harbour", "storm")
    assert (declared.section[0].value, declared.lang[0].value) == ("News", "en")
    assert declared.canonical[0].value == "https://quay.example/s"


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("the quayâ€™s ferry", "the quay’s ferry"),
        ("FÃ¤hre &amp;amp; Hafen", "Fähre & Hafen"),
        ("Dampf\u00adschiff", "Dampfschiff"),
    ],
)
def test_text_encoded_twice_or_hyphenated_softly_is_put_right(content: str, value: str) -> None:
    page = read_page(f'<meta property="og:title" content="{content}">', format="html")
    assert [candidate.value for candidate in read_declared(page).title] == [value]
