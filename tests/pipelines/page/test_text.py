from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.page import Kind, Page, read_page
from tests.timing import cpu_seconds

P, H, LI, Q, BR, TR = Kind.PARAGRAPH, Kind.HEADING, Kind.LIST_ITEM, Kind.QUOTE, Kind.BREAK, Kind.TABLE_ROW

PROSE = "The harbour master closed the eastern basin on Monday after two cranes had come loose in the storm."
MORE = "Pilots were told to wait in the roads until the wind had gone down, which nobody expects before Thursday."


def read(text: str) -> Page:
    return read_page(text, format="text")


def told(text: str) -> list[tuple[Kind, int, str]]:
    return [(block.kind, block.level, block.text) for block in read(text).blocks]


CASES = {
    "blank lines end paragraphs": (f"{PROSE}\n\n{MORE}", [(P, 0, PROSE), (P, 0, MORE)]),
    "a line is a paragraph where nothing is wrapped": (f"{PROSE}\n{MORE}", [(P, 0, PROSE), (P, 0, MORE)]),
    "breaks": (f"{PROSE}\n\n---\n\n* * *\n\n{MORE}", [(P, 0, PROSE), (BR, 0, ""), (BR, 0, ""), (P, 0, MORE)]),
    "a title, then headings": (
        f"Storm closes the harbour\n\n{PROSE}\n\nWhat comes next\n\n{MORE}",
        [(H, 1, "Storm closes the harbour"), (P, 0, PROSE), (H, 2, "What comes next"), (P, 0, MORE)],
    ),
    "a title above a byline": (
        f"Storm closes the harbour\n\nBy Jane Doe\n\n{PROSE}",
        [(H, 1, "Storm closes the harbour"), (P, 0, "By Jane Doe"), (P, 0, PROSE)],
    ),
    "a name of the site above the title": (
        f"The Quay\n\nStorm closes the harbour\n\n{PROSE}",
        [(P, 0, "The Quay"), (H, 1, "Storm closes the harbour"), (P, 0, PROSE)],
    ),
    "underlined headings": (
        f"Storm\n=====\n\n{PROSE}\n\nNext\n----\n\n{MORE}",
        [(H, 1, "Storm"), (P, 0, PROSE), (H, 2, "Next"), (P, 0, MORE)],
    ),
    "a caption by its maker": (
        f"{PROSE}\n\nThe basin on Monday. Photo: Jane Doe\n\n{MORE}",
        [(P, 0, PROSE), (Kind.CAPTION, 0, "The basin on Monday. Photo: Jane Doe"), (P, 0, MORE)],
    ),
    "a caption above the line of its maker": (
        f"{PROSE}\n\nThe basin on Monday\nPhoto: Jane Doe\n\n{MORE}",
        [(P, 0, PROSE), (Kind.CAPTION, 0, "The basin on Monday"), (Kind.CAPTION, 0, "Photo: Jane Doe"), (P, 0, MORE)],
    ),
    "a hash is no heading": ("# A\n\nB", [(P, 0, "# A"), (P, 0, "B")]),
    "bullets": ("• A\n* B\n- C\n1. D", [(LI, 0, "A"), (LI, 0, "B"), (LI, 0, "C"), (LI, 0, "D")]),
    "quoted lines": (f"> {PROSE}", [(Q, 0, PROSE)]),
    "a sign that quotes only at the start": (f"Home > News > {PROSE}", [(P, 0, f"Home > News > {PROSE}")]),
    "indented lines": (f"    {PROSE}", [(P, 0, PROSE)]),
    "fields, buttons, images and frames": (
        "Email [quay-of-2026] [     ]\n\n_____\n\n[X] (BUTTON) Send\n\n[ ]\n\n[quay.jpg]\n\n[quay_2]\n\nIFRAME: https://paper.example/",
        [(P, 0, "Email"), (P, 0, "Send")],
    ),
    "a rule as a text browser draws it": (f"{PROSE}\n{'_' * 66}\n\n━━━━━━━━\n", [(P, 0, PROSE), (BR, 0, ""), (BR, 0, "")]),
    "a table by its columns": (
        "Port    Ships\nWick    4\nOban    12",
        [(TR, 0, "Port | Ships"), (TR, 0, "Wick | 4"), (TR, 0, "Oban | 12")],
    ),
    "two spaces behind a stop": (
        "The port is closed.  Ships wait.\nThe port is closed.  Ships wait.",
        [(P, 0, "The port is closed. Ships wait.")] * 2,
    ),
    "a heading set in by less than the text": (
        f"   {PROSE}\n\nWhat now?\n\n   {MORE}",
        [(P, 0, PROSE), (H, 2, "What now?"), (P, 0, MORE)],
    ),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_blocks(text: str, expected: list[tuple[Kind, int, str]]) -> None:
    assert told(text) == expected


def wrapped(text: str, width: int) -> str:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


@pytest.mark.parametrize("width", [40, 60, 72, 80, 100])
def test_hard_wrapped_lines_are_joined(width: int) -> None:
    whole = f"{PROSE} {MORE}"
    text = "\n\n".join([wrapped(whole, width)] * 3)
    assert told(text) == [(P, 0, whole)] * 3


def test_short_lines_stay_apart_in_a_wrapped_document() -> None:
    text = "\n\n".join(["By Jane Doe\n22 August 2026", *[wrapped(f"{PROSE} {MORE}", 72)] * 3])
    assert [line for _, _, line in told(text)][:2] == ["By Jane Doe", "22 August 2026"]


def test_a_wrapped_list_item_goes_on() -> None:
    text = "\n\n".join([f"* {wrapped(PROSE, 60)}", *[wrapped(MORE, 60)] * 3])
    assert told(text)[0] == (LI, 0, PROSE)


def test_a_line_among_others_is_no_heading_where_blank_lines_part_paragraphs() -> None:
    assert all(kind is P for kind, _, _ in told("\n\n".join([f"{PROSE}\nThe eastern basin\n{MORE}", *[MORE] * 5])))
    assert H in [kind for kind, _, _ in told("\n".join([PROSE, "The eastern basin", *[MORE] * 5]))]


def test_what_is_indented_further_stands_inside() -> None:
    blocks = read("  Menu\n\n      Inner\n\n      * One\n\n        Of one\n\n  Last").blocks
    menu, inner, one, of_one, last = (block.node for block in blocks)
    assert (inner.parent, one.parent.parent, of_one, last) == (menu, inner, one, menu)  # type: ignore[union-attr]
    assert (one.tag, one.parent.tag) == ("li", "ul")  # type: ignore[union-attr]


def test_lines_without_a_blank_one_between_them_stand_in_one_element() -> None:
    blocks = read(f"{PROSE}\n\nHome\nNews\n\nSport\nWeather\n\n{MORE}").blocks
    alone, home, news, sport, weather, last = (block.node for block in blocks)
    assert (home, sport, alone) == (news, weather, last)
    assert home is not sport
    assert home.parent is sport.parent is alone


def test_lists_nest_by_indentation() -> None:
    blocks = read("  * A\n    * B\n  * C\n\nPlain\n\n1) D").blocks
    items = [block for block in blocks if block.kind is LI]
    assert [(b.text, b.depth, b.list_id, b.ordered) for b in items] == [
        ("A", 1, 1, False),
        ("B", 2, 1, False),
        ("C", 1, 1, False),
        ("D", 1, 2, True),
    ]


LONG = {
    "underscores": "[" + "_" * 200_000,
    "spaces": "1. a:" + " " * 200_000 + "b",
    "brackets": "[" * 200_000,
    "numbers": "[1] " * 50_000 + "\n   1. a:b",
    "stars": "* " * 100_000 + "a",
    "short lines": "ab\n" * 60_000,
    "nested lines": "\n".join(" " * (n % 400) + "* ab" for n in range(20_000)),
    "wrapped lines": f"{PROSE}\n" * 10_000,
    "gaps": "a  b" * 50_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_no_text_takes_long(text: str) -> None:
    assert cpu_seconds(read, text) < 5


@given(st.lists(st.text("abc .\n*-=>•1", max_size=30), max_size=20).map("\n".join))
def test_no_word_is_lost(text: str) -> None:
    letters = [character for character in text if character in "abc"]
    assert [character for block in read(text).blocks for character in block.text if character in "abc"] == letters


@given(st.text(max_size=400))
def test_no_text_raises(text: str) -> None:
    for block in read(text).blocks:
        assert bool(block.text) != (block.kind is BR)
        assert block.node.ancestors()[-1].tag == "#text"
