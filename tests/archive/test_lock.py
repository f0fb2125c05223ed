from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archive import Archive
from archive.errors import ArchiveError, ArchiveLocked
from archive.lock import lock_path

HOLDER = """
import sys, time
from archive import Archive
with Archive.open(sys.argv[1]) as archive, archive.lock_for_crawl():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_crawl_is_told_what_to_do_until_the_first_dies(archive: Archive, path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ArchiveLocked, match="--archive"), archive.lock_for_crawl():
            pass
    finally:
        holder.kill()
        holder.communicate()
    with archive.lock_for_crawl():
        assert lock_path(path).name == "morgue.db-crawl.lock"


def test_the_lock_keeps_nobody_from_reading_and_writing(archive: Archive, path: Path) -> None:
    with archive.lock_for_crawl(), Archive.open(path) as other:
        other.add_source("https://tern.example/")
    with archive.lock_for_crawl():
        assert len(archive.sources()) == 1


def test_a_lock_that_cannot_be_written_is_no_riddle(archive: Archive, path: Path) -> None:
    lock_path(path).mkdir()
    with pytest.raises(ArchiveError, match="cannot be written"), archive.lock_for_crawl():
        pass
