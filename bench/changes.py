"""What it costs to compare readings: pages of 10 to 4,000 blocks beside difflib on their words, and revisits into an archive."""

from __future__ import annotations

import argparse
import difflib
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from archive import Archive
from archive.capture import Capture, Payload
from archive.changes import body_of, compare
from archive.revision import Revision, RevisionBlock
from archive.visit import Outcome, Visit

SIZES = (10, 100, 1000, 4000)
WORDS = 40
"""Words of a paragraph, of a vocabulary of VOCABULARY words."""
VOCABULARY = 3000
LARGEST_FOR_DIFFLIB = 100
"""Blocks; a page of a thousand takes it minutes."""
BATCH = 64
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def revision(url: str, paragraphs: list[str]) -> Revision:
    blocks = tuple(RevisionBlock("paragraph", "article", text, section=0) for text in paragraphs)
    return Revision(
        url=url, site="tern.example", title="A title", dek=None, byline=None, authors=(), published=None,
        published_precision=None, published_earliest=None, published_latest=None, published_basis=None, published_zone_known=None,
        modified=None, lang="en", section=None, tags=(), description=None, site_name=None, image=None, licence=None,
        paywalled=None,
        text="\n\n".join(paragraphs), word_count=WORDS * len(paragraphs), blocks=blocks, evidence=(), reader="1",
    )  # fmt: skip


def paragraphs(rng: random.Random, count: int) -> list[str]:
    return [" ".join(f"w{rng.randrange(VOCABULARY)}" for _ in range(WORDS)) for _ in range(count)]


def edited(rng: random.Random, old: list[str]) -> list[str]:
    """Every third paragraph with one word changed, one in ten removed, one in ten new, and the first moved to the end."""
    new: list[str] = []
    for place, text in enumerate(old):
        if place % 10 == 5:
            continue
        new.append(text.replace(" w", " another w", 1) if place % 3 == 0 else text)
        if place % 10 == 7:
            new += paragraphs(rng, 1)
    return new[1:] + new[:1]


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def by_words(old: Revision, new: Revision) -> object:
    before, after = (" ".join(block.text for block in body_of(one)).split() for one in (old, new))
    return difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def visit(number: int, body: list[str], day: int) -> Visit:
    url = f"https://tern.example/{number}"
    fetched = NOW + timedelta(days=day)
    page = Capture(url, fetched, 200, (("Content-Type", "text/html"),), Payload.of("\n".join(body).encode()))
    return Visit(url, fetched, Outcome.STORED, status=200, captures=(page,), revision=revision(url, body))


def kept_in(archive: Archive, visits: list[Visit]) -> float:
    """Visits a second."""
    start = time.perf_counter()
    for place in range(0, len(visits), BATCH):
        archive.commit(None, visits[place : place + BATCH], NOW)
    return len(visits) / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000, help="kept and visited again")
    articles = parser.parse_args().articles
    rng = random.Random(4)
    print("blocks  compare ms  difflib on words ms")
    for size in SIZES:
        old = paragraphs(rng, size)
        one, other = revision("https://tern.example/a", old), revision("https://tern.example/a", edited(rng, old))
        mine = milliseconds(partial(compare, one, other))
        theirs = milliseconds(partial(by_words, one, other)) if size <= LARGEST_FOR_DIFFLIB else float("nan")
        print(f"{size:6}  {mine:10.1f}  {theirs:19.1f}")
    bodies = [paragraphs(rng, 20) for _ in range(articles)]
    with tempfile.TemporaryDirectory() as folder, Archive.create(Path(folder) / "a.db") as archive:
        for name, day, texts in (
            ("first visit", 0, bodies), ("visited again, nothing new", 1, bodies),
            ("visited again, edited", 2, [edited(rng, body) for body in bodies]),
        ):  # fmt: skip
            rate = kept_in(archive, [visit(number, body, day) for number, body in enumerate(texts)])
            print(f"{name:<27} {rate:7.0f} visits/s")
        gone = [replace(visit(n, [], 3), outcome=Outcome.GONE, captures=(), revision=None) for n in range(articles)]
        print(f"{'found gone':<27} {kept_in(archive, gone):7.0f} visits/s")


if __name__ == "__main__":
    main()
