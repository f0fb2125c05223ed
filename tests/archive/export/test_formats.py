"""What holds for every format."""

from __future__ import annotations

import errno
import gc
import io
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.export import FORMATS, Target, write
from tests.archive.samples import LATER, NOW, URL, article_visit, revision

STREAMS = [name for name, form in FORMATS.items() if form.target is not Target.FOLDER]
OF_READINGS = [name for name in FORMATS if name not in ("warc", "wacz")]


class FullDisk(io.RawIOBase):
    """Takes nothing."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def written(name: str, articles: Any, archive: Archive, folder: Path) -> bytes:
    """What a format writes of articles, file names included."""
    form = FORMATS[name]
    if form.target is Target.FOLDER:
        folder.mkdir()
        write(form, articles, folder, archive)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return b"".join(str(path.relative_to(folder)).encode() + path.read_bytes() for path in files)
    stream = io.BytesIO()
    target = io.TextIOWrapper(stream, encoding="utf-8", newline="") if form.target is Target.TEXT else stream
    write(form, articles, target, archive)
    target.flush()
    return stream.getvalue()


@pytest.mark.parametrize("name", STREAMS)
def test_a_full_disk_is_an_error_of_the_system(name: str, archive: Archive) -> None:
    archive.commit(None, [article_visit()], NOW)
    raw = FullDisk()
    stream = io.TextIOWrapper(io.BufferedWriter(raw), "utf-8") if FORMATS[name].target is Target.TEXT else raw
    with pytest.raises(OSError, match="No space left") as caught:  # noqa: PT012 - the text is written when it is flushed
        write(FORMATS[name], archive.articles(), stream, archive)
        stream.flush()
    raw.write = lambda data: len(data)  # type: ignore[method-assign]
    del caught
    gc.collect()  # what was being written is closed while its stream is open


@pytest.mark.parametrize("name", OF_READINGS)
def test_as_of_gives_the_same_bytes_after_the_archive_has_grown(name: str, archive: Archive, tmp_path: Path) -> None:
    archive.commit(None, [article_visit()], NOW)
    before = written(name, archive.articles(as_of=NOW), archive, tmp_path / "before")
    changed = revision(URL, "Changed.", title="Changed", authors=(), site_name=None)
    archive.commit(None, [article_visit(body=b"2", fetched=LATER, revision=changed)], NOW)
    archive.commit(None, [article_visit("https://tern.example/new", fetched=LATER)], NOW)
    assert written(name, archive.articles(as_of=NOW), archive, tmp_path / "after") == before
    assert written(name, archive.articles(), archive, tmp_path / "today") != before
