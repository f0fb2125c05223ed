"""A release: complete, true to the archive, valid for the tools of others, and the same bytes again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shlex
import sqlite3
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.capture import Capture, Payload
from archive.errors import DamagedRow
from archive.export.dataset import Made, Release, write_release, write_zip
from archive.export.dataset.papers import read_licence
from archive.export.dataset.tables import TABLES, columns
from archive.revision import RevisionAuthor
from archive.rights import Rights
from archive.timestamps import set_clock
from archive.visit import Outcome, Visit
from tests.archive.samples import LATER, NOW, URL, article_visit, revision

CITATION_KEYS = {"cff-version", "message", "type", "title", "authors", "abstract", "version", "license", "license-url"}
"""Keys that we write; all are of the Citation File Format 1.2.0."""

NASTY = 'a\r\nb\n"c",;\t\'=1+1 \\ \u2028 \U0001f6a2 \u05d0'


@pytest.fixture
def made(archive: Archive, tmp_path: Path) -> Callable[..., tuple[Made, Path]]:
    def make(**facts: Any) -> tuple[Made, Path]:
        folder = tmp_path / f"release-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return write_release(archive, folder, Release(**facts)), folder

    return make


@pytest.fixture
def filled(archive: Archive) -> Archive:
    undated = dict.fromkeys(("published", "published_precision", "published_earliest", "published_latest"))
    other = replace(revision("https://post.example/wall", NASTY, title=NASTY, tags=(NASTY,), **undated), site="post.example")
    archive.commit(None, [article_visit(), article_visit("https://post.example/wall", revision=other)], NOW)
    return archive


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def problems(folder: Path) -> list[str]:
    """What frictionless finds wrong with a release."""
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(folder / "datapackage.json"))
    return [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors] + [
        error.message for error in report.errors
    ]


@pytest.mark.parametrize("as_of", [None, NOW])
def test_a_release_does_not_change_as_a_page_runs_out(archive: Archive, made: Any, as_of: datetime | None) -> None:
    visit = article_visit()
    until = Rights(unavailable_after=LATER)
    archive.commit(None, [replace(visit, captures=(replace(visit.captures[0], rights=until),))], NOW)
    releases = []
    for today in (NOW, LATER + timedelta(days=365)):
        with clock_at(today):
            facts, folder = made(as_of=as_of, filters={"respect": ("noindex",)})
        assert facts.tally.articles == 1
        releases.append(content(folder))
    assert releases[0] == releases[1]


def test_a_page_that_has_run_out_by_the_moment_of_a_release_is_left_out(archive: Archive, made: Any) -> None:
    visit = article_visit()
    archive.commit(None, [replace(visit, captures=(replace(visit.captures[0], rights=Rights(unavailable_after=LATER)),))], NOW)
    facts, _ = made(as_of=LATER, filters={"respect": ("noindex",)})
    assert (facts.tally.articles, facts.account.forbids) == (0, {"noindex": 1})


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    set_clock(moment)
    try:
        yield
    finally:
        set_clock(datetime.now(UTC))


def test_a_release_is_valid_for_frictionless(filled: Archive, made: Any) -> None:
    _, folder = made(authors=("Lindqvist, Mara", "The Desk"), licence="CC-BY-4.0")
    assert problems(folder) == []


def test_frictionless_finds_a_row_that_was_changed(filled: Archive, made: Any) -> None:
    _, folder = made()
    path = folder / "data" / "authors.csv"
    path.write_bytes(path.read_bytes().replace(b"\n1,1,", b"\n9,1,"))
    assert any("authors" in problem for problem in problems(folder))


def test_an_empty_archive_gives_a_valid_release(archive: Archive, made: Any) -> None:
    release, folder = made()
    assert problems(folder) == []
    assert (release.moment, release.title, rows(folder / "data" / "articles.csv")) == (None, "No articles", [])
    assert "nothing was fetched yet" in (folder / "README.md").read_text(encoding="utf-8")


def test_very_long_texts_are_whole_and_valid(archive: Archive, made: Any) -> None:
    archive.commit(None, [article_visit(revision=revision(URL, "word " * 60_000))], NOW)
    _, folder = made()
    csv.field_size_limit(sys.maxsize)
    assert len(rows(folder / "data" / "articles.csv")[0]["text"]) > 250_000
    assert problems(folder) == []


def test_checksums_name_every_file(filled: Archive, made: Any) -> None:
    _, folder = made()
    files = content(folder)
    lines = files.pop("SHA256SUMS").decode().splitlines()
    assert dict(reversed(line.split("  ")) for line in lines) == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items()
    }


def test_the_tables_are_true_to_the_archive(filled: Archive, made: Any) -> None:
    _, folder = made()
    first, second = rows(folder / "data" / "articles.csv")
    article = filled.article(1)
    assert (first["title"], first["text"], first["published"]) == (article.title, article.text, "2026-08-22")
    assert (first["published_latest"], first["published_zone_known"], first["paywalled"]) == ("2026-08-22T23:59:59Z", "false", "")
    assert first["page_sha256"] == hashlib.sha256(filled.payload(1)).hexdigest()
    assert (second["title"], second["published"]) == (NASTY, "")
    assert rows(folder / "data" / "sections.csv")[0] == {
        "article_id": "1", "position": "0", "heading": "A late start", "level": "2",
        "text": "The ferry left at dusk.\n\nNobody had expected it.",
    }  # fmt: skip
    assert [row["name"] for row in rows(folder / "data" / "authors.csv") if row["article_id"] == "1"] == list(article.authors)
    assert rows(folder / "data" / "tags.csv")[2] == {"article_id": "2", "position": "0", "tag": NASTY}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_parquet_has_the_same_columns_and_values_as_csv(filled: Archive, made: Any, table: Any) -> None:
    _, folder = made()
    read = pyarrow.parquet.read_table(folder / "data" / f"{table.name}.parquet")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(read.column_names)
    for row in read.to_pylist():
        cells = ["true" if v is True else "false" if v is False else v for v in row.values()]
        writer.writerow([v.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(v, datetime) else v for v in cells])
    assert text.getvalue() == (folder / "data" / f"{table.name}.csv").read_bytes().decode()


def test_without_pyarrow_there_is_csv_alone(filled: Archive, made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.export.dataset.writing.importlib.util.find_spec", lambda _: None)
    release, folder = made()
    assert not list(folder.rglob("*.parquet"))
    assert "pyarrow" not in release.versions
    assert ".parquet" not in (folder / "README.md").read_text(encoding="utf-8")


def test_the_dictionary_explains_every_column_with_share_and_example(filled: Archive, made: Any) -> None:
    _, folder = made()
    lines = {(row["table"], row["column"]): row for row in rows(folder / "dictionary.csv")}
    assert list(lines) == [(table.name, column.name) for table, column in columns()]
    assert all(row["meaning"] for row in lines.values())
    assert lines["articles", "published"]["filled"] == "0.5000"
    assert lines["articles", "title"]["example"] == '"Night ferry returns"'
    assert (lines["articles", "licence"]["filled"], lines["articles", "licence"]["example"]) == ("0.0000", "")
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{column.name}` |" in readme for _, column in columns())


def test_coverage_is_given_by_site_and_by_month(filled: Archive, made: Any) -> None:
    _, folder = made()
    sites = {row["site"]: row for row in rows(folder / "coverage-by-site.csv")}
    assert (sites["post.example"]["articles"], sites["post.example"]["published"]) == ("1", "0.0000")
    assert (sites["tern.example"]["published"], sites["tern.example"]["authors"]) == ("1.0000", "1.0000")
    assert [row["month"] for row in rows(folder / "coverage-by-month.csv")] == ["", "2026-08"]


def test_an_article_of_no_site_is_valid_and_counts_for_no_site(filled: Archive, made: Any) -> None:
    page = Capture("file:///home/me/page", NOW, 200, (), Payload.of(b"<p>x"), "file")
    saved = replace(revision(page.url, "Saved."), site="")
    filled.commit(None, [article_visit(page.url, revision=saved, captures=(page,))], NOW)
    release, folder = made()
    assert release.title.startswith("Articles of 2 sites, ")
    assert release.abstract.startswith("3 articles of 2 sites, ")
    assert "\n| (no site) | 1 | " in (folder / "README.md").read_text(encoding="utf-8")
    assert [row["site"] for row in rows(folder / "coverage-by-site.csv")] == ["", "post.example", "tern.example"]
    assert [row["site"] for row in rows(folder / "data" / "articles.csv")] == ["tern.example", "post.example", ""]
    assert pyarrow.parquet.read_table(folder / "data" / "articles.parquet")["site"].to_pylist()[2] is None
    assert problems(folder) == []
    alone, _ = made(filters={"query": "saved"})
    assert (alone.tally.articles, alone.title.partition(",")[0]) == (1, "Articles")


def test_the_same_bytes_come_again_after_the_archive_has_grown(filled: Archive, made: Any) -> None:
    _, before = made(as_of=NOW, filters={"query": "ferry OR wall", "unique": True})
    changed = replace(revision(URL, "All is changed."), title="Changed", lang="de", authors=())
    filled.commit(
        None,
        [
            article_visit(body=b"changed", fetched=LATER, revision=changed),
            article_visit("https://tern.example/new-ferry", fetched=LATER),
            Visit("https://post.example/wall", LATER + timedelta(hours=1), Outcome.GONE, status=404),
        ],
        LATER,
    )  # fmt: skip
    _, after = made(as_of=NOW, filters={"query": "ferry OR wall", "unique": True})
    assert content(before) == content(after)
    release, today = made()
    assert content(today) != content(before)
    assert release.moment == "2026-08-23T11:05:00Z"
    assert rows(today / "data" / "articles.csv")[1]["withdrawn"] == "2026-08-23T11:05:00Z"


@settings(max_examples=8, deadline=None)
@given(
    chance=st.randoms(use_true_random=False),
    query=st.sampled_from([{}, {"query": "ferry OR wall"}, {"lang": "en", "since": "2020"}]),
)
def test_nothing_that_is_fetched_later_changes_a_release(
    tmp_path_factory: pytest.TempPathFactory, chance: Any, query: Any
) -> None:
    folder = tmp_path_factory.mktemp("release")
    moments = iter(NOW + timedelta(hours=hour) for hour in range(100))

    def grow(archive: Archive) -> None:
        for moment in islice(moments, 8):
            url = f"https://tern.example/{chance.randrange(3)}"
            if chance.random() < 0.3:
                archive.commit(None, [Visit(url, moment, Outcome.GONE, status=404)], moment)
                continue
            read = revision(
                url, chance.choice(["The ferry sails.", "The wall \0 stands."]), lang=chance.choice(["en", "de", None])
            )
            read = replace(read, title=chance.choice(["Ferry", "Wall", None]), tags=tuple(chance.sample("xyz", 2)))
            archive.commit(None, [article_visit(url, body=moment.isoformat().encode(), fetched=moment, revision=read)], moment)

    contents = []
    with Archive.create(folder / "morgue.db") as archive:
        grow(archive)
        as_of = archive.latest_fetch()
        for name in ("before", "after"):
            (folder / name).mkdir()
            write_release(archive, folder / name, Release(as_of, query))
            contents.append(content(folder / name))
            grow(archive)
    assert contents[0] == contents[1]


def test_the_moment_is_that_of_the_newest_fetch_unless_it_is_said(filled: Archive, made: Any) -> None:
    release, first = made()
    _, second = made(as_of=NOW)
    assert release.moment == "2026-08-22T10:05:00Z"
    assert content(first) == content(second)


def test_the_account_adds_up_and_says_why(filled: Archive, made: Any) -> None:
    release, folder = made(filters={"site": "post.example"}, leave_out=("undated",))
    lines = {row["step"]: (int(row["articles"]), row["part"]) for row in rows(folder / "account.csv")}
    assert lines == {"known": (2, "sum"), "other": (1, "left out"), "leave_out_undated": (1, "left out"), "released": (0, "in")}
    assert release.tally.articles == 0
    assert problems(folder) == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    facts=st.lists(st.tuples(st.sampled_from("ab"), st.booleans(), st.booleans()), max_size=6),
    site=st.sampled_from([None, "a.example"]), since=st.sampled_from([None, "2020"]), limit=st.sampled_from([None, 1, 3]),
    leave_out=st.sets(st.sampled_from(["undated", "empty", "withdrawn"])),
)  # fmt: skip
def test_what_is_left_out_and_what_is_in_make_up_what_was_there(
    tmp_path_factory: pytest.TempPathFactory, facts: Any, site: Any, since: Any, limit: Any, leave_out: Any
) -> None:
    folder = tmp_path_factory.mktemp("release")
    undated = dict.fromkeys(("published", "published_precision", "published_earliest", "published_latest"))
    with Archive.create(folder / "morgue.db") as archive:
        for number, (letter, dated, full) in enumerate(facts):
            url = f"https://{letter}.example/{number}"
            read = revision(url, site=f"{letter}.example", **({} if dated else undated))
            archive.commit(None, [article_visit(url, revision=read if full else replace(read, blocks=(), text=""))], NOW)
        (folder / "out").mkdir()
        filters = {"site": site, "since": since}
        made = write_release(archive, folder / "out", Release(None, filters, limit, tuple(sorted(leave_out))))
        in_archive = archive.stats().articles
    lines = made.account_lines
    assert all(count >= 0 for _, count, _, _ in lines)
    assert sum(count for _, count, part, _ in lines if part in ("in", "left out")) == lines[0][1] == in_archive
    assert made.tally.articles == len(rows(folder / "out" / "data" / "articles.csv"))


def test_a_row_that_is_damaged_is_named(filled: Archive, made: Any, path: Path) -> None:
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("UPDATE revisions SET tags = '{' WHERE article_id = 2")
    with pytest.raises(DamagedRow, match="article 2"):
        made()


def test_what_cannot_be_left_out_is_refused(filled: Archive, made: Any) -> None:
    with pytest.raises(ValueError, match="choose of undated"):
        made(leave_out=("dull",))


def test_the_command_that_makes_it_again_is_told(filled: Archive, made: Any) -> None:
    filters = {
        "site": "tern.example",
        "since": datetime(2026, 1, 1, tzinfo=UTC),
        "unique": True,
        "respect": ("tdm", "ai"),
        "lang": None,
    }
    release, folder = made(filters=filters, title="It's here", authors=("Lind, Ada", "Desk"), leave_out=("empty",))
    assert shlex.split(release.command)[5:] == [
        "--as-of", "2026-08-22T10:05:00Z", "--respect", "tdm,ai", "--since", "2026-01-01T00:00:00Z", "--site", "tern.example",
        "--unique", "--leave-out", "empty", "--title", "It's here", "--authors", "Lind, Ada; Desk",
    ]  # fmt: skip
    assert release.command in (folder / "README.md").read_text(encoding="utf-8")
    assert json.loads((folder / "release.json").read_text(encoding="utf-8"))["query"]["respect"] == ["tdm", "ai"]


@pytest.mark.parametrize(
    ("licence", "cited", "described"),
    [
        (None, {}, None),
        ("cc-by-4.0", {"license": "CC-BY-4.0"}, {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}),
        ("https://tern.example/terms", {"license-url": "https://tern.example/terms"}, {"path": "https://tern.example/terms"}),
        ("For study alone", {}, {"path": "LICENCE.txt", "title": "For study alone"}),
    ],
)
def test_the_licence_is_told_where_it_fits(filled: Archive, made: Any, licence: Any, cited: Any, described: Any) -> None:
    _, folder = made(licence=licence)
    citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert {name: value for name, value in citation.items() if name.startswith("license")} == cited
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package.get("licenses") == (None if described is None else [described])
    assert (folder / "LICENCE.txt").exists() == (described is not None and "title" in described)
    assert problems(folder) == []


def test_a_licence_of_blanks_is_none() -> None:
    assert read_licence(" ") is None


def test_the_citation_has_what_the_format_asks_for(filled: Archive, made: Any) -> None:
    _, folder = made(title=NASTY, authors=("Lindqvist, Mara", "The Harbour Desk"))
    citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["authors"] == [{"family-names": "Lindqvist", "given-names": "Mara"}, {"name": "The Harbour Desk"}]
    assert set(citation) <= CITATION_KEYS
    assert all(isinstance(citation[key], str) for key in ("cff-version", "message", "title", "version", "abstract"))
    assert citation["title"] == " ".join(NASTY.split())
    assert re.fullmatch(r"[a-z0-9.-]+", json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["name"])


def test_without_authors_the_papers_say_so(filled: Archive, made: Any) -> None:
    _, folder = made()
    citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["authors"] == [{"name": "Authors not stated"}]
    assert citation["title"] == "Articles of 2 sites, as of 2026-08-22"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "Its authors are not stated." in readme
    assert "No licence is stated" in readme


def test_a_zip_holds_the_files_and_is_the_same_again(filled: Archive, made: Any) -> None:
    packed = []
    for _ in range(2):
        _, folder = made()
        (folder / ".hidden").touch()
        stream = io.BytesIO()
        write_zip(folder, stream)
        packed.append(stream.getvalue())
    assert packed[0] == packed[1]
    with zipfile.ZipFile(io.BytesIO(packed[0])) as opened:
        assert opened.testzip() is None
        assert sorted(opened.namelist()) == sorted(name for name in content(folder) if name != ".hidden")


def test_a_date_that_cannot_be_read_is_empty(archive: Archive, made: Any) -> None:
    facts = {"published_earliest": "damaged", "published_latest": "0001-01-01T00:00:00+14:00"}
    archive.commit(None, [article_visit(revision=revision(**facts))], NOW)
    _, folder = made()
    assert [rows(folder / "data" / "articles.csv")[0][name] for name in facts] == ["", ""]
    assert problems(folder) == []


def test_a_name_that_is_empty_is_valid(archive: Archive, made: Any) -> None:
    archive.commit(None, [article_visit(revision=revision(authors=(RevisionAuthor("", "person"),), tags=("",)))], NOW)
    _, folder = made()
    assert problems(folder) == []
