"""`morgue export`."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

import click

from crawler.commands.options import archive_option, archive_path, config_option, debug_option, filter_options
from crawler.errors import FileUnreadable, OutputExists

FORMATS = ("csv", "jsonl")


@click.command("export")
@click.argument("form", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option("-o", "--output", type=click.Path(path_type=Path), default="-", metavar="PATH", help="The file, or `-` for stdout.")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
@click.option("--raw", is_flag=True, help="CSV for programs: without what protects spreadsheets.")
@click.option("--query", metavar="QUERY", help="Only articles that a search finds.")
@filter_options
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N articles.")
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, /, form: str, output: Path, force: bool, raw: bool, **filters: Any) -> None:
    """Write articles as CSV or JSON lines.

    FORMAT is csv (one row an article, text included) or jsonl (with sections, authors and evidence). The file appears whole or
    not at all.
    """
    from archive import Archive
    from archive.export import write_csv, write_jsonl
    from crawler.progress import StatusLine
    from crawler.terminal import count

    if raw and form != "csv":
        raise click.UsageError("--raw is for csv.")
    _check_output(output, force=force)
    with Archive.open(archive_path(ctx), readonly=True) as archive, StatusLine() as status, whole_file(output) as stream:
        number = 0
        articles = archive.articles(**filters)  # a query that is wrong fails here, before the first line is out

        def counted() -> Iterator[Any]:
            nonlocal number
            for article in articles:
                number += 1
                status.say(f"{number:,} articles written")
                yield article

        if form == "csv":
            write_csv(counted(), stream, raw=raw)
        else:
            write_jsonl(counted(), stream, archive)
    if str(output) != "-":
        click.echo(f"{count(number, 'article')} written to {output}.", err=True)


def _check_output(output: Path, *, force: bool) -> None:
    """Refuse what would be overwritten unasked, and what is no file: a device would be replaced by one."""
    if str(output) == "-" or not output.exists():
        return
    if not output.is_file():
        raise FileUnreadable(str(output), "is no regular file, so nothing is written to it; `-o -` writes to stdout")
    if not force:
        raise OutputExists(output)


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A text stream to a file that appears only when all is written; `-` is stdout."""
    if str(path) == "-":
        stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False)
        try:
            yield stream
            stream.flush()
        finally:
            stream.detach()
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        beside.replace(path)
    except OSError as error:
        raise FileUnreadable(str(path), f"cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):  # where it could not be made, it cannot be removed either
            beside.unlink(missing_ok=True)
