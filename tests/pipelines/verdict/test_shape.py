"""How the text of a page is spread."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipelines.page.page import Block, Kind, Mark, Node, Page
from pipelines.verdict.shape import is_led_by_link, read_shape, shape_features

PROSE = "The harbour office counted the boats again on Monday and found two more than it had moorings for. "
BODY = Node(None, "body")
URL = "https://courier.example/boats"


def page_of(blocks: Sequence[tuple[Kind, str, Node]], *, marks: tuple[Mark, ...] = (), links: tuple[str, ...] = ()) -> Page:
    made = [
        Block(
            index,
            kind,
            text,
            node,
            2 if kind is Kind.HEADING else 0,
            link_chars=len(text) if kind is Kind.HEADING else 0,
            links=links,
        )
        for index, (kind, text, node) in enumerate(blocks)
    ]
    return Page(URL, None, "html", tuple(made), marks)


def values_of(page: Page) -> dict[str, float]:
    return shape_features(read_shape(page, 0))


def paragraph(parent: Node, text: str = PROSE) -> tuple[Kind, str, Node]:
    return Kind.PARAGRAPH, text, Node(parent, "p")


def test_paragraphs_of_one_element_stand_together() -> None:
    article = Node(BODY, "article")
    values = values_of(page_of([paragraph(article) for _ in range(6)]))
    assert (values["together"], values["adjacent"], values["articles"]) == (1, 1, math.log1p(1))


def test_paragraphs_of_cards_do_not() -> None:
    cards = [Node(BODY, "article") for _ in range(6)]
    values = values_of(page_of([paragraph(card) for card in cards]))
    assert values["together"] < 0.2
    assert (values["parents"], values["articles"]) == (1, math.log1p(6))


def test_prose_in_a_sidebar_is_counted_apart() -> None:
    aside = Node(BODY, "aside")
    shape = read_shape(page_of([paragraph(BODY), paragraph(aside), paragraph(aside)]), 0)
    assert (len(shape.prose), shape.aside) == (1, 2 * len(PROSE))


def test_prose_of_a_misnamed_wrapper_counts_where_there_is_no_other() -> None:
    wrapper = Node(BODY, "div", ("sidebar",))
    shape = read_shape(page_of([(Kind.HEADING, "Boats", BODY), paragraph(wrapper), paragraph(wrapper)]), 0)
    assert (len(shape.prose), shape.aside) == (2, 0)


def test_lines_with_a_time_part_the_turns_of_a_thread() -> None:
    line = (Kind.PARAGRAPH, "12.10.2026, 9:41", Node(BODY, "div"))
    values = values_of(page_of([paragraph(BODY), line, paragraph(BODY), line, paragraph(BODY), line]))
    assert (values["turns"], round(values["turns_even"])) == (math.log1p(3), 3)


def test_marks_of_a_writer_part_them_too() -> None:
    name = (Kind.PARAGRAPH, "eelwife", Node(BODY, "div"))
    marks = tuple(Mark(Node(BODY, "a", ("username",)), index, "eelwife") for index in (1, 3))
    assert values_of(page_of([paragraph(BODY), name, paragraph(BODY), name], marks=marks))["turns"] == math.log1p(2)


def test_dense_letters_count_as_several() -> None:
    text = "港の事務所は月曜日にもう一度船を数えた。二隻が余っていた。"
    assert read_shape(page_of([paragraph(BODY, text)]), 0).prose


def test_long_items_are_prose_and_short_ones_are_not() -> None:
    shape = read_shape(page_of([(Kind.LIST_ITEM, PROSE, BODY), (Kind.LIST_ITEM, "Boats", BODY)]), 0)
    assert (len(shape.prose), shape.loose) == (1, len("Boats"))


def test_a_heading_that_leads_elsewhere_over_the_text_is_seen() -> None:
    blocks = [(Kind.PARAGRAPH, "Ines Roper", BODY), (Kind.HEADING, "Two boats", BODY), paragraph(BODY)]
    assert is_led_by_link(page_of(blocks, links=("https://courier.example/two-boats",)), 0)
    assert not is_led_by_link(page_of(blocks, links=(URL,)), 0)


def test_a_page_without_blocks_has_a_shape() -> None:
    assert values_of(page_of([]))["prose_chars"] == 0
