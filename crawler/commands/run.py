"""`morgue run`."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import archive_option, archive_path, config_option, debug_option, loaded_config, print_json
from crawler.exit_codes import ExitCode

if TYPE_CHECKING:
    from crawler.agenda import Agenda
    from crawler.config import Config
    from crawler.config_watch import ConfigWatch
    from crawler.service import Ended
    from crawler.status.board import StatusBoard
    from crawler.waking import Waking

ANSWER_SECONDS = 10.0
"""How long the running service is waited for when it is asked for its status."""


class HostAndPort(click.ParamType[str]):
    """`host:port`; a port alone is one of this machine's own interface."""

    name = "host:port"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read what was typed."""
        from crawler.config_values import host_and_port

        try:
            return host_and_port(int(value) if value.isdecimal() else value)
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


@click.command("run")
@click.option("--once", is_flag=True, help="Do what is due and end; for cron.")
@click.option(
    "--listen", type=HostAndPort(), metavar="HOST:PORT", help="Answer there with the status, as JSON and for Prometheus."
)
@click.option("--status", is_flag=True, help="Print what the running service does, as JSON, and end.")
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, once: bool, listen: str | None, status: bool) -> int:
    """Crawl each source when it is due, until it is stopped.

    The sources are those of morgue.toml; articles are looked at again when that is due. One crawl at a time, each of a slice of
    time; what was missed while nothing ran is done once. SIGTERM and Ctrl-C end it within ten seconds, and the next one goes on
    from there. morgue.toml is read again when it changes, or at SIGHUP.
    """
    if status:
        return _print_status(ctx)
    config = loaded_config(ctx)
    archive = archive_path(ctx, config).absolute()
    if not config.sources or config.path is None:
        raise click.UsageError("There is nothing to run: write sources into morgue.toml, and see `morgue init`.")
    from archive import Archive
    from archive.lock import name_service, service_lock
    from crawler.status.server import serve_status

    Archive.create(archive).close()
    listen = listen or (None if once else config.service.listen)
    with (
        service_lock(archive),
        serve_status(archive, listen) as board,
        tempfile.TemporaryDirectory(prefix="morgue-") as folder,
    ):
        name_service(archive, board.address)
        return _serve(config.path.absolute(), Path(folder), archive, board, once=once)


def _serve(path: Path, folder: Path, archive: Path, board: StatusBoard, *, once: bool) -> int:
    """Work until stopped, or until what is due is done."""
    from crawler.config_watch import ConfigWatch
    from crawler.service import Service
    from crawler.slices import CrawlProcess
    from crawler.waking import waking

    watch = ConfigWatch(path, folder)
    with waking() as world:
        service = Service(
            world,
            lambda: _look(world, watch, archive),
            lambda: CrawlProcess(archive, watch.copy, path.parent, watch.config.service.slice.total_seconds()),
            lambda: _held_up(archive),
            _say,
            lambda ended: _tell(ended, world, watch, archive),
            lambda: _reread(world, watch),
        )
        board.show(service, watch)
        if not once:
            _say(_greeting(archive, watch.config, board.address))
        code = service.run(once=once)
    if not once:
        _say("stopped; the next `morgue run` goes on from here")
    return code


def _look(world: Waking, watch: ConfigWatch, archive: Path) -> Agenda:
    """Read what is before the service, after morgue.toml if that has changed."""
    from archive import Archive
    from crawler.agenda import note_new_sources, read_agenda

    _reread(world, watch)
    with Archive.open(archive, readonly=True) as opened:
        agenda = read_agenda(opened, watch.config, world.now())
    if any(source.is_news for source in agenda.sources):
        with Archive.open(archive) as opened:
            note_new_sources(opened, agenda, world.now())
    return agenda


def _reread(world: Waking, watch: ConfigWatch) -> bool:
    """Read morgue.toml again if it has changed, and say so; returns whether it has."""
    forced, world.reload = world.reload, False
    said = watch.refresh(force=forced)
    if said is not None:
        _say(said)
    return said is not None


def _held_up(archive: Path) -> str | None:
    """Why no crawl can start now."""
    from archive.lock import crawling

    holder = crawling(archive)
    return f"another crawl (process {holder.pid}) works on the archive; waiting until it ends" if holder is not None else None


def _tell(ended: Ended, world: Waking, watch: ConfigWatch, archive: Path) -> None:
    """Say in a line what a crawl did, and in one each what is to be known of sources."""
    from archive.visit import Outcome
    from crawler.terminal import count, human_seconds

    if ended.report is None:
        return
    report, outcomes = ended.report, ended.report["outcomes"]
    pages = sum(outcomes.values()) - outcomes[Outcome.ROBOTS] - outcomes[Outcome.LATER]
    bad = [f"{outcomes[name]:,} {name}" for name in (Outcome.FAILED, Outcome.BLOCKED, Outcome.GONE) if outcomes[name]]
    _say(
        f"run {report['run']}: {count(report['articles_new'], 'new article')}, {report['articles_changed']:,} changed; "
        f"{count(pages, 'address', 'addresses')} fetched in {human_seconds(report['seconds'])}"
        f"{''.join(f', {part}' for part in bad)}{'; more waits' if ended.out_of_time else ''}"
    )
    for complaint in report["complaints"]:
        _say(f"{complaint['source']}: {complaint['reason']}")
    for one in report["unwell"]:
        _say(f"{one['source']} is {one['state']}: {one['reason']}{_again(one, world, watch, archive)}")
    for alarm in report["alarms"]:
        _say(f"ALARM {alarm['source'] or alarm['site']}: {alarm['says']}")
    if report["alarms"]:
        _say("`morgue sources alarms` shows the first bad page of each, and `morgue sources settle` takes them for right")


def _again(unwell: Mapping[str, Any], world: Waking, watch: ConfigWatch, archive: Path) -> str:
    """When a source that rests is crawled next, as the agenda now has it; nothing where it does not rest."""
    from archive.errors import ArchiveError
    from archive.timestamps import stamp

    if not unwell["rest_until"]:
        return ""
    try:
        agenda = _look(world, watch, archive)
    except (ArchiveError, sqlite3.Error, OSError):
        return f"; left alone until {unwell['rest_until']}"
    nexts = [s.next_due(world.now()) for s in agenda.sources if unwell["source"] in (s.source.name, s.source.url)]
    due = next((due for due in nexts if due is not None), None)
    return f"; asked again at {stamp(due)}" if due is not None else f"; left alone until {unwell['rest_until']}"


def _greeting(archive: Path, config: Config, address: str | None) -> str:
    from crawler.terminal import count

    where = f"; status at {address}/status.json" if address else ""
    return f"process {os.getpid()} crawls {count(len(config.sources), 'source')} into {archive}{where}"


def _print_status(ctx: click.Context) -> int:
    """Print what the service of an archive does, though morgue.toml may be broken; FAILED where none is at work."""
    from archive.lock import serving
    from crawler.config import Config, archive_of_broken
    from crawler.errors import ConfigError

    error: str | None = None
    try:
        config = loaded_config(ctx)
        archive = archive_path(ctx, config).absolute()
    except ConfigError as broken:
        if not broken.path.exists():
            raise
        config, error = Config(), str(broken)
        archive = archive_path(ctx, Config(archive=archive_of_broken(broken.path))).absolute()
    holder = serving(archive)
    if holder is not None and holder.address is not None:
        told = _asked(holder.address)
        if told is not None:
            print_json(told)
            return ExitCode.WELL
    from crawler.status.board import StatusBoard

    process = {"state": "not running"} if holder is None else {"state": "running", "pid": holder.pid}
    print_json(StatusBoard(archive).status(config, {**process, **({"config_error": error} if error else {})}))
    return ExitCode.FAILED if holder is None else ExitCode.WELL


def _asked(address: str) -> object:
    """What a service answers at its address; None: nothing."""
    import json
    import urllib.request

    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{address}/status.json", timeout=ANSWER_SECONDS) as answer:
            return json.load(answer)
    except (OSError, ValueError):
        return None


def _say(line: str) -> None:
    """Write a line to the log: with the time, unless the journal of systemd sets it itself."""
    from archive.timestamps import now, stamp
    from crawler.terminal import plain

    click.echo(plain(line if os.environ.get("JOURNAL_STREAM") else f"{stamp(now())} {line}"), err=True)
