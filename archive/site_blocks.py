"""Blocks that were found to be the site's own, when its pages were held against one another, are left out of later readings too.

A crawl reads each page by itself, and cannot know them: without this, fetching an unchanged article again would bring them back
as a revision.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from archive.revision import Revision, RevisionBlock, body_text

SITES_OWN = "stands on other pages of the site"
"""Reason of such a block; `pipelines.site` gives it."""
LABEL = "other"
CONFIDENCE = 0.9
"""Label and confidence that `pipelines.boilerplate` gives it."""

OWN = "SELECT text FROM blocks WHERE article_id = ? AND revision = ? AND reason = ?"


KEEP_UNCLEANED = "INSERT INTO uncleaned VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


def clean(conn: sqlite3.Connection, article_id: int, number: int, revision: Revision) -> Revision:
    """`without_site_blocks`, what the page reads like by itself being noted: a takedown refuses that as well."""
    cleaned = without_site_blocks(conn, article_id, number, revision)
    if cleaned is not revision:
        conn.execute(KEEP_UNCLEANED, (article_id, revision.digest, revision.word_count))
    return cleaned


def without_site_blocks(conn: sqlite3.Connection, article_id: int, number: int, revision: Revision) -> Revision:
    """A reading, the blocks left out of its body that a revision of the article has as the site's own.

    Args:
        conn: the archive.
        article_id: the article.
        number: its newest revision.
        revision: a later reading.

    """
    own = {text for (text,) in conn.execute(OWN, (article_id, number, SITES_OWN))}
    body = [block for block in revision.blocks if not (block.label == "article" and block.text in own)]
    if len(body) == len(revision.blocks):
        return revision
    out = [_left_out(block) for block in revision.blocks if block.label == "article" and block.text in own]
    blocks = (*body, *out)
    if revision.text == _text(revision.blocks):
        text = _text(blocks)
    else:
        text = "\n\n".join(part for part in revision.text.split("\n\n") if part not in own)
    return replace(revision, blocks=blocks, text=text, word_count=len(text.split()), signature=None)


def _text(blocks: Iterable[RevisionBlock]) -> str:
    return body_text((block.label, block.text) for block in blocks)


def _left_out(block: RevisionBlock) -> RevisionBlock:
    return block._replace(label=LABEL, section=None, reason=SITES_OWN, confidence=CONFIDENCE)
