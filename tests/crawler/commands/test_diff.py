import json
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from archive import Archive
from archive.visit import Outcome, Visit
from crawler.diff_rendering import as_text
from tests.crawler.commands.conftest import FERRY, NOW, REVISION, WALL, block, visit

NEXT = datetime(2026, 10, 3, tzinfo=UTC)
CHANGED = replace(
    REVISION, title="New ferry <keeps> its promise, mostly", reader="1",
    blocks=(
        block("paragraph", "The ferry sailed at last.", 0),
        block("heading", "Times", 1, level=2),
        block("list_item", "At six", 1, depth=1),
        block("list_item", "At nine", 1, depth=1),
        block("paragraph", "Correction: <b>the ferry</b> sailed twice.", 1),
    ),
)  # fmt: skip

SECTIONS = (
    ("Times and fares", "At six and at nine the boat leaves the northern quay."),
    ("What it costs", "Two crowns for a grown person, one for a child or a dog."),
    ("Who may come", "Nobody is turned away as long as there is a bench free."),
)


@pytest.fixture
def changed(archive: Path) -> Path:
    """The archive with a third revision of the ferry, and the wall gone."""
    with Archive.open(archive) as opened:
        opened.commit(None, [visit(CHANGED, b"<p>four", NEXT), Visit(WALL, NEXT, Outcome.GONE, status=410)], NEXT)
    return archive


def test_diff_shows_the_last_change_by_section(call, changed: Path) -> None:
    result = call("diff", FERRY)
    assert result.code == 0
    assert result.out.splitlines() == [
        "New ferry <keeps> its promise, mostly",
        FERRY,
        "From revision 2 (2026-10-02 00:00) to revision 3 (2026-10-03 00:00).",
        "Changed: headline, paragraph edited, correction note.",
        "",
        "Headline",
        "  New ferry {+<+}keeps{+>+} its promise, mostly",
        "",
        "  ~ The ferry sailed{+ at last+}.",
        "",
        "§ Times",
        "  … 2 blocks unchanged",
        "  + (correction note) {+Correction: <b>the ferry</b> sailed twice.+}",
    ]


def test_diff_shows_each_heading_that_moved(call, archive: Path) -> None:
    blocks = [block("paragraph", "The ferry sailed.", 0)]
    for number, (heading, text) in enumerate(SECTIONS, start=1):
        blocks += [block("heading", heading, number, level=2), block("paragraph", text, number)]
    turned = [blocks[0], *blocks[3:], *(block(b.kind, b.text, 9, level=b.level) for b in blocks[1:3])]
    with Archive.open(archive) as opened:
        for number, body in enumerate((blocks, turned)):
            seen = NEXT + timedelta(days=number)
            opened.commit(None, [visit(replace(REVISION, blocks=tuple(body)), f"<p>{number}".encode(), seen)], seen)
    out = call("diff", "1").out
    counted = re.search(r"(?:(\d+) × )?paragraph moved", out)
    assert counted is not None
    assert len(re.findall(r"^(?:§|  >) \(paragraph moved\)|^  > ", out, re.MULTILINE)) == int(counted[1] or 1)
    assert "§ (paragraph moved) Times and fares" in out


def test_diff_takes_the_numbers_of_two_revisions(call, changed: Path) -> None:
    assert "From revision 1 " in call("diff", "1", "1").out
    assert "From revision 3 (2026-10-03 00:00) to revision 1 (2026-10-01 08:00)." in call("diff", "1", "3", "1").out
    assert "Nothing changed in what the article says." in call("diff", "1", "2", "2").out


def test_diff_of_one_revision_says_so(call, changed: Path) -> None:
    result = call("diff", WALL)
    assert (result.code, result.out) == (0, "Article 2 has one revision: there is nothing to compare it with.\n")
    assert json.loads(call("diff", WALL, "--json").out)["changes"] == []


@pytest.mark.parametrize("arguments", [("1", "1", "9"), ("77",), ("https://courier.example/nothing",)])
def test_diff_of_what_is_not_there_fails(call, changed: Path, arguments: tuple[str, ...]) -> None:
    result = call("diff", *arguments)
    assert result.code == 1
    assert result.err.startswith("Error: there is no ")


