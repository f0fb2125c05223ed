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
    (
        "kicker in the h1, title declared without it",
        '<meta property="og:title" content="Ferry sails again after storm">',
        "<h1><span>Harbour news</span> Ferry sails again after storm</h1>",
        "Ferry sails again after storm",
    ),
    (
        "kicker in the h1, a sign in the declared title",
        '<meta property="og:title" content="Harbour news | Ferry sails again after storm">',
        "<h1><span>Harbour news</span> Ferry sails again after storm</h1>",
        "Ferry sails again after storm",
    ),
    (
        "beginning of the sentence that the declared title leaves out",
        '<meta property="og:title" content="Best ferries of the year">',
        "<h1>The Best ferries of the year</h1>",
        "The Best ferries of the year",
    ),
    (
        "subtitle in the h1",
        '<meta property="og:title" content="Ferry sails again after storm"><title>Ferry sails again after storm</title>',
        "<h1>Ferry sails again after storm <small>Harbour office opens the line</small></h1>",
        "Ferry sails again after storm",
    ),
    (
        "name of the site in the h1",
        '<title>Ferry sails again after storm</title><meta property="og:site_name" content="Tern Courier">',
        "<h1>Ferry sails again after storm – Tern Courier</h1>",
        "Ferry sails again after storm",
    ),
    (
        "title for search engines in the path, the printed one behind it",
        '<title>Harbour: ferry back after storm</title><meta property="og:title" content="At last she sails">',
        '<div class="breadcrumb"><h1>Harbour: ferry back after storm</h1></div><h2>At last she sails</h2>',
        "At last she sails",
    ),
    (
        "kicker and headline in two elements of the second heading",
        '<title>Ferry back after storm in spring</title><meta property="og:title" content="Harbour news: At last she sails">',
        "<h1>Ferry back after storm in spring</h1><h2><div>Harbour news</div><div>At last she sails</div></h2>",
        "At last she sails",
    ),
    (
        "second heading that prints a part of the title element",
        "<title>At last she sails | All the news from quay and pier</title>",
        "<h2>At last she sails</h2>",
        "At last she sails",
    ),
    (
        "name of the blog before its archive and the title",
        "<title>Quay notes » Blog Archive » At last she sails</title>",
        "<h1>Quay notes</h1><h2>At last she sails</h2>",
        "At last she sails",
    ),
    ("short h1 beside a title that names the site", "<title>Tern Courier</title>", "<h1>Tides</h1>", "Tides"),
    (
        "short h1 that the address names",
        '<meta property="og:title" content="All about our boats"><title>All about our boats</title>',
        "<h1>Ferry</h1>",
        "Ferry",
    ),
    (
        "entities encoded twice",
        "<title>Nets &amp;amp; ropes for sale</title>",
        "<h1>Nets &amp;amp; ropes for sale</h1>",
        "Nets & ropes for sale",
    ),
    ("UTF-8 encoded twice", "<title>x</title>", "<h1>The quayâ€™s ferry sails again</h1>", "The quay’s ferry sails again"),
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


def test_title_block_holds_the_kicker_too_and_is_not_the_path() -> None:
    path = '<div class="breadcrumb"><h1>Harbour: At last she sails</h1></div>'
    page = read_page(f"{path}<h2>Harbour At last she sails</h2>{BODY}", format="html")
    assert title_block(page, "At last she sails") == 1


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
