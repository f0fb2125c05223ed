"""Hosts that are left alone for a while, over the end of a run: nothing of theirs is leased until then."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from archive.timestamps import moment_of, stamp

FORGOTTEN_AFTER = timedelta(days=1)
"""A rest that ended so long ago does not lengthen the next one."""
LONGEST = timedelta(days=1)
"""A host that asks for more is asked again after a day: many say a year where they mean a mistake."""

SET = """
INSERT INTO host_rests (host, until, reason, times, asked) VALUES (:host, :until, :reason, :times, :asked)
ON CONFLICT (host) DO UPDATE SET
    until = max(until, :until), reason = :reason, times = :times, asked = max(:asked, asked AND until > :now)
"""
WAKE = """
UPDATE host_rests SET until = :now WHERE asked = 0 AND until > :now AND EXISTS (
    SELECT 1 FROM frontier AS f WHERE f.state = 'waiting' AND f.source_id = :source AND f.host = host_rests.host
)
"""


def rest_host(
    conn: sqlite3.Connection, host: str, wait: timedelta, reason: str, now: datetime, *, named: bool, asked: bool = True
) -> datetime:
    """Leave a host alone.

    Args:
        conn: in a transaction.
        host: host and port, as in `Lease.host`.
        wait: how long; at most a day counts.
        reason: in a few words.
        now: aware.
        named: the host named the time itself; else each rest in a row is twice as long as the one before.
        asked: it asked to be left alone; else a crawl by hand tries all the same.

    Returns:
        Until when.

    """
    before = conn.execute("SELECT until, times FROM host_rests WHERE host = ?", (host,)).fetchone()
    in_a_row = before is not None and now - moment_of(before[0]) < FORGOTTEN_AFTER
    times = before[1] + 1 if in_a_row else 1
    length = wait if named else wait * 2 ** min(times - 1, 16)
    until = now + min(length, LONGEST)
    row = {"host": host, "until": stamp(until), "reason": reason, "times": times, "asked": int(asked), "now": stamp(now)}
    conn.execute(SET, row)
    return until


def wake_hosts(conn: sqlite3.Connection, source_ids: Iterable[int], now: datetime) -> None:
    """End the rests of hosts that did not ask for them, where something of these sources waits."""
    conn.executemany(WAKE, [{"source": source, "now": stamp(now)} for source in source_ids])


def resting_hosts(conn: sqlite3.Connection, now: datetime) -> frozenset[str]:
    """Hosts that are left alone at a moment."""
    return frozenset(host for (host,) in conn.execute("SELECT host FROM host_rests WHERE until > ?", (stamp(now),)))
