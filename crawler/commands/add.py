"""`morgue add`."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import (
    Address,
    When,
    archive_option,
    archive_path,
    config_option,
    debug_option,
    json_option,
    loaded_config,
    print_json,
)
from crawler.exit_codes import ExitCode

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.intake.intake import IntakeReport

NAMED_HERE = 10
"""Things of each kind that are named on a terminal; `--json` has all."""


@click.command("add")
@click.argument("things", nargs=-1, required=True, metavar="FILE, URL or -...")
@click.option("--url", type=Address(), metavar="URL", help="Where the saved page is from.")
@click.option("--fetched", type=When(), metavar="DATE", help="When pages were saved; else the time of each file.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Read in N processes (default: one a processor).")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(
    ctx: click.Context, things: tuple[str, ...], url: str | None, fetched: datetime | None, jobs: int | None, as_json: bool
) -> int:
    """Take in lists of addresses, saved pages, WARC and WACZ.

    An address, or a text file with one a line, is fetched and kept as `morgue crawl` would, without following anything.
    Saved pages may be HTML, text or Markdown; a folder stands for all in it. Their address comes from --url, a JSON file beside
    the page with `url` and `fetched`, or the page itself.
    """
    from archive.timestamps import CLOCK_TOLERANCE, now
    from crawler.intake.inputs import sort_inputs

    if fetched is not None and fetched > now() + CLOCK_TOLERANCE:
        raise click.BadParameter(f"{fetched:%Y-%m-%d %H:%M} UTC is still to come.", param_hint="--fetched")
    config = loaded_config(ctx)
    path = archive_path(ctx, config)
    inputs = sort_inputs(things, sys.stdin.buffer.read() if "-" in things else None)
    if url and (len(inputs.files) + (inputs.standard_input is not None) != 1 or inputs.addresses):
        raise click.UsageError("--url is for one saved page.")
    if (url or fetched) and inputs.only_records:
        raise click.UsageError("--url and --fetched are for saved pages: records of WARC and WACZ have their own.")
    codes = []
    if inputs.files or inputs.standard_input is not None:
        from crawler.intake.intake import take_in
        from crawler.intake.known import KeptPayloads
        from crawler.progress import StatusLine

        with StatusLine() as status:
            pages = inputs.pages(url, fetched, KeptPayloads(path))
            report = take_in(pages, path, jobs or os.cpu_count() or 1, status.say, inputs.passed)
        codes.append(_tell(report, as_json=as_json))
        if report.interrupted:
            return ExitCode.INTERRUPTED
    if inputs.addresses:
        codes.append(_fetch(inputs.addresses, path, config, as_json=as_json))
    return max(codes, default=ExitCode.WELL)


def _fetch(addresses: list[str], path: Path, config: Config, *, as_json: bool) -> ExitCode:
    """Fetch single addresses as a crawl would."""
    from crawler.commands.crawl import crawl_with_progress, tell
    from crawler.crawl import CrawlRequest
    from crawler.terminal import plain

    for address, reason in _taken_down(addresses, path):
        click.echo(plain(f"{address} was taken down, and is not fetched: {reason}"), err=True)
    pace = 1.0 if config.delay is None else config.delay
    request = CrawlRequest(path, pages=tuple(addresses), delay=pace, concurrency=config.concurrency or 1, contact=config.contact)
    return tell(crawl_with_progress(request), as_json=as_json)


def _taken_down(addresses: list[str], path: Path) -> list[tuple[str, str]]:
    """Those of the addresses that were taken down, with the reasons."""
    from archive import Archive

    if not path.exists():
        return []
    with Archive.open(path) as archive:
        return [(address, found.reason) for address in addresses if (found := archive.tombstone(address)) is not None]


def _tell(report: IntakeReport, *, as_json: bool) -> ExitCode:
    """Print what was taken in."""
    if as_json:
        print_json(report)
    else:
        _print(report)
    if report.interrupted:
        return ExitCode.INTERRUPTED
    if not report.failed and not report.damaged:
        return ExitCode.WELL
    told = report.read - len(report.failed) + report.gone + report.unmodified
    return ExitCode.PARTLY if told else ExitCode.FAILED


def _print(report: IntakeReport) -> None:
    """Print the account for a person."""
    from crawler.terminal import count, human_seconds, plain

    taken_down = f"{len(report.taken_down):,} taken down, " if report.taken_down else ""
    click.echo(
        f"{count(report.read, 'page')} read in {human_seconds(report.seconds)}: {report.new:,} new and {report.changed:,} "
        f"changed articles, {report.unchanged:,} known already, {report.not_articles:,} no articles, "
        f"{taken_down}{len(report.failed):,} failed."
    )
    if report.unaddressed:
        pages = count(report.unaddressed, "page names", "pages name")
        click.echo(f"{pages} no address; filed under the path.")
    if report.gone:
        click.echo(f"{count(report.gone, 'record says', 'records say')} that an article was gone.")
    if report.unmodified:
        click.echo(f"{count(report.unmodified, 'record says', 'records say')} that an article stood as before.")
    if report.passed:
        kinds = "; ".join(f"{number:,} {what}" for what, number in report.passed.most_common())
        click.echo(plain(f"Records that hold no page: {kinds}."))
    _name("Taken down before, and left out; `morgue why` tells the reason", report.taken_down)
    _name("Failed", [f"{name}: {reason}" for name, reason in report.failed])
    _name("Damaged, and no pages", [f"{name}: {reason}" for name, reason in report.damaged])
    if report.interrupted:
        click.echo("Interrupted. What was read is kept; the same command goes on from here.")


def _name(heading: str, things: list[str]) -> None:
    """Print the first of some things, one a line."""
    from crawler.terminal import plain

    if things:
        click.echo(f"{heading}:")
    for thing in things[:NAMED_HERE]:
        click.echo(plain(f"  {thing}"))
    if len(things) > NAMED_HERE:
        click.echo(f"  and {len(things) - NAMED_HERE:,} more; --json lists them")
