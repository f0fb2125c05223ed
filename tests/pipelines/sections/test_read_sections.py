"""The body cut at its headings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.fields import Label, LabelledBlock
from pipelines.page.page import Block, Kind, Node
from pipelines.sections import read_sections

LONG = "The harbour office counted the boats again on Monday and found two more than it had moorings for."
NODE = Node(None, "p")
TEXT_NODE = Node(None, "#text")


def block(
    kind: Kind, text: str, *, level: int = 0, bold: bool = False, node: Node = NODE, label: Label = Label.ARTICLE
) -> LabelledBlock:
    return LabelledBlock(Block(0, kind, text, node, level, bold_chars=len(text) if bold else 0), label, "test", 1.0)


def paragraph(text: str = LONG, *, bold: bool = False, node: Node = NODE) -> LabelledBlock:
    return block(Kind.PARAGRAPH, text, bold=bold, node=node)


def heading(text: str, level: int = 2) -> LabelledBlock:
    return block(Kind.HEADING, text, level=level)


RULE = block(Kind.BREAK, "")


def outline(*labelled: LabelledBlock, title: str | None = None) -> list[tuple[str | None, int]]:
    return [(section.heading, len(section.blocks)) for section in read_sections(labelled, title)]


def test_text_before_the_first_heading_has_none() -> None:
    assert outline(paragraph(), heading("Boats"), paragraph()) == [(None, 1), ("Boats", 1)]


def test_a_repeated_title_opens_no_section() -> None:
    assert outline(heading("Boats", 1), paragraph(), title="BOATS") == [(None, 1)]


def test_a_heading_before_another_of_its_level_is_dropped() -> None:
    assert outline(heading("Empty"), heading("Boats"), paragraph()) == [("Boats", 1)]


def test_a_heading_before_a_deeper_one_is_kept() -> None:
    assert outline(heading("Boats"), heading("Oars", 3), paragraph()) == [("Boats", 0), ("Oars", 1)]


def test_a_last_heading_without_text_is_dropped() -> None:
    assert outline(paragraph(), heading("Boats")) == [(None, 1)]


def test_a_title_repeated_with_other_signs_opens_no_section() -> None:
    assert outline(heading("Boats: how many?"), paragraph(), title="Boats – how many") == [(None, 1)]


def test_a_long_sentence_set_as_a_heading_is_a_paragraph() -> None:
    assert outline(heading(LONG), paragraph()) == [(None, 2)]


def test_a_long_question_set_as_a_heading_is_a_heading() -> None:
    question = LONG[:-1] + "?"
    assert outline(heading(question), paragraph()) == [(question, 1)]


def test_a_bold_line_before_all_text_is_no_heading() -> None:
    assert outline(paragraph("Odile Marsh", bold=True), paragraph()) == [(None, 2)]


def test_words_over_several_boxes_open_no_section() -> None:
    assert outline(heading("Oars"), paragraph(), heading("Pros"), paragraph(), heading("Pros"), paragraph()) == [
        ("Oars", 1),
        ("Pros", 1),
        ("Pros", 1),
    ]
    assert outline(heading("Oars"), *[heading("Pros"), paragraph()] * 3) == [("Oars", 6)]


def test_a_break_opens_no_section_by_itself() -> None:
    assert outline(paragraph(), RULE, paragraph()) == [(None, 2)]


def test_a_short_bold_paragraph_before_prose_is_a_heading() -> None:
    assert outline(paragraph(), paragraph("Boats and oars", bold=True), paragraph()) == [(None, 1), ("Boats and oars", 1)]


def test_a_bold_sentence_is_no_heading() -> None:
    assert outline(paragraph("Nobody rowed them.", bold=True), paragraph()) == [(None, 2)]


def test_a_bold_paragraph_before_another_bold_one_is_no_heading() -> None:
    assert outline(paragraph("Boats", bold=True), paragraph(LONG, bold=True)) == [(None, 2)]


def test_a_bold_question_behind_a_break_is_a_heading() -> None:
    assert outline(paragraph(), RULE, paragraph("Whose boats?", bold=True), block(Kind.QUOTE, "Mine.")) == [
        (None, 1),
        ("Whose boats?", 1),
    ]


def test_a_short_line_behind_a_break_is_a_heading_in_plain_text_only() -> None:
    plain = [paragraph(node=TEXT_NODE), RULE, paragraph("Whose boats", node=TEXT_NODE), paragraph(node=TEXT_NODE)]
    marked_up = [paragraph(), RULE, paragraph("Whose boats"), paragraph()]
    assert outline(*plain) == [(None, 1), ("Whose boats", 1)]
    assert outline(*marked_up) == [(None, 3)]


def test_kinds_of_blocks_are_kept() -> None:
    kinds = [Kind.LIST_ITEM, Kind.QUOTE, Kind.TABLE_ROW, Kind.CODE, Kind.CAPTION]
    (section,) = read_sections([block(kind, "Text") for kind in kinds], None)
    assert [item.kind for item in section.blocks] == kinds


def test_blocks_of_other_labels_are_left_out() -> None:
    assert outline(paragraph(), block(Kind.PARAGRAPH, LONG, label=Label.COMMENTS)) == [(None, 1)]


def test_nothing_gives_no_section() -> None:
    assert read_sections([], "Boats") == ()


@given(
    st.lists(
        st.builds(
            block,
            st.sampled_from(list(Kind)),
            st.sampled_from(["", "Boats", LONG]),
            level=st.integers(1, 6),
            bold=st.booleans(),
            node=st.sampled_from([NODE, TEXT_NODE]),
        ),
        max_size=12,
    )
)
def test_text_that_is_no_heading_is_never_lost(labelled: list[LabelledBlock]) -> None:
    sections = read_sections(labelled, None)
    found = [text for section in sections for text in (section.heading, *(item.text for item in section.blocks)) if text]
    kinds = (Kind.HEADING, Kind.BREAK)
    assert sum(text == LONG for text in found) >= sum(
        item.block.text == LONG and item.block.kind not in kinds for item in labelled
    )
