"""Runs of words have numbers of their own, whatever the letter case, the signs and what cannot be seen between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.likeness import LONGEST, RUN, SHORTEST, UNSPACED_RUN, read_body
from archive.run_hashes import hash_runs, least_in_orders

if TYPE_CHECKING:
    from archive.run_hashes import Numbers

WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=3), max_size=90)
SPACED = "The ferry to Hanko was put off until noon, as the fog stood on the water. "
UNSPACED = "渡船は正午まで延期された。霧が水面に立っていたためである。"


def numbers(text: str, shortest: int = 1) -> Numbers | None:
    return hash_runs(text, shortest=shortest, longest=LONGEST, run=RUN, unspaced_run=UNSPACED_RUN)


def listed(text: str) -> list[int]:
    found = numbers(text, SHORTEST)
    return [] if found is None else [int(number) for number in found]


@given(WORDS)
def test_there_are_as_many_numbers_as_distinct_runs(words: list[str]) -> None:
    text = " ".join(words)
    assert len(listed(text)) == len(read_body(text).distinct)


@given(WORDS, WORDS)
def test_two_texts_have_the_numbers_of_the_runs_that_both_have(first: list[str], second: list[str]) -> None:
    one, two = " ".join(first), " ".join(first[::2] + second)
    if read_body(one).distinct and read_body(two).distinct:
        assert len(set(listed(one)) & set(listed(two))) == len(read_body(one).distinct & read_body(two).distinct)


@given(st.text(max_size=300))
def test_any_text_has_numbers_or_too_few_words(text: str) -> None:
    found = listed(f"{text} {SPACED * 3}")
    assert found == sorted(set(found))
    assert found


@pytest.mark.parametrize("text", [SPACED * 4, UNSPACED * 4, f"{SPACED} {UNSPACED}" * 2])
def test_as_many_as_the_comparison_knows_in_any_script(text: str) -> None:
    assert len(listed(text)) == len(read_body(text).distinct)


@pytest.mark.parametrize(
    "other",
    [
        SPACED.upper() * 4,
        SPACED.replace(",", " - ") * 4,
        SPACED.replace(" ", "\xa0") * 4,
        SPACED.replace("ferry", "fer\u00adry") * 4,
        SPACED.replace(".", "…") * 4,
    ],
)
def test_letter_case_signs_and_what_cannot_be_seen_make_no_difference(other: str) -> None:
    assert listed(other) == listed(SPACED * 4)


def test_normal_forms_make_no_difference() -> None:
    assert listed("caf\u00e9 au lait \ufb01n " * 20) == listed("cafe\u0301 au lait fin " * 20)


def test_too_few_words_have_no_numbers() -> None:
    assert numbers("one two three four", shortest=5) is None
    assert numbers("", shortest=1) is None


def test_what_comes_after_the_longest_text_is_not_looked_at() -> None:
    words = [f"word{place}" for place in range(60)]
    cut = hash_runs(" ".join(words), shortest=1, longest=50, run=RUN, unspaced_run=UNSPACED_RUN)
    whole = numbers(" ".join(words[:50]))
    assert cut is not None
    assert whole is not None
    assert cut.tolist() == whole.tolist()


def test_each_order_has_a_first_of_its_own() -> None:
    found = numbers(SPACED * 4)
    assert found is not None
    least = least_in_orders(found, 16, 32, seed=1)
    assert len(set(least)) == 16
    assert all(0 <= value < 2**32 for value in least)
    assert least == least_in_orders(found, 16, 32, seed=1) != least_in_orders(found, 16, 32, seed=2)
