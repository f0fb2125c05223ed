"""`morgue crawl`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from crawler.commands.options import (
    When, archive_option, archive_path, config_option, debug_option, json_option, loaded_config, print_json,
)  # fmt: skip
from crawler.exit_codes import ExitCode

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.crawl import CrawlReport, CrawlRequest, Target


@click.command("crawl")
@click.argument("sources", nargs=-1, metavar="[URL or source name]...")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Keep at most N articles.")
@click.option("--since", type=When(), metavar="DATE", help="Skip what is known to be older: an ISO date, or 12h, 7d, 3w, 1y.")
@click.option("--delay", type=click.FloatRange(min=0), metavar="SECONDS", help="Between two requests to a host (default: 1).")
@click.option("--contact", metavar="ADDRESS", help="Your e-mail address or page, sent with every request.")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(
    ctx: click.Context, sources: tuple[str, ...], limit: int | None, since: datetime | None, delay: float | None,
    contact: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Find, fetch, read and keep articles, then say what was done.

    Give the address of a site, of a section, of a feed or of a sitemap, or the name of a source of morgue.toml; with none, all
    sources of morgue.toml are crawled. What an earlier run left is done first.
    """
    from crawler.crawl import CrawlRequest

    config = loaded_config(ctx)
    request = CrawlRequest(
        archive=archive_path(ctx, config),
        targets=chosen_targets(sources, config),
        limit=limit or config.limit,
        since=since or _since(config),
        delay=next((d for d in (delay, config.delay) if d is not None), 1.0),
        concurrency=config.concurrency or 1,
        contact=contact or config.contact,
    )
    return tell(crawl_with_progress(request), as_json=as_json)


def chosen_targets(sources: tuple[str, ...], config: Config) -> tuple[Target, ...]:
    """What is to be crawled: the sources and addresses that were named, or all sources of the configuration.

    Raises:
        click.UsageError: nothing is named or configured, or a word is neither a source nor an address.
    """
    from crawler.crawl import Target

    known = {source.name: source for source in config.sources}
    if not sources and not known:
        raise click.UsageError("Name an address, as in `morgue crawl https://example.org`, or write sources into morgue.toml (`morgue init`).")
    targets = []
    for word in sources or tuple(known):
        source = known.get(word)
        if source is None:
            targets.append(Target(complete_address(word, tuple(known))))
        else:
            targets.append(Target(source.url, source.name, source.allow, source.deny, source.delay, source.concurrency))
    return tuple(targets)


def complete_address(word: str, names: tuple[str, ...] = ()) -> str:
    """An address as it will be fetched: `https://` is put before one that has no scheme.

    Raises:
        click.UsageError: it is no http(s) address.
    """
    from urllib.parse import urlsplit

    url = word if "://" in word else f"https://{word}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"http", "https"} or " " in word or ("://" not in word and "." not in host and host != "localhost"):
        known = f" The sources of morgue.toml are {', '.join(names)}." if names else ""
        raise click.UsageError(f"{word!r} is neither an http(s) address nor a source of morgue.toml.{known}")
    return url


def crawl_with_progress(request: CrawlRequest) -> CrawlReport:
    """Crawl, with a status line on a terminal."""
    from dataclasses import replace

    from archive.visit import Outcome
    from crawler.crawl import run_crawl
    from crawler.progress import StatusLine
    from crawler.reports import Tally

    with StatusLine() as status:

        def progress(tally: Tally) -> None:
            failed = tally.outcomes[Outcome.FAILED] + tally.outcomes[Outcome.BLOCKED]
            pages = sum(tally.outcomes.values())
            status.say(f"{pages:,} fetched, {tally.new:,} new, {tally.changed:,} changed, {failed:,} failed  {tally.last_url}")

        return run_crawl(replace(request, progress=progress))


def tell(report: CrawlReport, *, as_json: bool) -> ExitCode:
    """Print the account of a crawl, and give the exit code that it earns."""
    from crawler.accounts import account_as_json, account_lines, exit_code_of

    if as_json:
        print_json(account_as_json(report))
    else:
        click.echo("\n".join(account_lines(report)))
    return exit_code_of(report)


def _since(config: Config) -> datetime | None:
    from crawler.when import parse_when

    return parse_when(config.since, datetime.now(UTC)) if config.since else None
