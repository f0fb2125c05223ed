"""The documentation says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.visit import Outcome
from crawler import settings
from pipelines.article import Label

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PATH = re.compile(r"`((?:archive|bench|crawler|docs|pipelines|spiders|tests|train)/[\w/.-]+)`")
ARTICLE_FIELDS = re.compile(r"CREATE TABLE articles \((.*?)\n\) STRICT", re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_exist(page: Path) -> None:
    named = PATH.findall(page.read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_column_of_an_article_is_explained() -> None:
    from archive.schema import TABLES

    table = next(statement for statement in TABLES if "CREATE TABLE articles (" in statement)
    columns = re.findall(r"^\s+([a-z_]+) (?:TEXT|INTEGER|REAL|BLOB)", table, re.MULTILINE)
    fields = (ROOT / "docs" / "fields.md").read_text(encoding="utf-8")
    assert [name for name in columns if name != "id" and f"`{name}`" not in fields] == []


def test_every_label_is_named() -> None:
    fields = (ROOT / "docs" / "fields.md").read_text(encoding="utf-8")
    assert [label for label in Label if f"`{label}`" not in fields] == []


def test_every_outcome_is_named() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert [outcome for outcome in Outcome if f"`{outcome}`" not in glossary] == []


def test_every_command_is_in_the_readme_or_the_reference() -> None:
    from crawler.commands import COMMANDS

    reference = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"## morgue {name}\n" not in reference] == []


def test_politeness_is_set_as_the_page_says() -> None:
    assert settings.ROBOTSTXT_OBEY
    assert settings.DOWNLOAD_DELAY == 1.0
    assert settings.CONCURRENT_REQUESTS_PER_DOMAIN == 1
    assert settings.AUTOTHROTTLE_ENABLED
    assert settings.MORGUE_LONGEST_WAIT == 120
    assert settings.RETRY_TIMES == 2
    assert settings.MORGUE_RETRY_PAUSE == 2.0
    assert settings.DOWNLOAD_VERIFY_CERTIFICATES
    assert not settings.COOKIES_ENABLED
    assert not settings.TELNETCONSOLE_ENABLED
    assert not settings.REMOTE_CONTROL_ENABLED


def test_the_changelog_has_a_place_for_what_is_not_released() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_room_is_in_the_page_on_reading() -> None:
    reader = (ROOT / "docs" / "reader.md").read_text(encoding="utf-8")
    plumbing = {"article", "evidence", "fields", "item", "stages", "surroundings", "version"}
    rooms = {path.stem for path in (ROOT / "pipelines").iterdir() if not path.name.startswith(("_", "."))}
    assert [name for name in sorted(rooms - plumbing) if not re.search(rf"`pipelines/{name}(?:/|\.py|`)", reader)] == []


def test_every_module_of_the_judge_of_blocks_is_explained() -> None:
    reader = (ROOT / "docs" / "reader.md").read_text(encoding="utf-8")
    modules = {path.name for path in (ROOT / "pipelines" / "boilerplate").glob("*.py")} - {"__init__.py", "model.py"}
    assert [name for name in sorted(modules) if f"`{name}`" not in reader] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    modules = re.findall(r"python -m ((?:bench|train)(?: [a-z]+\b|\.[a-z]+)?)", text)
    named = [name.replace(".", "/").replace(" ", "/") for name in modules]
    assert [name for name in named if not (ROOT / f"{name}.py").exists() and not (ROOT / name / "__main__.py").exists()] == []
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in re.findall(r"`make ([a-z-]+)", text) if name not in targets] == []
