"""What has the system run morgue: units for systemd, lines for crontab, with the paths of this installation."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

STOP_SECONDS = 20
"""The service ends within ten; twice that for a machine that is busy."""
RESTART_SECONDS = 30

UNIT = """\
# Put it into ~/.config/systemd/user/{name}.service, then:
#   systemctl --user daemon-reload
#   systemctl --user enable --now {name}
#   loginctl enable-linger              # so that it runs while you are logged out
# Its log: journalctl --user -u {name}. Or into /etc/systemd/system, with a line User= below [Service].

[Unit]
Description=morgue: crawls the sources of {described}
Documentation=man:systemd.service(5)
# In /etc/systemd/system, take the # from these two: a user's manager does not know that target.
#Wants=network-online.target
#After=network-online.target

[Service]
Type=exec
ExecStart={command}
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory={folder}
Restart=on-failure
RestartSec={restart}
# It has its crawl end what is under way. What a kill takes is fetched again.
KillMode=mixed
TimeoutStopSec={stop}
# A mistake in morgue.toml, which starting again does not mend.
RestartPreventExitStatus=2
Nice=5
NoNewPrivileges=yes
{private}
[Install]
WantedBy=default.target
"""

CRON = """\
# Add it with `crontab -e`. morgue sees to it that one is at work at a time; what was missed is done once.
*/15 * * * * {command}
"""


def systemd_unit(config: Path, archive: Path) -> str:
    """A unit file for a service.

    Args:
        config: absolute path of morgue.toml.
        archive: absolute path of the archive.

    Raises:
        ValueError: a path has a line break in it.
    """
    words = _command(config, archive, "run")
    return UNIT.format(
        name="morgue",
        described=_systemd_text(str(config)),
        command=" ".join(_systemd_word(word) for word in words),
        folder=_systemd_text(str(config.parent)),
        restart=RESTART_SECONDS,
        stop=STOP_SECONDS,
        private="" if any(_is_temporary(path) for path in (config, archive, Path(words[0]))) else "PrivateTmp=yes\n",
    )


def cron_line(config: Path, archive: Path) -> str:
    """A line for crontab, with a comment.

    Args:
        config: absolute path of morgue.toml.
        archive: absolute path of the archive.

    Raises:
        ValueError: a path has a line break in it.
    """
    # In crontab % ends the command, unless a backslash stands before it (crontab(5)).
    line = shlex.join(_command(config, archive, "run", "--once")).replace("%", r"\%")
    return CRON.format(command=line)


def _command(config: Path, archive: Path, *words: str) -> list[str]:
    command = [*_program(), "--config", str(config), "--archive", str(archive), *words]
    for word in command:
        if any(not character.isprintable() for character in word):
            raise ValueError(f"{word!r} has a character that neither crontab nor systemd takes in a path; use another folder.")
    return command


def _program() -> list[str]:
    """The command of this installation: the script beside this Python, or the module where there is none."""
    script = shutil.which("morgue", path=os.path.dirname(sys.executable))  # noqa: PTH120 - the link, not what it leads to
    return [script] if script else [sys.executable, "-m", "crawler"]


def _is_temporary(path: Path) -> bool:
    """Whether a path lies where a service with a /tmp of its own would not see it."""
    return any(folder in place.parents for place in (path, path.resolve()) for folder in (Path("/tmp"), Path("/var/tmp")))  # noqa: S108 - not written to


def _systemd_word(word: str) -> str:
    """A word of ExecStart: `%` and `$` are doubled, and it is put into quotes where it needs them (systemd.service(5))."""
    escaped = word.replace("\\", "\\\\").replace("%", "%%").replace("$", "$$").replace('"', '\\"')
    return f'"{escaped}"' if any(character in word for character in " '\"\\;") else escaped


def _systemd_text(text: str) -> str:
    return text.replace("%", "%%")
