"""Other tools behind our protocol."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from bench.peers import PEERS, installed
from bench.peers.protocol import paragraphs, serve, text_of

PEERS_FOLDER = Path(__file__).parents[2] / "bench" / "peers"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'<meta charset="iso-8859-2">\xb3', '<meta charset="iso-8859-2">\u0142'),
        (b'<meta charset="no-such">\xc3\xa9', '<meta charset="no-such">\u00e9'),
        (b'<meta charset="utf-8">\x93so\x94', '<meta charset="utf-8">\u201cso\u201d'),
        ("plain é".encode(), "plain é"),
    ],
)
def test_a_page_is_decoded_by_its_own_word_where_that_can_be(body: bytes, text: str) -> None:
    assert text_of(body) == text


def test_lines_become_paragraphs() -> None:
    assert paragraphs("One.\n\n  Two. \n") == "One.\n\nTwo."
    assert paragraphs(None) == ""


def test_a_tool_that_fails_on_a_page_answers_with_its_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def read(body: bytes, url: str | None) -> dict[str, str]:
        if body == b"bad":
            raise ValueError("no article")
        return {"title": "T"}

    for name in ("good", "bad"):
        (tmp_path / name).write_text(name)
    requests = [json.dumps({"id": name, "url": None, "path": str(tmp_path / name)}) for name in ("good", "bad")]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(requests)))
    serve(read)
    good, bad = map(json.loads, capsys.readouterr().out.splitlines())
    assert (good["id"], good["title"], good["error"]) == ("good", "T", None)
    assert (bad["id"], bad["error"]) == ("bad", "ValueError: no article")


def test_each_peer_has_its_module() -> None:
    assert all((PEERS_FOLDER / f"{peer.module.split()[0]}.py").is_file() for peer in PEERS.values())


def test_only_what_an_interpreter_finds_is_installed() -> None:
    assert installed(sys.executable) <= set(PEERS)
