"""Kickers and subtitles in a heading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.surroundings import words_of
from pipelines.title.kickers import located_words, without_kicker

TITLE = "Ferry sails again after storm"

HEADINGS = [
    (f"Harbour {TITLE}", TITLE),
    (f"Harbour: {TITLE}", TITLE),
    (f"12 May 2026 {TITLE}", TITLE),
    (f"Harbour “{TITLE}”", f"“{TITLE}”"),
    (f"2026 {TITLE}", f"2026 {TITLE}"),
    (f"The {TITLE}", f"The {TITLE}"),
    (f"How the {TITLE}", f"How the {TITLE}"),
    (f"{TITLE} | Photographs", TITLE),
    (f"{TITLE} Harbour office opens line", TITLE),
    (f"{TITLE} in the harbour of Tern", f"{TITLE} in the harbour of Tern"),
    (f"{TITLE}! Harbour office opens line", f"{TITLE}!"),
    ("Another heading", "Another heading"),
]


@pytest.mark.parametrize(("heading", "title"), HEADINGS)
def test_heading_is_cut_to_the_declared_title_where_the_rest_is_a_line_of_its_own(heading: str, title: str) -> None:
    assert without_kicker(heading, [words_of(TITLE)], []) == title


def test_sign_in_the_declared_title_parts_the_heading() -> None:
    assert without_kicker(f"Harbour {TITLE}", [], [f"Harbour | {TITLE} | Tern"]) == TITLE
    assert without_kicker(f'Harbour news"{TITLE}"', [], [f'Harbour news - "{TITLE}"']) == f'"{TITLE}"'


def test_long_first_part_is_the_title_and_stays() -> None:
    heading = "How the ferry sails again Step by step to the pier"
    assert without_kicker(heading, [], ["How the ferry sails again: Step by step to the pier"]) == heading


def test_sign_that_the_heading_prints_too_parts_nothing() -> None:
    assert without_kicker(f"Harbour: {TITLE}", [], [f"Harbour: {TITLE}"]) == f"Harbour: {TITLE}"


@given(st.text(max_size=60), st.text(max_size=40), st.text(max_size=60))
def test_what_is_left_is_a_piece_of_the_heading(heading: str, title: str, declared: str) -> None:
    assert without_kicker(heading, [words_of(title)], [declared, heading.replace(" ", ": ")]) in heading


@given(st.text(max_size=60))
def test_located_words_stand_where_they_say(text: str) -> None:
    assert all(text[word.start : word.end] for word in located_words(text))
