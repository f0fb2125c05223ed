"""`morgue sources`: list, add, pause, resume, check."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import (
    Length,
    archive_option,
    archive_path,
    config_option,
    config_path,
    contact_option,
    debug_option,
    delay_option,
    json_option,
    loaded_config,
    print_json,
)
from crawler.commands.pinning import ADDED, lasting_alarms
from crawler.exit_codes import ExitCode

if TYPE_CHECKING:
    from crawler.config import Config, SourceConfig
    from crawler.crawl import CrawlRequest, Target
    from crawler.source_list import SourceLine
    from crawler.trial import Trial

ARTICLES_TRIED = 3
LONGEST_TRIAL = "2m"
"""A dozen lists and as many pages at one request a second, with room for slow answers."""


@click.group("sources", invoke_without_command=True)
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List the sources and how each stands; add, pause, resume and check them.

    The list says for each source its state in a word, when it last answered and last brought a new article, how many articles
    came through it, how many in a hundred of those of the last 30 days have a title, an author, a date and a text, and when
    `morgue run` crawls it next. To be rid of a source, pause it, or take it out of morgue.toml: what was kept of it stays.
    """
    if ctx.invoked_subcommand is None:
        _list(ctx, as_json=as_json)


for _added in ADDED:
    command.add_command(_added)


@command.command("list")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def list_(ctx: click.Context, as_json: bool) -> None:
    """List the sources and how each stands; the same as without a word."""
    _list(ctx, as_json=as_json or _asked_before(ctx))


def _asked_before(ctx: click.Context) -> bool:
    """Whether `--json` stands before the word: `morgue sources --json list`."""
    return ctx.parent is not None and bool(ctx.parent.params.get("as_json"))


def _list(ctx: click.Context, *, as_json: bool) -> None:
    from archive.timestamps import now
    from crawler.source_list import list_sources
    from crawler.terminal import plain

    config = loaded_config(ctx)
    moment = now().replace(microsecond=0)
    lines = list_sources(config, archive_path(ctx, config), moment)
    if as_json:
        print_json(lines)
    elif lines:
        click.echo(_table(lines, moment))
        for line in lines:
            if line.reason is not None:
                said = line.reason if line.reason.startswith(line.state) else f"{line.state}, {line.reason}"
                click.echo(plain(f"{line.name or line.url}: {said}"))
        for text in lasting_alarms(archive_path(ctx, config)):
            click.echo(plain(text))
    else:
        click.echo("There are no sources: `morgue sources add https://...` adds one.", err=True)


def _table(lines: list[SourceLine], moment: datetime) -> str:
    from archive.source_status import COVERED
    from crawler.terminal import table

    rows = [
        (
            line.name or "",
            line.url,
            line.state,
            _ago(line.last_success, moment),
            _ago(line.last_new_article, moment),
            line.articles,
            *(f"{line.coverage[field]:.0%}" if line.coverage else "" for field in COVERED),
            _ago(line.next_due, moment) if line.in_file else "not in file",
        )
        for line in lines
    ]
    return table(rows, ("name", "address", "state", "answered", "new", "articles", *COVERED, "next"))


def _ago(when: datetime | None, moment: datetime) -> str:
    """A moment as a person tells it: `3 h ago`, `in 20 min`, `now`."""
    if when is None:
        return ""
    minutes = round(abs((when - moment).total_seconds()) / 60)
    if minutes == 0:
        return "now"
    text = f"{minutes} min" if minutes < 90 else f"{minutes / 60:.0f} h" if minutes < 48 * 60 else f"{minutes / 1440:.0f} days"
    return f"{text} ago" if when < moment else f"in {text}"


