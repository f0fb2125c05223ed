"""Packages that only some formats need."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from archive.errors import PackageMissing


def needed(package: str, form: str, *modules: str) -> Any:
    """Import a package that not every installation has.

    Args:
        package: its name.
        form: the format that needs it, for the message.
        modules: submodules to import along.

    Raises:
        PackageMissing: it is not installed.

    """
    try:
        found: ModuleType = importlib.import_module(package)
        for module in modules:
            importlib.import_module(f"{package}.{module}")
    except ImportError as error:
        raise PackageMissing(
            f"{form} needs {package}, which cannot be imported ({error}): `pip install {package}`, "
            "or `pip install -e '.[tables]'` in a checkout"
        ) from error
    return found
