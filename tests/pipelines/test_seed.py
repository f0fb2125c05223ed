"""The page of a creator platform that the project began with, saved as text and rendered as HTML."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines import Article, read_article, read_page
from pipelines.fields import Label, Precision

SEED = Path(__file__).parents[3] / "shared" / "seed" / "000_09d7d4b581379887.txt"
FETCHED = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEADINGS = 8

pytestmark = pytest.mark.skipif(not SEED.exists(), reason="the seed page is not beside this checkout")


def parts_of_seed() -> tuple[list[str], list[list[str]], list[str]]:
    """The lines over the text; those of each section, its heading first; those behind the last break."""
    text = SEED.read_text("utf-8")
    chunks = [[line.strip() for line in chunk.split("\n\n") if line.strip()] for chunk in text.split("\n---\n")]
    head, first = chunks[0][:4], chunks[0][4:]
    return head, [first, *chunks[1:-1]], chunks[-1]


def as_html() -> str:
    """The seed in elements without meaning: hashed class names, no structured data."""
    (logo, title, dek, credit), sections, tail = parts_of_seed()
    byline, date, time = credit.split(" Published ")[0], "Published 3 months ago", "4 min read"
    body = "<hr class='c0f9'>".join(
        f"<div class='z{number}q'><h2 class='css-1{number}x'>{html.escape(heading)}</h2>"
        + "".join(f"<p class='css-kk{number}'>{html.escape(text)}</p>" for text in texts)
        + "</div>"
        for number, (heading, *texts) in enumerate(sections)
    )
    bio = tail.index("About the Creator")
    insights, comments = tail.index("Reader insights"), tail.index("Comments")
    social = tail.index("Find us on social media")
    groups = [tail[bio:insights], tail[insights:comments], tail[comments:social]]
    boxes = "".join(
        f"<div class='b{n}'><div><h3>{group[0]}</h3></div>{''.join(f'<div>{text}</div>' for text in group[1:])}</div>"
        for n, group in enumerate(groups)
    )
    links = "".join(f"<li><a href='/{n}'>{line.strip(' •')}</a></li>" for n, line in enumerate(tail[social + 2].split("\n")))
    return f"""<html lang="en"><head><title>{html.escape(title)}</title></head><body>
        <div class="a1"><div class="a2"><a href="/">{logo}</a></div>
        <div class="a3"><h1 class="q">{html.escape(title)}</h1><h2 class="r">{html.escape(dek)}</h2>
        <div class="s"><a href="/authors/fiaz-ahmed">{byline}</a><div>{date}</div><div>{time}</div></div>
        <div class="t">{body}</div>
        <div class="u"><a href="/topics/{tail[0]}">{tail[0]}</a></div>{boxes}</div>
        <div class="f">{tail[social]}<div>{tail[social + 1]}</div>
        <ul>{links}</ul><div>{tail[-1]}</div></div></div></body></html>"""


def read_text() -> Article:
    return read_article(read_page(SEED.read_bytes(), fetched=FETCHED, format="text"))


def read_html() -> Article:
    return read_article(read_page(as_html(), url="https://creators.example/p/a-new-leader", fetched=FETCHED))


@pytest.fixture(params=[read_text, read_html], ids=["text", "html"])
def article(request: pytest.FixtureRequest) -> Article:
    read: Article = request.param()
    return read


def labels(article: Article) -> dict[str, Label]:
    return {item.block.text: item.label for item in article.blocks if item.block.text}


def test_the_title_and_the_dek_are_read(article: Article) -> None:
    (_, title, dek, _), _, _ = parts_of_seed()
    assert (article.title.value, article.dek.value) == (title, dek)


def test_the_author_is_read_without_date_and_reading_time(article: Article) -> None:
    assert [author.name for author in article.authors.value or ()] == ["Fiaz Ahmed"]


def test_the_relative_date_has_the_precision_of_a_month(article: Article) -> None:
    assert article.published.value is not None
    assert (article.published.value.text, article.published.value.precision) == ("2026-08", Precision.MONTH)


def test_the_tag_is_read(article: Article) -> None:
    assert article.tags.value == ("politics",)


def test_the_language_is_english(article: Article) -> None:
    assert article.lang.value == "en"


def test_the_page_is_an_article(article: Article) -> None:
    assert article.verdict.is_article


def test_every_section_has_its_heading_and_its_paragraphs(article: Article) -> None:
    _, sections, _ = parts_of_seed()
    assert len(sections) == HEADINGS
    assert [[section.heading, *(block.text for block in section.blocks)] for section in article.sections] == sections


def test_everything_behind_the_text_is_left_out_with_its_label(article: Article) -> None:
    _, _, tail = parts_of_seed()
    expected = {
        "politics": Label.TAGS,
        **dict.fromkeys(tail[1:4], Label.BIO),
        **dict.fromkeys(tail[4:8], Label.WIDGET),
        **dict.fromkeys(tail[8:12], Label.COMMENTS),
        tail[12]: Label.SHARE,
        **dict.fromkeys([tail[13], "Explore", "Contact", "Privacy Policy", "Terms of Use", "Support", tail[15]], Label.FOOTER),
    }
    found = labels(article)
    assert {text: found.get(text) for text in expected} == expected


def test_the_logo_is_no_part_of_the_body(article: Article) -> None:
    (logo, *_), _, _ = parts_of_seed()
    assert logo not in article.text
    assert labels(article)[logo] is not Label.ARTICLE