@command.command("add")
@click.argument("url")
@click.option("--name", metavar="NAME", help="What the commands call it; else it is taken from the address.")
@click.option("--every", metavar="TIME", help="Between two looks at it by `morgue run`: 30m, 6h, 1d. Else as new articles come.")
@click.option("--cron", metavar="FIELDS", help="Five fields as in crontab, in place of --every.")
@click.option("--follow", multiple=True, metavar="WAY", help="feeds, sitemaps or links; may be given again. Else all.")
@click.option("--allow", multiple=True, metavar="REGEX", help="An article's address must match one; may be given again.")
@click.option("--deny", multiple=True, metavar="REGEX", help="What matches one is not fetched; may be given again.")
@click.option("--since", metavar="DATE", help="Nothing that is known to be older: an ISO date, or 12h, 7d, 3w, 1y.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Articles of it a run at most.")
@delay_option
@click.option("--concurrency", type=click.IntRange(min=1), metavar="N", help="Requests at a time to its host.")
@click.option("--render", metavar="WHEN", help="Whether a browser runs its scripts: never, 'when empty' or always.")
@archive_option
@config_option
@debug_option
@click.pass_context
def add(ctx: click.Context, /, url: str, name: str | None, **wishes: Any) -> None:
    """Add a source to morgue.toml, as a table at its end.

    The rest of the file stays as it is, to the byte. Where there is no morgue.toml, one is written as by `morgue init`. Nothing
    is fetched; `morgue sources check` tells what a crawl would find.
    """
    from archive.timestamps import now
    from crawler.commands.crawl import complete_address
    from crawler.config import load_config
    from crawler.source_file import add_source, name_for, with_source

    path = config_path(ctx)
    address = complete_address(url)
    config = load_config(path) if path.exists() else None
    names = [source.name for source in config.sources] if config else []
    _refuse_twin(config, address, name)
    given = {key: list(value) if isinstance(value, tuple) else value for key, value in wishes.items() if value not in (None, ())}
    told, heading = {"name": name or name_for(address, names), "url": address, **given}, f"Added on {now():%Y-%m-%d}."
    if config is None:
        with_source(path, "", told, heading)  # so that no file is written for a source that makes no sense
        _write_config(ctx, path)
    source = add_source(path, told, heading)
    click.echo(f"Added {source.name} to {path}.")
    click.echo(f"morgue sources check {_quoted(source.name)} shows what a crawl would find.", err=True)


def _refuse_twin(config: Config | None, address: str, name: str | None) -> None:
    if config is None:
        return
    if name and any(source.name == name for source in config.sources):
        raise click.UsageError(f"There is a source called {name!r} already; give another --name.")
    twin = config.source(address)
    if twin is not None:
        raise click.UsageError(f"{twin.name} starts from that address already.")


def _write_config(ctx: click.Context, path: Path) -> None:
    """Write what `morgue init` writes; an archive that is there stays."""
    from archive import Archive
    from crawler.commands import Invocation
    from crawler.config import DEFAULT_ARCHIVE
    from crawler.config_template import template

    invocation = ctx.find_object(Invocation)
    archive = (invocation.archive if invocation else None) or path.parent / DEFAULT_ARCHIVE
    named = (invocation.archive.absolute() if invocation and invocation.archive else None) or DEFAULT_ARCHIVE
    Archive.create(archive).close()
    with path.open("x", encoding="utf-8") as file:
        file.write(template(named))
    click.echo(f"Wrote {path}.", err=True)


@command.command("pause")
@click.argument("source", metavar="NAME or URL")
@click.option("--why", metavar="TEXT", help="The reason; `morgue sources` tells it.")
@archive_option
@config_option
@debug_option
@click.pass_context
def pause(ctx: click.Context, source: str, why: str | None) -> None:
    """Leave a source alone until it is resumed.

    It is kept in the archive, so a service that runs obeys at its next look; a crawl that is under way goes on to its end.
    """
    from archive import Archive
    from archive.timestamps import now

    config = loaded_config(ctx)
    with Archive.create(archive_path(ctx, config)) as archive:
        kept = archive.add_source(*_known(source, config, archive))
        archive.pause_source(kept.id, " ".join(why.split()) if why else None, now())
    click.echo(f"{kept.name or kept.url} is paused; `morgue sources resume {_quoted(source)}` ends it.")


@command.command("resume")
@click.argument("source", metavar="NAME or URL")
@archive_option
@config_option
@debug_option
@click.pass_context
def resume(ctx: click.Context, source: str) -> int:
    """End the pause of a source."""
    from archive import Archive

    config = loaded_config(ctx)
    with Archive.create(archive_path(ctx, config)) as archive:
        kept = archive.add_source(*_known(source, config, archive))
        archive.resume_source(kept.id)
    name = kept.name or kept.url
    configured = config.source(source)
    if configured is not None and configured.paused:
        click.echo(f"{name} stays paused: morgue.toml says `paused = true`; take it out there.", err=True)
        return ExitCode.USAGE
    click.echo(f"{name} was not paused." if kept.paused is None else f"{name} is crawled again.")
    return ExitCode.WELL


