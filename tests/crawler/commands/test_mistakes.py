"""What commands say to calls that ask for what is not there, or cannot be."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import crawler.reextract
from crawler.reextract_report import Report
from tests.crawler.commands.conftest import FERRY


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("query", ["", "  ", '"never closed', "(", "nobody:x"])
@pytest.mark.parametrize("command", [("search",), ("export", "csv", "--query")])
def test_a_query_that_cannot_be_read_is_a_wrong_call(call: Any, command: tuple[str, ...], query: str) -> None:
    result = call(*command, query)
    assert (result.code, result.out) == (2, "")
    assert "for example: harbour" in result.err
    assert "`morgue search --help`" in result.err


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    "command", [("search", "ferry"), ("export", "jsonl"), ("export", "dataset", "-o", "out"), ("reextract", "--dry-run")]
)
@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (("--site", "courrier.example"), "no article of site 'courrier.example'. Did you mean courier.example?"),
        (("--author", "Lindquist"), "no article by an author called 'Lindquist'. Did you mean Mara Lindqvist?"),
        (("--lang", "english"), "no article in language 'english'. It has: "),
        (("--since", "2026-05", "--until", "2026-04"), "--since is later than --until"),
    ],
)
def test_a_filter_that_nothing_passes_is_named(call: Any, command: tuple[str, ...], filters: tuple[str, ...], said: str) -> None:
    result = call(*command, *filters)
    assert result.code == 0
    assert said in " ".join(result.err.split())
    assert said not in result.out


@pytest.mark.usefixtures("archive")
def test_filters_that_articles_pass_are_not_spoken_of(call: Any) -> None:
    assert "Did you mean" not in call("search", "ferry", "--site", "courier.example").err
    assert call("search", "nowheretobefound", "--site", "courier.example").err == "Nothing found.\n"


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(("numbers", "named"), [(("0",), "[A]"), (("x",), "[A]"), (("1", "x"), "[B]")])
def test_a_number_of_a_revision_that_is_none_is_named(call: Any, numbers: tuple[str, ...], named: str) -> None:
    result = call("diff", FERRY, *numbers)
    assert result.code == 2
    assert "ID or URL [A] [B]" in result.err
    assert f"Invalid value for '{named}'" in result.err


@pytest.mark.parametrize("command", [("verify",), ("repair",), ("stats",), ("search", "ferry"), ("backup", "copy.db")])
@pytest.mark.parametrize("damage", ["cut", "text", "empty"])
def test_a_file_that_cannot_be_read_is_broken(call: Any, archive: Path, command: tuple[str, ...], damage: str) -> None:
    content = {"cut": archive.read_bytes()[:50_000], "text": b"Dear diary,\n" * 500, "empty": b""}[damage]
    archive.with_name("morgue.db-wal").unlink(missing_ok=True)
    archive.write_bytes(content)
    result = call(*command)
    assert result.code == 6
    assert "`morgue backup`" in result.err
    assert archive.read_bytes() == content


def test_a_candidate_that_says_the_same_is_not_called_lost(call: Any, archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as db, db:
        db.execute(
            "INSERT INTO evidence (article_id, revision, field, rank, value, source, place, raw, confidence) "
            "SELECT article_id, revision, field, 9, value, 'meta', 'og:title', value, .4 FROM evidence "
            "WHERE field = 'title' AND rank = 0"
        )
    lines = call("why", FERRY).out.splitlines()
    assert [line.split()[0] for line in lines if line.lstrip().startswith(("also:", "lost:"))] == ["lost:", "also:"]


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    ("flags", "said"), [(("--dry-run",), "nothing would be without --force."), ((), "See with --dry-run what it is")]
)
def test_a_refused_rereading_says_how_to_go_on(
    call: Any, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...], said: str
) -> None:
    report = Report(read=2, dry_run=bool(flags), refused=True)
    monkeypatch.setattr(crawler.reextract, "reextract", lambda _request: report)
    result = call("reextract", *flags)
    assert result.code == 5
    assert said in result.out
    assert ("--dry-run" in result.out) is not bool(flags)
