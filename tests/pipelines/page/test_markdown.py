from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.page import Kind, read_page
from pipelines.page.markdown import split_front_matter
from tests.timing import cpu_seconds

FRONT = {
    "YAML": (
        "---\ntitle: A\ndate: 2026-08-22\ntags: [x, y]\n---\nB",
        (("title", "A"), ("date", "2026-08-22"), ("tags", "x"), ("tags", "y")),
    ),
    "YAML with authors as mappings": (
        "---\nauthors:\n  - name: Jane\n    url: u\n---\n",
        (("authors.name", "Jane"), ("authors.url", "u")),
    ),
    "TOML": (
        '+++\ntitle = "A"\ndate = 2026-08-22\n[params]\nlead = "C"\n+++\nB',
        (("title", "A"), ("date", "2026-08-22"), ("params.lead", "C")),
    ),
    "without fences": ("Title: A\nDate: 2026-08-22\n\nB", (("title", "A"), ("date", "2026-08-22"))),
    "none": ("B", ()),
    "a break, not front matter": ("---\n\nB\n\n---\n\nC", ()),
    "a colon in prose": ("Note: this.\n\nB", ()),
    "broken YAML": ("---\na: [\n---\nB", ()),
    "broken TOML": ("+++\na = \n+++\nB", ()),
    "keys in capitals": ("---\nTitle: A\n---\n", (("title", "A"),)),
    "empty values": ("---\ntitle:\n---\n", ()),
}


@pytest.mark.parametrize(("text", "pairs"), FRONT.values(), ids=FRONT.keys())
def test_front_matter(text: str, pairs: tuple[tuple[str, str], ...]) -> None:
    assert split_front_matter(text)[0] == pairs


def test_the_body_is_what_follows() -> None:
    assert split_front_matter("---\ntitle: A\n---\nB")[1] == "B"


def test_markdown_becomes_blocks() -> None:
    page = read_page(
        "---\ntitle: Storm\nlang: en\n---\n# Storm\n\nOne *two* [three](/x).\n\n## Next\n\n- A\n- B\n\n> C\n\n---\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n",
        url="https://paper.example/storm.md",
    )
    assert page.format == "markdown"
    assert [(block.kind, block.text) for block in page.blocks] == [
        (Kind.HEADING, "Storm"),
        (Kind.PARAGRAPH, "One two three."),
        (Kind.HEADING, "Next"),
        (Kind.LIST_ITEM, "A"),
        (Kind.LIST_ITEM, "B"),
        (Kind.QUOTE, "C"),
        (Kind.BREAK, ""),
        (Kind.TABLE_ROW, "a | b"),
        (Kind.TABLE_ROW, "1 | 2"),
        (Kind.CODE, "code"),
    ]
    assert page.blocks[1].links == ("https://paper.example/x",)
    assert (page.head.title, page.head.lang) == ("Storm", "en")


CONVERTED = {
    "an address broken at its hyphens": "[Storm](https://paper.example/storm-\nat-the-\nquay) ends",
    "an address broken before its title": '[Storm](https://paper.example/storm-\nat-the-quay\n"The storm") ends',
    "an address with spaces": "[Storm](https://paper.example/storm-at-the-quay?text=a b) ends",
}


@pytest.mark.parametrize("text", CONVERTED.values(), ids=CONVERTED.keys())
def test_links_as_converters_write_them(text: str) -> None:
    (block,) = read_page(text, format="markdown").blocks
    assert (block.text, block.link_chars) == ("Storm ends", len("Storm"))
    assert block.links[0].startswith("https://paper.example/storm-at-the-quay")


def test_a_link_around_several_blocks() -> None:
    page = read_page("[\n\n### Storm\n\nThe port is closed ](/storm)\n\n[Next](/b)", format="markdown")
    assert [(block.text, block.link_chars) for block in page.blocks] == [("Storm", 0), ("The port is closed", 18), ("Next", 4)]


def test_addresses_that_no_browser_may_follow_are_still_links() -> None:
    (block,) = read_page("[Print](javascript:print()) ![](data:image/svg+xml;x)", format="markdown").blocks
    assert (block.text, block.link_chars) == ("Print", 5)


def test_a_link_over_two_lines_is_one() -> None:
    (block,) = read_page("So [the storm\nat the quay](/storm) ends", format="markdown").blocks
    assert (block.text, block.link_chars) == ("So the storm at the quay ends", 21)


def test_a_linked_heading_over_two_lines_is_one() -> None:
    page = read_page("### [The storm\nat the quay](/storm)\n\nText", format="markdown")
    assert [(block.kind, block.text) for block in page.blocks] == [
        (Kind.HEADING, "The storm at the quay"),
        (Kind.PARAGRAPH, "Text"),
    ]


def test_titles_and_brackets_are_left_as_they_are() -> None:
    page = read_page('[One](/a "A b") [two](<c d>) [x] ![three](/i.png)', format="markdown")
    assert [block.text for block in page.blocks] == ["One two [x]"]


def test_lists_set_in_like_code_are_lists() -> None:
    page = read_page(
        "Menu\n\n      * [One](/1)\n      * [Two](/2)\n\n        * [Three](/3)\n      *       * [Four](/4)\n", format="markdown"
    )
    assert [(block.kind, block.text) for block in page.blocks] == [
        (Kind.PARAGRAPH, "Menu"),
        *((Kind.LIST_ITEM, text) for text in ("One", "Two", "Three", "Four")),
    ]


def test_code_set_in_is_code() -> None:
    page = read_page("So:\n\n    x = 1\n    y = [2](3)\n    z = 4\n", format="markdown")
    assert page.blocks[1].kind is Kind.CODE


def test_html_inside_markdown_is_read() -> None:
    page = read_page("<div class='note'>\n\nA *b*\n\n</div>\n", format="markdown")
    assert [(block.text, block.node.tag) for block in page.blocks] == [("A b", "p")]


LONG = {
    "brackets": "[" * 20_000,
    "ends of links": "a](" * 10_000,
    "a broken address": "[a](" + "b-\n" * 20_000,
    "brackets in an address": "[a](" + "(" * 20_000,
    "items set in": "\n".join(" " * (n % 90) + "* [ab](c)" for n in range(2_000)),
    "backticks": "[a](b) " + "`a " * 10_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_no_markdown_takes_long(text: str) -> None:
    assert cpu_seconds(partial(read_page, format="markdown"), text) < 5


@given(st.text("-+:=[]{}&*!|>'\"#ab \n", max_size=200) | st.text(max_size=200))
def test_no_markdown_raises(text: str) -> None:
    read_page(text, format="markdown")
    read_page(f"---\n{text}\n---\n", format="markdown")
    read_page(f"+++\n{text}\n+++\n", format="markdown")


def test_a_line_inside_a_cell_is_not_one_between_cells() -> None:
    page = read_page("| a \\| b | c |\n| --- | --- |\n| d \\| | e |\n", format="markdown")
    assert [block.text for block in page.blocks] == ["a|b | c", "d| | e"]
