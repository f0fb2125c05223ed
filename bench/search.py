"""Search on a large archive: build one of made-up articles, then time a mix of queries that people type.

The words follow Zipf's law, so that common ones are as common as in English prose: `the` is every 18th word, the 2,000th one
in 24,000. Sites, dates and languages come as crawls bring them: in runs of one site that reach back in time. All rows go
through the real schema and its triggers; the same numbers give the same archive.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from archive import Archive
from archive.pairs import write_pairs

ONSETS = "b d f g h k l m n p r s t v w z ch st tr br"
RIMES = "a e i o u ar en il on us"
SYLLABLES = [onset + rime for onset in ONSETS.split() for rime in RIMES.split()]
FREQUENT = """
the of and to a in is that was for it on with as he be at by his this from but are had not which have one you were
or an they all their has been would there what will when more who said if out so up no them can its some time him could into two
then than first now new other our over people may such made most after also years between before through where should how world
government police court president minister report week city against while million country public business health school state
national party house home law water market plan death local law river harbour island ferry strike election bridge""".split()  # noqa: SIM905
VOCABULARY = 200_000
ZIPF_SHIFT = 0.5
"""Frequency is 1 / (rank + this): gives `the` 5.6 % of the words, as in newspapers."""
WORDS_A_TEXT = 200
HAN = [chr(0x4E00 + n) for n in range(0, 6000, 2)]
KANA = [chr(0x3042 + n) for n in range(60)]
HAN_SHARE = 0.03
"""Share of articles in Chinese or Japanese."""
HAN_LETTERS = 400
SITES = [f"site{n}.example" for n in range(1, 61)]
LANGUAGES = {"en": 0.82, "de": 0.09, "fr": 0.06}
FIRST_DAY = date(2012, 1, 1)
DAYS = 5000
BATCH = 5000
RUN = 400
"""Articles of one site in a row, on average."""

ARTICLE = """
INSERT INTO articles (id, url, site, title, dek, byline, published, published_precision, modified, lang, section, word_count,
    text, first_seen, last_seen, revisions, withdrawn, newest)
VALUES (?, ?, ?, ?, ?, ?, ?, 'day', NULL, ?, NULL, ?, ?, ?, ?, 1, NULL, 1)
"""
REVISION = """
INSERT INTO revisions (article_id, number, digest, capture_id, read_at, reader, title, dek, byline, authors, published,
    published_precision, published_earliest, published_latest, published_basis, published_zone_known, lang, tags, word_count,
    text)
