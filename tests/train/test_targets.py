"""Which blocks the truth of a page holds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.page import Block, Kind, Node
from train.targets import align, words_of

ROOT = Node(None, "body")
FIRST = "The lock keeper wrote the hour into her book, as her father had done when the gate was new."
SECOND = "Nobody on the bank said anything for a while, and the water behind the gate stood still."
THIRD = "For a new gate there is no money until the year after next, says the drainage board."
OTHER = "Eleven recipes for eel that your grandmother would have crossed the road to avoid."


def blocks_of(*texts: str) -> list[Block]:
    return [Block(index, Kind.PARAGRAPH, text, ROOT) for index, text in enumerate(texts)]


def body_of(*texts: str) -> str:
    return "\n\n".join(texts)


def test_blocks_of_the_body_are_whole_and_others_are_not_in_it() -> None:
    assert align(blocks_of(OTHER, FIRST, SECOND, OTHER, THIRD), body_of(FIRST, SECOND, THIRD)) == [0, 1, 1, 0, 1]


def test_a_sentence_that_stands_in_a_teaser_too_counts_where_the_article_has_it() -> None:
    assert align(blocks_of(FIRST, OTHER, FIRST, SECOND, THIRD), body_of(FIRST, SECOND, THIRD)) == [0, 0, 1, 1, 1]


def test_a_block_of_two_paragraphs_of_which_the_truth_has_one_is_in_by_half() -> None:
    assert align(blocks_of(f"{FIRST} {OTHER}"), FIRST)[0] == pytest.approx(19 / 33)


def test_a_heading_of_one_word_is_found_between_its_neighbours() -> None:
    assert align(blocks_of("News", FIRST, "Money", THIRD, "Money"), body_of(FIRST, "Money", THIRD)) == [0, 1, 1, 1, 0]


def test_signs_case_and_width_of_letters_make_no_difference() -> None:
    assert align(blocks_of("ＴＨＥ lock-keeper’s BOOK: page 3"), "the lock keeper's book, page 3") == [1]


def test_text_in_chinese_is_aligned_by_character() -> None:
    assert words_of("守闸人ab") == ["守", "闸", "人", "ab"]
    assert align(blocks_of("守闸人把时间写进本子。", "鳗鱼食谱十一种。"), "守闸人把时间写进本子。") == [1, 0]


def test_nothing_is_in_an_empty_truth() -> None:
    assert align(blocks_of(FIRST, "x"), "") == [0, 0]


def test_blocks_without_words_are_not_in_it() -> None:
    assert align([*blocks_of(FIRST), Block(1, Kind.BREAK, "", ROOT)], FIRST) == [1, 0]


TEXTS = st.lists(st.text("abcdefg  .", min_size=1, max_size=40), max_size=12)


@given(TEXTS, TEXTS)
def test_a_share_is_a_share(texts: list[str], truth: list[str]) -> None:
    assert all(0 <= share <= 1 for share in align(blocks_of(*texts), body_of(*truth)))


@given(st.integers(1, 12), st.integers(0, 1000))
def test_a_page_that_is_its_own_truth_is_all_body(count: int, seed: int) -> None:
    words = random.Random(seed).sample([f"word{number}" for number in range(count * 9)], count * 9)
    texts = [" ".join(words[place : place + 9]) for place in range(0, len(words), 9)]
    assert align(blocks_of(*texts), body_of(*texts)) == [1] * count
