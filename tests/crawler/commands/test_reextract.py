"""`morgue reextract` as a person calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive
from crawler.pins import pin_article
from tests.crawler.commands.conftest import NOW, Call
from tests.crawler.test_reextract import STORIES, dump, fill, page, visit, with_dek, without_dek


@pytest.fixture
def gaining(tmp_path: Path) -> Path:
    return fill(tmp_path / "morgue.db", [visit(name, page(name), doctor=without_dek) for name in STORIES])


@pytest.fixture
def losing(tmp_path: Path) -> Path:
    return fill(tmp_path / "morgue.db", [visit(name, page(name), doctor=with_dek) for name in STORIES])


def test_a_dry_run_tells_what_each_field_gains(gaining: Path, call: Callable[..., Call]) -> None:
    before = dump(gaining)
    told = call("reextract", "--dry-run", "--jobs", 1)
    assert told.code == 0
    assert "lantern.example: 5 articles" in told.out
    assert next(line.split() for line in told.out.splitlines() if line.startswith("  title ")) == ["title", "0", "5", "0", "0"]
    assert "title of 1: (none) > What became of the eels" in told.out
    assert "Nothing was written" in told.out
    assert dump(gaining) == before


def test_it_writes_and_the_second_time_there_is_nothing_to_do(gaining: Path, call: Callable[..., Call]) -> None:
    assert "5 pages read again" in call("reextract", "--jobs", 1).out
    assert call("search", "title:eels").out.startswith("What became of the eels")
    again = call("reextract", "--jobs", 1)
    assert (again.code, again.out.startswith("0 pages read again")) == (0, True)


def test_a_loss_beyond_tolerance_is_refused_with_exit_code_5(losing: Path, call: Callable[..., Call]) -> None:
    refused = call("reextract", "--jobs", 1)
    assert refused.code == 5
    assert "lantern.example: 5 of 5 would lose dek: more than is tolerated." in refused.out
    assert "--force" in refused.out
    assert call("show", "1").out.count("A line that no page has") == 1
    assert call("reextract", "--force", "--jobs", 1).code == 0
    assert "A line that no page has" not in call("show", "1").out


def test_a_dry_run_that_shows_a_loss_has_exit_code_5(losing: Path, call: Callable[..., Call]) -> None:
    assert call("reextract", "--dry-run", "--jobs", 1).code == 5


def test_a_dry_run_lists_the_pins_that_would_read_otherwise(gaining: Path, call: Callable[..., Call]) -> None:
    with Archive.open(gaining) as archive:
        pin_article(archive, "1", {"title": "Eels"}, NOW)
        pin_article(archive, "2", {}, NOW)
    told = call("reextract", "--dry-run", "--jobs", 1)
    assert told.code == 5
    assert "title would read 'What became of the eels', expected 'Eels'" in told.out
    assert "2 pins read again; 1 would read otherwise than expected." in told.out
    pins = json.loads(call("reextract", "--dry-run", "--json", "--jobs", 1).out)["pins"]
    assert (pins["read"], [one["field"] for one in pins["differences"]]) == (2, ["title"])
    assert call("reextract", "--jobs", 1).code == 5, "written, and not as the pin says"
    with Archive.open(gaining) as archive:
        pin_article(archive, "1", {}, NOW)
    assert call("reextract", "--jobs", 1).code == 0


def test_the_report_as_json_has_fields_and_examples_by_site(losing: Path, call: Callable[..., Call]) -> None:
    report = json.loads(call("reextract", "--dry-run", "--json", "--jobs", 1).out)
    assert report["losses"] == [{"site": "lantern.example", "field": "dek", "drop": 5, "articles": 5}]
    (site,) = report["sites"]
    assert (site["articles"], site["changed"], site["same"]) == (5, 5, 0)
    dek = site["fields"]["dek"]
    assert [dek[name] for name in ("before", "gained", "lost", "changed")] == [5, 0, 5, 0]
    assert dek["examples"][0] == {
        "article": 1, "url": "https://lantern.example/2026/eels", "before": "A line that no page has", "after": None
    }  # fmt: skip


def test_without_an_archive_it_says_so(call: Callable[..., Call]) -> None:
    told = call("reextract", "--archive", "none.db")
    assert (told.code, "no archive" in told.err) == (1, True)
    assert not Path("none.db-reextract.lock").exists()


def test_of_many_sites_the_whole_comes_first_and_the_terminal_is_not_flooded(tmp_path: Path, call: Callable[..., Call]) -> None:
    visits = []
    for number in range(12):
        url = f"https://paper-{number}.example/eels"
        made = visit("eels", page("eels"), doctor=without_dek)
        assert made.revision is not None
        captures = (replace(made.captures[0], url=url),)
        found = replace(made.revision, url=url, site=f"paper-{number}.example")
        visits.append(replace(made, url=url, captures=captures, revision=found))
    fill(tmp_path / "morgue.db", visits)
    told = call("reextract", "--dry-run", "--jobs", 1)
    assert told.out.startswith("all sites: 12 articles\n  12 revisions read otherwise\n")
    assert told.out.count(".example: 1 article") == 10
    assert "and 2 more sites; --json has them all." in told.out
    assert len(json.loads(call("reextract", "--dry-run", "--jobs", 1, "--json").out)["sites"]) == 12


def test_articles_of_no_site_are_told_as_such(losing: Path, call: Callable[..., Call]) -> None:
    with Archive.open(losing) as archive, archive._db.conn:
        archive._db.execute("UPDATE articles SET site = ''")
    told = call("reextract", "--dry-run", "--jobs", 1).out
    assert "(no site): 5 articles\n" in told
    assert "(no site): 5 of 5 would lose dek" in told
    assert "(no site)" in call("stats").out
