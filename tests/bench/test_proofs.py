"""What tools of others read of an archive's exports is held against the archive, and a fault is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import _proofs, proofs


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proofs")
    proofs.build(folder / "morgue.db", 12)
    proofs.export(folder)
    return folder


def test_a_tool_says_what_it_read(shelf: Path) -> None:
    lines = list(proofs.prove(shelf, ["csv", "rispy", "sqlite-utils"]))
    assert [(line.tool, line.failed) for line in lines] == [("csv", False), ("rispy", False), ("sqlite-utils", False)]
    assert lines[0].verdict == "13 articles"


def test_what_is_otherwise_than_in_the_archive_is_a_fault(shelf: Path) -> None:
    table = shelf / "x.csv"
    before = table.read_bytes()
    table.write_bytes(before.replace(b"=HYPERLINK", b"HYPERLINK"))
    (line,) = proofs.prove(shelf, ["csv"])
    table.write_bytes(before)
    assert line.failed
    assert line.verdict.startswith('**failed**: AssertionError: titles: "HYPERLINK')


def test_a_tool_that_is_nowhere_is_named(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "versions", lambda _: dict.fromkeys(_proofs.PROOFS))
    (line,) = proofs.prove(shelf, ["pywb"])
    assert (line.version, line.verdict, line.failed) == ("", "not installed", False)
