from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive import Archive
from archive.errors import ArchiveError, ArchiveLocked
from archive.lock import Holder, crawling, lock_path, name_service, service_lock, serving

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
        with pytest.raises(ArchiveLocked, match=rf"--archive \(process {holder.pid}\)"), archive.lock_for_crawl():
            pass
        assert crawling(path) == Holder(holder.pid)
    finally:
        holder.kill()
        holder.communicate()
    with archive.lock_for_crawl():
        assert lock_path(path).name == "morgue.db-crawl.lock"
    assert crawling(path) is None


def test_the_lock_keeps_nobody_from_reading_and_writing(archive: Archive, path: Path) -> None:
    with archive.lock_for_crawl(), Archive.open(path) as other:
        other.add_source("https://tern.example/")
    with archive.lock_for_crawl():
        assert len(archive.sources()) == 1


def test_a_lock_that_cannot_be_written_is_no_riddle(archive: Archive, path: Path) -> None:
    lock_path(path).mkdir()
    with pytest.raises(ArchiveError, match="cannot be written"), archive.lock_for_crawl():
        pass


def test_one_service_an_archive_which_says_where_it_answers(path: Path) -> None:
    assert serving(path) is None
    with service_lock(path):
        name_service(path, "http://127.0.0.1:8077")
        assert serving(path) == Holder(os.getpid(), "http://127.0.0.1:8077")
        with pytest.raises(ArchiveLocked, match=f"process {os.getpid()}"), service_lock(path):
            pass
    assert serving(path) is None


def test_a_service_and_a_crawl_do_not_exclude_each_other(archive: Archive, path: Path) -> None:
    with service_lock(path), archive.lock_for_crawl():
        assert (serving(path), crawling(path)) == (Holder(os.getpid()), Holder(os.getpid()))


def test_a_lock_whose_file_says_nothing_is_held_all_the_same(path: Path) -> None:
    with service_lock(path):
        path.with_name("morgue.db-run.lock").write_bytes(b"[]")
        assert serving(path) == Holder(0)
        with pytest.raises(ArchiveLocked, match=r"says what it does$"), service_lock(path):
            pass
