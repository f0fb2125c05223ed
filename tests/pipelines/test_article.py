"""A page through all rooms, and several pages of one article."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pipelines import read_article, read_page
from pipelines.fields import Label

URL = "https://courier.example/culture/boats"
PROSE = [
    "The harbour office counted the boats again on Monday and found two more than it had moorings for, which pleased nobody.",
    "By Tuesday the two had been traced to a shed on the far side of the island, where they were waiting for a coat of paint.",
    "Nobody had asked for them, said the harbour master, and nobody would say who had rowed them across in the night.",
    "The council will talk about the matter in spring, when the ice is gone and the question may have answered itself.",
]


def page_of(*parts: str, number: int = 1) -> str:
    body = "".join(part if part.startswith("<") else f"<p>{part}</p>" for part in parts)
    return (
        "<html lang='en'><title>Two Boats Too Many</title><body><main><h1>Two Boats Too Many</h1>"
        "<p class='byline'>By Ines Calloway</p>"
        f"<p><time datetime='2026-10-12'>12 October 2026</time></p><div>{body}</div></main>"
        f"<footer><p>© 2026 Page {number}</p></footer>"
    )


def test_the_bodies_of_further_pages_are_appended_without_their_furniture() -> None:
    pages = [read_page(page_of(*PROSE[n : n + 2], number=n), url=URL) for n in (0, 2)]
    article = read_article(pages[0], following=pages[1:])
    assert article.text.split("\n\n") == PROSE


def test_a_section_broken_across_pages_goes_on() -> None:
    first = read_page(page_of(PROSE[0], "<h2>The Shed</h2>", PROSE[1]), url=URL)
    second = read_page(page_of(PROSE[2], PROSE[3]), url=URL + "?page=2")
    sections = read_article(first, following=[second]).sections
    assert [(section.heading, len(section.blocks)) for section in sections] == [(None, 1), ("The Shed", 3)]


def test_blocks_of_further_pages_are_numbered_on() -> None:
    pages = [read_page(page_of(*PROSE[n : n + 2]), url=URL) for n in (0, 2)]
    indices = [item.block.index for item in read_article(pages[0], following=pages[1:]).blocks]
    assert indices == list(range(len(pages[0].blocks) + len(pages[1].blocks)))


def test_the_declared_canonical_address_comes_before_that_of_the_page() -> None:
    markup = page_of(*PROSE).replace("<title>", "<link rel='canonical' href='/culture/boats-2026'><title>")
    article = read_article(read_page(markup, url=URL))
    assert article.url.value == "https://courier.example/culture/boats-2026"
    assert [candidate.value for candidate in article.url.lost] == [URL]


def test_byline_and_date_lines_are_furniture() -> None:
    article = read_article(read_page(page_of(*PROSE), url=URL))
    labels = {item.block.text: item.label for item in article.blocks}
    assert labels["By Ines Calloway"] is labels["12 October 2026"] is Label.FURNITURE


def test_an_empty_page_gives_an_article_without_fields() -> None:
    article = read_article(read_page(b""))
    assert (article.title.value, article.published.value, article.text, article.verdict.is_article) == (None, None, "", False)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_page_raises(body: bytes) -> None:
    for form in ("html", "text", "markdown"):
        read_article(read_page(body, url=URL, fetched=datetime(2026, 11, 1, tzinfo=UTC), format=form))


SHORT_POST = """---
title: What the tide left
date: 2026-08-22
---
We walked out to the wreck at low water, three of us and a dog that had never seen the sea, and stood about for a while.
Nobody had been out there since the spring, and the sand had moved so far that the ribs stood free on the seaward side.

### Finds

| What | How many |
| ---- | -------- |
| Bottles | 3 |

- a boot
- two ropes

> Aye.

    x = 1

It rained.
"""


def test_what_stands_below_front_matter_is_the_article() -> None:
    article = read_article(read_page(SHORT_POST.encode(), url="https://quay.example/tide", name="tide.md"))
    assert article.verdict.is_article
    assert [section.heading for section in article.sections] == [None, "Finds"]
    texts = ["What | How many", "Bottles | 3", "a boot", "two ropes", "Aye.", "x = 1", "It rained."]
    assert [block.text for block in article.sections[1].blocks] == texts


def test_front_matter_with_a_title_alone_makes_no_article() -> None:
    page = read_page(b"---\ntitle: Pages\n---\n- [One](/1)\n- [Two](/2)\n", url="https://quay.example/list", name="a.md")
    assert not read_article(page).verdict.is_article
