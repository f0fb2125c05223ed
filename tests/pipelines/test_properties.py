"""What holds for every page as `read_article` reads it, whatever stands in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import Article, read_article, read_page
from pipelines.fields import Label
from pipelines.page import Kind, Page

URL = "https://quaypost.example/2026/10/a-bell-eleven-minutes-late"
FETCHED = datetime(2026, 11, 3, 8, 15, tzinfo=UTC)
FORMATS = ("html", "text", "markdown")

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The first page loads the judges; how long reading takes is told in `test_properties_time`."""

SENTENCES = (
    "The bell of the harbour church has rung eleven minutes late since the frost of February.",
    "The baker opens by it, the school closes by it, and the bus leaves half of its passengers on the quay.",
    "Two clockmakers have been up the tower, and each blamed the oil of the other.",
    "The parish could have the movement cleaned for what it spends on candles in a year.",
    "Nobody in the council remembers who put the vote off, or why it was put off twice.",
    "The sexton has offered to stop the bell altogether, so that people can compare.",
    "On Sunday the tower will be open from ten, though the notice does not say by which clock.",
    "A ferry that waits for nobody left on the minute, and the pilot waved from the stern.",
    "In the rope shop they say that every rope has a right hand and a left hand.",
    "The storks went early this year, and the schoolmaster has written the date on a beam.",
    "His daughter keeps the ledger now, and she has found that the beam and the ledger disagree by a week.",
    "Fishermen who were asked on Tuesday said that they go by the tide, which has never been late.",
    "The oil in question was pressed from the livers of cod and was meant for the lamps of the pier.",
    "A second bell hangs above the first, but its rope was sold in the year of the great storm.",
    "Children have begun to run to school between the first stroke and the eleventh, for a bet.",
    "The mayor, who was born to the sound of it, would rather speak about the new road.",
    "For a clean movement the clockmakers ask for three days, dry weather and somebody to hold the lamp.",
    "The candles, it turned out, had been paid for twice as well.",
    "Travellers who set their watches by the tower have missed the train to the city since spring.",
    "The railway has put up a notice that says so, and it is the only notice in town with the right time.",
)
LINES = (
    "Comments", "3 Comments", "About the author", "Related", "Read also: The ferry", "Share", "Sign up for our newsletter",
    "Advertisement", "© 2026 The Quay Post", "By Jonas Ferrier", "28 October 2026", "Updated 2 hours ago", "3 min read",
    "There are no comments for this story", "Subscribe to continue reading", "We use cookies", "Tags: bell, clock", "* * *",
)  # fmt: skip
MARKUP = (
    "<p>", "</p>", "<div>", "</div>", "<div class='comments'>", "<div class='related'>", "<aside>", "</aside>", "<nav>", "</nav>",
    "<h1>", "</h1>", "<h2>", "</h2>", "<b>", "</b>", "<a href='/x'>", "</a>", "<ul><li>", "</ul>", "<ol><li>", "<table><tr><td>",
    "<td>", "</table>", "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<figure><img src=a.jpg><figcaption>", "</figure>",
    "<hr>", "<br>", "<br><br>", "<div hidden>", "<time datetime='2026-10-28T06:30'>", "</time>", "<span class=byline>", "</span>",
    "<main>", "</main>", "<article>", "</article>", "<footer>", "</footer>", "<form>", "</form>", "<script>", "</script>",
    "<script type='application/ld+json'>", '{"@type": "NewsArticle", "headline": "A Bell", "author": "J", "articleBody": "x"}',
    "<title>A Bell Eleven Minutes Late</title>", "<meta name=author content=admin>", "<html lang=de>", "<!--", "-->", "&amp;",
    "# ", "## ", "---", "> ", "* ", "1. ", "```", "\n", "\n\n", "\0", "\ud800", "晩鐘は十一分遅れて鳴る。", "منذ ثلاث ساعات",
)  # fmt: skip


def documents() -> st.SearchStrategy[Page]:
    """Pages of all formats, of prose, boilerplate and markup in any order, closed or not."""
    pieces = st.sampled_from(SENTENCES) | st.sampled_from(LINES) | st.sampled_from(MARKUP) | st.text(max_size=12)
    bodies = st.lists(pieces, max_size=60).map(" ".join)
    return st.builds(lambda body, form: read_page(body, url=URL, fetched=FETCHED, format=form), bodies, st.sampled_from(FORMATS))


def words(text: str) -> Counter[str]:
    return Counter(text.split())


@unhurried
@given(documents())
def test_every_block_has_one_label(page: Page) -> None:
    labelled = read_article(page).blocks
    assert tuple(item.block for item in labelled) == page.blocks
    assert all(item.label in Label and item.reason and 0 <= item.confidence <= 1 for item in labelled)


@unhurried
@given(documents())
def test_the_text_comes_from_kept_blocks_and_the_printed_dek_alone(page: Page) -> None:
    article = read_article(page)
    kept = sum((words(item.block.text) for item in article.blocks if item.label is Label.ARTICLE), words(article.lead or ""))
    assert words(article.text) <= kept


@unhurried
@given(documents())
def test_no_kept_block_but_headings_is_missing_from_the_sections(page: Page) -> None:
    article = read_article(page)
    told = sum((words(block.text) for section in article.sections for block in section.blocks), Counter[str]())
    told += sum((words(section.heading or "") for section in article.sections), Counter[str]())
    kept = (item.block for item in article.blocks if item.label is Label.ARTICLE)
    for block in kept:
        assert block.kind is Kind.HEADING or words(block.text) <= told


