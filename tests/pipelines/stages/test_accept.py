from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from archive.visit import Outcome
from pipelines.item import ArticleItem, Reading, Response
from pipelines.stages.accept import AcceptStage
from pipelines.verdict.walls import HUMAN, LOGIN

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "wall", "outcome"),
    [
        ("/2026/05/a-story", LOGIN, Outcome.BLOCKED),
        ("/login", LOGIN, Outcome.NOT_AN_ARTICLE),
        ("/login", HUMAN, Outcome.BLOCKED),
        ("/2026/05/a-story", None, Outcome.NOT_AN_ARTICLE),
    ],
)
def test_a_log_in_in_place_of_a_page_is_a_wall_and_the_one_that_was_asked_for_is_not(
    path: str, wall: str | None, outcome: Outcome
) -> None:
    item = ArticleItem((Response(f"https://quay.example{path}", NOW, 200, (), b""),), None)
    item.reading = Reading((), False, "no prose", None, 0.0, wall)
    assert asyncio.run(AcceptStage().process_item(item)).outcome is outcome
