"""The person whom a site is named after."""

from __future__ import annotations

import pytest

from pipelines.byline import read_byline
from pipelines.declared import read_declared
from pipelines.page import read_page
from pipelines.title import title_block

TITLE = "What the tide leaves behind"
PROSE = "<p>The harbour wall was built in three summers, and the fourth took half of it away in a single night.</p>" * 2
OWN = "https://www.annastern.example/tide"


def authors_of(url: str, head: str = "", before: str = "", behind: str = "") -> list[str]:
    page = read_page(f"<head>{head}</head><body>{before}<h1>{TITLE}</h1>{PROSE}{behind}</body>", url=url, format="html")
    declared = read_declared(page)
    site_name = declared.site_name[0].value if declared.site_name else None
    _, authors = read_byline(page, declared, title_block(page, TITLE), site_name)
    return [author.name for author in authors.value or ()]


@pytest.mark.parametrize(
    ("head", "before", "behind"),
    [
        ('<meta property="og:site_name" content="Anna Stern">', "", ""),
        (f"<title>{TITLE} | Anna Stern</title>", "", ""),
        ("", '<div><a href="/">Anna Stern</a></div>', ""),
        ("", "", "<footer>© 2019–2026 Anna Stern. All rights reserved.</footer>"),
    ],
    ids=["declared", "title element", "masthead", "rights"],
)
def test_name_of_the_site_is_the_author_where_nothing_else_names_one(head: str, before: str, behind: str) -> None:
    assert authors_of(OWN, head, before, behind) == ["Anna Stern"]


def test_a_printed_byline_comes_before_the_name_of_the_site() -> None:
    assert authors_of(OWN, f"<title>{TITLE} | Anna Stern</title>", "", "<p>Written by Jon Vale</p>") == ["Jon Vale"]


def test_a_site_that_is_named_after_nobody_has_no_author() -> None:
    assert authors_of("https://harbourlights.example/tide", f"<title>{TITLE} | Harbour Lights</title>") == []


def test_rights_of_somebody_whose_name_the_host_does_not_hold_name_no_author() -> None:
    assert authors_of("https://tide.example/tide", behind="<footer>© 2026 Anna Stern</footer>") == []


def test_two_people_leave_it_open() -> None:
    head = '<meta property="og:site_name" content="Anna Stern">'
    assert authors_of("https://anna-and-paul.example/tide", head, "", "<footer>© 2026 Paul Annable</footer>") == []
