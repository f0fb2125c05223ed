"""`morgue demo`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.commands.options import archive_option_with, debug_option, json_option
from crawler.exit_codes import ExitCode

DEMO_ARCHIVE = Path("demo.db")
SOURCE_NAME = "demo"
ARTICLES_SHOWN = 15


@click.command("demo")
@click.option("--serve", is_flag=True, help="Go on serving the site until Ctrl-C, to be looked at in a browser.")
@json_option
@archive_option_with(str(DEMO_ARCHIVE))
@debug_option
@click.pass_context
def command(ctx: click.Context, serve: bool, as_json: bool) -> int:
    """Crawl the bundled newspaper site: the whole way with no network.

    Serves the site on a free port of this machine, crawls it into demo.db, and shows what was kept.
    """
    from crawler.commands import Invocation
    from crawler.commands.crawl import crawl_with_progress
    from crawler.crawl import CrawlRequest, Target
    from crawler.demo.server import serve as serve_site

    invocation = ctx.find_object(Invocation)
    path = (invocation.archive if invocation else None) or DEMO_ARCHIVE
    port = _port(path)
    with serve_site(port=port) as site:
        click.echo(f"The Tern Sound Courier is served at {site.base_url}; crawling it into {path}.", err=True)
        report = crawl_with_progress(CrawlRequest(path, (Target(site.base_url, SOURCE_NAME),), delay=0, concurrency=8))
        if as_json:
            from crawler.accounts import account_as_json
            from crawler.commands.options import print_json

            print_json(account_as_json(report))
        else:
            _show(path, report)
        if report.state == "interrupted":
            return ExitCode.INTERRUPTED
        if serve:
            _wait(site.base_url)
    return ExitCode.WELL if report.state == "finished" else ExitCode.FAILED


def _port(path: Path) -> int:
    """The port of the last demo in this archive where it is free, so that its pages are known again; else 0, for any."""
    import socket
    from urllib.parse import urlsplit

    from archive import Archive

    if not path.exists():
        return 0
    with Archive.open(path, readonly=True) as archive:
        ports = [urlsplit(source.url).port for source in archive.sources() if source.name == SOURCE_NAME]
    try:
        with socket.create_server(("127.0.0.1", ports[-1] or 0)):
            return ports[-1] or 0
    except (OSError, IndexError):
        return 0


def _show(path: Path, report: object) -> None:
    """What was kept, as a table, and what to try next."""
    from archive import Archive
    from crawler.accounts import Account, account_lines
    from crawler.terminal import count, table

    account: Account = report  # type: ignore[assignment]
    with Archive.open(path, readonly=True) as archive:
        articles = list(archive.articles())
    shown = articles[:ARTICLES_SHOWN]
    rows = [(a.id, (a.published or "")[:10], a.lang or "", ", ".join(a.authors), a.title or "") for a in shown]
    click.echo(table(rows, ("id", "published", "lang", "authors", "title")))
    if len(articles) > ARTICLES_SHOWN:
        click.echo(f"and {count(len(articles) - ARTICLES_SHOWN, 'more article')}.")
    click.echo()
    click.echo("\n".join(line for line in account_lines(account) if not line.startswith("  ")))
    click.echo(f"\nTry next:\n  morgue search ferry --archive {path}")
    click.echo(f"  morgue show {articles[0].id if articles else 1} --archive {path}")
    click.echo(f"  morgue export csv --archive {path} -o demo.csv")


def _wait(address: str) -> None:
    """Serve until Ctrl-C."""
    import threading

    click.echo(f"\nServing {address} until Ctrl-C.", err=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
