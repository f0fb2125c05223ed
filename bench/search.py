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
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from archive import Archive
from archive.pairs import write_pairs
from archive.rows import SearchResult
from archive.search import read_query
from archive.search.expression import fts_expression
from archive.selection import Filters

Query = tuple[str, dict[str, str]]
"""What is typed, and the filters."""

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
"""Until September 2025."""
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


class Mix:
    """Queries that people type, by class, made of words of known frequency and of pieces of the articles themselves."""

    def __init__(self, conn: sqlite3.Connection, seed: int) -> None:
        self.conn = conn
        self.random = random.Random(seed)
        self.words = vocabulary()
        self.last = conn.execute("SELECT max(id) FROM articles").fetchone()[0]

    def queries(self, each: int) -> dict[str, list[Query]]:
        """So many queries of each class."""
        make: dict[str, Callable[[], Query]] = {
            "rare word": lambda: (self.word(20_000, 150_000), {}),
            "word": lambda: (self.word(200, 10_000), {}),
            "two words": lambda: (f"{self.word(100, 3000)} {self.word(100, 3000)}", {}),
            "two common words": lambda: (f"{self.word(0, 120)} {self.word(0, 120)}", {}),
            "sentence": lambda: (f"{self.word(0, 40)} {self.word(100, 1000)} {self.word(0, 40)} {self.word(100, 5000)}", {}),
            "phrase": lambda: (f'"{self.piece("title", self.random.choice([2, 3]))}"', {}),
            "prefix": lambda: (f"{self.word(500, 50_000)[:5]}*", {}),
            "field": lambda: (self.random.choice([f"title:{self.word(0, 3000)}", f"author:{self.name()}",
                f"author:{self.name()} {self.word(50, 2000)}", f"dek:{self.word(100, 2000)} title:{self.word(20, 1000)}"]), {}),
            "OR": lambda: (f"{self.word(30, 2000)} OR {self.word(500, 20_000)}", {}),
            "NOT": lambda: (f"{self.word(30, 2000)} NOT {self.word(0, 1000)}", {}),
            "Chinese, Japanese": lambda: (self.characters(), {}),
            "site": lambda: (self.some(), {"site": self.of_article("site")}),
            "month": lambda: (self.some(), {"since": (month := self.of_article("published")[:7]), "until": month}),
            "year": lambda: (self.some(), {"since": (year := self.of_article("published")[:4]), "until": year}),
            "author": lambda: (self.some(), {"author": self.name()}),
            "language": lambda: (self.some(), {"lang": self.random.choice(["en", "de", "fr"])}),
        }  # fmt: skip
        return {name: [one() for _ in range(each)] for name, one in make.items()}

    def word(self, first: int, last: int) -> str:
        """A word of that range of ranks, each order of magnitude as likely as the next."""
        return self.words[int((first + 1) * ((last + 1) / (first + 1)) ** self.random.random()) - 1]

    def some(self) -> str:
        return self.random.choice([self.word(0, 60), self.word(60, 1000), f"{self.word(60, 500)} {self.word(60, 3000)}"])

    def name(self) -> str:
        return self.of_article("byline").split()[-1]

    def of_article(self, column: str) -> str:
        row = self.conn.execute(f"SELECT {column} FROM articles WHERE id = ?", (self.random.randint(1, self.last),)).fetchone()
        return str(row[0])

    def piece(self, column: str, words: int) -> str:
        while True:
            held = self.of_article(column).split()
            if len(held) > words:
                at = self.random.randrange(len(held) - words)
                return " ".join(held[at : at + words])

    def characters(self) -> str:
        ids = self.conn.execute(
            "SELECT article_id FROM pairs WHERE article_id > ? LIMIT 1", (self.random.randint(1, self.last // 2),)
        )
        text = self.conn.execute("SELECT text FROM articles WHERE id = ?", ids.fetchone()).fetchone()[0]
        at = self.random.randrange(70)
        cut: str = text[at : at + self.random.choice([1, 2, 2, 3, 4])]
        return cut


PLAIN = """
SELECT a.id, snippet(articles_fts, -1, '[[', ']]', '', 24) FROM articles AS a
JOIN revisions AS r ON r.article_id = a.id AND r.number = a.newest JOIN articles_fts ON articles_fts.rowid = a.id
WHERE articles_fts MATCH ? AND {} ORDER BY bm25(articles_fts, 10, 4, 3, 1) LIMIT 20
"""


def plain(path: Path, query: str, filters: Filters) -> None:
    """The query as anybody would write it in SQL."""
    tree = read_query(query)
    where, parameters = filters.sql()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute(
            PLAIN.format(where).replace("MATCH ?", "MATCH :match"), {**parameters, "match": fts_expression(tree)}
        ).fetchall()


def timed(path: Path, query: Query) -> tuple[float, float, SearchResult]:
    """Milliseconds of CPU and of the clock, from opening the archive to the page of hits, as a call of the command does it."""
    text, filters = query
    start, cpu = time.perf_counter(), time.process_time()
    with Archive.open(path, readonly=True) as archive:
        result = archive.find(text, **filters)  # type: ignore[arg-type]
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - start) * 1000, result


def measure(path: Path, each: int, plainly: int, seed: int) -> None:
    """Time the mix, each query once, in an order that follows no class; and some of each the plain way.

    Beside other work on the machine the clock says little, so the time of the CPU is given first.
    """
    with closing(sqlite3.connect(path)) as conn:
        mix = Mix(conn, seed).queries(each)
    order = [(name, query) for name, queries in mix.items() for query in queries]
    random.Random(seed).shuffle(order)
    taken: dict[str, list[tuple[float, float, Query]]] = {name: [] for name in mix}
    partly = dict.fromkeys(mix, 0)
    for name, query in order:
        cpu, wall, result = timed(path, query)
        taken[name].append((cpu, wall, query))
        partly[name] += result.ranked < result.total
    print("| class | p50 ms | p95 ms | max ms | clock p50 | clock p95 | partly ranked | plain p50 | plain max | slowest |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, queries in mix.items():
        ways = sorted(_plain_time(path, query) for query in queries[:plainly]) or [0.0]
        print(
            f"| {name} | {_row(taken[name])} | {partly[name]}/{each} | {ways[len(ways) // 2]:.0f} | {ways[-1]:.0f} "
            f"| `{max(taken[name])[2][0]}` |", flush=True,
        )  # fmt: skip
    print(f"| all | {_row([one for some in taken.values() for one in some])} | | | | |")


def agreement(path: Path, each: int, seed: int) -> None:
    """Print how many of the first ten hits of a full evaluation stand among the first ten, on average."""
    with closing(sqlite3.connect(path)) as conn:
        mix = Mix(conn, seed).queries(each)
    print("| class | first ten in common | counted exactly |")
    print("|---|---|---|")
    for name, queries in mix.items():
        shares, exact = [], 0
        for text, filters in queries:
            with Archive.open(path, readonly=True) as archive:
                full, quick = (archive.find(text, limit=10, every=every, **filters) for every in (True, False))  # type: ignore[arg-type]
            wanted = {hit.article.id for hit in full.hits}
            shares.append(len(wanted & {hit.article.id for hit in quick.hits}) / len(wanted) if wanted else 1.0)
            exact += quick.exact
        print(f"| {name} | {sum(shares) / len(shares):.2f} | {exact}/{len(queries)} |", flush=True)


def _plain_time(path: Path, query: Query) -> float:
    start = time.process_time()
    plain(path, query[0], Filters(**query[1]))
    return (time.process_time() - start) * 1000


def _row(taken: Sequence[tuple[float, float, Query]]) -> str:
    cpu, wall = sorted(one[0] for one in taken), sorted(one[1] for one in taken)
    last, middle, high = len(taken) - 1, len(taken) // 2, int(len(taken) * 0.95)
    return f"{cpu[middle]:.1f} | {cpu[high]:.1f} | {cpu[last]:.1f} | {wall[middle]:.1f} | {wall[high]:.1f}"


def sizes(path: Path) -> None:
    """Print what each index takes."""
    with closing(sqlite3.connect(path)) as conn:
        rows = conn.execute(
            "SELECT CASE WHEN name LIKE '%\\_fts\\_%' ESCAPE '\\' THEN substr(name, 1, instr(name, '_fts') + 3) "
            "ELSE name END AS part, "
            "sum(pgsize) FROM dbstat GROUP BY part HAVING sum(pgsize) > 1e6 ORDER BY 2 DESC"
        ).fetchall()
    for part, size in rows:
        print(f"{size / 1e6:9.1f} MB {part}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench search", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--archive", type=Path, help="where to make the archive, or where it is already; default: made and removed"
    )
    parser.add_argument("--each", type=int, default=40, help="queries of each class")
    parser.add_argument("--plain", type=int, default=3, help="of these, how many the plain way too")
    parser.add_argument("--agree", type=int, default=0, help="queries of each class that are compared with a full evaluation")
    parser.add_argument("--sizes", action="store_true", help="print what each index takes")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = args.archive or Path(folder) / "search.db"
        if not path.exists():
            build(path, args.articles, args.seed, lambda line: print(line, file=sys.stderr))
        measure(path, args.each, args.plain, args.seed)
        if args.agree:
            agreement(path, args.agree, args.seed)
        if args.sizes:
            sizes(path)
    return 0
