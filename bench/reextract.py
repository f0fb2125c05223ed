"""Re-extraction: pages a second and core beside reading alone, what a second call costs, and what other pages of a site tell.

`--folds build/folds` reads the pages that share a site with judges that never saw their domain, before and after the pages of a
site are held against one another, and says for each body that it changed whether it is nearer to the truth.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from archive import Archive
from archive.revision import ReadWith
from archive.urls import site_of
from bench.corpus import CORPUS, SavedPage, pages
from crawler import reextract as module
from crawler.intake.intake import take_in
from crawler.intake.pages import SavedPage as Page
from crawler.reextract import Request, Rules, reextract
from pipelines.article import Judges
from train.corpus import fold_of
from train.reader import judges_of

FOLDS = 5
FEWEST_OF_A_SITE = 3
NONE_ENOUGH = 10**9
"""Pages of a site that no block stands on: nothing is concluded from other pages."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench reextract", description=__doc__)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--folds", type=Path, help="measure what other pages of a site tell, with the judges of this folder")
    parser.add_argument("--lax", type=float, default=0.0, help="log-odds that the judges of the body are made laxer by")
    args = parser.parse_args()
    if args.folds:
        return tell_of_sites(args.folds, args.lax)
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "saved.db"
        take_in(saved(pages(limit=args.pages)), path, 2, lambda _: None)
        alone, worker = seconds_of_reading(path)
        print(f"{args.pages} pages, in CPU seconds of one process each, which other programs do not change:")
        print(f"reading alone: {args.pages / alone:.1f} pages a second")
        print(f"reading process, which opens, reads, compares, packs: {args.pages / worker:.1f} ({alone / worker:.2f} of that)")
        for number, jobs in enumerate(args.jobs):
            tell_speed(path, jobs, args.pages, alone, Rules(f"bench {number}", ReadWith.of({}, {})))
    return 0


def tell_speed(path: Path, jobs: int, count: int, alone: float, rules: Rules) -> None:
    """Print what a dry run, the work itself and a second call take of the writing process, and by the clock."""
    for words, dry_run in (("dry run", True), ("written", False), ("again", False)):
        start = time.process_time()
        report = reextract(Request(path, jobs=jobs, dry_run=dry_run, force=True, rules=rules))
        spent = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{jobs} reading processes, {words:7}: {report.read:5} read; writing process {1000 * spent / count:.1f} ms a page "
            f"({spent / alone:.2f} of reading alone), {peak:.0f} MB; {report.seconds:.1f} s by the clock"
        )


def seconds_of_reading(path: Path) -> tuple[float, float]:
    """CPU seconds of reading all pages of an archive and nothing else, and of all that a reading process does."""
    with Archive.open(path, readonly=True) as archive:
        units = list(all_units(archive))
        bodies = [archive.rereading.pages(unit.captures) for unit in units]
    tasks = [module.Task(path, unit, Rules("alone", ReadWith.of({}, {}))) for unit in units]
    module.read_again(tasks[0])
    start = time.process_time()
    for task, captured in zip(tasks, bodies, strict=True):
        module._read(captured, task)
    between = time.process_time()
    for task in tasks:
        module.read_again(task)
    return between - start, time.process_time() - between


def all_units(archive: Archive) -> Iterator[Any]:
    from archive.selection import Filters

    after = 0
    while units := archive.rereading.units(Filters(), None, after, resumed=False):
        yield from units
        after = units[-1].fetch_id


def saved(found: Any) -> Iterator[Page]:
    from datetime import UTC, datetime

    from crawler.when import parse_when

    for page in found:
        fetched = parse_when(page.fetched, datetime.now(UTC)) if page.fetched else datetime(2026, 1, 1, tzinfo=UTC)
        yield Page(f"{page.set}-{page.id}", None, page.body, page.url, fetched)


def tell_of_sites(folds: Path, lax: float) -> int:
    """Print, for pages that share a site, how near the bodies are to the truth without and with what the other pages tell."""
    truths = dict(truths_by_url())
    sites = Counter(site_of(page.url) for page in pages() if page.url)
    large = {site for site, count in sites.items() if count >= FEWEST_OF_A_SITE and site != ARCHIVED}
    chosen = [page for page in pages() if page.url and site_of(page.url) in large]
    scores: list[tuple[float, float, float, float, str]] = []
    for fold in range(FOLDS):
        scores += of_fold([page for page in chosen if fold_of(page.url, page.id) == fold], folds, fold, lax, truths)
    changed = [score for score in scores if score[:2] != score[2:4]]
    means = [sum(score[place] for score in scores) / len(scores) for place in range(4)]
    print(f"{len(scores)} pages with a truth: F1 {means[0]:.4f} to {means[2]:.4f}, leaked {means[1]:.4f} to {means[3]:.4f}")
    print(f"{len(changed)} changed, {sum(s[2] > s[0] for s in changed)} better, {sum(s[2] < s[0] for s in changed)} worse")
    for before, _, after, _, url in changed:
        print(f"  {before:.4f} {after:.4f} {url}")
    return 0


ARCHIVED = "web.archive.org"
"""Its pages are of as many sites."""


def of_fold(
    found: Sequence[SavedPage], folds: Path, fold: int, lax: float, truths: dict[str, str]
) -> list[tuple[float, float, float, float, str]]:
    judges = judges_of(folds, fold, plain=False)
    assert judges.body is not None
    rules = Rules(f"fold {fold}", ReadWith.of({}, {}), Judges(replace(judges.body, bias=judges.body.bias + lax), judges.verdict))
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "fold.db"
        take_in(saved(found), path, 2, lambda _: None)
        enough, module.OTHER_PAGES = module.OTHER_PAGES, NONE_ENOUGH
        reextract(Request(path, jobs=2, force=True, rules=rules))
        before = texts(path)
        module.OTHER_PAGES = enough
        reextract(Request(path, jobs=2, force=True, rules=rules))
        after = texts(path)
    return [
        (*score(before[url], truths[url]), *score(after[url], truths[url]), url)
        for url in before
        if url in truths
    ]  # fmt: skip


def texts(path: Path) -> dict[str, str]:
    """Address of the page -> body."""
    with Archive.open(path, readonly=True) as archive:
        captures = {archive.revision(article.id).capture_id: article.text for article in archive.articles()}
        return {archive.rereading.pages([capture])[0].url: text for capture, text in captures.items()}


def truths_by_url() -> Iterator[tuple[str, str]]:
    for name in ("wcxb", "fundus"):
        for line in (CORPUS / name / "truth.jsonl").open(encoding="utf-8"):
            record = json.loads(line)
            truth = record["truth"]
            body = truth.get("body") or "\n".join(
                text for section in truth.get("sections", ()) for text in (section["heading"] or "", *section["paragraphs"])
            )
            if body:
                yield record["url"], f"{truth.get('summary') or ''}\n{body}" if name == "fundus" else body


def score(text: str, truth: str) -> tuple[float, float]:
    """F1 of the words, and the share of the text's words that the truth has not."""
    ours, theirs = (Counter(re.findall(r"\w+", part.lower())) for part in (text, truth))
    shared = (ours & theirs).total()
    return 2 * shared / max(1, ours.total() + theirs.total()), 1 - shared / max(1, ours.total())
