"""Sites that publish and edit in virtual time, for `bench freshness`. All that is assumed of them stands here.

Articles come by day more than by night, on weekdays more than at weekends, and sometimes many at once. How many edits an
article has is Gamma-Poisson over the articles of a site; when they come is Lomax distributed over its age. Mean numbers of edits
lie around what NewsEdits counts (Spangher and others 2022: 4.6 million versions of 1.28 million articles); the rest is assumed.
None of the sites is what the prior of `crawler.edits` says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HOURS = 90 * 24.0
"""How long is simulated."""
BEFORE = 10 * 24.0
"""Hours before the start in which sites published: their feeds are full when the first poll comes."""
BY_HOUR = np.array([2, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 12, 12, 12, 12, 12, 11, 10, 8, 7, 6, 5, 4, 3], dtype=float)
"""Articles by hour of the day, in proportion."""
WEEKEND = 0.5
"""Articles of a weekend's hour against a weekday's."""


@dataclass(frozen=True, slots=True)
class Site:
    """How a site publishes and edits."""

    name: str
    articles: float
    """A weekday, bursts aside."""
    capacity: int
    """Entries of its feed."""
    edits: float
    """Of an article on average."""
    half: float
    """Hours from publication in which half of them come."""
    tail: float
    """Exponent of what is left: the smaller, the later the last edits."""
    spread: float
    """Shape of the Gamma distribution of edits over articles; small: few articles have most."""
    bursts: float = 0.0
    """A week, each of 10 to 40 articles within a quarter of an hour."""


SITES = (
    Site("agency", 60, 50, 4.0, 2.0, 0.8, 0.7),
    Site("daily", 40, 30, 2.2, 5.0, 0.5, 0.5),
    Site("tabloid", 45, 20, 3.0, 3.0, 0.6, 0.4, bursts=1.0),
    Site("regional", 15, 20, 0.8, 10.0, 0.5, 0.5),
    Site("magazine", 3, 10, 0.5, 48.0, 0.6, 0.5),
    Site("blog", 0.7, 10, 0.6, 3.0, 0.7, 0.3),
    Site("public broadcaster", 25, 40, 1.2, 4.0, 0.4, 1.0),
)


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What one site did: articles in order of time, edits in order of article and time; hours from the start."""

    site: Site
    published: Floats
    """May be below 0."""
    share: Floats
    """How much more often than the mean each article is edited."""
    edits: tuple[Floats, ...]
    """Of each article, sorted."""


def make(seed: int, hours: float = HOURS, edited: float = 1.0, sites: tuple[Site, ...] = SITES) -> list[Made]:
    """What all sites do; the same seed gives the same.

    Args:
        seed: of the random numbers.
        hours: how long.
        edited: factor on all numbers of edits.
        sites: which.

    """
    streams = np.random.SeedSequence(seed).spawn(len(sites))
    return [
        _site(replace(site, edits=site.edits * edited), hours, np.random.default_rng(stream))
        for site, stream in zip(sites, streams, strict=True)
    ]


def left(site: Site, age: Floats) -> Floats:
    """Share of the edits that come after an age in hours."""
    scale = site.half / (0.5 ** (-1 / site.tail) - 1)
    return np.asarray((1 + np.maximum(age, 0.0) / scale) ** -site.tail)


def _site(site: Site, hours: float, random: np.random.Generator) -> Made:
    published = np.sort(np.concatenate([_by_the_clock(site, hours, random), _bursts(site, hours, random)]))
    share = random.gamma(site.spread, 1 / site.spread, len(published))
    counts = random.poisson(share * site.edits)
    scale = site.half / (0.5 ** (-1 / site.tail) - 1)
    edits = tuple(
        np.sort(moment + scale * (random.random(n) ** (-1 / site.tail) - 1)) for moment, n in zip(published, counts, strict=True)
    )
    return Made(site, published, share, tuple(some[some < hours] for some in edits))


def _by_the_clock(site: Site, hours: float, random: np.random.Generator) -> Floats:
    clock = np.arange(-BEFORE, hours)
    weekend = ((clock // 24) % 7 >= 5).astype(float)
    rate = site.articles * BY_HOUR[(clock % 24).astype(int)] / BY_HOUR.sum() * (1 - (1 - WEEKEND) * weekend)
    counts = random.poisson(rate)
    return np.asarray(np.repeat(clock, counts) + random.random(counts.sum()))


def _bursts(site: Site, hours: float, random: np.random.Generator) -> Floats:
    starts = random.uniform(-BEFORE, hours - 1, random.poisson(site.bursts * (hours + BEFORE) / 168))
    sizes = random.integers(10, 41, len(starts))
    return np.asarray(np.repeat(starts, sizes) + random.random(sizes.sum()) * 0.25)
