"""Labels of blocks, a rule each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.boilerplate import label_blocks
from pipelines.fields import Label
from pipelines.page import Kind, Page, read_page

PROSE = [
    "The harbour office counted the boats again on Monday and found two more than it had moorings for, which pleased nobody.",
    "By Tuesday the two had been traced to a shed on the far side of the island, where they were waiting for a coat of paint.",
    "Nobody had asked for them, said the harbour master, and nobody would say who had rowed them across in the night.",
    "The council will talk about the matter in spring, when the ice is gone and the question may have answered itself.",
]
FIRST, SECOND, THIRD, LAST = PROSE


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def label_html(body: str, *, tags: tuple[str, ...] = (), furniture: dict[str, str] | None = None) -> dict[str, Label]:
    page = read_page(f"<html><body>{body}</body></html>", url="https://courier.example/boats", format="html")
    title = next((block.index for block in page.blocks if block.level == 1), None)
    printed = {block.index: (furniture or {})[block.text] for block in page.blocks if block.text in (furniture or {})}
    return {item.block.text: item.label for item in label_blocks(page, title_block=title, furniture=printed, tags=tags)}


def label_text(*texts: str) -> dict[str, Label]:
    page = read_page("\n\n".join(texts), url="https://courier.example/boats", format="text")
    title = next((block.index for block in page.blocks if block.level == 1), None)
    return {item.block.text: item.label for item in label_blocks(page, title_block=title, furniture={}, tags=())}


def body_of(labels: dict[str, Label]) -> list[str]:
    return [text for text, label in labels.items() if label is Label.ARTICLE]


def test_all_prose_of_a_plain_page_is_the_body() -> None:
    assert body_of(label_html("<h1>Boats</h1>" + paragraphs(*PROSE))) == PROSE


@pytest.mark.parametrize(
    ("opening", "label"),
    [
        ('<div class="comments">', Label.COMMENTS),
        ('<div id="disqus_thread">', Label.COMMENTS),
        ('<div itemtype="https://schema.org/Comment" itemscope>', Label.COMMENTS),
        ('<div class="author-bio">', Label.BIO),
        ('<div class="jp-relatedposts">', Label.RELATED),
        ('<div class="newsletter-signup">', Label.NEWSLETTER),
        ('<div class="cookie-banner">', Label.CONSENT),
        ('<div class="sidebar">', Label.OTHER),
        ('<div role="contentinfo">', Label.FOOTER),
        ("<footer>", Label.FOOTER),
        ("<nav>", Label.NAVIGATION),
    ],
)
def test_an_element_behind_the_text_is_what_it_calls_itself(opening: str, label: Label) -> None:
    closing = f"</{opening[1:].split()[0].rstrip('>')}>"
    labels = label_html(f"<article><h1>Boats</h1>{paragraphs(*PROSE[:3])}</article>{opening}<p>{LAST}</p>{closing}")
    assert labels[LAST] is label
    assert body_of(labels) == PROSE[:3]


@pytest.mark.parametrize("word", ["comments", "sidebar", "newsletter", "share", "paywall", "widget", "related", "menu", "cookie"])
def test_a_wrapper_that_holds_the_text_keeps_no_label(word: str) -> None:
    assert body_of(label_html(f'<div class="{word}"><h1>Boats</h1>{paragraphs(*PROSE)}</div>')) == PROSE


@pytest.mark.parametrize("word", ["paywall", "widget", "promo", "subscription"])
def test_a_word_on_every_paragraph_means_something_else(word: str) -> None:
    body = "".join(f'<div class="{word}"><p>{text}</p></div>' for text in PROSE)
    assert body_of(label_html(f"<main><h1>Boats</h1>{body}</main>")) == PROSE


def test_words_cut_from_a_hashed_class_name_say_nothing() -> None:
    body = f'<h1>Boats</h1>{paragraphs(*PROSE[:3])}<div class="sc-kAdBcD"><p>{LAST}</p></div>'
    assert label_html(f"<main>{body}</main>")[LAST] is Label.ARTICLE


def test_more_comments_than_text_do_not_become_the_body() -> None:
    comments = "".join(f'<div class="comment"><p>{number}. {SECOND} {THIRD}</p></div>' for number in range(30))
    labels = label_html(f'<main><h1>Boats</h1>{paragraphs(*PROSE)}<div class="comments">{comments}</div></main>')
    assert body_of(labels) == PROSE


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ("Comments", Label.COMMENTS),
        ("3 Comments", Label.COMMENTS),
        ("Kommentare (12)", Label.COMMENTS),
        ("Laisser un commentaire", Label.COMMENTS),
        ("About the Creator", Label.BIO),
        ("Über den Autor", Label.BIO),
        ("À propos de l’auteur", Label.BIO),
    ],
)
def test_what_follows_a_heading_that_ends_articles_stays_out(heading: str, label: Label) -> None:
    labels = label_html(f"<main><h1>Boats</h1>{paragraphs(*PROSE[:3])}<h3>{heading}</h3><p>{LAST}</p><p>Short.</p></main>")
    assert (labels[heading], labels[LAST], labels["Short."]) == (label, label, label)


def test_the_story_under_a_call_for_comments_is_none_of_the_comments() -> None:
    story = [f"{text} So it went for week {number}." for number in range(9) for text in PROSE]
    labels = label_text("Boats", FIRST, "Join the conversation", *story)
    assert Label.COMMENTS not in {labels[text] for text in story}


def test_comments_behind_the_story_of_a_text_stay_out() -> None:
    comments = [f"{text} I for one would like to know who pays for the paint." for text in PROSE]
    labels = label_text("Boats", *PROSE, "Comments", *comments)
    assert {labels[text] for text in comments} == {Label.COMMENTS}


def test_a_related_box_among_the_text_ends_where_prose_goes_on() -> None:
    box = '<h3>Related</h3><p><a href="/a">The ice comes early</a></p><p><a href="/b">A new ferry bell</a></p>'
    labels = label_html(f"<main><h1>Boats</h1>{paragraphs(FIRST, SECOND)}{box}{paragraphs(THIRD, LAST)}</main>")
    assert body_of(labels) == PROSE
    assert labels["The ice comes early"] is Label.RELATED


def test_a_heading_of_the_text_that_only_contains_such_a_word_opens_nothing() -> None:
    labels = label_html(
        f"<main><h1>Boats</h1>{paragraphs(FIRST, SECOND)}<h2>Comments from the crew</h2>{paragraphs(THIRD, LAST)}</main>"
    )
    assert labels["Comments from the crew"] is Label.ARTICLE


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("© 2026 The Courier", Label.FOOTER),
        ("The Courier. All rights reserved.", Label.FOOTER),
        ("Sign in to comment", Label.COMMENTS),
        ("Be the first to respond and start the conversation.", Label.COMMENTS),
        ("Sign up for our weekly letter", Label.NEWSLETTER),
        ("Follow us on Mastodon", Label.SHARE),
        ("Article continues below", Label.ADVERTISEMENT),
        ("Subscribe to continue reading", Label.PAYWALL),
        ("Filed under: boats, paint", Label.TAGS),
    ],
)
def test_a_short_prompt_or_legal_line_is_named(text: str, label: Label) -> None:
    assert (
        label_html(f"<main><h1>Boats</h1>{paragraphs(FIRST, SECOND, THIRD)}<p>{text}</p>{paragraphs(LAST)}</main>")[text] is label
    )


@pytest.mark.parametrize("lead", ["Read also:", "Lesen Sie auch:", "À lire aussi :", "Lea también:", "Czytaj też:", "関連記事:"])
def test_a_pointer_to_another_article_is_related(lead: str) -> None:
    pointer = f'<p>{lead} <a href="/ice">The ice comes early this year, and stays</a></p>'
    labels = label_html(f"<main><h1>Boats</h1>{paragraphs(FIRST, SECOND)}{pointer}{paragraphs(THIRD, LAST)}</main>")
    assert body_of(labels) == PROSE


def test_the_line_that_prints_the_tags_is_tags() -> None:
    labels = label_html(f"<main><h1>Boats</h1>{paragraphs(*PROSE)}<p>harbour, paint</p></main>", tags=("Harbour", "Paint"))
    assert labels["harbour, paint"] is Label.TAGS


def test_a_block_that_prints_a_field_is_furniture() -> None:
    dek = "Two boats too many, and nobody who wants to own them, on an island with eleven moorings."
    labels = label_html(f"<main><h1>Boats</h1><p>{dek}</p>{paragraphs(*PROSE)}</main>", furniture={dek: "dek"})
    assert labels[dek] is Label.FURNITURE


def test_hidden_text_is_hidden() -> None:
    labels = label_html(f'<main><h1>Boats</h1>{paragraphs(*PROSE)}<p style="display:none">You have been logged out.</p></main>')
    assert labels["You have been logged out."] is Label.HIDDEN


def test_hidden_text_is_the_body_where_it_is_all_there_is() -> None:
    assert body_of(label_html(f'<div style="display:none"><h1>Boats</h1>{paragraphs(*PROSE)}</div>')) == PROSE


def test_lists_quotes_tables_code_and_captions_among_the_text_are_kept() -> None:
    rich = (
        "<ul><li>Two oars</li><li>One bucket</li></ul><blockquote><p>They float.</p></blockquote>"
        "<table><tr><td>Boat</td><td>Colour</td></tr><tr><td>First</td><td>None yet</td></tr></table>"
        "<pre>count = 2</pre><figure><img src='/i.jpg'><figcaption>The shed at noon</figcaption></figure>"
    )
    body = body_of(label_html(f"<main><h1>Boats</h1>{paragraphs(FIRST, SECOND)}{rich}{paragraphs(THIRD, LAST)}</main>"))
    assert {"Two oars", "One bucket", "They float.", "Boat | Colour", "First | None yet", "count = 2", "The shed at noon"} <= set(
        body
    )


def test_a_heading_without_text_behind_it_is_left_out() -> None:
    assert "And then" not in body_of(label_html(f"<main><h1>Boats</h1>{paragraphs(*PROSE)}<h2>And then</h2></main>"))


def test_every_label_has_a_reason_and_a_confidence() -> None:
    page = read_page(f"<main><h1>Boats</h1>{paragraphs(*PROSE)}</main><footer><p>© 2026</p></footer>", format="html")
    labelled = label_blocks(page, title_block=0, furniture={}, tags=())
    assert all(item.reason and 0 <= item.confidence <= 1 for item in labelled)


PIECES = st.sampled_from(
    [
        *PROSE, "Comments", "About the author", "Share", "© 2026", "Read also: x", "", "3 min read", "Sign in to comment",
        "<div class='comments'>", "</div>", "<aside>", "</aside>", "<h1>", "<h2>", "</h2>", "<hr>", "<ul><li>", "</ul>",
        "<table><tr><td>", "<p>", "</p>", "<a href='/x'>", "</a>", "<div hidden>", "<nav>", "<blockquote>",
    ]
)  # fmt: skip


def pages() -> st.SearchStrategy[Page]:
    markup = st.lists(PIECES, max_size=40).map(" ".join)
    return st.builds(lambda body, form: read_page(body, format=form), markup, st.sampled_from(["html", "text", "markdown"]))


@given(pages(), st.data())
def test_no_block_is_lost_on_any_page(page: Page, data: st.DataObject) -> None:
    title = data.draw(st.none() | st.integers(0, len(page.blocks) - 1)) if page.blocks else None
    labelled = label_blocks(page, title_block=title, furniture={}, tags=("paint",))
    assert tuple(item.block for item in labelled) == page.blocks


@given(pages())
def test_headings_and_breaks_alone_are_never_the_body(page: Page) -> None:
    kept = [
        item.block.kind for item in label_blocks(page, title_block=None, furniture={}, tags=()) if item.label is Label.ARTICLE
    ]
    assert not kept or any(kind not in (Kind.HEADING, Kind.BREAK) for kind in kept)
