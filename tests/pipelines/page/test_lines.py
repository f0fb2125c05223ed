"""Lines parted by `<br>`, breaks made of signs, and signs that are no text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.page import read_page
from pipelines.page.page import Block, Kind

ONE = "The harbour office counted the boats again on Monday."
TWO = "By Tuesday two of them had been traced to a shed."
OPEN = "The harbour office counted the boats again on Monday,"


def blocks_of(body: str) -> tuple[Block, ...]:
    return read_page(f"<html><body>{body}</body></html>".encode(), url="https://courier.example/boats").blocks


def texts_of(body: str) -> list[str]:
    return [block.text for block in blocks_of(body)]


def test_sentences_on_lines_of_their_own_are_paragraphs() -> None:
    assert texts_of(f"<p>{ONE}<br>{TWO}<br>“{ONE}”</p>") == [ONE, TWO, f"“{ONE}”"]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((OPEN, TWO), id="the first ends no sentence"),
        pytest.param((ONE, TWO.lower()), id="the second begins none"),
        pytest.param(("Boats.", TWO), id="the first is short"),
        pytest.param((ONE, "Boats."), id="the second is short"),
    ],
)
def test_other_lines_are_one_paragraph(lines: tuple[str, str]) -> None:
    assert texts_of(f"<p>{'<br>'.join(lines)}</p>") == [" ".join(lines)]


def test_lines_of_a_list_item_stay_together() -> None:
    assert texts_of(f"<ul><li>{ONE}<br>{TWO}</li></ul>") == [f"{ONE} {TWO}"]


def test_each_line_has_its_own_links_and_bold_characters() -> None:
    first, second, third = blocks_of(f"<p>{ONE}<br>{TWO} See <a href='/log'>the log</a> of it.<br><b>{ONE}</b></p>")
    assert (first.link_chars, second.link_chars, third.link_chars) == (0, len("the log"), 0)
    assert (first.links, second.links) == ((), ("https://courier.example/log",))
    assert (second.bold_chars, third.bold_chars) == (0, len(ONE))


def test_a_link_around_several_lines_is_in_each() -> None:
    first, second = blocks_of(f"<p><a href='/log'>{ONE}<br>{TWO}</a></p>")
    assert (first.link_density, second.link_density) == (1, 1)
    assert first.links == second.links == ("https://courier.example/log",)


@given(st.lists(st.sampled_from([ONE, TWO, OPEN, "Boats.", "<b>Oars", "</b>", "<a href='/log'>", "</a>"]), max_size=12))
def test_no_word_is_lost_at_line_breaks(lines: list[str]) -> None:
    joined = " ".join(texts_of(f"<p>{' '.join(lines)}</p>"))
    assert " ".join(texts_of(f"<p>{'<br>'.join(lines)}</p>")).split() == joined.split()


@pytest.mark.parametrize("signs", ["* * *", "***", "---", "– – –", "⁂", "§", "~~~", "•••"])
def test_a_paragraph_of_signs_is_a_break(signs: str) -> None:
    assert [(block.kind, block.text) for block in blocks_of(f"<p>{ONE}</p><p>{signs}</p><p>{TWO}</p>")] == [
        (Kind.PARAGRAPH, ONE),
        (Kind.BREAK, ""),
        (Kind.PARAGRAPH, TWO),
    ]


@pytest.mark.parametrize("text", ["***** out of five", "-40", "§ 5", "?!?"])
def test_signs_beside_words_are_no_break(text: str) -> None:
    assert texts_of(f"<p>{text}</p>") == [text]


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d", "\u200d \u200d"])
def test_a_paragraph_of_joiners_is_empty(joiner: str) -> None:
    assert texts_of(f"<p>{ONE}{joiner}</p><p>{joiner}</p>") == [ONE]


def test_joiners_inside_a_word_stay() -> None:
    assert texts_of("<p>می\u200cخواهم</p>") == ["می\u200cخواهم"]


@pytest.mark.parametrize("sign", ["↩", "↩︎", "↑", "⤴"])
def test_the_sign_that_leads_back_from_a_footnote_is_no_text(sign: str) -> None:
    (note,) = blocks_of(f"<ol><li>Counted by hand. <a href='#ref1'>{sign}</a></li></ol>")
    assert (note.text, note.link_chars) == ("Counted by hand.", 0)


def test_a_number_that_leads_back_from_a_footnote_is_text() -> None:
    assert texts_of("<p><a href='#ref1'>1</a> Counted by hand.</p>") == ["1 Counted by hand."]


def test_an_initial_set_apart_is_one_word_with_the_rest() -> None:
    assert texts_of("<p><span class='drop-cap'>T</span>he ferry left.</p>") == ["The ferry left."]
