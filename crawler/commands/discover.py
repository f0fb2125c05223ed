"""`morgue discover`."""

from __future__ import annotations

import click

from crawler.commands.crawl import chosen_sources, paced, targets_of
from crawler.commands.options import config_option, debug_option, delay_option, json_option, loaded_config, print_json
from crawler.exit_codes import ExitCode


@click.command("discover")
@click.argument("sources", nargs=-1, required=True, metavar="URL...")
@delay_option
@json_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, sources: tuple[str, ...], delay: float | None, as_json: bool) -> int:
    """List what a crawl would fetch, and how each address was found.

    Fetches robots.txt, feeds, sitemaps and listings, but no article, and keeps nothing.
    """
    config = loaded_config(ctx)
    chosen = chosen_sources(sources, config)
    for source in chosen:
        if source.kind == "warc":
            raise click.UsageError(f"{source.name} is files: `morgue sources check` tells which would be read.")
    from pathlib import Path

    from crawler.crawl import CrawlRequest, run_discovery
    from crawler.progress import StatusLine
    from crawler.terminal import count, table

    pace = next((d for d in (delay, config.delay) if d is not None), 1.0)
    with StatusLine() as status:
        request = CrawlRequest(
            Path(), paced(targets_of(chosen), delay), delay=pace, contact=config.contact,
            progress=lambda tally: status.say(f"{tally.found:,} addresses found  {tally.last_url}"),
            stopping=status.tell_of_stopping,
        )  # fmt: skip
        rows = run_discovery(request)
    if as_json:
        print_json(rows)
    elif rows:
        lines = [(row.how, row.url, (row.published or "")[:10], row.title or "") for row in rows]
        click.echo(table(lines, ("how", "address", "published", "title")))
    click.echo(f"{count(len(rows), 'article')} to fetch.", err=True)
    return ExitCode.WELL if rows else ExitCode.FAILED
