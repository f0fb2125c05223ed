"""`morgue stats`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from crawler.commands.options import (
    When,
    archive_option,
    archive_path,
    config_option,
    debug_option,
    json_option,
    print_json,
)

if TYPE_CHECKING:
    from pathlib import Path

    from archive.rows import SiteStats, SourceOutcomes, Stats

SITES_SHOWN = 20
ALARMED_SHOWN = 3
"""Sites with alarms that are named."""


@click.command("stats")
@click.option("--account", is_flag=True, help="What became of every address that is known, and what is known to be missing.")
@click.option(
    "--by", type=click.Choice(["source", "day", "week", "month", "run"]), default="source", show_default=True,
    help="With --account: a line for each.",
)  # fmt: skip
@click.option("--source", metavar="NAME", help="With --account: of one source, by name or address.")
@click.option("--since", type=When(), metavar="DATE", help="With --account: found from then on.")
@click.option("--until", type=When(), metavar="DATE", help="With --account: found before then.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "markdown"]), default="text", help="With --account.")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(
    ctx: click.Context, account: bool, by: str, source: str | None, since: datetime | None, until: datetime | None, form: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Count articles, revisions, bytes and outcomes, and the coverage of each field.

    With --account, the outcomes of all addresses add up to what was discovered; gaps between two looks at a feed, and entries of
    feeds that no fetch has brought, are told as missing.
    """
    from archive import Archive

    path = archive_path(ctx)
    if account:
        _tell_account(path, by=by, source=source, since=since, until=until, form="json" if as_json else form)
        return
    given = [name for name, value in (("--source", source), ("--since", since), ("--until", until)) if value is not None]
    if given or by != "source" or form != "text":
        raise click.UsageError(f"{(given or ['--by' if by != 'source' else '--format'])[0]} goes with --account.")
    with Archive.open(path, readonly=True) as archive:
        stats = archive.stats()
    if as_json:
        print_json(stats)
    else:
        click.echo("\n\n".join(part for part in _parts(stats) if part))


def _tell_account(path: Path, *, by: str, source: str | None, since: datetime | None, until: datetime | None, form: str) -> None:
    from archive import Archive
    from archive.timestamps import now
    from crawler.completeness_table import FORMS

    with Archive.open(path, readonly=True) as archive:
        sources = [name for each in archive.sources() for name in (each.name, each.url) if name]
        if source is not None and source not in sources:
            raise click.UsageError(f"The archive has no source {source!r}; it has {', '.join(sources) or 'none'}.")
        account = archive.completeness(now(), by=by, source=source, since=since, until=until)
    if form == "json":
        print_json(account)
    else:
        click.echo(FORMS[form](account, by))


def _parts(stats: Stats) -> Iterator[str]:
    shown = stats.sites[:SITES_SHOWN]
    yield _totals(stats)
    if shown:
        yield _sites(shown)
        yield _coverage(shown)
    if len(stats.sites) > SITES_SHOWN:
        yield f"and {len(stats.sites) - SITES_SHOWN:,} more sites; --json lists them"
    if stats.sources:
        yield _outcomes(stats.sources)
    if stats.alarms:
        yield _alarms(stats.alarms)


def _alarms(alarms: Mapping[str, int]) -> str:
    from crawler.terminal import count, plain

    sites = ", ".join(list(alarms)[:ALARMED_SHOWN]) + (" and others" if len(alarms) > ALARMED_SHOWN else "")
    return plain(
        f"{count(sum(alarms.values()), 'alarm')} of {sites}: pages read otherwise than before; see `morgue sources alarms`."
    )


def _totals(stats: Stats) -> str:
    from crawler.terminal import human_size, table

    packed = f", {stats.stored_bytes / stats.payload_bytes:.0%} of their size" if stats.payload_bytes else ""
    rows = [
        ("articles", f"{stats.articles:,}"),
        ("stories", f"{stats.stories:,}, copies of one counted once"),
        ("revisions", f"{stats.revisions:,}"),
        ("captures", f"{stats.captures:,} of {stats.payloads:,} different payloads, {human_size(stats.payload_bytes)}"),
        ("stored", f"{human_size(stats.stored_bytes)}{packed}"),
        ("file", human_size(stats.file_bytes)),
        ("fetches", f"{stats.fetches:,}"),
        ("waiting", f"{stats.waiting:,} addresses known and not fetched yet"),
    ]
    return table(rows, ("archive", ""))


def _sites(sites: Sequence[SiteStats]) -> str:
    from crawler.terminal import NO_SITE, table

    rows = [(s.site or NO_SITE, s.articles, s.copies, s.withdrawn, s.words, (s.newest or "")[:10]) for s in sites]
    return table(rows, ("site", "articles", "copies", "withdrawn", "words", "newest"))


def _coverage(sites: Sequence[SiteStats]) -> str:
    from crawler.terminal import NO_SITE, table

    fields = list(dict.fromkeys(name for site in sites for name in site.coverage))
    rows = [(s.site or NO_SITE, *(f"{s.coverage.get(name, 0):.0%}" for name in fields)) for s in sites]
    return table(rows, ("coverage", *fields))


def _outcomes(sources: Sequence[SourceOutcomes]) -> str:
    from crawler.terminal import table

    outcomes = list(dict.fromkeys(name for source in sources for name in source.outcomes))
    rows = [(s.source or "added by hand", *(s.outcomes.get(name, 0) for name in outcomes)) for s in sources]
    return table(rows, ("source", *outcomes))
