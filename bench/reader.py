"""Reading quality and speed on the saved pages, beside every other tool that is installed; the corpus's own scorer counts.

The other tools may have an interpreter of their own: `--python PATH`, or the variable `MORGUE_PEERS`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.corpus import CORPUS
from bench.peers import PEERS, installed

OURS = f"{sys.executable} -m crawler extract --requests"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench reader", description=__doc__)
    parser.add_argument("--readers", nargs="+", choices=["morgue", *PEERS], help="default: all that are installed")
    parser.add_argument("--python", default=os.environ.get("MORGUE_PEERS", sys.executable), help="interpreter of the other tools")
    parser.add_argument("--dataset", nargs="+", default=["wcxb", "traf", "fundus", "htmldate", "other"])
    parser.add_argument("--limit", type=int, help="so many pages of each set, always the same ones")
    parser.add_argument("--folds", type=Path, help="morgue reads each page with judges that never saw its domain (`make train`)")
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--metric")
    parser.add_argument("--save", type=Path, help="folder that keeps the answers, a file for each reader")
    args = parser.parse_args()
    options = ["--dataset", *args.dataset, *(["--limit", str(args.limit)] if args.limit else [])]
    with tempfile.TemporaryDirectory() as name:
        folder = args.save or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        answers = [
            _read(reader, command, folder, options)
            for reader, command in _commands(args.readers, args.python, args.folds).items()
        ]
        worst = ["--worst", str(args.worst), *(["--metric", args.metric] if args.metric else [])] if args.worst else []
        _score("", *options, *worst, "--load", *map(str, answers))
        print(_speed(answers))
    return 0


def _commands(wanted: list[str] | None, python: str, folds: Path | None) -> dict[str, str]:
    """The command of each reader that was asked for and can run; says of each other tool how to get it."""
    there = installed(python)
    for name in wanted or PEERS:
        if name in PEERS and name not in there:
            print(f"{name} is not installed: {python} -m pip install {PEERS[name].distribution}", file=sys.stderr)
    peers = {name: f"{python} -m bench.peers.{PEERS[name].module}" for name in PEERS if name in there}
    ours = f"{sys.executable} -m train.reader {folds.resolve()}" if folds else OURS
    every = {"morgue": ours, **peers}
    return {name: command for name, command in every.items() if wanted is None or name in wanted}


def _read(reader: str, command: str, folder: Path, options: list[str]) -> Path:
    """Have a reader answer all pages; the file of its answers."""
    print(f"reading with {reader} ...", file=sys.stderr)
    path = folder / f"{reader}.jsonl"
    _score(command, *options, "--save", str(path), quiet=True)
    return path


def _score(command: str, *options: str, quiet: bool = False) -> None:
    arguments = [sys.executable, str(CORPUS / "score.py"), *([command] if command else []), *options]
    # The readers run where the checkout is, so that `-m crawler` and `-m bench` are found.
    subprocess.run(arguments, check=True, cwd=Path(__file__).parents[1], stdout=subprocess.DEVNULL if quiet else None)


def _speed(answers: list[Path]) -> str:
    lines = [
        "",
        "### CPU milliseconds a page, all sets",
        "",
        "| reader | median | 95th percentile | slowest |",
        "|---|---|---|---|",
    ]
    lines += [f"| {path.stem} | " + " | ".join(f"{ms:.1f}" for ms in _milliseconds(path)) + " |" for path in answers]
    return "\n".join(lines)


def _milliseconds(path: Path) -> tuple[float, float, float]:
    times = [json.loads(line).get("seconds") or 0.0 for line in path.open(encoding="utf-8")]
    return statistics.median(times) * 1e3, statistics.quantiles(times, n=20)[-1] * 1e3, max(times) * 1e3


if __name__ == "__main__":
    sys.exit(main())
