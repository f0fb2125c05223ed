"""A site that suddenly shows the same page for many articles shows none of them.

Walls that no rule knows look like articles, with a title and prose; what gives them away is that each address has the same one.
This finds them within a run, before they are kept; `archive.sameness` finds those of several runs.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from archive.sameness import SAME_PAGES, same_page
from archive.visit import Outcome
from pipelines.item import ArticleItem

TEXTS_KEPT = 200
"""Texts of a host that are remembered, those met last."""
HOSTS_KEPT = 1000


class Sameness:
    """Remembers the last texts of each host of a run, in bounded room."""

    def __init__(self) -> None:
        self._hosts: OrderedDict[str, OrderedDict[bytes, set[str]]] = OrderedDict()

    def articles_with(self, host: str, text: str, url: str) -> int:
        """Note an article; returns how many addresses of its host had that text, this one included, `SAME_PAGES` at most.

        Args:
            host: of the address.
            text: title and text.
            url: canonical address of the article.
        """
        texts = self._hosts.setdefault(host, OrderedDict())
        self._hosts.move_to_end(host)
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        urls = texts.setdefault(digest, set())
        texts.move_to_end(digest)
        if len(urls) < SAME_PAGES:
            urls.add(url)
        _forget(texts, TEXTS_KEPT)
        _forget(self._hosts, HOSTS_KEPT)
        return len(urls)


class SamenessStage:
    """Item pipeline between accept and store: an article that several addresses show is blocked."""

    def __init__(self) -> None:
        self._seen = Sameness()

    async def process_item(self, item: Any) -> Any:
        """Give an accepted article that repeats others of its host the outcome BLOCKED; its page is kept, its reading is not."""
        if not isinstance(item, ArticleItem) or item.outcome is not Outcome.STORED or item.reading is None:
            return item
        revision = item.reading.revision
        if revision is None:
            return item
        host = urlsplit(revision.url).netloc
        number = self._seen.articles_with(host, f"{revision.title}\0{revision.text}", revision.url)
        if number >= SAME_PAGES:
            item.outcome, item.reason = Outcome.BLOCKED, same_page(number)
            item.reading = replace(item.reading, revision=None)
        return item


def _forget(kept: OrderedDict[Any, Any], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
