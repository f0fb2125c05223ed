"""The byline room."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.byline import read_byline
from pipelines.declared import read_declared
from pipelines.page import read_page
from pipelines.title import title_block

URL = "https://www.tern-courier.example/harbour/ferry"
TITLE = "Ferry sails again after a month"
PROSE = "<p>The ferry will sail twice a day from Monday, the harbour office said, and three times on market days.</p>"


def read(head: str, after_title: str, end: str = "") -> tuple[str | None, list[str]]:
    page = read_page(f"<head>{head}</head><body><h1>{TITLE}</h1>{after_title}{PROSE}{PROSE}{end}</body>", url=URL, format="html")
    byline, authors = read_byline(page, read_declared(page), title_block(page, TITLE), "Tern Courier")
    return byline.value, [author.name for author in authors.value or ()]


def json_ld(author: object) -> str:
    item = {"@type": "NewsArticle", "headline": TITLE, "author": author}
    return f'<script type="application/ld+json">{json.dumps(item)}</script>'


def test_declared_author_with_the_printed_line() -> None:
    assert read(json_ld({"@type": "Person", "name": "Ann Lee"}), "<p>By Ann Lee, harbour correspondent</p>") == (
        "By Ann Lee",
        ["Ann Lee"],
    )


def test_declared_author_alone_gives_the_names_as_byline() -> None:
    assert read(json_ld(["Ann Lee", "Jon Vale"]), "") == ("Ann Lee, Jon Vale", ["Ann Lee", "Jon Vale"])


def test_printed_byline_without_any_class_or_declaration() -> None:
    assert read("", '<div class="x9f2"><span>By Ann Lee</span> <span>Published 3 months ago</span></div>') == (
        "By Ann Lee",
        ["Ann Lee"],
    )


def test_lead_word_and_name_on_two_lines() -> None:
    assert read("", "<p>Written by</p><p>Ann Lee</p>")[1] == ["Ann Lee"]


def test_link_to_the_page_of_an_author() -> None:
    assert read("", '<p><a href="/authors/ann-lee/">Ann Lee</a></p>')[1] == ["Ann Lee"]


def test_more_people_printed_than_declared() -> None:
    assert read(json_ld("Ann Lee"), "<p>By Ann Lee and Jon Vale</p>")[1] == ["Ann Lee", "Jon Vale"]


def test_role_printed_behind_the_declared_name_is_no_author() -> None:
    assert read(json_ld("Ann Lee"), '<p class="byline">By Ann Lee, Senior Editor</p>')[1] == ["Ann Lee"]


@pytest.mark.parametrize("author", ["Tern Courier", "admin", "ann@tern.example", "https://tern.example/ann", "ann.lee"])
def test_site_accounts_and_addresses_are_no_authors(author: str) -> None:
    assert read(json_ld(author), "")[1] == []


def test_site_named_after_a_person_keeps_its_author() -> None:
    page = read_page('<meta name="author" content="Ann Lee"><h1>x</h1>', url="https://annlee.example/x", format="html")
    _, authors = read_byline(page, read_declared(page), 0, "Ann Lee")
    assert [author.name for author in authors.value or ()] == ["Ann Lee"]


@pytest.mark.parametrize(
    "end",
    [
        '<div class="comments"><p class="author">Hedda Holm</p><p>By Hedda Holm</p></div>',
        '<aside class="related"><h3>More</h3><p class="byline">By Hedda Holm</p></aside>',
        '<div class="author-bio"><p class="author">Hedda Holm</p></div>',
        '<footer><span class="author">Hedda Holm</span></footer>',
    ],
    ids=["comments", "related", "bio", "footer"],
)
def test_names_outside_the_article_are_not_taken(end: str) -> None:
    assert read("", "", end) == (None, [])


def test_reviewers_are_no_authors() -> None:
    assert read("", "<p>Reviewed by Hedda Holm, MD</p>")[1] == []


@given(st.text(max_size=300))
def test_reading_a_byline_never_raises(body: str) -> None:
    page = read_page(body, url=URL)
    read_byline(page, read_declared(page), 0, None)
    read_byline(page, read_declared(page), None, None)
