"""The dek room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.declared import read_declared
from pipelines.dek import read_dek, read_description
from pipelines.page import read_page
from pipelines.title import title_block

TITLE = "Ferry sails again after a month"
DEK = "The harbour office opens the line with two sailings a day and promises a third."
PROSE = "<p>The ferry will sail twice a day from Monday, the harbour office said, and three times on market days.</p>"


def dek(head: str, after: str) -> str | None:
    page = read_page(f"<head>{head}</head><body><main><h1>{TITLE}</h1>{after}{PROSE}{PROSE}</main></body>", format="html")
    return read_dek(page, read_declared(page), TITLE, title_block(page, TITLE)).value


DESCRIPTION = f'<meta name="description" content="{DEK}">'

LONG = f'<meta name="description" content="{DEK * 2}">'
AUTHOR = '<meta name="author" content="Ann Lee">'

CASES = [
    ("marked by its class", "", f'<p class="article-standfirst">{DEK}</p>', DEK),
    ("as second heading of the header", "", f'<h2 class="subtitle">{DEK}</h2>', DEK),
    ("equal to the description, in another element", DESCRIPTION, f"<div><p>{DEK}</p></div>", DEK),
    ("between title and byline, unmarked", "", f"<p>{DEK}</p><p>By Ann Lee</p>", DEK),
    ("between title and relative date, unmarked", "", f"<p>{DEK}</p><div>Published 3 months ago</div>", DEK),
    ("first paragraph in bold", "", f"<p><b>{DEK}</b></p>", DEK),
    ("first paragraph of the body as description", f'<meta name="description" content="{PROSE[3:-4]}">', "", None),
    ("kicker before the byline", "", "<p>Harbour and sea</p><p>By Ann Lee</p>", None),
    ("description that is not printed", DESCRIPTION, "", None),
    ("between date and byline", "", f"<p>12 May 2026</p><p>{DEK}</p><p>By Ann Lee</p>", DEK),
    ("headline printed again over the dek", "", f"<h2>Month without ferry ends</h2><div>{DEK}</div><p>By Ann Lee</p>", DEK),
    ("second heading before the line of an agency", "", f"<h2>{DEK[:-1]}</h2><p>AFP, MANILA</p>", DEK[:-1]),
    (
        "second heading that ends in a year",
        "",
        "<h2>For Gottlieb, the pastor (1944–2026)</h2><p>By A. Lee</p>",
        "For Gottlieb, the pastor (1944–2026)",
    ),
    ("first paragraph between date and date", "", f"<p>12 May 2026</p><p>{DEK}</p><h3>13 May 2026</h3>", None),
    ("name in an author's box", "", '<div class="avatar"><div class="intro"><div>Ann Margaret Lee-Smith</div></div></div>', None),
    ("first paragraph before lists", DESCRIPTION, f"<p>{DEK}</p><ul>{'<li>one of them</li>' * 12}</ul>", None),
    ("first paragraph of a short body with a byline below", DESCRIPTION, f"<p>{DEK}</p>{PROSE * 2}<p>Author: Ann Lee</p>", None),
    (
        "headline of second rank beside a lead",
        "",
        f'<h2 class="subheader">{DEK[:-1]}</h2><p class="intro">{PROSE[3:-4]}</p>',
        DEK[:-1],
    ),
    ("description below a player", LONG, f"{'<div>0:00</div>' * 9}<p class='big'>{DEK} {DEK}</p>", f"{DEK} {DEK}"),
    (
        "first paragraph below a player, with one class more",
        LONG,
        f"{'<div>0:00</div>' * 9}<p class='p first'>{DEK * 2}</p><p class='p'>{DEK * 3}</p>",
        None,
    ),
    ("what the page earns", "", '<p class="subtitle">We may earn a commission if you buy a ticket for the ferry here.</p>', None),
    (
        "who the author is, dek behind",
        AUTHOR,
        f'<div class="excerpt">Ann is a writer of this paper.</div><p class="dek">{DEK}</p>',
        DEK,
    ),
    (
        "caption of the first picture",
        "",
        '<div class="image-description">The ferry at the pier, seen from the harbour office.</div>',
        None,
    ),
    ("byline alone", "", "<p>By Ann Lee, harbour correspondent of this paper</p>", None),
]


@pytest.mark.parametrize(("head", "after", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_dek_is_the_printed_standfirst(head: str, after: str, expected: str | None) -> None:
    assert dek(head, after) == expected


def description(content: str, dek: str | None) -> str | None:
    page = read_page(f'<meta name="description" content="{content}">{PROSE}', format="html")
    return read_description(read_declared(page), dek).value


def test_description_need_not_be_printed() -> None:
    assert description(DEK, None) == DEK


@pytest.mark.parametrize("repeated", [DEK, DEK.upper(), DEK.rstrip("."), f"{DEK[:40]}…", f"{DEK[:60]}"])
def test_a_description_that_repeats_the_dek_is_none(repeated: str) -> None:
    assert description(repeated, DEK) is None


@pytest.mark.parametrize("more", ["Two sailings a day, three on market days.", f"{DEK} It begins on Monday."])
def test_a_description_that_says_more_than_the_dek_is_kept(more: str) -> None:
    assert description(more, DEK) == more


def test_without_a_title_block_no_dek_is_looked_for() -> None:
    page = read_page(f'<p class="dek">{DEK}</p>{PROSE}', format="html")
    assert read_dek(page, read_declared(page), None, None).value is None


@given(st.text(min_size=1, max_size=300))
def test_reading_a_dek_never_raises(body: str) -> None:
    page = read_page(f"<p>{body}</p>", format="html")
    read_dek(page, read_declared(page), "x", 0)
