from __future__ import annotations

import pytest

from pipelines.page import Kind, read_page
from pipelines.page.references import LinkReader, split_references

FOOT = """
References

   Visible links:
   1. https://paper.example/
   2. https://paper.example/sport
   3. mailto:desk@paper.example?subject=a b
   Hidden links:
   4. https://paper.example/logo
"""
ADDRESSES = {1: "a:1", 2: "a:2", 3: "a:3"}


def test_the_list_at_the_foot_is_no_text() -> None:
    lines = f"   [1]Home\n\n   Text.\n{FOOT}".split("\n")
    end, addresses = split_references(lines)
    assert [line for line in lines[:end] if line] == ["   [1]Home", "   Text."]
    assert addresses[3] == "mailto:desk@paper.example?subject=a b"
    assert sorted(addresses) == [1, 2, 3, 4]


def test_an_address_with_a_line_break_does_not_end_the_list() -> None:
    lines = f"[1]Home\n{FOOT}".replace("sport", "sport?text=Two\nlines").split("\n")
    assert sorted(split_references(lines)[1]) == [1, 2, 3, 4]


def test_a_list_of_sources_is_text_where_nothing_refers_to_it() -> None:
    lines = ["Sources", "", "1. https://paper.example/one", "2. https://paper.example/two"]
    assert split_references(lines) == (4, {})


def test_the_numbers_of_links_are_taken_out() -> None:
    assert LinkReader(ADDRESSES)("[1]Home | [2]Sport")[0] == "Home | Sport"


@pytest.mark.parametrize(
    ("text", "chars"),
    [
        ("[1]Home", 4),
        ("[1]Home | [2]Sport", 9),
        ("See [1]the timetable, which has changed.", 13),
        ("[1]The timetable has changed. Nobody knows why.", 25),
        ("Nothing", 0),
        ("(BUTTON) Subscribe", 9),
    ],
)
def test_the_characters_of_links_are_guessed(text: str, chars: int) -> None:
    assert abs(LinkReader(ADDRESSES)(text)[1] - chars) <= 3


def test_a_footnote_is_no_link() -> None:
    read_links = LinkReader(ADDRESSES)
    assert read_links("One [1]two")[0] == "One two"
    assert read_links("Three [1] four [9] [2]five")[0] == "Three [1] four [9] five"


def test_a_link_may_begin_on_the_line_above_its_text() -> None:
    read_links = LinkReader(ADDRESSES)
    assert read_links("[1]")[0] == ""
    assert read_links("Storm closes the harbour")[1] == len("Storm closes the harbour")
    assert read_links("The port is closed.")[1] == 0


def test_a_linked_image_makes_no_link_of_what_follows() -> None:
    page = read_page(f"   [1][quay.jpg]\n\n   [2]Sport\n\n   Text.\n{FOOT}", format="text")
    assert [(block.text, block.link_chars) for block in page.blocks] == [("Sport", 5), ("Text.", 0)]


def test_blocks_have_the_addresses_of_their_links() -> None:
    page = read_page(f"   * [1]Home\n   * [2]Sport\n\n   Text with [3]a link.\n{FOOT}", format="text")
    assert [(block.kind, block.text, block.links) for block in page.blocks] == [
        (Kind.LIST_ITEM, "Home", ("https://paper.example/",)),
        (Kind.LIST_ITEM, "Sport", ("https://paper.example/sport",)),
        (Kind.PARAGRAPH, "Text with a link.", ("mailto:desk@paper.example?subject=a b",)),
    ]
