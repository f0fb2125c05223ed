from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crawler.browser import browser_settings, find_browser, what_is_missing
from crawler.errors import BrowserMissing


def test_the_browser_that_a_variable_names_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORGUE_BROWSER", sys.executable)
    assert find_browser() == Path(sys.executable)


def test_a_browser_that_is_not_there_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORGUE_BROWSER", "no-such-browser")
    assert find_browser() is None
    with pytest.raises(BrowserMissing, match=r"no-such-browser.*apt-get install chromium"):
        browser_settings()


def test_without_a_browser_on_the_path_it_is_said_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MORGUE_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt-get install chromium" in str(what_is_missing())