def _known(word: str, config: Config, archive: Any) -> tuple[str, str | None]:
    """Address and name of the source that a word means.

    Raises:
        click.UsageError: neither morgue.toml nor the archive knows it.
    """
    import difflib

    from archive.urls import address_key

    configured = config.source(word)
    if configured is not None:
        return configured.url, configured.name
    kept = archive.sources()
    key = address_key(word if "://" in word else f"https://{word}")
    for source in kept:
        if source.name == word or (key is not None and address_key(source.url) == key):
            return source.url, None
    names = [source.name for source in (*config.sources, *kept) if source.name]
    near = difflib.get_close_matches(word, names, 1)
    hint = f"is {near[0]} meant?" if near else f"there are {', '.join(dict.fromkeys(names))}." if names else "there are none."
    raise click.UsageError(f"{word!r} is no source; {hint}")


@command.command("check")
@click.argument("source", metavar="NAME or URL")
@click.option("--articles", type=click.IntRange(min=1), default=ARTICLES_TRIED, show_default=True, help="Articles to read.")
@click.option("--for", "time", type=Length(), default=LONGEST_TRIAL, show_default=True, help="How long it may take: 30s, 5m...")
@delay_option
@contact_option
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def check(
    ctx: click.Context, source: str, articles: int, time: Any, delay: float | None, contact: str | None, as_json: bool
) -> int:
    """Show what a crawl of a source would find and read, and keep nothing.

    Reads its address, a few of its feeds and sitemaps and some articles, as politely as any crawl, and warns of what is missing.
    Of a source of files it names each with what a crawl would do with it, and reads the first articles.
    Exit codes as of `morgue crawl`: 1 nothing to be read, 3 some pages failed, 4 refused.
    """
    from crawler.commands.crawl import chosen_sources, crawl_with_progress, paced, targets_of
    from crawler.crawl import CrawlRequest
    from crawler.trial import try_source, warnings_of

    config = loaded_config(ctx)
    (chosen,) = chosen_sources((source,), config)
    pace = next((d for d in (delay, chosen.delay, config.delay) if d is not None), 1.0)
    request = CrawlRequest(
        Path(), limit=articles, seconds=time.total_seconds(), delay=pace, contact=contact or config.contact,
        since=_since(config),
    )  # fmt: skip
    (target,) = paced(targets_of((chosen,), folder=config.folder), delay)
    trial = try_source(target, request, crawl_with_progress)
    warnings = warnings_of(trial, chosen.follow if chosen.kind == "site" else ())
    files = _files(target, request, archive_path(ctx, config)) if chosen.kind == "warc" else []
    return _tell(chosen, trial, warnings, files, as_json=as_json or _asked_before(ctx))


def _files(target: Target, request: CrawlRequest, path: Path) -> list[dict[str, Any]]:
    """The files of a source, each with what a crawl would do with it."""
    from archive import Archive
    from crawler.file_sources import FileSource
    from crawler.intake.file_sets import find_files, state_of, to_read_again

    source = FileSource.of(0, target, request.since, request.until)
    known = []
    if path.is_file():
        with Archive.open(path, readonly=True) as archive:
            kept = next((each for each in archive.sources() if each.url == target.url), None)
            known = archive.files.known(kept.id) if kept is not None else []
    there, _ = find_files(source.patterns, source.folder)
    again = to_read_again(known, there, source.rules, source.since, source.until)
    by_path = {file.path: file for file in known}
    return [{"path": file.path, "size": file.size, "state": state_of(file, by_path.get(file.path), again)} for file in there]


def _tell(chosen: SourceConfig, trial: Trial, warnings: list[str], files: list[dict[str, Any]], *, as_json: bool) -> ExitCode:
    from crawler.accounts import exit_code_of
    from crawler.trial_rendering import trial_lines

    code = exit_code_of(trial.report)
    if code in {ExitCode.WELL, ExitCode.PARTLY} and not trial.articles:
        code = ExitCode.FAILED
    if as_json:
        print_json({
            "name": chosen.name or None, "url": trial.url, "found": trial.found, "lists": trial.lists,
            "lists_unread": trial.lists_unread, "sections": trial.sections, "articles": trial.articles, "others": trial.others,
            "warnings": warnings, "seconds": round(trial.report.seconds, 3), **({"files": files} if files else {}),
        })  # fmt: skip
    else:
        from crawler.terminal import human_size

        for file in files:
            click.echo(f"{file['path']}  {human_size(file['size'])}  {file['state']}")
        click.echo("\n".join(trial_lines(chosen.name, trial, warnings)))
    return code


def _since(config: Config) -> datetime | None:
    from archive.timestamps import now
    from crawler.when import parse_when

    return parse_when(config.since, now()) if config.since else None


def _quoted(word: str) -> str:
    import shlex

    return shlex.quote(word)
