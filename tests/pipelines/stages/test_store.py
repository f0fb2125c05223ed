"""The translation from what was read to what is stored."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from archive.visit import Outcome
from pipelines import read_article, read_page
from pipelines.item import ArticleItem, Reading, Response
from pipelines.stages.accept import AcceptStage
from pipelines.stages.extract import read_responses
from pipelines.stages.store import to_revision, to_visit
from pipelines.version import READER, read_with

FETCHED = datetime(2026, 11, 1, 12, tzinfo=UTC)
PAGE = """<html lang="en"><head><title>The pier – Paper</title><link rel="canonical" href="https://www.paper.example/2026/pier">
<meta property="og:title" content="The pier"><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-10-30T08:00:00+01:00"></head><body><nav><a href="/">Home</a></nav><article>
<h1>The pier</h1><p class="byline">By Mara Lindqvist and Jon Vale</p>
<p>The pier was measured on Monday, and it stands two fingers lower than the plans of 1931 say it should.</p>
<h2>What now?</h2><ol><li>Measure again.</li><li>Wait.</li></ol>
<p>Nobody is worried yet, said the engineer who held the staff, and she will measure it again in the spring.</p></article>
<footer>© 2019 Paper</footer></body></html>"""


@pytest.fixture
def article() -> object:
    return read_article(read_page(PAGE.encode(), url="https://paper.example/2026/pier?utm_source=x", fetched=FETCHED))


def test_the_canonical_address_is_the_article(article) -> None:  # type: ignore[no-untyped-def]
    revision = to_revision(article, "https://paper.example/2026/pier?utm_source=x")
    assert (revision.url, revision.site) == ("https://www.paper.example/2026/pier", "paper.example")


def test_a_canonical_address_on_another_site_is_not_followed(article) -> None:  # type: ignore[no-untyped-def]
    assert to_revision(article, "https://mirror.test/pier").url == "https://mirror.test/pier"


def test_blocks_of_the_body_come_first_with_their_section_and_all_others_keep_their_label(article) -> None:  # type: ignore[no-untyped-def]
    revision = to_revision(article, "https://paper.example/2026/pier")
    body = [(b.section, b.kind, b.text[:14], b.ordered) for b in revision.blocks if b.label == "article"]
    assert body == [
        (0, "paragraph", "The pier was m", False),
        (1, "heading", "What now?", False),
        (1, "list_item", "Measure again.", True),
        (1, "list_item", "Wait.", True),
        (1, "paragraph", "Nobody is worr", False),
    ]
    labels = [b.label for b in revision.blocks]
    assert "article" not in labels[len(body) :]
    assert {"Home", "© 2019 Paper"} <= {b.text for b in revision.blocks if b.label in {"navigation", "footer"}}


def test_evidence_names_the_chosen_value_and_what_lost_to_it(article) -> None:  # type: ignore[no-untyped-def]
    revision = to_revision(article, "https://paper.example/2026/pier")
    titles = [(e.rank, e.value) for e in revision.evidence if e.field == "title"]
    assert titles[0] == (0, "The pier")
    assert len(titles) > 1
    authors = next(e for e in revision.evidence if e.field == "authors" and e.rank == 0)
    assert json.loads(authors.value) == ["Mara Lindqvist", "Jon Vale"]
    assert (revision.reader, revision.read_with) == (READER, read_with())


def test_an_accepted_item_becomes_a_visit() -> None:
    response = Response("https://paper.example/2026/pier", FETCHED, 200, (("ETag", '"1"'), ("Last-Modified", "x")), PAGE.encode())
    item = ArticleItem((response,), seconds=0.2)
    item.reading = read_responses(item.responses)
    import asyncio

    visit = to_visit(asyncio.run(AcceptStage().process_item(item)))
    assert (visit.outcome, visit.etag, visit.last_modified, visit.status) == (Outcome.STORED, '"1"', "x", 200)
    assert visit.payload_sha256 == visit.captures[0].payload.sha256


def test_a_page_that_is_no_article_says_why() -> None:
    item = ArticleItem((Response("https://paper.example/", FETCHED, 200, (), b"<title>Paper</title>"),))
    item.reading = Reading((), False, "front page", None, 0.0)
    import asyncio

    accepted = asyncio.run(AcceptStage().process_item(item))
    assert (accepted.outcome, accepted.reason) == (Outcome.NOT_AN_ARTICLE, "front page")


def test_an_item_that_was_not_read_cannot_be_stored() -> None:
    with pytest.raises(ValueError, match="without a reading"):
        to_visit(ArticleItem((Response("https://paper.example/", FETCHED, 200, (), b""),)))
