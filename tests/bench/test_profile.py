"""Where the milliseconds of reading go."""

from __future__ import annotations

import time

import pipelines.article
from bench.corpus import SavedPage
from bench.profile import ARTICLE, PAGE, Stopwatch, measure, table, timed_rooms

SAVED = SavedPage(
    "own", "1", "https://paper.example/a", "2026-05-05", b"<title>A</title><h1>A</h1><p>Words of an article.</p>" * 3
)


def test_time_spent_inside_counts_once() -> None:
    watch = Stopwatch()
    start = time.process_time()
    with watch.timing("outer"), watch.timing("inner"):
        sum(range(200_000))
    assert sum(watch.seconds.values()) <= time.process_time() - start
    assert watch.seconds["outer"] < watch.seconds["inner"]


def test_the_rooms_are_put_back_after_timing() -> None:
    before = pipelines.article.read_title
    with timed_rooms(Stopwatch()) as rooms:
        assert pipelines.article.read_title is not before
    assert pipelines.article.read_title is before
    assert {"read_title", "read_byline", "read_dates", "label_blocks", "judge_article"} <= set(rooms)


def test_the_table_has_each_room_beside_the_bare_parse() -> None:
    shown = table([measure(SAVED), measure(SAVED)])
    assert all(step in shown for step in ("bare parse", PAGE, "`read_title`", "`label_blocks`", ARTICLE, "reading in all"))
