"""What the elements of a page span and hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.boilerplate.outline import Outline, good_chars, outline_of
from pipelines.page import Block, Kind, Node, read_page

FIRST = "The harbour office counted the boats again on Monday and found two more than it had moorings for, to nobody's joy."
SECOND = "By Tuesday the two had been traced to a shed on the far side of the island, where they waited for a coat of paint."
NODE = Node(None, "p")


def outline(body: str, title: int | None = None, furniture: frozenset[int] = frozenset()) -> Outline:
    return outline_of(read_page(f"<html><body>{body}</body></html>", format="html").blocks, title, furniture)


def node_of(found: Outline, tag: str) -> int:
    return next(place for place, node in enumerate(found.nodes) if node.tag == tag)


@pytest.mark.parametrize(
    ("kind", "text", "linked"),
    [
        (Kind.PARAGRAPH, "Two boats too many.", 0),
        (Kind.PARAGRAPH, FIRST.rstrip("."), 0),
        (Kind.PARAGRAPH, FIRST, len(FIRST)),
        (Kind.HEADING, FIRST, 0),
        (Kind.CAPTION, FIRST, 0),
        (Kind.TABLE_ROW, FIRST, 0),
    ],
    ids=["short", "no sentence", "linked", "heading", "caption", "table row"],
)
def test_what_is_no_prose_has_no_characters_of_prose(kind: Kind, text: str, linked: int) -> None:
    assert good_chars(Block(0, kind, text, NODE, link_chars=linked)) == 0


@pytest.mark.parametrize("kind", [Kind.PARAGRAPH, Kind.QUOTE, Kind.LIST_ITEM])
def test_prose_counts_whole(kind: Kind) -> None:
    assert good_chars(Block(0, kind, FIRST, NODE)) == len(FIRST)


def test_prose_of_dense_scripts_is_shorter() -> None:
    text = "港の事務所は月曜日に船をもう一度数え、係留場所より二隻多いことに気づいた。"
    assert good_chars(Block(0, Kind.PARAGRAPH, text, NODE)) == len(text)


def test_an_element_holds_the_prose_of_all_blocks_inside() -> None:
    found = outline(f"<nav><p>Menu</p></nav><main><div><p>{FIRST}</p></div><p>{SECOND}</p></main>")
    main = node_of(found, "main")
    assert (found.first[main], found.last[main]) == (1, 2)
    assert found.good_in(main) == found.total == len(FIRST) + len(SECOND)
    assert found.good_in(node_of(found, "nav")) == 0


def test_parents_come_before_children_and_the_root_is_its_own() -> None:
    found = outline(f"<main><div><p>{FIRST}</p></div></main>")
    assert found.parent[0] == 0
    assert all(parent < place for place, parent in enumerate(found.parent) if place)
    assert [found.depth[place] for place in range(len(found.nodes))] == [0, *(found.depth[p] + 1 for p in found.parent[1:])]


def test_a_block_that_prints_a_field_is_no_prose_of_the_body() -> None:
    assert outline(f"<p>{FIRST}</p><p>{SECOND}</p>", furniture=frozenset({0})).total == len(SECOND)


def test_hidden_prose_does_not_count_beside_shown_prose() -> None:
    found = outline(f"<p>{FIRST}</p><div hidden><p>{SECOND}</p></div>")
    assert (found.total, found.shown) == (len(FIRST), [True, False])


def test_a_page_that_hides_nearly_all_its_prose_hides_none() -> None:
    found = outline(f"<p>Two boats too many.</p><div hidden><p>{FIRST}</p><p>{SECOND}</p></div>")
    assert found.shown == [True, True, True]


def test_prose_is_counted_from_the_title_on() -> None:
    found = outline(f"<p>{FIRST}</p><h1>Boats</h1><p>{SECOND}</p><p>Last.</p>", title=1)
    assert found.good_since_title(3) == len(SECOND)
    assert found.good_since_title(0) == 0


PIECES = st.sampled_from(
    [f"<p>{FIRST}</p>", f"<p>{SECOND}</p>", "<h2>Shed</h2>", "<div>", "</div>", "<ul><li>One", "</ul>", "<hr>"]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_spans_and_sums_fit_the_blocks(body: str) -> None:
    found = outline(body)
    assert found.total == sum(found.good)
    for block, node in enumerate(found.at):
        while True:
            assert found.first[node] <= block <= found.last[node]
            if not node:
                break
            node = found.parent[node]
