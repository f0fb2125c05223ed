"""The dates room."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates import read_dates
from pipelines.declared import read_declared
from pipelines.evidence import Field
from pipelines.fields import ArticleDate
from pipelines.page import read_page
from pipelines.title import title_block

FETCHED = datetime(2026, 11, 22, 12, tzinfo=UTC)
TITLE = "Ferry sails again after a month"
PROSE = "<p>The ferry will sail twice a day from Monday, the harbour office said, and three times on market days.</p>"


def fields(
    head: str, after: str, end: str = "", *, url: str = "https://tern.example/ferry", lang: str = "en"
) -> tuple[Field[ArticleDate], Field[ArticleDate]]:
    page = read_page(
        f"<head>{head}</head><body><h1>{TITLE}</h1>{after}{PROSE}{PROSE}{end}</body>", url=url, fetched=FETCHED, format="html"
    )
    return read_dates(page, read_declared(page), title_block(page, TITLE), lang)


def published(head: str, after: str, end: str = "", *, url: str = "https://tern.example/ferry", lang: str = "en") -> str | None:
    value = fields(head, after, end, url=url, lang=lang)[0].value
    return value.text if value else None


def json_ld(**dates: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": TITLE, **dates})}</script>'


CASES = [
    ("JSON-LD", json_ld(datePublished="2026-08-22T10:05:00+02:00"), "", "2026-08-22T10:05:00+02:00"),
    ("open graph", '<meta property="article:published_time" content="2026-08-22T10:05:00Z">', "", "2026-08-22T10:05:00+00:00"),
    ("declared before relative", json_ld(datePublished="2026-08-22"), "<p>3 months ago</p>", "2026-08-22"),
    (
        "the finer of two declared",
        json_ld(datePublished="2026-08-22") + '<meta property="article:published_time" content="2026-08-22T10:05:00+02:00">',
        "",
        "2026-08-22T10:05:00+02:00",
    ),
    ("time element", "", '<time datetime="2026-08-22T10:05">Saturday</time>', "2026-08-22T10:05:00"),
    ("printed line", "", "<p>By Ann Lee | August 22, 2026</p>", "2026-08-22"),
    ("relative line", "", "<p>By Ann Lee Published 3 months ago 4 min read</p>", "2026-08"),
    ("first published, then updated", "", "<p>Updated August 25, 2026 Published August 22, 2026</p>", "2026-08-22"),
    ("only updated", "", "<p>Last updated: August 25, 2026</p>", None),
    ("copyright year", "", "<p>© 2026 Tern Courier, since 22 August 1921</p>", None),
    ("declared after the fetch", json_ld(datePublished="2031-01-01"), "", None),
    ("caption of a picture", "", "<figure><figcaption>The quay on 3 May 2026</figcaption></figure>", None),
    (
        "printed before a declared day without a meaning",
        '<meta name="date" content="2026-08-30">',
        "<p>22 August 2026</p>",
        "2026-08-22",
    ),
    ("declared day without a meaning, alone", '<meta name="date" content="2026-08-30">', "", "2026-08-30"),
    ("no publication behind a change", '<meta name="date" content="2026-08-30">', "<p>Updated 22 August 2026</p>", None),
    (
        "the declared day that is printed",
        json_ld(datePublished="2026-08-24") + '<meta property="article:published_time" content="2026-08-22T10:05:00Z">',
        "<p>22 August 2026</p>",
        "2026-08-22T10:05:00+00:00",
    ),
    ("day and month as declared", json_ld(datePublished="2026-09-08T10:05:00Z"), "<p>9/8/2026</p>", "2026-09-08T10:05:00+00:00"),
    ("the clock of the server", json_ld(datePublished="2026-11-22T12:00:02Z"), "<p>22 August 2026</p>", "2026-08-22"),
    (
        "an earlier printed day than a change's",
        json_ld(datePublished="2026-10-22", dateModified="2026-10-22"),
        "<p>22 August 2026</p>",
        "2026-08-22",
    ),
    ("a later printed day", json_ld(datePublished="2026-08-22"), "<p>22 October 2026</p>", "2026-08-22"),
    (
        "a printed day that a date without a meaning repeats, before a declared one",
        json_ld(datePublished="2025-08-22", dateModified="2026-10-30") + '<meta name="date" content="2026-10-22">',
        "<p>22 October 2026</p>",
        "2026-10-22",
    ),
    (
        "a printed day that is repeated as that of the change alone",
        json_ld(datePublished="2025-08-22", dateModified="2026-10-22") + '<meta name="date" content="2026-10-22">',
        "<p>22 October 2026</p>",
        "2025-08-22",
    ),
    (
        "day and month as in the marks of other articles",
        "",
        '<p>9/8/2026</p><aside><time datetime="2026-08-09">Ferry</time></aside>',
        "2026-08-09",
    ),
    (
        "called so right behind the title, in a box that is called a foot",
        '<meta name="date" content="2026-08-20">',
        '<div class="footer"><p><time itemprop="datePublished" datetime="2026-08-22">22.08.2026</time></p></div>',
        "2026-08-22",
    ),
    ("label on the line before", "", "<p>Published</p><p>22 August 2026</p>", "2026-08-22"),
    ("change labelled on the line before", "", "<p>Last updated:</p><p>22 August 2026</p>", None),
    ("day of an event", "", '<div class="event-date">22 August 2026</div>', None),
    ("sentence with a date", "", "<p>The company that runs the ferry was bought by the islands on 3 May 2026.</p>", None),
]


@pytest.mark.parametrize(("head", "after", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_date_of_publication(head: str, after: str, expected: str | None) -> None:
    assert published(head, after) == expected


@pytest.mark.parametrize(
    ("lang", "line", "expected"),
    [
        ("de", "Veröffentlicht vor 2 Tagen", "2026-11-20"),
        ("fr", "Publié le 22 août 2026 à 10h05", "2026-08-22T10:05:00"),
        ("ja", "2026年8月22日 公開", "2026-08-22"),
    ],
)
def test_printed_dates_in_other_languages(lang: str, line: str, expected: str) -> None:
    assert published("", f"<p>{line}</p>", lang=lang) == expected


def test_day_in_the_address() -> None:
    url = "https://tern.example/2026/08/22/ferry"
    assert published("", "", url=url) == "2026-08-22"
    assert published("", "", url="https://tern.example/2026/13/45/ferry") is None


def test_local_day_of_print_and_address_comes_before_the_day_of_a_moment_in_utc() -> None:
    url = "https://tern.example/2026/08/21/ferry"
    field, _ = fields(json_ld(datePublished="2026-08-22T02:41:41Z"), "<p>August 21, 2026</p>", url=url)
    assert field.value is not None
    assert field.value.text == "2026-08-21"
    assert field.value.earliest == field.value.latest == datetime(2026, 8, 22, 2, 41, 41, tzinfo=UTC)
    assert published(json_ld(datePublished="2026-08-22T02:41:41Z"), "<p>August 21, 2026</p>") == "2026-08-22T02:41:41+00:00"


def web_page(changed: str) -> str:
    dates = {"datePublished": "2024-03-04T08:00:00+00:00", "dateModified": changed}
    return f'<script type="application/ld+json">{json.dumps({"@type": "WebPage", "name": TITLE, **dates})}</script>'


def test_day_on_which_a_page_was_made_is_no_date_of_publication_where_the_page_is_kept_up() -> None:
    kept_up = web_page("2026-08-22T08:00:00+00:00")
    field, changed = fields(kept_up, "")
    assert field.value is None
    assert [lost.place for lost in field.lost] == ["WebPage.datePublished"]
    assert changed.value is not None
    assert published(kept_up, "<p>4 March 2024</p>") == "2024-03-04T08:00:00+00:00"
    assert published(web_page("2024-04-04T08:00:00+00:00"), "") == "2024-03-04T08:00:00+00:00"


@pytest.mark.parametrize(
    "end",
    [
        '<div class="comments"><time datetime="2026-09-01">1 September</time></div>',
        '<aside class="related"><p>August 1, 2026</p></aside>',
        "<footer>August 1, 2026</footer>",
    ],
)
def test_dates_outside_the_article_are_not_taken(end: str) -> None:
    assert published("", "", end) is None


FOOT = '<footer class="entry-footer">Published <time class="published" datetime="2026-09-22">September 22, 2026</time></footer>'
COMMENT = (
    '<article class="comment"><footer><time class="published" datetime="2026-09-25">September 25, 2026</time></footer></article>'
)


def foot_date(foot: str) -> str | None:
    markup = f"<body><article><h1>{TITLE}</h1>{PROSE * 30}{foot}</article>{COMMENT}</body>"
    page = read_page(markup, format="html")
    value = read_dates(page, read_declared(page), title_block(page, TITLE), "en")[0].value
    return value.text if value else None


def test_date_at_the_foot_of_the_article_is_its_own_and_that_of_a_comment_is_not() -> None:
    assert foot_date(FOOT) == "2026-09-22"
    assert foot_date("") is None


def test_date_behind_a_long_text_is_the_articles_where_its_class_says_so() -> None:
    assert foot_date('<div class="post-date"><time datetime="2026-09-22">September 22, 2026</time></div>') == "2026-09-22"
    assert foot_date('<div class="event-date"><time datetime="2026-09-22">September 22, 2026</time></div>') is None


def test_change_is_kept_apart_from_publication() -> None:
    first, changed = fields("", "<p>Published August 22, 2026, updated August 25, 2026</p>")
    assert (first.value and first.value.text, changed.value and changed.value.text) == ("2026-08-22", "2026-08-25")


def test_change_before_publication_is_refused() -> None:
    _, changed = fields(json_ld(datePublished="2026-08-22", dateModified="2026-08-01"), "")
    assert changed.value is None
    assert [lost.value.text for lost in changed.lost] == ["2026-08-01"]


def test_losing_candidates_are_kept_as_evidence() -> None:
    first, _ = fields(json_ld(datePublished="2026-08-22"), "<p>August 23, 2026</p>")
    assert [lost.value.text for lost in first.lost] == ["2026-08-23"]


def confidence(head: str, after: str) -> float:
    return fields(head, after)[0].confidence


def test_agreement_makes_a_day_surer_and_denial_less_sure() -> None:
    declared = json_ld(datePublished="2026-08-22")
    alone = confidence(declared, "")
    assert confidence(declared, "<p>22 August 2026</p>") > alone > confidence(declared, "<p>25 August 2026</p>")
    assert confidence("", "<p>22/8/2026</p>") > confidence("", "<p>8/7/2026</p>")


@pytest.mark.parametrize("date", ["22 August 2026", "2026-08-22"])
def test_the_only_day_far_from_the_title_is_the_articles(date: str) -> None:
    assert foot_date(f"<p>{date}</p>") == "2026-08-22"
    assert foot_date(f"<p>{date}</p><p>3 May 2026</p>") is None


def test_a_sidebar_within_the_article_is_its_own_and_one_beside_it_is_not() -> None:
    sidebar = '<div class="sidebar"><p>22 August 2026</p></div>'
    inside, beside = (
        f"<article><h1>{TITLE}</h1>{PROSE}{sidebar}</article>",
        f"<article><h1>{TITLE}</h1>{PROSE}</article>{sidebar}",
    )
    found = []
    for body in (inside, beside):
        page = read_page(f"<body>{body}</body>", format="html")
        found.append(read_dates(page, read_declared(page), title_block(page, TITLE), "en")[0].value)
    assert [date and date.text for date in found] == ["2026-08-22", None]


@pytest.mark.parametrize(
    ("box", "line", "expected"),
    [
        ("facts-sidebar", "<h4>Published</h4><div>22 August 2026</div>", "2026-08-22"),
        ("facts-sidebar", "<h4>Next sailing</h4><div>22 August 2026</div>", None),
        ("sidebar related", "<h4>Published</h4><div>22 August 2026</div>", None),
    ],
    ids=["a fact of the article", "a fact of something else", "of another article"],
)
def test_day_in_a_sidebar_below_the_word_published_is_the_articles(box: str, line: str, expected: str | None) -> None:
    page = read_page(f'<body><h1>{TITLE}</h1>{PROSE * 20}<div class="{box}">{line}</div></body>', format="html")
    value = read_dates(page, read_declared(page), title_block(page, TITLE), "en")[0].value
    assert (value and value.text) == expected


@given(st.text(max_size=300))
def test_reading_dates_never_raises(body: str) -> None:
    page = read_page(body, url="http://[x/2026/08/22", fetched=FETCHED)
    read_dates(page, read_declared(page), 0, "en")
    read_dates(page, read_declared(page), None, None)


@pytest.mark.parametrize(
    "line",
    [
        "<p>On 9 May 1945 the pier burned down, as old men still tell.</p>",
        "<div>Photo taken 3 May 1961</div>",
        "<div>Closing date: 20 March 2024</div>",
        "<div>The ferry runs until 1 April 2024</div>",
        "<div>Established 12 May 1987</div>",
    ],
)
def test_a_day_of_the_story_is_no_date_of_publication(line: str) -> None:
    assert published("", line) is None


def test_a_day_before_the_web_is_the_date_where_the_page_calls_it_so() -> None:
    assert published("", "<div>Published 12 May 1987</div>") == "1987-05-12"
