"""`morgue crawl`."""

from __future__ import annotations

import shlex
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import (
    Length,
    When,
    archive_option,
    archive_path,
    config_option,
    contact_option,
    debug_option,
    delay_option,
    json_option,
    loaded_config,
    print_json,
)
from crawler.exit_codes import ExitCode

if TYPE_CHECKING:
    from crawler.config import Config, SourceConfig
    from crawler.crawl import CrawlReport, CrawlRequest, Target

HERE = Path()


@click.command("crawl")
@click.argument("sources", nargs=-1, metavar="[URL or source name]...")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Keep at most N articles.")
@click.option("--since", type=When(), metavar="DATE", help="Skip what is known to be older: an ISO date, or 12h, 7d, 3w, 1y.")
@click.option("--until", type=When(), metavar="DATE", help="Skip what is known to be from then or later, for a back-fill.")
@click.option("--due", is_flag=True, help="Fetch only what is due, as `morgue run` does; --limit holds for each source.")
@click.option("--for", "time", type=Length(), metavar="TIME", help="Take up nothing new after 30m, 6h...; what is left waits.")
@click.option("--render", is_flag=True, help="Look again with a browser at pages that are empty without scripts.")
@click.option("--folder", type=click.Path(path_type=Path), hidden=True, help="Take relative paths of files from there.")
@click.option("--end-with-stdin", is_flag=True, hidden=True, help="End when stdin is closed: whoever started this has died.")
@delay_option
@click.option("--concurrency", type=click.IntRange(min=1), metavar="N", help="Requests at a time to one host (default: 1).")
@contact_option
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(
    ctx: click.Context, sources: tuple[str, ...], limit: int | None, since: datetime | None, until: datetime | None, due: bool,
    time: timedelta | None, render: bool, folder: Path | None, end_with_stdin: bool, delay: float | None, concurrency: int | None,
    contact: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Find, fetch, read and keep articles, then say what was done.

    Give the address of a site, of a section, of a feed or of a sitemap, or the name of a source of morgue.toml; with none, all
    sources of morgue.toml are crawled. What an earlier run left is done first.
    """
    config = loaded_config(ctx)
    archive = archive_path(ctx, config)
    chosen = without_paused(chosen_sources(sources, config), archive, named=bool(sources), quiet=due)
    if not chosen:
        return ExitCode.WELL
    if not due:
        _tell_of_health(chosen, archive)
    if end_with_stdin:
        _end_with_stdin()
    from pipelines.stages.processes import reading_context

    reading_context()  # its server begins to import while this process reads what is wished for
    from crawler.crawl import CrawlRequest

    targets = paced(targets_of(chosen, since, until, folder=folder or config.folder), delay, concurrency)
    fit = fit_targets(targets, since or _since(config))
    request = CrawlRequest(
        archive=archive,
        targets=_rendered(fit) if render else fit,
        limit=limit or config.limit,
        since=since or _since(config),
        until=until,
        delay=next((d for d in (delay, config.delay) if d is not None), 1.0),
        concurrency=concurrency or config.concurrency or 1,
        contact=contact or config.contact,
        due=due,
        seconds=time.total_seconds() if time else None,
    )
    report = crawl_with_progress(request)
    code = tell(report, as_json=as_json, due=due)
    _tell_of_alarms(config, archive)  # after the account: who is told may keep us waiting
    return code


def _tell_of_alarms(config: Config, archive: Path) -> None:
    """Tell those whom `[alarms]` names of what they have not heard yet; who cannot be told is told next time."""
    from crawler.alarms import tell_all
    from crawler.terminal import plain

    for complaint in tell_all(archive, config.alarms):
        click.echo(plain(complaint), err=True)


def _tell_of_health(chosen: tuple[SourceConfig, ...], path: Path) -> None:
    """Say which of the sources were unwell last; whoever crawls by hand has them tried all the same."""
    from archive import Archive
    from archive.timestamps import now
    from crawler.health import judge
    from crawler.health_watch import TOLD, health_clause
    from crawler.terminal import plain

    if not path.is_file():
        return
    with Archive.open(path) as archive:
        names = {source.id: s.name or s.url for s in chosen for source in archive.sources() if source.url == s.url}
        for past in archive.source_pasts(names, now()):
            health = judge(past, now())
            if health.state in TOLD:
                click.echo(plain(f"{names[past.source_id]} {health_clause(health)}."), err=True)


def _end_with_stdin() -> None:
    """Have SIGTERM sent to this process when its stdin is closed: a crawl shall not outlive the service that started it."""
    import os
    import signal
    import threading

    def watch() -> None:
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="end-with-stdin", daemon=True).start()


def chosen_sources(words: tuple[str, ...], config: Config) -> tuple[SourceConfig, ...]:
    """What is to be crawled: the sources and addresses that were named, or all sources of the configuration.

    Raises:
        click.UsageError: nothing is named or configured, or a word is neither a source nor an address.
    """
    from crawler.config import SourceConfig

    names = tuple(source.name for source in config.sources)
    if not words and not names:
        raise click.UsageError("Name an address, as in `morgue crawl https://example.org`, or write sources into morgue.toml.")
    return tuple(config.source(word) or SourceConfig("", complete_address(word, names)) for word in words or names)


def without_paused(
    chosen: tuple[SourceConfig, ...], archive: Path, *, named: bool, quiet: bool = False
) -> tuple[SourceConfig, ...]:
    """The sources that are not paused; of the others a word is said, unless it is said often.

    Raises:
        click.UsageError: a source was named that is paused.
    """
    from crawler.pauses import IN_FILE, paused_among

    paused = paused_among(chosen, archive)
    for source, why in paused.items():
        name = source.name or source.url
        if named:
            cure = "take `paused` out there" if why == IN_FILE else f"`morgue sources resume {shlex.quote(name)}` ends it"
            raise click.UsageError(f"{name} is {why}; {cure}.")
        if not quiet:
            click.echo(f"{name}: {why}; not crawled.", err=True)
    return tuple(source for source in chosen if source not in paused)


def fit_targets(targets: tuple[Target, ...], since: datetime | None) -> tuple[Target, ...]:
    """The targets that a crawl can work on; of the others a word is said, so that no source stops another.

    Raises:
        click.UsageError: there is none but such.
    """
    from archive.timestamps import now
    from crawler.unfit import why_unfit

    unfit = {t: why for t in targets if (why := why_unfit(t.since or since, t.until, t.archive_pages, now())) is not None}
    told = [f"{target.name or target.url}: {why}" for target, why in unfit.items()]
    if len(unfit) == len(targets):
        raise click.UsageError(f"{told[0]}.")
    for line in told:
        click.echo(f"{line}; not crawled.", err=True)
    return tuple(target for target in targets if target not in unfit)


def targets_of(
    sources: tuple[SourceConfig, ...], since: datetime | None = None, until: datetime | None = None, *, folder: Path = HERE
) -> tuple[Target, ...]:
    """The sources as the crawl takes them; `since` and `until` win over theirs. `folder`: where relative paths begin."""
    from archive.timestamps import now
    from crawler.crawl import Target
    from crawler.when import parse_when

    moment = now()
    return tuple(
        Target(
            s.url, s.name or None, s.allow, s.deny, s.delay, s.concurrency, s.follow,
            since=since or (parse_when(s.since, moment) if s.since else None),
            until=until or (parse_when(s.until, moment) if s.until else None),
            limit=s.limit,
            render=s.render,
            kind=s.kind,
            every=s.every,
            cron=s.cron,
            archive_pages=s.archive_pages,
            replay=s.replay,
            folder=folder,
        )
        for s in sources
    )  # fmt: skip


def paced(targets: tuple[Target, ...], delay: float | None, concurrency: int | None = None) -> tuple[Target, ...]:
    """The targets at the pace that was asked for on the command line; where none was, at their own."""
    from dataclasses import replace

    own = [(None if delay is not None else t.delay, None if concurrency is not None else t.concurrency) for t in targets]
    return tuple(replace(t, delay=d, concurrency=c) for t, (d, c) in zip(targets, own, strict=True))


def _rendered(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """The targets; the browser looks at empty pages of those that would never be rendered."""
    from dataclasses import replace

    from crawler.browser import NEVER, WHEN_EMPTY

    return tuple(replace(target, render=WHEN_EMPTY) if target.render == NEVER else target for target in targets)


def complete_address(word: str, names: tuple[str, ...] = ()) -> str:
    """An address as it will be fetched: `https://` is put before one that has no scheme.

    Raises:
        click.UsageError: it is no http(s) address.
    """
    from urllib.parse import urlsplit

    from archive.urls import address_key

    url = word if "://" in word else f"https://{word}"
    key = address_key(url)
    host = urlsplit(key or "").hostname or ""
    if key is not None and "@" in urlsplit(url).netloc:
        raise click.UsageError("An address with a name or password in it is not fetched: both would be kept with each page.")
    bare_word = "://" not in word and "." not in host and host != "localhost"
    if not host or " " in word or bare_word:
        known = f" The sources of morgue.toml are {', '.join(names)}." if names else ""
        raise click.UsageError(f"{word!r} is neither an http(s) address nor a source of morgue.toml.{known}")
    return url


def crawl_with_progress(request: CrawlRequest) -> CrawlReport:
    """Crawl, with a status line on a terminal."""
    from dataclasses import replace

    from pipelines.stages.processes import reading_context

    reading_context()  # its server imports what reading needs while this process imports what fetching needs
    from archive.visit import Outcome
    from crawler.crawl import run_crawl
    from crawler.progress import StatusLine
    from crawler.reports import Tally

    with StatusLine() as status:

        def progress(tally: Tally) -> None:
            failed = tally.outcomes[Outcome.FAILED] + tally.outcomes[Outcome.BLOCKED]
            pages = sum(tally.outcomes.values())
            status.say(f"{pages:,} fetched, {tally.new:,} new, {tally.changed:,} changed, {failed:,} failed  {tally.last_url}")

        report = run_crawl(replace(request, progress=progress, stopping=status.tell_of_stopping))
    return _with_reasons(report, request)


def _with_reasons(report: CrawlReport, request: CrawlRequest) -> CrawlReport:
    """The report, saying of each address that was named why nothing came of it, where nothing came of anything."""
    from dataclasses import replace

    from archive import Archive
    from crawler.accounts import came_to_nothing

    if request.due or report.failed or not came_to_nothing(report):
        return report
    named = (*(target.url for target in request.targets), *request.pages)
    with Archive.open(request.archive, readonly=True) as archive:
        last = [fetches[-1] for url in named if (fetches := archive.why(url).fetches)]
    return replace(report, failed=[(fetch.url, fetch.reason or fetch.outcome) for fetch in last])


def tell(report: CrawlReport, *, as_json: bool, due: bool = False) -> ExitCode:
    """Print the account of a crawl, and give the exit code that it earns."""
    from crawler.accounts import account_as_json, account_lines, exit_code_of
    from crawler.terminal import plain

    if as_json:
        print_json(account_as_json(report))
    else:
        click.echo(plain("\n".join(account_lines(report))))
    return exit_code_of(report, due=due)


def _since(config: Config) -> datetime | None:
    from archive.timestamps import now
    from crawler.when import parse_when

    return parse_when(config.since, now()) if config.since else None
