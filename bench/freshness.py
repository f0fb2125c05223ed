"""What looking again costs and what it finds, in virtual time: `crawler.revisit` beside other policies and the optimum.

Sites publish and edit as `bench/_newsroom.py` assumes. Each policy is run at several budgets; a budget is the number of requests
for each article that was published: polls, first fetches and looks. With `--write` the tables of docs/revisits.md are made anew,
and its drawing.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from bench._newsroom import make
from bench._plot import Curve, drawing
from bench._policies import Policy, Score, fixed, optimum, ours, proportional, score, total
from crawler.revisit import PRICE

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "revisits.md"
FIXED = {"hourly": 1.0, "every 3 hours": 3.0, "every 6 hours": 6.0, "every 12 hours": 12.0, "daily": 24.0, "every 2 days": 48.0}
LIMITED = {
    "daily for a day, feeds every half hour": (24.0, 24.0, 0.5),
    "daily for 3 days, feeds every half hour": (24.0, 72.0, 0.5),
    "daily for a day, feeds hourly": (24.0, 24.0, 1.0),
    "daily for a week, feeds hourly": (24.0, 168.0, 1.0),
    "every 6 hours for a day, feeds hourly": (6.0, 24.0, 1.0),
    "hourly for a day, feeds every quarter": (1.0, 24.0, 0.25),
}
"""Interval, oldest age, interval of the feed; hours. What somebody may choose who knows all this, the same for all sites."""
PROPORTIONAL = (0.15, 0.3, 0.6, 1.0)
PRICES = (1.0, 0.5, 0.3, 0.2, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01, 0.005, 0.002)
BEST_POLLS = (0.1, 0.03, 0.01)
BEST_LOOKS = (0.5, 0.2, 0.05, 0.02, 0.005, 0.001)

SHOWN = ("daily", "daily for 3 days, feeds every half hour", "proportional, 0.3 of a change")
"""Policies in the table of sensitivity, beside our own."""

Scores = dict[str, list[Score]]
"""Policy -> an account for each seed."""


def policies() -> dict[str, Policy]:
    """All that are compared, the optimum aside."""
    named: dict[str, Policy] = {name: fixed(hours) for name, hours in FIXED.items()}
    named |= {name: fixed(*numbers) for name, numbers in LIMITED.items()}
    named |= {f"proportional, {share:g} of a change": proportional(share) for share in PROPORTIONAL}
    return named | {f"morgue, price {price:g}": ours(price) for price in PRICES}


def best() -> dict[str, Policy]:
    """The optimum for edits caught within a day, and the one within an hour, at several budgets."""
    named = {f"day {polls:g} {looks:g}": optimum(looks, 24.0, polls) for polls in BEST_POLLS for looks in BEST_LOOKS}
    return named | {f"hour 0.01 {looks:g}": optimum(looks, 1.0, 0.01) for looks in BEST_LOOKS}


def run(some: dict[str, Policy], seeds: Sequence[int], days: float, edited: float = 1.0, tell: bool = False) -> Scores:
    """Run policies on what all sites do, once a seed."""
    scores: Scores = {name: [] for name in some}
    for seed in seeds:
        made = make(seed, days * 24, edited)
        for name, policy in some.items():
            if tell:
                print(f"\rseed {seed}, edits x {edited:g}: {name:50}", end="", file=sys.stderr, flush=True)
            scores[name].append(total([score(site, policy(site, days * 24), days * 24) for site in made]))
    if tell:
        print("\r" + " " * 90 + "\r", end="", file=sys.stderr)
    return scores


def budget(one: Score) -> float:
    """Requests for each article that was published."""
    return one.requests / one.articles


def in_a_day(one: Score) -> float:
    """Share of edits caught within a day."""
    return one.in_a_day / max(1, one.edits)


def in_an_hour(one: Score) -> float:
    """Share of edits caught within an hour."""
    return one.in_an_hour / max(1, one.edits)


def at_budget(curve: Sequence[Score], wanted: float, measure: Callable[[Score], float]) -> float | None:
    """What a policy that was run at several budgets reaches at another, between its neighbours; None outside of them."""
    points = sorted((budget(one), measure(one)) for one in curve)
    for (low, former), (high, later) in pairwise(points):
        if low <= wanted <= high:
            part = (math.log(wanted) - math.log(low)) / (math.log(high) - math.log(low) or 1.0)
            return former + part * (later - former)
    return None


def envelope(curve: Sequence[Score], measure: Callable[[Score], float]) -> list[Score]:
    """The accounts that no cheaper one equals."""
    kept: list[Score] = []
    for one in sorted(curve, key=budget):
        if not kept or measure(one) > measure(kept[-1]):
            kept.append(one)
    return kept


def of_ours(scores: Scores, seed: int) -> list[Score]:
    """The accounts of `crawler.revisit` at all prices, for one seed by its place."""
    return [some[seed] for name, some in scores.items() if name.startswith("morgue")]


def policy_table(scores: Scores) -> str:
    """A line a policy: means over the seeds, and their spread for the share caught within a day."""
    lines = [
        "| policy | requests an article | articles missed | caught in a day | in an hour | in a week | versions kept |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, some in scores.items():
        marked = f"**{name}**" if name == f"morgue, price {PRICE:g}" else name
        days = [in_a_day(one) for one in some]
        lines.append(
            f"| {marked} | {_mean(budget(one) for one in some):.1f} | {_mean(one.missed / one.articles for one in some):.1%} "
            f"| {_mean(days):.1%} ({min(days):.1%} to {max(days):.1%}) | {_mean(in_an_hour(one) for one in some):.1%} "
            f"| {_mean(one.in_a_week / one.edits for one in some):.1%} "
            f"| {_mean(one.versions_kept / one.versions for one in some):.1%} |"
        )
    return "\n".join(lines)


def equal_table(scores: Scores) -> str:
    """Every other policy, and what `crawler.revisit` reaches with as many requests."""
    lines = [
        "| policy | requests an article | caught within a day | morgue with as many | within an hour | morgue with as many |"
    ]
    lines.append("|---|---|---|---|---|---|")
    for name, some in scores.items():
        if name.startswith("morgue"):
            continue
        cells = [name, f"{_mean(budget(one) for one in some):.1f}"]
        for measure in (in_a_day, in_an_hour):
            same = [at_budget(of_ours(scores, n), budget(one), measure) for n, one in enumerate(some)]
            cells += [f"{_mean(measure(one) for one in some):.1%}", _said(same, scores, measure)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _said(same: Sequence[float | None], scores: Scores, measure: Callable[[Score], float]) -> str:
    """What is reached at a budget; beyond all prices that were run, what the lowest price reaches with less."""
    known = [share for share in same if share is not None]
    if known:
        return f"{_mean(known):.1%}"
    dearest = [max(of_ours(scores, n), key=budget) for n in range(len(same))]
    return f"{_mean(map(measure, dearest)):.1%} with {_mean(map(budget, dearest)):.0f}"


def optimum_table(scores: Scores, bests: Scores) -> str:
    """How far `crawler.revisit` is from the optimum with as many requests, in points of a hundred."""
    lines = ["| price | requests an article | caught within a day | optimum with as many | points below (each seed) |"]
    lines.append("|---|---|---|---|---|")
    for price in PRICES:
        some = scores[f"morgue, price {price:g}"]
        known = [most for n, one in enumerate(some) if (most := _most(_best_curve(bests, n, "day", in_a_day), budget(one)))]
        if len(known) < len(some):
            continue
        below = [100 * (bound - in_a_day(one)) for bound, one in zip(known, some, strict=True)]
        lines.append(
            f"| {price:g} | {_mean(budget(one) for one in some):.1f} | {_mean(map(in_a_day, some)):.1%} | {_mean(known):.1%} "
            f"| {_mean(below):.1f} ({', '.join(f'{one:.1f}' for one in below)}) |"
        )
    return "\n".join(lines)


def _most(best_curve: Sequence[Score], wanted: float) -> float | None:
    """The optimum at a budget; beyond the last that was worked out, that one: more requests catch hardly more there."""
    if wanted > max(map(budget, best_curve)):
        return max(map(in_a_day, best_curve))
    return at_budget(best_curve, wanted, in_a_day)


def sensitivity_table(by_factor: dict[float, Scores]) -> str:
    """What becomes of it where edits are rarer or more frequent than the prior says."""
    lines = ["| edits | policy | requests an article | caught within a day | within an hour | versions kept |"]
    lines.append("|---|---|---|---|---|---|")
    for factor, scores in by_factor.items():
        for name, some in scores.items():
            one = some[0]
            lines.append(
                f"| x {factor:g} | {name} | {budget(one):.1f} | {in_a_day(one):.1%} | {in_an_hour(one):.1%} "
                f"| {one.versions_kept / one.versions:.1%} |"
            )
    return "\n".join(lines)


def curves(scores: Scores, bests: Scores, measure: Callable[[Score], float], which: str) -> list[Curve]:
    """What is drawn: budget to the right, share caught upwards; the first seed."""

    def points(names: Sequence[str]) -> list[tuple[float, float]]:
        return sorted((budget(scores[name][0]), measure(scores[name][0])) for name in names)

    best_points = [(budget(one), measure(one)) for one in _best_curve(bests, 0, which, measure)]
    return [
        Curve("optimum, rates known", "#999999", best_points),
        Curve("morgue", "#4269d0", points([name for name in scores if name.startswith("morgue")])),
        Curve("proportional", "#3ca951", points([name for name in scores if name.startswith("proportional")])),
        Curve("fixed, with an age limit", "#efb118", points(list(LIMITED)), line=False),
        Curve("fixed", "#ff725c", points(list(FIXED))),
    ]


def replace_between(text: str, name: str, table: str) -> str:
    """The page with another table between its marks `<!-- name -->` and `<!-- end -->`.

    Raises:
        ValueError: the page has no such marks.

    """
    start = text.index(f"<!-- {name} -->") + len(f"<!-- {name} -->")
    return f"{text[:start]}\n\n{table}\n\n{text[text.index('<!-- end -->', start) :]}"


def _best_curve(bests: Scores, seed: int, which: str, measure: Callable[[Score], float]) -> list[Score]:
    return envelope([some[seed] for name, some in bests.items() if name.startswith(which)], measure)


def _mean(values: object) -> float:
    return statistics.fmean(values)  # type: ignore[arg-type]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench freshness", description=__doc__)
    parser.add_argument("--days", type=float, default=90)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="put tables and drawing into docs/")
    arguments = parser.parse_args()
    seeds = range(1, arguments.seeds + 1)
    scores = run(policies(), seeds, arguments.days, tell=True)
    bests = run(best(), seeds, arguments.days, tell=True)
    chosen = {name: policy for name, policy in policies().items() if name in (*SHOWN, f"morgue, price {PRICE:g}")}
    other = {factor: run(chosen, seeds[:1], arguments.days, factor, tell=True) for factor in (0.1, 1.0, 10.0)}
    tables = {
        "policies": policy_table(scores),
        "equal": equal_table(scores),
        "optimum": optimum_table(scores, bests),
        "sensitivity": sensitivity_table(other),
    }
    for name, table in tables.items():
        print(f"\n{name}\n\n{table}")
    if arguments.write:
        text = PAGE.read_text(encoding="utf-8")
        for name, table in tables.items():
            text = replace_between(text, name, table)
        PAGE.write_text(text, encoding="utf-8")
        panels = {
            "edits caught within a day": curves(scores, bests, in_a_day, "day"),
            "edits caught within an hour": curves(scores, bests, in_an_hour, "hour"),
        }
        (DOCS / "revisits.svg").write_text(drawing(panels, "requests an article"), encoding="utf-8")
    return 0
