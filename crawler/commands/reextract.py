"""`morgue reextract`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from textwrap import indent
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import (
    archive_option,
    archive_path,
    config_option,
    debug_option,
    filter_options,
    json_option,
    print_json,
)
from crawler.exit_codes import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.pins import Difference
    from crawler.reextract_report import Report, SiteReport

NAMED_HERE = 10
"""Pages of each kind that are named on a terminal; `--json` has more."""
SITES_SHOWN = 10
"""Sites that are told of on a terminal, those with most to tell first."""
LABELS_SHOWN = 5
"""Changes of labels that are shown for a site."""


@click.command("reextract")
@filter_options
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Read at most N pages; the same command goes on.")
@click.option("--dry-run", is_flag=True, help="Only report what would change.")
@click.option("--force", is_flag=True, help="Write it even where a site would lose a field.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Read in N processes (default: one a processor).")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(
    ctx: click.Context, /, limit: int | None, dry_run: bool, force: bool, jobs: int | None, as_json: bool, **filters: Any
) -> int:
    """Read all kept captures again with today's rules; a report comes first.

    A revision keeps its number, and what it was before is kept too. Nothing is written before all is read and counted; where a
    site would lose a field on more than a few articles, nothing is written at all, and the exit code is 5, unless --force is
    given. Interrupted, the same command goes on. What is no article any more is named and kept. Pinned articles that come out
    otherwise than expected are listed, and the exit code is 5 for them as well.
    """
    from archive.selection import Filters
    from crawler.nothing_found import tell_unmatched
    from crawler.progress import StatusLine
    from crawler.reextract import Request, reextract

    with StatusLine() as status:
        request = Request(
            archive_path(ctx), Filters(**filters), limit, jobs or os.cpu_count() or 1, dry_run=dry_run, force=force,
            progress=status.say,
        )  # fmt: skip
        report = reextract(request)
    if not report.read:
        tell_unmatched(archive_path(ctx), filters)
    number, differences = (0, []) if report.interrupted else _check_pins(archive_path(ctx), filters, readonly=dry_run)
    if as_json:
        print_json({**report.as_json(), "pins": {"read": number, "differences": differences}})
    else:
        _tell(report)
        _tell_pins(number, differences, dry_run=dry_run)
    return _code(report, differences)


def _check_pins(path: Path, filters: Mapping[str, Any], *, readonly: bool) -> tuple[int, list[Difference]]:
    """Read the pins again that the filters may mean: those of its site, or all."""
    from archive import Archive
    from crawler.pins import check_pins

    site = filters.get("site")
    with Archive.open(path, readonly=readonly) as archive:
        return check_pins(archive, [site] if site else [])


def _tell_pins(number: int, differences: Sequence[Difference], *, dry_run: bool) -> None:
    from crawler.pins import without_text
    from crawler.terminal import count, plain

    for one in map(without_text, differences):
        read = "would read" if dry_run else "reads"
        click.echo(plain(f"pin {one.url}: {one.field} {read} {one.found!r}, expected {one.expected!r}"))
    if number:
        wrong = len({one.url for one in differences})
        click.echo(f"{count(number, 'pin')} read again; {wrong:,} {'would read' if dry_run else 'read'} otherwise than expected.")


def _code(report: Report, differences: Sequence[Difference]) -> ExitCode:
    if report.interrupted:
        return ExitCode.INTERRUPTED
    if differences or report.refused or (report.dry_run and report.losses()):
        return ExitCode.CROSSED
    return ExitCode.PARTLY if report.failures() else ExitCode.WELL


def _tell(report: Report) -> None:
    """Print the report for a person."""
    from crawler.terminal import NO_SITE, bold, count, human_seconds, plain

    if report.interrupted:
        click.echo(f"{count(report.read, 'page')} read, nothing lost; the same command goes on from here.")
        return
    sites = report.told()
    if len(sites) > 1:
        sites = [report.whole(), *sites]
    for site in sites[: SITES_SHOWN + 1]:
        click.echo(bold(plain(f"{site.site or NO_SITE}: {count(site.articles, 'article')}")))
        _tell_site(site)
        click.echo()
    if len(sites) > SITES_SHOWN + 1:
        click.echo(f"and {count(len(sites) - SITES_SHOWN - 1, 'more site')}; --json has them all.\n")
    _tell_losses(report)
    changes = count(report.changes(), "revision reads", "revisions read")
    click.echo(f"{count(report.read, 'page')} read again in {human_seconds(report.seconds)}; {changes} otherwise or are new.")
    if report.refused and report.dry_run:
        click.echo("Nothing was written, and nothing would be without --force.")
    elif report.refused:
        click.echo("Nothing was written. See with --dry-run what it is; --force writes it all the same.")
    elif report.dry_run:
        click.echo("Nothing was written: this is what would be.")


def _tell_losses(report: Report) -> None:
    from crawler.terminal import NO_SITE, plain

    for site, name, drop, articles in report.losses():
        what = "would be no articles any more" if name == "article" else f"would lose {name}"
        click.echo(plain(f"{site or NO_SITE}: {drop:,} of {articles:,} {what}: more than is tolerated."))


def _tell_site(site: SiteReport) -> None:
    from crawler.terminal import count, table, wrap

    parts = [
        (site.changed, "revision reads otherwise", "revisions read otherwise"), (site.same, "reads the same", "read the same"),
        (site.as_known, "further capture as known", "further captures as known"), (site.new_revisions, "new revision", None),
        (site.new, "new article", None), (site.none, "no article any more, kept", "no articles any more, kept"),
        (site.failures, "page could not be read", "pages could not be read"),
    ]  # fmt: skip
    click.echo(wrap("; ".join(count(number, one, many) for number, one, many in parts if number), indent="  "))
    rows = [(name, f.before, f.gained, f.lost, f.changed) for name, f in site.fields.items() if f.gained or f.lost or f.changed]
    if rows:
        click.echo(indent(table(rows, ("field", "have it", "gained", "lost", "changed")), "  "))
    _tell_examples(site)
    if site.words_before != site.words_after or site.shrunk:
        halved = f"; {count(site.shrunk, 'body loses', 'bodies lose')} more than half" if site.shrunk else ""
        click.echo(f"  words of the bodies: {site.words_before:,} before, {site.words_after:,} after{halved}")
    if site.labels:
        shown = ", ".join(f"{label} {number:,}" for label, number in site.labels.most_common(LABELS_SHOWN))
        click.echo(wrap(f"blocks with another label: {shown}", indent="    ", first="  "))
    _tell_names(site)


def _tell_examples(site: SiteReport) -> None:
    from crawler.terminal import plain

    for name, counts in site.fields.items():
        for example in counts.examples:
            before, after = (example[side] if example[side] is not None else "(none)" for side in ("before", "after"))
            click.echo(plain(f"  {name} of {example['article']}: {before} > {after}"))


def _tell_names(site: SiteReport) -> None:
    from crawler.terminal import plain

    kinds = (("no article any more", site.no_articles), ("new article", site.new_articles), ("cannot be read", site.failed))
    for kind, pages in kinds:
        for page in pages[:NAMED_HERE]:
            reason = f" ({page['reason']})" if page["reason"] else ""
            click.echo(plain(f"  {kind}: {page['url']}{reason}"))
        if len(pages) > NAMED_HERE:
            click.echo(f"  and {len(pages) - NAMED_HERE:,} more; --json lists them")


__all__ = ["command"]
