"""`morgue doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.commands.options import (
    archive_option,
    archive_path,
    config_option,
    debug_option,
    json_option,
    print_json,
)
from crawler.exit_codes import ExitCode

if TYPE_CHECKING:
    from crawler.checkup import Check


@click.command("doctor")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:
    """Check the installation and say what is missing.

    Fails where something is missing that morgue cannot do without; what is optional is only mentioned.
    """
    from crawler.checkup import examine

    checks = examine(archive_path(ctx))
    if as_json:
        print_json(checks)
    else:
        click.echo("\n".join(map(_line, checks)))
    return ExitCode.WELL if all(check.ok or check.optional for check in checks) else ExitCode.FAILED


def _line(check: Check) -> str:
    mark = "ok" if check.ok else "optional" if check.optional else "MISSING"
    advice = f"\n{'':<10}{'':<12}{check.advice}" if check.advice and not check.ok else ""
    return f"{mark:<10}{check.name:<12}{check.found}{advice}"
