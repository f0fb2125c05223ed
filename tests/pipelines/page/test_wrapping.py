from __future__ import annotations

import textwrap
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.page.wrapping import columns, find_wrapping, join_lines

PROSE = (
    "The harbour master closed the eastern basin on Monday after two cranes had come loose in the storm. Pilots were told to "
    "wait in the roads until the wind had gone down, which nobody expects before Thursday."
)
"""Two sentences that fill several lines."""


def pairs(*groups: list[str]) -> list[tuple[str, str]]:
    return [pair for group in groups for pair in pairwise(group)]


@pytest.mark.parametrize("width", [40, 60, 72, 79, 132])
def test_the_width_is_what_most_lines_agree_on(width: int) -> None:
    groups = [textwrap.wrap(f"{number} {PROSE}", width) for number in range(4)]
    wrapping = find_wrapping(pairs(*groups))
    assert width <= wrapping.width <= width + 8


def test_whole_paragraphs_have_no_width() -> None:
    groups = [[f"{number} {PROSE}"[: 150 + 7 * number], PROSE[: 190 - 5 * number]] for number in range(9)]
    assert find_wrapping(pairs(*groups)).width == 0


def test_a_menu_has_no_width() -> None:
    assert find_wrapping(pairs(["Home", "News", "Sport", "Weather", "Contact"] * 20)).width == 0


def test_a_margin_of_its_own_has_its_own_width() -> None:
    plain = [textwrap.wrap(f"{number} {PROSE}", 72) for number in range(9)]
    quoted = [[f"     {line}" for line in textwrap.wrap(f"{number} {PROSE}", 60)] for number in range(4)]
    wrapping = find_wrapping(pairs(*plain, *quoted))
    assert all(wrapping.breaks(*pair) for pair in pairs(*plain, *quoted))


def test_a_line_with_room_left_was_ended_by_its_author() -> None:
    group = textwrap.wrap(PROSE, 60)
    wrapping = find_wrapping(pairs(*[group] * 3))
    assert not wrapping.breaks("By Jane Doe", "The harbour")


def test_an_unfinished_line_goes_on_though_a_word_more_had_fitted() -> None:
    wrapping = find_wrapping(pairs(*[textwrap.wrap(PROSE, 60)] * 3))
    line = "The harbour master closed the eastern basin on"
    assert wrapping.breaks(line, "a Monday")


def test_letters_of_two_columns_may_have_been_counted_as_one() -> None:
    prose = "港長は月曜日、嵐で二基のクレーンが外れたため、東の岸壁を閉じた。" * 6
    for wide in (1, 2):
        group = [prose[at : at + 80 // wide] for at in range(0, len(prose), 80 // wide)]
        wrapping = find_wrapping(pairs(*[group] * 3))
        assert all(wrapping.breaks(*pair) for pair in pairwise(group))


def test_east_asian_letters_take_two_columns_and_no_space_between_lines() -> None:
    assert columns("港は閉まった") == 12
    assert join_lines(["港は", "閉まった"]) == "港は閉まった"
    assert join_lines(["항구는", "닫혔다"]) == "항구는 닫혔다"
    assert join_lines(["the", "port"]) == "the port"


@given(
    st.lists(st.text("abcdefg ", min_size=1, max_size=30).map(str.strip).filter(bool), min_size=20, max_size=60),
    st.integers(40, 120),
)
def test_wrapped_text_is_joined_again(words: list[str], width: int) -> None:
    text = " ".join(" ".join(words).split())
    lines = textwrap.wrap(text, width)
    wrapping = find_wrapping(pairs(*[lines] * 5))
    assert all(wrapping.breaks(*pair) for pair in pairwise(lines)) or len(lines) < 3
