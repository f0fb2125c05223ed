"""What goes with the tables of a release: dictionary, coverage, account, descriptor, citation, and a page to start reading at."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import yaml

from archive.export.dataset.readme import readme
from archive.export.dataset.release import Made
from archive.export.dataset.tables import TABLES, Column, Value, columns
from archive.export.dataset.tally import COVERED, coverage_rows
from archive.export.dataset.writing import cell, write_csv_file

CHUNK = 1024 * 1024
"""Bytes of a file that are read at once."""
EXAMPLE_CHARACTERS = 60
"""Of an example at most."""
NAME_CHARACTERS = 80
"""Of the name of a release at most."""
LICENCE_FILE = "LICENCE.txt"
CITATION_VERSION = "1.2.0"
"""Of the Citation File Format."""

LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC-BY-NC-SA-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "CC-BY-ND-4.0": "https://creativecommons.org/licenses/by-nd/4.0/",
    "CC-BY-NC-ND-4.0": "https://creativecommons.org/licenses/by-nc-nd/4.0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
    "ODC-By-1.0": "https://opendatacommons.org/licenses/by/1-0/",
    "PDDL-1.0": "https://opendatacommons.org/licenses/pddl/1-0/",
}
"""Licences that datasets have, by their SPDX names."""


class Licence(NamedTuple):
    """A licence as descriptor and citation want it: a name of SPDX, an address, words, or several of these."""

    name: str | None
    address: str | None
    words: str | None


class _Sheet(NamedTuple):
    """A small table that tells of the release."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]


def write_papers(made: Made, folder: Path) -> None:
    """Write all that goes with the tables, but for the checksums, into the folder that holds them."""
    sheets = (_dictionary(made), *_coverage(made), _account(made))
    for sheet in sheets:
        write_csv_file(folder / f"{sheet.name}.csv", [column.name for column in sheet.columns], sheet.rows)
    licence = read_licence(made.release.licence)
    if licence is not None and licence.words is not None:
        (folder / LICENCE_FILE).write_text(f"{licence.words}\n", encoding="utf-8", newline="\n")
    _write_text(folder / "release.json", as_json(_facts(made)))
    _write_text(folder / "CITATION.cff", _citation(made, licence))
    _write_text(folder / "README.md", readme(made, licence and (licence.name or licence.address or licence.words)))
    _write_text(folder / "datapackage.json", as_json(_descriptor(made, licence, sheets, folder)))


def read_licence(text: str | None) -> Licence | None:
    """Tell what sort of thing names a licence; None where nothing does."""
    text = (text or "").strip()
    if not text:
        return None
    known = {name.lower(): name for name in LICENCES}.get(text.lower())
    if known is not None:
        return Licence(known, LICENCES[known], None)
    parts = urlsplit(text)
    is_address = parts.scheme in ("http", "https") and parts.netloc and not re.search(r"\s", text)
    return Licence(None, text, None) if is_address else Licence(None, None, text)


def files_of(folder: Path) -> list[str]:
    """The files of a release, relative and sorted, without hidden ones."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in found if not path.name.startswith("."))


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def as_json(value: object) -> str:
    """One JSON document, indented, with a line end."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _dictionary(made: Made) -> _Sheet:
    """Every column of the tables with its meaning, and how much of it is filled."""
    rows: list[Sequence[Value]] = []
    for table, column in columns():
        place = table.columns.index(column)
        share = made.tally.share(table.name, place)
        example = made.tally.examples[table.name][place]
        rows.append(
            (
                table.name, column.name, column.type, column.meaning, column.unit, "" if share is None else f"{share:.4f}",
                "" if example is None else _example(example),
            )
        )  # fmt: skip
    described = (
        Column("table", "string", "name of the table", always=True),
        Column("column", "string", "name of the column", always=True),
        Column("type", "string", "integer, string, boolean or datetime", always=True),
        Column("meaning", "string", "what it holds", always=True),
        Column("unit", "string", "unit, or form of its values"),
        Column("filled", "number", "share of the rows that have a value", "0 to 1"),
        Column("example", "string", "the first value, as JSON; a long one is cut"),
    )
    return _Sheet("dictionary", "Every column of the tables: type, meaning, unit, share filled, example.", described, rows)


def _example(value: Value) -> str:
    """A value as JSON, which no spreadsheet takes for a formula."""
    plain = cell(value)
    if isinstance(plain, str) and len(plain) > EXAMPLE_CHARACTERS:
        plain = plain[:EXAMPLE_CHARACTERS] + "…"
    return str(plain) if isinstance(value, bool) else json.dumps(plain, ensure_ascii=False)


