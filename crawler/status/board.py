"""The status as one JSON object. What the archive says is read when asked for, and kept for the case that it cannot be."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive import Archive
from archive.errors import ArchiveError
from archive.lock import crawling
from archive.timestamps import now, optional_stamp, stamp
from crawler.agenda import SourceAgenda, read_agenda
from crawler.alarms import alarm_as_json

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.config_watch import ConfigWatch
    from crawler.service import Ended, Service

FRESH_SECONDS = 2.0
"""The archive is not asked more often, however many ask us."""
ANSWERED = frozenset({"stored", "unchanged", "listed"})
"""Outcomes after which a source is known to work."""


class StatusBoard:
    """Gathers the status; any thread may ask."""

    def __init__(self, archive: Path, address: str | None = None) -> None:
        """Make it.

        Args:
            archive: the file, which must be there when the status is asked for.
            address: where the status is served.
        """
        self.address = address
        self._archive = archive
        self._started = now()
        self._service: Service | None = None
        self._watch: ConfigWatch | None = None
        self._lock = threading.Lock()
        self._counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._last: dict[tuple[int, str], datetime] = {}
        self._counted = 0
        self._read_at = float("-inf")
        self._crawls = 0
        """Crawls that had ended when it was read."""
        self._status: dict[str, Any] = {"sources": [], "articles_new": 0}

    def show(self, service: Service, watch: ConfigWatch) -> None:
        """Have the status of a service shown."""
        self._service, self._watch = service, watch

    def status(self, config: Config | None = None, process: dict[str, Any] | None = None) -> dict[str, Any]:
        """The status now.

        Args:
            config: what is to be crawled, where no service says it.
            process: what is known of the service, where it is another process.
        """
        with self._lock:
            config = self._watch.config if self._watch is not None else config
            crawls = self._service.crawls if self._service is not None else 0
            if config is not None and (crawls != self._crawls or time.monotonic() - self._read_at > FRESH_SECONDS):
                self._crawls = crawls
                self._refresh(config)
            return {
                "time": stamp(now()),
                "archive": str(self._archive),
                "service": process if process is not None else self._process(),
                **self._status,
            }

    def _refresh(self, config: Config) -> None:
        """Read the archive; where that cannot be, what was read last stands, and it is said."""
        moment = now()
        try:
            with Archive.open(self._archive, readonly=True) as archive:
                self._count(archive)
                agenda = read_agenda(archive, config, moment)
                waiting = archive.waiting_by_source()
                running = archive.running() if crawling(self._archive) else None
                alarms = archive.drift.alarms(open_only=True)
        except (ArchiveError, sqlite3.Error, OSError) as error:
            self._status = {**self._status, "archive_error": str(error)}
            return
        self._read_at = time.monotonic()
        self._status = {
            "read": stamp(moment),
            "archive_error": None,
            "run": {"id": running[0], "outcomes": dict(running[1])} if running is not None else None,
            "articles_new": sum(counts["new"] for counts in self._counts.values()),
            "alarms": [alarm_as_json(alarm) for alarm in alarms],
            "sources": [self._source(source, waiting.get(source.id or 0, 0), moment) for source in agenda.sources],
        }

    def _count(self, archive: Archive) -> None:
        """Add what was fetched since the last time."""
        for total in archive.fetch_totals(self._counted):
            self._counts[total.source_id][total.outcome] += total.count
            self._counts[total.source_id]["new"] += total.count * total.is_new
            for name in (*(["success"] if total.outcome in ANSWERED else []), *(["new"] if total.is_new else [])):
                place = (total.source_id, name)
                self._last[place] = max(total.last, self._last.get(place, total.last))
            self._counted = max(self._counted, total.last_id)

    def _source(self, source: SourceAgenda, waiting: int, moment: datetime) -> dict[str, Any]:
        id_ = source.id or 0
        counts = {name: count for name, count in self._counts[id_].items() if name != "new"}
        return {
            "name": source.source.name,
            "url": source.source.url,
            "state": source.health.state.value,
            "since": optional_stamp(source.health.since),
            "reason": source.health.reason,
            "rest_until": optional_stamp(source.resting),
            "next_due": optional_stamp(source.next_due(moment)),
            "last_success": optional_stamp(self._last.get((id_, "success"))),
            "last_new_article": optional_stamp(self._last.get((id_, "new"))),
            "articles_new": self._counts[id_]["new"],
            "waiting": waiting,
            "outcomes": dict(sorted(counts.items())),
        }

    def _process(self) -> dict[str, Any]:
        if self._service is None:
            return {"state": "starting", "started": stamp(self._started)}
        doing, last = self._service.doing, self._service.last
        return {
            "state": doing.state,
            "since": stamp(doing.since),
            "reason": doing.reason,
            "crawl_pid": doing.pid,
            "next_due": optional_stamp(doing.next_due),
            "started": stamp(self._started),
            "last_crawl": _crawl(*last) if last is not None else None,
            "crawls": self._service.crawls,
            "crashes": self._service.crashes,
            "config_error": self._watch.error if self._watch is not None else None,
        }


def _crawl(ended_at: datetime, ended: Ended) -> dict[str, Any]:
    report = ended.report or {}
    told = {name: report.get(name) for name in ("run", "state", "articles_new", "articles_changed", "outcomes", "seconds")}
    return {"ended": stamp(ended_at), "exit_code": ended.code, **told}
