"""trafilatura, as its documentation says to use it from Python: requests on stdin, one JSON line each on stdout."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import trafilatura

WARM_UP = "<html><body><article><h1>Warm</h1><p>Some words to begin with, long enough to count.</p></article></body></html>"


def read(body: bytes, url: str | None) -> dict:
    document = trafilatura.bare_extraction(body, url=url, with_metadata=True, include_comments=False)
    if document is None:
        return {}
    return {
        "title": document.title,
        "authors": (document.author or "").split("; ") if document.author else [],
        "date": document.date,
        "body": (document.text or "").replace("\n", "\n\n"),
        "sections": None,
        "summary": document.description,
        "lang": document.language,
    }


def main() -> None:
    read(WARM_UP.encode(), None)
    for line in sys.stdin:
        request = json.loads(line)
        body = Path(request["path"]).read_bytes()
        start = time.process_time()
        answer, error = {}, None
        try:
            answer = read(body, request["url"])
        except Exception as problem:  # noqa: BLE001 - another tool's failure is its answer
            error = f"{type(problem).__name__}: {problem}"
        print(json.dumps({"id": request["id"], **answer, "seconds": time.process_time() - start, "error": error}), flush=True)


if __name__ == "__main__":
    main()
