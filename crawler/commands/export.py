"""`morgue export`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import AsOf, archive_option, archive_path, config_option, debug_option, filter_options

if TYPE_CHECKING:
    from archive.export import Format

FORMATS = ("csv", "jsonl", "parquet", "xlsx", "markdown", "tei", "bibtex", "ris", "csl")
"""The keys of `archive.export.FORMATS`."""


@click.command("export")
@click.argument("form", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option("-o", "--output", type=click.Path(path_type=Path), default="-", metavar="PATH", help="The file, or `-` for stdout.")
@click.option("--force", is_flag=True, help="Overwrite what an earlier export wrote there.")
@click.option("--raw", is_flag=True, help="CSV for programs: without what protects spreadsheets.")
@click.option("--query", metavar="QUERY", help="Only articles that a search finds.")
@filter_options
@click.option("--as-of", type=AsOf(), metavar="DATE", help="The articles as they read then; a day means its end (UTC).")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N articles.")
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, /, form: str, output: Path, force: bool, raw: bool, **filters: Any) -> None:
    """Write articles to a file or a folder, which appears whole or not at all.

    FORMAT is csv (one row an article, text included), jsonl (with sections, authors and evidence), parquet, xlsx, markdown (a
    folder, a file an article), tei (one corpus in NAME.xml or on stdout, else a folder), bibtex, ris or csl (citations).
    """
    from archive import Archive
    from archive.export import FORMATS as KNOWN
    from archive.export import TEI_FOLDER, write
    from crawler.progress import StatusLine
    from crawler.terminal import count

    if raw and form != "csv":
        raise click.UsageError("--raw is for csv.")
    chosen = TEI_FOLDER if form == "tei" and str(output) != "-" and output.suffix.lower() != ".xml" else KNOWN[form]
    _check(form, chosen, output, force=force)
    number = 0
    with Archive.open(archive_path(ctx), readonly=True) as archive, StatusLine() as status, archive.snapshot():
        articles = archive.articles(**filters)  # a query that is wrong fails here, before the first line is out

        def counted() -> Iterator[Any]:
            nonlocal number
            for article in articles:
                number += 1
                status.say(f"{number:,} articles written")
                yield article

        with _opened(chosen, output) as target:
            write(chosen, counted(), target, archive, **({"raw": True} if raw else {}))
    if str(output) != "-":
        click.echo(f"{count(number, 'article')} written to {output}.", err=True)


def _check(name: str, form: Format, output: Path, *, force: bool) -> None:
    """Refuse an output that is there, or cannot hold the format, before anything is read."""
    from archive.export import Target
    from crawler.output import STDOUT, check_file, check_folder

    if form.target is Target.FOLDER:
        if output == STDOUT:
            raise click.UsageError(f"{name} is a folder with a file an article: name it with -o FOLDER.")
        check_folder(output, force=force)
        return
    if form.target is Target.BYTES and output == STDOUT and form.package and sys.stdout.isatty():
        raise click.UsageError(f"{name} is nothing that a terminal shows: name a file with -o FILE.")
    check_file(output, force=force)


def _opened(form: Format, output: Path) -> AbstractContextManager[Any]:
    from archive.export import Target
    from crawler.output import whole_file, whole_folder

    return whole_folder(output) if form.target is Target.FOLDER else whole_file(output, text=form.target is Target.TEXT)
