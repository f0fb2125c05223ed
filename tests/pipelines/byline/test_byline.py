"""The byline room."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.byline import read_byline
from pipelines.declared import read_declared
from pipelines.page import read_page
from pipelines.title import title_block

URL = "https://www.tern-courier.example/harbour/ferry"
TITLE = "Ferry sails again after a month"
PROSE = "<p>The ferry will sail twice a day from Monday, the harbour office said, and three times on market days.</p>"


def read(head: str, after_title: str, end: str = "") -> tuple[str | None, list[str]]:
    page = read_page(f"<head>{head}</head><body><h1>{TITLE}</h1>{after_title}{PROSE}{PROSE}{end}</body>", url=URL, format="html")
    byline, authors = read_byline(page, read_declared(page), title_block(page, TITLE), "Tern Courier")
    return byline.value, [author.name for author in authors.value or ()]


def json_ld(author: object) -> str:
    item = {"@type": "NewsArticle", "headline": TITLE, "author": author}
    return f'<script type="application/ld+json">{json.dumps(item)}</script>'


def test_declared_author_with_the_printed_line() -> None:
    assert read(json_ld({"@type": "Person", "name": "Ann Lee"}), "<p>By Ann Lee, harbour correspondent</p>") == (
        "By Ann Lee",
        ["Ann Lee"],
    )


def test_declared_author_alone_gives_the_names_as_byline() -> None:
    assert read(json_ld(["Ann Lee", "Jon Vale"]), "") == ("Ann Lee, Jon Vale", ["Ann Lee", "Jon Vale"])


def test_printed_byline_without_any_class_or_declaration() -> None:
    assert read("", '<div class="x9f2"><span>By Ann Lee</span> <span>Published 3 months ago</span></div>') == (
        "By Ann Lee",
        ["Ann Lee"],
    )


LABELLED = '<div role="navigation" class="sidebar"><ul>{}</ul></div>'
LABELLED_LINE = '<li><span>Author:</span> <a href="/blog/author/{}.html">{}</a></li>'


def test_line_that_says_author_counts_in_a_sidebar_where_it_is_the_only_one() -> None:
    ann, jon = LABELLED_LINE.format("ann-lee", "Ann Lee"), LABELLED_LINE.format("jon-vale", "Jon Vale")
    assert read("", "", LABELLED.format(ann))[1] == ["Ann Lee"]
    assert read("", "", LABELLED.format(ann + jon))[1] == []


def test_lead_word_and_name_on_two_lines() -> None:
    assert read("", "<p>Written by</p><p>Ann Lee</p>")[1] == ["Ann Lee"]


def test_link_to_the_page_of_an_author() -> None:
    assert read("", '<p><a href="/authors/ann-lee/">Ann Lee</a></p>')[1] == ["Ann Lee"]


def test_more_people_printed_than_declared() -> None:
    assert read(json_ld("Ann Lee"), "<p>By Ann Lee and Jon Vale</p>")[1] == ["Ann Lee", "Jon Vale"]


def test_a_printed_byline_beats_an_account_that_is_printed_nowhere() -> None:
    assert read(json_ld("Kate Summers"), "<p>By Ann Lee</p>")[1] == ["Ann Lee"]


def test_a_declared_author_printed_beside_another_line_stays() -> None:
    assert read(json_ld("Kate Summers"), "<p>Kate Summers</p><p>Photos by Ann Lee</p>")[1] == ["Kate Summers"]


def test_categories_behind_the_byline_are_no_authors() -> None:
    assert read("", "<p>12 May 2026 by Ann Lee in Island Travel, Sea Food</p>")[1] == ["Ann Lee"]


def test_role_printed_behind_the_declared_name_is_no_author() -> None:
    assert read(json_ld("Ann Lee"), '<p class="byline">By Ann Lee, Senior Editor</p>')[1] == ["Ann Lee"]


@pytest.mark.parametrize("author", ["admin", "ann@tern.example", "https://tern.example/ann", "ann.lee"])
def test_accounts_and_addresses_are_no_authors(author: str) -> None:
    assert read(json_ld(author), "")[1] == []


def test_site_named_after_a_person_keeps_its_author() -> None:
    page = read_page('<meta name="author" content="Ann Lee"><h1>x</h1>', url="https://annlee.example/x", format="html")
    _, authors = read_byline(page, read_declared(page), 0, "Ann Lee")
    assert [author.name for author in authors.value or ()] == ["Ann Lee"]


@pytest.mark.parametrize(
    "end",
    [
        '<div class="comments"><p class="author">Hedda Holm</p><p>By Hedda Holm</p></div>',
        '<aside class="related"><h3>More</h3><p class="byline">By Hedda Holm</p></aside>',
        '<footer><span class="author">Hedda Holm</span></footer>',
    ],
    ids=["comments", "related", "footer"],
)
def test_names_outside_the_article_are_not_taken(end: str) -> None:
    assert read("", "", end) == (None, [])


SITE = {"@type": "Organization", "name": "Tern Courier"}

WITHOUT_NAMED_AUTHOR = [
    ("name alone beside the date", "", "<p>Ann Lee</p><p>12 May 2026</p>", "", ["Ann Lee"]),
    ("name behind the date on one line", "", "<p>12 May 2026 · Ann Lee</p>", "", ["Ann Lee"]),
    ("news agency", json_ld(SITE), "<div>AFP, MANILA</div>", "", ["AFP"]),
    ("words that are no name beside the date", "", "<p>Harbour news in brief</p><p>12 May 2026</p>", "", []),
    ("link to a category beside the date", "", '<p><a href="/c/1">Island Life</a></p><p>12 May 2026</p>', "", []),
    ("lead word behind the date", "", "<p>Published 12 May 2026 by Ann Lee</p>", "", ["Ann Lee"]),
    ("box of one author at the foot", "", "", '<div class="author-box"><p>Ann Lee</p><p>She sails.</p></div>', ["Ann Lee"]),
    ("signature at the foot", "", "", "<p>This post was written by Ann Lee</p>", ["Ann Lee"]),
    (
        "boxes of several authors",
        "",
        "",
        '<div class="author-box"><p>Ann Lee</p></div><div class="author-box"><p>Jo Fox</p></div>',
        [],
    ),
    ("site declared and printed", '<meta name="author" content="Tern Courier">', "<p>Tern Courier</p>", "", ["Tern Courier"]),
    ("site declared and not printed", '<meta name="author" content="Tern Courier">', "", "", []),
    ("site as the author of news", json_ld(SITE), "", "", ["Tern Courier"]),
    ("account printed as byline", "", "<p>By TernFan</p>", "", ["TernFan"]),
    ("site and agency", json_ld("Tern Courier and AFP"), "<p>By Tern Courier and AFP</p>", "", ["Tern Courier", "AFP"]),
    ("advertisement printed as byline", "", "<p>By Sponsored by Lamp Works</p>", "", []),
    ("handle behind a lead word", "", '<p class="meta">by ternfan | 12 May 2026</p>', "", ["ternfan"]),
    ("lower-case words behind a lead word", "", "<p>by and large</p>", "", []),
    ("staff as the printed byline", "", "<p>By Staff Writer</p>", "", ["Staff Writer"]),
    ("account as the printed byline", "", '<p class="meta">by admin</p>', "", []),
    ("desk in the author's box", "", '<div class="author-box">Redaktion 12. Mai 2026 10:29</div>', "", ["Redaktion"]),
    ("date in the author's box", "", '<div class="author-box">Sat, 12 May, 2026 - 06:36</div>', "", []),
    (
        "handle that its link names too",
        "",
        '<p>12 May 2026 | Tern_Fan | 3 <a href="/author/tern_fan">x</a></p>',
        "",
        ["Tern_Fan"],
    ),
    ("lead word at the foot", "", "", "<p>Von Anna Stern</p>", ["Anna Stern"]),
    ("given name alone near the title", "", "<p>Harbour news</p><p>Anna Stern</p>", "", ["Anna Stern"]),
    ("phrase alone near the title", "", "<p>Harbour News</p>", "", []),
    ("names of two alone near the title", "", "<p>Anna Stern</p><p>Harbour news</p><p>Paul Winter</p>", "", []),
    ("given name alone behind the text", "", "", f"{PROSE * 14}<p>Anna Stern</p><p>(1) As of May.</p>", ["Anna Stern"]),
    ("caption before the name", "", "", f"{PROSE}<h3>Author</h3><p>Tilda Moor</p><h3>Topics</h3>", ["Tilda Moor"]),
    (
        "caption before the names",
        "",
        "",
        "<h6>Author(s)</h6><ul><li>Tilda Moor</li><li>Jon Vale</li></ul><p>Topics</p>",
        ["Tilda Moor", "Jon Vale"],
    ),
    ("caption before a sentence", "", "", "<h3>About the author</h3><p>She has lived by the harbour.</p>", []),
    (
        "person and site behind labels",
        "",
        "",
        "<p>Written by Tilda Moor</p><p>Written by Tern Courier Harbour Pages</p>",
        ["Tilda Moor"],
    ),
    ("several lead words at the foot", "", "", f"{PROSE * 14}<p>By Anna Stern</p><p>By Jo Fox</p>", []),
    ("author at the foot, others' work beside", "", "", "<p>Autorin: Anna Stern</p><p>Fotos: Jo Fox</p>", ["Anna Stern"]),
    ("box of the author in a sidebar", "", "", '<aside><div class="author-box"><p>Ann Lee</p></div></aside>', ["Ann Lee"]),
    (
        "box of an author among other articles",
        "",
        "",
        '<aside class="related"><div class="author-box"><p>Ann Lee</p></div></aside>',
        [],
    ),
    ("person at the foot, site declared", json_ld(SITE), "", "<p>Von Anna Stern</p>", ["Anna Stern"]),
    (
        "writer printed, organisation declared",
        json_ld({"@type": "Organization", "name": "Quay Press"}),
        "<p>By Ann Lee</p>",
        "",
        ["Ann Lee"],
    ),
    ("contributors with links to their pages", "", '<p>Contributions from: <a href="/author/jo">Jo Fox</a></p>', "", []),
    ("phrase beside the date", "", "<p>Die Fahrt zur Insel</p><p>12 May 2026</p>", "", []),
    ("label beside the date in a script without capitals", "", "<p>المصدر</p><p>12 May 2026</p>", "", []),
    ("desk declared as a person", json_ld("Tern Contributor"), "", "", ["Tern Contributor"]),
    ("label behind the date", "", "<p>12.05.2026 - Redaktion: Anna Stern (Pressestelle)</p>", "", ["Anna Stern"]),
    ("site with its host declared", '<meta name="author" content="Tern Press (www.tern-courier.example)">', "", "", []),
    ("field of a template declared", '<meta name="author" content="page.extra.author">', "", "", []),
    (
        "desk declared, agency beside it",
        json_ld("Tern staff reporter") + '<meta name="author" content="Reuters in Bergen">',
        "",
        "",
        ["Tern staff reporter"],
    ),
    ("social networks beside the title", "", '<p><a href="//x.example/@tern">Facebook Youtube</a></p>', "", []),
]


@pytest.mark.parametrize(
    ("head", "after", "end", "names"),
    [case[1:] for case in WITHOUT_NAMED_AUTHOR],
    ids=[case[0] for case in WITHOUT_NAMED_AUTHOR],
)
def test_author_that_nothing_marks(head: str, after: str, end: str, names: list[str]) -> None:
    assert read(head, after, end)[1] == names


def test_the_site_as_author_is_an_organisation() -> None:
    page = read_page(f"<head>{json_ld(SITE)}</head><h1>{TITLE}</h1>{PROSE}", url=URL, format="html")
    _, authors = read_byline(page, read_declared(page), 0, "Tern Courier")
    assert [author.kind for author in authors.value or ()] == ["organisation"]


def confidence(head: str, after_title: str, end: str = "") -> float:
    page = read_page(f"<head>{head}</head><h1>{TITLE}</h1>{after_title}{PROSE}{PROSE}{end}", url=URL, format="html")
    return read_byline(page, read_declared(page), title_block(page, TITLE), "Tern Courier")[1].confidence


def test_agreement_makes_sure() -> None:
    meta, line = '<meta name="author" content="Ann Lee">', "<p>By Ann Lee</p>"
    alone, twice, printed = confidence(meta, ""), confidence(meta + json_ld("Ann Lee"), ""), confidence(meta, line)
    assert alone < 0.8 < twice <= printed


def test_a_single_word_that_nothing_else_names_is_unsure() -> None:
    assert confidence(json_ld("Annlee"), "") < confidence(json_ld("Ann Lee"), "")


def test_byline_is_the_line_that_names_the_authors_not_a_sentence_that_does() -> None:
    line = "<p>We met Ann Lee at the quay where she has watched the ferries come and go for thirty years.</p>"
    assert read(json_ld("Ann Lee"), line)[0] == "Ann Lee"
    assert read(json_ld("Ann Lee"), f"{line}<p>Text: Ann Lee</p>")[0] == "Text: Ann Lee"


def test_reviewers_are_no_authors() -> None:
    assert read("", "<p>Reviewed by Hedda Holm, MD</p>")[1] == []


@given(st.text(max_size=300))
def test_reading_a_byline_never_raises(body: str) -> None:
    page = read_page(body, url=URL)
    read_byline(page, read_declared(page), 0, None)
    read_byline(page, read_declared(page), None, None)


def test_names_with_nothing_between_them_are_told_apart_by_the_links_to_their_pages() -> None:
    line = 'By <a href="/author/mara-lindqvist.html">Mara Lindqvist</a> <a href="/author/jon-vale.html">Jon Vale</a>'
    text = "The ferry leaves an hour later in winter. " * 4
    html = f"<main><h1>The winter timetable</h1><address>{line}</address><p>{text}</p></main>"
    page = read_page(html.encode(), url="https://ferry.test/t.html")
    _, authors = read_byline(page, read_declared(page), title_block(page, "The winter timetable"), None)
    assert [author.name for author in authors.value or ()] == ["Mara Lindqvist", "Jon Vale"]


def test_whom_the_title_names_alone_near_it_is_who_was_asked() -> None:
    page = read_page(f"<h1>A talk with Anna Stern</h1><p>Anna Stern</p><p>12 May 2026</p>{PROSE}{PROSE}", url=URL, format="html")
    _, authors = read_byline(page, read_declared(page), title_block(page, "A talk with Anna Stern"), "Tern Courier")
    assert authors.value is None


def test_a_line_that_links_to_its_author_may_go_on_with_topics() -> None:
    topics = ", ".join(["harbour", "ferries", "timetables", "market days"] * 6)
    line = f'<p>Posted by <a href="/author/tmoor/">Tilda Moor</a> at 18:52 Tagged with: {topics}</p>'
    assert read("", "", line)[1] == ["Tilda Moor"]
    assert read("", "", line.replace("/author/tmoor/", "/tag/harbour/"))[1] == []


def test_handle_before_the_name_of_the_site_that_its_link_names_too() -> None:
    assert read("", '<div><a href="/author/tilda/">Tilda terncourier</a></div>')[1] == ["Tilda"]


def test_name_behind_a_date_within_the_line() -> None:
    assert read("", "<p>The Evening Gull 02/10/2026 Anna Stern</p>")[1] == ["Anna Stern"]
    assert read("", "<p>The Evening Gull 02/10/2026 Harbour Desk</p>")[1] == []


def test_names_in_a_byline_win_over_a_declared_word_that_stands_nowhere_near_the_title() -> None:
    line = '<div class="author">Tilda Moor</div>'
    assert read(json_ld("Hedda"), line)[1] == ["Tilda Moor"]
    assert read(json_ld("Hedda"), f"{line}<p>Hedda</p>")[1] == ["Hedda"]
    assert read(json_ld("Hedda Holm"), line)[1] == ["Hedda Holm"]
