"""The system's Chromium: where it is, and what is missing for it."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

VARIABLE = "MORGUE_BROWSER"
"""Names the browser's program; where it is not set, the first of `PROGRAMS` on the path is taken."""
PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")


def find_browser() -> Path | None:
    """Return the browser's program; None where there is none. No browser is ever downloaded."""
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        return Path(found) if found else None
    return next((Path(found) for name in PROGRAMS if (found := shutil.which(name))), None)


def what_is_missing() -> str | None:
    """Say what must be installed before pages can be rendered, and how; None where nothing is missing."""
    if importlib.util.find_spec("scrapy_playwright") is None:
        return "rendering needs the extra `render`: run `pip install 'newsmorgue[render]'` in morgue's environment"
    if find_browser() is None:
        named = os.environ.get(VARIABLE)
        there_is = f"{VARIABLE} names {named!r}, which is no program" if named else "there is no Chromium on the path"
        return f"{there_is}: install it (Debian: `apt-get install chromium`), or name it in {VARIABLE}"
    return None
