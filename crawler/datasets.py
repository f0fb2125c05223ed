"""Writing a dataset release where the user wants it: a folder or a ZIP, which appears whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from archive import Archive
from archive.export.dataset import Made, Release, write_release, write_zip
from crawler.output import check_file, check_folder, whole_file, whole_folder


def is_zip(output: Path) -> bool:
    """Whether that name is one of a ZIP; any other is one of a folder."""
    return output.suffix.lower() == ".zip"


def check(output: Path, *, force: bool) -> None:
    """Refuse what would be overwritten unasked.

    Raises:
        OutputExists: it is there, and nobody said that it may go.
        FileUnreadable: it is something else.

    """
    (check_file if is_zip(output) else check_folder)(output, force=force)


def write(archive: Archive, output: Path, release: Release, progress: Callable[[int], None]) -> Made:
    """Write a release; see `archive.export.dataset.write_release`.

    Raises:
        FileUnreadable: it cannot be written.

    """
    if not is_zip(output):
        with whole_folder(output) as folder:
            return write_release(archive, folder, release, progress)
    with whole_file(output, text=False) as stream, tempfile.TemporaryDirectory(dir=output.absolute().parent, prefix=".") as name:
        made = write_release(archive, Path(name), release, progress)
        write_zip(Path(name), stream)
    return made
