"""What is known of other pages of a site."""

from __future__ import annotations

from pipelines import read_article, read_page
from pipelines.fields import Label
from pipelines.site import KnownSite

APPEAL = "The Lantern lives on its readers: whoever gives three crowns a month keeps the presses warm through the winter."
STORY = (
    "The ferry to the outer islands stopped on Monday, when its engine was found to be full of eels. Nobody could say how.",
    "Mechanics spent the afternoon with buckets. By evening they had filled eleven, and the harbour cats had gathered.",
    "The company hopes to sail again on Thursday, it said, unless the eels come back before the new filter arrives by post.",
)
HTML = "<html><body><main><h1>Eels stop the ferry</h1>{}</main></body></html>"


def read(paragraphs: tuple[str, ...], site: KnownSite | None) -> tuple[str, dict[str, Label]]:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    article = read_article(read_page(HTML.format(body).encode(), url="https://lantern.test/eels"), site=site)
    return article.text, {item.block.text: item.label for item in article.blocks}


def test_a_block_that_stands_on_two_other_pages_of_the_site_is_no_body() -> None:
    with_appeal = (*STORY[:2], APPEAL, STORY[2])
    assert APPEAL in read(with_appeal, None)[0]
    text, labels = read(with_appeal, KnownSite({APPEAL: 2}))
    assert text == "\n\n".join(STORY)
    assert labels[APPEAL] is Label.OTHER


def test_a_block_that_stands_on_one_other_page_is_left_alone() -> None:
    assert APPEAL in read((*STORY, APPEAL), KnownSite({APPEAL: 1}))[0]


def test_a_copy_of_other_pages_keeps_its_body() -> None:
    assert read(STORY, KnownSite(dict.fromkeys(STORY, 5)))[0] == "\n\n".join(STORY)


def test_headings_and_short_lines_may_recur() -> None:
    page = HTML.format(
        f"<h2>What we know about the whole affair</h2>{''.join(f'<p>{text}</p>' for text in STORY)}<p>More soon.</p>"
    )
    known = KnownSite({"What we know about the whole affair": 9, "More soon.": 9})
    one = read_article(read_page(page.encode()), site=known)
    assert one.text == read_article(read_page(page.encode())).text
