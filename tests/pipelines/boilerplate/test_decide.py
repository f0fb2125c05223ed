"""Which blocks are kept, from how likely each is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.boilerplate.decide import keep_blocks
from pipelines.page import Block, Kind, Node

NODE = Node(None, "body")
PROSE = "The council will talk about the matter in spring, when the ice is gone and the question has answered itself."


def block(text: str, kind: Kind = Kind.PARAGRAPH, level: int = 0) -> Block:
    return Block(0, kind, text, NODE, level)


def kept(*blocks: tuple[Block, float], barred: tuple[int, ...] = (), openers: tuple[int, ...] = ()) -> list[int]:
    numbered = [Block(index, item.kind, item.text or "", NODE, item.level) for index, (item, _) in enumerate(blocks)]
    decided = keep_blocks(numbered, [chance for _, chance in blocks], barred, openers)
    return [index for index, keep in enumerate(decided) if keep]


def prose(number: int) -> Block:
    return block(f"{PROSE} {number}")


HEADING, BREAK, CAPTION = block("The Shed", Kind.HEADING, 2), block("", Kind.BREAK), block("The shed at noon", Kind.CAPTION)


def test_what_is_more_likely_in_than_out_is_kept() -> None:
    assert kept((prose(1), 0.9), (prose(2), 0.51), (prose(3), 0.49), (prose(4), 0.95)) == [0, 1, 3]


def test_what_is_barred_is_out_however_likely() -> None:
    assert kept((prose(1), 0.9), (prose(2), 0.99), (prose(3), 0.9), barred=(1,)) == [0, 2]


def test_where_nothing_is_likely_the_likeliest_is_kept() -> None:
    assert kept((prose(1), 0.02), (prose(2), 0.45), (prose(3), 0.4), (block("Menu"), 0.01)) == [1, 2]


def test_nothing_is_kept_where_nothing_is_possible() -> None:
    assert kept((prose(1), 0.0), (prose(2), 0.0)) == []


def test_a_longer_block_is_kept_once() -> None:
    assert kept((prose(1), 0.9), (prose(2), 0.9), (prose(1), 0.9)) == [0, 1]


def test_a_short_line_may_recur() -> None:
    assert kept((prose(1), 0.9), (block("“No.”"), 0.9), (prose(2), 0.9), (block("“No.”"), 0.9)) == [0, 1, 2, 3]


def test_the_heading_of_a_box_goes_where_the_box_goes() -> None:
    parts = (prose(1), 0.9), (HEADING, 0.9), (prose(2), 0.1), (prose(3), 0.9)
    assert kept(*parts, openers=(1,)) == [0, 3]
    assert kept(parts[0], parts[1], parts[3], openers=(1,)) == [0, 1, 2]


def test_a_heading_without_text_behind_it_is_left_out() -> None:
    assert kept((prose(1), 0.9), (HEADING, 0.9)) == [0]


def test_of_two_headings_of_one_level_the_first_is_left_out() -> None:
    assert kept((HEADING, 0.9), (block("Paint", Kind.HEADING, 2), 0.9), (prose(1), 0.9)) == [1, 2]


def test_a_heading_over_a_deeper_one_is_kept() -> None:
    assert kept((HEADING, 0.9), (block("Paint", Kind.HEADING, 3), 0.9), (prose(1), 0.9)) == [0, 1, 2]


def test_a_break_stays_between_kept_blocks_alone() -> None:
    assert kept((prose(1), 0.9), (BREAK, 0.0), (prose(2), 0.9)) == [0, 1, 2]
    assert kept((prose(1), 0.9), (BREAK, 0.9), (prose(2), 0.1)) == [0]


def test_the_caption_of_a_picture_among_the_text_is_kept_though_unlikely() -> None:
    assert kept((prose(1), 0.9), (CAPTION, 0.1), (prose(2), 0.9)) == [0, 1, 2]


def test_a_caption_behind_the_text_is_left_out_though_likely() -> None:
    assert kept((prose(1), 0.9), (prose(2), 0.9), (CAPTION, 0.6)) == [0, 1]


KINDS = st.sampled_from([HEADING, BREAK, CAPTION, block("Menu"), *(prose(number) for number in range(5))])


@given(st.lists(st.tuples(KINDS, st.floats(0, 1)), max_size=20), st.data())
def test_no_barred_text_is_ever_kept_and_no_heading_comes_last(blocks: list[tuple[Block, float]], data: st.DataObject) -> None:
    barred = data.draw(st.sets(st.integers(0, max(len(blocks) - 1, 0))))
    found = kept(*blocks, barred=tuple(barred))
    assert all(blocks[index][0].kind is Kind.BREAK for index in barred & set(found))
    assert not found or blocks[found[-1]][0].kind is not Kind.HEADING


def test_a_heading_between_kept_text_is_kept_though_it_is_a_little_less_likely() -> None:
    assert kept((prose(1), 0.9), (BREAK, 0.1), (HEADING, 0.45), (prose(2), 0.9)) == [0, 1, 2, 3]
    assert kept((prose(1), 0.9), (HEADING, 0.3), (prose(2), 0.9)) == [0, 2]
    assert kept((prose(1), 0.2), (HEADING, 0.45), (prose(2), 0.9)) == [2]
    assert kept((prose(1), 0.9), (HEADING, 0.45), (prose(2), 0.9), barred=(1,)) == [0, 2]
