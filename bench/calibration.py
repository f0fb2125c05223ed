"""How far a confidence can be believed: readings grouped by it, and the share of each group that is right.

A reading is one value of one page, a block, a body, or the verdict. The corpus's own scorer says whether a title, a date, the
authors or a dek are right, and a body is right where its words agree with the truth to an F1 of 0.9. A block that
was kept is right where the true body holds its text, one that was left out where it does not; very
short blocks stand in too many places to tell. The verdict is right for an article page that is called one, and for another that
is not. What the truth does not know counts neither way.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from archive.urls import registrable_domain, site_of
from bench.corpus import CORPUS, pages
from pipelines import read_article, read_page
from pipelines.article import Article
from pipelines.fields import Label
from train.corpus import fold_of
from train.reader import judges_of

SETS = ("wcxb", "traf", "fundus", "htmldate", "other")
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Where one group of confidences ends and the next begins."""
SHORTEST_BLOCK = 25
"""Characters, after normalising, from which a block is looked for in the truth."""
BODY_F1 = 0.9
"""Agreement of words from which a body is read well."""
SUMMARY_F1 = 0.8
"""Agreement of words from which the scorer takes a dek for right."""
HALVES = {"look": 0, "check": 1}
"""The half of the sites that rules were written by, and the half that they were checked on."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One value that was given with a confidence."""

    field: str
    confidence: float
    right: bool


def readings(dataset: str, truth: dict[str, Any], article: Article, score: ModuleType) -> Iterator[Reading]:
    """What a page's truth says of what was read there. Articles from judges trained without the page's site may come in."""
    yield from _verdict(dataset, article)
    if dataset != "other":
        yield from _fields(truth, article, score)
        yield from _blocks(truth, article, score)
        yield from _body(truth, article, score)


def _verdict(dataset: str, article: Article) -> Iterator[Reading]:
    if dataset in ("wcxb", "fundus", "other"):
        yield Reading("verdict", article.verdict.confidence, article.verdict.is_article == (dataset != "other"))


def _fields(truth: dict[str, Any], article: Article, score: ModuleType) -> Iterator[Reading]:
    if truth.get("title") and article.title.chosen:
        yield Reading("title", article.title.confidence, bool(score.title_exact(article.title.value, truth["title"])))
    if truth.get("date") and article.published.value:
        yield Reading("date", article.published.confidence, bool(score.day_match(article.published.value.text, truth["date"])))
    if truth.get("authors") and article.authors.value:
        scores = score.author_scores([author.name for author in article.authors.value], truth["authors"])
        if scores:
            yield Reading("authors", article.authors.confidence, bool(scores["author_exact"]))
    if truth.get("summary") and article.dek.value:
        agreement = score.bag_prf(score.tokens(article.dek.value), score.tokens(truth["summary"]))[2]
        yield Reading("dek", article.dek.confidence, agreement >= SUMMARY_F1)


def _body(truth: dict[str, Any], article: Article, score: ModuleType) -> Iterator[Reading]:
    """The body as a whole, with the summary or without it, whichever agrees better, as the scorer has it."""
    body = _true_body(truth, score)
    if body and article.text:
        summary = len(score.key(truth.get("summary") or ""))
        found = score.tokens(score.key(article.text))
        agreement = max(score.bag_prf(found, score.tokens(text))[2] for text in (body, body[summary:]))
        yield Reading("body", article.body_confidence, agreement >= BODY_F1)


def _blocks(truth: dict[str, Any], article: Article, score: ModuleType) -> Iterator[Reading]:
    body = _true_body(truth, score)
    if not body:
        return
    for labelled in article.blocks:
        text = score.key(labelled.block.text)
        if len(text) >= SHORTEST_BLOCK and labelled.label is not Label.FURNITURE:
            kept = labelled.label is Label.ARTICLE
            yield Reading("block kept" if kept else "block left out", labelled.confidence, (text in body) == kept)


def _true_body(truth: dict[str, Any], score: ModuleType) -> str:
    """The whole true text, normalised, its paragraphs one after the other; empty where only pieces of it are known."""
    if "sections" in truth:
        parts = [truth.get("summary") or ""]
        for section in truth["sections"]:
            parts += [section["heading"] or "", *section["paragraphs"]]
        return " ".join(score.key(part) for part in parts)
    return str(score.key(truth.get("body") or ""))


def table(found: Iterable[Reading]) -> str:
    """A line for each field and group: how many, their mean confidence, the share that is right."""
    lines = ["| field | confidence | readings | mean confidence | right |", "|---|---|---|---|---|"]
    for field, group in grouped(found).items():
        for low, high, some in group:
            said, right = statistics.fmean(r.confidence for r in some), statistics.fmean(r.right for r in some)
            lines.append(f"| {field} | {low:g} to {high:g} | {len(some)} | {said:.3f} | {right:.3f} |")
        every = [r for _, _, some in group for r in some]
        lines.append(
            f"| **{field}** | all | {len(every)} | off by {error(every):.3f} | {statistics.fmean(r.right for r in every):.3f} |"
        )
    return "\n".join(lines)


