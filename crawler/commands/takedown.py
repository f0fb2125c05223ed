"""`morgue takedown`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from crawler.commands.options import archive_option, archive_path, config_option, debug_option, json_option, print_json
from crawler.exit_codes import ExitCode

if TYPE_CHECKING:
    from archive import Archive
    from archive.rows import TakedownPlan, Tombstone

OTHERS_SHOWN = 10


@click.command("takedown")
@click.argument("addresses", nargs=-1, required=True, metavar="URL or ID...")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is kept, and `morgue why` shows it.")
@click.option("--yes", is_flag=True, help="Do not ask. Needed where nobody can be asked.")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, addresses: tuple[str, ...], reason: str, yes: bool, as_json: bool) -> int:
    """Remove an article for good, and block its return.

    Its text, revisions, captures and index entries go, and their bytes are overwritten in the file. What stays is the address,
    the reason and digests, so that no crawl fetches it and no import brings it back, under whatever name. An address never
    fetched is blocked. Copies of the file, backups and exports are not touched.
    """
    from archive import Archive
    from archive.errors import ArchiveLocked, TakedownUnfinished
    from archive.timestamps import now
    from crawler.progress import StatusLine

    if not reason.strip():
        raise click.UsageError("--reason is empty: it is all that will tell why.")
    asked = yes or (sys.stdin.isatty() and sys.stderr.isatty())
    if not asked:
        raise click.UsageError("There is nobody to ask: --yes says that it is meant.")
    with Archive.open(archive_path(ctx)) as archive:
        plans = [archive.plan_takedown(_checked(address)) for address in addresses]
        for plan in plans:
            _tell(plan)
        if not yes and any(plan.tombstone is None or plan.article for plan in plans):
            click.confirm("Take down for good?", abort=True, err=True)
        moment = now()
        for plan in plans:
            archive.take_down(plan.url, reason, moment)
        unfinished = None
        try:
            with archive.lock_for_rereading(), StatusLine() as status:
                archive.erase(moment, lambda step: status.say(f"overwriting: {step}"))
        except TakedownUnfinished as error:
            unfinished = str(error)
        except ArchiveLocked as error:
            unfinished = f"its bytes are still in the file, because {error}, and run the same command again, which finishes it"
        _report(archive, plans, as_json=as_json)
    if unfinished is None:
        return ExitCode.WELL
    click.echo(f"Not finished: {unfinished}.", err=True)
    return ExitCode.PARTLY


def _checked(address: str) -> str:
    """An address or a number, as it was typed."""
    from archive.urls import address_key

    known = address.isdecimal() or address_key(address) is not None or address.startswith("file:")
    if not known:
        raise click.BadParameter(f"{address!r} is no http(s) address and no number of an article.", param_hint="URL or ID")
    return address


def _tell(plan: TakedownPlan) -> None:
    """Say on stderr what is to go."""
    from crawler.terminal import plain

    for line in _plan_lines(plan):
        click.echo(plain(line), err=True)


def _plan_lines(plan: TakedownPlan) -> Iterator[str]:
    from crawler.terminal import count

    if plan.article is None:
        what = "taken down before; the reason given then stays" if plan.tombstone else "never kept; it will be blocked"
        yield f"{plan.url}: {what}"
    else:
        facts = f"{count(plan.article.revisions, 'revision')}, {count(plan.captures, 'capture')}"
        yield f"{plan.url}: article {plan.article.id}, {facts}: {plan.article.title or '(no title)'}"
    for key in plan.keys[:OTHERS_SHOWN] if len(plan.keys) > 1 else ():
        yield f"  known as {key}"
    for url in () if plan.tombstone else plan.sources:
        yield f"  a source starts there, which is crawled from it no more: {url}"
    for url in plan.along[:OTHERS_SHOWN]:
        yield f"  goes too, a page that is the same to the byte: {url}"
    for url in plan.others[:OTHERS_SHOWN]:
        yield f"  stays, and has a page that is the same to the byte: {url}"


def _report(archive: Archive, plans: list[TakedownPlan], *, as_json: bool) -> None:
    from crawler.terminal import plain

    tombstones = [found for plan in plans if (found := archive.tombstone(plan.url)) is not None]
    if as_json:
        print_json(tombstones)
        return
    for tombstone in tombstones:
        click.echo(plain(_line(tombstone)))


def _line(tombstone: Tombstone) -> str:
    erased = "its bytes are overwritten" if tombstone.erased else "its bytes are still in the file"
    return f"{tombstone.url}: taken down on {tombstone.taken_down:%Y-%m-%d}, {erased}. Reason: {tombstone.reason}"
