"""How long a server asks to wait."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.politeness.retry_after import retry_after

NOW = datetime(2026, 11, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"120", 120.0),
        (b" 7 ", 7.0),
        (b"Sun, 01 Nov 2026 12:00:30 GMT", 30.0),
        (b"Sun, 01 Nov 2026 11:00:00 GMT", 0.0),
        (b"soon", None),
        (b"-5", None),
        (b"99999999999999999999", 86400.0),
        (b"9" * 400, 86400.0),
        (b"1e400", None),
        ("²".encode("latin-1"), None),
        (b"Fri, 31 Dec 9999 23:59:59 GMT", 86400.0),
        (b"Fri, 31 Dec 9999 23:59:59 -2359", 86400.0),
        (b"Sat, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        (b"", None),
        (None, None),
    ],
)
def test_retry_after_in_seconds(value: bytes | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds
