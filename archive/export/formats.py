"""The formats that articles can be written in, and one function that writes any of them."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from archive.rows import StoredArticle

if TYPE_CHECKING:
    from archive.archive import Archive


class Target(Enum):
    """What a format is written to."""

    TEXT = "text"
    """One stream of text, UTF-8."""
    BYTES = "bytes"
    """One stream of bytes."""
    FOLDER = "folder"
    """Several files."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way out."""

    target: Target
    writer: str
    """Function in a module of this package: `module:function`."""
    package: str | None = None
    """What must be installed beside morgue's own requirements."""


FORMATS = {
    "csv": Format(Target.TEXT, "csv:write_csv"),
    "jsonl": Format(Target.TEXT, "jsonl:write_jsonl"),
    "parquet": Format(Target.BYTES, "parquet:write_parquet", "pyarrow"),
    "xlsx": Format(Target.BYTES, "xlsx:write_xlsx", "xlsxwriter"),
    "markdown": Format(Target.FOLDER, "markdown:write_markdown"),
    "tei": Format(Target.TEXT, "tei:write_tei"),
    "bibtex": Format(Target.TEXT, "bibtex:write_bibtex"),
    "ris": Format(Target.TEXT, "ris:write_ris"),
    "csl": Format(Target.TEXT, "csl:write_csl"),
    "warc": Format(Target.BYTES, "warc:write_warc"),
    "wacz": Format(Target.BYTES, "wacz:write_wacz"),
}
"""Name -> format. The same articles in the same state of the archive give the same bytes in each of them."""

TEI_FOLDER = Format(Target.FOLDER, "tei:write_tei_folder")
"""A file an article, in place of one corpus."""


def write(form: Format, articles: Iterable[StoredArticle], target: IO[Any] | Path, archive: Archive, **options: Any) -> int:
    """Write articles in a format; they are never in memory all at once.

    Args:
        form: one of FORMATS.
        articles: from `Archive.articles`.
        target: a text stream opened as UTF-8 with `newline=""`, a binary stream, or a folder that is there and empty.
        archive: the one they come from; what a format has beyond the row is read from it, article by article.
        options: what the format takes beyond that.

    Returns:
        Number of articles.

    Raises:
        PackageMissing: the format needs a package that is not installed.

    """
    module, function = form.writer.split(":")
    count: int = getattr(importlib.import_module(f"archive.export.{module}"), function)(articles, target, archive, **options)
    return count
