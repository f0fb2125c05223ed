"""Accept: decides what becomes of a page that was read. Only an article becomes one."""

from __future__ import annotations

from typing import Any

from archive.visit import Outcome
from pipelines.item import ArticleItem


class AcceptStage:
    """Gives each read item its outcome."""

    async def process_item(self, item: Any) -> Any:
        """STORED for an article, NOT_AN_ARTICLE with the reader's reason for anything else."""
        if isinstance(item, ArticleItem) and item.reading is not None:
            item.outcome = Outcome.STORED if item.reading.is_article else Outcome.NOT_AN_ARTICLE
            item.reason = None if item.reading.is_article else item.reading.reason
        return item
