"""`morgue export markdown`, then `morgue add` of the folder: the same articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from tests.end_to_end.conftest import DemoCrawl, morgue

pytestmark = pytest.mark.crawl
FIELDS = (
    "url", "title", "dek", "byline", "authors", "published", "published_precision", "published_zone_known", "modified", "lang",
    "section", "tags", "description", "site_name", "image", "licence", "paywalled", "text", "digest",
)  # fmt: skip


def test_every_article_comes_back_as_it_was(demo_crawl: DemoCrawl, tmp_path: Path) -> None:
    folder, copy = tmp_path / "out", tmp_path / "copy.db"
    assert morgue("export", "markdown", "-o", str(folder), archive=demo_crawl.archive).returncode == 0
    assert morgue("add", str(folder), archive=copy).returncode == 0
    with Archive.open(demo_crawl.archive, readonly=True) as archive, Archive.open(copy, readonly=True) as again:
        pairs = [(article, again.article(article.url)) for article in archive.articles()]
        assert len(pairs) == len(list(again.articles()))
        for one, other in pairs:
            first, second = archive.revision(one.id).revision, again.revision(other.id).revision
            for field in FIELDS:
                assert (first.url, field, getattr(second, field)) == (first.url, field, getattr(first, field))
            bodies = [[block[:7] for block in read.blocks if block.section is not None] for read in (first, second)]
            assert bodies[0] == bodies[1]
