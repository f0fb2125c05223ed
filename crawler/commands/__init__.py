"""The command line: a module a command, imported when it is called.

So `morgue --help` imports neither Scrapy nor lxml nor the archive, and command modules import what they work with inside
their functions.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.errors import ConfigError, CrawlerError
from crawler.exit_codes import ExitCode
from crawler.progress import upgrades_shown
from crawler.terminal import plain

if TYPE_CHECKING:
    import sqlite3

COMMANDS = {
    "init": "Write a commented morgue.toml and an empty archive.",
    "crawl": "Find, fetch, read and keep articles, then say what was done.",
    "demo": "Crawl the bundled newspaper site: the whole way with no network.",
    "discover": "List what a crawl would fetch, and how each address was found.",
    "add": "Take in lists of addresses, saved pages, WARC and WACZ.",
    "extract": "Read saved pages and print the articles as JSON lines.",
    "run": "Crawl each source when it is due, until it is stopped.",
    "schedule": "Print what has the system run morgue.",
    "sources": "List the sources and how each stands; add, pause, resume and check them.",
    "search": "Search the full text of the archive.",
    "show": "Print an article.",
    "diff": "Show what changed between two revisions of an article.",
    "why": "Tell how an address was found, what its fetches came to, and where each field is from.",
    "export": "Write articles to a file or a folder, which appears whole or not at all.",
    "stats": "Count articles, revisions, bytes and outcomes, and the coverage of each field.",
    "reextract": "Read all kept captures again with today's rules; a report comes first.",
    "verify": "Check every digest, key and index of the archive.",
    "repair": "Make anew what is damaged and follows from the rest of the file.",
    "backup": "Copy the archive to FILE, while a crawl goes on.",
    "takedown": "Remove an article for good, and block its return.",
    "doctor": "Check the installation and say what is missing.",
}
"""The commands in the order of their help, with the first sentence of it."""
UNREADABLE = (
    "the archive holds a text that cannot be read, being no UTF-8 or no JSON: `morgue verify` names the row, and what to do"
)
"""Of a damaged row; the text itself is not shown."""

OF_THE_SERVICE = "--end-with-stdin"
"""The option by which a crawl knows that `morgue run` began it."""


@dataclass(slots=True)
class Invocation:
    """What the options before the command say; the command's own win."""

    archive: Path | None = None
    config: Path | None = None
    debug: bool = False


class CommandGroup(click.Group):
    """Imports a command's module, `crawler.commands.<name>`, when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, in the order of their help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"crawler.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _print_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from crawler.version import version

        click.echo(f"morgue {version()}")
        ctx.exit()


@click.group(
    name="morgue",
    cls=CommandGroup,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "MORGUE", "max_content_width": 100},
    epilog="Exit codes: 0 well, 1 failed, 2 usage or configuration, 3 partly done, 4 blocked, 5 threshold crossed, "
    "6 integrity broken, 130 interrupted. Each option may also come from a variable, as MORGUE_ARCHIVE for --archive or "
    "MORGUE_CRAWL_LIMIT for crawl --limit.",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Print the version.")
@click.option("--archive", type=click.Path(path_type=Path), metavar="FILE", help="The archive (default: morgue.db).")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="The configuration (default: morgue.toml).")
@click.option("--debug", is_flag=True, help="Show where an error comes from.")
@click.pass_obj
def morgue(invocation: Invocation, archive: Path | None, config: Path | None, debug: bool) -> None:
    """A crawler and archive for articles.

    Finds articles, reads each into a clean record, and keeps them with their evidence in one SQLite file.
    """
    invocation.archive, invocation.config, invocation.debug = archive, config, debug or invocation.debug


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: those of the process where None.

    Returns:
        The exit code, see `crawler.exit_codes`.
    """
    invocation = Invocation(debug=bool(os.environ.get("MORGUE_DEBUG")))
    if os.environ.get("MORGUE_CLOCK") and (complaint := _clock_complaint()) is not None:
        click.echo(f"Error: {complaint}.", err=True)
        return ExitCode.USAGE
    try:
        with _ended_as_by_ctrl_c(), upgrades_shown():
            code = _run(list(sys.argv[1:] if arguments is None else arguments), invocation)
            sys.stdout.flush()
    except click.ClickException as error:
        if OF_THE_SERVICE in sys.argv:  # the user did not type this command, so its usage says nothing to them
            click.echo(f"Error: {error.format_message()}", err=True)
        else:
            error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted.", err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        return ExitCode.WELL
    except Exception as error:  # noqa: BLE001 - the last place where an error can be told to the user
        return _report(error, invocation)
    return code


@contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """Have SIGTERM do what Ctrl-C does: Python would end at once, and leave its processes and half-written files behind."""
    if threading.current_thread() is not threading.main_thread():  # signals are for the main thread
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL if before is None else before)


def _clock_complaint() -> str | None:
    """What is wrong with the moment that a rehearsal is to begin at; None: nothing."""
    try:
        importlib.import_module("archive.timestamps")
    except ValueError as error:
        return str(error)
    return None


def _run(arguments: list[str], invocation: Invocation) -> int:
    try:
        with morgue.make_context("morgue", arguments, obj=invocation) as context:
            return int(morgue.invoke(context) or ExitCode.WELL)
    except click.exceptions.Exit as done:
        return done.exit_code


def _report(error: Exception, invocation: Invocation) -> ExitCode:
    """Tell the user of an error: in a sentence where it is one of ours, else with its kind."""
    import sqlite3

    from archive.errors import ArchiveError, QuerySyntaxError
    from archive.texts import is_unreadable

    if invocation.debug:
        traceback.print_exception(error)
    ours = isinstance(error, CrawlerError | ArchiveError)
    message = str(error) if ours else f"{type(error).__name__}: {error}"
    if isinstance(error, sqlite3.Error):
        ours, message = True, UNREADABLE if is_unreadable(error) else f"the archive: {error}. {_advice_on(error)}"
    elif isinstance(error, OSError) and error.strerror:
        ours, message = True, f"{error.filename or 'the output'}: {error.strerror}"
    hint = "" if ours or invocation.debug else "\n--debug shows where it comes from."
    click.echo(f"Error: {plain(message)}{hint}", err=True)
    if isinstance(error, QuerySyntaxError):
        click.echo("`morgue search --help` says what a query may be.", err=True)
    if _is_damage(error):
        return ExitCode.BROKEN
    return ExitCode.USAGE if isinstance(error, ConfigError | QuerySyntaxError) else ExitCode.FAILED


def _is_damage(error: Exception) -> bool:
    """Whether what was read is not what was written."""
    import sqlite3

    from archive.errors import ArchiveDamaged, DamagedPayload, DamagedRow
    from archive.texts import is_unreadable

    if isinstance(error, ArchiveDamaged | DamagedPayload | DamagedRow) or is_unreadable(error):
        return True
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _advice_on(error: sqlite3.Error) -> str:
    """What to do about an error of SQLite, by its primary code."""
    import sqlite3

    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    advice = {
        sqlite3.SQLITE_CANTOPEN: "Is it a file, and may you read it and write beside it? `morgue doctor` looks.",
        sqlite3.SQLITE_READONLY: "You may not write it: see to the rights of the file and its folder.",
        sqlite3.SQLITE_FULL: "Make room on the disk; nothing that was kept is lost.",
        sqlite3.SQLITE_IOERR: "The disk failed or is full; then run `morgue verify`.",
        sqlite3.SQLITE_CORRUPT: "It is damaged: `morgue verify` says how, and a copy of the file helps.",
        sqlite3.SQLITE_NOTADB: "It is damaged: a copy of the file helps.",
        sqlite3.SQLITE_BUSY: "Another program is using it; try again when that has ended.",
    }
    return advice.get(code, "`morgue verify` says whether it is sound.")


def _silence_stdout() -> None:
    """Whoever read our output has gone: what is still buffered must not raise again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


__all__ = ["COMMANDS", "main", "morgue"]
