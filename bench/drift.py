"""Alarms that are false, and drifts that are seen: real pages drawn into made-up sites and runs.

The saved pages are of too many sites, with three pages of one at most, to be cut into runs. So a site is made of some pages drawn
from all, which stand for its kinds of article; each run draws from them, in a mixture of its own around the site's. That
is harsher than most sites: kinds differ as wholly as sites do. A drift takes a field from all pages of the last run.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

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
            hit = 0
            for _ in range(options.sites):
                runs = site_runs(pool, size, alike, rng)
                found.update(measure for _, measure in alarms(runs))
                hit += drift_seen(pool, size, alike, rng)
            false = 1000 * found.total() / (options.sites * RUNS)
            worst = ", ".join(f"{measure} {count}" for measure, count in found.most_common(3))
            print(
                f"runs {name:15} {size:4} pages: {false:5.2f} false alarms in 1,000 site-runs; "
                f"{hit / options.sites:4.0%} of vanished authors seen at once  {worst}"
            )
    return 0


def drift_seen(pool: Sequence[dict[str, float | None]], size: int, alike: float, rng: random.Random) -> bool:
    """Whether authors that vanish in the last run, of a site that names them mostly, are seen after it."""
    signed = [values for values in pool if values["authors"]]
    runs = site_runs(signed, size, alike, rng)
    runs[-1] = [
        PageFacts(p.url, p.fetched, None, None, None, {**p.values, "authors": 0.0, "authors_each": None}) for p in runs[-1]
    ]
    return (RUNS, "authors") in alarms(runs)


__all__ = ["main"]