VALUES (?, 1, ?, 1, ?, '1', ?, ?, ?, '[]', ?, 'day', ?, ?, 'declared', 0, ?, '[]', ?, NULL)
"""


def vocabulary() -> list[str]:
    """Distinct words, most frequent first."""
    known = list(dict.fromkeys(FREQUENT))
    taken = set(known)
    number, base = 0, len(SYLLABLES)
    while len(known) < VOCABULARY:
        number += 1
        word, left = "", number * 7919 % base**3 + base
        while left:
            left, place = divmod(left, base)
            word += SYLLABLES[place]
        if word not in taken:
            taken.add(word)
            known.append(word)
    return known


class Newsroom:
    """Writes made-up articles, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.numbers = np.random.default_rng(seed)
        self.words = np.array(vocabulary(), dtype=object)
        self.cumulated = _cumulated(VOCABULARY, ZIPF_SHIFT)
        self.han = np.array(HAN + KANA, dtype=object)
        self.han_cumulated = _cumulated(len(self.han), 20.0)
        self.names = [f"{_capital(self.words[2000 + n])} {_capital(self.words[9000 + n * 3 % 4000])}" for n in range(5000)]

    def articles(self, count: int) -> Iterator[tuple[int, str, str, str, str, str, str, str, str]]:
        """Yield id, site, title, dek, author, day, lang, text and url of each article."""
        site, day, left = SITES[0], FIRST_DAY, 0
        for start in range(0, count, BATCH):
            size = min(BATCH, count - start)
            words = self._words(self.words, self.cumulated, size * (WORDS_A_TEXT + 28))
            for number in range(start + 1, start + size + 1):
                if left == 0:
                    site = SITES[min(int(self.random.expovariate(0.08)), len(SITES) - 1)]
                    left = int(self.random.expovariate(1 / RUN)) + 1
                    back = min(int(self.random.expovariate(1 / 300)), 2000)
                    day = FIRST_DAY + timedelta(days=max(0, number * DAYS // count - back))
                left -= 1
                lang = self._language()
                at = (number - start - 1) * (WORDS_A_TEXT + 28)
                if lang in ("zh", "ja"):
                    title, dek, text = self._unspaced()
                else:
                    title, dek = _capital(" ".join(words[at : at + 8])), _capital(" ".join(words[at + 8 : at + 28])) + "."
                    text = self._paragraphs(words[at + 28 : at + 28 + WORDS_A_TEXT])
                author = self.names[min(int(self.random.expovariate(1 / 600)), 4999)]
                published = (day + timedelta(days=self.random.randrange(5))).isoformat()
                yield number, site, title, dek, author, published, lang, text, f"https://{site}/{number}"

    def _words(self, pool: np.ndarray, cumulated: np.ndarray, count: int) -> list[str]:
        return list(pool[np.searchsorted(cumulated, self.numbers.random(count))])

    def _language(self) -> str:
        share = self.random.random()
        for lang, part in LANGUAGES.items():
            if share < part:
                return lang
            share -= part
        return "zh" if share < HAN_SHARE / 2 else "ja"

    def _unspaced(self) -> tuple[str, str, str]:
        letters = "".join(self._words(self.han, self.han_cumulated, HAN_LETTERS + 40))
        return letters[:15], letters[15:40], "。\n\n".join(letters[at : at + 80] for at in range(40, len(letters), 80))

    @staticmethod
    def _paragraphs(words: Sequence[str]) -> str:
        return "\n\n".join(_capital(" ".join(words[at : at + 50])) + "." for at in range(0, len(words), 50))


def _cumulated(count: int, shift: float) -> np.ndarray:
    weights = 1 / (np.arange(1, count + 1) + shift)
    cumulated = np.cumsum(weights)
    return cumulated / cumulated[-1]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def build(path: Path, count: int, seed: int, say: Callable[[str], None]) -> None:
    """Make an archive of `count` articles; written aside and moved into place when it is whole."""
    aside = path.with_name(path.name + ".part")
    for old in path.parent.glob(aside.name + "*"):
        old.unlink()
    Archive.create(aside).close()
    conn = sqlite3.connect(aside, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
        conn.execute(f"PRAGMA {pragma}")
    conn.execute("INSERT INTO payloads (id, sha256, size, codec, first_seen, data) VALUES (1, '', 0, 'raw', '', x'')")
    conn.execute("INSERT INTO fetches (id, url, fetched, outcome) VALUES (1, '', '2026-01-01T00:00:00Z', 'stored')")
    conn.execute("INSERT INTO captures VALUES (1, 1, '', '2026-01-01T00:00:00Z', 200, 'file', '', '[]')")
    started = time.monotonic()
    batch: list[tuple[int, str, str, str, str, str, str, str, str]] = []
    for article in Newsroom(seed).articles(count):
        batch.append(article)
        if len(batch) == BATCH or article[0] == count:
            _insert(conn, batch)
            batch.clear()
        if article[0] % 50_000 == 0:
            say(f"{article[0]} articles, {article[0] / (time.monotonic() - started):.0f} a second")
    conn.execute("PRAGMA journal_mode = WAL")
    conn.close()
    aside.replace(path)


def _insert(conn: sqlite3.Connection, batch: Sequence[tuple[int, str, str, str, str, str, str, str, str]]) -> None:
    seen = "2026-01-01T00:00:00Z"
    conn.execute("BEGIN")
    conn.executemany(
        ARTICLE,
        [
            (number, url, site, title, dek, f"By {author}", day, lang, len(text.split()), text, seen, seen)
            for number, site, title, dek, author, day, lang, text, url in batch
        ],
    )
    conn.executemany("INSERT INTO authors VALUES (?, 0, ?, 'person', NULL, NULL)", [(row[0], row[4]) for row in batch])
    conn.executemany(
        REVISION,
        [
            (number, url, seen, title, dek, f"By {author}", day, f"{day}T00:00:00+00:00", f"{day}T23:59:59+00:00", lang, 0)
            for number, _, title, dek, author, day, lang, _, url in batch
        ],
    )
    for number, _, title, dek, author, _, lang, text, _ in batch:
        if lang in ("zh", "ja"):
            write_pairs(conn, number, title, dek, f"By {author}", text)
    conn.execute("COMMIT")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench search", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--archive", type=Path, help="where to make the archive, or where it is already")
    args = parser.parse_args()
    if not args.archive.exists():
        build(args.archive, args.articles, args.seed, lambda line: print(line, file=sys.stderr))
    return 0
