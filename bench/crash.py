"""Kill a crawl with SIGKILL at random moments, resume it, and compare with an undisturbed run.

After each kill the archive is opened as it lies; what it holds then must never be asked for again. At the end the archive
must equal the undisturbed one: articles, revisions, outcomes.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from archive.urls import address_key
from crawler.demo.server import LogEntry, serve

VOLATILE = {"seal-count-record"}
"""Slug of the page that changes at each visit; its text differs between any two runs."""


@dataclass(slots=True)
class Result:
    kills: int = 0
    differences: list[str] = field(default_factory=list)
    fetched_again: list[str] = field(default_factory=list)


def crawl_command(base_url: str, archive: Path) -> list[str]:
    return [
        sys.executable, "-m", "crawler", "--archive", str(archive), "crawl", base_url, "--delay", "0", "--concurrency", "4",
    ]  # fmt: skip


def undisturbed(folder: Path) -> tuple[Path, float]:
    """Crawl once without being killed; returns the archive and the seconds it took."""
    path = folder / "whole.db"
    with serve() as server:
        start = time.monotonic()
        subprocess.run(crawl_command(server.base_url, path), check=False, capture_output=True, timeout=300)
        return path, time.monotonic() - start


def disturbed(folder: Path, number: int, rng: random.Random, seconds: float, most_kills: int = 6) -> tuple[Path, Result]:
    """Crawl, killed at up to `most_kills` random moments of a whole run's duration, and then to its end."""
    path = folder / f"killed{number}.db"
    result = Result()
    with serve() as server:
        for _ in range(most_kills):
            kept, requests = kept_paths(path), len(server.log)
            finished = run_until(crawl_command(server.base_url, path), rng.uniform(0.1, 0.75) * seconds)
            result.fetched_again += again(kept, server.base_url, server.log[requests:])
            result.kills += not finished
            if finished or is_complete(path):
                break
        else:
            kept, requests = kept_paths(path), len(server.log)
            run_until(crawl_command(server.base_url, path), 300)
            result.fetched_again += again(kept, server.base_url, server.log[requests:])
    return path, result


def run_until(command: list[str], seconds: float) -> bool:
    """Whether the command ended by itself within the time; else it is killed. Its readers end by themselves."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
        return True
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        return False


def is_complete(path: Path) -> bool:
    """Whether the run was over when it was killed; the same command would begin a new one."""
    with closing(sqlite3.connect(path)) as db, db:
        try:
            return bool(db.execute("SELECT count(*) FROM runs WHERE finished IS NOT NULL").fetchone()[0])
        except sqlite3.OperationalError:  # killed before the tables were made
            return False


def kept_paths(path: Path) -> set[str]:
    """Keys of the articles whose fetch is in the archive of a run that was cut off."""
    if not path.exists():
        return set()
    with closing(sqlite3.connect(path)) as db, db:
        try:
            rows = db.execute("SELECT url FROM fetches WHERE outcome IN ('stored', 'unchanged', 'not_an_article')").fetchall()
        except sqlite3.OperationalError:  # killed before the tables were made
            return set()
    return {key for (url,) in rows if (key := address_key(url))}


def again(kept: set[str], base_url: str, log: list[LogEntry]) -> list[str]:
    """Requests of the log for pages that were kept before."""
    return [entry.path for entry in log if address_key(base_url + entry.path) in kept]


QUERIES = {
    "articles": "SELECT url, title, dek, byline, published, published_precision, modified, lang, section, word_count, text, "
    "revisions, withdrawn IS NULL FROM articles ORDER BY url",
    "revisions": "SELECT a.url, r.number FROM revisions r JOIN articles a ON a.id = r.article_id ORDER BY 1, 2",
    "authors": "SELECT a.url, u.position, u.name FROM authors u JOIN articles a ON a.id = u.article_id ORDER BY 1, 2",
    "blocks": "SELECT a.url, count(*), sum(length(b.text)) FROM blocks b JOIN articles a ON a.id = b.article_id GROUP BY 1",
    "addresses": "SELECT key, kind, state, iif(outcome IN ('stored', 'unchanged'), 'kept', outcome) FROM frontier",
    # By key: whether a feed or a sitemap is read first decides with which of its spellings an address is asked for.
    "fetches of articles": "SELECT f.key, count(*) FROM fetches AS t JOIN frontier AS f ON f.id = t.frontier_id "
    "WHERE t.outcome IN ('stored', 'unchanged') GROUP BY 1",
}


def differences(whole: Path, other: Path) -> list[str]:
    """Rows that stand in one archive and not in the other; ports are cut from addresses, since each server has its own."""
    found = []
    for name, query in QUERIES.items():
        a, b = (set(_rows(path, query)) for path in (whole, other))
        found += [f"{name}: only undisturbed: {row}"[:300] for row in sorted(a - b, key=str)]
        found += [f"{name}: only resumed: {row}"[:300] for row in sorted(b - a, key=str)]
    return found


def _rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db, db:
        rows = db.execute(query).fetchall()
    return [tuple(_portless(v) for v in row) for row in rows if not any(slug in str(row[0]) for slug in VOLATILE)]


def _portless(value: object) -> object:
    return re.sub(r"127\.0\.0\.1:\d+", "host", value) if isinstance(value, str) else value


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench crash", description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    bad = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole, seconds = undisturbed(folder)
        print(f"undisturbed: {seconds:.1f} s, {len(_rows(whole, QUERIES['articles']))} articles")
        kills = 0
        for number in range(1, args.runs + 1):
            path, result = disturbed(folder, number, rng, seconds)
            result.differences = differences(whole, path)
            kills += result.kills
            same = not result.differences and not result.fetched_again
            bad += not same
            print(f"run {number}: {result.kills} kills, {'the same archive' if same else 'DIFFERENT'}")
            for line in [*result.differences[:5], *(f"fetched again: {url}" for url in result.fetched_again[:5])]:
                print(f"  {line}")
        print(f"{args.runs} runs, {kills} kills, {args.runs - bad} equal to the undisturbed run")
    return int(bad > 0)
