"""Reading takes time in proportion to the page: ten times the page takes about ten times as long, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from pipelines import read_article, read_page
from tests.timing import grows_in_proportion

HEAD = "<html lang=en><title>Boats</title><body><main><h1>Boats</h1><p>Two boats too many.</p>"
PROSE = "The harbour office counted the boats again on Monday, and found two more than it had moorings for. "

Shape = Callable[[int], str]

SHAPES: dict[str, tuple[int, Shape]] = {
    "nested tables": (500, lambda n: "<table><tr><td>" * n + PROSE),
    "rows of one table": (500, lambda n: "<table>" + "<tr><td>1</td><td>Boat</td></tr>" * n + "</table>"),
    "a million attributes of one element": (100_000, lambda n: f"<p {' '.join(f'a{i}=1' for i in range(n))}>{PROSE}"),
    "attributes of many elements": (500, lambda n: "".join(f"<p class=c{i} id=i{i} data-a=1 title=t>A</p>" for i in range(n))),
    "inline markup": (10_000, lambda n: "<p>" + "<b>a</b> <i>b</i> " * n),
    "nested inline markup": (10_000, lambda n: "<p>" + "<b><i>" * n + PROSE),
    "links in one paragraph": (2_000, lambda n: "<p>" + "<a href=/x>word</a> " * n),
    "unclosed paragraphs": (1_000, lambda n: "<p>word" * n),
    "unclosed divisions": (10_000, lambda n: "<div>" * n + PROSE),
    "unclosed list items": (1_000, lambda n: "<ul><li>word" * n),
    "quotes in quotes": (5_000, lambda n: "<blockquote>" * n + PROSE),
    "one block of megabytes": (2_000, lambda n: "<p>" + PROSE * n),
    "a word of megabytes": (200_000, lambda n: "<p>" + "wort" * n),
    "paragraphs": (500, lambda n: "".join(f"<p>{PROSE}{i}</p>" for i in range(n))),
    "paragraphs that repeat": (300, lambda n: "".join(f"<p>{PROSE}{i}</p>" * 2 for i in range(n))),
    "line breaks": (5_000, lambda n: "<p>" + "word<br>" * n),
    "white space": (50_000, lambda n: "<p>a" + " \n" * n + "b"),
    "bylines and dates": (500, lambda n: "<p>By Mara Lind, 12 October 2026</p>" * n),
    "names in one byline": (2_000, lambda n: "<p class=byline>By " + "Mara Lind, " * n + f"</p><p>{PROSE}</p>"),
    "elements that name their role": (500, lambda n: "<i class=author>Mara Lind</i> <time datetime=2026-10-12>x</time>" * n),
    "pictures": (500, lambda n: "<figure><img src=/a.jpg><figcaption>A boat</figcaption></figure>" * n),
    "class names": (10_000, lambda n: f'<div class="{"comment-list " * n}">{PROSE}'),
    "declared tags": (2_000, lambda n: "<meta property=article:tag content=boat>" * n + PROSE),
    "open brackets in structured data": (2_000, lambda n: f"<script type='application/ld+json'>{'[' * n}</script>{PROSE}"),
    "declared persons": (
        500, lambda n: "<script type='application/ld+json'>[" + '{"@type":"Person","name":"A B"},' * n + f"0]</script>{PROSE}"
    ),
}  # fmt: skip
QUADRATIC: dict[str, tuple[int, Shape]] = {
    "headings of comments": (400, lambda n: PROSE * 3 + "<h2>Comments</h2><p>word</p>" * n),
}
PLAIN: dict[str, tuple[int, Shape]] = {
    "lines": (1_000, lambda n: "The boat lay still.\n" * n),
    "paragraphs": (500, lambda n: "".join(f"{PROSE}{i}\n\n" for i in range(n))),
    "one line": (2_000, lambda n: PROSE * n),
    "quotes in quotes": (2_000, lambda n: "> " * n + PROSE),
    "brackets": (2_000, lambda n: "[" * n + PROSE),
    "emphasis": (2_000, lambda n: "*a **b " * n),
}


def read(document: str, form: str) -> None:
    """Read a document, with all rooms."""
    read_article(read_page(document, url="https://paper.example/boats", format=form))


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    for form in ("html", "text", "markdown"):
        read(PROSE * 3, form)


def grows_as_the_page(shape: Shape, size: int, form: str = "html") -> bool:
    opening = HEAD if form == "html" else ""
    return grows_in_proportion(partial(read, form=form), opening + shape(size), opening + shape(10 * size))


@pytest.mark.parametrize("name", SHAPES)
def test_ten_times_the_page_takes_about_ten_times_as_long(name: str) -> None:
    size, shape = SHAPES[name]
    assert grows_as_the_page(shape, size)


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_ten_times_the_plain_text_takes_about_ten_times_as_long(name: str, form: str) -> None:
    size, shape = PLAIN[name]
    assert grows_as_the_page(shape, size, form)


@pytest.mark.parametrize("name", QUADRATIC)
def test_ten_times_the_headings_take_about_ten_times_as_long(name: str) -> None:
    size, shape = QUADRATIC[name]
    assert grows_as_the_page(shape, size)
