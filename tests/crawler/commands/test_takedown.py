from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from tests.crawler.commands.conftest import FERRY, WALL

REASON = ("--reason", "a court asked for it")


def test_without_a_terminal_it_asks_for_yes_and_does_nothing(call: Any, archive: Path) -> None:
    done = call("takedown", FERRY, *REASON)
    assert done.code == 2
    assert "--yes" in done.err
    with Archive.open(archive) as opened:
        assert opened.article(FERRY)
        assert opened.tombstone(FERRY) is None


def test_it_says_what_went_and_why_tells_the_reason(call: Any, archive: Path) -> None:
    done = call("takedown", FERRY, *REASON, "--yes")
    assert done.code == 0, done.err
    assert "article 1, 2 revisions, 2 captures" in done.err
    assert "its bytes are overwritten. Reason: a court asked for it" in done.out
    assert b"ferry" not in archive.read_bytes().replace(FERRY.encode(), b"").replace(b"courier.example/ferry", b"").lower()
    why = call("why", FERRY)
    assert why.code == 0
    assert "Taken down" in why.out
    assert "a court asked for it" in why.out
    assert "taken down" in call("show", FERRY).err
    assert call("show", WALL).code == 0


def test_several_go_together_and_json_lists_them(call: Any, archive: Path) -> None:
    done = call("takedown", "1", WALL, "https://courier.example/never", *REASON, "--yes", "--json")
    assert done.code == 0, done.err
    listed = json.loads(done.out)
    assert [entry["article_id"] for entry in listed] == [1, 2, None]
    assert all(entry["erased"] for entry in listed)
    assert "never kept; it will be blocked" in done.err


def test_a_second_time_says_so_and_is_well(call: Any, archive: Path) -> None:
    call("takedown", FERRY, *REASON, "--yes")
    again = call("takedown", FERRY, "--reason", "another", "--yes")
    assert again.code == 0
    assert "taken down before; the reason given then stays" in again.err
    assert "a court asked for it" in again.out


def test_an_article_that_a_source_starts_at_goes_and_that_is_said(call: Any, archive: Path) -> None:
    with Archive.open(archive) as opened:
        opened.add_source(FERRY)
    done = call("takedown", "1", *REASON, "--yes")
    assert done.code == 0, done.err
    assert f"a source starts there, which is crawled from it no more: {FERRY}" in done.err


@pytest.mark.parametrize("address", ["ferry", "mailto:a@b.example", ""])
def test_what_is_no_address_is_an_error_of_usage(call: Any, archive: Path, address: str) -> None:
    assert call("takedown", address, *REASON, "--yes").code == 2


def test_an_empty_reason_is_an_error_of_usage(call: Any, archive: Path) -> None:
    assert call("takedown", FERRY, "--reason", " ", "--yes").code == 2
    assert call("takedown", FERRY, "--yes").code == 2


def test_a_number_that_no_article_has_fails(call: Any, archive: Path) -> None:
    assert call("takedown", "99", *REASON, "--yes").code == 1


def test_a_wrong_address_among_several_leaves_all_as_it_was(call: Any, archive: Path) -> None:
    assert call("takedown", FERRY, "99", *REASON, "--yes").code == 1
    assert call("show", FERRY).code == 0


def test_on_a_terminal_it_asks_and_no_is_no(call: Any, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("crawler.commands.takedown.sys", _Terminal)
    done = call("takedown", FERRY, *REASON, stdin=b"n\n")
    assert done.code == 130
    assert call("show", FERRY).code == 0


class _Terminal:
    class stdin:  # noqa: N801
        @staticmethod
        def isatty() -> bool:
            return True

    stderr = stdin


@pytest.mark.parametrize("address", [FERRY, "1"])
def test_during_a_crawl_it_is_partly_done_and_says_what_to_do(call: Any, archive: Path, address: str) -> None:
    with Archive.open(archive) as opened, opened.lock_for_crawl():
        done = call("takedown", address, *REASON, "--yes")
    assert done.code == 3
    assert "run the same command again" in done.err
    assert call("show", FERRY).code == 1
    again = call("takedown", address, *REASON, "--yes")
    assert again.code == 0
    assert "its bytes are overwritten" in again.out


def test_while_captures_are_read_again_it_is_partly_done_and_says_what_to_do(call: Any, archive: Path) -> None:
    with Archive.open(archive) as opened, opened.lock_for_rereading():
        done = call("takedown", FERRY, *REASON, "--yes")
    assert done.code == 3
    assert "reextract" in done.err
    assert "run the same command again" in done.err
    assert call("takedown", FERRY, *REASON, "--yes").code == 0


def test_a_saved_page_of_it_is_refused_and_counted(call: Any, archive: Path, tmp_path: Path) -> None:
    call("takedown", FERRY, *REASON, "--yes")
    page = tmp_path / "page.html"
    page.write_text("<title>New ferry</title><h1>New ferry</h1>" + "<p>The Zugvogel ferry sailed in the morning.</p>" * 9)
    done = call("add", page, "--url", f"{FERRY}?utm_source=x", "--jobs", "1")
    assert done.code == 0, done.err
    assert "Taken down before, and left out" in done.out
    assert "1 taken down" in done.out
    assert "taken down: a court asked for it" in call("why", f"{FERRY}?utm_source=x").out
    assert b"Zugvogel" not in b"".join(file.read_bytes() for file in tmp_path.glob("morgue.db*"))
