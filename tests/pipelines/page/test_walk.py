"""What the walk costs: no shape of document makes it slower than its size does, and nothing of it stays behind."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest

from pipelines.page import Kind, Page, read_page
from tests.timing import grows_in_proportion

FEW, MANY = 1_000, 10_000

SHAPES: dict[str, Callable[[int], str]] = {
    "paragraphs": lambda n: "<p>A word.</p>\n" * n,
    "a text without end": lambda n: "<p>" + "word " * 50 * n,
    "white space": lambda n: "<p>" + " \n" * 50 * n,
    "a comment": lambda n: "<!-- " + "- <p>" * 50 * n + "--><p>A",
    "comments": lambda n: "<p>" + "<!-- a -->A" * n,
    "attributes": lambda n: "<p " + " ".join(f"a{i}=1" for i in range(10 * n)) + ">A",
    "an attribute again": lambda n: "<p " + "class=a " * 10 * n + ">A",
    "classes": lambda n: '<p class="' + " ".join(f"date{i}" for i in range(n)) + '">A',
    "nested tables": lambda n: "<table><tr><td>A" * n,
    "rows": lambda n: "<table>" + "<tr><td>A<td>B" * n,
    "cells": lambda n: "<table><tr>" + "<td>A" * n,
    "inline elements": lambda n: "<p>" + "<b>A</b><i class=x>b</i> " * n,
    "links": lambda n: "<p>" + "".join(f"<a href=x{i}>A</a> " for i in range(n)),
    "signs that link to a heading": lambda n: "<h2>" + "<a href=#>#</a>" * n,
    "bold left open": lambda n: "<b>A" * n,
    "fonts left open": lambda n: "<font color=red>A" * n,
    "boxes left open": lambda n: "<div>A" * n,
    "links left open": lambda n: "<a href=x>A" * n,
    "marks left open": lambda n: "<span class=date>A" * n,
    "boxes in marks left open": lambda n: "<span class=date>" * 500 + "<div>A</div>" * n,
    "buttons left open": lambda n: "<button>A" * n + "<p>B",
    "buttons with paragraphs": lambda n: "<button>A<p>B</button>" * n,
    "what is not shown": lambda n: "<span hidden>A<b>" * n + "<p>B",
    "line breaks": lambda n: "<p>A" + "<br>" * n + "B",
    "line breaks with nothing between": lambda n: "<p>A<br>" + " <i></i>" * n + "<br>B",
    "marks around much": lambda n: "<div class=date>" * 100 + "<i>A</i>" * n,
    "items in items": lambda n: "<div itemscope itemprop=a>A" * n,
    "properties": lambda n: "<div itemscope>" + "<i itemprop=a>A</i>" * n,
    "figures in figures": lambda n: "<figure><img src=a><i class=credit>B</i>" * n,
    "images": lambda n: "<figure>" + "<img src=a>" * n + "<figcaption>A",
    "lists in lists": lambda n: "<ul><li>A" * n,
    "lines of code": lambda n: "<pre>" + "<div>A</div>" * n,
    "scripts": lambda n: "<script>x</script>" * n,
    "pictures drawn in place": lambda n: "<svg>" + "<path d=x>" * n,
    "entities": lambda n: "<p>" + "&amp;&#39;&nbsp;" * n,
    "signs": lambda n: "<" * n,
}


def parse(markup: str) -> Page:
    return read_page(markup, url="https://paper.example/", format="html")


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_ten_times_the_size_takes_about_ten_times_as_long(shape: Callable[[int], str]) -> None:
    assert grows_in_proportion(parse, shape(FEW), shape(MANY))


def test_a_page_leaves_no_more_garbage_than_its_parser() -> None:
    markup = "<ul><li class=date>A <a href=b>c</a></ul><table><tr><td itemscope><i itemprop=d>E</i></table><pre>F</pre>"
    parse(markup * 100)
    gc.collect()
    gc.disable()
    try:
        parse(markup)
        few = gc.collect()
        parse(markup * 100)
        many = gc.collect()
    finally:
        gc.enable()
    assert many == few


def test_held_text_keeps_its_order_once_a_paragraph_shows_up() -> None:
    page = parse("<button>One <b>two</b> <i hidden>no</i><svg>no</svg> three<p>Four</p> five</button>")
    assert [block.text for block in page.blocks] == ["One two three", "Four", "five"]


def test_held_text_without_a_paragraph_takes_no_text_after_it_along() -> None:
    assert [block.text for block in parse("<p>One <button>no <b>no</b></button>two</p>").blocks] == ["One two"]


def test_data_in_held_elements_are_kept() -> None:
    page = parse('<button><script type="application/ld+json">{}</script></button>')
    assert page.head.json_ld == ("{}",)


def test_a_paragraph_in_code_is_a_line_of_it() -> None:
    page = parse("<pre>a<button>b<p>c</p></button></pre><p>d</p>")
    assert [(block.kind, block.text) for block in page.blocks] == [(Kind.CODE, "a\nb\nc"), (Kind.PARAGRAPH, "d")]


def test_a_link_without_words_gives_a_rule_no_address() -> None:
    (block,) = parse("<div><a href=b><hr></a></div>").blocks
    assert (block.kind, block.links, block.link_chars) == (Kind.BREAK, (), 0)


def test_a_link_around_nothing_gives_a_paragraph_no_address() -> None:
    (block,) = parse("<div>A <i>b</i><a href=c><i></i><i></i></a><b>d</b></div>").blocks
    assert (block.text, block.links, block.link_chars) == ("A bd", (), 0)
