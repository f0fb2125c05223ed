"""Copies: how many are found, by what was done to them, what is wrongly taken for one, and what an arrival costs.

The set is made from seeds. Each original comes with one derivative: cut, given a lead, edited, mixed. What must not be grouped
is made to look like copies: reports from one mould, notices, lists that share items, follow-ups that repeat the background,
round-ups, a statement that two papers quote, a story in other words. The texts are bodies of the saved pages where they are to
be had (`bench/corpus.py`), each used once, else made-up ones. All goes through `Archive.commit`, in a shuffled order, and what
counts is the stories in the archive.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive import Archive, copies
from archive.capture import Capture, Payload
from archive.likeness import signature_of
from archive.revision import Revision, RevisionBlock
from archive.visit import Outcome, Visit
from bench.corpus import CORPUS
from bench.search import Newsroom

NOW = datetime(2026, 8, 22, tzinfo=UTC)
SHORTEST_BODY = 200
"""Words of a body that is used: a cut to a quarter of it is still a text."""
LONGEST_BODY = 2500
EACH = 60
"""Articles of each kind, or pairs of them."""
PLACES = """
Ayr Bergen Cadiz Derry Esbjerg Faro Gdansk Hanko Izola Jarrow Kiel Lund Malmo Narva Oban Porto Riga Skye Turku Umea
""".split()  # noqa: SIM905
FIRMS = "Alder Birch Cedar Damson Elm Fir Gorse Hazel Ivy Juniper Larch Maple Nettle Oak Pine Rowan".split()  # noqa: SIM905
SKIES = ["dry with sunny spells", "cloudy with showers", "misty at first", "clear and cold", "wet and windy"]
FOOT = (
    "Sign up to our free newsletter to get the stories of the day in your inbox each morning. Follow us for more. You can read "
    "our terms of use and our privacy notice below. All rights reserved. This material may not be published, broadcast, "
    "rewritten or redistributed without the permission of the publisher. "
)


NOTICE = (
    "This article is for subscribers. To read on, please sign in with your account, or take out a subscription, which you can "
    "end at any time. With it you read all that we publish, on the web and in the application, and support the reporting that "
    "our town needs. If you are a subscriber already and still see this page, please write to the readers' desk. Thank you."
)


@dataclass(frozen=True)
class Made:
    kind: str
    story: str
    """Articles with the same one are copies of one another."""
    site: str
    title: str
    text: str


@dataclass(frozen=True)
class Source:
    title: str
    text: str

    @property
    def words(self) -> list[str]:
        return self.text.split()


Derive = Callable[[random.Random, Source, Source], str]


def cut(share: float) -> Derive:
    return lambda chance, one, other: " ".join(one.words[: int(len(one.words) * share)])


def edited(every: int) -> Derive:
    """One word in so many is replaced by one of another text."""

    def derive(chance: random.Random, one: Source, other: Source) -> str:
        words = one.words
        for place in range(chance.randrange(every), len(words), every):
            if words[place][:1].islower():
                words[place] = chance.choice(other.words).lower()
        return " ".join(words)

    return derive


def renumbered(chance: random.Random, one: Source, other: Source) -> str:
    """A copy with a number corrected."""
    words = one.words
    numbered = [place for place, word in enumerate(words) if any(c.isdigit() for c in word)]
    for place in chance.sample(numbered, min(1, len(numbered))):
        words[place] = str(chance.randrange(10, 99))
    return " ".join(words)


def mixed(share: float) -> Derive:
    """So much of the text, in the middle of another."""

    def derive(chance: random.Random, one: Source, other: Source) -> str:
        kept = one.words[: int(len(one.words) * share)]
        own = other.words[: int(len(kept) / share * (1 - share))]
        return " ".join([*own[: len(own) // 2], *kept, *own[len(own) // 2 :]])

    return derive


COPIES: dict[str, Derive] = {
    "the same": lambda chance, one, other: one.text,
    "agency line before it": lambda chance, one, other: f"{chance.choice(PLACES).upper()} (Agency) — {one.text}",
    "own lead of 50 words": lambda chance, one, other: f"{' '.join(other.words[:50])}\n\n{one.text}",
    "other site's foot": lambda chance, one, other: f"{one.text}\n\n{FOOT}",
    "signs and case": lambda chance, one, other: one.text.replace('"', "”").replace("'", "’").replace(" - ", " – ").upper(),
    "a number corrected": renumbered,
    "cut to half": cut(0.5),
    "cut to a third": cut(1 / 3),
    "cut to a quarter": cut(0.25),
    "middle half": lambda chance, one, other: " ".join(one.words[len(one.words) // 4 : -len(one.words) // 4]),
    "own lead, cut to half": lambda chance, one, other: f"{' '.join(other.words[:40])} {cut(0.5)(chance, one, other)}",
    "one word in 25 edited": edited(25),
    "one word in 12 edited": edited(12),
    "one word in 8 edited": edited(8),
    "three quarters, a quarter own": mixed(0.75),
    "two thirds, a third own": mixed(2 / 3),
}


def headline(chance: random.Random, one: Source) -> str:
    """Another headline than its own, about the same: six of the longer words from the beginning of the text."""
    words = [word.strip(".,;:!?\"'()") for word in one.words[:60] if len(word) > 4]
    return " ".join(chance.sample(words, min(6, len(words)))).capitalize()


def weather(chance: random.Random, number: int) -> str:
    parts = [
        f"In {place} it will be {chance.choice(SKIES)}, with a high of {chance.randrange(4, 29)} degrees and a low of "
        f"{chance.randrange(-5, 12)} degrees. The wind will be from the west at {chance.randrange(5, 60)} kilometres an hour."
        for place in chance.sample(PLACES, 7)
    ]
    return f"Here is the forecast for day {number}. {' '.join(parts)} The next forecast will be published tomorrow at six."


def market(chance: random.Random, number: int) -> str:
    parts = [
        f"Shares of {firm} closed {chance.choice(['up', 'down'])} {chance.randrange(1, 900) / 100} percent at "
        f"{chance.randrange(100, 9999) / 10}, after {chance.randrange(100, 999)} thousand of them had changed hands."
        for firm in chance.sample(FIRMS, 8)
    ]
    index = chance.randrange(90000, 120000) / 10
    return f"The leading index of the exchange closed at {index} points on the day. {' '.join(parts)} Trading resumes at nine."


def match_report(chance: random.Random, number: int) -> str:
    home, away = chance.sample(PLACES, 2)
    scorers = chance.sample(FIRMS, 4)
    goals = " ".join(
        f"{name} scored in minute {chance.randrange(1, 90)} after a pass from {chance.choice(FIRMS)}." for name in scorers
    )
    return (
        f"{home} played {away} in front of {chance.randrange(800, 9000)} spectators on day {number} of the season. {goals} "
        f"The referee, {chance.choice(FIRMS)}, showed {chance.randrange(0, 6)} yellow cards. {home} now stands in place "
        f"{chance.randrange(1, 18)} of the table with {chance.randrange(3, 70)} points, {away} in {chance.randrange(1, 18)}."
    )


MOULDS = {"weather": weather, "share prices": market, "match reports": match_report}


def bodies(count: int) -> list[Source]:
    """Texts with headlines, none twice."""
    found = {}
    for line in (CORPUS / "wcxb" / "truth.jsonl").open(encoding="utf-8") if CORPUS.exists() else ():
        truth = json.loads(line)["truth"]
        words = (truth.get("body") or "").split()
        if SHORTEST_BODY <= len(words) <= LONGEST_BODY and truth.get("title"):
            found[" ".join(words[:20])] = Source(truth["title"], truth["body"])
    sources = list(found.values())
    return [*sources, *newsroom(max(count - len(sources), 0), 3, random.Random(3))]


def newsroom(count: int, seed: int, chance: random.Random) -> Iterator[Source]:
    """Made-up texts in words, with headlines that fit them."""
    left = count
    for _, _, _, _, _, _, _, text, _ in Newsroom(seed).articles(2 * count):
        if left and len(text.split()) >= SHORTEST_BODY:
            left -= 1
            yield Source(headline(chance, Source("", text)), text)


def make_set(seed: int, each: int) -> list[Made]:
    chance = random.Random(seed)
    sources = bodies(each * (len(COPIES) + 6))
    chance.shuffle(sources)
    supply = iter(sources)
    spare = sources[::-1]
    made: list[Made] = []
    for kind, derive in COPIES.items():
        for number in range(each):
            one, other = next(supply), spare[number]
            made.append(Made("originals", f"{kind} {number}", f"first{number}.example", one.title, one.text))
            made.append(
                Made(kind, f"{kind} {number}", f"second{number}.example", headline(chance, one), derive(chance, one, other))
            )
    made += _hard_negatives(chance, supply, each)
    chance.shuffle(made)
    return made


def retold(chance: random.Random, one: Source, other: Source) -> str:
    """Names and numbers of a text in the words of another, as in a translation."""
    told = iter(chance.choices(other.words, k=len(one.words)))
    return " ".join(word if word[:1].isupper() or word[:1].isdigit() else next(told).lower() for word in one.words)


def _hard_negatives(chance: random.Random, supply: Iterator[Source], each: int) -> Iterator[Made]:
    for kind, mould in MOULDS.items():
        for number in range(each):
            site = "daily.example" if number % 2 else f"local{number}.example"
            yield Made(kind, f"{kind} {number}", site, f"{kind.capitalize()}: day {number}", mould(chance, number))
    headlines = [next(supply) for _ in range(each)]
    made_up = list(newsroom(4 * each + 12, 9, chance))
    for number, one in enumerate(headlines):
        own, correction = " ".join(one.words[:45]), " ".join(one.words[50:80])
        yield Made("notices", f"notice {number}", "paid.example", one.title, NOTICE)
        about = f"A story about {one.title} misstated a fact. {correction}. We regret the error."
        yield Made("corrections", f"correction {number}", "daily.example", f"Correction: {one.title}", f"{about} {FOOT}")
        items = "\n\n".join(f"{s.title}. {' '.join(s.words[:12])}" for s in made_up[number * 4 : number * 4 + 12])
        yield Made("lists that move on", f"list {number}", "daily.example", f"Most read, day {number}", items)
        parts = "\n\n".join(" ".join(s.words[:90]) for s in [one, *made_up[number * 4 : number * 4 + 4]])
        yield Made("round-ups of five", f"roundup {number}", "digest.example", f"The week in brief {number}", parts)
        yield Made("originals", f"headline {number}", "daily.example", one.title, f"{one.text} {own}")
    for number in range(each):
        one, two, three = next(supply), next(supply), next(supply)
        background = " ".join(one.words[60:140])
        yield Made("follow-ups", f"before {number}", f"a{number}.example", one.title, one.text)
        yield Made("retold in other words", f"retold {number}", f"c{number}.example", one.title, retold(chance, one, three))
        fresh = " ".join(two.words[:140])
        yield Made("follow-ups", f"after {number}", f"a{number}.example", two.title, f"{fresh} {background}")
        quoted = " ".join(one.words[-60:])
        yield Made(
            "a shared quotation",
            f"quotation {number}",
            f"b{number}.example",
            three.title,
            f"{' '.join(three.words[:200])} {quoted}",
        )


def visit(made: Made, number: int) -> Visit:
    url = f"https://{made.site}/{number}"
    blocks = (RevisionBlock("paragraph", "article", made.text, section=0),)
    revision = Revision(
        url=url, site=made.site, title=made.title, dek=None, byline=None, authors=(), published=None, published_precision=None,
        published_earliest=None, published_latest=None, published_basis=None, published_zone_known=None, modified=None, lang="en",
        section=None, tags=(), description=None, site_name=None, image=None, licence=None, paywalled=None, text=made.text,
        word_count=len(made.text.split()), blocks=blocks, evidence=(), reader="1",
    )  # fmt: skip
    page = Capture(url, NOW, 200, (), Payload.of(url.encode()))
    return Visit(url, NOW, Outcome.STORED, status=200, captures=(page,), revision=revision)


def measure_quality(seed: int, each: int, *, verbose: bool) -> None:
    made = make_set(seed, each)
    with tempfile.TemporaryDirectory() as folder, Archive.create(Path(folder) / "quality.db") as archive:
        for start in range(0, len(made), 64):
            archive.commit(None, [visit(one, start + place) for place, one in enumerate(made[start : start + 64])], NOW)
        rows = sqlite3.connect(archive.path).execute("SELECT article_id, story FROM copies").fetchall()
    found = {article - 1: story for article, story in rows}
    real = len(made) - sum(1 for one in made if one.kind == "originals")
    texts = "of saved pages, and made-up" if CORPUS.exists() else "made-up"
    print(f"{len(made)} articles, {real} of them derived; texts {texts}; seed {seed}")
    _print_recall(made, found)
    _print_precision(made, found, verbose=verbose)


def _print_recall(made: Sequence[Made], found: dict[int, int]) -> None:
    original = {one.story: place for place, one in enumerate(made) if one.kind == "originals"}
    hits: dict[str, list[bool]] = defaultdict(list)
    for place, one in enumerate(made):
        if one.kind in COPIES:
            hits[one.kind].append(place in found and found[place] == found.get(original[one.story]))
    print(f"\n{'copies':32} {'of':>5} {'found':>7}")
    for kind in COPIES:
        print(f"{kind:32} {len(hits[kind]):5} {statistics.mean(hits[kind]):7.1%}")
    every = [hit for kind in hits.values() for hit in kind]
    print(f"{'all (recall)':32} {len(every):5} {statistics.mean(every):7.1%}")


def _print_precision(made: Sequence[Made], found: dict[int, int], *, verbose: bool) -> None:
    members: dict[int, list[int]] = defaultdict(list)
    for place, story in found.items():
        members[story].append(place)
    right = wrong = 0
    blamed: Counter[str] = Counter()
    for places in members.values():
        for number, one in enumerate(places):
            for other in places[number + 1 :]:
                same = made[one].story == made[other].story
                right, wrong = right + same, wrong + (not same)
        stories = Counter(made[place].story for place in places)
        for place in places:
            if len(stories) > 1 and stories[made[place].story] == 1:
                blamed[made[place].kind] += 1
                if verbose:
                    print("  wrong:", made[place].kind, "|", [made[other].kind for other in places][:6], made[place].title[:60])
    kinds = Counter(one.kind for one in made)
    print(f"\n{'no copies':32} {'of':>5} {'in a story wrongly':>19}")
    for kind in [*MOULDS, *dict.fromkeys(one.kind for one in made if one.kind not in (*COPIES, *MOULDS))]:
        print(f"{kind:32} {kinds[kind]:5} {blamed[kind] / kinds[kind]:19.1%}")
    print(f"{'pairs in one story':32} {right + wrong:5} {right / max(right + wrong, 1):7.1%} of them right (precision)")


ARTICLE = """
INSERT INTO articles (id, url, site, title, word_count, text, first_seen, last_seen, revisions, newest)
VALUES (?, ?, ?, ?, 0, ?, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 1, 1)
"""
REVISION = """
INSERT INTO revisions (article_id, number, digest, capture_id, read_at, reader, authors, tags, word_count)
VALUES (?, 1, '', 1, '2026-01-01T00:00:00Z', '1', '[]', '[]', 0)
"""

SIZE = "SELECT sum(pgsize) FROM dbstat WHERE name IN ('signatures', 'signature_values', 'copies', 'copies_story')"


def stream(count: int, seed: int) -> Iterator[tuple[str, str, str, str]]:
    """Kind, site, title and text: four in five on their own, one in seven a copy of an earlier one, the rest from moulds."""
    chance = random.Random(seed)
    recent: list[Source] = []
    derivations = [COPIES[kind] for kind in ("the same", "agency line before it", "own lead of 50 words", "cut to half")]
    for number, site, title, _, _, _, _, text, _ in Newsroom(seed).articles(count):
        share = chance.random()
        if share < 0.06:
            yield "mould", site, f"Day {number}", chance.choice(list(MOULDS.values()))(chance, number)
        elif share < 0.2 and len(recent) > 10:
            one, other = chance.choice(recent), chance.choice(recent)
            yield "copy", f"copy.{site}", other.title, chance.choice(derivations)(chance, one, other)
        else:
            yield "own", site, title, text
            recent = [*recent[-2000:], Source(title, text)]


def measure_cost(count: int, step: int, seed: int) -> None:
    heads = "".join(f" {name:>7}" for name in ("mean", "median", "p99", "own", "copy", "mould", "signing"))
    print(f"\n{'':9}  ms of processor time an arrival (own, copy, mould and signing: medians)")
    print(f"{'articles':>9}{heads} {'index MB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cost.db"
        Archive.create(path).close()
        with closing(sqlite3.connect(path, isolation_level=None)) as conn:
            for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                conn.execute(f"DROP TRIGGER {name}")
            for pragma in ("synchronous = NORMAL", "cache_size = -32768", "foreign_keys = OFF"):
                conn.execute(f"PRAGMA {pragma}")
            _measure_steps(conn, count, step, seed)


def _measure_steps(conn: sqlite3.Connection, count: int, step: int, seed: int) -> None:
    times: dict[str, list[float]] = defaultdict(list)
    signing: list[float] = []
    conn.execute("BEGIN")
    for number, (kind, site, title, text) in enumerate(stream(count, seed), start=1):
        conn.execute(ARTICLE, (number, f"https://{site}/{number}", site, title, text))
        conn.execute(REVISION, (number,))
        start = time.thread_time()
        signature = signature_of(text)
        signed = time.thread_time()
        copies.place(conn, number, title, site, "2026-01-01T00:00:00Z", signature, text)
        times[kind].append(time.thread_time() - signed)
        signing.append(signed - start)
        if number % 64 == 0:
            conn.execute("COMMIT")
            conn.execute("BEGIN")
        if number % step == 0:
            (size,) = conn.execute(SIZE).fetchone()
            _print_step(number, times, signing, size / 1e6)
            times.clear()
            signing.clear()
    conn.execute("COMMIT")


def _print_step(number: int, times: dict[str, list[float]], signing: list[float], megabytes: float) -> None:
    every = sorted(taken for kind in times.values() for taken in kind)
    figures = [statistics.mean(every), every[len(every) // 2], every[len(every) * 99 // 100]]
    figures += [statistics.median(times[kind]) for kind in ("own", "copy", "mould")]
    figures.append(statistics.median(signing))
    print(f"{number:9}" + "".join(f" {figure * 1e3:7.3f}" for figure in figures) + f" {megabytes:9.1f}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench copies", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=EACH, help="articles of each kind")
    parser.add_argument("--grow", type=int, default=0, metavar="N", help="measure the cost up to N articles, for instance 200000")
    parser.add_argument("--step", type=int, default=20_000, help="articles between two lines of it")
    parser.add_argument("--verbose", action="store_true", help="name what is grouped wrongly")
    options = parser.parse_args()
    if options.each:
        measure_quality(options.seed, options.each, verbose=options.verbose)
    if options.grow:
        measure_cost(options.grow, options.step, options.seed)
    return 0
