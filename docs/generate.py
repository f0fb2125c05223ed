"""Writes the pages of documentation that the program itself knows best; `--check` only says which of them have drifted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import click

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))

from archive.schema import INDEXES, TABLES, TRIGGERS, VIEWS  # noqa: E402
from crawler.commands import COMMANDS, morgue  # noqa: E402
from crawler.exit_codes import MEANING  # noqa: E402

WIDTH = 100
"""Columns of the help texts, whatever terminal this runs in."""
NOTE = "<!-- Written by docs/generate.py from the program. Edit the program, then run it. -->"

COMMANDS_HEAD = """\
# Commands

Data goes to stdout, progress and messages go to stderr; `-` is stdin. Dates are ISO (`2026-08-22`, `2026-08`) or a time ago
(`12h`, `7d`, `3w`, `1y`). What a flag does not say is taken from a variable (`MORGUE_ARCHIVE`, `MORGUE_CONFIG`; for the option of
a command its name too, as in `MORGUE_CRAWL_LIMIT`), then from `morgue.toml`, then from the defaults. `--archive`, `--config` and
`--debug` may stand before the command or behind it.

## Exit codes

| code | meaning |
|---|---|"""


def commands() -> Iterator[str]:
    """Lines of `commands.md`: the exit codes and the help of each command."""
    yield COMMANDS_HEAD
    for code, meaning in MEANING.items():
        yield f"| {int(code)} | {meaning} |"
    for name in COMMANDS:
        command = morgue.get_command(click.Context(morgue), name)
        assert command is not None
        parent = click.Context(morgue, info_name="morgue", terminal_width=WIDTH, max_content_width=WIDTH)
        context = click.Context(command, info_name=name, parent=parent, help_option_names=["-h", "--help"])
        yield f"\n## morgue {name}\n\n```text\n{command.get_help(context)}\n```"
        yield from _subcommands(command, context)


def _subcommands(command: click.Command, context: click.Context) -> Iterator[str]:
    """Lines with the help of each command under a command, if there are any."""
    for name, under in command.commands.items() if isinstance(command, click.Group) else ():
        inner = click.Context(under, info_name=name, parent=context, help_option_names=["-h", "--help"])
        yield f"\n### {inner.command_path}\n\n```text\n{under.get_help(inner)}\n```"


SCHEMA_HEAD = """\
# Schema

The archive is one SQLite file; these are its tables and views as they stand in it, comments included. `sqlite3 morgue.db .schema`
prints the same. Times are ISO 8601 in UTC. What the fields of an article mean is in [fields.md](fields.md).
"""

SETTINGS_HEAD = """\
# Settings

What a user sets is in `morgue.toml` (`morgue init` writes one with comments), in `MORGUE_*` variables and in the options of the
[commands](commands.md). Below are Scrapy's settings as morgue sets them, from `crawler/settings.py`, each with its reason;
`scrapy crawl` and `scrapy shell` in a checkout use them too.
"""


def schema() -> Iterator[str]:
    """Lines of `schema.md`: what makes each table, view and trigger."""
    yield SCHEMA_HEAD
    for statement in (*TABLES, *VIEWS, *INDEXES, *TRIGGERS):
        yield f"```sql\n{dedent(statement).strip()};\n```\n"


def settings() -> Iterator[str]:
    """Lines of `settings.md`: the settings module from its first setting on."""
    source = (FOLDER.parent / "crawler" / "settings.py").read_text(encoding="utf-8")
    yield SETTINGS_HEAD
    yield f"```python\n{source[source.index('BOT_NAME') :].strip()}\n```"


PAGES: dict[str, Callable[[], Iterator[str]]] = {"commands.md": commands, "schema.md": schema, "settings.md": settings}
"""File beside this one -> what gives its lines."""


def page(name: str) -> str:
    """What a generated page should hold."""
    return "\n".join((NOTE, "", *PAGES[name]())) + "\n"


def drifted() -> list[str]:
    """Names of the pages that do not hold what they should."""
    return [name for name in PAGES if not (FOLDER / name).is_file() or (FOLDER / name).read_text(encoding="utf-8") != page(name)]


def main() -> int:
    """Write the pages that have drifted; with `--check` name them and fail."""
    names = drifted()
    if "--check" in sys.argv[1:]:
        for name in names:
            sys.stderr.write(f"docs/{name} has drifted: run python docs/generate.py\n")
        return int(bool(names))
    for name in names:
        (FOLDER / name).write_text(page(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
