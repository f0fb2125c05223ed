"""`morgue schedule`."""

from __future__ import annotations

import click

from crawler.commands.options import archive_option, archive_path, config_option, debug_option, loaded_config
from crawler.exit_codes import ExitCode


@click.command("schedule")
@click.option("--systemd", "form", flag_value="systemd", help="A unit for systemd: the service, begun with the machine.")
@click.option("--cron", "form", flag_value="cron", help="A line for crontab: what is due, every quarter of an hour.")
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, form: str | None) -> int:
    """Print what has the system run morgue.

    That is a unit for systemd, or a line for crontab. It goes to stdout and is installed nowhere; comments in it say where to put
    it.
    """
    from crawler.installing import cron_line, systemd_unit

    if form is None:
        raise click.UsageError("Say which: --systemd or --cron.")
    config = loaded_config(ctx)
    if config.path is None:
        raise click.UsageError("There is no morgue.toml here: `morgue init` writes one, or name it with --config.")
    write = {"systemd": systemd_unit, "cron": cron_line}[form]
    try:
        click.echo(write(config.path.absolute(), archive_path(ctx, config).absolute()), nl=False)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    return ExitCode.WELL
