"""Sorts what a user names into addresses to fetch and pages to take in."""

from __future__ import annotations

import io
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from crawler.answers import GZIP_MAGIC, unpacked
from crawler.errors import FileUnreadable
from crawler.intake.pages import SavedPage, Unreadable
from crawler.intake.warc import MAGIC, WARC_SUFFIXES, Kept, Page, Records
from pipelines.page.addresses import as_sent

PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".txt", ".text", ".md", ".markdown")
"""Files of a folder that are taken for pages, also with `.gz` behind."""
START = 16
"""Bytes at the start of a file that say whether it holds records."""
LIST_BYTES = 4_000_000
"""A text file larger than this is not looked through for being a list of addresses: 50,000 addresses are about so long."""


@dataclass(slots=True)
class Inputs:
    """What a user named, sorted."""

    addresses: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    """Saved pages, WARC and WACZ."""
    standard_input: bytes | None = None
    """A page or a WARC that came through stdin."""
    passed: Counter[str] = field(default_factory=Counter)
    """What held no page -> records of that kind, as far as `pages` has come."""

    @property
    def only_records(self) -> bool:
        """Whether all that is to be taken in are WARC and WACZ by their names, whose records have their own address and time."""
        return bool(self.files) and self.standard_input is None and all(map(_holds_records, self.files))

    def pages(self, url: str | None = None, fetched: datetime | None = None, kept: Kept | None = None) -> Iterator[Page]:
        """Yield the pages to take in; what cannot be read comes as `Unreadable`.

        Args:
            url: address of a page, where the user gave one.
            fetched: when pages were saved, where the user says so; aware. Records of a WARC have their own time.
            kept: what the archive has; closed at the end.
        """
        url = None if url is None else as_sent(url)
        with closing(Records(kept, self.passed)) as records:
            for path in self.files:
                yield from _pages_of(path, url, fetched, records)
            if self.standard_input is not None:
                yield from _pages_of_stream(self.standard_input, url, fetched, records)
            yield from records.rest()


def sort_inputs(words: tuple[str, ...], standard_input: bytes | None = None) -> Inputs:
    """Sort addresses, files, folders and `-`.

    Raises:
        FileUnreadable: there is no such file, a folder holds no page, or it cannot be opened.
    """
    inputs = Inputs()
    for word in words:
        if word == "-":
            _sort_stream(standard_input or b"", inputs)
        elif word.lower().startswith(("http://", "https://")):
            inputs.addresses.append(word)
        else:
            _sort_path(Path(word), inputs)
    return inputs


def addresses_in(data: bytes) -> list[str] | None:
    """The addresses of a list: one a line, empty lines and `#` comments left out; None where the text is no such list."""
    if len(data) > LIST_BYTES or b"http" not in data[:4096]:
        return None
    lines = [line.strip() for line in data.decode("utf-8-sig", "replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    is_list = all(line.lower().startswith(("http://", "https://")) and len(line.split()) == 1 for line in lines)
    return lines if lines and is_list else None


def _sort_path(path: Path, inputs: Inputs) -> None:
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.is_file() and _is_wanted(file))
        if not found:
            raise FileUnreadable(str(path), "the folder holds no saved page, WARC or WACZ")
        inputs.files += found
        return
    if not path.is_file():
        hint = f"; for an address write https://{path}" if "." in path.name else ""
        raise FileUnreadable(str(path), f"there is no such file{hint}")
    addresses = _addresses_of(path)
    if addresses is None:
        inputs.files.append(path)
    else:
        inputs.addresses += addresses


def _addresses_of(path: Path) -> list[str] | None:
    if _suffix(path) in {".html", ".htm", ".xhtml", ".wacz", *WARC_SUFFIXES}:
        return None
    try:
        with path.open("rb") as stream:
            return addresses_in(unpacked(stream.read(LIST_BYTES + 1)))
    except OSError as error:
        raise FileUnreadable(str(path), error.strerror or str(error)) from error


def _sort_stream(data: bytes, inputs: Inputs) -> None:
    addresses = addresses_in(data)
    if addresses is not None:
        inputs.addresses += addresses
    elif not data.strip():
        raise FileUnreadable("-", "nothing came through stdin")
    else:
        inputs.standard_input = data


def _is_wanted(path: Path) -> bool:
    return _holds_records(path) or _suffix(path) in PAGE_SUFFIXES


def _holds_records(path: Path) -> bool:
    return _suffix(path) in {".wacz", *WARC_SUFFIXES}


def _suffix(path: Path) -> str:
    """The ending that says what is in a file, lower case; that before `.gz`, but `.warc.gz` whole."""
    name = path.name.lower()
    for suffix in WARC_SUFFIXES:
        if name.endswith(suffix):
            return suffix
    return Path(name.removesuffix(".gz")).suffix


def _pages_of(path: Path, url: str | None, fetched: datetime | None, records: Records) -> Iterator[Page]:
    try:
        if _suffix(path) == ".wacz":
            yield from records.wacz(path)
        elif _suffix(path) in WARC_SUFFIXES:
            yield from records.warc(path)
        else:
            yield SavedPage(str(path), path, url=url, fetched=fetched, headers=_type_of(path))
    except FileUnreadable as error:
        yield Unreadable(error.path, error.reason)


def _pages_of_stream(data: bytes, url: str | None, fetched: datetime | None, records: Records) -> Iterator[Page]:
    page = SavedPage("-", None, data, url, fetched)
    try:
        if MAGIC.match(_unpacked_start(data)):
            yield from records.stream(io.BytesIO(data), "-")
        else:
            yield replace(page, body=unpacked(data))
    except FileUnreadable as error:
        yield Unreadable(error.path, error.reason)
    except OSError as error:
        yield Unreadable("-", str(error))


def _type_of(path: Path) -> tuple[tuple[str, str], ...]:
    """The header that says what a file holds, where its name says it."""
    kinds = {".md": "text/markdown", ".markdown": "text/markdown", ".txt": "text/plain", ".text": "text/plain"}
    kind = kinds.get(_suffix(path))
    return (("content-type", kind),) if kind else ()


def _unpacked_start(data: bytes) -> bytes:
    """The first bytes, unpacked where they are gzip; empty where that is damaged."""
    if not data.startswith(GZIP_MAGIC):
        return data[:START]
    try:
        return zlib.decompressobj(wbits=31).decompress(data[:LIST_BYTES], START)
    except zlib.error:
        return b""
