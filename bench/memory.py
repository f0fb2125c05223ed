"""Memory of a long crawl: the service crawls a made-up site of many addresses, and what its processes take is written down.

The slice is a day, so that one crawl process does it all: harder than the service's ten minutes, after which a new process
begins. Memory is the share of each process by /proc (PSS: a page that four processes share counts a quarter for each), in MB of
2^20 bytes; `crawl` is the resident size of the crawl's own process. With `--keep`, what was cut off goes on.
"""

from __future__ import annotations

import argparse
import csv
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from bench._large_site import sites_of
from bench._machine import facts
from bench._plot import Curve, Linear, drawing
from bench.crawl import _with_descendants

EVERY_SECONDS = 2.0
"""Between two samples."""
MARKS = (0.1, 0.25, 0.5, 0.75, 1.0)
"""Shares of the addresses at which the table says what memory was."""
NEAR = 10
"""Samples before a mark whose median stands for it."""
SETTLED = 0.25
"""Share of the addresses after which the slope is taken: by then each process has had its largest batch."""
DRAWN = 250
"""Samples in a drawing, or up to twice as many."""
CONFIG = 'delay = 0\nconcurrency = 16\n[service]\nslice = "{slice}"\n'


class Sample(NamedTuple):
    """What the processes took at one moment."""

    seconds: float
    """Since the start, pauses between runs left out."""
    addresses: int
    """Fetched by then."""
    service: float
    crawl: float
    readers: float
    total: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench memory", description=__doc__)
    parser.add_argument("--addresses", type=int, default=100_000)
    parser.add_argument("--hosts", type=int, default=1)
    parser.add_argument("--slice", default="24h", help="of the service; 24h: one crawl process to the end")
    parser.add_argument("--keep", type=Path, help="a folder for archive and samples, to go on there when cut off")
    parser.add_argument("--svg", type=Path, help="draw the curves there")
    options = parser.parse_args()
    print(facts("scrapy", "lxml"))
    with _folder(options.keep) as folder:
        samples = measure(folder, options.addresses, options.hosts, options.slice)
    print(table(samples))
    if options.svg:
        options.svg.write_text(draw(samples, options.addresses, options.hosts), encoding="utf-8")
    return 0


def measure(folder: Path, addresses: int, hosts: int, slice_: str) -> list[Sample]:
    """Crawl all of it, and go on with what an earlier call left in the folder."""
    written = folder / "samples.csv"
    before = _read(written)
    with _site(folder, addresses, hosts) as port:
        sources = "".join(
            f'[[sources]]\nname = "{s}"\nurl = "{site.base}/"\n' for s, site in sites_of(hosts, addresses, port).items()
        )
        (folder / "morgue.toml").write_text(CONFIG.format(slice=slice_) + sources)
        with written.open("a", newline="") as file, (folder / "log.txt").open("a") as log:
            writer = csv.writer(file)
            service = subprocess.Popen([sys.executable, "-m", "crawler", "run", "--once"], cwd=folder, stderr=log)
            try:
                for sample in _watch(service, folder / "morgue.db", before[-1].seconds if before else 0.0):
                    writer.writerow(sample)
                    file.flush()
                    _tell(sample, addresses)
            finally:
                service.terminate()
                service.wait()
    if service.returncode not in (0, 3):
        raise RuntimeError(f"the service ended with {service.returncode}; see {folder / 'log.txt'}")
    return _read(written)


def table(samples: Sequence[Sample]) -> str:
    """Markdown: memory at the marks, the largest, and the slope."""
    last = samples[-1].addresses
    rows = ["| addresses | minutes | service | crawl | readers | all, shared once |", "|---" * 6 + "|"]
    for share in MARKS:
        place = next(n for n, sample in enumerate(samples) if sample.addresses >= share * last)
        near = samples[max(0, place - NEAR + 1) : place + 1]
        middle = (statistics.median(column) for column in list(zip(*near, strict=True))[2:])
        rows.append(_row(f"{share * last:,.0f}", f"{samples[place].seconds / 60:.1f}", middle))
    rows.append(_row("largest", "", (max(column) for column in list(zip(*samples, strict=True))[2:])))
    settled = [sample for sample in samples if sample.addresses >= SETTLED * last]
    columns = list(zip(*settled, strict=True))
    slopes = [statistics.linear_regression(columns[1], column).slope * 10_000 for column in columns[2:]]
    cells = " | ".join(f"{slope:+.2f}" for slope in slopes)
    rows.append(f"| MB in 10,000 addresses, from {SETTLED:.0%} on | | {cells} |")
    return "\n".join(rows)


