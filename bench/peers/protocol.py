"""The protocol of `morgue extract --requests` for other tools.

It needs the standard library alone, so that a tool may have an environment of its own.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Answer = dict[str, Any]

WARM_UP = "<html><body><article><h1>Warm</h1><p>Some words to begin with, long enough to count.</p></article></body></html>"
_DECLARED = re.compile(rb"""(?i)<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)""")
DECLARED_WITHIN = 4096
"""Bytes of a page in which its charset is looked for; the standard asks for it within 1,024."""


def serve(read: Callable[[bytes, str | None], Answer]) -> None:
    """Answer each request on stdin with one JSON line on stdout; CPU time is that of reading alone."""
    try:
        read(WARM_UP.encode(), None)
    except Exception as problem:  # noqa: BLE001 - some tools refuse so small a page; it was for warming up only
        print(f"warming up: {type(problem).__name__}: {problem}", file=sys.stderr)
    for line in sys.stdin:
        request = json.loads(line)
        body = Path(request["path"]).read_bytes()
        answer, error = {}, None
        start = time.process_time()
        try:
            answer = read(body, request["url"])
        except Exception as problem:  # noqa: BLE001 - another tool's failure is its answer
            error = f"{type(problem).__name__}: {problem}"
        seconds = time.process_time() - start
        print(json.dumps({"id": request["id"], **answer, "seconds": seconds, "error": error}), flush=True)


def text_of(body: bytes) -> str:
    """A page as text, for tools that take no bytes: by its own word, else as UTF-8, else as Windows-1252."""
    declared = _DECLARED.search(body[:DECLARED_WITHIN])
    names = [(declared[1] or declared[2]).decode("ascii")] if declared else []
    for name in [*names, "utf-8"]:
        try:
            return body.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("windows-1252", "replace")


def paragraphs(text: str | None) -> str:
    """Text with a line for each paragraph, as text with a blank line between them."""
    return "\n\n".join(line.strip() for line in (text or "").splitlines() if line.strip())


def iso(moment: Any) -> str | None:
    """A date as the tool gives it, in ISO 8601."""
    return moment.isoformat() if hasattr(moment, "isoformat") else moment or None
