"""What the command's exit code says."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every command."""

    WELL = 0
    """All well."""
    FAILED = 1
    """It could not be done."""
    USAGE = 2
    """The command line or the configuration is wrong."""
    PARTLY = 3
    """Done but for some pages, which failed, or no longer list the articles they did."""
    BLOCKED = 4
    """The site blocked us or limited our rate: nothing was kept, or pages that list articles could not be had."""
    CROSSED = 5
    """A layout drifted or a threshold was crossed."""
    BROKEN = 6
    """The archive's integrity is broken."""
    INTERRUPTED = 130
    """Interrupted, from the keyboard or by SIGTERM; the next run goes on from there."""


MEANING = {
    ExitCode.WELL: "all well",
    ExitCode.FAILED: "failed: nothing, or not what was asked for, could be done",
    ExitCode.USAGE: "the command line or the configuration is wrong",
    ExitCode.PARTLY: "partly done: some pages failed, or list no articles any more, or a source is `failing`",
    ExitCode.BLOCKED: "blocked or rate-limited: nothing was kept, pages that list articles could not be had, "
    "or a source is `blocked` or `resting`",
    ExitCode.CROSSED: "a site's layout drifted or a threshold was crossed",
    ExitCode.BROKEN: "the integrity of the archive is broken",
    ExitCode.INTERRUPTED: "interrupted; the same command goes on from there",
}
