"""What words call a part of a page."""

from __future__ import annotations

import pytest

from pipelines.boilerplate.prompts import is_read_also, label_of_prompt
from pipelines.boilerplate.vocabulary import label_of_heading, label_of_tokens
from pipelines.fields import Label


@pytest.mark.parametrize(
    ("tokens", "label"),
    [
        (("comments", "area"), Label.COMMENTS),
        (("author", "box"), Label.BIO),
        (("post", "navigation"), Label.NAVIGATION),
        (("widget", "area"), Label.WIDGET),
        (("elementor", "widget", "text", "editor"), None),
        (("sc", "k", "ad", "bc", "d"), None),
        (("ad", "slot"), Label.ADVERTISEMENT),
        (("entry", "content"), None),
        ((), None),
    ],
)
def test_class_words_name_an_element(tokens: tuple[str, ...], label: Label | None) -> None:
    assert label_of_tokens(tokens) is label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Comments", Label.COMMENTS),
        ("Comments:", Label.COMMENTS),
        ("0 comments", Label.COMMENTS),
        ("Leave a Reply", Label.COMMENTS),
        ("2 thoughts on “The Eel Trap”", Label.COMMENTS),
        ("More from Ines Calloway", Label.RELATED),
        ("Das könnte Sie auch interessieren", Label.RELATED),
        ("Inscrivez-vous", Label.NEWSLETTER),
        ("Find us on social media", Label.SHARE),
        ("Reader insights", Label.WIDGET),
        ("Comments that changed the law", None),
        ("About the island", None),
        ("", None),
    ],
)
def test_headings_open_a_region(text: str, label: Label | None) -> None:
    assert label_of_heading(text) is label


def test_a_long_line_opens_no_region() -> None:
    assert label_of_heading("Share this with whoever keeps the keys of the old customs house, for they have been missing") is None


@pytest.mark.parametrize(
    "text", ["Copyrights in the islands have a long history.", "He signed in to the ledger.", "No comment, said the mayor."]
)
def test_sentences_are_no_prompts(text: str) -> None:
    assert label_of_prompt(text) is None


def test_a_long_block_is_no_prompt() -> None:
    assert label_of_prompt("Sign up for our letter. " * 20) is None


@pytest.mark.parametrize("text", ["Readers alsoran", "He read more than most.", "Moreover, it rained."])
def test_sentences_point_nowhere(text: str) -> None:
    assert not is_read_also(text)
