"""What `bench memory` crawls, and what it makes of its samples."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from bench._large_site import IN_SITEMAP, sites_of
from bench._plot import Linear
from bench.memory import Sample, draw, table

PORT = 8077
FLAT = [Sample(2.0 * n, 100 * n, 40, 150, 200, 360) for n in range(1, 101)]


@pytest.mark.parametrize("hosts", [1, 7])
def test_sitemaps_list_as_many_articles_as_asked_for_and_each_is_served(hosts: int) -> None:
    listed, pages = [], set()
    for site in sites_of(hosts, IN_SITEMAP + 30, PORT).values():
        for part in re.findall("<loc>(.*?)</loc>", _served(site, "/sitemap.xml")):
            listed += re.findall("<loc>(.*?)</loc>", _served(site, part.removeprefix(site.base)))
        pages |= {_served(site, url.removeprefix(site.base)) for url in listed[-5:]}
    assert len(set(listed)) == len(listed) == IN_SITEMAP + 30
    assert len(pages) == 5 * hosts, "no two articles are the same"


def test_what_is_not_there_is_not_answered() -> None:
    (site,) = sites_of(1, 10, PORT).values()
    assert [site.answer(path) for path in ("/missing", "/a/b/c", "/sitemap/x")] == [None, None, None]


def test_the_table_tells_of_growth_by_addresses() -> None:
    grows = [sample._replace(crawl=150 + sample.addresses / 1000) for sample in FLAT]
    assert "| +0.00 | +0.00 | +0.00 | +0.00 |" in table(FLAT)
    assert "| +0.00 | +10.00 | +0.00 | +0.00 |" in table(grows)
    assert "| 10,000 | 3.3 | 40 | 160 | 200 | 360 |" in table(grows)


def test_the_drawing_is_well_formed() -> None:
    root = etree.fromstring(draw(FLAT, 10_000, 1))
    lines = root.findall("{*}polyline")
    assert len(lines) == 8, "four curves over addresses and over time"


def test_a_linear_axis_has_round_ticks_and_room_above() -> None:
    scale = Linear(100, 387)
    assert [name for _, name in scale.ticks_across()] == ["0", "20", "40", "60", "80", "100"]
    assert [name for _, name in scale.ticks_up()] == ["0", "50", "100", "150", "200", "250", "300", "350", "400"]
    assert scale.up(387) < 1


def _served(site: object, path: str) -> str:
    found = site.answer(path)  # type: ignore[attr-defined]
    assert found is not None, path
    text: str = found[1]
    return text
