"""What pages, servers and addresses say reaches a terminal without the control characters that would steer it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.revision import RevisionAuthor, RevisionEvidence
from archive.visit import Outcome, Visit
from tests.crawler.commands.conftest import FERRY, NOW, REVISION, block, visit

EVIL = "Eve \x1b]0;owned\x07\x1b[2J\x9b31m\x7f"
"""Names the window, wipes the screen, and colours what follows."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LATER = datetime(2026, 10, 2, tzinfo=UTC)


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    """An archive with an article that says it everywhere, in two revisions, and was gone once for a reason that says it too."""
    path = tmp_path / "evil.db"
    said = replace(
        REVISION, title=EVIL, dek=EVIL, byline=EVIL, authors=(RevisionAuthor(EVIL, "person"),), section=EVIL, tags=(EVIL,),
        licence=EVIL, blocks=(block("code", EVIL, 0), block("paragraph", f"Ferry {EVIL}", 0), block("paragraph", EVIL, None)),
        evidence=(RevisionEvidence("title", 0, EVIL, "markup", EVIL, EVIL, 0.9),),
    )  # fmt: skip
    further = replace(said, url=f"{FERRY}/other", title=f"{EVIL} two")
    gone = Visit(FERRY, LATER, Outcome.GONE, status=410, reason=EVIL)
    with Archive.create(path) as archive:
        archive.commit(None, [visit(said, b"<p>one"), visit(further, b"<p>one")], NOW)
        archive.commit(None, [visit(replace(said, title=f"{EVIL} now"), b"<p>two", LATER), gone], LATER)
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ("why", "1"), ("why", FERRY, "--json"), ("why", f"{FERRY}/{EVIL}"),
        ("show", "1"), ("show", "1", "--format", "markdown"), ("show", "1", "--format", "html"),
        ("show", "1", "--format", "json"),
        ("show", "1", "--removed"), ("show", "1", "--removed", "--format", "json"), ("show", f"{FERRY}/{EVIL}"),
        ("diff", "1"), ("diff", "1", "--format", "html"), ("diff", "1", "--json"), ("diff", EVIL),
        ("search", "ferry"), ("search", "ferry", "--json"), ("search", "ferry", "--author", "Evo"),
        ("takedown", "1", "--reason", "asked", "--yes"), ("takedown", f"{FERRY}/{EVIL}", "--reason", EVIL, "--yes"),
        ("stats",), ("verify",), ("reextract", "--dry-run"), ("sources", "pin", "1"), ("sources", "settle", EVIL),
    ],
)  # fmt: skip
def test_no_command_passes_them_on_to_a_terminal(
    call: Callable[..., Any], evil: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    result = call("--archive", evil, *arguments)
    said = result.out + result.err
    assert said
    assert "Traceback" not in said
    assert CONTROL.findall(said) == []


def test_what_was_read_is_whole_in_a_file(call: Callable[..., Any], evil: Path) -> None:
    assert "\x1b]0;owned\x07" in call("--archive", evil, "show", "1", "--format", "html").out
