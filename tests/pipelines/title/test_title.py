"""The title room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.declared import read_declared
from pipelines.page import read_page
from pipelines.title import read_title, title_block
from pipelines.title.sites import site_names, strip_site

URL = "https://www.tern-courier.example/harbour/ferry"
BODY = "<p>The ferry will sail twice a day from Monday, the harbour office said, and three times on market days.</p>"


def title_of(head: str, body: str, url: str = URL) -> str | None:
    page = read_page(f"<html><head>{head}</head><body>{body}{BODY}</body></html>", url=url, format="html")
    return read_title(page, read_declared(page)).value


PAGES = [
    ("h1 equal to the title element", "<title>Ferry sails again</title>", "<h1>Ferry sails again</h1>", "Ferry sails again"),
    (
        "h1 begins the title element",
        "<title>Ferry sails again after a month – Tern Courier</title>",
        "<h1>Ferry sails again</h1>",
        "Ferry sails again",
    ),
    (
        "name of the site as h1",
        "<title>Ferry sails again after storm | Tern Courier</title>",
        "<h1>Tern Courier</h1><h2>Ferry sails again after storm</h2>",
        "Ferry sails again after storm",
    ),
    (
        "h1 that links home",
        "<title>Notes from the quay: Ferry sails again</title>",
        '<h1><a href="/">Notes from the quay</a></h1><h1>Ferry sails again</h1>',
        "Ferry sails again",
    ),
    (
        "one h1 that nothing declared agrees with",
        "<title>Tides</title>",
        "<h1>Why the ferry sails again this spring</h1>",
        "Why the ferry sails again this spring",
    ),
    (
        "og:title for search engines, h1 as printed",
        '<meta property="og:title" content="Ferry timetable 2026: all sailings"><title>Ferry timetable</title>',
        "<h1>The ferry timetable is here</h1>",
        "The ferry timetable is here",
    ),
    (
        "no h1, headline of JSON-LD",
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry sails again"}</script><title>x</title>',
        "<div>Ferry sails again</div>",
        "Ferry sails again",
    ),
    (
        "no h1, og:title with the site",
        '<meta property="og:title" content="Ferry sails again | Tern Courier">',
        "",
        "Ferry sails again",
    ),
    (
        "h1 of the sidebar",
        "<title>Ferry sails again</title>",
        '<div class="sidebar"><h1>Most read this week in town</h1></div>',
        "Ferry sails again",
    ),
]


@pytest.mark.parametrize(("head", "body", "expected"), [case[1:] for case in PAGES], ids=[case[0] for case in PAGES])
def test_title_is_the_printed_one(head: str, body: str, expected: str) -> None:
    assert title_of(head, body) == expected


def test_page_without_heading_or_title_has_none() -> None:
    assert title_of("", "") is None


def test_text_page_prints_its_title_above_the_byline() -> None:
    lines = (
        "The Courier logo",
        "Ferry sails again after a month of storms",
        "The harbour office opens the line.",
        "By Ann Lee 3 months ago",
    )
    page = read_page("\n\n".join([*lines, ""]) + "The ferry will sail twice a day. " * 8, format="text")
    field = read_title(page, read_declared(page))
    assert field.value == "Ferry sails again after a month of storms"
    assert title_block(page, field.value) == 1


def test_title_block_is_the_heading_and_not_the_breadcrumb() -> None:
    page = read_page("<nav><p>Ferry sails again</p></nav><h1>Ferry sails again</h1>" + BODY, format="html")
    assert title_block(page, "Ferry sails again") == 1


def test_title_that_no_block_prints_has_no_block() -> None:
    page = read_page(BODY, format="html")
    assert title_block(page, "Council meets") is None
    assert title_block(page, None) is None


STRIPPED = [
    ("Ferry sails again | The Tern Courier", "Ferry sails again"),
    ("Ferry sails again - Tern Courier", "Ferry sails again"),
    ("Tern Courier: Ferry sails again", "Tern Courier: Ferry sails again"),
    ("Tern Courier » Ferry sails again", "Ferry sails again"),
    ("Ferry sails again – Harbour – Tern Courier", "Ferry sails again – Harbour"),
    ("Ferry – the long way home", "Ferry – the long way home"),
    ("Tern Courier", "Tern Courier"),
]


@pytest.mark.parametrize(("title", "expected"), STRIPPED)
def test_segments_that_name_the_site_are_stripped(title: str, expected: str) -> None:
    assert strip_site(title, site_names(["Tern Courier"], URL, "")) == expected


@given(st.text(max_size=60))
def test_stripping_twice_is_stripping_once(title: str) -> None:
    sites = site_names(["Tern Courier"], URL, title)
    once = strip_site(title, sites, boldly=True)
    assert strip_site(once, sites, boldly=True) == once


@given(st.text(max_size=300))
def test_reading_a_title_never_raises(body: str) -> None:
    page = read_page(body)
    title_block(page, read_title(page, read_declared(page)).value)