@unhurried
@given(documents())
def test_no_block_that_prints_a_field_is_body_too(page: Page) -> None:
    article = read_article(page)
    labels = {item.block.index: item.label for item in article.blocks}
    places = [field.chosen.place for field in (article.byline, article.published, article.dek) if field.chosen]
    for place in places:
        if place.startswith("block ") and len(page.blocks[int(place[6:])].text) < 60:
            assert labels[int(place[6:])] is not Label.ARTICLE


@unhurried
@given(documents())
def test_reading_a_page_twice_gives_the_same(page: Page) -> None:
    assert read_article(page) == read_article(page)


def as_told(article: Article) -> tuple[object, ...]:
    fields = (article.title, article.dek, article.byline, article.authors, article.published, article.modified, article.lang)
    labels = [(item.block.text, item.label, item.reason, item.confidence) for item in article.blocks]
    return (*fields, article.verdict, article.sections, labels)


@unhurried
@given(st.lists(st.sampled_from([*SENTENCES, *LINES, *MARKUP]), max_size=60).map(" ".join), st.sampled_from(FORMATS))
def test_reading_a_document_twice_gives_the_same(body: str, form: str) -> None:
    one, two = (read_article(read_page(body, url=URL, fetched=FETCHED, format=form)) for _ in range(2))
    assert as_told(one) == as_told(two)


@unhurried
@given(documents(), documents())
def test_no_further_page_raises_or_loses_a_block(page: Page, following: Page) -> None:
    labelled = read_article(page, following=[following]).blocks
    assert [item.block.text for item in labelled] == [block.text for block in (*page.blocks, *following.blocks)]


@dataclass(frozen=True)
class Story:
    """An article as its author has it: parts of a heading, or none, and paragraphs."""

    title: str
    author: str
    day: str
    parts: tuple[tuple[str | None, tuple[str, ...]], ...]

    @property
    def text(self) -> str:
        return "\n\n".join(
            piece for heading, paragraphs in self.parts for piece in ((heading, *paragraphs) if heading else paragraphs)
        )

    def as_html(self) -> str:
        body = "".join(
            (f"<h2>{escape(heading)}</h2>\n" if heading else "") + "".join(f"<p>{escape(text)}</p>\n" for text in paragraphs)
            for heading, paragraphs in self.parts
        )
        head = f"<title>{escape(self.title)}</title></head><body><article><h1>{escape(self.title)}</h1>"
        return f"<!doctype html><html lang=en><head>{head}<p>By {self.author}</p><p>{self.day}</p>{body}</article></body></html>"

    def as_text(self) -> str:
        return f"{self.title}\n\nBy {self.author}\n{self.day}\n\n{self.text}\n"

    def as_markdown(self) -> str:
        pieces = [piece for heading, texts in self.parts for piece in ((f"## {heading}", *texts) if heading else texts)]
        return "\n\n".join([f"# {self.title}", f"By {self.author}", self.day, *pieces]) + "\n"


HEADINGS = ("The Wrong Oil", "A Vote Put Off", "What the Sexton Says", "Eleven Minutes", "Up the Tower", "Who Pays for It")


@st.composite
def stories(draw: st.DrawFn) -> Story:
    sentences = draw(st.permutations(SENTENCES))
    paragraphs = [
        " ".join(sentences[low : low + each]) for each in [draw(st.integers(2, 4))] for low in range(0, len(sentences), each)
    ]
    headings = draw(st.lists(st.sampled_from(HEADINGS), unique=True, max_size=min(3, len(paragraphs) - 1)))
    starts = sorted(draw(st.permutations(range(1, len(paragraphs))))[: len(headings)])
    bounds = [0, *starts, len(paragraphs)]
    parts = [
        (heading, tuple(paragraphs[low:high])) for heading, low, high in zip([None, *headings], bounds, bounds[1:], strict=False)
    ]
    day = draw(st.dates(datetime(2001, 1, 1).date(), datetime(2026, 10, 30).date()))  # noqa: DTZ001
    author = draw(st.sampled_from(["Jonas Ferrier", "Tilda Marsh", "Halla Brandt"]))
    return Story("A Bell Eleven Minutes Late", author, f"{day.day} {day:%B %Y}", tuple(parts))


def read_rendering(story: Story, form: str) -> Article:
    renderings = {"html": story.as_html, "text": story.as_text, "markdown": story.as_markdown}
    return read_article(read_page(renderings[form](), url=URL, fetched=FETCHED, format=form))


@unhurried
@given(stories())
def test_a_page_is_read_as_its_author_has_it(story: Story) -> None:
    assert read_rendering(story, "html").text == story.text


@unhurried
@pytest.mark.parametrize("form", FORMATS)
@given(story=stories())
def test_title_and_author_are_the_same_in_every_rendering(story: Story, form: str) -> None:
    article = read_rendering(story, form)
    assert article.title.value == story.title
    assert [author.name for author in article.authors.value or ()] == [story.author]


MOST = 0.7
"""Share of a story's words that its rendering as text must give: headings and a paragraph may be missing."""


@unhurried
@pytest.mark.parametrize("form", ["text", "markdown"])
@given(story=stories())
def test_a_rendering_as_text_gives_most_of_the_story_and_nothing_else(story: Story, form: str) -> None:
    found, whole = words(read_rendering(story, form).text), words(story.text)
    assert found <= whole
    assert found.total() >= MOST * whole.total()
