"""Capture: what a server answered, byte for byte after content decoding."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from datetime import datetime

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ZSTD_LEVEL = 3
"""Measured on saved article pages: as small as gzip at level 6, five times as fast (docs/decisions/0003)."""


@dataclass(frozen=True, slots=True)
class Payload:
    """The bytes of a response body, compressed, addressed by the SHA-256 of what they decompress to."""

    sha256: str
    """Hex digest of the decoded bytes."""
    size: int
    """Decoded size in bytes."""
    codec: str
    """`zstd`: one frame without dictionary; `raw`: as it is."""
    data: bytes

    @classmethod
    def of(cls, body: bytes) -> Payload:
        """Compress a response body; kept raw where that is smaller."""
        packed = zstd.compress(body, ZSTD_LEVEL)
        codec, data = ("zstd", packed) if len(packed) < len(body) else ("raw", body)
        return cls(hashlib.sha256(body).hexdigest(), len(body), codec, data)

    def read(self) -> bytes:
        """Return the decoded bytes.

        Raises:
            ValueError: the stored bytes are damaged or the codec is unknown.
        """
        if self.codec == "raw":
            return self.data
        if self.codec != "zstd":
            raise ValueError(f"unknown codec {self.codec!r}")
        try:
            return zstd.decompress(self.data)
        except zstd.ZstdError as error:
            raise ValueError(f"damaged zstd frame: {error}") from error


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
