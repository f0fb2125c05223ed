from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from archive import Archive

ROUNDS = 6
COMER = f"""
import sys
from archive import Archive
from tests.archive.samples import NOW, article_visit
path, site = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
Archive.create(path).close()
for n in range({ROUNDS}):
    with Archive.open(path) as archive:
        archive.commit(None, [article_visit(f"https://{{site}}.example/{{n}}", f"Text {{n}}.")], NOW)
    with Archive.open(path, readonly=True) as archive:
        assert len(list(archive.articles())) > n
"""


def comer(path: Path, site: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", COMER, str(path), site]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_that_make_open_and_close_one_archive_at_once_do_not_lock_each_other(path: Path) -> None:
    comers = [comer(path, site) for site in ("gull", "auk", "tern")]
    for process in comers:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in comers:  # whoever closes last takes the log away, while the next one opens it
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in comers:
        _, errors = process.communicate(timeout=120)
        assert (process.returncode, errors) == (0, "")
    with Archive.open(path) as archive:
        assert archive.stats().articles == len(comers) * ROUNDS
        assert archive.verify() == []
