from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.page import read_page
from pipelines.page.headline import find_headline

PROSE = "The harbour master closed the eastern basin on Monday after two cranes had come loose in the storm."
TITLE = "Storm closes the harbour"
URL = "https://paper.example/news/storm-closes-the-harbour"


def headline_of(*lines: str, url: str | None = None) -> str | None:
    page = read_page("\n\n".join(lines), url=url, format="text")
    return next((block.text for block in page.blocks if block.level == 1), None)


def test_the_line_over_the_text_is_the_headline() -> None:
    assert headline_of("The Quay", "  * Home\n  * News", TITLE, PROSE, "What comes next", PROSE) == TITLE


def test_the_line_over_the_byline_is_the_headline() -> None:
    assert headline_of("Cranes, ships and ferries", "Home", "News", "Sport", TITLE, "By Jane Doe", PROSE, PROSE) == TITLE


def test_the_line_that_the_address_repeats_is_the_headline() -> None:
    menu = ["All the news of the islands", TITLE.upper(), "Read what our readers think"]
    assert headline_of(*menu, PROSE, url=URL) == TITLE.upper()


def test_a_headline_may_end_like_a_sentence_where_the_address_has_its_words() -> None:
    assert headline_of("The Quay", f"{TITLE}.", PROSE, url=URL) == f"{TITLE}."


def test_a_related_headline_behind_the_text_is_none() -> None:
    assert headline_of(TITLE, *[PROSE] * 5, "Ferries wait for the wind to go down", PROSE) == TITLE


def test_a_text_without_headings_has_no_headline() -> None:
    assert headline_of(PROSE, PROSE) is None
    assert headline_of("") is None


def test_an_underlined_headline_needs_no_guess() -> None:
    assert headline_of("Ports\n=====", TITLE, PROSE, url=URL) == "Ports"


@given(st.lists(st.text(max_size=40), max_size=10), st.text(max_size=40) | st.none())
def test_no_lines_raise(lines: list[str], url: str | None) -> None:
    blocks = read_page("\n\n".join(lines), format="text").blocks
    found = find_headline(blocks, url)
    assert found is None or blocks[found].text
