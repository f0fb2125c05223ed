"""Work that would keep the event loop waiting: a reading process does it, while other hosts are asked and answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

from pipelines.stages.extract import ExtractStage

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler

Ts = TypeVarTuple("Ts")
R = TypeVar("R")

SECONDS = 60.0
"""That a page may take, as in `ExtractStage`."""
LOOK_SECONDS = 0.5
"""How often to look whether the crawl ends meanwhile."""


class Unfinished(Exception):
    """The crawl ends before an answer was read through: nothing came of it, and its address waits for the next run."""


def is_ending(crawler: Crawler | None) -> bool:
    """Whether a crawl takes up nothing new and waits for what is under way."""
    slot = crawler.engine._slot if crawler is not None and crawler.engine is not None else None
    return slot is not None and slot.closing is not None


async def read_apart(spider: Spider, function: Callable[[*Ts], R], *args: *Ts, seconds: float = SECONDS) -> R:
    """Have a reading process call a function of a module; outside of a crawl, where there is none, it is called here.

    Raises:
        Exception: what the function raised.
    """
    stage = _stage(spider)
    return function(*args) if stage is None else await stage.apart(function, *args, seconds=seconds)


async def read_unless_ending(spider: Spider, function: Callable[[*Ts], R], *args: *Ts, seconds: float = SECONDS) -> R:
    """As `read_apart`, for what takes long.

    Raises:
        Unfinished: the crawl is to end; the process that was at it is ended.
        Exception: what the function raised.
    """
    reading = asyncio.ensure_future(read_apart(spider, function, *args, seconds=seconds))
    try:
        while not reading.done():
            await asyncio.wait({reading}, timeout=LOOK_SECONDS)
            if not reading.done() and is_ending(spider.crawler):
                raise Unfinished
        return reading.result()
    finally:
        if not reading.done():
            reading.cancel()
            await asyncio.wait({reading})


def _stage(spider: Spider) -> ExtractStage | None:
    crawler = getattr(spider, "crawler", None)
    return crawler.get_item_pipeline(ExtractStage) if crawler is not None else None
