from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from archive.visit import Outcome
from crawler.sameness import HOSTS_KEPT, SAME_PAGES, TEXTS_KEPT, Sameness, SamenessStage
from pipelines.item import ArticleItem, Reading
from tests.archive.samples import revision


def seen(sameness: Sameness, text: str, count: int) -> list[int]:
    return [sameness.articles_with("tern.example", text, f"https://tern.example/{n}") for n in range(count)]


def test_addresses_with_one_text_are_counted() -> None:
    assert seen(Sameness(), "a wall", 5) == [1, 2, 3, 3, 3]


def test_one_article_read_again_is_one() -> None:
    sameness = Sameness()
    assert [sameness.articles_with("tern.example", "a story", "https://tern.example/a") for _ in range(5)] == [1] * 5


def test_another_host_is_another_matter() -> None:
    sameness = Sameness()
    counts = [sameness.articles_with(f"{n}.example", "an agency's story", f"https://{n}.example/a") for n in range(5)]
    assert counts == [1] * 5


def test_what_is_remembered_is_bounded() -> None:
    sameness = Sameness()
    for n in range(TEXTS_KEPT * 2):
        seen(sameness, f"text {n}", 1)
    for n in range(HOSTS_KEPT * 2):
        sameness.articles_with(f"{n}.example", "text", "https://a.example")
    assert len(sameness._hosts) == HOSTS_KEPT
    assert all(len(texts) <= TEXTS_KEPT for texts in sameness._hosts.values())


@pytest.mark.parametrize("text", ["half \ud800 of a pair", ""])
def test_any_text_can_be_noted(text: str) -> None:
    assert seen(Sameness(), text, 1) == [1]


def test_from_the_third_article_on_a_page_that_all_show_is_blocked() -> None:
    async def outcomes() -> list[tuple[Outcome | None, bool]]:
        stage, found = SamenessStage(), []
        for n in range(SAME_PAGES + 1):
            read = replace(revision(f"https://tern.example/{n}"), title="Please wait")
            item = ArticleItem((), reading=Reading((), True, "much prose", read, 0.1), outcome=Outcome.STORED)
            await stage.process_item(item)
            assert item.reading is not None
            found.append((item.outcome, item.reading.revision is not None))
        return found

    assert asyncio.run(outcomes()) == [(Outcome.STORED, True)] * 2 + [(Outcome.BLOCKED, False)] * 2
