"""What is counted while a release is written: how much of each column is filled, at each site and in each month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from archive.export.dataset.tables import ARTICLES, TABLES, Row, Value

NOT_COVERED = {"site"}
"""What an article may lack and no share is told of: the groups are made by it."""
COVERED = (
    *(column.name for column in ARTICLES.columns if not column.always and column.name not in NOT_COVERED),
    "authors", "tags", "headings",
)  # fmt: skip
"""What an article may lack: columns of its row, and rows of the other tables. `headings`: a section with one."""


class Tally:
    """Counts of what was written; a few numbers for each site and month, whatever the archive holds."""

    def __init__(self) -> None:
        self.rows: Counter[str] = Counter()
        """By table."""
        self.filled: dict[str, list[int]] = {table.name: [0] * len(table.columns) for table in TABLES}
        """Table -> for each column how many rows have a value."""
        self.examples: dict[str, list[Value]] = {table.name: [None] * len(table.columns) for table in TABLES}
        """Table -> for each column its first value."""
        self.readers: Counter[str] = Counter()
        """Version of the rules -> articles read with it."""
        self.left_out: Counter[str] = Counter()
        """Reason -> articles that were selected and not written."""
        self._sites: dict[str, Counter[str]] = {}
        self._months: dict[str, Counter[str]] = {}

    @property
    def articles(self) -> int:
        """How many were written."""
        return self.rows["articles"]

    @property
    def by_site(self) -> Mapping[str, Counter[str]]:
        """Site (empty for articles of none) -> field -> articles that have it, and under `articles` all; in order of names."""
        return dict(sorted(self._sites.items()))

    @property
    def by_month(self) -> Mapping[str, Counter[str]]:
        """Month of publication (`2026-08`; `2026` if the page says no more, empty if nothing) -> the same."""
        return dict(sorted(self._months.items()))

    def count(self, rows: Mapping[str, Sequence[Row]]) -> None:
        """Count an article, given as the rows that it has in each table."""
        for name, of_table in rows.items():
            self.rows[name] += len(of_table)
            for row in of_table:
                self._count_row(name, row)
        (article,) = rows["articles"]
        values = dict(zip((column.name for column in ARTICLES.columns), article, strict=True))
        self.readers[str(values["reader"])] += 1
        present = {name for name, value in values.items() if is_filled(value)}
        present |= {name for name in ("authors", "tags") if rows[name]}
        if any(row[2] is not None for row in rows["sections"]):
            present.add("headings")
        fields = ["articles", *(name for name in COVERED if name in present)]
        self._sites.setdefault(str(values["site"] or ""), Counter()).update(fields)
        self._months.setdefault(str(values["published"] or "")[:7], Counter()).update(fields)

    def share(self, table: str, place: int) -> float | None:
        """Share, 0 to 1, of a table's rows that have a value in the column at that place; None without rows."""
        return self.filled[table][place] / self.rows[table] if self.rows[table] else None

    def _count_row(self, name: str, row: Row) -> None:
        filled, examples = self.filled[name], self.examples[name]
        for place, value in enumerate(row):
            if is_filled(value):
                filled[place] += 1
                if examples[place] is None:
                    examples[place] = value


def is_filled(value: Value) -> bool:
    """Whether a cell holds anything; an empty text cannot be told from none in a CSV."""
    return value is not None and value != ""


def coverage_rows(groups: Mapping[str, Counter[str]]) -> Iterator[list[str | int]]:
    """Give a row for each group: its name, its articles, and the share of them that has each of COVERED, with 4 decimals."""
    for name, counts in groups.items():
        yield [name, counts["articles"], *(f"{counts[covered] / counts['articles']:.4f}" for covered in COVERED)]
