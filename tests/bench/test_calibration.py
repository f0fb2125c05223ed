"""How far a confidence can be believed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree

from bench.calibration import Reading, drawing, error, grouped, half_of, readings, table
from pipelines import read_article, read_page

BODY = """The night ferry left the harbour two hours after its time on Sunday, as it has all month.
Nobody on the quay could say why, and the captain did not answer when he was asked about it."""
PAGE = b"""<html><head><title>The ferry is late again</title></head><body><article><h1>The ferry is late again</h1>
<p>By Ada Example</p><p>The night ferry left the harbour two hours after its time on Sunday, as it has all month.</p>
<p>Nobody on the quay could say why, and the captain did not answer when he was asked about it.</p></article>
<footer><p>All rights reserved by the publisher of this paper, for ever.</p></footer></body></html>"""

SCORE: Any = SimpleNamespace(
    key=lambda text: " ".join((text or "").lower().split()),
    title_exact=lambda given, true: float(given == true),
    day_match=lambda given, true: float(given[:10] == true),
    author_scores=lambda given, true: {"author_exact": float(set(given) == set(true))},
    bag_prf=lambda given, true: (1.0, 1.0, float(given == true)),
    tokens=str.split,
)


def test_a_confidence_that_is_kept_to_has_no_error() -> None:
    found = [Reading("title", 0.75, right) for right in (True, True, True, False)]
    assert error(found) == pytest.approx(0.0)


def test_the_error_is_the_distance_of_share_and_confidence() -> None:
    assert error([Reading("title", 0.9, False)] * 10) == pytest.approx(0.9)


def test_each_reading_is_in_one_group() -> None:
    found = [Reading("date", confidence / 100, True) for confidence in range(101)]
    assert sum(len(some) for _, _, some in grouped(found)["date"]) == 101


def test_the_table_has_a_line_for_each_group_and_each_field() -> None:
    lines = table([Reading("date", 0.55, True), Reading("date", 0.97, True), Reading("title", 0.97, False)]).splitlines()
    assert len(lines) == 2 + (2 + 1) + (1 + 1)


def test_the_drawing_is_well_formed() -> None:
    root = etree.fromstring(drawing([Reading("date", 0.55, True), Reading("title", 1.0, False)]))
    assert etree.QName(root).localname == "svg"


def test_pages_of_one_site_are_in_one_half() -> None:
    assert half_of("https://www.paper.example/a") == half_of("https://news.paper.example/b?c=1")


def test_a_page_that_is_read_right_counts_as_right() -> None:
    truth = {"title": "The ferry is late again", "authors": ["Ada Example"], "body": BODY}
    found = list(readings("wcxb", truth, read_article(read_page(PAGE)), SCORE))
    assert {"title", "authors", "block kept", "block left out", "verdict"} <= {reading.field for reading in found}
    assert all(reading.right for reading in found if reading.field != "verdict")


def test_what_the_truth_does_not_know_counts_neither_way() -> None:
    assert {r.field for r in readings("htmldate", {}, read_article(read_page(PAGE)), SCORE)} == set()
