from __future__ import annotations

import ast
import json
from importlib.metadata import packages_distributions
from pathlib import Path

from pipelines.version import PACKAGES, WEIGHTS, read_with

ROOT = Path(__file__).parents[2]
NOT_READING = ("stages",)
"""Folders of `pipelines` that move pages about and read none."""


def imported() -> set[str]:
    """Top-level names that the modules of `pipelines`, and canonical addresses, import anywhere in them."""
    names: set[str] = set()
    for file in (*(ROOT / "pipelines").rglob("*.py"), ROOT / "archive" / "urls.py"):
        if file.parent.name in NOT_READING:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names


def test_every_package_that_reading_imports_is_recorded() -> None:
    known = packages_distributions()
    used = {known[name][0].lower().replace("_", "-") for name in imported() if name in known} - {"newsmorgue"}
    assert used == {name.lower() for name in PACKAGES}


def test_versions_of_packages_and_of_libxml2_are_recorded() -> None:
    packages = json.loads(read_with().packages)
    assert set(packages) == {*PACKAGES, "libxml2"}
    assert all(version[0].isdigit() for version in packages.values())


def test_each_trained_judge_is_recorded_by_its_digest() -> None:
    judges = json.loads(read_with().settings)["judges"]
    assert set(judges) == set(WEIGHTS)
    assert {path.name for path in (ROOT / "pipelines").rglob("*.npz")} == {file for _, file in WEIGHTS.values()}
