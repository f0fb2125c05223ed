"""Exports respect what articles say, for every format, and say what they left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.rights import HostRights, Rights
from tests.crawler.commands.conftest import FERRY, NOW, REVISION, WALL, visit

SAID = Rights(noarchive=True, noai=True, host=HostRights(tdm=True, ai_agents=("CCBot", "GPTBot")))


@pytest.fixture
def spoken(archive: Path) -> Path:
    """The archive, in which the ferry's page now says something of its use."""
    with Archive.open(archive) as opened:
        again = visit(replace(REVISION, title="New ferry keeps its promise, mostly"), b"<p>four", NOW.replace(day=3))
        opened.commit(None, [replace(again, captures=(replace(again.captures[0], rights=SAID),))], NOW)
    return archive


def test_what_forbids_is_left_out_and_counted(call: Any, spoken: Path) -> None:
    done = call("export", "jsonl", "--respect", "tdm,noarchive,paywall")
    assert done.code == 0, done.err
    assert [json.loads(line)["url"] for line in done.out.splitlines()] == [WALL]
    assert "1 article left out to respect what they say (tdm 1, noarchive 1, paywall 0)." in done.err
    assert "Of 1 article nobody ever read what they say" in done.err


@pytest.mark.parametrize("form", ["csv", "jsonl", "tei", "bibtex", "ris", "csl"])
def test_every_stream_respects_it(call: Callable[..., Any], spoken: Path, form: str) -> None:
    assert FERRY in call("export", form).out
    out = call("export", form, "--respect", "ai").out
    assert FERRY not in out
    assert WALL in out


@pytest.mark.parametrize("form", ["warc", "wacz", "markdown"])
def test_every_file_respects_it(call: Callable[..., Any], spoken: Path, tmp_path: Path, form: str) -> None:
    assert call("export", form, "-o", tmp_path / "all").code == 0
    done = call("export", form, "-o", tmp_path / "some", "--respect", "ai")
    assert done.code == 0, done.err
    assert "1 article written" in done.err
    if form == "warc":
        import gzip

        assert FERRY.encode() not in gzip.decompress((tmp_path / "some").read_bytes())


def test_without_it_nothing_is_said(call: Any, spoken: Path) -> None:
    done = call("export", "csv")
    assert "left out" not in done.err


@pytest.mark.parametrize("names", ["cookies", "tdm,", ",", "", "tdm;ai"])
def test_names_that_are_none_are_errors_of_usage(call: Any, spoken: Path, names: str) -> None:
    done = call("export", "csv", "--respect", names)
    assert done.code == (0 if names == "tdm," else 2)
    if names == "cookies":
        assert "choose of tdm, noarchive, noindex, ai, paywall" in done.err


def test_captures_without_article_cannot_be_respected(call: Any, spoken: Path, tmp_path: Path) -> None:
    done = call("export", "warc", "-o", tmp_path / "x.warc", "--rest", "--respect", "ai")
    assert done.code == 2
    assert not (tmp_path / "x.warc").exists()


def test_why_and_show_say_what_page_and_host_say(call: Any, spoken: Path) -> None:
    for command in ("why", "show"):
        out = call(command, FERRY).out
        assert "page says: noarchive, noai" in out
        assert "host says: text and data mining reserved, robots.txt forbids it to CCBot, GPTBot" in out
        assert "says:" not in call(command, WALL).out
    assert json.loads(call("why", FERRY, "--json").out)["rights"]["host"]["ai_agents"] == ["CCBot", "GPTBot"]
