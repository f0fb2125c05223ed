"""Accept: decides what becomes of a page that was read. Only an article becomes one."""

from __future__ import annotations

from typing import Any

from archive.visit import Outcome
from pipelines.item import ArticleItem, Reading
from pipelines.verdict.walls import LOGIN, is_door


class AcceptStage:
    """Gives each read item its outcome."""

    async def process_item(self, item: Any) -> Any:
        """STORED for an article, BLOCKED for a wall before it, NOT_AN_ARTICLE with the reader's reason for anything else."""
        if isinstance(item, ArticleItem) and item.reading is not None:
            item.outcome, item.reason = _judged(item.reading, item.lease.url if item.lease else item.responses[0].url)
        return item


def _judged(reading: Reading, asked: str) -> tuple[Outcome, str | None]:
    if reading.is_article:
        return Outcome.STORED, None
    if reading.wall is not None and not (reading.wall == LOGIN and is_door(asked)):
        return Outcome.BLOCKED, reading.wall
    return Outcome.NOT_AN_ARTICLE, reading.reason
