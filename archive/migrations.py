"""Numbered steps from an empty file, or an older archive, to the tables of `schema`.

When the tables change, `schema` is changed to what they become, the first step below is given its own frozen copy of what it
made, and a new step follows. `transform()` of sqlite-utils drops triggers without a word: a step that uses it on `articles`
makes them again. The file records the steps it has been through in `_sqlite_migrations`, and their number as `user_version`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from archive.schema import create_schema

if TYPE_CHECKING:
    from sqlite_utils import Database

SCHEMA_VERSION = 1
"""Number of steps that make the newest archive."""

steps = Migrations("morgue")


@steps(name="0001_first_schema")
def first_schema(db: Database) -> None:
    """Make all tables."""
    create_schema(db.conn)


def migrate(db: Database) -> None:
    """Apply the steps that the file has not been through; part of the caller's transaction."""
    steps.apply(db)
    db.conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
