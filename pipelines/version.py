"""The version of the reading rules, and what else may change what they give; kept with every revision."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import TYPE_CHECKING

from archive.revision import ReadWith

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

READER = "3"
"""Raised with each change that makes the same page read differently."""

PACKAGES = ("charset-normalizer", "lxml", "markdown-it-py", "numpy", "py3langid", "PyYAML", "tldextract", "w3lib")
"""Packages that take part in reading, as the rooms import them."""
WEIGHTS = {
    "body of HTML": ("pipelines.boilerplate", "html.npz"),
    "body of text": ("pipelines.boilerplate", "text.npz"),
    "verdict": ("pipelines.verdict", "weights.npz"),
}
"""The files of the trained judges: `make train` changes them without a new version."""
DIGEST_CHARS = 16
"""Hex digits of a judge's SHA-256: 64 bits tell the few that there will ever be."""


@cache
def read_with() -> ReadWith:
    """Packages and settings that this process reads with."""
    judges = {name: _digest(files(package) / file) for name, (package, file) in WEIGHTS.items()}
    return ReadWith.of({name: _version(name) for name in PACKAGES} | {"libxml2": _libxml2()}, {"judges": judges})


def rules() -> str:
    """The version of the rules with a digest of all else that may change a reading: if it differs, pages may read otherwise."""
    return f"{READER} {hashlib.sha256(repr(tuple(read_with())).encode()).hexdigest()[:DIGEST_CHARS]}"


def _digest(file: Traversable) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:DIGEST_CHARS]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # a package may be there without its metadata
        return "unknown"


def _libxml2() -> str:
    """The parser under lxml, which can be another with the same lxml."""
    from lxml import etree

    return ".".join(map(str, etree.LIBXML_VERSION))


__all__ = ["READER", "read_with", "rules"]
