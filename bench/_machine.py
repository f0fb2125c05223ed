"""What the figures of a run were taken on."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version


def facts(*packages: str) -> str:
    """One line: processors and what else they were doing, Python, SQLite, and the versions of packages that are compared with."""
    load = os.getloadavg()[0]
    parts = [
        f"{os.cpu_count()} processors ({platform.machine()}, load {load:.1f} at the start)",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
        *(f"{package} {_version(package)}" for package in packages),
    ]
    return ", ".join(parts)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
