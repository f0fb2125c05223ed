from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from tests.archive.samples import NOW, URL, article_visit

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
"""Datasette's own, and those of what it is built on."""


def get(path: Path, address: str) -> Any:
    from datasette.app import Datasette

    async def ask() -> Any:
        datasette = Datasette([str(path)])
        return await datasette.client.get(address)

    return asyncio.run(ask())


@pytest.fixture
def served(archive: Archive, path: Path) -> Path:
    archive.commit(None, [article_visit()], NOW)
    return path


def test_datasette_shows_the_articles_and_a_search_box(served: Path) -> None:
    page = get(served, "/morgue/articles")
    assert page.status_code == 200
    assert 'name="_search"' in page.text
    assert "Night ferry returns" in page.text


def test_datasette_searches_the_full_text(served: Path) -> None:
    assert [row["url"] for row in get(served, "/morgue/articles.json?_search=dusk&_shape=objects").json()["rows"]] == [URL]
    assert get(served, "/morgue/articles.json?_search=zeppelin&_shape=objects").json()["rows"] == []


def test_datasette_shows_every_table_and_view(served: Path) -> None:
    conn = sqlite3.connect(served)
    names = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    conn.close()
    assert {name: get(served, f"/morgue/{name}.json").status_code for name in names} == dict.fromkeys(names, 200)
