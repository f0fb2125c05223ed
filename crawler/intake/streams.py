"""Files of records that lie in other files: each can be opened several times and read at any place."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from crawler.intake.records import Stream

ENCRYPTED = 1
"""Bit of a ZIP member's flags."""
LOCAL_HEADER = 30
"""Bytes of a ZIP member's own header before its name (APPNOTE, 4.3.7)."""


class Shared:
    """A stream that others read too: closing it leaves it open."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._at = stream, 0

    def seek(self, offset: int, /) -> int:
        """Go to an offset."""
        self._at = self._stream.seek(offset)
        return self._at

    def read(self, size: int, /) -> bytes:
        """Read so many bytes at most."""
        self._stream.seek(self._at)
        data = self._stream.read(size)
        self._at += len(data)
        return data

    def close(self) -> None:
        """Leave the stream to the others."""


class Part:
    """A part of a file, as a file of its own."""

    def __init__(self, path: Path, start: int, size: int) -> None:
        """Open the file; `start` and `size` of the part are in bytes."""
        self._file = path.open("rb")
        self._start, self._size, self._at = start, size, 0

    def seek(self, offset: int, /) -> int:
        """Go to an offset within the part."""
        self._at = offset
        return offset

    def read(self, size: int, /) -> bytes:
        """Read so many bytes at most."""
        self._file.seek(self._start + self._at)
        data = self._file.read(max(0, min(size, self._size - self._at)))
        self._at += len(data)
        return data

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def member_opener(path: Path, member: zipfile.ZipInfo, temporary: ExitStack) -> Callable[[], Stream]:
    """Return what opens a member of a ZIP file: where it lies, or unpacked into a temporary file.

    Args:
        path: of the ZIP file.
        member: one of its members.
        temporary: closes the temporary file.

    """
    if member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & ENCRYPTED:
        return lambda: Part(path, _start_of(path, member), member.file_size)
    unpacked: list[IO[bytes]] = []

    def unpack() -> Stream:
        if not unpacked:
            copy = temporary.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
            with zipfile.ZipFile(path) as packed, packed.open(member) as stream:
                shutil.copyfileobj(stream, copy)
            unpacked.append(copy)
        return Shared(unpacked[0])

    return unpack


def _start_of(path: Path, member: zipfile.ZipInfo) -> int:
    """Where the bytes of a member begin, by the header that stands before them.

    Raises:
        zipfile.BadZipFile: there is no header.

    """
    with path.open("rb") as stream:
        stream.seek(member.header_offset)
        header = stream.read(LOCAL_HEADER)
    if len(header) < LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile(f"{member.filename} is not where the table of contents says")
    return member.header_offset + LOCAL_HEADER + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
