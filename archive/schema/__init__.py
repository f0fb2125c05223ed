"""The tables as they are. The comments stand inside the statements, so that SQLite keeps them with the tables.

All moments are text, UTC, `2026-08-22T10:05:00Z`. Dates that an article gives of itself are ISO 8601 at their precision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.schema.articles import (
    ARTICLES,
    AUTHORS,
    BLOCKS,
    CHANGES,
    EVENTS,
    EVIDENCE,
    PINS,
    READINGS,
    REVISION_CAPTURES,
    REVISIONS,
    TOMBSTONE_DIGESTS,
    TOMBSTONE_KEYS,
    TOMBSTONES,
)
from archive.schema.captures import CAPTURES, DICTIONARIES, FETCHES, HOST_FILES, PAYLOADS, RIGHTS, SPARE_DICTIONARIES
from archive.schema.crawling import (
    ALARMS,
    DAMAGED_RECORDS,
    EDIT_RATES,
    FILE_OUTCOMES,
    FRONTIER,
    HOST_RESTS,
    LAST_LISTS,
    LEFT_OUT,
    LEFT_WAITING,
    POLLS,
    PROFILES,
    RUNS,
    SOURCE_FILES,
    SOURCE_RUNS,
    SOURCES,
)
from archive.schema.indexes import INDEXES, TRIGGERS
from archive.schema.rereading import CAPTURE_READINGS, REEXTRACTIONS, REREADINGS, STAGED_READINGS, UNCLEANED
from archive.schema.searching import ARTICLES_FTS, COPIES, PAIRS, PAIRS_FTS, SIGNATURE_VALUES, SIGNATURES, TITLES_FTS
from archive.schema.views import VIEWS

if TYPE_CHECKING:
    import sqlite3

__all__ = ["INDEXES", "PAIRS_FTS", "TABLES", "TRIGGERS", "VIEWS", "create_schema"]

TABLES = (
    SOURCES, RUNS, FRONTIER, DICTIONARIES, SPARE_DICTIONARIES, PAYLOADS, FETCHES, CAPTURES, ARTICLES, AUTHORS, READINGS,
    REVISIONS, REVISION_CAPTURES, BLOCKS, EVIDENCE, CHANGES, EVENTS, REEXTRACTIONS, REREADINGS, CAPTURE_READINGS, STAGED_READINGS,
    UNCLEANED, LEFT_WAITING,
    HOST_FILES, HOST_RESTS, SOURCE_RUNS, RIGHTS, TOMBSTONES, TOMBSTONE_KEYS, TOMBSTONE_DIGESTS,
    EDIT_RATES, POLLS, LAST_LISTS, LEFT_OUT, PROFILES, ALARMS, PINS,
    ARTICLES_FTS, TITLES_FTS, PAIRS, PAIRS_FTS,
    SIGNATURES, SIGNATURE_VALUES, COPIES,
    SOURCE_FILES, FILE_OUTCOMES, DAMAGED_RECORDS,
)  # fmt: skip


def create_schema(conn: sqlite3.Connection) -> None:
    """Make all tables, views, indexes and triggers in an empty file; part of the caller's transaction."""
    for statement in (*TABLES, *VIEWS, *INDEXES, *TRIGGERS):
        conn.execute(statement.strip())
