"""The account of a crawl as a table: for a terminal, for a spreadsheet, for a paper."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from archive.completeness import MISSING_AFTER, Completeness, Line
from archive.visit import Outcome
from crawler.terminal import count, table

HEADINGS = {
    Outcome.STORED: "stored", Outcome.UNCHANGED: "unchanged", Outcome.LISTED: "listings", Outcome.NOT_AN_ARTICLE: "no article",
    Outcome.ROBOTS: "robots", Outcome.OUT_OF_SCOPE: "out of scope", Outcome.BLOCKED: "blocked", Outcome.FAILED: "failed",
    Outcome.GONE: "gone", Outcome.LATER: "later",
}  # fmt: skip
"""Outcome -> heading of its column, in the order of the columns."""
GAPS_SHOWN = 20
"""Gaps named one by one at the end of a table; csv and JSON have their place for the rest."""


def as_text(account: Completeness, by: str) -> str:
    """For a terminal; columns that are zero throughout are left out."""
    headings, *rows = _cells(account, by, _used(account.lines))
    names = headings.index("discovered")
    cells = [[*row[:names], *(int(cell) if cell.isdecimal() else cell for cell in row[names:])] for row in rows]
    return "\n".join([table(cells, headings), "", *_missing(account)])


def as_markdown(account: Completeness, by: str) -> str:
    """For a paper: a table, and below it what is missing."""
    headings, *rows = _cells(account, by, _used(account.lines))
    marks = ["---" if heading in ("source", by) else "---:" for heading in headings]
    lines = [f"| {' | '.join(row)} |" for row in (headings, marks, *rows)]
    return "\n".join([*lines, "", *_missing(account)])


def as_csv(account: Completeness, by: str) -> str:
    """For a spreadsheet: every outcome has its column, whether used or not, and the sum is left to the reader."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(_cells(account, by, tuple(HEADINGS), total=False))
    return text.getvalue().rstrip("\n")


FORMS: Mapping[str, Callable[[Completeness, str], str]] = {"text": as_text, "markdown": as_markdown, "csv": as_csv}


def _cells(account: Completeness, by: str, outcomes: Sequence[Outcome], *, total: bool = True) -> Iterator[Sequence[str]]:
    """Headings, a row for each line, and the sum of all; none of runs, as an address may count in several."""
    periods = () if by == "source" else (by,)
    missing, unknown = _missing_of(account)
    columns = () if by != "source" else ("missing",) if total else ("missing", "gaps of unknown size")
    yield (*periods, "source", "discovered", *(HEADINGS[outcome] for outcome in outcomes), "kept", *columns)
    for line in account.lines:
        counts = (line.outcomes.get(outcome, 0) for outcome in outcomes)
        last = _last_cells(missing[line.source], unknown[line.source], len(columns))
        numbers = (line.discovered, *counts, line.kept, *last)
        yield (*((line.period,) if periods else ()), line.source or "(none)", *map(str, numbers))
    if total and len(account.lines) > 1 and by != "run":
        sums = (sum(line.outcomes.get(outcome, 0) for line in account.lines) for outcome in outcomes)
        last = _last_cells(missing.total(), unknown.total(), len(columns))
        yield (*("" for _ in periods), "all", *map(str, (account.discovered, *sums, account.kept, *last)))


def _missing_of(account: Completeness) -> tuple[Counter[str], Counter[str]]:
    """Source -> articles that are missing: never brought, and by estimate never seen; source -> gaps that give no estimate."""
    found, unknown = Counter(account.unfetched), Counter[str]()
    for gap in account.gaps:
        found[gap.source] += gap.missing or 0
        unknown[gap.source] += gap.missing is None
    return found, unknown


def _last_cells(missing: int, unknown: int, columns: int) -> Sequence[str]:
    """What is missing: as one cell, where a plus says that there is more, or as two numbers."""
    return (f"{missing}{'+' if unknown else ''}",) if columns == 1 else (str(missing), str(unknown))[:columns]


def _used(lines: Sequence[Line]) -> tuple[Outcome, ...]:
    return tuple(outcome for outcome in HEADINGS if any(line.outcomes.get(outcome) for line in lines))


def _missing(account: Completeness) -> Iterator[str]:
    """What is missing, in words; before it what is kept besides."""
    if account.kept_besides:
        yield f"Besides, {count(account.kept_besides, 'article is', 'articles are')} kept that no crawl brought: added by hand."
    if not account.gaps and not account.unfetched:
        yield "Nothing is known to be missing."
        return
    for source, number in account.unfetched.items():
        entries = count(number, "entry of its feeds", "entries of its feeds")
        yield f"{source or '(none)'}: {entries} known for {MISSING_AFTER.days} days, and never fetched."
    for gap in account.gaps[-GAPS_SHOWN:]:
        when = f"{gap.since:%Y-%m-%d %H:%M} to {gap.until:%Y-%m-%d %H:%M}"
        entries = "how many entries nobody knows" if gap.missing is None else f"about {count(gap.missing, 'entry', 'entries')}"
        yield f"{gap.source or '(none)'}: nothing seen of {gap.url} from {when}, {entries}."
    if len(account.gaps) > GAPS_SHOWN:
        yield f"and {len(account.gaps) - GAPS_SHOWN:,} earlier gaps; --json has them all"
