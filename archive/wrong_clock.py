"""What a clock that was wrong left in the file: moments that are still to come though they are told of the past.

Nobody is to wait for them. A clock that was behind leaves nothing of the kind: what it put off is due sooner, not later.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from archive.host_rests import LONGEST
from archive.timestamps import CLOCK_TOLERANCE, stamp

DUE_AGAIN = """
UPDATE frontier SET revisit = :now WHERE state = 'done' AND revisit > :now AND fetched > :later AND id IN (
    SELECT frontier_id FROM fetches
    WHERE run_id IN (SELECT id FROM runs WHERE max(started, coalesce(finished, started)) > :later) AND frontier_id IS NOT NULL
)
"""
"""By the runs, of which there are few: no index tells when an address was fetched."""
END_RESTS = "UPDATE host_rests SET until = :now WHERE until > :longest"


def mend_times(conn: sqlite3.Connection, now: datetime) -> None:
    """Have what was fetched in times to come be due now, and end the rests of hosts that were begun then.

    What was fetched keeps the time that it was kept with: nobody knows the right one.

    Args:
        conn: in a transaction.
        now: aware.
    """
    later, longest = now + CLOCK_TOLERANCE, now + LONGEST + CLOCK_TOLERANCE
    moments = {"now": stamp(now), "later": stamp(later), "longest": stamp(longest)}
    conn.execute(DUE_AGAIN, moments)
    conn.execute(END_RESTS, moments)
