"""The tables of a release as files: CSV for programs, and Parquet where pyarrow is installed."""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.export.dataset.tables import TABLES, Column, Row, Table, Value, rows_of
from archive.export.dataset.tally import Tally
from archive.export.packages import needed
from archive.export.parquet import GROUP_CHARACTERS, GROUP_ROWS
from archive.rows import StoredArticle
from archive.timestamps import stamp

if TYPE_CHECKING:
    from archive.archive import Archive


def write_tables(articles: Iterable[StoredArticle], archive: Archive, folder: Path, tally: Tally) -> dict[str, str]:
    """Write articles into a file a table and kind; they are never in memory all at once.

    Args:
        articles: what to write.
        archive: theirs.
        folder: made here.
        tally: counts them.

    Returns:
        Package that took part -> its version.

    """
    folder.mkdir()
    arrow = needed("pyarrow", "parquet", "parquet") if importlib.util.find_spec("pyarrow") else None
    with ExitStack() as stack:
        outs: dict[str, list[_Csv | _Parquet]] = {}
        for table in TABLES:
            outs[table.name] = [stack.enter_context(_Csv(table, folder))]
            if arrow is not None:
                outs[table.name].append(stack.enter_context(_Parquet(table, folder, arrow)))
        for article in articles:
            rows = rows_of(article, archive)
            tally.count(rows)
            for name, of_table in rows.items():
                for out in outs[name]:
                    out.add(of_table)
    return {"pyarrow": str(arrow.__version__)} if arrow is not None else {}


def cell(value: Value) -> Value:
    """A value as a CSV has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return stamp(value) if isinstance(value, datetime) else value


def write_csv_file(path: Path, names: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """Write a small table: RFC 4180, UTF-8, no byte order mark."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        writer.writerows([cell(value) for value in row] for row in rows)


class _Csv:
    """A table as CSV."""

    def __init__(self, table: Table, folder: Path) -> None:
        self._stream = (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._stream)
        self._writer.writerow([column.name for column in table.columns])

    def __enter__(self) -> _Csv:
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()

    def add(self, rows: Sequence[Row]) -> None:
        self._writer.writerows([cell(value) for value in row] for row in rows)


class _Parquet:
    """A table as Parquet, in row groups of bounded size."""

    def __init__(self, table: Table, folder: Path, arrow: Any) -> None:
        self._arrow, self._schema = arrow, arrow.schema([_field(arrow, column) for column in table.columns])
        self._stream = (folder / f"{table.name}.parquet").open("wb")
        self._writer = arrow.parquet.ParquetWriter(self._stream, self._schema, compression="zstd")
        self._group: list[Row] = []
        self._characters = 0

    def __enter__(self) -> _Parquet:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        try:
            if kind is None:
                self._flush()
                self._writer.close()
            else:
                with suppress(OSError, ValueError):  # the first error is the one to tell of
                    self._writer.close()
        finally:
            self._writer.is_open = False  # else it tries once more when it is collected, and complains where it can't
            with suppress(OSError) if kind is not None else nullcontext():
                self._stream.close()

    def add(self, rows: Sequence[Row]) -> None:
        self._group.extend(rows)
        self._characters += sum(len(value) for row in rows for value in row if isinstance(value, str))
        if len(self._group) >= GROUP_ROWS or self._characters >= GROUP_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        """Write the rows at hand; a column at a time, as Parquet has them."""
        columns = zip(*self._group, strict=True) if self._group else [()] * len(self._schema)
        arrays = [self._arrow.array(values, field.type) for values, field in zip(columns, self._schema, strict=True)]
        if self._group:
            self._writer.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema), row_group_size=GROUP_ROWS)
        self._group, self._characters = [], 0


def _field(arrow: Any, column: Column) -> Any:
    types = {
        "integer": arrow.int64(), "string": arrow.string(), "boolean": arrow.bool_(), "datetime": arrow.timestamp("ms", tz="UTC"),
    }  # fmt: skip
    return arrow.field(column.name, types[column.type], nullable=not column.always, metadata={"description": column.meaning})