def _coverage(made: Made) -> tuple[_Sheet, _Sheet]:
    """Shares of the articles that have each field, by site and by month."""
    shares = tuple(Column(name, "number", f"share of them that have {name}", "0 to 1", always=True) for name in COVERED)
    count = Column("articles", "integer", "articles of the release", "articles", always=True)
    site = Column("site", "string", "host of their addresses, without www.; empty for saved pages that name no address")
    month = Column("month", "string", "month of publication; a year where the page says no more, empty where it says nothing")
    return (
        _Sheet("coverage-by-site", "What share of each site's articles has each field.", (site, count, *shares),
               list(coverage_rows(made.tally.by_site))),
        _Sheet("coverage-by-month", "The same by month of publication.", (month, count, *shares),
               list(coverage_rows(made.tally.by_month))),
    )  # fmt: skip


def _account(made: Made) -> _Sheet:
    """How many articles there were, and what became of each."""
    described = (
        Column("step", "string", "short name", always=True),
        Column("articles", "integer", "how many", "articles", always=True),
        Column("part", "string", "`sum` for all, `left out` or `in` for what makes it up, else a note beside it", always=True),
        Column("meaning", "string", "what is counted", always=True),
    )
    return _Sheet(
        "account", "How many articles there were, and how many were left out for which reason.", described, made.account_lines
    )


def _facts(made: Made) -> dict[str, Any]:
    """All that is to be known of how the release was made, for programs."""
    release = made.release
    return {
        "title": made.title,
        "authors": list(release.authors),
        "licence": release.licence,
        "as_of": made.moment,
        "query": made.query,
        "limit": release.limit,
        "leave_out": list(release.leave_out),
        "command": made.command,
        "rows": {table.name: made.tally.rows[table.name] for table in TABLES},
        "account": [dict(zip(("step", "articles", "part", "meaning"), line, strict=True)) for line in made.account_lines],
        "fetches": dict(made.account.outcomes),
        "versions": dict(made.versions),
        "read_with": [
            {"reader": one.reader, "packages": one.packages, "settings": one.settings, "selected": one.articles}
            for one in made.account.readings
        ],
    }


def _citation(made: Made, licence: Licence | None) -> str:
    facts: dict[str, Any] = {
        "cff-version": CITATION_VERSION,
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": made.title,
        "authors": [_cited(author) for author in made.release.authors] or [{"name": "Authors not stated"}],
        "abstract": made.abstract,
    }
    if made.moment is not None:
        facts["version"] = made.moment
    if licence is not None and licence.name is not None:
        facts["license"] = licence.name
    elif licence is not None and licence.address is not None:
        facts["license-url"] = licence.address
    written: str = yaml.safe_dump(facts, allow_unicode=True, sort_keys=False)
    return written


def _cited(author: str) -> dict[str, str]:
    """A person as `Lindqvist, Mara`; anything else is cited as it is written."""
    family, comma, given = (part.strip() for part in author.partition(","))
    return {"family-names": family, "given-names": given} if comma and family and given else {"name": author}


def _descriptor(made: Made, licence: Licence | None, sheets: Sequence[_Sheet], folder: Path) -> dict[str, Any]:
    """The Data Package (frictionless, version 1)."""
    found: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": _name(made.title),
        "title": made.title,
        "description": made.abstract,
        "version": made.moment or "empty",
    }
    if made.release.authors:
        found["contributors"] = [{"title": author, "role": "author"} for author in made.release.authors]
    if licence is not None:
        found["licenses"] = [_licence_entry(licence)]
    found["resources"] = [
        *(_resource(folder, f"data/{table.name}.csv", table.meaning, table.columns, table.key) for table in TABLES),
        *(_resource(folder, f"{sheet.name}.csv", sheet.meaning, sheet.columns) for sheet in sheets),
    ]
    return found


def _licence_entry(licence: Licence) -> dict[str, str]:
    if licence.words is not None:
        return {"path": LICENCE_FILE, "title": licence.words}
    assert licence.address is not None
    return {"path": licence.address} if licence.name is None else {"name": licence.name, "path": licence.address}


def _resource(folder: Path, path: str, meaning: str, described: Sequence[Column], key: Sequence[str] = ()) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in described], "missingValues": [""]}
    if key:
        schema["primaryKey"] = list(key)
    if "article_id" in key:
        schema["foreignKeys"] = [{"fields": ["article_id"], "reference": {"resource": "articles", "fields": ["id"]}}]
    return {
        "profile": "tabular-data-resource", "name": Path(path).stem, "path": path, "description": meaning, "format": "csv",
        "mediatype": "text/csv", "encoding": "utf-8", "bytes": (folder / path).stat().st_size,
        "hash": f"sha256:{digest_of(folder / path)}", "schema": schema,
    }  # fmt: skip


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.type, "description": column.meaning}
    if column.unit:
        field["description"] += f" ({column.unit})"
    if column.always:
        field["constraints"] = {"required": True}
    return field


def _name(title: str) -> str:
    """A name for the package, of small ASCII letters, digits, `.` and `-`."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.")[:NAME_CHARACTERS].strip("-.") or "articles"
