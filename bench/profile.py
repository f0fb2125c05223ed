"""Where the milliseconds of reading go: the bare parse, the walk, each room, what is kept; all on the same pages, in one process.

A room's time is its own: what it calls of another room counts there. What a page works out once and keeps counts where it is
first asked for. The bare parse is libxml2's tree of the same bytes, which nothing that reads HTML through it can go below.
"""

from __future__ import annotations

import argparse
import pickle
import statistics
import time
import types
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from lxml import etree

import pipelines.article
from archive.capture import Payload
from bench.corpus import ARTICLE_SETS, SavedPage, pages
from pipelines.page import read_page
from pipelines.page.decode import decode
from pipelines.stages.extract import warm_up
from pipelines.stages.store import to_revision

BARE, DECODE, PAGE, ARTICLE, REST = "bare parse", "decoding", "page: decode, parse, walk", "all rooms", "between the rooms"
REVISION, PAYLOAD, CROSSING = "stored form", "compressing, SHA-256", "pickling, unpickling"


class Stopwatch:
    """CPU time by name, without what was called inside."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inner: list[float] = []

    @contextmanager
    def timing(self, name: str) -> Iterator[None]:
        self._inner.append(0.0)
        start = time.process_time()
        try:
            yield
        finally:
            took = time.process_time() - start
            self.seconds[name] += took - self._inner.pop()
            if self._inner:
                self._inner[-1] += took

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.timing(name):
                return function(*args, **kwargs)

        return timed


@contextmanager
def timed_rooms(watch: Stopwatch) -> Iterator[list[str]]:
    """Have the stopwatch run in each function that `pipelines.article` has of another module; their names."""
    module = pipelines.article
    rooms = {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, types.FunctionType)
        and value.__module__.startswith("pipelines.")
        and value.__module__ != module.__name__
    }
    for name, function in rooms.items():
        setattr(module, name, watch.around(name, function))
    try:
        yield list(rooms)
    finally:
        for name, function in rooms.items():
            setattr(module, name, function)


def measure(page: SavedPage) -> dict[str, float]:
    """Seconds of each step on one page."""
    watch = Stopwatch()
    with watch.timing(BARE):
        etree.fromstring(page.body, etree.HTMLParser(huge_tree=True))
    with watch.timing(DECODE):
        decode(page.body, ())
    with watch.timing(PAGE):
        read = read_page(page.body, url=page.url, fetched=_moment(page.fetched))
    with timed_rooms(watch), watch.timing(REST):
        article = pipelines.article.read_article(read)
    with watch.timing(REVISION):
        revision = to_revision(article, page.url or "https://page.invalid/")
    with watch.timing(PAYLOAD):
        payload = Payload.of(page.body)
    with watch.timing(CROSSING):
        pickle.loads(pickle.dumps((revision, payload)))
    return dict(watch.seconds)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench profile", description=__doc__)
    parser.add_argument("--dataset", nargs="+", default=list(ARTICLE_SETS))
    parser.add_argument("--limit", type=int, help="so many pages of each set, the first")
    args = parser.parse_args()
    warm_up()
    taken = [page for name in args.dataset for page in pages((name,), args.limit)]
    print(table([measure(page) for page in taken]))
    return 0


def table(measured: list[dict[str, float]]) -> str:
    """A line for each step: median, 95th percentile and mean in ms, and its share of the mean of all of reading."""
    around = (BARE, DECODE, PAGE, REST, REVISION, PAYLOAD, CROSSING)
    rooms = sorted({name for row in measured for name in row} - set(around), key=lambda name: -_mean(measured, [name]))
    reading = [PAGE, REST, *rooms]
    rows = [
        ("bare parse alone", [BARE]),
        ("decoding alone", [DECODE]),
        (PAGE, [PAGE]),
        *((f"`{name}`", [name]) for name in rooms),
        (REST, [REST]),
        (ARTICLE, [REST, *rooms]),
        ("**reading in all**", reading),
        (REVISION, [REVISION]),
        (PAYLOAD, [PAYLOAD]),
        (CROSSING, [CROSSING]),
    ]
    head = f"{len(measured)} pages\n\n| step | median ms | 95th percentile | mean | share of reading |\n|---|---|---|---|---|"
    return "\n".join((head, *(_line(label, names, measured, _mean(measured, reading)) for label, names in rows)))


def _line(label: str, names: list[str], measured: list[dict[str, float]], whole: float) -> str:
    times = _milliseconds(measured, names)
    high = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    share = statistics.fmean(times) / whole
    return f"| {label} | {statistics.median(times):.2f} | {high:.2f} | {statistics.fmean(times):.2f} | {share:.0%} |"


def _milliseconds(measured: list[dict[str, float]], names: list[str]) -> list[float]:
    return [sum(row.get(name, 0.0) for name in names) * 1e3 for row in measured]


def _mean(measured: list[dict[str, float]], names: list[str]) -> float:
    return statistics.fmean(_milliseconds(measured, names))
