"""`morgue export`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import (
    AsOf,
    archive_option,
    archive_path,
    config_option,
    debug_option,
    filter_options,
    loaded_config,
    options_ago,
    respect_option,
    unique_option,
)
from crawler.exit_codes import ExitCode

if TYPE_CHECKING:
    from archive import Archive
    from archive.export import Format

FORMATS = ("csv", "jsonl", "parquet", "xlsx", "markdown", "tei", "bibtex", "ris", "csl", "warc", "wacz", "dataset")
"""The keys of `archive.export.FORMATS`, and the release that is made of several."""
OF_DATASET = ("title", "authors", "licence", "leave_out")
"""Options that only a release has."""
OF_CAPTURES = ("warc", "wacz")
"""Formats that hold what servers answered, and not what was read from it."""


@click.command("export")
@click.argument("form", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option("-o", "--output", type=click.Path(path_type=Path), default="-", metavar="PATH", help="The file, or `-` for stdout.")
@click.option("--force", is_flag=True, help="Replace the file that is there, or a folder that an export made; never a database.")
@click.option("--raw", is_flag=True, help="CSV for programs: without what protects spreadsheets.")
@click.option("--newest", is_flag=True, help="WARC and WACZ: only the captures of the newest reading, not all of them.")
@click.option("--rest", is_flag=True, help="WARC and WACZ: also the captures that no article was read from.")
@click.option("--query", metavar="QUERY", help="Only articles that a search finds.")
@filter_options
@unique_option
@click.option("--as-of", type=AsOf(), metavar="DATE", help="The articles as they read then; a day means its end (UTC).")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N articles.")
@respect_option
@click.option("--leave-out", metavar="NAMES", help="Dataset: leave out these articles: undated, withdrawn, empty.")
@click.option("--title", metavar="TEXT", help="Dataset: its title.")
@click.option("--authors", metavar="NAMES", help="Dataset: who made it, `Lindqvist, Mara; The Harbour Desk`.")
@click.option("--licence", metavar="NAME", help="Dataset: its licence, an SPDX name, an address, or words.")
@archive_option
@config_option
@debug_option
@click.pass_context
def command(
    ctx: click.Context, /, form: str, output: Path, force: bool, raw: bool, newest: bool, rest: bool, **filters: Any
) -> ExitCode:
    """Write articles to a file or a folder, which appears whole or not at all.

    FORMAT is csv (one row an article, text included), jsonl (with sections, authors and evidence), parquet, xlsx, markdown (a
    folder, a file an article), tei (one corpus in NAME.xml or on stdout, else a folder), bibtex, ris or csl (citations), warc
    or wacz (every capture of the articles, for replay; NAME.warc is plain, NAME.warc.gz compressed), or dataset (a release as
    a folder or NAME.zip: tables, data dictionary, coverage, account of what was left out, checksums, citation).
    """
    from archive import Archive
    from archive.export import FORMATS as KNOWN
    from archive.export import TEI_FOLDER, write
    from crawler.progress import StatusLine
    from crawler.terminal import count, plain

    if raw and form != "csv":
        raise click.UsageError("--raw is for csv.")
    if (newest or rest) and form not in OF_CAPTURES:
        raise click.UsageError("--newest and --rest are for warc and wacz.")
    if rest and filters["respect"]:
        raise click.UsageError("--respect asks what articles say, and --rest is for captures that are none.")
    about = {name: filters.pop(name) for name in OF_DATASET}
    if form == "dataset":
        return _release(ctx, output, filters, about, force=force)
    if any(about.values()):
        raise click.UsageError("--title, --authors, --licence and --leave-out are for dataset.")
    damaged: list[str] = []
    options: dict[str, Any] = {"raw": True} if raw else {}
    if form in OF_CAPTURES:
        options = {"until": filters["as_of"], "newest": newest, "rest": rest, "damaged": damaged.append}
    if form == "warc" and output.suffix.lower() == ".warc":
        options["packed"] = False
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

        # The inner one ends before the file appears, and says if it is of two states.
        with _opened(chosen, output) as target, archive.snapshot():
            write(chosen, counted(), target, archive, **options)
        _tell_left_out(archive, filters, number)
    if str(output) != "-":
        click.echo(f"{count(number, 'article')} written to {output}.", err=True)
    for message in damaged:
        click.echo(plain(f"Left out: {message}"), err=True)
    return ExitCode.PARTLY if damaged else ExitCode.WELL


def _release(ctx: click.Context, output: Path, filters: dict[str, Any], about: Mapping[str, Any], *, force: bool) -> ExitCode:
    """Write a dataset release, and say what it holds."""
    from archive import Archive
    from archive.export.dataset import LEFT_OUT, Release
    from archive.timestamps import now
    from crawler import datasets
    from crawler.nothing_found import tell_unmatched
    from crawler.output import STDOUT
    from crawler.progress import StatusLine
    from crawler.terminal import count

    if output == STDOUT:
        raise click.UsageError("dataset is a folder, or a file NAME.zip: name it with -o.")
    if ago := options_ago(ctx):
        dates = " ".join(f"--{name.replace('_', '-')} {moment:%Y-%m-%d}" for name, moment in ago.items())
        raise click.UsageError(f"A dataset is the same whenever it is made, and a time ago is not: write the day, as {dates}.")
    leave_out = tuple(name.strip().lower() for name in (about["leave_out"] or "").split(",") if name.strip())
    if wrong := [name for name in leave_out if name not in LEFT_OUT]:
        raise click.UsageError(f"--leave-out: {', '.join(map(repr, wrong))} cannot be left out: choose of {', '.join(LEFT_OUT)}.")
    if wrong := [name for name, value in about.items() if any("\ud800" <= sign <= "\udfff" for sign in value or "")]:
        raise click.UsageError(f"--{wrong[0]} holds bytes that are no UTF-8.")
    config = loaded_config(ctx)
    datasets.check(output, force=force)
    authors = tuple(author.strip() for author in (about["authors"] or "").split(";") if author.strip())
    as_of, limit = filters.pop("as_of"), filters.pop("limit")
    release = Release(
        as_of, filters, limit, leave_out, about["title"] or config.dataset.title, authors or config.dataset.authors,
        about["licence"] or config.dataset.licence,
    )  # fmt: skip
    with Archive.open(archive_path(ctx, config), readonly=True) as archive, StatusLine() as status:
        made = datasets.write(archive, output, release, lambda number: status.say(f"{number:,} articles written"))
        newest = archive.latest_fetch()
        if not made.tally.articles:
            tell_unmatched(archive, filters)
    if made.moment is None:
        click.echo(f"0 articles written to {output}: the archive is empty.", err=True)
    else:
        click.echo(f"{count(made.tally.articles, 'article')} as of {made.moment} written to {output}.", err=True)
    if of_no_site := made.tally.by_site.get(""):
        told = count(of_no_site["articles"], "article has", "articles have")
        click.echo(f"{told} no address: the path of the file on this machine stands in `url`.", err=True)
    if left := made.account.known - made.tally.articles:
        click.echo(f"{count(left, 'article')} of that time left out; account.csv says why.", err=True)
    if as_of is not None and (newest is None or as_of > newest):
        click.echo("That is later than the newest fetch: what is fetched till then will change this release.", err=True)
    elif newest is not None and (as_of or newest) > now():
        click.echo("By the clock that is still to come: what is fetched till then will change this release.", err=True)
    return ExitCode.WELL


def _tell_left_out(archive: Archive, filters: Mapping[str, Any], number: int) -> None:
    """Say on stderr how many articles `--respect` left out, what it could not know, and why nothing was written, if so."""
    from crawler.nothing_found import tell_unmatched
    from crawler.terminal import count

    if not number:
        tell_unmatched(archive, filters)
    if not filters["respect"]:
        return
    each, left_out, unread = archive.count_left_out(**{name: value for name, value in filters.items() if name != "limit"})
    reasons = ", ".join(f"{name} {number:,}" for name, number in each.items())
    click.echo(f"{count(left_out, 'article')} left out to respect what they say ({reasons}).", err=True)
    if unread:
        click.echo(f"Of {count(unread, 'article')} nobody ever read what they say; none of them is left out for it.", err=True)


def _check(name: str, form: Format, output: Path, *, force: bool) -> None:
    """Refuse an output that is there, or cannot hold the format, before anything is read."""
    from archive.export import Target
    from crawler.output import STDOUT, check_file, check_folder

    if form.target is Target.FOLDER:
        if output == STDOUT:
            raise click.UsageError(f"{name} is a folder with a file an article: name it with -o FOLDER.")
        check_folder(output, force=force)
        return
    if form.target is Target.BYTES and output == STDOUT and (form.package or name in OF_CAPTURES) and sys.stdout.isatty():
        raise click.UsageError(f"{name} is nothing that a terminal shows: name a file with -o FILE.")
    check_file(output, force=force)


def _opened(form: Format, output: Path) -> AbstractContextManager[Any]:
    from archive.export import Target
    from crawler.output import whole_file, whole_folder

    return whole_folder(output) if form.target is Target.FOLDER else whole_file(output, text=form.target is Target.TEXT)
