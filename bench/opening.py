"""A large archive: the time to open it, the first search, `stats` and `verify`, beside SQLite opening the same file.

Each is done in a process of its own: once with nothing of the file in memory (where the system can be told to forget it), and
once again. What is compared with does the least that could be called the same: `sqlite3` opening the file and reading the
schema; the plain FTS5 query of the same words with its twenty best; counting the articles with the words of all; and
SQLite's own `integrity_check`, which looks at no digest, no search index's content and no revision.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from archive import Archive
from bench._machine import facts
from bench._visits import NOW, visits

QUERY = "harbour ferry"
BATCH = 64
"""Articles of a transaction."""

PLAIN_SEARCH = """
SELECT rowid, snippet(articles_fts, -1, '[', ']', '', 24) FROM articles_fts WHERE articles_fts MATCH ?
ORDER BY bm25(articles_fts) LIMIT 20
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench opening", description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000, 20_000], metavar="N")
    parser.add_argument("--archives", type=Path, nargs="+", metavar="FILE", help="these, as `bench ingest --keep` leaves them")
    parser.add_argument("--without", nargs="*", choices=WORK, default=[], help="leave out what takes long")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    print(facts())
    print("Seconds; cold: nothing of the file in memory.\n")
    print("| articles | file MB |  | cold | warm | beside it, cold | warm | times that |")
    print("|---|---|---|---|---|---|---|---|")
    if args.archives:
        for path in args.archives:
            tell(path, args.without)
        return 0
    with tempfile.TemporaryDirectory() as name:
        for count in args.articles:
            path = Path(name) / f"{count}.db"
            build(path, count, args.seed)
            tell(path, args.without)
    return 0


def build(path: Path, count: int, seed: int) -> None:
    with Archive.create(path) as archive:
        made = visits(count, seed)
        while batch := list(islice(made, BATCH)):
            archive.commit(None, batch, NOW)


def tell(path: Path, without: Sequence[str]) -> None:
    """Print the lines of one archive."""
    with closing(sqlite3.connect(path)) as conn:
        (count,) = conn.execute("SELECT count(*) FROM articles").fetchone()
    for name, (ours, theirs) in WORK.items():
        if name not in without:
            mine, beside = twice(ours, path), twice(theirs, path)
            print(
                f"| {count:,} | {path.stat().st_size / 1e6:,.0f} | {name} | {mine[0]:.4g} | {mine[1]:.4g} | {beside[0]:.4g} "
                f"| {beside[1]:.4g} | {mine[1] / beside[1]:.1f} |",
                flush=True,
            )


def twice(work: Callable[[Path], object], path: Path) -> tuple[float, float]:
    """Seconds of a piece of work with nothing of the file in memory, and again."""
    forget(path)
    return apart(work, path), apart(work, path)


def forget(path: Path) -> None:
    """Have the system drop what it holds of a file; where it cannot be told to, nothing is done."""
    if not hasattr(os, "posix_fadvise"):
        return
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def apart(work: Callable[[Path], object], path: Path) -> float:
    """Seconds of a piece of work in a process of its own, its start and imports not counted."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=measured, args=(theirs, work, path))
    process.start()
    theirs.close()
    seconds: float = mine.recv()
    process.join()
    return seconds


def measured(sender: Connection, work: Callable[[Path], object], path: Path) -> None:
    start = time.perf_counter()
    work(path)
    sender.send(time.perf_counter() - start)


def open_archive(path: Path) -> None:
    Archive.open(path).close()


def open_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()


def search(path: Path) -> None:
    with Archive.open(path, readonly=True) as archive:
        archive.find(QUERY)


def search_plainly(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute(PLAIN_SEARCH, (QUERY,)).fetchall()


def stats(path: Path) -> None:
    with Archive.open(path, readonly=True) as archive:
        archive.stats()


def count_words(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("SELECT site, count(*), sum(word_count) FROM articles GROUP BY site").fetchall()


def verify(path: Path) -> None:
    with Archive.open(path) as archive:
        for problem in archive.verify():
            print(f"verify: {problem}", file=sys.stderr)


def integrity_check(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA integrity_check").fetchall()


WORK: dict[str, tuple[Callable[[Path], object], Callable[[Path], object]]] = {
    "open": (open_archive, open_sqlite),
    "search": (search, search_plainly),
    "stats": (stats, count_words),
    "verify": (verify, integrity_check),
}


if __name__ == "__main__":
    sys.exit(main())
