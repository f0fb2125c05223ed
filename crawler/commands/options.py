"""Options and arguments that several commands share, and what they stand for."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crawler.commands import Invocation
from crawler.when import FORMS, TimeAgo, parse_duration, parse_when

if TYPE_CHECKING:
    from crawler.config import Config

F = TypeVar("F", bound=Callable[..., Any])


class Seconds(click.FloatRange):
    """A pause: a number from 0; `nan` and `inf`, which Python takes for numbers, are none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read what was typed."""
        seconds: float = super().convert(value, param, ctx)
        if not math.isfinite(seconds):
            self.fail(f"{value!r} is no number of seconds.", param, ctx)
        return seconds


class Length(click.ParamType[timedelta]):
    """A length of time such as `30m` or `6h`."""

    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read what was typed."""
        try:
            return value if isinstance(value, timedelta) else parse_duration(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Address(click.ParamType[str]):
    """A whole http(s) address."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check what was typed."""
        from archive.urls import address_key

        if "://" not in value or address_key(value) is None:
            self.fail(f"{value!r} is no http(s) address.", param, ctx)
        return str(value)


class When(click.ParamType[datetime]):
    """A point in time: an ISO date, or a time ago such as `7d`. Converts to aware UTC."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read what was typed."""
        if isinstance(value, datetime):
            return value
        from archive.timestamps import now

        try:
            return parse_when(value, now())
        except ValueError as error:
            self.fail(str(error), param, ctx)


class AsOf(When):
    """A moment to look back from: as `When`, but a year, month or day stands for its end. Converts to aware UTC."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read what was typed."""
        from archive.selection import PERIOD, period

        if isinstance(value, str) and PERIOD.fullmatch(value.strip()):
            try:
                return datetime.fromisoformat(period(value)[1]).replace(tzinfo=UTC)
            except (ValueError, OverflowError):
                self.fail(f"{value!r} is no date that can be read: {FORMS}", param, ctx)
        return super().convert(value, param, ctx)


def options_ago(ctx: click.Context) -> dict[str, datetime]:
    """The options of this call that were written as a time ago, by name, with the moments that they stand for now."""
    return {name: value for name, value in ctx.params.items() if isinstance(value, TimeAgo)}


def _remember(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Let a command's own --archive, --config or --debug win over those before the command."""
    invocation = ctx.find_object(Invocation)
    if invocation is not None and parameter.name is not None and value:
        setattr(invocation, parameter.name, value)


def archive_option(command: F) -> F:
    """Add `--archive`."""
    return archive_option_with("morgue.db")(command)


def archive_option_with(default: str) -> Callable[[F], F]:
    """Add `--archive`, whose help names this default."""
    return click.option(
        "--archive", type=click.Path(path_type=Path), metavar="FILE", expose_value=False, allow_from_autoenv=False,
        callback=_remember, help=f"The archive (default: {default}).",
    )  # fmt: skip


def debug_option(command: F) -> F:
    """Add `--debug`."""
    return click.option(
        "--debug", is_flag=True, expose_value=False, allow_from_autoenv=False, callback=_remember, hidden=True
    )(command)  # fmt: skip


def config_option(command: F) -> F:
    """Add `--config`."""
    return click.option(
        "--config", type=click.Path(path_type=Path), metavar="FILE", expose_value=False, allow_from_autoenv=False,
        callback=_remember, help="The configuration (default: morgue.toml).",
    )(command)  # fmt: skip


def delay_option(command: F) -> F:
    """Add `--delay`."""
    return click.option(
        "--delay", type=Seconds(min=0), metavar="SECONDS", help="Between two requests to a host (default: 1)."
    )(command)  # fmt: skip


def contact_option(command: F) -> F:
    """Add `--contact`, checked as the configuration checks it."""
    return click.option(
        "--contact", metavar="ADDRESS", callback=_checked_contact, help="Your e-mail address or page, sent with every request."
    )(command)  # fmt: skip


def _checked_contact(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from crawler.config_values import contact as read_contact

    try:
        return value and read_contact(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, parameter) from error


class Respected(click.ParamType[tuple[str, ...]]):
    """Names of statements to respect, with commas between: `tdm,noarchive`."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Check what was typed."""
        from archive.rights import respected

        if not isinstance(value, str):
            return tuple(value)
        names = tuple(name.strip().lower() for name in value.split(",") if name.strip())
        try:
            respected(names)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return names if names else self.fail("it names nothing.", param, ctx)


def respect_option(command: F) -> F:
    """Add `--respect`; the command takes it as `respect`, an empty tuple where it is not given."""
    return click.option(
        "--respect", type=Respected(), default=(), metavar="NAMES",
        help="Leave out what says so: tdm, noarchive, noindex, ai, paywall, with commas between.",
    )(command)  # fmt: skip


def json_option(command: F) -> F:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def filter_options(command: F) -> F:
    """Add the filters that choose articles; the command takes them as `**filters`."""
    options = [
        click.option("--site", metavar="HOST", help="Only articles of this site."),
        click.option("--author", metavar="NAME", help="Only articles by this author."),
        click.option("--since", type=When(), metavar="DATE", help=f"Only articles published since; {FORMS}."),
        click.option("--until", type=When(), metavar="DATE", help="Only articles published before."),
        click.option("--lang", metavar="CODE", help="Only articles in this language: en, de..."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def unique_option(command: F) -> F:
    """Add `--unique`."""
    return click.option("--unique", is_flag=True, help="Of articles that are copies of one story, only one.")(command)


def loaded_config(ctx: click.Context) -> Config:
    """The configuration that this call goes by.

    Raises:
        crawler.errors.ConfigError: it is wrong, or was named and is not there.
    """
    from crawler.config import load_config

    return load_config(_invocation(ctx).config)


def config_path(ctx: click.Context) -> Path:
    """The configuration file that this call goes by, whether it is there or not."""
    from crawler.config import FILE_NAME

    return _invocation(ctx).config or Path(FILE_NAME)


def archive_path(ctx: click.Context, config: Config | None = None) -> Path:
    """The archive that this call works on: by flag, else by variable, else by `morgue.toml`, else `morgue.db`."""
    return _invocation(ctx).archive or (config or loaded_config(ctx)).archive


def print_json(value: object) -> None:
    """Print one JSON document, indented."""
    from crawler.terminal import for_reader

    click.echo(for_reader(json.dumps(_plain(value), ensure_ascii=False, indent=2, default=_as_json)))


def _invocation(ctx: click.Context) -> Invocation:
    return ctx.find_object(Invocation) or Invocation()


def _plain(value: Any) -> Any:
    """The same with named tuples as objects; JSON would write them as lists."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return _plain(_as_json(value)) if hasattr(value, "__dataclass_fields__") else value


def _as_json(value: object) -> object:
    """What dataclasses and the like are in JSON."""
    import dataclasses

    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)