def draw(samples: Sequence[Sample], addresses: int, hosts: int) -> str:
    """Memory over addresses, and over time."""
    samples = samples[:: max(1, len(samples) // DRAWN)]
    top = max(sample.total for sample in samples)
    colours = {"total": "#333", "crawl": "#c33", "readers": "#36c", "service": "#393"}
    names = {
        "total": "all processes, what they share counted once",
        "crawl": "the crawl's process",
        "readers": "its readers",
        "service": "the service",
    }

    def curves(along: str, unit: float) -> list[Curve]:
        return [
            Curve(names[what], colours[what], [(getattr(s, along) / unit, getattr(s, what)) for s in samples], dots=False)
            for what in names
        ]

    sites = "one site" if hosts == 1 else f"{hosts:,} sites"
    panels = {
        f"MB over addresses, in thousands ({sites})": curves("addresses", 1000),
        "MB over minutes": curves("seconds", 60),
    }
    return drawing(panels, "", scales=[Linear(addresses / 1000, top), Linear(samples[-1].seconds / 60, top)])


def _row(name: str, minutes: str, values: Iterator[float]) -> str:
    return f"| {name} | {minutes} | {' | '.join(f'{value:.0f}' for value in values)} |"


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
    else:
        with tempfile.TemporaryDirectory(prefix="morgue-") as name:
            yield Path(name)


@contextmanager
def _site(folder: Path, addresses: int, hosts: int) -> Iterator[int]:
    """Serve the site on the port that it had before; its port."""
    known = folder / "port.txt"
    port = known.read_text() if known.exists() else "0"
    command = [sys.executable, "-m", "bench._large_site", "--addresses", str(addresses), "--hosts", str(hosts), "--port", port]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    ) as site:
        assert site.stdin is not None
        assert site.stdout is not None
        try:
            known.write_text(site.stdout.readline().strip())
            yield int(known.read_text())
        finally:
            site.stdin.close()


def _watch(service: subprocess.Popen[bytes], archive: Path, seconds: float) -> Iterator[Sample]:
    start = time.monotonic() - seconds
    while service.poll() is None:
        time.sleep(EVERY_SECONDS)
        own, *others = _with_descendants(service.pid) or [service.pid]
        crawl = _resident(others[0]) if others else 0
        if crawl:
            shares = [_share(pid) for pid in (own, *others)]
            yield Sample(time.monotonic() - start, _fetched(archive), shares[0], crawl, sum(shares[2:]), sum(shares))


def _fetched(archive: Path) -> int:
    """Addresses that were asked for: the last number, since counting would read the table each time."""
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True, timeout=30)) as db:
        return int(db.execute("SELECT coalesce(max(id), 0) FROM fetches").fetchone()[0])


def _share(pid: int) -> float:
    return _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss:") / 1024


def _resident(pid: int) -> float:
    return _kilobytes(Path(f"/proc/{pid}/status"), "VmRSS:") / 1024


def _kilobytes(path: Path, name: str) -> int:
    try:
        return next(int(line.split()[1]) for line in path.read_text().splitlines() if line.startswith(name))
    except (OSError, StopIteration):
        return 0  # it has just ended


def _read(written: Path) -> list[Sample]:
    if not written.exists():
        return []
    with written.open(newline="") as file:
        rows = [list(map(float, row)) for row in csv.reader(file)]
    return [Sample(row[0], int(row[1]), *row[2:]) for row in rows]


def _tell(sample: Sample, addresses: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{sample.addresses:,} of {addresses:,}: {sample.total:.0f} MB ", end="", file=sys.stderr, flush=True)
