"""What is known of a page's blocks before they are judged."""

from __future__ import annotations

import pytest

from pipelines.boilerplate.signs import Scene, look_at
from pipelines.fields import Label
from pipelines.page import read_page

FIRST = "The harbour office counted the boats again on Monday and found two more than it had moorings for, which pleased nobody."
SECOND = (
    "By Tuesday the two had been traced to a shed on the far side of the island, where they were waiting for a coat of paint."
)
BODY = f"<p>{FIRST}</p><p>{SECOND}</p>"


def scene(body: str, furniture: dict[int, str] | None = None) -> Scene:
    page = read_page(f"<html><body><h1>Boats</h1>{body}</body></html>", format="html")
    return look_at(page, title_block=0, furniture=furniture or {}, tags=(), body="")


def certain(body: str) -> list[str]:
    found = scene(body)
    return [found.outline.blocks[index].text for index in sorted(found.marks.certain())]


@pytest.mark.parametrize("name", ["comments", "share", "cookie", "newsletter", "paywall"])
def test_an_element_of_such_a_name_is_no_body_for_certain(name: str) -> None:
    assert certain(f"{BODY}<div class='{name}'><p>Some words of it</p></div>") == ["Some words of it"]


@pytest.mark.parametrize("name", ["sidebar", "menu", "promo", "widget", "related"])
def test_other_names_of_elements_are_signs_only(name: str) -> None:
    assert certain(f"{BODY}<div class='{name}'><p>Some words of it</p></div>") == []


@pytest.mark.parametrize("heading", ["Comments", "Share this", "Newsletter", "About the author", "Log in"])
def test_what_stands_under_such_a_heading_is_no_body_for_certain(heading: str) -> None:
    assert heading in certain(f"{BODY}<section><h3>{heading}</h3><p>Some words of it</p></section>")


def test_a_pointer_to_another_article_is_surely_no_body() -> None:
    found = scene(f"<p>{FIRST}</p><p>Read also: <a href='/ice'>The ice comes early this year, and stays</a></p><p>{SECOND}</p>")
    mark = found.marks.line[2]
    assert mark is not None
    assert mark.label is Label.RELATED
    assert found.marks.certain() == {2}


def test_a_heading_that_repeats_the_title_prints_it() -> None:
    assert scene(f"{BODY}<h2>BOATS</h2><p>{FIRST}</p>").printed == {0: "title", 3: "title"}


def test_lines_of_date_or_reading_time_are_credit_though_no_field_came_of_them() -> None:
    found = scene(f"<p>3 min read</p><p>12 October 2026</p>{BODY}")
    assert [found.is_credit(index) for index in range(5)] == [False, True, True, False, False]


def test_the_dek_and_other_fields_are_different_signs() -> None:
    printed = scene(BODY, {1: "dek", 2: "byline"}).signs.printed
    assert len({printed[1], printed[2], 0}) == 3


def test_only_the_second_of_two_equal_blocks_repeats() -> None:
    found = scene(f"{BODY}<p>{FIRST}</p>")
    assert [found.repeats(index) for index in range(4)] == [False, False, False, True]