def test_diff_refuses_numbers_that_are_none(call, changed: Path) -> None:
    assert call("diff", "1", "0").code == 2


def test_diff_as_json_holds_both_texts(call, changed: Path) -> None:
    whole = json.loads(call("diff", "1", "--format", "json").out)
    assert whole["classes"] == {"headline": 1, "paragraph_edited": 1, "correction": 1}
    assert [change["kind"] for change in whole["changes"]] == ["headline", "paragraph_edited", "correction"]
    assert (whole["from"]["revision"], whole["to"]["revision"], whole["other_rules"]) == (2, 3, False)
    blocks = [part for section in whole["sections"] for part in section["blocks"]]
    texts = ["".join(text for op, text in part["pieces"] if op != "removed") for part in blocks]
    assert texts == [part.text for part in CHANGED.blocks]


class Elements(HTMLParser):
    """The elements of a page, and the text in each kind."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.texts: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in {"meta", "br"}:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts[self.stack[-1] if self.stack else ""] = self.texts.get(self.stack[-1] if self.stack else "", "") + data


def test_diff_as_html_is_a_page_of_its_own_and_escapes(call, changed: Path) -> None:
    page = Elements()
    page.feed(call("diff", "1", "--format", "html").out)
    assert page.stack == []
    assert page.texts["ins"] == "<> at lastCorrection: <b>the ferry</b> sailed twice."
    assert page.texts["summary"] == "2 blocks unchanged"


def test_a_reading_with_other_rules_is_named(call, changed: Path) -> None:
    with Archive.open(changed) as opened:
        opened.commit(None, [visit(replace(CHANGED, title="Ferry", reader="2"), b"five", NEXT + timedelta(days=1))], NEXT)
    out = call("diff", "1").out
    assert "Read with other rules (1, then 2): some of it may be the reader's doing, not the site's." in " ".join(out.split())


def test_colours_end_with_their_line(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    long = "word " * 30
    with Archive.open(archive) as opened:
        opened.commit(None, [visit(replace(CHANGED, blocks=(block("paragraph", long + "end.", 0),)), b"five", NEXT)], NEXT)
        difference = opened.diff(1, 2, 3)
    lines = as_text(difference).splitlines()
    assert any("\x1b[32;1m" in line for line in lines)
    for line in lines:
        codes = re.findall(r"\x1b\[([\d;]+)m", line)
        assert not codes or codes[-1] == "0"
        assert len(re.sub(r"\x1b\[[\d;]+m", "", line)) <= 40
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in as_text(difference)


def test_a_page_cannot_steer_the_terminal(call, archive: Path) -> None:
    bad = replace(CHANGED, title="New \x1b[2J\ue002ferry", blocks=(block("heading", "\x1b]0;x\x07Times", 0, level=2),))
    with Archive.open(archive) as opened:
        opened.commit(None, [visit(bad, b"five", NEXT)], NEXT)
    for form in ("text", "html"):
        assert "\x1b" not in call("diff", "1", "--format", form).out


def test_why_and_show_tell_of_changes_and_events(call, changed: Path) -> None:
    why = call("why", FERRY).out
    assert "changed: headline, paragraph edited, correction note" in why
    assert "2026-10-03 00:00:00  gone: status 410" in call("why", WALL).out
    assert "3 revisions with 4 changes" in call("show", FERRY).out
    assert "gone (status 410): 2026-10-03 00:00" in call("show", WALL).out
    assert json.loads(call("why", WALL, "--json").out)["events"][0]["kind"] == "gone"


def test_times_are_told_apart_by_capture_and_not_by_number(call, archive: Path) -> None:
    older = replace(REVISION, title="Ferry planned")
    with Archive.open(archive) as opened:
        opened.commit(None, [visit(older, b"old", NOW - timedelta(days=9))], NOW)
    assert "From revision 1 " in call("diff", "1").out
    assert "revision 3 (2026-09-22 08:00) to revision 2" in call("diff", "1", "3").out
