"""A crawl of what is due, as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import crawler
from archive.timestamps import CLOCK_VARIABLE, now
from crawler.service import Ended


class CrawlProcess:
    """`morgue crawl --due` under way. It ends by itself when this process dies."""

    def __init__(self, archive: Path, config: Path, folder: Path, seconds: float) -> None:
        """Start it.

        Args:
            archive: to crawl into.
            config: the file that says what.
            folder: that its relative paths are taken from.
            seconds: after which it takes up nothing new.

        Raises:
            OSError: it cannot be started.
        """
        command = [
            sys.executable, "-P", "-m", "crawler", "--archive", str(archive), "--config", str(config),
            "crawl", "--due", "--json", "--for", f"{max(1, round(seconds))}s", "--end-with-stdin",
            "--folder", str(folder),
        ]  # fmt: skip
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the crawl has ended
        try:
            # In a session of its own: Ctrl-C is for the service, which then asks the crawl to end, once.
            self._process = subprocess.Popen(  # noqa: S603 - this very program
                command, stdin=subprocess.PIPE, stdout=self._said, env=_environment(), start_new_session=True
            )
        except OSError:
            self._said.close()
            raise
        self.pid = self._process.pid

    def poll(self) -> Ended | None:
        """How it ended; None: it goes on."""
        code = self._process.poll()
        if code is None:
            return None
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._said.seek(0)
        report = _report(self._said.read())
        self._said.close()
        return Ended(code, report)

    def stop(self) -> None:
        """Ask it to end; the second time, at once."""
        self._process.terminate()

    def kill(self) -> None:
        """End it."""
        self._process.kill()


def _environment() -> dict[str, str]:
    """Ours, with this very package first whatever lies in the current folder, and the clock as it stands here."""
    root = str(Path(crawler.__file__).parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    clock = {CLOCK_VARIABLE: now().isoformat()} if os.environ.get(CLOCK_VARIABLE) else {}
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **clock}


def _report(said: bytes) -> Mapping[str, Any] | None:
    try:
        report = json.loads(said)
    except ValueError:
        return None
    return report if isinstance(report, dict) else None
