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
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # the only way past a proxy
    "--no-first-run",
    "--mute-audio",
)


def browser_settings() -> dict[str, Any]:
    """Return what a crawl needs that may render pages.

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
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": PAGES_AT_ONCE,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": NAVIGATION_SECONDS * 1000,
    }


def _for_root() -> list[str]:
    """Chromium's sandbox does not start for root, as whom containers run."""
    return ["--no-sandbox"] if sys.platform == "linux" and os.geteuid() == 0 else []
