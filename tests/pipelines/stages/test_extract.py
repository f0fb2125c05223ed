"""Reading in a process of its own: what comes back, and what a page that cannot be read costs."""

from __future__ import annotations

import asyncio
import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from archive.timestamps import moment_of, stamp
from archive.visit import Lease, Outcome, PageKind, Visit
from pipelines.item import ArticleItem, Reading, Response
from pipelines.stages import extract
from pipelines.stages.extract import ExtractStage, failed_visit, read_responses

FETCHED = datetime(2026, 11, 1, 12, tzinfo=UTC)
PAGE = b"""<html lang="en"><title>The pier</title><meta property="og:type" content="article"><body><article><h1>The pier</h1>
<p class="byline">By Mara Lindqvist</p><time datetime="2026-10-30T08:00:00+01:00">30 October 2026</time>
<p>The pier was measured on Monday, and it stands two fingers lower than the plans of 1931 say it should.</p>
<p>Nobody is worried yet, said the engineer who held the staff, and she will measure it again in the spring.</p></article>"""


def item(body: bytes = PAGE) -> ArticleItem:
    response = Response("https://paper.example/2026/pier", FETCHED, 200, (("Content-Type", "text/html"),), body)
    lease = Lease(7, response.url, PageKind.ARTICLE, "paper.example", 1, 1, "feed", None, None, None, None, None, None)
    return ArticleItem((response,), lease)


def test_an_article_comes_back_with_its_revision_and_its_bytes() -> None:
    reading = read_responses(item().responses)
    assert reading.is_article
    assert reading.revision is not None
    assert (reading.revision.title, reading.revision.published) == ("The pier", "2026-10-30T08:00:00+01:00")
    assert reading.captures[0].payload.read() == PAGE


def test_a_relative_date_reads_the_same_against_the_moment_that_is_kept() -> None:
    body = PAGE.replace(b'<time datetime="2026-10-30T08:00:00+01:00">30 October 2026</time>', b"<time>3 hours ago</time>")
    page = replace(item(body).responses[0], fetched=FETCHED.replace(microsecond=220244))
    kept = read_responses((page,))
    again = read_responses((replace(page, fetched=moment_of(stamp(kept.captures[0].fetched))),))
    assert kept.revision is not None
    assert kept.revision.published_earliest is not None
    assert kept.revision == again.revision
    assert kept.captures == again.captures


def test_what_is_no_article_comes_back_without_a_revision_and_with_its_bytes() -> None:
    reading = read_responses(item(b"<title>Sign in</title><form><input name=user></form>").responses)
    assert not reading.is_article
    assert reading.revision is None
    assert reading.captures[0].payload.size > 0


def test_a_failed_visit_keeps_the_bytes_for_better_rules() -> None:
    visit = failed_visit(item(), "reading failed")
    assert visit.outcome is Outcome.FAILED
    assert visit.captures[0].payload.read() == PAGE
    assert visit.revision is None


@pytest.fixture
def stage() -> Any:
    made = ExtractStage(1)
    yield made
    made.close_spider()


def test_the_stage_reads_an_item(stage: ExtractStage) -> None:
    read = asyncio.run(stage.process_item(item()))
    assert isinstance(read.reading, Reading)


def test_other_items_pass(stage: ExtractStage) -> None:
    visit = Visit("https://paper.example/", FETCHED, Outcome.LISTED)
    assert asyncio.run(stage.process_item(visit)) is visit


def test_a_page_that_takes_too_long_is_a_failed_visit(stage: ExtractStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "READING_TIMEOUT", 0.0)
    visit = asyncio.run(stage.process_item(item()))
    assert isinstance(visit, Visit)
    assert (visit.outcome, visit.reason) == (Outcome.FAILED, "reading failed: TimeoutError: ")


def test_pages_that_wait_behind_one_that_takes_too_long_are_read(stage: ExtractStage) -> None:
    async def several() -> list[Any]:
        await stage.process_item(item())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(extract, "READING_TIMEOUT", 0.0)
            slow = asyncio.create_task(stage.process_item(item()))
            await asyncio.sleep(0)  # it is asked for, and the others are not
        reading = [asyncio.create_task(stage.process_item(item())) for _ in range(4)]
        return await asyncio.gather(slow, *reading)

    slow, *others = asyncio.run(several())
    assert isinstance(slow, Visit)
    assert all(isinstance(each, ArticleItem) for each in others)


def test_the_stage_goes_on_after_a_reader_died(stage: ExtractStage) -> None:
    async def both() -> tuple[Any, Any]:
        first = await stage.process_item(item())
        for process in multiprocessing.active_children():
            process.kill()
        return first, await stage.process_item(item())

    first, second = asyncio.run(both())
    assert first.reading is not None
    assert second.reading is not None
