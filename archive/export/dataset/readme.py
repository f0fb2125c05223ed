"""The page that a release is read from first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.export.dataset.release import Made
from archive.export.dataset.tables import TABLES

SITES_SHOWN = 20
"""Sites of the coverage table at most; all are in `coverage-by-site.csv`."""
NO_SITE = "(no site)"
"""Articles of saved pages that name no address."""
SHOWN = ("title", "published", "authors", "section", "tags", "text")
"""Fields of the coverage table; all are in `coverage-by-site.csv`."""

FILES = {
    "articles": "one row an article",
    "sections": "the body by section",
    "authors": "the people and organisations in the bylines",
    "tags": "keywords",
}

READING = """\
Cells are UTF-8; an empty cell means that the page does not say it. Moments are UTC. `published` and `modified` are as exact as
the page is (`2026-08`, `2026-08-22`, `2026-08-22T10:05:00+02:00`); `published_earliest` and `published_latest` are the moments
that publication lies between. The tables go together by `articles.id`, which is `article_id` in the others.

```python
import pandas
articles = pandas.read_csv("data/articles.csv", keep_default_na=False, na_values=[""])
```

```sql
SELECT site, count(*) FROM 'data/articles.csv' GROUP BY site;  -- DuckDB
```

The CSV files are for programs: a spreadsheet may take a cell that begins with `=` for a formula, and cuts long texts off."""

AGAIN = """\
The same archive gives the same bytes, also after it has grown by what was fetched later. A release changes where the archive
knows more or less of that time: pages taken in later that were fetched before the as-of moment, captures read again with other
rules, articles taken down, copies found later, and what sites say now (`--respect` goes by the newest that is known). It also
needs the same versions of morgue and pyarrow."""

RIGHTS = """\
The texts belong to their authors and publishers. A licence of this release covers the work of putting it together, and gives
no right to the articles in it; `articles.licence` and `articles.paywalled` are what their pages state."""

CHECKING = """\
`sha256sum -c SHA256SUMS` checks all files; `frictionless validate datapackage.json` checks every value, key and reference.
`articles.page_sha256` is the digest of the page that a row was read from, as it is kept in the archive."""


def readme(made: Made, licence: str | None) -> str:
    """The page, as Markdown.

    Args:
        made: the release.
        licence: in a word or a few; None where none is stated.

    """
    return "\n\n".join(_parts(made, licence)) + "\n"


def _parts(made: Made, licence: str | None) -> Iterator[str]:
    yield f"# {_line(made.title)}"
    yield made.abstract
    authors = "; ".join(_line(author) for author in made.release.authors)
    yield f"By {authors}." if authors else "Its authors are not stated."
    yield "## What is in it"
    yield "\n".join(_files(made))
    yield READING
    yield "## What was chosen"
    yield from _choice(made)
    yield "## What was left out"
    yield _table(("articles", "", "what"), [(f"{count:,}", part, meaning) for _, count, part, meaning in made.account_lines])
    fetched = ", ".join(f"{outcome} {count:,}" for outcome, count in made.account.outcomes.items())
    yield f"All fetches of the archive till then, by outcome: {fetched or 'none'}."
    yield "## How complete it is"
    yield from _coverage(made)
    yield "## Columns"
    for table in TABLES:
        yield f"### {table.name}"
        yield table.meaning
        yield _table(("column", "type", "filled", "meaning"), list(_columns(made, table.name)))
    yield "## Use"
    yield f"Licence of this release: {_line(licence)}." if licence else "No licence is stated for this release."
    yield RIGHTS
    yield "## Check it, and make it again"
    yield CHECKING
    yield f"    {_line(made.command)}"
    yield AGAIN
    versions = [f"{name} {number}" for name, number in made.versions.items()]
    readers = [f"version {reader} ({count:,} articles)" for reader, count in sorted(made.tally.readers.items())]
    yield f"Written with {', '.join(versions)}. Rules that read the articles: {', '.join(readers) or 'none'}."
    yield "`release.json` has the packages and settings that they were read with."


def _files(made: Made) -> Iterator[str]:
    endings = ("csv", "parquet") if "pyarrow" in made.versions else ("csv",)
    for table in TABLES:
        names = " and ".join(f"`data/{table.name}.{ending}`" for ending in endings)
        yield f"* {names}: {FILES[table.name]}; {made.tally.rows[table.name]:,} rows"
    yield "* `dictionary.csv`: every column with type, meaning, unit, share filled and an example"
    yield "* `coverage-by-site.csv`, `coverage-by-month.csv`: what share of the articles has each field"
    yield "* `account.csv`: how many articles were left out, and why"
    yield "* `release.json`: query, moment, account and versions, for programs"
    yield "* `datapackage.json`: all CSV files as a Data Package; `CITATION.cff`: how to cite it; `SHA256SUMS`: checksums"


def _choice(made: Made) -> Iterator[str]:
    if made.moment is None:
        yield "The archive is empty: nothing was fetched yet."
        return
    yield f"The articles are what they were at {made.moment}: of each the newest reading of a page fetched till then."
    given = {**made.query, "limit": made.release.limit, "leave out": ", ".join(made.release.leave_out)}
    lines = [f"* {name}: `{_code(value)}`" for name, value in given.items() if value]
    yield "\n".join(lines) or "Nothing else was asked for: it is every article of the archive at that moment."


def _coverage(made: Made) -> Iterator[str]:
    sites = sorted(made.tally.by_site.items(), key=lambda item: (-item[1]["articles"], item[0]))
    if not sites:
        yield "There are no articles."
        return
    rows = [
        (
            f"`{_code(site)}`" if site else NO_SITE,
            f"{counts['articles']:,}",
            *(f"{counts[name] / counts['articles']:.0%}" for name in SHOWN),
        )
        for site, counts in sites[:SITES_SHOWN]
    ]
    yield _table(("site", "articles", *SHOWN), rows)
    if len(sites) > SITES_SHOWN:
        yield f"These are the {SITES_SHOWN} with most articles of {len(sites):,}; `coverage-by-site.csv` has all."


def _columns(made: Made, name: str) -> Iterator[tuple[str, ...]]:
    table = next(table for table in TABLES if table.name == name)
    for place, column in enumerate(table.columns):
        share = made.tally.share(name, place)
        unit = f" ({column.unit})" if column.unit and column.unit not in column.meaning else ""
        yield f"`{column.name}`", column.type, "" if share is None else f"{share:.0%}", column.meaning + unit


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _line(text: str) -> str:
    """Text of the user's on one line."""
    return " ".join(text.split())


def _code(value: object) -> str:
    """A value as it may stand between backticks, in a table too."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else "yes" if value is True else str(value)
    return _line(text).replace("`", "'").replace("|", "¦")
