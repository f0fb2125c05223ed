"""The shape of the code holds: imports point down, reading is pure, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = ("scrapy", "twisted", "lxml", "sqlite_utils", "dateparser", "numpy", "py3langid")


def imported(statement: str) -> set[str]:
    """Top-level modules that are loaded once a statement was run in a fresh interpreter."""
    code = f"{statement}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout


def test_every_module_of_pipelines_has_its_place_in_a_contract() -> None:
    contracts = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    outside = {"item", "stages", "version"}
    modules = {path.stem for path in (ROOT / "pipelines").iterdir() if not path.name.startswith(("_", "."))}
    assert [name for name in sorted(modules - outside) if f'"pipelines.{name}"' not in contracts] == []


@pytest.mark.parametrize(
    ("statement", "never"),
    [
        ("import crawler.commands", HEAVY),
        ("import archive", ("scrapy", "twisted", "parsel", "dateparser", "py3langid")),
        ("from pipelines import read_article, read_page", ("scrapy", "twisted", "sqlite_utils")),
        ("import pipelines.stages.extract, pipelines.stages.store", ("scrapy", "twisted")),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(statement: str, never: tuple[str, ...]) -> None:
    assert imported(statement).isdisjoint(never)


def test_scrapy_finds_the_project() -> None:
    done = subprocess.run([sys.executable, "-m", "scrapy", "list"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.stdout.split() == ["site", "trial"], done.stderr


def test_no_registry_host_and_no_path_of_a_machine_is_in_the_locks() -> None:
    for lock in ROOT.glob("requirements*"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text, lock.name
        assert "--index" not in text, lock.name
