"""`morgue add` of saved pages, then search, show and export: seconds, bytes, and what a person sees."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.corpus import pages

SHOWN_LINES = 24
"""Of each command's output."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench add", description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--query", default="climate")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, archive = Path(name), Path(name) / "saved.db"
        size = save_pages(folder / "pages", args.pages)
        run(["add", str(folder / "pages")], archive)
        print(f"{args.pages} pages of {size / 1e6:.1f} MB in an archive of {archive.stat().st_size / 1e6:.1f} MB\n")
        run(["search", args.query, "--limit", "3"], archive)
        run(["show", "1"], archive)
        run(["export", "csv", "-o", str(folder / "out.csv")], archive)
        run(["export", "jsonl", "-o", str(folder / "out.jsonl")], archive)
        run(["verify"], archive)
        for path in (folder / "out.csv", folder / "out.jsonl"):
            print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


def save_pages(folder: Path, count: int) -> int:
    """Write the pages as somebody would have saved them, and return their bytes in all."""
    folder.mkdir()
    size = 0
    for page in pages(limit=count):
        (folder / f"{page.set}-{page.id}.html").write_bytes(page.body)
        size += len(page.body)
    return size


def run(arguments: list[str], archive: Path) -> None:
    """Run a command and print its seconds and the beginning of what it says."""
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "crawler", *arguments, "--archive", str(archive)], capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - start
    told = [*done.stdout.splitlines(), *done.stderr.splitlines()]
    print(f"$ morgue {' '.join(arguments)}    # {seconds:.1f} s, exit {done.returncode}")
    print("\n".join(line[:150] for line in told[:SHOWN_LINES]), end="\n\n")


if __name__ == "__main__":
    sys.exit(main())
