"""The benchmarks of the archive run: at a size that says nothing, and with what they compare with."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ("ingest --articles 64 128", ["| morgue | 64 |", "| morgue | 128 |", "| sqlite-utils | 128 |"]),
        ("opening --articles 64 --without search stats verify", ["| open |"]),
        ("exports --articles 2 --formats jsonl", ["| jsonl | 2 |"]),
    ],
    ids=lambda value: value.split()[0] if isinstance(value, str) else "",
)
def test_a_benchmark_of_the_archive_prints_its_table(arguments: str, names: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "bench", *arguments.split()], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [name for name in names if name not in done.stdout] == []
