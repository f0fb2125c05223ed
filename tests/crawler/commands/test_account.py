"""`morgue stats --account`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive
from archive.visit import Found, Outcome, PageKind, Visit
from tests.crawler.commands.conftest import NOW, Call


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two sources: one with a page that is gone and one that waits, one with a page that waits."""
    path = tmp_path / "a.db"
    with Archive.create(path) as archive:
        for name, count in (("courier", 2), ("tern", 1)):
            source = archive.add_source(f"https://{name}.example/", name).id
            run = archive.begin_run("crawl", [source], NOW).id
            pages = [Found(f"https://{name}.example/{n}", PageKind.ARTICLE, "link") for n in range(count)]
            archive.frontier.add(pages, source_id=source, found_on=None, depth=0, run_id=run, now=NOW)
            if count > 1:
                (lease,) = archive.frontier.lease(1, run_id=run, source_ids=[source], per_host=1, busy_hosts={})
                archive.commit(run, [Visit(lease.url, NOW, Outcome.GONE, lease=lease)], NOW)
            archive.end_run(run, "finished", NOW)
    return path


def test_the_table_has_a_line_a_source_and_their_sum(call: Callable[..., Call], path: Path) -> None:
    done = call("stats", "--account", "--archive", path)
    lines = [line.split() for line in done.out.splitlines()]
    assert lines[0] == ["source", "discovered", "gone", "later", "kept", "missing"]
    assert lines[1:4] == [
        ["courier", "2", "1", "1", "0", "0"], ["tern", "1", "0", "1", "0", "0"], ["all", "3", "1", "2", "0", "0"],
    ]  # fmt: skip
    assert "Nothing is known to be missing." in done.out


def test_runs_have_no_line_of_their_sum_as_an_address_may_count_in_several(call: Callable[..., Call], path: Path) -> None:
    lines = call("stats", "--account", "--by", "run", "--archive", path).out.splitlines()
    assert [line.split()[:3] for line in lines[1:3]] == [["1", "courier", "2"], ["2", "tern", "1"]]
    assert not any("all" in line.split() for line in lines)


def test_as_csv_every_outcome_has_its_column(call: Callable[..., Call], path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(call("stats", "--account", "--by", "day", "--format", "csv", "--archive", path).out)))
    assert [(row["day"], row["source"], row["discovered"], row["gone"], row["later"], row["stored"]) for row in rows] == [
        ("2026-10-01", "courier", "2", "1", "1", "0"),
        ("2026-10-01", "tern", "1", "0", "1", "0"),
    ]


def test_as_markdown_it_is_a_table_for_a_paper(call: Callable[..., Call], path: Path) -> None:
    lines = call("stats", "--account", "--format", "markdown", "--source", "tern", "--archive", path).out.splitlines()
    assert lines[:3] == [
        "| source | discovered | later | kept | missing |", "| --- | ---: | ---: | ---: | ---: |", "| tern | 1 | 1 | 0 | 0 |",
    ]  # fmt: skip


def test_as_json_it_has_lines_gaps_and_what_is_missing(call: Callable[..., Call], path: Path) -> None:
    account = json.loads(call("stats", "--account", "--by", "run", "--json", "--archive", path).out)
    assert sorted(account) == ["gaps", "kept", "kept_besides", "lines", "unfetched"]
    assert account["lines"][0] == {
        "source": "courier", "period": "1", "discovered": 2, "outcomes": {"later": 1, "gone": 1}, "kept": 0,
    }  # fmt: skip


@pytest.fixture
def with_gap(path: Path) -> Path:
    """A feed without dates whose second look shows nothing of the first."""
    with Archive.open(path) as archive:
        source = archive.add_source("https://tern.example/").id
        for hours in (1, 2):
            now = NOW + timedelta(hours=hours)
            run = archive.begin_run("crawl", [source], now).id
            feed = Found("https://tern.example/feed", PageKind.FEED, "autodiscovery", 9)
            archive.frontier.add([feed], source_id=source, found_on=None, depth=0, run_id=run, now=now)
            (lease,) = archive.frontier.lease(1, run_id=run, source_ids=[source], per_host=1, busy_hosts={})
            entries = (Found(f"https://tern.example/{hours}/story", PageKind.ARTICLE, "link"),)
            archive.commit(run, [Visit(lease.url, now, Outcome.LISTED, lease=lease, found=entries, revisit=now)], now)
            archive.end_run(run, "limit", now)
    return path


def test_a_gap_of_unknown_size_makes_the_number_of_what_is_missing_a_least(call: Callable[..., Call], with_gap: Path) -> None:
    done = call("stats", "--account", "--source", "tern", "--archive", with_gap)
    assert done.out.splitlines()[1].split()[-1] == "0+"
    when = "2026-10-01 09:00 to 2026-10-01 10:00"
    assert f"tern: nothing seen of https://tern.example/feed from {when}, how many entries nobody knows." in done.out


def test_as_csv_what_is_missing_is_numbers(call: Callable[..., Call], with_gap: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(call("stats", "--account", "--format", "csv", "--archive", with_gap).out)))
    assert [(row["source"], row["missing"], row["gaps of unknown size"]) for row in rows] == [
        ("courier", "0", "0"), ("tern", "0", "1"),
    ]  # fmt: skip


@pytest.mark.parametrize("source", ["tern", "https://tern.example/"])
def test_a_source_is_named_by_its_name_or_its_address(call: Callable[..., Call], path: Path, source: str) -> None:
    account = json.loads(call("stats", "--account", "--by", "run", "--source", source, "--json", "--archive", path).out)
    assert [(line["source"], line["period"], line["discovered"]) for line in account["lines"]] == [("tern", "2", 1)]


def test_a_source_that_is_not_there_is_a_wrong_use(call: Callable[..., Call], path: Path) -> None:
    done = call("stats", "--account", "--source", "gull", "--archive", path)
    assert done.code == 2
    assert "courier" in done.err


@pytest.mark.parametrize("option", [("--by", "day"), ("--source", "tern"), ("--format", "csv"), ("--since", "7d")])
def test_what_belongs_to_the_account_is_refused_without_it(
    call: Callable[..., Call], path: Path, option: tuple[str, str]
) -> None:
    assert call("stats", *option, "--archive", path).code == 2
