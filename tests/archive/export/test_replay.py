"""What is exported goes through the tools of others: warcio's check, wacz's validation, and replay by pywb.

They live in an environment of their own, which `make replay-env` makes.
"""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from archive import Archive
from archive.capture import Capture, Payload
from archive.export.wacz import write_wacz
from archive.export.warc import write_warc
from archive.visit import Outcome, Visit
from tests.archive.samples import LATER, NOW, URL, article_visit, revision

REPLAY = Path(__file__).parents[3] / ".replay" / "bin"
PAGE = "<!doctype html><title>Fähre</title><p>The ferry, {}.".format

pytestmark = pytest.mark.skipif(
    not (REPLAY / "python").exists(), reason="pywb and wacz are not installed: `make replay-env` puts them beside the checkout"
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with x.warc.gz, x.warc and x.wacz: pages, a revisit, a page gone, a saved file, odd addresses and headers."""
    folder = tmp_path_factory.mktemp("replay")
    html = (("Content-Type", "text/html; charset=utf-8"), ("X-Odd", "a\r\nb"))
    odd = "https://tern.example/über/uns?q=a b&x=%20"
    with Archive.create(folder / "morgue.db") as archive:
        for number, (url, moment) in enumerate([(URL, NOW), (URL, LATER), (odd, NOW), ("https://www.tern.example:8080/p", NOW)]):
            page = Capture(url, moment, 200, html, Payload.of(PAGE(number).encode()))
            archive.commit(None, [article_visit(url, f"Text {number}.", captures=(page,), fetched=moment)], NOW)
        again = Capture(URL, LATER + timedelta(hours=1), 200, html, Payload.of(PAGE(1).encode()))
        saved = Capture("https://tern.example/saved", NOW, 200, (), Payload.of(PAGE("saved").encode()), "file")
        archive.commit(
            None,
            [
                article_visit(URL, "Text 1.", captures=(again,), fetched=again.fetched),
                article_visit(saved.url, captures=(saved,), revision=revision(saved.url)),
                Visit(URL, LATER + timedelta(days=1), Outcome.UNCHANGED, status=304),
                Visit(URL, LATER + timedelta(days=2), Outcome.GONE, status=410),
            ],
            NOW,
        )
        for name, packed in (("x.warc.gz", True), ("x.warc", False)):
            with (folder / name).open("wb") as stream:
                write_warc(archive.articles(), stream, archive, packed=packed)
        with (folder / "x.wacz").open("wb") as stream:
            write_wacz(archive.articles(), stream, archive)
    return folder


def tool(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("name", ["x.warc.gz", "x.warc"])
def test_warcio_finds_no_fault(shelf: Path, name: str) -> None:
    done = tool(REPLAY / "warcio", "check", "-v", name, folder=shelf)
    assert (done.returncode, done.stderr) == (0, "")
    assert "digest pass" in done.stdout
    assert "fail" not in done.stdout


def test_wacz_finds_the_package_valid(shelf: Path) -> None:
    done = tool(REPLAY / "wacz", "validate", "-f", "x.wacz", folder=shelf)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the passed WACZ is valid" in done.stdout


def test_the_index_is_the_one_that_cdxj_indexer_makes(shelf: Path) -> None:
    import gzip
    import zipfile

    done = tool(REPLAY / "cdxj-indexer", "--sort", "x.warc.gz", folder=shelf)
    theirs = [line.replace("x.warc.gz", "data.warc.gz").partition(" {")[0] for line in done.stdout.splitlines()]
    with zipfile.ZipFile(shelf / "x.wacz") as packed:
        ours = gzip.decompress(packed.read("indexes/index.cdx.gz")).decode().splitlines()
    assert [line.partition(" {")[0] for line in ours] == theirs


def test_pywb_replays_every_page_byte_for_byte(shelf: Path, tmp_path: Path) -> None:
    script = Path(__file__).with_name("replay.py")
    done = tool(REPLAY / "python", script, shelf / "x.warc.gz", folder=tmp_path)
    replayed = [json.loads(line.removeprefix("REPLAYED ")) for line in done.stdout.splitlines() if line.startswith("REPLAYED ")]
    bodies = {sha256(PAGE(name).encode()).hexdigest() for name in (0, 1, 2, 3, "saved")}
    exact = [one for one in replayed if one["mode"] == "id_" and one["status"].startswith("200")]
    assert {one["sha256"] for one in exact} == bodies, done.stdout + done.stderr
    assert any(one["mime"] == "warc/revisit" for one in exact)
    assert sum(one["mode"] == "mp_" and one["status"].startswith("200") for one in replayed) == len(exact)
    assert [one["status"][:3] for one in replayed if one["moment"].startswith("20260825")] == ["410", "410"]
