"""Scrapy's settings for a crawl with a browser, each with its reason."""

from __future__ import annotations

import os
import sys
from typing import Any

from crawler.browser.chromium import find_browser, what_is_missing
from crawler.errors import BrowserMissing
from crawler.settings import DOWNLOADER_MIDDLEWARES

NEVER, WHEN_EMPTY, ALWAYS = "never", "when empty", "always"

HANDLER = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
PAGES_AT_ONCE = 2
"""Tabs at a time. Each takes a hundred megabytes, and much of a core while it loads."""
NAVIGATION_SECONDS = 45
"""Until a page has loaded; beyond it the page has failed."""
ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",  # asks nobody but the site
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",  # as the other requests: over TCP
    "--no-first-run",
    "--mute-audio",
)


def browser_settings(user_agent: str) -> dict[str, Any]:
    """Return what a crawl needs that may render pages.

    Args:
        user_agent: sent by the browser as by every other request.

    Raises:
        BrowserMissing: the extra or the browser is not there; the message says how to get it.
    """
    missing = what_is_missing()
    if missing is not None:
        raise BrowserMissing(missing)
    return {
        "DOWNLOAD_HANDLERS": {"http": HANDLER, "https": HANDLER, "s3": None, "ftp": None, "file": None, "data": None},
        "DOWNLOADER_MIDDLEWARES": {**DOWNLOADER_MIDDLEWARES, "crawler.browser.second_look.SecondLook": 40},
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": str(find_browser()),
            "args": [*ARGUMENTS, *_for_root()],
            "handle_sigint": False,  # the crawl ends by itself, and ends the browser
            "handle_sigterm": False,
            "handle_sighup": False,
        },
        "PLAYWRIGHT_CONTEXTS": {
            "default": {"accept_downloads": False, "service_workers": "block", "user_agent": user_agent},
        },
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": PAGES_AT_ONCE,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": NAVIGATION_SECONDS * 1000,
        "PLAYWRIGHT_ABORT_REQUEST": "crawler.browser.requests.is_refused",
    }


def _for_root() -> list[str]:
    """Chromium's sandbox does not start for root, as whom containers run."""
    return ["--no-sandbox"] if sys.platform == "linux" and os.geteuid() == 0 else []
