from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "morgue.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with Archive.create(path) as opened:
        yield opened
