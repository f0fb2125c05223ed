"""htmldate: the date of first publication; it reads no other field."""

from __future__ import annotations

from htmldate import find_date

from bench.peers.protocol import Answer, serve


def read(body: bytes, url: str | None) -> Answer:
    return {"date": find_date(body, original_date=True, url=url)}


if __name__ == "__main__":
    serve(read)
