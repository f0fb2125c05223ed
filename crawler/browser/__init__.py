"""Pages that show their article by script alone: read through the system's Chromium, by scrapy-playwright.

Nothing of it is imported where no source is rendered.
"""

from crawler.browser.chromium import find_browser, what_is_missing
from crawler.browser.settings import ALWAYS, NEVER, WHEN_EMPTY, browser_settings

__all__ = ["ALWAYS", "NEVER", "WHEN_EMPTY", "browser_settings", "find_browser", "what_is_missing"]
