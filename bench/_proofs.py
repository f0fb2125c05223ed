"""One proof for each tool of others: it reads what morgue wrote, and what it finds is held against the archive.

Run by whatever Python has the tool, so nothing of morgue is imported here: `python -P _proofs.py NAME FOLDER`. What was written
lies in the folder, `truth.json` among it. The last line that is printed says what was read; a proof that fails raises.
"""

from __future__ import annotations

import asyncio
import csv
import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

CELL = 1 << 24
"""Characters of a CSV cell at most, for Python's reader, which stops at 131,072 of itself."""


def same(name: str, found: Iterable[Any], wanted: Iterable[Any]) -> int:
    """Hold what a tool read against what the archive has; returns how many there are."""
    ours, theirs = list(wanted), list(found)
    assert len(theirs) == len(ours), f"{len(theirs)} {name} in place of {len(ours)}"
    for mine, other in zip(ours, theirs, strict=True):
        assert mine == other, f"{name}: {other!r:.80} in place of {mine!r:.80}"
    return len(ours)


def run(*command: object, folder: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).strip()[-300:]
    return done.stdout + done.stderr


def script(name: str) -> Path:
    """A command that stands beside this Python."""
    return Path(sys.executable).with_name(name)


def truth(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return found


def of_articles(folder: Path, name: str) -> list[Any]:
    return [article[name] for article in truth(folder)["articles"]]


def warcio(folder: Path) -> str:
    passed = 0
    for name in ("x.warc.gz", "x.warc"):
        said = run(script("warcio"), "check", "-v", name, folder=folder)
        assert "fail" not in said, said[-300:]
        passed += said.count("digest pass")
    return f"all {passed:,} records have the digests that they name"


def wacz(folder: Path) -> str:
    said = run(script("wacz"), "validate", "-f", "x.wacz", folder=folder)
    assert "the passed WACZ is valid" in said, said[-300:]
    return "valid"


def pywb(folder: Path) -> str:
    place = folder / "collections-of-pywb"
    place.mkdir()
    replay = Path(truth(folder)["replay"])
    said = run(sys.executable, replay, folder / "x.warc.gz", folder=place)
    pages = [json.loads(line.removeprefix("REPLAYED ")) for line in said.splitlines() if line.startswith("REPLAYED ")]
    exact = [page for page in pages if page["mode"] == "id_" and page["status"].startswith("200")]
    same("payloads", sorted({page["sha256"] for page in exact}), sorted(truth(folder)["payloads"]))
    return f"{len(exact):,} captures replayed, byte for byte"


def cdxj_indexer(folder: Path) -> str:
    import gzip
    import zipfile

    said = run(script("cdxj-indexer"), "--sort", "x.warc.gz", folder=folder)
    theirs = [line.partition(" {")[0] for line in said.splitlines()]
    with zipfile.ZipFile(folder / "x.wacz") as packed:
        ours = gzip.decompress(packed.read("indexes/index.cdx.gz")).decode().splitlines()
    return f"{same('lines', theirs, [line.partition(' {')[0] for line in ours]):,} lines as in the index of ours"


def frictionless(folder: Path) -> str:
    import frictionless

    report = frictionless.validate(str(folder / "dataset" / "datapackage.json"))
    assert report.valid, str(report.flatten(["title", "message"]))[:300]
    rows = sum(task.stats.get("rows") or 0 for task in report.tasks)
    return f"valid: {len(report.tasks)} tables, {rows:,} rows with types, keys and references"


def cffconvert(folder: Path) -> str:
    run(script("cffconvert"), "--validate", "-i", folder / "dataset" / "CITATION.cff", folder=folder)
    return "valid"


def pandas(folder: Path) -> str:
    import pandas

    for frame in (
        pandas.read_parquet(folder / "x.parquet"),
        pandas.read_csv(folder / "x.csv", keep_default_na=False),
        pandas.read_json(folder / "x.jsonl", lines=True),
    ):
        same("texts", frame["text"], of_articles(folder, "text"))
        count = same("addresses", frame["url"], of_articles(folder, "url"))
    return f"{count:,} articles, three times the same texts"


def pyarrow(folder: Path) -> str:
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(folder / "x.parquet")
    count = same("texts", table["text"].to_pylist(), of_articles(folder, "text"))
    return f"{count:,} articles, first_seen of type {table.schema.field('first_seen').type}"


def csv_module(folder: Path) -> str:
    csv.field_size_limit(CELL)
    with (folder / "x.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    same("titles", [row["title"] for row in rows], of_articles(folder, "title"))
    return f"{same('texts', [row['text'] for row in rows], of_articles(folder, 'text')):,} articles"


def json_module(folder: Path) -> str:
    lines = [json.loads(line) for line in (folder / "x.jsonl").read_text(encoding="utf-8").split("\n") if line]
    return f"{same('texts', [line['text'] for line in lines], of_articles(folder, 'text')):,} articles"


def openpyxl(folder: Path) -> str:
    import openpyxl

    rows = openpyxl.load_workbook(folder / "x.xlsx", read_only=True).worksheets[0].iter_rows(values_only=True)
    names = list(next(rows))
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return f"{same('titles', [row['title'] for row in found], of_articles(folder, 'title')):,} articles"


def bibtexparser(folder: Path) -> str:
    import bibtexparser

    library = bibtexparser.parse_file(str(folder / "x.bib"))
    assert not library.failed_blocks, str(library.failed_blocks[0])[:300]
    return f"{same('addresses', [entry['url'] for entry in library.entries], of_articles(folder, 'url')):,} entries"


def pybtex(folder: Path) -> str:
    from pybtex.database import parse_file

    entries = parse_file(str(folder / "x.bib")).entries.values()
    same("addresses", [entry.fields["url"] for entry in entries], of_articles(folder, "url"))
    return f"{len(entries):,} entries, {sum(len(entry.persons.get('author', [])) for entry in entries):,} people"


def rispy(folder: Path) -> str:
    import rispy

    with (folder / "x.ris").open(encoding="utf-8") as stream:
        entries = rispy.load(stream)
    return f"{same('addresses', [entry['urls'][0] for entry in entries], of_articles(folder, 'url')):,} entries"


def citeproc(folder: Path) -> str:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    items = json.loads((folder / "x.csl.json").read_text(encoding="utf-8"))
    same("addresses", [item["URL"] for item in items], of_articles(folder, "url"))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    lines = [str(line) for line in bibliography.bibliography()]
    assert all(lines)
    return f"{len(lines):,} references in Harvard style"


def lxml(folder: Path) -> str:
    from lxml import etree

    schema = etree.RelaxNG(etree.parse(truth(folder)["tei"]))
    document = etree.parse(folder / "x.xml")
    schema.assertValid(document)
    count = len(document.findall("{*}TEI"))
    assert count == len(truth(folder)["articles"]), count
    return f"{count:,} articles, valid by the part of TEI P5 that is used"


def tei_all(folder: Path) -> str:
    """All of TEI P5, by the schema of the TEI Consortium as HookTest, the checker of the Capitains editions, has it with it."""
    from importlib.metadata import distribution

    from lxml import etree

    path = distribution("HookTest").locate_file("HookTest/resources/tei.rng")
    etree.RelaxNG(etree.parse(path)).assertValid(etree.parse(folder / "x.xml"))
    edition = re.search(r"TEI Edition:\s+Version\s+([\d.]+\d)", Path(str(path)).read_text(encoding="utf-8"))
    assert edition is not None
    return f"valid by all of TEI P5 {edition[1]}"


def yaml(folder: Path) -> str:
    import yaml

    found = {}
    for path in (folder / "markdown").rglob("*.md"):
        matter = re.match(r"---\n(.*?)\n---\n", path.read_text(encoding="utf-8"), re.DOTALL)
        assert matter is not None, path.name
        fields = yaml.safe_load(matter[1])
        found[fields["url"]] = fields["title"]
    wanted = dict(zip(of_articles(folder, "url"), of_articles(folder, "title"), strict=True))
    return f"front matter of {same('titles', sorted(found.items()), sorted(wanted.items())):,} files"


def sqlite_utils(folder: Path) -> str:
    from sqlite_utils import Database

    db = Database(folder / "morgue.db")
    same("texts", [row["text"] for row in db["articles"].rows_where(order_by="id")], of_articles(folder, "text"))
    assert db["articles"].detect_fts() == "articles_fts"
    word = truth(folder)["word"]
    return f"{len(list(db['articles'].search(word))):,} articles found by a search, {len(db.tables)} tables"


def datasette(folder: Path) -> str:
    from datasette.app import Datasette

    with sqlite3.connect(folder / "morgue.db") as conn:
        names = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]

    async def statuses() -> dict[str, int]:
        served = Datasette([str(folder / "morgue.db")])
        return {name: (await served.client.get(f"/morgue/{name}.json")).status_code for name in names}

    failed = {name: status for name, status in asyncio.run(statuses()).items() if status != 200}
    assert not failed, str(failed)
    return f"{len(names)} tables and views shown"


def sqlite3_shell(folder: Path) -> str:
    said = run("sqlite3", "-readonly", "morgue.db", "PRAGMA integrity_check; PRAGMA foreign_key_check;", folder=folder)
    assert said.strip() == "ok", said
    return "integrity and foreign keys ok"


def zstd(folder: Path) -> str:
    """A payload by SQL and the zstd tool alone, as in ten years' time."""
    row = "SELECT sha256, writefile('payload.zst', data) FROM payloads WHERE codec = 'zstd' LIMIT 1"
    digest = run("sqlite3", "-readonly", "morgue.db", row, folder=folder).split("|")[0]
    run("zstd", "-q", "-d", "-f", "payload.zst", folder=folder)
    assert hashlib.sha256((folder / "payload").read_bytes()).hexdigest() == digest
    return "a payload has its SHA-256"


def sha256sum(folder: Path) -> str:
    said = run("sha256sum", "-c", "SHA256SUMS", folder=folder / "dataset")
    return f"{said.count(': OK')} files of the release"


Proof = Callable[[Path], str]

PROOFS: dict[str, tuple[str, str, Proof]] = {
    "warcio": ("warcio", "WARC, packed and plain", warcio),
    "wacz": ("wacz", "WACZ", wacz),
    "cdxj-indexer": ("cdxj-indexer", "WARC", cdxj_indexer),
    "pywb": ("pywb", "WARC", pywb),
    "frictionless": ("frictionless", "dataset", frictionless),
    "cffconvert": ("cffconvert", "CITATION.cff", cffconvert),
    "sha256sum": ("", "SHA256SUMS", sha256sum),
    "pyarrow": ("pyarrow", "Parquet", pyarrow),
    "pandas": ("pandas", "Parquet, CSV, JSON lines", pandas),
    "csv": ("python", "CSV", csv_module),
    "json": ("python", "JSON lines", json_module),
    "openpyxl": ("openpyxl", "XLSX", openpyxl),
    "lxml": ("lxml", "TEI", lxml),
    "HookTest": ("HookTest", "TEI", tei_all),
    "pyyaml": ("pyyaml", "Markdown", yaml),
    "bibtexparser": ("bibtexparser", "BibTeX", bibtexparser),
    "pybtex": ("pybtex", "BibTeX", pybtex),
    "rispy": ("rispy", "RIS", rispy),
    "citeproc-py": ("citeproc-py", "CSL-JSON", citeproc),
    "sqlite3": ("", "archive", sqlite3_shell),
    "zstd": ("", "archive", zstd),
    "sqlite-utils": ("sqlite-utils", "archive", sqlite_utils),
    "datasette": ("datasette", "archive", datasette),
}
"""Tool -> distribution (`python`: part of it; empty: a command of the system), what it reads, and the proof."""


def version_of(name: str) -> str | None:
    """Version of the tool that a proof needs, as this Python has it; None where it is not there."""
    from importlib.metadata import PackageNotFoundError, version

    distribution = PROOFS[name][0]
    if distribution == "python":
        return sys.version.split()[0]
    if distribution:
        try:
            return version(distribution)
        except PackageNotFoundError:
            return None
    if shutil.which(name) is None:
        return None
    said = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+(\.\d+)+", said)
    return found[0] if found else "?"


def main() -> None:
    warnings.simplefilter("ignore")
    if sys.argv[1:]:
        name, folder = sys.argv[1:]
        print(PROOFS[name][2](Path(folder)))
        return
    print(json.dumps({name: version_of(name) for name in PROOFS}))


if __name__ == "__main__":
    main()
