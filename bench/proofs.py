"""Tools of others read what morgue wrote: an archive of made-up articles with all its exports, or those of an archive of yours.

Each tool runs in a process of its own, in the first of these that has it: this Python, the replay environment (`make replay-env`
has pywb, wacz and cdxj-indexer), and the Python that `MORGUE_PROOFS` names, for tools that should not be beside morgue. What a
tool reads is held against the archive; a tool that is nowhere is named. The exit code is 1 where a tool finds a fault.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from archive import Archive
from archive.capture import Capture, Payload
from archive.export import FORMATS, Target, write
from archive.export.dataset import Release, write_release
from archive.export.warc import write_warc
from archive.visit import Outcome, Visit
from bench import _proofs
from bench._machine import facts
from bench._visits import HEADERS, NOW, visits

ROOT = Path(__file__).parents[1]
REPLAY_ENVIRONMENT = ROOT / ".replay" / "bin" / "python"
TESTS = ROOT / "tests" / "archive" / "export"
LATER = NOW + timedelta(days=30)

FILES = {
    "csv": "x.csv", "jsonl": "x.jsonl", "parquet": "x.parquet", "xlsx": "x.xlsx", "tei": "x.xml", "bibtex": "x.bib",
    "ris": "x.ris", "csl": "x.csl.json", "warc": "x.warc.gz", "wacz": "x.wacz", "markdown": "markdown",
}  # fmt: skip
ODD = (
    'A {brace, 50% & $5 #1 ~x^ \\cmd_y "q" – 日本語}} @online{x,',
    "=HYPERLINK(1;2)+'a'\t<b>&amp;</b>",
    "Ünïcödé: 'single', \"double\" — 🚢 אבג",
    "--- # [a](b) *c* _d_ `e` | f: g",
)
"""Titles that formats trip over."""


PAYLOADS = """
SELECT DISTINCT c.payload FROM captures AS c JOIN fetches AS f ON f.id = c.fetch_id
WHERE f.article_id IS NOT NULL AND c.status = 200
"""


class Line(NamedTuple):
    """What came of one proof."""

    tool: str
    version: str
    read: str
    verdict: str
    failed: bool


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench proofs", description=__doc__)
    parser.add_argument("--articles", type=int, default=200, metavar="N", help="made-up articles")
    parser.add_argument("--archive", type=Path, metavar="FILE", help="this archive, in place of one that is made up")
    parser.add_argument("--only", nargs="+", choices=_proofs.PROOFS, default=list(_proofs.PROOFS), help="these tools alone")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if args.archive is None:
            build(folder / "morgue.db", args.articles)
        else:
            with Archive.open(args.archive, readonly=True) as archive:
                archive.backup(folder / "morgue.db")
        export(folder)
        lines = list(prove(folder, args.only))
    print(f"{facts()}\n")
    print("| tool | version | read | verdict |\n|---|---|---|---|")
    for line in lines:
        print(f"| {line.tool} | {line.version} | {line.read} | {line.verdict} |")
    missing = [line.tool for line in lines if not line.version]
    print(f"\n{len(lines) - len(missing)} tools; not installed: {', '.join(missing) or 'none'}")
    return int(any(line.failed for line in lines))


def build(path: Path, count: int) -> None:
    """Make an archive: articles, some of them with odd titles, one seen again, one gone, one saved by hand."""
    made = [odd(visit, number) for number, visit in enumerate(islice(visits(count, 1), count))]
    page = made[0].captures[0]
    again = replace(page, fetched=LATER)
    saved = Capture("https://saved.example/page", NOW, 200, (), Payload.of(b"<!doctype html><title>Saved</title>"), "file")
    with Archive.create(path) as archive:
        archive.commit(None, made, NOW)
        archive.commit(None, [replace(made[0], fetched=LATER, captures=(again,))], LATER)
        archive.commit(None, [Visit(made[1].url, LATER, Outcome.GONE, "status 410", status=410)], LATER)
        assert made[2].revision is not None
        by_hand = replace(made[2].revision, url=saved.url, site="saved.example")
        archive.commit(None, [replace(made[2], url=saved.url, captures=(saved,), revision=by_hand, lease=None)], LATER)


def odd(visit: Visit, number: int) -> Visit:
    """The visit, every tenth with a title that formats trip over, and another character set."""
    if number % 10 or visit.revision is None:
        return visit
    revision = replace(visit.revision, title=ODD[number // 10 % len(ODD)], tags=("a;b", 'c"d', "é"))
    page = visit.captures[0]
    body = f"<!doctype html><title>{number}</title><p>Übung {number}".encode("latin-1")
    headers = tuple((name, value.replace("utf-8", "iso-8859-1")) for name, value in HEADERS)
    return replace(visit, revision=revision, captures=(replace(page, headers=headers, payload=Payload.of(body)),))


def export(folder: Path) -> None:
    """Write everything that can be written into the folder, and what the archive has into `truth.json`."""
    with Archive.open(folder / "morgue.db", readonly=True) as archive:
        for name, file in FILES.items():
            write_format(archive, name, folder / file)
        with (folder / "x.warc").open("wb") as stream:
            write_warc(archive.articles(), stream, archive, packed=False)
        (folder / "dataset").mkdir()
        write_release(archive, folder / "dataset", Release(title="A proof", authors=("Lindqvist, Mara",), licence="CC-BY-4.0"))
        articles = [{"url": one.url, "title": one.title, "text": one.text} for one in archive.articles()]
    with closing(sqlite3.connect(folder / "morgue.db")) as conn:
        payloads = [digest for (digest,) in conn.execute(PAYLOADS)]
    truth = {
        "articles": articles, "payloads": payloads, "word": articles[1]["text"].split()[0].strip(".,"),
        "replay": str(TESTS / "replay.py"), "tei": str(TESTS / "tei_subset.rng"),
    }  # fmt: skip
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")


def write_format(archive: Archive, name: str, path: Path) -> None:
    """Write all articles in a format, CSV for programs."""
    form, options = FORMATS[name], {"raw": True} if name == "csv" else {}
    if form.target is Target.FOLDER:
        path.mkdir()
        write(form, archive.articles(), path, archive, **options)
    elif form.target is Target.TEXT:
        with path.open("w", encoding="utf-8", newline="") as text:
            write(form, archive.articles(), text, archive, **options)
    else:
        with path.open("wb") as stream:
            write(form, archive.articles(), stream, archive, **options)


def prove(folder: Path, names: Sequence[str]) -> Iterator[Line]:
    """Have each tool read what lies in the folder, in the first Python that has it."""
    there = {python: versions(python) for python in pythons()}
    for name in names:
        read = _proofs.PROOFS[name][1]
        python = next((python for python, found in there.items() if found[name]), None)
        if python is None:
            yield Line(name, "", read, "not installed", failed=False)
            continue
        done = subprocess.run([python, "-P", _proofs.__file__, name, str(folder)], capture_output=True, text=True, check=False)
        said = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines() or ["nothing was said"]
        failed = done.returncode != 0
        yield Line(name, there[python][name] or "", read, f"**failed**: {said[-1]}" if failed else said[-1], failed)


def pythons() -> list[str]:
    """Pythons that may have tools."""
    there = [sys.executable, str(REPLAY_ENVIRONMENT), os.environ.get("MORGUE_PROOFS", "")]
    return [python for python in there if python and Path(python).exists()]


def versions(python: str) -> dict[str, str | None]:
    """Tool -> its version in a Python; None where it has it not."""
    done = subprocess.run([python, "-P", _proofs.__file__], capture_output=True, text=True, check=True)
    found: dict[str, str | None] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    sys.exit(main())
