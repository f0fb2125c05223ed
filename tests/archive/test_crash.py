from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archive import Archive
from tests.archive.samples import NOW, found

ARTICLES = 300
SITE = "https://tern.example"

CRAWL = """
import sys
from archive import Archive
from tests.archive.samples import NOW, article_visit

with Archive.open(sys.argv[1]) as archive, archive.lock_for_crawl():
    run = archive.begin_run("crawl", [1], NOW)
    while leases := archive.frontier.lease(7, run_id=run.id, source_ids=[1], per_host=7, busy_hosts={}):
        archive.commit(run.id, [article_visit(l.url, *(f"{l.url} {n}" for n in range(40)), lease=l) for l in leases], NOW)
        print(len(leases), flush=True)
    archive.end_run(run.id, "finished", NOW)
"""


def crawl(path: Path, kill_after: int | None) -> int:
    """Crawl in a process of its own; SIGKILL it when so many batches are reported. Returns the number of articles reported."""
    process = subprocess.Popen([sys.executable, "-c", CRAWL, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    reported = 0
    for batch, line in enumerate(process.stdout, start=1):
        reported += int(line)
        if batch == kill_after:
            process.kill()
    process.stdout.close()
    process.wait()
    return reported


@pytest.mark.parametrize("kills", [(1, 3, 9), (5, 5, 5)])
def test_after_kill_9_every_visit_is_whole_and_the_crawl_goes_on(path: Path, kills: tuple[int, ...]) -> None:
    with Archive.create(path) as archive:
        archive.add_source(SITE)
        addresses = [found(f"{SITE}/story-{n}") for n in range(ARTICLES)]
        archive.frontier.add(addresses, source_id=1, found_on=None, depth=0, run_id=None, now=NOW)
    reported = 0
    for kill_after in kills:
        reported += crawl(path, kill_after)
        with Archive.open(path) as archive:
            assert archive.verify() == []
            stats = archive.stats()
            assert stats.articles == stats.revisions == stats.captures == stats.fetches >= reported
            assert all(len(archive.revision(a.id).revision.blocks) == 42 for a in archive.articles())
    crawl(path, None)
    with Archive.open(path) as archive:
        stats = archive.stats()
        assert stats.articles == stats.revisions == stats.fetches == ARTICLES
        assert stats.waiting == 0
        assert archive.begin_run("crawl", [1], NOW).resumed is False
