"""Every layout prints every story whole, and the truth holds for what it prints."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import lxml.html
import pytest

from crawler.demo.layouts import LAYOUTS
from crawler.demo.site import LAYOUT_NAMES, Story, load_site
from crawler.demo.truth import truth
from crawler.demo.view import View

SITE = load_site()
BASE = "http://127.0.0.1:8000"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ARTICLES = truth(SITE, BASE, NOW)


def text_of(html: str) -> str:
    tree = lxml.html.document_fromstring(html)
    for element in tree.xpath("//script | //style"):
        element.drop_tree()
    return " ".join(tree.text_content().split())


def render(story: Story, layout: str | None = None, **facts: int | str) -> str:
    name = layout or story.layout
    return LAYOUTS[name].render(View(SITE, replace(story, layout=name), BASE, NOW, **facts))  # type: ignore[arg-type]


def pages_of(story: Story) -> list[str]:
    return [render(story, page=page) for page in range(1, story.page_count + 1)]


def text_of_all(story: Story) -> str:
    return " ".join(text_of(html) for html in pages_of(story))


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_a_layout_prints_every_story(layout: str) -> None:
    for story in SITE.shown:
        text = text_of(render(story, layout))
        first = story.sections[0].blocks[0].lines[0]
        assert " ".join(story.title.split()) in text, story.slug
        assert " ".join(first.split()) in text, story.slug


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_a_layout_prints_the_same_page_twice(layout: str) -> None:
    story = SITE.shown[0]
    assert render(story, layout) == render(story, layout)


@pytest.mark.parametrize("article", ARTICLES.values(), ids=lambda article: article.slug)
def test_the_truth_promises_only_what_the_page_prints(article) -> None:  # type: ignore[no-untyped-def]
    story = SITE.by_slug[article.slug]
    html = pages_of(story)[0]
    text = text_of_all(story)
    for fact in (article.title, article.dek, article.byline, *[author.name for author in article.authors]):
        assert fact is None or " ".join(fact.split()) in text
    for section in article.sections:
        assert (section.heading or "") in text
        for block in section.blocks:
            for cell in block.text.split(" | "):
                assert " ".join(cell.split()) in text
    for fact in (article.section, article.description, *article.tags):
        assert fact is None or fact in lxml.html.document_fromstring(html).text_content() or _escaped(fact) in html


def _escaped(fact: str) -> str:
    return json.dumps(fact, ensure_ascii=False)[1:-1].replace("&", "&amp;")


@pytest.mark.parametrize("article", ARTICLES.values(), ids=lambda article: article.slug)
def test_what_must_not_be_in_the_body_stands_on_the_page(article) -> None:  # type: ignore[no-untyped-def]
    text = text_of_all(SITE.by_slug[article.slug])
    assert len(article.forbidden) >= 4
    for sentence in article.forbidden:
        assert " ".join(sentence.split()) in text or sentence == "The Tern Sound Courier"
        assert sentence not in article.text


def test_the_truth_has_every_story_but_the_deleted_one() -> None:
    assert {article.slug for article in ARTICLES.values()} == {s.slug for s in SITE.stories if s.special != "deleted"}


def test_dates_are_promised_as_exactly_as_the_layout_prints_them() -> None:
    by_layout = {article.layout: article for article in ARTICLES.values()}
    story = {layout: SITE.by_slug[article.slug] for layout, article in by_layout.items()}
    assert by_layout["semantic"].published == story["semantic"].published.isoformat()
    assert by_layout["hashed"].published == story["hashed"].published.isoformat()[:19]
    assert by_layout["creator"].published == f"{story['creator'].published:%Y-%m}"
    assert by_layout["creator"].precision == "month"


def test_only_the_first_reading_of_a_creator_page_knows_less_as_time_goes_by() -> None:
    story = next(story for story in SITE.stories if story.layout == "creator")
    later = truth(SITE, BASE, datetime(2028, 1, 31, tzinfo=UTC))[BASE + story.path]
    assert later.published == f"{story.published:%Y-%m}"


def test_hashed_and_creator_pages_declare_nothing() -> None:
    for story in SITE.shown:
        if story.layout in ("hashed", "creator"):
            html = render(story)
            assert "ld+json" not in html
            assert "<time" not in html
            assert "og:" not in html
            assert "itemprop" not in html


def test_json_ld_of_the_soup_layout_parses_and_names_authors_by_id() -> None:
    for story in SITE.shown:
        if story.layout == "soup":
            scripts = lxml.html.document_fromstring(render(story).encode()).xpath("//script[@type='application/ld+json']/text()")
            graph = json.loads(scripts[0])["@graph"]
            ids = {item["@id"] for item in graph}
            assert graph[0]["headline"] == story.title
            assert {author["@id"] for author in graph[0].get("author", [])} <= ids


def test_a_paywalled_page_holds_no_more_than_its_teaser() -> None:
    story = SITE.special("paywalled")
    assert story
    last = story.sections[-1].blocks[-1].lines[-1]
    assert last not in render(story)
    assert '"isAccessibleForFree": false' in render(story)


def test_the_pages_of_a_long_story_print_each_section_once() -> None:
    story = SITE.special("paginated")
    assert story
    pages = [render(story, page=page) for page in (1, 2, 3)]
    for section in story.sections:
        assert sum(section.heading in text_of(page) for page in pages) == 1 or not section.heading
    assert f'rel="next" href="{BASE}{story.path}?page=2"' in pages[0]
    assert all(f'rel="canonical" href="{BASE}{story.path}"' in page for page in pages)


def test_twins_print_the_same_text_as_the_article() -> None:
    story = next(story for story in SITE.shown if story.layout == "semantic")
    article = ARTICLES[BASE + story.path]
    for variant in ("amp", "mobile"):
        text = text_of(render(story, variant=variant))
        assert all(" ".join(b.text.split()) in text for s in article.sections for b in s.blocks if b.kind == "paragraph")
