"""Whether two texts are copies does not depend on which is which, and no text breaks it."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.likeness import (
    SHORTEST,
    VALUES,
    Body,
    copied_share,
    may_be_copies,
    read_body,
    signature_of,
    size_of,
    titles_fit,
    values_of,
)

TEXT = " ".join(f"word{n} of the number {n * 7 % 100}" for n in range(60))

PINNED = (
    "0000012800d2327802d62469006b687200a3905601fa54ce00dcc75f000bd04e0054"
    "6829001a20730076a8f00279f26c01088d5300183e27002d9fdf000e41cf002f6a2a"
)


def words(seed: int, count: int) -> list[str]:
    random = Random(seed)
    return ["".join(random.choices("abdegiklmnoprstuz", k=6)) for _ in range(count)]


def share(first: str, second: str) -> float | None:
    return copied_share(read_body(first), read_body(second))


def test_a_signature_is_the_same_in_every_process_and_version() -> None:
    assert signature_of(TEXT).hex() == PINNED, "signatures in archives are of other values: raise VERSION"


def test_a_signature_holds_a_size_and_its_values() -> None:
    signature = signature_of(TEXT)
    assert size_of(signature) == len(read_body(TEXT).distinct)
    assert len(values_of(signature)) == VALUES == len(set(values_of(signature)))


def test_a_text_too_short_to_be_copied_has_an_empty_signature() -> None:
    short = " ".join(words(1, SHORTEST - 1))
    assert signature_of(short) == b""
    assert values_of(b"") == ()
    assert size_of(b"") == 0
    assert share(short, short) is None


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_text_breaks_it_and_the_order_does_not_matter(first: str, second: str) -> None:
    one, two = f"{TEXT} {first}", f"{second} {TEXT}"
    assert share(one, two) == share(two, one)
    assert share(one, one) == 1
    signature_of(first)
    titles_fit(first, second, (read_body(one), read_body(two)))
    assert titles_fit(first, first, (Body(""), Body("")))


@pytest.mark.parametrize("odd", ["\ud800", "\0", "\n" * 300_000, "(" * 300_000, "a" * 3_000_000, "e\u0301\u200b" * 100_000])
def test_odd_texts_are_signed_like_the_words_before_them(odd: str) -> None:
    assert share(TEXT, f"{TEXT} {odd}") == 1
    assert size_of(signature_of(f"{TEXT} {odd}")) - size_of(signature_of(TEXT)) in range(2)


@pytest.mark.parametrize("kept", [0.5, 0.3, 0.25])
def test_a_cut_text_is_wholly_in_the_other(kept: float) -> None:
    whole = words(1, 400)
    assert share(" ".join(whole), " ".join(whole[: int(400 * kept)])) == 1


def test_a_small_part_of_a_long_text_is_no_copy_of_it() -> None:
    whole = words(1, 600)
    assert share(" ".join(whole), " ".join(whole[:60])) is None


def test_an_edited_text_is_a_copy_and_a_quoted_passage_is_none() -> None:
    text, own = words(1, 300), words(2, 300)
    edited = [own[place] if place % 9 == 0 else word for place, word in enumerate(text)]
    assert share(" ".join(text), " ".join(edited)) == pytest.approx(4 / 9, abs=0.03)
    assert share(" ".join(text), " ".join(own[:160] + text[:140])) is None


def test_one_site_may_repeat_itself() -> None:
    text, own = words(1, 300), words(2, 300)
    one, two = read_body(" ".join(text)), read_body(" ".join(text[:200] + own[:100]))
    assert copied_share(one, two) is not None
    assert copied_share(one, two, one_site=True) is None


def test_a_single_value_in_common_tells_only_of_a_much_shorter_text() -> None:
    long, short = signature_of(" ".join(words(1, 400))), signature_of(" ".join(words(1, 120)))
    assert may_be_copies(1, long, short)
    assert not may_be_copies(1, long, long)
    assert may_be_copies(2, long, long)


def test_headlines_fit_if_they_are_alike_or_say_what_the_text_says() -> None:
    bodies = (read_body(TEXT + " the ferry sank off Hanko"), read_body(TEXT))
    assert titles_fit("Ferry sinks", "Another ferry sinks", bodies)
    assert titles_fit("Anything", "Ferry off Hanko", bodies)
    assert titles_fit(None, "Anything", bodies)
    assert not titles_fit("Budget passed", "Storm ahead", bodies)
