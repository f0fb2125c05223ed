"""Pages that bring their text by script."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from pipelines import read_article, read_page
from pipelines.page.scripted import text_in_scripts

PARAGRAPHS = (
    "The lamplighters of Orrin Quay went back to work on Friday after eleven dark nights and one long meeting.",
    "Their guild had asked for new ladders. The old ones, it said, had been made for shorter lamps.",
    "The council found forty crowns and a carpenter. The ladders are to be ready before the fog, in nine days.",
    "Until then each lamplighter will carry a chair, and the constables have been told not to laugh at anybody.",
)
MARKUP = "".join(f'<p class="t">{text}</p>' for text in PARAGRAPHS)
PAGE = "<html><head><title>Lamps lit again</title></head><body><div id=app></div><script>{}</script></body></html>"


def body_of(script: str) -> str:
    return read_article(read_page(PAGE.format(script).encode(), url="https://quay.test/lamps")).text


def test_markup_in_a_string_of_a_script_is_the_text_of_a_page_that_prints_none() -> None:
    state = json.dumps({"menu": ["<p>Home</p>"], "story": MARKUP})
    assert body_of(f"window.state = {state};") == "\n\n".join(PARAGRAPHS)


def test_markup_in_a_document_inside_a_string_is_found_as_well() -> None:
    assert body_of(f"push([1, {json.dumps(json.dumps({'html': MARKUP}))}])") == "\n\n".join(PARAGRAPHS)


def test_scripts_of_a_page_that_prints_text_are_not_read() -> None:
    printed = f"<main><h1>Chairs</h1>{MARKUP.replace('lamp', 'chair')}</main><script>x = {json.dumps(MARKUP)}</script>"
    assert "lamplighters" not in read_article(read_page(printed.encode())).text


def test_short_notices_and_strings_without_paragraphs_are_no_text() -> None:
    assert text_in_scripts(f"<script>a = {json.dumps('<p>Sold out.</p><p>Sorry.</p>')}; b = '{'x' * 900}'</script>") == ""


@given(st.text())
def test_any_text_is_searched_without_raising(text: str) -> None:
    text_in_scripts(f"<script>{text}</script>")
