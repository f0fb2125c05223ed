"""`morgue sources pin`, `pins`, `alarms` and `settle`: what a source's pages are to read like."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import archive_option, archive_path, config_option, debug_option, json_option, print_json
from crawler.exit_codes import ExitCode

if TYPE_CHECKING:
    from archive.drift import Alarm


@click.command("pin")
@click.argument("article", metavar="ID or URL")
@click.option("--set", "corrections", multiple=True, metavar="FIELD=VALUE", help="What is right, where it was read wrongly.")
@click.option("--remove", is_flag=True, help="Forget the pin of this article.")
@archive_option
@config_option
@debug_option
@click.pass_context
def pin(ctx: click.Context, article: str, corrections: tuple[str, ...], remove: bool) -> None:
    """Take how an article is read now for right, so that `pins` tells when other rules read it otherwise."""
    from archive import Archive
    from archive.timestamps import now
    from crawler.pins import pin_article
    from crawler.terminal import plain

    if any("=" not in one for one in corrections) or (remove and corrections):
        raise click.UsageError("--set takes FIELD=VALUE, as in --set title='Night ferry returns', and not with --remove.")
    values = dict(one.split("=", 1) for one in corrections)
    with Archive.open(archive_path(ctx)) as archive:
        if remove:
            there = archive.pins.remove(archive.article(article).id)
            click.echo("Forgotten." if there else "It was not pinned.")
            return
        try:
            made = pin_article(archive, article, values, now())
        except ValueError as error:
            raise click.UsageError(plain(str(error))) from error
    having = ", ".join(name for name, value in made.expected.items() if value)
    click.echo(plain(f"Pinned {made.url}: {having or 'no field has a value'}."))


@click.command("pins")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def pins(ctx: click.Context, as_json: bool) -> int:
    """Read the pinned articles again with today's rules, and tell what comes out otherwise."""
    from archive import Archive
    from crawler.pins import check_pins, without_text
    from crawler.terminal import count, plain

    with Archive.open(archive_path(ctx)) as archive:
        number, differences = check_pins(archive)
    if as_json:
        print_json({"pins": number, "differences": differences})
    else:
        for one in map(without_text, differences):
            click.echo(plain(f"{one.url}: {one.field}: {one.found!r}, expected {one.expected!r}"))
        click.echo(f"{count(number, 'pin')} read again, {count(len(differences), 'difference')}.")
    return ExitCode.CROSSED if differences else ExitCode.WELL


@click.command("alarms")
@click.option("--all", "every", is_flag=True, help="Those that are over, too.")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def alarms(ctx: click.Context, every: bool, as_json: bool) -> None:
    """List the alarms that last: sites whose pages read otherwise than in their own last runs."""
    from archive import Archive
    from crawler.alarms import alarm_as_json
    from crawler.terminal import plain

    with Archive.open(archive_path(ctx), readonly=True) as archive:
        found = archive.drift.alarms(open_only=not every)
    if as_json:
        print_json([alarm_as_json(alarm) for alarm in found])
    else:
        click.echo(plain("\n".join(line for alarm in found for line in _with_times(alarm))) or "No alarms.")


@click.command("settle")
@click.argument("name", metavar="NAME")
@archive_option
@config_option
@debug_option
@click.pass_context
def settle(ctx: click.Context, name: str) -> None:
    """Settle the alarms of a source or site: how it reads now is what later runs are held against."""
    from archive import Archive
    from archive.timestamps import now
    from crawler.terminal import count, plain

    with Archive.open(archive_path(ctx)) as archive:
        settled = archive.drift.accept(name, now())
        if not settled:
            sites = sorted({n for a in archive.drift.alarms(open_only=True) for n in (a.source, a.site) if n})
            others = f"there are some of {', '.join(sites)}" if sites else "and none of any other source"
            raise click.UsageError(plain(f"No alarm of {name!r} lasts; {others}."))
    click.echo(f"{count(settled, 'alarm')} settled.")


def _with_times(alarm: Alarm) -> Iterator[str]:
    """An alarm in lines: whether it lasts, of which source it is, and since when."""
    from crawler.alarms import alarm_lines

    first, *more = alarm_lines(alarm)
    source = f"source {alarm.source}, " if alarm.source else ""
    _, _, says = first.partition(": ")
    over = f"settled {alarm.settled:%Y-%m-%d} ({alarm.settled_by})" if alarm.settled is not None else "ALARM"
    yield f"{over} {alarm.site} ({source}raised {alarm.raised:%Y-%m-%d}, run {alarm.run_id}): {says}"
    yield from more


def lasting_alarms(path: Path) -> list[str]:
    """The alarms of an archive that last, in lines; none where there is no archive yet."""
    from archive import Archive
    from crawler.alarms import alarm_lines

    if not path.exists():
        return []
    with Archive.open(path, readonly=True) as archive:
        return [line for alarm in archive.drift.alarms(open_only=True) for line in alarm_lines(alarm)]


ADDED = (pin, pins, alarms, settle)
"""Commands for the group `morgue sources`."""

__all__ = ["ADDED", "alarms", "lasting_alarms", "pin", "pins", "settle"]
