"""Headings and quotes whose neighbours say what they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.fields import Label, LabelledBlock
from pipelines.page.page import Block, Kind, Node
from pipelines.sections import set_apart

BODY = Node(Node(Node(None, "main"), "article"), "div")
LONG = "The harbour office counted the boats again on Monday and found two more than it had moorings for."
SENTENCE = "Nobody who rows before breakfast ever asks why the other boats are still tied up, said the harbour master."


def item(
    kind: Kind, text: str, label: Label = Label.ARTICLE, *, inside: Node = BODY, confidence: float = 0.9, bold: bool = False
) -> LabelledBlock:
    block = Block(0, kind, text, Node(inside, "p"), 2 if kind is Kind.HEADING else 0, bold_chars=len(text) if bold else 0)
    return LabelledBlock(block, label, "test", confidence)


def paragraph(text: str = LONG) -> LabelledBlock:
    return item(Kind.PARAGRAPH, text)


def heading(text: str = "Boats", label: Label = Label.ARTICLE, *, inside: Node = BODY, confidence: float = 0.9) -> LabelledBlock:
    return item(Kind.HEADING, text, label, inside=inside, confidence=confidence)


def labels(*labelled: LabelledBlock, lead: str | None = None) -> list[Label]:
    return [each.label for each in set_apart(labelled, lead)]


BYLINE = item(Kind.PARAGRAPH, "By Odile Marsh", Label.FURNITURE)
CAPTION = item(Kind.CAPTION, "The old crane", inside=Node(BODY, "figure"))


def test_a_heading_over_the_byline_is_a_kicker() -> None:
    assert labels(heading(), BYLINE, paragraph()) == [Label.FURNITURE, Label.FURNITURE, Label.ARTICLE]


def test_a_heading_over_the_printed_dek_is_none() -> None:
    dek = item(Kind.PARAGRAPH, "Two boats too many.", Label.FURNITURE)
    assert labels(heading(), dek, paragraph(), lead="Two boats too many.")[0] is Label.ARTICLE


def test_a_heading_over_text_is_no_kicker() -> None:
    assert labels(BYLINE, heading(), paragraph())[1] is Label.ARTICLE


def test_a_byline_behind_the_first_text_makes_no_kicker() -> None:
    assert labels(heading(), paragraph(), BYLINE)[0] is Label.ARTICLE


def test_a_heading_in_the_element_of_its_pictures_is_the_title_of_a_gallery() -> None:
    gallery = Node(BODY, "div")
    picture = item(Kind.CAPTION, "The old crane", inside=gallery)
    assert labels(paragraph(), heading(inside=gallery), picture, picture, paragraph())[1] is Label.OTHER


def test_a_heading_before_pictures_and_text_of_its_section_stays() -> None:
    assert labels(paragraph(), heading(), CAPTION, CAPTION, paragraph())[1] is Label.ARTICLE


def test_a_quote_whose_words_a_paragraph_has_is_a_pull_quote() -> None:
    assert labels(paragraph(f"“{SENTENCE}” Then it rained."), item(Kind.QUOTE, SENTENCE))[1] is Label.OTHER


def test_a_pull_quote_may_name_its_speaker_behind_the_quote() -> None:
    words = "I count every boat twice, and twice I get the same number"
    labelled = paragraph(f"“{words},” she said, and did."), item(Kind.QUOTE, f"“{words}” Odile Marsh")
    assert labels(*labelled)[1] is Label.OTHER


def test_the_line_that_names_the_speaker_goes_with_its_pull_quote() -> None:
    box = Node(BODY, "blockquote")
    quote, speaker = item(Kind.QUOTE, SENTENCE, inside=box), item(Kind.QUOTE, "— Odile Marsh", inside=box)
    assert labels(paragraph(SENTENCE + " Then it rained."), quote, speaker, paragraph()) == [
        Label.ARTICLE,
        Label.OTHER,
        Label.OTHER,
        Label.ARTICLE,
    ]


def test_a_sentence_set_as_a_heading_may_be_a_pull_quote() -> None:
    assert labels(heading(SENTENCE), paragraph(SENTENCE + " Then it rained."))[0] is Label.OTHER


def test_a_quote_of_its_own_stays() -> None:
    assert labels(paragraph(), item(Kind.QUOTE, SENTENCE))[1] is Label.ARTICLE


def test_a_quote_said_twice_as_a_quote_stays() -> None:
    assert labels(item(Kind.QUOTE, SENTENCE), paragraph(), item(Kind.QUOTE, SENTENCE)) == [Label.ARTICLE] * 3


def test_a_short_heading_that_quotes_the_text_stays() -> None:
    assert labels(heading("Nobody who rows before breakfast"), paragraph(SENTENCE))[0] is Label.ARTICLE


def test_a_heading_left_out_in_doubt_between_text_is_body() -> None:
    assert labels(paragraph(), heading(label=Label.OTHER, confidence=0.54), paragraph())[1] is Label.ARTICLE


def test_a_bold_line_left_out_in_doubt_between_text_is_body() -> None:
    line = item(Kind.PARAGRAPH, "Whose boats", Label.OTHER, confidence=0.54, bold=True)
    assert labels(paragraph(), line, paragraph())[1] is Label.ARTICLE


def test_a_heading_left_out_for_sure_stays_out() -> None:
    assert labels(paragraph(), heading(label=Label.OTHER, confidence=0.9), paragraph())[1] is Label.OTHER


def test_a_heading_left_out_in_a_box_of_its_own_stays_out() -> None:
    box = Node(Node(BODY, "aside"), "div")
    assert labels(paragraph(), heading(label=Label.OTHER, inside=box, confidence=0.54), paragraph())[1] is Label.OTHER


@given(
    st.lists(
        st.builds(
            item,
            st.sampled_from(list(Kind)),
            st.sampled_from(["", "Boats", LONG, SENTENCE, f"“{SENTENCE}” Odile Marsh"]),
            st.sampled_from([Label.ARTICLE, Label.OTHER, Label.FURNITURE]),
            confidence=st.sampled_from([0.5, 0.9]),
            bold=st.booleans(),
        ),
        max_size=10,
    )
)
def test_blocks_stay_in_order_and_paragraphs_of_the_body_stay_body(labelled: list[LabelledBlock]) -> None:
    settled = set_apart(labelled)
    assert [each.block for each in settled] == [each.block for each in labelled]
    assert all(
        after.label is Label.ARTICLE
        for before, after in zip(labelled, settled, strict=True)
        if before.label is Label.ARTICLE and before.block.kind is Kind.PARAGRAPH
    )
