"""Capture: what a server answered, byte for byte after content decoding."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.rights import Rights

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ZSTD_LEVEL = 3
"""Measured on saved article pages: as small as gzip at level 6, five times as fast (docs/decisions/0003)."""

OF_RECORD = "WARC-Type"
"""Header that a capture of kind `file` has where it came out of a WARC that others wrote: `resource` or `conversion`."""


def is_from_user(kind: str, headers: Iterable[tuple[str, str]]) -> bool:
    """Whether a capture is a file that the user gave, and not a server's answer in another form, as the text in a WET file is."""
    return kind == "file" and all(name != OF_RECORD for name, _ in headers)


@dataclass(frozen=True, slots=True)
class Payload:
    """The bytes of a response body, compressed, addressed by the SHA-256 of what they decompress to."""

    sha256: str
    """Hex digest of the decoded bytes."""
    size: int
    """Decoded size in bytes."""
    codec: str
    """`zstd`: one frame without dictionary; `zstd-dictionary`: one that refers to a dictionary; `raw`: as it is."""
    data: bytes
    dictionary_id: int | None = None
    """The dictionary of a frame of codec `zstd-dictionary`, as in the table `dictionaries`."""

    @classmethod
    def of(cls, body: bytes) -> Payload:
        """Compress a response body; kept raw where that is smaller."""
        packed = zstd.compress(body, ZSTD_LEVEL)
        codec, data = ("zstd", packed) if len(packed) < len(body) else ("raw", body)
        return cls(hashlib.sha256(body).hexdigest(), len(body), codec, data)

    def read(self, dictionary: zstd.ZstdDict | None = None) -> bytes:
        """Return the decoded bytes.

        Args:
            dictionary: what a frame of codec `zstd-dictionary` refers to; not used for others.

        Raises:
            ValueError: the stored bytes are damaged, the codec is unknown, or the dictionary is missing.
        """
        if self.codec == "raw":
            return self.data
        if self.codec not in ("zstd", "zstd-dictionary"):
            raise ValueError(f"unknown codec {self.codec!r}")
        prefix = None
        if self.codec == "zstd-dictionary":
            if dictionary is None:
                raise ValueError("the dictionary that its zstd frame refers to is not there")
            prefix = dictionary.as_prefix
        try:
            return zstd.decompress(self.data, prefix)
        except (zstd.ZstdError, MemoryError) as error:  # a damaged length may ask for more memory than there is
            raise ValueError(f"damaged zstd frame: {error}") from error

    def checked(self, dictionary: zstd.ZstdDict | None = None) -> bytes:
        """Return the decoded bytes, compared with their size and SHA-256.

        Raises:
            ValueError: they cannot be decoded, or are not what was stored.
        """
        body = self.read(dictionary)
        if len(body) != self.size or hashlib.sha256(body).hexdigest() != self.sha256:
            raise ValueError("does not match its SHA-256")
        return body


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer of a server (or one saved file), with its payload."""

    url: str
    """Address that answered, after redirects."""
    fetched: datetime
    """Aware UTC; for a saved file the time that the user or the file gives."""
    status: int
    """HTTP status; 200 for a saved file."""
    headers: tuple[tuple[str, str], ...]
    """As received, repeats kept, names as the client gives them."""
    payload: Payload
    kind: str = "response"
    """`response`, `file` (taken in from disk) or `rendered` (a browser's document)."""
    rights: Rights | None = None
    """What it says of its use; None where nobody looked."""
