"""Whether a page is an article."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipelines.fields import Verdict
from pipelines.page.page import Block, Kind, Node, Page
from pipelines.verdict import Facts, judge_article

PROSE = "The harbour office counted the boats again on Monday and found two more than it had moorings for, which pleased nobody. "
NODE = Node(None, "p")


def verdict_of(
    url: str = "https://courier.example/boats",
    *,
    title: str | None = "Two boats too many",
    paragraphs: int = 8,
    dated: str | None = None,
    has_authors: bool = False,
    types: tuple[str, ...] = (),
    linked_headings: int = 0,
    above_headings: Node | None = None,
) -> Verdict:
    texts: list[Block] = [Block(0, Kind.PARAGRAPH, PROSE * 2, NODE)] * paragraphs
    address = "https://courier.example/other"
    headings = [
        Block(0, Kind.HEADING, "Another page", Node(above_headings, "h2"), 2, link_chars=12, links=(f"{address}{n}",))
        for n in range(linked_headings)
    ]
    printed = [*texts, *headings] if above_headings else [*headings, *texts]
    blocks = [replace(block, index=n) for n, block in enumerate([Block(0, Kind.HEADING, title or "", NODE, 1), *printed])]
    page = Page(url, None, "html", tuple(blocks))
    return judge_article(page, Facts(title, 0, dated, 0.9 if dated else 0.0, 0.9 if has_authors else 0.0, types))


def judge(url: str = "https://courier.example/boats", **given: Any) -> bool:
    return verdict_of(url, **given).is_article


def chance_of(**given: Any) -> float:
    verdict = verdict_of(**given)
    return verdict.confidence if verdict.is_article else 1 - verdict.confidence


def test_dated_and_signed_prose_is_an_article() -> None:
    assert judge(dated="declared", has_authors=True)


def test_two_short_paragraphs_are_an_article_when_declared_and_dated() -> None:
    assert judge(paragraphs=2, dated="declared", types=("NewsArticle",))


def test_prose_alone_is_no_article() -> None:
    assert not judge()


@pytest.mark.parametrize("type_name", ["Product", "QAPage", "DiscussionForumPosting", "CollectionPage", "JobPosting"])
def test_a_page_declared_as_something_else_is_no_article(type_name: str) -> None:
    assert not judge(types=(type_name,))


def test_an_article_with_a_rating_beside_it_stays_one() -> None:
    assert judge(types=("NewsArticle", "Product"), dated="declared", has_authors=True)


def test_a_front_page_is_no_article() -> None:
    assert not judge("https://courier.example/", dated="printed")


@pytest.mark.parametrize("margin", [Node(None, "aside"), Node(None, "div", ("sidebar",)), Node(None, "div", role="navigation")])
def test_linked_headings_of_a_sidebar_make_no_list(margin: Node) -> None:
    alone = chance_of(dated="printed", paragraphs=3)
    beside = chance_of(dated="printed", paragraphs=3, linked_headings=5, above_headings=margin)
    among = chance_of(dated="printed", paragraphs=3, linked_headings=5, above_headings=Node(None, "main"))
    assert among < beside
    assert abs(beside - alone) < abs(among - alone)


@pytest.mark.parametrize("query", ["p=12", "lang=en&article_id=a7", "id=204"])
def test_a_page_that_the_query_chooses_is_no_front_page(query: str) -> None:
    assert judge(f"https://courier.example/?{query}", dated="printed", has_authors=True)
    assert judge(f"https://courier.example/index.php?{query}", dated="printed", has_authors=True)


@pytest.mark.parametrize("query", ["paged=2", "page=3", "utm_source=x1", "cat=4"])
def test_other_queries_leave_a_front_page_what_it_is(query: str) -> None:
    assert not judge(f"https://courier.example/?{query}", dated="printed", paragraphs=2, linked_headings=4)


def test_an_address_with_a_date_speaks_for_an_article() -> None:
    assert judge("https://courier.example/2026/10/12/boats")


def test_a_heading_that_leads_elsewhere_over_the_text_shows_a_post_of_another_address() -> None:
    assert not judge("https://courier.example/authors/ines", dated="declared", has_authors=True, linked_headings=1)


@pytest.mark.parametrize("title", ["Page not found", "404", "Seite nicht gefunden", "Log in", None])
def test_error_pages_forms_and_pages_without_title_are_none(title: str | None) -> None:
    assert not judge(title=title, dated="declared", has_authors=True, types=("NewsArticle",))


def test_a_page_without_prose_is_none() -> None:
    assert not judge(paragraphs=0, dated="declared", has_authors=True, types=("NewsArticle",))


@pytest.mark.parametrize("title", ["500 jobs lost at works", "Terms of trade improve", "Before you continue to rent, read this"])
def test_a_headline_that_begins_as_a_form_or_an_error_does_is_none_over_an_article(title: str) -> None:
    assert judge(title=title, dated="declared", has_authors=True, types=("NewsArticle",))