def error(found: list[Reading]) -> float:
    """The expected calibration error: how far share and confidence lie apart, in the mean over all readings."""
    groups = [some for group in grouped(found).values() for _, _, some in group]
    apart = (abs(sum(r.confidence for r in some) - sum(r.right for r in some)) for some in groups)
    return sum(apart) / max(1, len(found))


def grouped(found: Iterable[Reading]) -> dict[str, list[tuple[float, float, list[Reading]]]]:
    """Field -> groups that are not empty, each with its edges."""
    fields: dict[str, list[Reading]] = defaultdict(list)
    for reading in found:
        fields[reading.field].append(reading)
    return {field: list(_groups(some)) for field, some in sorted(fields.items())}


def _groups(found: list[Reading]) -> Iterator[tuple[float, float, list[Reading]]]:
    for low, high in pairwise(EDGES):
        last = high == EDGES[-1]
        some = [r for r in found if low <= r.confidence < high or (last and r.confidence >= high)]
        if some:
            yield low, high, some


def drawing(found: Iterable[Reading]) -> str:
    """The curves as an SVG: confidence to the right, share right upwards; the dashed line is where both are the same."""
    side, margin = 320, 40
    colours = ("#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951", "#a463f2", "#97bbf5")
    width, height = side + margin + 150, side + 2 * margin
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f'<rect x="{margin}" y="{margin}" width="{side}" height="{side}" fill="none" stroke="#999"/>',
        f'<path d="M{margin} {margin + side}L{margin + side} {margin}" stroke="#999" stroke-dasharray="4"/>',
        *(_tick(share, side, margin) for share in (0, 0.25, 0.5, 0.75, 1)),
        f'<text x="{margin + side / 2}" y="{height - 6}" text-anchor="middle">confidence</text>',
        f'<text x="{margin}" y="{margin - 10}">share right</text>',
    ]
    for place, (field, group) in enumerate(grouped(found).items()):
        colour = colours[place % len(colours)]
        dots = [(statistics.fmean(r.confidence for r in s), statistics.fmean(r.right for r in s), len(s)) for _, _, s in group]
        at = [(margin + side * x, margin + side * (1 - y), min(6.0, 1.5 + n**0.25 / 2)) for x, y, n in dots]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in at)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{colour}"/>' for x, y, r in at]
        parts.append(f'<text x="{margin + side + 12}" y="{margin + 16 * (place + 1)}" fill="{colour}">{field}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _tick(share: float, side: int, margin: int) -> str:
    x, y = margin + side * share, margin + side * (1 - share)
    along = f'<text x="{x:g}" y="{margin + side + 16}" text-anchor="middle">{share:g}</text>'
    return along + f'<text x="{margin - 6}" y="{y + 4:g}" text-anchor="end">{share:g}</text>'


def half_of(url: str | None) -> int:
    """The half that a page's site belongs to, by the hash of its registrable domain."""
    return hashlib.sha1(registrable_domain(site_of(url or "")).encode(), usedforsecurity=False).digest()[-1] % 2


def scorer() -> ModuleType:
    """The corpus's own scorer, as a module."""
    spec = importlib.util.spec_from_file_location("corpus_score", CORPUS / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _read_all(sets: list[str], limit: int | None, half: str | None, folds: Path | None) -> Iterator[Reading]:
    score = scorer()
    for dataset in sets:
        truths = {r["id"]: r["truth"] for r in map(json.loads, (CORPUS / dataset / "truth.jsonl").open(encoding="utf-8"))}
        for page in pages((dataset,), limit):
            if half is None or half_of(page.url) == HALVES[half]:
                fetched = datetime.fromisoformat(page.fetched) if page.fetched else None
                aware = fetched.replace(tzinfo=fetched.tzinfo or UTC) if fetched else None
                judges = judges_of(folds, fold_of(page.url, page.id), plain=False) if folds else None
                article = read_article(read_page(page.body, url=page.url, fetched=aware), judges=judges)
                yield from readings(dataset, truths[page.id], article, score)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench calibration", description=__doc__)
    parser.add_argument("--dataset", nargs="+", default=list(SETS), choices=SETS)
    parser.add_argument("--limit", type=int, help="so many pages of each set, the first")
    parser.add_argument("--half", choices=list(HALVES), help="only the sites that rules were written by, or checked on")
    parser.add_argument("--folds", type=Path, help="read each page with judges that never saw its domain, from this directory")
    parser.add_argument("--svg", type=Path, help="draw the curves into this file")
    args = parser.parse_args()
    found = list(_read_all(args.dataset, args.limit, args.half, args.folds))
    print(table(found))
    if args.svg:
        args.svg.write_text(drawing(found), encoding="utf-8")
    return 0
