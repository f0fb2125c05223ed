"""Takedown from a large archive: seconds of each step, and of counting what `--respect` leaves out; made-up articles.

Beside it, `VACUUM` alone, which is what one would do by hand after deleting rows.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from archive import Archive
from archive.connection import writing
from archive.rights import FORBIDS, HostRights, Rights, write_rights


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench takedown", description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path, copy = Path(name) / "large.db", Path(name) / "copy.db"
        make = ["exports", "--build", "--articles", str(args.articles), "--archive", str(path)]
        subprocess.run([sys.executable, "-m", "bench", *make], check=True)
        speak(path)
        shutil.copy(path, copy)
        print(f"{args.articles:,} articles, {path.stat().st_size / 1e6:,.0f} MB")
        with Archive.open(path) as archive:
            for names in ((), tuple(FORBIDS)):
                start = time.perf_counter()
                number = sum(1 for _ in archive.articles(respect=names))
                print(f"{'list, --respect ' + ','.join(names):50}{time.perf_counter() - start:8.2f} s  {number:,} articles")
            start = last = time.perf_counter()
            archive.take_down(args.articles // 2, "measured", datetime.now(UTC))
            print(f"{'rows':50}{time.perf_counter() - start:8.2f} s")
            last, steps = time.perf_counter(), []

            def step(name: str) -> None:
                nonlocal last
                now = time.perf_counter()
                steps.append((name, now - last))
                last = now

            archive.erase(datetime.now(UTC), step)
            step("end")
            for (begun, _), (_, seconds) in pairwise(steps):
                print(f"{begun:50}{seconds:8.2f} s")
            print(f"{'in all':50}{time.perf_counter() - start:8.2f} s")
        conn = sqlite3.connect(copy)
        start = time.perf_counter()
        conn.execute("VACUUM")
        print(f"{'VACUUM of a copy alone':50}{time.perf_counter() - start:8.2f} s")
        conn.close()
    return 0


def speak(path: Path) -> None:
    """Give every capture its rights; every tenth forbids something."""
    with Archive.open(path) as archive, writing(archive._db) as conn:
        for (number,) in conn.execute("SELECT id FROM captures").fetchall():
            write_rights(conn, number, Rights(noarchive=number % 10 == 0, host=HostRights(robots=True)))
