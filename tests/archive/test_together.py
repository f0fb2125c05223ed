from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from archive import Archive

ROUNDS = 6
SITES = ("gull", "auk", "tern")
COMER = f"""
import sys
from archive import Archive
from tests.archive.samples import NOW, article_visit
path, site = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
Archive.create(path).close()
for n in range({ROUNDS}):
    story = " ".join(f"word{{n}}of{{place}}" for place in range(200))
    with Archive.open(path) as archive:
        archive.commit(None, [article_visit(f"https://{{site}}.example/{{n}}", story)], NOW)
    with Archive.open(path, readonly=True) as archive:
        assert len(list(archive.articles())) > n
"""


def comer(path: Path, site: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", COMER, str(path), site]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_processes_that_make_open_and_close_one_archive_at_once_do_not_lock_each_other(path: Path) -> None:
    bring(path)
    with Archive.open(path) as archive:
        assert archive.stats().articles == len(SITES) * ROUNDS
        assert archive.verify() == []


def test_copies_that_processes_bring_at_the_same_time_are_one_story(path: Path) -> None:
    bring(path)
    with Archive.open(path) as archive:
        told = [sorted(copy.url for copy in archive.copies(article.id)) for article in archive.articles(unique=True)]
    assert sorted(told) == [sorted(f"https://{site}.example/{n}" for site in SITES) for n in range(ROUNDS)]


def bring(path: Path) -> None:
    """Have processes make one archive and bring the same stories, in step as far as they come."""
    comers = [comer(path, site) for site in SITES]
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
