"""Blocks of the site that are left out of later readings."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

from archive.revision import RevisionBlock, body_text
from archive.site_blocks import SITES_OWN, without_site_blocks
from tests.archive.samples import revision

APPEAL = "Three crowns a month\n\nkeep the presses warm."


def test_the_text_follows_the_blocks_where_one_of_them_has_a_blank_line() -> None:
    blocks = tuple(RevisionBlock("paragraph", "article", text) for text in ("Of eels.", APPEAL, "Of lamps."))
    read = replace(revision(), blocks=blocks, text=body_text([(block.label, block.text) for block in blocks]))
    with closing(sqlite3.connect(":memory:")) as conn, conn:
        conn.execute("CREATE TABLE blocks (article_id, revision, reason, text)")
        conn.execute("INSERT INTO blocks VALUES (1, 1, ?, ?)", (SITES_OWN, APPEAL))
        left = without_site_blocks(conn, 1, 1, read)
    conn.close()
    assert left.text == "Of eels.\n\nOf lamps."
    assert left.word_count == 4
