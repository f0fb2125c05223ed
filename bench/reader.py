"""Reading quality and speed on the saved pages, beside trafilatura in the same run; the corpus's own scorer counts."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.corpus import CORPUS

READERS = {
    "morgue": f"{sys.executable} -m crawler extract --requests",
    "trafilatura": f"{sys.executable} -m bench.peers.trafilatura_reader",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench reader", description=__doc__)
    parser.add_argument("--readers", nargs="+", default=list(READERS), choices=list(READERS))
    parser.add_argument("--dataset", nargs="+", default=["wcxb", "traf", "fundus", "htmldate", "other"])
    parser.add_argument("--limit", type=int)
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--metric")
    args = parser.parse_args()
    options = ["--dataset", *args.dataset, *(["--limit", str(args.limit)] if args.limit else [])]
    with tempfile.TemporaryDirectory() as name:
        answers = []
        for reader in args.readers:
            print(f"reading with {reader} ...", file=sys.stderr)
            answers.append(Path(name) / f"{reader}.jsonl")
            _score(READERS[reader], *options, "--save", str(answers[-1]), quiet=True)
        worst = ["--worst", str(args.worst), *(["--metric", args.metric] if args.metric else [])] if args.worst else []
        _score("", *options, *worst, "--load", *map(str, answers))
        print("\n### CPU milliseconds a page, all sets\n\n| reader | median | 95th percentile | slowest |\n|---|---|---|---|")
        for path in answers:
            print(f"| {path.stem} | " + " | ".join(f"{ms:.1f}" for ms in _milliseconds(path)) + " |")
    return 0


def _score(command: str, *options: str, quiet: bool = False) -> None:
    arguments = [sys.executable, str(CORPUS / "score.py"), *([command] if command else []), *options]
    # The readers run where the checkout is, so that `-m crawler` and `-m bench` are found.
    subprocess.run(arguments, check=True, cwd=Path(__file__).parents[1], stdout=subprocess.DEVNULL if quiet else None)


def _milliseconds(path: Path) -> tuple[float, float, float]:
    times = [json.loads(line).get("seconds") or 0.0 for line in path.open(encoding="utf-8")]
    return statistics.median(times) * 1e3, statistics.quantiles(times, n=20)[-1] * 1e3, max(times) * 1e3


if __name__ == "__main__":
    sys.exit(main())
