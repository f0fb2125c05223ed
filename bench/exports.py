"""Every export of a large archive: seconds, articles a second, MB written, and the peak of memory; each in a process of its own.

The articles are made up: words after Zipf's law, paragraphs in sections as news has them, two authors, evidence, and blocks that
were left out. The same numbers give the same archive. With several numbers of articles each export is done of so many of the
largest archive, to see whether memory grows. Where pandas is installed (or `MORGUE_PEERS` names a Python that has it), reading
the table `articles` and writing it as CSV or Parquet is timed beside, which is what one would do by hand.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from archive import Archive
from archive.capture import Capture, Payload
from archive.export import FORMATS
from archive.revision import Revision, RevisionAuthor, RevisionBlock, RevisionEvidence
from archive.visit import Outcome, Visit
from bench._machine import facts

VOCABULARY = 20_000
BATCH = 500
"""Articles of a transaction."""
START = datetime(2020, 1, 1, tzinfo=UTC)
SITES = 12

PANDAS = """
import sqlite3, sys, pandas
frame = pandas.read_sql(f"SELECT * FROM articles ORDER BY id LIMIT {sys.argv[2]}", sqlite3.connect(sys.argv[1]))
if sys.argv[3] == "csv":
    frame.to_csv(sys.argv[4], index=False)
else:
    frame.to_parquet(sys.argv[4], compression="zstd")
"""
BY_HAND = ("csv", "parquet")
"""Formats that pandas writes as well."""


class Taken(NamedTuple):
    """What an export took."""

    seconds: float
    cpu: float
    """Seconds of the processor."""
    size: float
    """MB written."""
    peak: float
    """MB of memory."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench exports", description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[2_000, 20_000], metavar="N")
    parser.add_argument("--formats", nargs="*", default=[*FORMATS, "dataset"], choices=[*FORMATS, "dataset"])
    parser.add_argument("--archive", type=Path, help="keep the made-up archive here, or use the archive that is there")
    parser.add_argument("--build", action="store_true", help="only make the archive")
    args = parser.parse_args()
    if args.build:
        build(args.archive, max(args.articles))
        return 0
    with tempfile.TemporaryDirectory() as name:
        archive = args.archive or Path(name) / "large.db"
        if not archive.exists():
            make = ["exports", "--build", "--articles", str(max(args.articles)), "--archive", str(archive)]
            # A process starts out with the peak of the one that starts it, so this one stays small.
            subprocess.run([sys.executable, "-m", "bench", *make], check=True)
        print(facts())
        print(f"An archive of {archive.stat().st_size / 1e6:,.0f} MB.\n")
        print("|  | articles | s | a second | CPU ms an article | MB | peak MB |")
        print("|---|---|---|---|---|---|---|")
        for form in args.formats:
            for count in sorted(args.articles):
                target = Path(name) / (f"{form}.xml" if form == "tei" else form)
                more = ["--raw"] if form == "csv" else []
                command = ["-m", "crawler", "export", form, "-o", str(target), "--archive", str(archive), "--limit", str(count)]
                line(form, count, taken(target, [sys.executable, *command, *more]))
                if form in BY_HAND:
                    peer = [os.environ.get("MORGUE_PEERS", sys.executable), "-c", PANDAS]
                    line(f"pandas: {form}", count, taken(target, [*peer, str(archive), str(count), form, str(target)]))
    return 0


def line(name: str, count: int, took: Taken | None) -> None:
    if took is None:
        print(f"| {name} | failed, or not installed ||||||", flush=True)
        return
    print(
        f"| {name} | {count:,} | {took.seconds:.1f} | {count / took.seconds:,.0f} | {took.cpu / count * 1000:.2f} "
        f"| {took.size:,.0f} | {took.peak:,.0f} |",
        flush=True,
    )


def taken(target: Path, command: list[str]) -> Taken | None:
    """Run a command that writes `target`, and delete what it wrote; None if it failed."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - start
    if process.returncode:
        return None
    size = bytes_of(target)
    subprocess.run(["rm", "-rf", str(target)], check=True)
    return Taken(seconds, usage.ru_utime + usage.ru_stime, size / 1e6, usage.ru_maxrss / 1024)


def bytes_of(target: Path) -> int:
    """Size of a file, or of all in a folder; never a list of them all, since this process stays small."""
    if not target.is_dir():
        return target.stat().st_size
    return sum((Path(folder) / name).stat().st_size for folder, _, names in os.walk(target) for name in names)


def build(path: Path, count: int) -> None:
    """Make an archive of so many articles."""
    with Archive.create(path) as archive:
        visits = made_up(count)
        while batch := list(islice(visits, BATCH)):
            archive.commit(None, batch, START)


def made_up(count: int) -> Iterator[Visit]:
    """Give visits that each brought an article."""
    chance = random.Random(8)
    words = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(VOCABULARY)]
    weights = [1 / rank for rank in range(1, VOCABULARY + 1)]
    stock = chance.choices(words, weights, k=1_000_000)  # choosing is slow: prose is cut out of this at random places
    for number in range(count):
        yield _visit(chance, stock, number)


def _visit(chance: random.Random, stock: list[str], number: int) -> Visit:
    site = f"paper{chance.randrange(SITES)}.example"
    url, fetched = f"https://{site}/story/{number}", START + timedelta(minutes=number)

    def prose(most: int) -> str:
        start, length = chance.randrange(len(stock) - most), chance.randint(most // 3, most)
        return " ".join(stock[start : start + length]).capitalize() + "."

    blocks: list[RevisionBlock] = []
    for section in range(chance.randint(1, 4)):
        if section:
            blocks.append(RevisionBlock("heading", "article", prose(6), level=2, section=section))
        blocks += [
            RevisionBlock("paragraph", "article", prose(80), section=section, confidence=0.9) for _ in range(chance.randint(3, 6))
        ]
    text = "\n\n".join(block.text for block in blocks)
    blocks += [RevisionBlock("list_item", "navigation", prose(4), reason="menu", confidence=0.9) for _ in range(20)]
    title, day = prose(9), fetched.date().isoformat()
    evidence = tuple(
        RevisionEvidence(field, rank, title, "json-ld", f"NewsArticle.{field}", title, 0.9)
        for field in ("title", "published", "authors")
        for rank in range(2)
    )
    revision = Revision(
        url=url, site=site, title=title, dek=prose(20), byline="By Ada Lind and Jo van der Berg",
        authors=(RevisionAuthor("Ada Lind", "person"), RevisionAuthor("Jo van der Berg", "person")), published=day,
        published_precision="day", published_earliest=f"{day}T00:00:00+00:00", published_latest=f"{day}T23:59:59+00:00",
        published_basis="declared", published_zone_known=False, modified=None, lang="en", section="Harbour",
        tags=("ferries", "night"), description=prose(20), site_name=site, image=None, licence=None, paywalled=None, text=text,
        word_count=len(text.split()), blocks=tuple(blocks), evidence=evidence, reader="1",
    )  # fmt: skip
    capture = Capture(url, fetched, 200, (("Content-Type", "text/html"),), Payload.of(url.encode()))
    return Visit(
        url, fetched, Outcome.STORED, status=200, captures=(capture,), revision=revision, payload_sha256=capture.payload.sha256
    )


if __name__ == "__main__":
    sys.exit(main())
