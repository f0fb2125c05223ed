"""Numbered steps from an empty file, or an older archive, to the tables of `schema`.

When the tables change, `schema` is changed to what they become, the last step below is given its own frozen copy of what it
made, and a new step follows. The file records the steps it has been through in `_sqlite_migrations`, and their number as
`user_version`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlite_utils import Migrations

from archive import first_schema, schema, upgrading
from archive.order import allow_ordering
from archive.urls import host_of, site_of

if TYPE_CHECKING:
    import sqlite3

    from sqlite_utils import Database

SCHEMA_VERSION = 2
"""Number of steps that make the newest archive."""

CREATED = re.compile(r"\s*CREATE (?:VIRTUAL )?TABLE (\w+)")

NAMED = re.compile(r"\s*CREATE (?:VIRTUAL )?\w+ (\w+)")

PARTS = (*schema.VIEWS, *schema.INDEXES, *schema.TRIGGERS)
"""What holds no rows of its own, and can be made anew."""

steps = Migrations("morgue")


@steps(name="0001_first_schema")
def first(db: Database) -> None:
    """Make all tables."""
    for statement in first_schema.STATEMENTS:
        db.conn.execute(statement.strip())


@steps(name="0002_memory")
def memory(db: Database) -> None:
    """Dictionaries for payloads, what each page was read with, and the newest revision by the time of its capture."""
    allow_ordering(db.conn)
    _note_payload_sites(db.conn)
    db.conn.execute("DROP TABLE articles_fts")
    _bring_to(
        db.conn,
        tables=schema.TABLES,
        others=(*schema.VIEWS, *schema.INDEXES, *schema.TRIGGERS),
        filled={
            "articles": {"newest": "revisions"},
            "frontier": {"looked": "CASE WHEN article_id IS NOT NULL AND outcome IN ('stored', 'unchanged') THEN fetched END"},
            "payloads": {"site": "(SELECT site FROM temp.payload_sites AS s WHERE s.payload = sha256)"},
        },
    )
    db.conn.execute("DROP TABLE temp.payload_sites")
    _name_hosts_as_sent(db.conn)
    upgrading.begin(db.conn)


def migrate(db: Database) -> None:
    """Apply the steps that the file has not been through; part of the caller's transaction, which must not check foreign keys.

    What takes long is left to `upgrading`.
    """
    steps.apply(db)
    db.conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def steps_noted(db: Database) -> int:
    """How many steps the file says that it has been through."""
    return len(steps.applied(db))


def missing_parts(conn: sqlite3.Connection, statements: Sequence[str]) -> list[str]:
    """Names of what the file should hold as a statement of the schema makes it, and lacks or has otherwise."""
    # As bytes, for a damaged statement may be no UTF-8.
    made = {sql for (sql,) in conn.execute("SELECT CAST(sql AS BLOB) FROM sqlite_master WHERE sql IS NOT NULL")}
    return [NAMED.match(statement)[1] for statement in statements if statement.strip().encode() not in made]  # type: ignore[index]


def make_parts(conn: sqlite3.Connection) -> list[str]:
    """Make views, indexes and triggers that are missing or other than they should be; part of the caller's transaction.

    Returns:
        Their names.

    """
    missing = missing_parts(conn, PARTS)
    for name in missing:
        for (kind,) in conn.execute("SELECT type FROM sqlite_master WHERE name = ? AND type <> 'table'", (name,)).fetchall():
            conn.execute(f"DROP {kind} {name}")
    for statement in PARTS:
        if NAMED.match(statement)[1] in missing:  # type: ignore[index]
            conn.execute(statement.strip())
    return missing


def note_steps(db: Database) -> bool:
    """Note the steps that the file has been through, where its tables show it and the notes are lost.

    Returns:
        Whether anything was to be noted.

    """
    pending = steps.pending(db)
    if not pending or missing_parts(db.conn, schema.TABLES):
        return False
    steps.ensure_migrations_table(db)
    for step in pending:
        db.conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, datetime())", (steps.name, step.name)
        )
    return True


def _note_payload_sites(conn: sqlite3.Connection) -> None:
    """Fill a temporary table with the site of each payload: the one of its first capture."""
    conn.create_function("site_of", 1, site_of, deterministic=True)
    conn.execute("CREATE TEMP TABLE payload_sites (payload TEXT PRIMARY KEY, site TEXT) WITHOUT ROWID")
    conn.execute("INSERT OR IGNORE INTO payload_sites SELECT payload, site_of(url) FROM captures ORDER BY id")


def _name_hosts_as_sent(conn: sqlite3.Connection) -> None:
    """Give addresses of the frontier the host that `host_of` gives, where it may be another: rests of hosts go by that name."""
    conn.create_function("host_of", 1, host_of, deterministic=True)
    conn.execute(
        "UPDATE frontier SET host = host_of(url) "
        "WHERE host GLOB '*[^ -~]*' OR host GLOB '*@*' OR host GLOB '*:80' OR host GLOB '*:443'"
    )


def _bring_to(
    conn: sqlite3.Connection, *, tables: Sequence[str], others: Sequence[str], filled: Mapping[str, Mapping[str, str]]
) -> None:
    """Make each table what its statement says, rows kept, and all views, indexes and triggers anew.

    `ALTER TABLE ADD COLUMN` would lose the comments, and no statement changes a constraint; so a table that differs is made
    anew and filled from the old one.

    Args:
        conn: inside a transaction.
        tables: statements that create them.
        others: statements that create views, indexes and triggers.
        filled: table -> new column -> expression over the columns of the old table; other new columns get their default.
    """
    for kind, name in conn.execute(
        "SELECT type, name FROM sqlite_master WHERE type IN ('view', 'trigger') OR (type = 'index' AND sql IS NOT NULL)"
    ).fetchall():
        conn.execute(f"DROP {kind} {name}")
    conn.execute("PRAGMA legacy_alter_table = ON")  # references of other tables are not to follow the table that goes
    for statement in tables:
        found = CREATED.match(statement)
        assert found is not None, statement
        _make(conn, found[1], statement.strip(), filled.get(found[1], {}))
    conn.execute("PRAGMA legacy_alter_table = OFF")
    for statement in others:
        conn.execute(statement.strip())


def _make(conn: sqlite3.Connection, name: str, statement: str, filled: Mapping[str, str]) -> None:
    row = conn.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)).fetchone()
    if row is not None and row[0] == statement:
        return
    if row is None:
        conn.execute(statement)
        return
    upgrading.LOGGER.info("Bringing the archive up to date: rows of %s", name)
    old = f"old_{name}"
    conn.execute(f"ALTER TABLE {name} RENAME TO {old}")
    conn.execute(statement)
    values = {column: column for column in _columns(conn, old) if column in _columns(conn, name)} | dict(filled)
    conn.execute(f"INSERT INTO {name} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {old}")  # noqa: S608
    conn.execute(f"DROP TABLE {old}")


def _columns(conn: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
