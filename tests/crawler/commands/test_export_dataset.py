"""`morgue export dataset`: a folder or a ZIP, whole or not at all, and the same again by the command that it tells."""

from __future__ import annotations

import json
import re
import shlex
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.timestamps import now
from tests.crawler.commands.conftest import FERRY, NOW, REVISION, visit
from tests.crawler.commands.test_add import page
from tests.crawler.commands.test_export import content

CONFIG = """\
archive = "morgue.db"
[dataset]
title = "Harbour news"
authors = ["Lindqvist, Mara", "The Harbour Desk"]
licence = "CC0-1.0"
"""


def facts(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    return read


def test_a_release_is_made_and_told_of(call: Any, archive: Path, tmp_path: Path) -> None:
    done = call("export", "dataset", "-o", "out", "--lang", "de")
    assert (done.code, done.out) == (0, "")
    assert done.err == (
        "1 article as of 2026-10-02T00:00:00Z written to out.\n1 article of that time left out; account.csv says why.\n"
    )
    assert facts(tmp_path / "out")["query"] == {"lang": "de"}


def test_paths_of_this_machine_are_told_of(call: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page("A story of no address"), encoding="utf-8")
    assert call("add", "page.html").code == 0
    done = call("export", "dataset", "-o", "out")
    assert "\n1 article has no address: the path of the file on this machine stands in `url`.\n" in done.err
    assert facts(tmp_path / "out")["title"].startswith("Articles, as of ")


def test_the_command_that_a_release_tells_makes_the_same_bytes(call: Any, archive: Path, tmp_path: Path) -> None:
    options = ("--since", "2026-05", "--leave-out", "empty", "--limit", 1, "--respect", "tdm", "--unique")
    words = ("--title", "It's here", "--authors", "Lind, Ada; Desk", "--licence", "for study alone", "--query", "ferry OR stones")
    assert call("export", "dataset", "-o", "one", *options, *words).code == 0
    told = shlex.split(facts(tmp_path / "one")["command"])
    assert call(*("two" if part == "FOLDER" else part for part in told[1:])).code == 0
    assert content(tmp_path / "one") == content(tmp_path / "two")
    assert facts(tmp_path / "two")["rows"]["articles"] == 1


@pytest.mark.parametrize("option", ["--since", "--until", "--as-of"])
def test_a_time_ago_is_refused_since_it_is_another_one_each_day(call: Any, archive: Path, tmp_path: Path, option: str) -> None:
    done = call("export", "dataset", "-o", "out", option, " 1y")
    assert done.code == 2
    assert re.search(rf"write the day, as {option} \d{{4}}-\d\d-\d\d\.", done.err)
    assert not (tmp_path / "out").exists()
    assert call("export", "jsonl", option, "1y").code == 0


def test_a_zip_holds_the_same_files(call: Any, archive: Path, tmp_path: Path) -> None:
    assert call("export", "dataset", "-o", "out").code == 0
    assert call("export", "dataset", "-o", "one.zip").code == 0
    assert call("export", "dataset", "-o", "two.ZIP").code == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.ZIP").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    assert files == {name: data for name, data in content(tmp_path / "out").items() if name != ".morgue-export"}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_configuration_says_who_made_it_and_the_command_wins(call: Any, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "morgue.toml").write_text(CONFIG, encoding="utf-8")
    assert call("export", "dataset", "-o", "out", "--title", "Other news").code == 0
    told = facts(tmp_path / "out")
    assert (told["title"], told["authors"], told["licence"]) == ("Other news", ["Lindqvist, Mara", "The Harbour Desk"], "CC0-1.0")


@pytest.mark.parametrize("line", ["title = 3", "authors = 3", "authors = [1]", 'colour = "red"'])
def test_a_configuration_that_is_wrong_is_told_with_its_line(call: Any, archive: Path, tmp_path: Path, line: str) -> None:
    (tmp_path / "morgue.toml").write_text(f"[dataset]\n{line}\n", encoding="utf-8")
    done = call("export", "dataset", "-o", "out")
    assert done.code == 2
    assert "2" in done.err
    assert f"dataset.{line.split()[0]}" in done.err
    (tmp_path / "morgue.toml").write_text("dataset = 3\n", encoding="utf-8")
    assert call("export", "dataset", "-o", "out").code == 2


def test_what_is_there_stays_unless_told(call: Any, archive: Path, tmp_path: Path) -> None:
    for name in ("out", "out.zip"):
        assert call("export", "dataset", "-o", name, "--limit", 1).code == 0
        before = content(tmp_path / name)
        refused = call("export", "dataset", "-o", name)
        assert (refused.code, "--force" in refused.err) == (1, True)
        assert content(tmp_path / name) == before
        assert call("export", "dataset", "-o", name, "--force").code == 0
        assert content(tmp_path / name) != before


def test_nothing_is_left_where_it_fails(call: Any, archive: Path, tmp_path: Path) -> None:
    for name in ("out", "out.zip"):
        assert call("export", "dataset", "-o", name, "--query", 'ferry AND "').code == 2
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith("morgue.db")] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("dataset",),
        ("dataset", "-o", "out", "--leave-out", "dull"),
        ("csv", "--title", "x"),
        ("dataset", "-o", "out", "--raw"),
        ("dataset", "-o", "out", "--title", "\udcff"),
    ],
)
def test_usage_that_makes_no_sense_is_refused(call: Any, archive: Path, arguments: tuple[str, ...]) -> None:
    assert call("export", *arguments).code == 2


def test_a_moment_still_to_come_is_made_with_a_warning(call: Any, archive: Path) -> None:
    done = call("export", "dataset", "-o", "out", "--as-of", "2040")
    assert done.code == 0
    assert "will change this release" in done.err
    assert "will change" not in call("export", "dataset", "-o", "past", "--as-of", "2026-10-01").err


def test_an_empty_archive_gives_a_release(call: Any, tmp_path: Path) -> None:
    call("init")
    done = call("export", "dataset", "-o", "out")
    assert (done.code, done.err) == (0, "0 articles written to out: the archive is empty.\n")
    assert facts(tmp_path / "out")["as_of"] is None


def test_a_newest_fetch_that_is_still_to_come_is_told(call: Any, archive: Path, tmp_path: Path) -> None:
    ahead = now() + timedelta(days=1)
    with Archive.open(archive) as opened:
        opened.commit(None, [visit(replace(REVISION, url=f"{FERRY}/ahead"), b"<p>ahead", ahead)], NOW)
    assert "By the clock that is still to come" in call("export", "dataset", "-o", "out").err
    assert "still to come" not in call("export", "dataset", "-o", "then", "--as-of", "2026-10-01").err
