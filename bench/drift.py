"""Alarms that are false, and drifts that are seen: real pages drawn into made-up sites and runs.

The saved pages are of too many sites, with three pages of one at most, to be cut into runs. So a site is made of some pages drawn
from all, which stand for its kinds of article; each run draws from them, in a mixture of its own around the site's. That
is harsher than most sites: kinds differ as wholly as sites do. A drift takes something from the pages of the last run or two.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from archive.drift import NUMBERS, SHARES, PageFacts, Profile, profile_of
from archive.revision import Revision
from bench.corpus import pages
from crawler.drift import judge
from pipelines import read_article, read_page
from pipelines.stages.store import to_revision

FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
RUNS = 12
MIXTURES = {"alike": 100.0, "as days differ": 10.0, "wholly other": 2.0}
"""How far runs of a site keep to one mixture of kinds: the concentration of a Dirichlet distribution."""
SIZES = (2, 8, 25, 100)
"""Pages a run."""
LONG_BODY = 100
"""Words of a body that can be cut."""
Facts: TypeAlias = "dict[str, float | None]"
Change: TypeAlias = "Callable[[Mapping[str, float | None], random.Random], Facts]"
CONFIDENT = ("title", "authors", "published")


def facts(revision: Revision) -> dict[str, float | None]:
    """What `archive.drift` measures, of a reading that is in no archive."""
    body = [block for block in revision.blocks if block.label == "article"]
    chars = sum(len(block.text) for block in revision.blocks)
    sure = [e.confidence for e in revision.evidence if e.rank == 0 and e.field in CONFIDENT]
    return {
        **{name: float(getattr(revision, name) is not None) for name in SHARES[:3] + SHARES[4:7]},
        "authors": float(bool(revision.authors)),
        "body": float(revision.word_count > 0),
        "article": 1.0,
        "words": revision.word_count or None,
        "authors_each": len(revision.authors) or None,
        "blocks": len(body),
        "boilerplate": 1 - sum(len(block.text) for block in body) / chars if chars else None,
        "confidence": sum(sure) / len(sure) if sure else None,
    }


def read_all(limit: int | None) -> list[dict[str, float | None]]:
    """Facts of all saved articles."""
    found = []
    for page in pages(("wcxb", "traf", "fundus"), limit):
        article = read_article(read_page(page.body, url=page.url or None, fetched=FETCHED))
        if article.verdict.is_article:
            found.append(facts(to_revision(article, page.url or "https://files.example/")))
    return found


def site_runs(pool: Sequence[dict[str, float | None]], size: int, alike: float, rng: random.Random) -> list[list[PageFacts]]:
    """The runs of a made-up site, oldest first."""
    kinds = rng.sample(pool, rng.randint(2, 8))
    common = [rng.gammavariate(1.0, 1.0) for _ in kinds]
    runs = []
    for _ in range(RUNS):
        weights = [rng.gammavariate(alike * share / sum(common), 1.0) + 1e-9 for share in common]
        count = max(1, round(rng.gauss(size, size / 4)))
        drawn = rng.choices(kinds, weights, k=count)
        runs.append([PageFacts("", FETCHED, None, None, None, _varied(values, rng)) for values in drawn])
    return runs


def _varied(values: dict[str, float | None], rng: random.Random) -> dict[str, float | None]:
    """Another article of the same kind: as long as a kind's articles are, half to twice."""
    length = rng.lognormvariate(0, 0.4)
    scaled = {name: max(1.0, round((values[name] or 0) * length)) for name in ("words", "blocks") if values[name]}
    return {**values, **scaled}


def alarms(runs: Sequence[Sequence[PageFacts]]) -> list[tuple[int, str]]:
    """Alarms of a site, as run and measure; one that was raised lasts, so a measure has one at most."""
    raised: dict[str, int] = {}
    for measure in (*SHARES, *NUMBERS):
        profiles: list[Profile] = []
        for number, found in enumerate(runs, 1):
            profile = profile_of(number, measure, found)
            profiles = [profile, *profiles] if profile.pages else profiles
            if profile.pages and measure not in raised and judge(measure, profiles) is not None:
                raised[measure] = number
    return [(number, measure) for measure, number in raised.items()]


def main() -> int:
    """Print false alarms a thousand site-runs, and the share of drifts that the first runs show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=300, help="made-up sites of each kind")
    parser.add_argument("--pages", type=int, default=None, help="saved pages to draw from")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    pool = read_all(options.pages)
    print(f"{len(pool):,} saved articles; {options.sites} sites of {RUNS} runs each")
    rng = random.Random(options.seed)
    for name, alike in MIXTURES.items():
        for size in SIZES:
            found: Counter[str] = Counter()
            seen: Counter[str] = Counter()
            for _ in range(options.sites):
                runs = site_runs(pool, size, alike, rng)
                found.update(measure for _, measure in alarms(runs))
                seen.update(
                    what for what, (change, since) in CHANGES.items() if drift_seen(pool, size, alike, rng, change, since)
                )
            false = 1000 * found.total() / (options.sites * RUNS)
            told = ", ".join(f"{what} {seen[what] / options.sites:.0%}" for what in CHANGES)
            print(f"runs {name:15} {size:4} pages: {false:5.2f} false alarms in 1,000 site-runs, of {_most(found)}; seen: {told}")
    return 0


def _most(found: Counter[str]) -> str:
    return ", ".join(f"{measure} {count}" for measure, count in found.most_common(3)) or "nothing"


def drift_seen(pool: Sequence[Facts], size: int, alike: float, rng: random.Random, change: Change, runs_since: int) -> bool:
    """Whether a site whose last runs came out otherwise, of pages that are signed and have a body, gives the alarm that fits."""
    signed = [values for values in pool if values["authors"] and (values["words"] or 0) > LONG_BODY]
    runs = site_runs(signed, size, alike, rng)
    for number in range(RUNS - runs_since, RUNS):
        runs[number] = [PageFacts(p.url, p.fetched, None, None, None, change(p.values, rng)) for p in runs[number]]
    fits = {"authors", "byline", "words", "blocks"}
    return any(number > RUNS - runs_since and measure in fits for number, measure in alarms(runs))


def unsigned(values: Mapping[str, float | None], _rng: random.Random) -> Facts:
    """No page names its authors any more."""
    return {**values, "authors": 0.0, "authors_each": None}


def half_unsigned(values: Mapping[str, float | None], rng: random.Random) -> Facts:
    """Half of the pages do not."""
    return unsigned(values, rng) if rng.random() < 0.5 else dict(values)


def cut_short(values: Mapping[str, float | None], _rng: random.Random) -> Facts:
    """Of each body a tenth is left."""
    return {
        **values,
        "words": max(1.0, round((values["words"] or 0) / 10)),
        "blocks": max(1.0, round((values["blocks"] or 0) / 10)),
    }


CHANGES: Mapping[str, tuple[Change, int]] = {
    "authors gone, 1 run": (unsigned, 1),
    "authors gone, 2 runs": (unsigned, 2),
    "half of them, 1 run": (half_unsigned, 1),
    "half of them, 2 runs": (half_unsigned, 2),
    "bodies cut, 1 run": (cut_short, 1),
    "bodies cut, 2 runs": (cut_short, 2),
}


__all__ = ["main"]
