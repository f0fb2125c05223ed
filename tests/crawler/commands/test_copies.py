"""Copies on the command line: one of each story where asked for, and who had it first."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive
from tests.crawler.commands.conftest import NOW, REVISION, block, visit


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """`morgue.db` with one story on two sites, the second of which had it first."""
    text = " ".join(f"Every {n} minutes a ferry number {n * 7} left the quay." for n in range(20))
    path = tmp_path / "morgue.db"
    with Archive.create(path) as archive:
        for place, site in enumerate(("courier.example", "tern.example")):
            facts = {
                "text": text,
                "blocks": (block("paragraph", text, 0),),
                "published_latest": f"2026-09-1{4 - place}T08:00:00+00:00",
            }
            told = replace(REVISION, url=f"https://{site}/ferry", site=site, **facts)
            archive.commit(None, [visit(told, site.encode())], NOW)
    return path


def test_unique_prints_each_story_once(call, copied: Path) -> None:
    assert json.loads(call("search", "ferry", "--json").out)["total"] == 2
    assert json.loads(call("search", "ferry", "--unique", "--json").out)["total"] == 1
    rows = list(csv.DictReader(io.StringIO(call("export", "csv", "--unique").out)))
    assert [row["site"] for row in rows] == ["tern.example"]
    assert len(list(csv.DictReader(io.StringIO(call("export", "csv", "--unique", "--site", "courier.example").out)))) == 1


def test_show_and_why_name_who_had_the_story_first(call, copied: Path) -> None:
    assert "One of 2 copies on 2 sites, had first by tern.example (article 2)" in " ".join(call("show", "1").out.split())
    assert "had first here" in " ".join(call("show", "2").out.split())
    lines = call("why", "1").out.splitlines()
    first, second = lines[lines.index("Copies") + 1 :][:2]
    assert first.startswith("  2  tern.example, out by 2026-09-13 08:00:00, 100% of the shorter text like 1:")
    assert ", this one: " in second


def test_stats_count_stories(call, copied: Path) -> None:
    assert json.loads(call("stats", "--json").out)["stories"] == 1
    assert "1, copies of one counted once" in call("stats").out
