from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from archive import Archive
from archive.errors import PackageMissing
from archive.export import parquet
from archive.export.parquet import write_parquet
from tests.archive.samples import LATER, NOW, URL, article_visit, revision


def written(archive: Archive, **filters: Any) -> bytes:
    stream = io.BytesIO()
    write_parquet(archive.articles(**filters), stream, archive)
    return stream.getvalue()


def rows(data: bytes) -> list[dict[str, Any]]:
    return pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()


def test_a_row_holds_people_sections_and_dates_with_their_bounds(archive: Archive) -> None:
    archive.commit(None, [article_visit()], NOW)
    (row,) = rows(written(archive))
    assert row["authors"][0] == {"name": "Mai Ó Súilleabháin", "kind": "person", "role": "harbour reporter", "url": None}
    assert row["sections"] == [
        {"heading": "A late start", "level": 2, "paragraphs": ["The ferry left at dusk.", "Nobody had expected it."]}
    ]
    assert (row["published"], row["published_precision"], row["tags"]) == ("2026-08-22", "day", ["ferries", "night"])
    assert row["published_latest"] == datetime(2026, 8, 22, 23, 59, 59, tzinfo=UTC)
    assert (row["first_seen"], row["fetched"], row["withdrawn"]) == (NOW, NOW, None)


def test_columns_are_typed_and_compressed(archive: Archive) -> None:
    archive.commit(None, [article_visit()], NOW)
    file = pyarrow.parquet.ParquetFile(io.BytesIO(written(archive)))
    assert file.schema_arrow.field("last_seen").type == pyarrow.timestamp("ms", tz="UTC")
    assert file.schema_arrow.field("sections").type.value_type.field("paragraphs").type == pyarrow.list_(pyarrow.string())
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_no_articles_give_a_table_without_rows(archive: Archive) -> None:
    assert rows(written(archive)) == []


def test_row_groups_end_where_memory_would_grow(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_CHARACTERS", 100)
    archive.commit(None, [article_visit(f"https://tern.example/{n}") for n in range(7)], NOW)
    data = written(archive)
    assert pyarrow.parquet.ParquetFile(io.BytesIO(data)).num_row_groups == 4
    assert [row["id"] for row in rows(data)] == [1, 2, 3, 4, 5, 6, 7]


def test_as_of_gives_the_reading_of_then_with_its_sections(archive: Archive) -> None:
    changed = replace(revision(URL, "Changed."), title="Changed")
    archive.commit(None, [article_visit(), article_visit(body=b"2", fetched=LATER, revision=changed)], NOW)
    (then,), (today,) = rows(written(archive, as_of=NOW)), rows(written(archive))
    assert (then["title"], then["revision"], then["sections"][0]["paragraphs"][0]) == (
        "Night ferry returns",
        1,
        "The ferry left at dusk.",
    )
    assert (today["title"], today["sections"][0]["paragraphs"]) == ("Changed", ["Changed."])


def test_a_date_that_cannot_be_read_is_none(archive: Archive) -> None:
    archive.commit(None, [article_visit(revision=revision(published_earliest="damaged"))], NOW)
    assert rows(written(archive))[0]["published_earliest"] is None


def test_without_its_package_the_error_says_how_to_get_it(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(PackageMissing, match="pip install pyarrow"):
        write_parquet([], io.BytesIO(), archive)
