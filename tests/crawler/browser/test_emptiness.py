from __future__ import annotations

import json

import pytest
from scrapy.http import HtmlResponse

from crawler.browser.emptiness import FEW_LETTERS, waits_for_scripts
from tests.timing import grows_in_proportion

SHELL = '<html><head><title>The Quay</title></head><body><div id="app"></div>{}<script src="/app.js"></script></body></html>'
PARAGRAPH = f"<p>{'The harbour was quiet on Tuesday, and so were the gulls. ' * 6}</p>"


def page(inside: str, shell: str = SHELL) -> HtmlResponse:
    return HtmlResponse("https://quay.example/a", body=shell.format(inside).encode(), encoding="utf-8")


@pytest.mark.parametrize(
    ("inside", "waits"),
    [
        ("", True),
        ("<noscript>Please enable JavaScript to read this page.</noscript>", True),
        (f"<style>{'a {{ color: red }} ' * 200}</style><!-- {'words ' * 500} -->", True),
        (PARAGRAPH * 3, False),
        (f"<script>var page = {json.dumps(PARAGRAPH * 3)}</script>", False),
    ],
    ids=["shell", "notice", "what nobody sees", "text", "text handed to a script"],
)
def test_a_page_waits_for_scripts_when_it_has_no_text_of_its_own(inside: str, waits: bool) -> None:
    assert waits_for_scripts(page(inside)) is waits


def test_a_page_without_scripts_shows_what_it_has() -> None:
    assert not waits_for_scripts(page("Gone fishing.", "<body>{}</body>"))


def test_letters_are_counted_outside_of_markup() -> None:
    assert waits_for_scripts(page("x" * FEW_LETTERS))
    assert not waits_for_scripts(page("x" * (FEW_LETTERS + 1)))


@pytest.mark.parametrize("opened", ["<script>", "<!--", "<", "<svg><g>"])
def test_elements_that_are_never_closed_cost_time_in_proportion(opened: str) -> None:
    once, tenfold = (page(opened * count) for count in (2_000, 20_000))
    assert grows_in_proportion(waits_for_scripts, once, tenfold)
