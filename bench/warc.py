"""WARC and WACZ, out and in: records a second beside warcio, which writes and reads the same records.

The pages are made up, those of a site with much in common as on real sites, and packed in the archive as `morgue crawl` leaves
them. warcio is given the bodies in memory and writes each with its digests. The archive finds what belongs to an article,
unpacks each body, holds it against its SHA-256, and writes it with SHA-256 digests. Reading records is what `morgue add` does
before it reads the pages: each record whole, held against its digests, the page unpacked. Each line is of a process of its own.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import Archive
from archive.export import FORMATS, write
from archive.timestamps import stamp
from bench._machine import facts
from bench._visits import HEADERS, NOW, visits
from crawler.intake.intake import take_in
from crawler.intake.known import KeptPayloads
from crawler.intake.pages import Known, SavedPage
from crawler.intake.warc import Records

BATCH = 64
"""Articles of a transaction."""
MOULD = 40_000
"""Bytes of a page that its site's others share; pages of the demo newspaper and of the corpus have 20 to 200 KB."""
KIB = 1024


class Spent(NamedTuple):
    """What a piece of work took."""

    records: int
    clock: float
    """Seconds."""
    cpu: float
    """Seconds of the processor."""
    peak: float
    """MB of memory."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench warc", description=__doc__)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--mould", type=int, default=MOULD, metavar="BYTES", help="what pages of a site have in common")
    parser.add_argument("--read", type=int, default=1_000, metavar="N", help="of these, how many `morgue add` reads as articles")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print(facts("warcio"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = apart(build, folder, args.articles, args.mould, args.seed).records
        print(f"{args.articles:,} pages, {size / args.articles / 1e3:,.0f} KB in the mean\n")
        print("|  | records | a second | a CPU second | of warcio | MB | peak MB |")
        print("|---|---|---|---|---|---|---|")
        tell(folder)
        few = folder / "few.warc.gz"
        apart(export, folder, "warc", few, args.read)
        print()
        for name in ("the articles read in one process", "again, all known"):
            spent = apart(add, few, folder / "new.db")
            print(f"`morgue add` of {spent.records:,} pages, {name}: {spent.records / spent.clock:,.0f} a second", flush=True)
    return 0


def tell(folder: Path) -> None:
    """Print the lines that are measured beside warcio."""
    theirs, ours, wacz = folder / "warcio.warc.gz", folder / "morgue.warc.gz", folder / "morgue.wacz"
    plain = apart(write_with_warcio, folder, theirs)
    line("warcio writes WARC", plain, None, theirs)
    line("morgue writes WARC", apart(export, folder, "warc", ours, None), plain, ours)
    line("morgue writes WACZ, with index and pages", apart(export, folder, "wacz", wacz, None), plain, wacz)
    for path in (theirs, ours):
        plain = apart(read_with_warcio, path)
        line(f"warcio reads {path.name}", plain, None, path)
        line(f"morgue reads the records of {path.name}", apart(read_records, path), plain, path)
    line(f"morgue reads the records of {wacz.name}", apart(read_records, wacz), plain, wacz)
    line("the same, all known to the archive", apart(read_known, wacz, folder / "full.db"), plain, wacz)


def line(name: str, spent: Spent, beside: Spent | None, path: Path) -> None:
    share = "" if beside is None else f"{spent.records / spent.cpu / (beside.records / beside.cpu):.2f}"
    print(
        f"| {name} | {spent.records:,} | {spent.records / spent.clock:,.0f} | {spent.records / spent.cpu:,.0f} | {share} "
        f"| {path.stat().st_size / 1e6:,.1f} | {spent.peak:,.0f} |",
        flush=True,
    )


def apart(work: Callable[..., Iterator[int]], *arguments: object) -> Spent:
    """Do a piece of work in a process of its own; it yields once when it is ready to begin, and then how many records it did."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=measured, args=(theirs, work, arguments))
    process.start()
    theirs.close()
    spent: Spent = mine.recv()
    process.join()
    return spent


def measured(sender: Connection, work: Callable[..., Iterator[int]], arguments: tuple[object, ...]) -> None:
    steps = work(*arguments)
    next(steps)
    clock, cpu = time.perf_counter(), time.process_time()
    records = next(steps)
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    sender.send(Spent(records, clock, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB))


def build(folder: Path, count: int, mould: int, seed: int) -> Iterator[int]:
    """Make the archive, packed; gives the size of all pages in place of a number of records."""
    yield 0
    with Archive.create(folder / "full.db") as archive:
        made = visits(count, seed, mould=mould)
        while batch := list(islice(made, BATCH)):
            archive.commit(None, batch, NOW)
        archive.pack()
        yield archive.stats().payload_bytes


def write_with_warcio(folder: Path, path: Path) -> Iterator[int]:
    with Archive.open(folder / "full.db", readonly=True) as archive:
        pages = [(answer.url, stamp(answer.fetched), archive.payload(answer.capture_id))
                 for article in archive.articles() for answer in archive.answers(article.id) if answer.capture_id]  # fmt: skip
    yield 0
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True, warc_version="1.1")
        for url, fetched, body in pages:
            head = StatusAndHeaders("200 OK", [*HEADERS, ("Content-Length", str(len(body)))], protocol="HTTP/1.1")
            dated = {"WARC-Date": fetched}
            writer.write_record(
                writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head, warc_headers_dict=dated)
            )
    yield len(pages)


def export(folder: Path, form: str, path: Path, limit: int | None) -> Iterator[int]:
    yield 0
    with Archive.open(folder / "full.db", readonly=True) as archive, path.open("wb") as stream:
        yield write(FORMATS[form], archive.articles(limit=limit), stream, archive)


def read_with_warcio(path: Path) -> Iterator[int]:
    yield 0
    count = 0
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests=True):
            if record.rec_type == "response":
                record.content_stream().read()
                count += 1
    yield count


def read_records(path: Path) -> Iterator[int]:
    records = Records()
    yield 0
    found = records.wacz(path) if path.suffix == ".wacz" else records.warc(path)
    yield sum(isinstance(page, SavedPage) for page in found)
    records.close()


def read_known(path: Path, archive: Path) -> Iterator[int]:
    records = Records(KeptPayloads(archive))
    yield 0
    yield sum(isinstance(page, Known) for page in records.wacz(path))
    records.close()


def add(path: Path, archive: Path) -> Iterator[int]:
    records = Records(KeptPayloads(archive))
    yield 0
    yield take_in(records.warc(path), archive, 1, lambda _: None).read
    records.close()


if __name__ == "__main__":
    sys.exit(main())
