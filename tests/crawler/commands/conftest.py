"""An archive with two articles, made without reading or crawling, and a way to call the command line."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Archive
from archive.capture import Capture, Payload
from archive.revision import Revision, RevisionAuthor, RevisionBlock, RevisionEvidence
from archive.visit import Outcome, Visit
from crawler.commands import main

NOW = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
FERRY = "https://courier.example/ferry"
WALL = "https://courier.example/harbour-wall"


@dataclass(frozen=True)
class Call:
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test runs in a folder of its own, with none of the user's variables."""
    monkeypatch.chdir(tmp_path)
    for name in ("MORGUE_ARCHIVE", "MORGUE_CONFIG", "MORGUE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Call]:
    def run(*arguments: object, stdin: bytes = b"") -> Call:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Call(code, printed.out, printed.err)

    return run


def block(kind: str, text: str, section: int | None, **more: object) -> RevisionBlock:
    label = "article" if section is not None else "comments"
    return RevisionBlock(kind=kind, label=label, text=text, section=section, **more)


REVISION = Revision(
    url=FERRY,
    site="courier.example",
    title="New ferry <keeps> its *promise*",
    dek="The first winter timetable holds.",
    byline="By Mara Lindqvist and Jon Vale",
    authors=(RevisionAuthor("Mara Lindqvist", "person"), RevisionAuthor("Jon Vale", "person")),
    published="2026-09-14T09:15:00+02:00",
    published_precision="minute",
    published_earliest="2026-09-14T07:15:00+00:00",
    published_latest="2026-09-14T07:15:59+00:00",
    published_basis="declared",
    published_zone_known=True,
    modified=None,
    lang="en",
    section="Harbour",
    tags=("ferries",),
    description=None,
    site_name="The Courier",
    image=None,
    licence=None,
    paywalled=None,
    text="The ferry sailed.\n\nTimes\n\nAt six\n\nAt nine",
    word_count=8,
    blocks=(
        block("paragraph", "The ferry sailed.", 0),
        block("heading", "Times", 1, level=2),
        block("list_item", "At six", 1, depth=1),
        block("list_item", "At nine", 1, depth=1),
        block("paragraph", "First!", None, reason='under heading "Comments"'),
    ),
    evidence=(
        RevisionEvidence("title", 0, "New ferry <keeps> its *promise*", "markup", "h1", "New ferry", 0.95),
        RevisionEvidence("title", 1, "Ferry | Courier", "meta", "title", "Ferry | Courier", 0.5),
    ),
    reader="1",
)


def visit(revision: Revision, body: bytes, fetched: datetime = NOW) -> Visit:
    capture = Capture(revision.url, fetched, 200, (("Content-Type", "text/html"),), Payload.of(body))
    return Visit(revision.url, fetched, Outcome.STORED, captures=(capture,), revision=revision, status=200)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """`morgue.db` with the ferry (two revisions) and the harbour wall."""
    path = tmp_path / "morgue.db"
    wall = replace(
        REVISION, url=WALL, title="Harbour wall repaired", dek=None, byline=None, authors=(), published="2026-05",
        published_precision="month",
        published_earliest="2026-05-01T00:00:00+00:00", published_latest="2026-05-31T23:59:59+00:00", lang="de",
        text="Stones were laid.", blocks=(block("paragraph", "Stones were laid.", 0),), evidence=(),
    )  # fmt: skip
    changed = replace(REVISION, title="New ferry keeps its promise, mostly")
    with Archive.create(path) as archive:
        archive.commit(None, [visit(REVISION, b"<p>one"), visit(wall, b"<p>two")], NOW)
        archive.commit(None, [visit(changed, b"<p>three", datetime(2026, 10, 2, tzinfo=UTC))], NOW)
    return path
