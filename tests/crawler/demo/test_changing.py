"""The page of the demo that changes: fetched twice, read and kept, the archive says what changed."""

from __future__ import annotations

import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import Archive
from archive.changes import ChangeKind
from archive.visit import Outcome, Visit
from crawler.demo.server import serve
from pipelines.item import Response
from pipelines.stages.extract import read_responses

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def visit_of(url: str, day: int) -> Visit:
    fetched = NOW + timedelta(days=day)
    with urllib.request.urlopen(url, timeout=5) as answer:
        page = Response(url, fetched, answer.status, tuple(answer.headers.items()), answer.read())
    reading = read_responses((page,))
    return Visit(url, fetched, Outcome.STORED, status=200, captures=reading.captures, revision=reading.revision)


def test_the_changing_page_has_one_edited_paragraph(tmp_path: Path) -> None:
    with serve(clock=lambda: NOW) as server, Archive.create(tmp_path / "a.db") as archive:
        story = server.site.special("changing")
        assert story is not None
        url = server.base_url + story.path
        archive.commit(None, [visit_of(url, 0), visit_of(url, 1)], NOW)
        (change,) = archive.changes(1, 2)
        assert (change.kind, change.before_position) == (ChangeKind.EDITED, change.after_position)
        (passage,) = [p for section in archive.diff(1, 1, 2).sections for p in section.passages if p.changes]
        assert [piece for piece in passage.pieces if piece.op != "same"] == [("removed", "1"), ("added", "2")]
