"""How sure the reading of a body is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.boilerplate import body_confidence
from pipelines.fields import Label, LabelledBlock
from pipelines.page.page import Block, Kind, Node

BODY = Node(None, "body")


def item(label: Label, confidence: float, chars: int = 200) -> LabelledBlock:
    return LabelledBlock(Block(0, Kind.PARAGRAPH, "x" * chars, BODY), label, "", confidence)


def test_a_page_that_the_judge_parts_cleanly_is_surely_read_well() -> None:
    clean = [item(Label.ARTICLE, 0.99), item(Label.ARTICLE, 0.98), item(Label.NAVIGATION, 0.99, 40)]
    assert body_confidence(clean) > 0.95


def test_a_page_of_even_chances_is_not() -> None:
    assert body_confidence([item(Label.ARTICLE, 0.6), item(Label.OTHER, 0.55)]) < 0.4


def test_without_any_text_kept_there_is_no_confidence() -> None:
    assert body_confidence([item(Label.OTHER, 0.9)]) == 0
    assert body_confidence([]) == 0


def test_fields_printed_among_the_text_do_not_count() -> None:
    kept = [item(Label.ARTICLE, 0.97)]
    assert body_confidence([*kept, item(Label.FURNITURE, 0.95)]) == pytest.approx(body_confidence(kept))


@given(st.lists(st.tuples(st.sampled_from(list(Label)), st.floats(0, 1), st.integers(0, 400))))
def test_it_is_a_share(blocks: list[tuple[Label, float, int]]) -> None:
    assert 0 <= body_confidence([item(*block) for block in blocks]) <= 1
