"""Section and tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.declared import read_declared
from pipelines.page import read_page
from pipelines.topics import read_section, read_tags

PROSE = "The ferry will sail twice a day from Monday, the harbour office said, and three times on market days."


def tags(head: str, body: str, kind: str = "html") -> tuple[str, ...] | None:
    page = read_page(
        f"<head>{head}</head><body><article><p>{PROSE}</p>{body}</article></body>" if kind == "html" else body, format=kind
    )
    return read_tags(page, read_declared(page)).value


def test_article_tags_come_before_keywords() -> None:
    keywords = '<meta name="keywords" content="cheap ferry, buy tickets">'
    said = '<meta property="article:tag" content="ferries"><meta property="article:tag" content="Timetables">'
    assert tags(keywords + said, "") == ("ferries", "Timetables")


def test_links_with_rel_tag_are_tags() -> None:
    assert tags("", '<p>Tagged: <a rel="tag" href="/t/f">ferries</a>, <a rel="tag" href="/t/t">timetables</a></p>') == (
        "ferries",
        "timetables",
    )


def test_a_cloud_of_tags_is_not_the_articles() -> None:
    assert tags("", '<div class="tagcloud widget"><a rel="tag" href="/t/f">ferries</a></div>') is None


def test_repeated_tags_stand_once() -> None:
    assert tags('<meta property="article:tag" content="Ferries"><meta property="article:tag" content="ferries">', "") == (
        "Ferries",
    )


def test_text_page_prints_its_tags_behind_the_last_break() -> None:
    assert tags(
        "",
        f"Ferry sails again\n\n{PROSE}\n\n---\n\nHarbour\n\n{PROSE}\n\n---\n\npolitics\n\nAbout the Creator\n\nAnn Lee\n",
        "text",
    ) == ("politics",)


def test_heading_behind_the_last_break_is_no_tag() -> None:
    assert tags("", f"Ferry sails again\n\n{PROSE}\n\n---\n\nthe way home\n\n{PROSE}\n", "text") is None


def test_section_as_declared_or_of_a_category_link() -> None:
    page = read_page(f'<head><meta property="article:section" content="Harbour"></head><p>{PROSE}</p>', format="html")
    assert read_section(page, read_declared(page)).value == "Harbour"
    page = read_page(f'<article><a rel="category tag" href="/c/harbour">Harbour</a><p>{PROSE}</p></article>', format="html")
    assert read_section(page, read_declared(page)).value == "Harbour"


CATEGORY_LINKS = [
    ("rel alone", '<a rel="category" href="/?cat=3">Harbour</a>', "Harbour"),
    ("class and address", '<p><a class="post-category" href="/categories/Harbour/">Harbour</a></p>', "Harbour"),
    ("rel tag", '<p><a rel="tag" href="/category/harbour/">Harbour</a> <a rel="tag" href="/tag/f/">ferry</a></p>', "Harbour"),
    ("address without a class behind the text", '<p><a href="/category/harbour/">Harbour</a></p>', None),
    (
        "directory",
        "".join(f'<a class="category" href="/category/{name}/">{name}</a> ' for name in ("sea", "land", "air", "town")),
        None,
    ),
    ("menu", '<nav><a class="category" href="/category/sea/">Sea</a></nav>', None),
]  # fmt: skip


@pytest.mark.parametrize(("links", "expected"), [case[1:] for case in CATEGORY_LINKS], ids=[case[0] for case in CATEGORY_LINKS])
def test_section_of_a_link_to_a_category(links: str, expected: str | None) -> None:
    page = read_page(
        f"<article><h1>Ferry</h1><p>{PROSE}</p><div>{links}</div></article>", format="html", url="https://a.example/x"
    )
    assert read_section(page, read_declared(page)).value == expected


ABOVE_THE_TEXT = [
    ("among date and reading time", '<div>12 May <a href="/categories/Club-news/">Club news</a> 3 minutes</div>', "Club news"),
    (
        "behind a long line of dates",
        f"<div>{'Created 2026-07-15 12:00 ' * 5}</div><ul><li><a href='/categories/Sea/'>Sea</a></li></ul>",
        "Sea",
    ),
    ("name that the line does not print", '<div><a href="/categories/c4/">Club news</a></div>', None),
    ("menu of categories", "".join(f'<a href="/categories/{n}/">{n}</a>, ' for n in ("sea", "land", "air", "town")), None),
    ("another address", '<div><a href="/harbour/">Harbour</a></div>', None),
]


@pytest.mark.parametrize(("line", "expected"), [case[1:] for case in ABOVE_THE_TEXT], ids=[case[0] for case in ABOVE_THE_TEXT])
def test_section_of_a_line_above_the_text_that_links_to_a_category(line: str, expected: str | None) -> None:
    page = read_page(f"<article><h1>Ferry</h1>{line}<p>{PROSE}</p></article>", format="html", url="https://a.example/x")
    assert read_section(page, read_declared(page)).value == expected


def test_section_of_the_only_line_in_a_sidebar_that_says_category() -> None:
    line = '<li><span>Category:</span> <a href="/blog/category/{0}.html">{0}</a></li>'

    def section(*names: str) -> str | None:
        side = f'<div role="navigation" class="sidebar"><ul>{"".join(map(line.format, names))}</ul></div>'
        page = read_page(f"<main><h1>Ferry</h1><p>{PROSE}</p></main>{side}", format="html", url="https://a.example/x")
        return read_section(page, read_declared(page)).value

    assert section("Workshop") == "Workshop"
    assert section("Workshop", "Harbour") is None


def test_a_category_is_no_tag() -> None:
    links = '<p><a rel="tag" href="/category/harbour/">Harbour</a></p><p><a rel="tag" href="/tag/ferries/">ferries</a></p>'
    assert tags("", links) == ("ferries",)
    assert tags("", '<p><a rel="tag" href="/category/harbour/">Harbour</a></p>') is None


def test_tags_without_links_stand_in_a_list_of_tags() -> None:
    listed = '<nav class="md-tags"><span class="md-tag">ferries</span> <span class="md-tag">money</span></nav>'
    assert tags("", listed) == ("ferries", "money")
    assert tags("", '<p>Ferries <span class="tag">New</span></p>') is None


def test_page_without_topics_has_none() -> None:
    page = read_page(f"<p>{PROSE}</p>", format="html")
    assert (read_section(page, read_declared(page)).value, read_tags(page, read_declared(page)).value) == (None, None)


@given(st.text(min_size=1, max_size=300))
def test_reading_topics_never_raises(body: str) -> None:
    page = read_page(f"x\n\n---\n\n{body}", format="text")
    read_tags(page, read_declared(page))
    read_section(page, read_declared(page))


def test_break_inside_a_link_is_no_line() -> None:
    page = read_page(f'<p>{PROSE}</p><a href="/x">Ferries<hr></a><p>{PROSE}</p>', format="html")
    assert read_section(page, read_declared(page)).value is None


def test_printed_path_is_not_asked_where_the_head_names_the_section() -> None:
    path = '<ul class="breadcrumb"><li><a href="/">Home</a></li><li><a href="/harbour">Harbour</a></li></ul>'
    declared = '<meta property="article:section" content="Sea">'
    for head, section in ((declared, "Sea"), ("", "Harbour")):
        page = read_page(f"<head>{head}</head><body>{path}<p>{PROSE}</p></body>", format="html", url="https://tern.example/a")
        field = read_section(page, read_declared(page))
        assert (field.value, field.lost) == (section, ())
