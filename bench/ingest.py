"""Keeping articles: how many a second, as the archive grows, beside rows with full text search made by sqlite-utils.

Both get the same made-up articles in the same batches, in turn, each in a process of its own; only the time of writing counts,
not that of making up. With sqlite-utils an article is a row with its fields, found by address and by a search index that
triggers keep; write-ahead log and `synchronous` are set as in an archive. The archive keeps of each article also the page,
where each field came from, the blocks that were left out, the reading by itself, its fetch, and what copies of it are found by.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import resource
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive import Archive
from archive.visit import Visit
from bench._machine import facts
from bench._visits import NOW, visits
from bench.search import Newsroom

MARKS = (1_000, 100_000, 1_000_000)
BATCH = 64
"""Articles of a transaction: what a crawl commits together at most."""
WINDOW = 10_000
"""Articles before a mark that its own rate is of."""
KIB = 1024


class Morgue:
    """An archive."""

    def __init__(self, path: Path) -> None:
        self.archive = Archive.create(path)

    @staticmethod
    def made(count: int, seed: int, skip: int) -> Iterator[Visit]:
        return visits(count, seed, skip=skip)

    def count(self) -> int:
        (count,) = self.archive._db.conn.execute("SELECT count(*) FROM articles").fetchone()
        return int(count)

    def add(self, batch: Sequence[Visit]) -> None:
        self.archive.commit(None, batch, NOW)

    def close(self) -> None:
        self.archive.close()


class Rows:
    """A table made with sqlite-utils."""

    def __init__(self, path: Path) -> None:
        self.db = Database(path)
        self.db.enable_wal()
        self.db.execute("PRAGMA synchronous = NORMAL")
        columns = {"id": int, "url": str, "site": str, "title": str, "dek": str, "byline": str, "published": str, "lang": str}
        self.table = self.db.table("articles")
        if self.table.exists():
            return
        self.table.create({**columns, "text": str}, pk="id")
        self.table.create_index(["url"], unique=True)
        self.table.enable_fts(["title", "dek", "byline", "text"], create_triggers=True)

    @staticmethod
    def made(count: int, seed: int, skip: int) -> Iterator[dict[str, str]]:
        for _, site, title, dek, author, day, lang, text, url in islice(Newsroom(seed).articles(count), skip, None):
            yield {
                "url": url, "site": site, "title": title, "dek": dek, "byline": f"By {author}", "published": day, "lang": lang,
                "text": text,
            }  # fmt: skip

    def count(self) -> int:
        return self.table.count

    def add(self, batch: Sequence[dict[str, str]]) -> None:
        self.table.insert_all(batch, batch_size=BATCH)

    def close(self) -> None:
        self.db.close()


STORES: dict[str, type[Morgue | Rows]] = {"morgue": Morgue, "sqlite-utils": Rows}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench ingest", description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=list(MARKS), metavar="N", help="where to look at the rate")
    parser.add_argument("--stores", nargs="+", choices=STORES, default=list(STORES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FOLDER",
        help="leave all files there, and go on with those that are there",
    )
    args = parser.parse_args()
    marks = sorted(set(args.articles))
    print(facts("sqlite-utils"))
    print("Articles a second by the clock (and by the processor). window: the last 10,000 before that size, or all.\n")
    print("| store | articles | window | since the size before | slowest commit, s | file MB | KB an article | peak MB |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as name:
        compare(args.keep or Path(name), marks, args.stores, args.seed, keep=args.keep is not None)
    return 0


def compare(folder: Path, marks: Sequence[int], names: Sequence[str], seed: int, *, keep: bool) -> None:
    """Have each store filled up to each mark, in turn; with `keep`, copy the archive at each of them but the last."""
    folder.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")
    lines: dict[str, Connection] = {}
    processes = []
    for name in names:
        lines[name], theirs = context.Pipe()
        path = folder / f"{name}.db"
        processes.append(context.Process(target=fill, args=(theirs, name, path, marks, seed), daemon=True))
        processes[-1].start()
        theirs.close()
    for mark in marks:
        for name, line in lines.items():
            line.send(mark)
            print(line.recv(), flush=True)
            target = folder / f"{mark}.db"
            if keep and name == "morgue" and mark < marks[-1] and not target.exists():
                copy(folder / f"{name}.db", target)
    for line, process in zip(lines.values(), processes, strict=True):
        line.send(None)
        process.join()


def fill(line: Connection, name: str, path: Path, marks: Sequence[int], seed: int) -> None:
    """Fill a store up to each mark that is asked for, and send back a line of the table."""
    store = STORES[name](path)
    done = store.count()
    made: Iterator[Any] = store.made(marks[-1], seed, done)
    while (mark := line.recv()) is not None:
        if mark <= done:
            line.send(f"| {name} | {mark:,} | there already |||||")
            continue
        taken = list(timed(store, islice(made, mark - done)))
        done = mark
        line.send(row(name, mark, taken, path))
    store.close()


def timed(store: Any, made: Iterator[Any]) -> Iterator[tuple[int, float, float]]:
    """Yield articles, seconds by the clock and of the processor of each batch."""
    while batch := list(islice(made, BATCH)):
        start, cpu = time.perf_counter(), time.process_time()
        store.add(batch)
        yield len(batch), time.perf_counter() - start, time.process_time() - cpu


def row(name: str, mark: int, taken: Sequence[tuple[int, float, float]], path: Path) -> str:
    last = taken[-math.ceil(WINDOW / BATCH) :]
    size = sum(part.stat().st_size for part in (path, Path(f"{path}-wal")) if part.exists())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB
    slowest = max(seconds for _, seconds, _ in taken)
    return (
        f"| {name} | {mark:,} | {rate(last)} | {rate(taken)} | {slowest:.2f} | {size / 1e6:,.0f} | {size / mark / 1e3:.1f} "
        f"| {peak:,.0f} |"
    )


def rate(taken: Sequence[tuple[int, float, float]]) -> str:
    count, clock, cpu = (sum(column) for column in zip(*taken, strict=True))
    return f"{count / clock:,.0f} ({count / cpu:,.0f})"


def copy(path: Path, target: Path) -> None:
    """Copy an archive as it is; nobody writes."""
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(path, target)


if __name__ == "__main__":
    sys.exit(main())
