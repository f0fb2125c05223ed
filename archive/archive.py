"""Archive: the one door to the file. It delegates, and holds no SQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, Unpack

from sqlite_utils import Database

from archive import (
    account,
    backup,
    captures,
    connection,
    copies,
    events,
    health,
    integrity,
    lineage,
    mending,
    packing,
    repeats,
    rights,
    room,
    runs,
    schedule,
    search,
    selection,
    store,
    takedown,
    unmatched,
)
from archive.account import Account
from archive.changes import Change
from archive.completeness import Completeness, read_completeness
from archive.diff import Diff, diff
from archive.drift import Drift
from archive.fetch_totals import FetchTotal, read_fetch_totals, read_running
from archive.frontier import Frontier
from archive.health import SourcePast
from archive.history import Planner
from archive.lock import crawl_lock, rereading_lock
from archive.packing import Packing
from archive.pins import Pins
from archive.rereading import Rereading
from archive.rights import HostFile, Rights
from archive.rows import (
    Hit,
    PackReport,
    Problem,
    RevisionLine,
    Run,
    SearchResult,
    Source,
    Stats,
    StoredAnswer,
    StoredArticle,
    StoredCopy,
    StoredEvent,
    StoredRevision,
    TakedownPlan,
    Tombstone,
    Why,
)
from archive.schedule import Opening, SourceState
from archive.selection import Filters, Narrowing, Selecting
from archive.source_files import SourceFiles
from archive.source_status import SourceStatus, read_source_status
from archive.stats import read_stats
from archive.timestamps import stamp
from archive.tombstones import find_tombstone
from archive.unmatched import Unmatched
from archive.visit import Kept, Visit
from archive.why import why


class Archive:
    """An open archive. One object belongs to one thread; several may be open on one file."""

    def __init__(self, path: Path, db: Database, *, readonly: bool) -> None:
        self.path = path
        self.readonly = readonly
        self.frontier = Frontier(db)
        self.files = SourceFiles(db)
        self.rereading = Rereading(db)
        self.drift = Drift(db)
        self.pins = Pins(db)
        self._db = db

    @classmethod
    def create(cls, path: str | Path) -> Self:
        """Make an archive, or open the one that is there.

        Raises:
            ArchiveNotFound: the folder is missing.
            NotAnArchive: another file has that name.
            ArchiveTooNew: the archive there was written by a later morgue.
            SQLiteTooOld: this SQLite cannot hold an archive.

        """
        return cls(Path(path), connection.create(Path(path)), readonly=False)

    @classmethod
    def open(cls, path: str | Path, *, readonly: bool = False) -> Self:
        """Open an archive; a read-only one can be read while another process writes.

        Raises:
            ArchiveNotFound: there is no file at that path.
            NotAnArchive: the file is none of morgue's.
            ArchiveTooNew: the archive was written by a later morgue.
            SQLiteTooOld: this SQLite cannot open it.

        """
        return cls(Path(path), connection.open_existing(Path(path), readonly=readonly), readonly=readonly)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.conn.close()

    def lock_for_crawl(self) -> AbstractContextManager[None]:
        """Hold the right to crawl into this archive, as a context manager.

        Raises:
            ArchiveLocked: on entering, if another process holds it.

        """
        return crawl_lock(self.path)

    def lock_for_rereading(self) -> AbstractContextManager[None]:
        """Hold the right to read this archive's captures again, as a context manager; a crawl may go on meanwhile.

        Raises:
            ArchiveLocked: on entering, if another process holds it.

        """
        return rereading_lock(self.path)

    def add_source(self, url: str, name: str | None = None, now: datetime | None = None) -> Source:
        """Return the source with that address; made if new, `now` (aware) noted, and renamed if a name is given."""
        return runs.add_source(self._db, url, name, now)

    def sources(self) -> list[Source]:
        """Return all sources, in the order they were added."""
        return runs.sources(self._db)

    def source_status(self, now: datetime) -> list[SourceStatus]:
        """Say what each source gave until now (aware), in the order they were added."""
        return read_source_status(self._db, now)

    def pause_source(self, source_id: int, reason: str | None, now: datetime) -> None:
        """Pause a source, in the user's words if given; one that is paused stays so since then."""
        runs.pause_source(self._db, source_id, reason, now)

    def resume_source(self, source_id: int) -> None:
        """End the pause of a source."""
        runs.resume_source(self._db, source_id)

    def begin_run(self, command: str, source_ids: Sequence[int], now: datetime) -> Run:
        """Go on with the newest run of these sources if it had not ended, else begin one.

        Call it holding `lock_for_crawl`: whatever is leased counts as left by a run that died, and waits again. A new run also
        opens the addresses of its sources whose revisit has come.

        Args:
            command: what starts it, for instance `crawl`.
            source_ids: the sources it crawls.
            now: aware.

        """
        return runs.begin_run(self._db, command, source_ids, now)

    def begin_due_run(self, openings: Sequence[Opening], now: datetime) -> Run:
        """Go on with the service's run that was cut off, or else begin one and open what is due again of its sources.

        Call it holding `lock_for_crawl`, as `begin_run`.

        Args:
            openings: a source each, and what of it is to be opened.
            now: aware.

        """
        return schedule.begin_due_run(self._db, openings, now)

    def source_states(self, source_ids: Iterable[int], now: datetime) -> list[SourceState]:
        """Say of each source what waits of it and when what falls due."""
        return schedule.source_states(self._db, source_ids, now)

    def source_pasts(self, source_ids: Iterable[int], now: datetime) -> list[SourcePast]:
        """What the recent runs of each source came to, in the order of the numbers; `crawler.health` judges by it."""
        return health.read_pasts(self._db, source_ids, stamp(now))

    def is_cut_off(self) -> bool:
        """Whether a run of the service has not ended: it goes on now, or was stopped or killed."""
        return schedule.is_cut_off(self._db)

    def waiting_by_source(self) -> dict[int, int]:
        """How many addresses of each source are known and wait to be fetched; those without any are left out."""
        return schedule.waiting_by_source(self._db)

    def fetch_totals(self, after: int = 0) -> list[FetchTotal]:
        """Count the fetches that have a higher number, by source and outcome."""
        return read_fetch_totals(self._db, after)

    def running(self) -> tuple[int, Mapping[str, int]] | None:
        """The number of the run that is going on and its fetches by outcome; None where none is, or it died since."""
        return read_running(self._db)

    def end_run(self, run_id: int, state: str, now: datetime) -> None:
        """Write how a run ended, with its fetches counted by outcome, those from before it was cut off included.

        Args:
            run_id: the run.
            state: `finished`, `limit`, `interrupted` (the next run of its sources goes on with it) or `failed`.
            now: aware.

        """
        runs.end_run(self._db, run_id, state, now)

    def commit(
        self,
        run_id: int | None,
        visits: Sequence[Visit],
        now: datetime,
        *,
        once: bool = False,
        planner: Planner | None = None,
    ) -> list[Kept]:
        """Keep visits in one transaction: outcomes, captures, revisions and new addresses, all of them or none.

        A reading that equals the newest revision is no new one. An article found gone is marked withdrawn, and found up again
        is not any more.

        Args:
            run_id: the run they belong to; None for what was added by hand.
            visits: in the order they happened.
            now: aware; the time of reading.
            once: leave out what is there already, whoever brought it, see `Kept.repeated`: for what can be brought twice.
            planner: says when each address that was leased is due again, where the visit does not; see `archive.history`.

        Returns:
            What became of each, in the same order.

        Raises:
            ArchiveLocked: another process kept the file locked for too long.
            ValueError: a visit is to be stored, but has no revision or no capture.

        """
        return store.commit(self._db, run_id, visits, now, once=once, planner=planner)

    def articles(
        self,
        *,
        query: str | None = None,
        limit: int | None = None,
        respect: Sequence[str] = (),
        **filters: Unpack[Selecting],
    ) -> Iterator[StoredArticle]:
        """Stream articles in the order of their ids; the filters are those of `archive.selection.Filters`.

        With `unique`, of each story that several of them tell only the article that had it first, see `copies`.

        With `as_of` each is what it was then, `newest` being the number of the reading, and is left out if no capture is so old.

        Raises:
            QuerySyntaxError: the query cannot be parsed.
            ValueError: `since`, `until` or `as_of` is no date, or a name in `respect` is not known.

        """
        match = None if query is None else search.read_match(query)
        return selection.select_articles(self._db, Filters(**filters, respect=tuple(respect)), match, limit)

    def account(self, *, query: str | None = None, respect: Sequence[str] = (), **filters: Unpack[Selecting]) -> Account:
        """Count how many articles there are, and how many `articles` leaves out for each reason; the filters are the same.

        Raises:
            QuerySyntaxError: the query cannot be parsed.
            ValueError: a date is none, or a name in `respect` is not known.

        """
        match = None if query is None else search.read_match(query)
        return account.read_account(self._db, Filters(**filters, respect=tuple(respect)), match)

    def count_left_out(
        self, respect: Sequence[str], *, query: str | None = None, **filters: Unpack[Selecting]
    ) -> tuple[dict[str, int], int, int]:
        """Count what `articles` leaves out for `respect`; the filters are the same, but for `limit`.

        Returns:
            For each name how many articles it forbids; how many are left out in all; and for how many nobody ever looked.

        """
        match = None if query is None else search.read_match(query)
        return selection.count_left_out(self._db, Filters(**filters, respect=tuple(respect)), match)

    def search(self, query: str, *, limit: int = 20, **filters: Unpack[Narrowing]) -> list[Hit]:
        """Return the articles that match a query best, best first; `find` says how many there are besides.

        Raises:
            QuerySyntaxError: the query cannot be parsed.
            ValueError: `since` or `until` is no date.

        """
        return list(self.find(query, limit=limit, **filters).hits)

    def find(self, query: str, *, limit: int = 20, every: bool = False, **filters: Unpack[Narrowing]) -> SearchResult:
        """Return the articles that match a query best, how many match in all, and how many of them were ranked.

        Of very many the most promising alone are ranked, unless `every` is asked for; `archive.search.ranking` says which.
        With `unique`, of each story only the article that matches best, and `total` counts stories.

        Raises:
            QuerySyntaxError: the query cannot be parsed.
            ValueError: `since` or `until` is no date.

        """
        return search.find(self._db, query, Filters(**filters), limit, every=every)

    def unmatched(self, **filters: Unpack[Narrowing]) -> list[Unmatched]:
        """Return those of the filters of `articles` by site, author, language and dates that no article passes, with near values.

        Raises:
            ValueError: `since` or `until` is no date.

        """
        return unmatched.find_unmatched(self._db, Filters(**filters))

    def article(self, id_or_url: int | str) -> StoredArticle:
        """Return the article with that id or address.

        Raises:
            ArticleNotFound: there is none; the message names near addresses.

        """
        return selection.find_article(self._db, id_or_url)

    def revision(self, article_id: int, number: int | None = None, *, body_only: bool = False) -> StoredRevision:
        """Return one reading of an article with its blocks and evidence; the newest if no number is given.

        With `body_only` it has the blocks of the body alone, and no evidence, which is most of what there is to read.

        Raises:
            ArticleNotFound: no such article or revision.

        """
        return selection.read_revision(self._db, article_id, number, body_only=body_only)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See one state of the archive for the length of the block, whatever other processes write meanwhile."""
        with connection.snapshot(self._db):
            yield

    def changes(self, article_id: int, number: int) -> tuple[Change, ...]:
        """Return what changed with a revision, against the one before it by the time of its capture; nothing for the first."""
        return lineage.read_changes(self._db.conn, article_id, number)

    def diff(self, article_id: int, former: int, later: int) -> Diff:
        """Return what changed from one revision to another, word by word and by section.

        Raises:
            ArticleNotFound: no such article or revision.

        """
        return diff(self.revision(article_id, former), self.revision(article_id, later))

    def history(self, article_id: int) -> tuple[RevisionLine, ...]:
        """Return the revisions of an article in the order of their captures, oldest first; nothing for an unknown one."""
        return selection.read_history(self._db, article_id)

    def events(self, article_id: int) -> tuple[StoredEvent, ...]:
        """Return what happened to an article at its address, oldest first: withdrawn, moved, behind a paywall, back again."""
        return events.read_events(self._db.conn, article_id)

    def copies(self, article_id: int) -> tuple[StoredCopy, ...]:
        """Return the articles that tell an article's story in much the same words, itself among them; none if it has no copies.

        The one that had it first is the first: by the date that it gives, or when it was first seen if that is earlier.
        """
        return copies.read_copies(self._db.conn, article_id)

    def payload(self, capture_id: int) -> bytes:
        """Return the bytes that a server answered, after content decoding.

        Raises:
            DamagedPayload: they are not what was stored.

        """
        return integrity.read_payload(self._db, capture_id)

    def answers(self, article_id: int, *, until: datetime | str | None = None) -> list[StoredAnswer]:
        """Return every answer about an article in the order they were kept: what it was read from, and what showed it up or gone.

        Args:
            article_id: the article.
            until: only those fetched then or earlier; of a year, month or day its end. None: all.

        """
        return captures.answers_of(self._db, article_id, until)

    def answers_without_article(self, *, until: datetime | str | None = None) -> Iterator[StoredAnswer]:
        """Stream the captures that no article was read from, in the order they were kept; `until` as for `answers`."""
        return captures.answers_without_article(self._db, until)

    def latest_fetch(self) -> datetime | None:
        """Return the time of the newest fetch; None in an empty archive."""
        return captures.latest_fetch(self._db)

    def is_kept(self, sha256: str, url: str, fetched: datetime, kind: str) -> bool:
        """Whether the same bytes from the same address at the same second are there already, as a capture of that kind."""
        return repeats.is_kept(self._db.conn, sha256, url, fetched, kind)

    def article_at(self, url: str) -> int | None:
        """Return the id of the article that is filed under an address, or was last read there; None if there is none."""
        return captures.article_at(self._db, url)

    def find_capture(self, *, sha256: str | None = None, url: str | None = None, fetched: datetime | None = None) -> int | None:
        """Return the id of a capture with that payload, or else the one of that address at that second; None if none is."""
        return captures.find_capture(self._db, sha256=sha256, url=url, fetched=fetched)

    def why(self, url: str) -> Why:
        """Return all that is known of an address; see `Why.known` for one that was never met."""
        return why(self._db, url)

    def plan_takedown(self, address: int | str) -> TakedownPlan:
        """Say what `take_down` would remove; nothing is changed.

        Raises:
            ArticleNotFound: a number that no article has or had.
            TakedownRefused: the address is one that a source starts from, and no article was read there.

        """
        return takedown.plan(self._db, address)

    def take_down(self, address: int | str, reason: str, now: datetime) -> Tombstone:
        """Remove an address, by any of its names, with all that was kept of it, and refuse its return; `erase` is to follow.

        An address never fetched is blocked. One that was taken down before keeps its tombstone.

        Args:
            address: of an article or of any page; or the number of an article.
            reason: in the words that are to be kept.
            now: aware.

        Raises:
            ArticleNotFound: a number that no article has or had.
            TakedownRefused: the address is one that a source starts from, and no article was read there; or no reason is given.
            ArchiveLocked: another process kept the file locked for too long.

        """
        return takedown.take_down(self._db, address, reason, now)

    def erase(self, now: datetime, progress: Callable[[str], None] | None = None) -> int:
        """Overwrite in the file what was taken down and is not erased yet; returns how many takedowns that were.

        The file is written anew, which needs as much room again on the disk.

        Args:
            now: aware.
            progress: told the name of each step before it.

        Raises:
            TakedownUnfinished: another process is in the way, or the disk is full; the same call finishes it.

        """
        return takedown.erase(self._db, self.path, now, progress)

    def rights(self, article_id: int) -> Rights | None:
        """The newest known statements of an article's page and host about its use; None where nobody looked at them."""
        return rights.rights_of_article(self._db, article_id)

    def host_file(self, host: str, kind: str, since: datetime) -> tuple[int, HostFile] | None:
        """Return the last robots.txt or tdmrep.json of a host with its number, if it was fetched since a moment; else None."""
        return rights.host_file(self._db, host, kind, since)

    def keep_host_file(self, file: HostFile) -> int:
        """Keep a robots.txt or tdmrep.json as fetched; returns its number, which is that of the last one if it is the same."""
        return rights.keep_host_file(self._db, file)

    def tombstone(self, url: str) -> Tombstone | None:
        """What remains of an address that was taken down; None for any other."""
        return find_tombstone(self._db, url)

    def completeness(
        self,
        now: datetime,
        *,
        by: str = "source",
        source: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Completeness:
        """Count what became of every address that is known, and what is missing.

        Args:
            now: aware.
            by: `source`, `day`, `week` or `month` of discovery, or `run`.
            source: name or address of one source; None: all.
            since: only what was found, or begun, from then on; aware.
            until: only what was found, or begun, before then; aware.

        """
        return read_completeness(self._db, now, by=by, source=source, since=since, until=until)

    def stats(self) -> Stats:
        """Return the archive in numbers."""
        return read_stats(self._db, self.frontier.waiting(), self.path.stat().st_size)

    def pack(self, site: str | None = None, progress: Callable[[int, int], None] | None = None) -> PackReport:
        """Keep pages in less room: those of one site by what they have in common with typical ones among them.

        A crawl may go on meanwhile, and it may be interrupted. Pages read back as before. The file does not shrink by itself:
        later pages fill the room, and `compact` gives it back.

        Args:
            site: host, without www.; None: all.
            progress: told how many pages of how many are looked at.

        Raises:
            ArchiveLocked: another process kept the file locked for too long.

        """
        return packing.pack(self._db, site, progress)

    def begin_packing(self, fewest: int, seen: dict[str, int]) -> Packing:
        """Return a packing of all sites to be done in small steps, for a caller with other things to do; see `Packing`."""
        return Packing(self._db, None, fewest, seen)

    def repack_without(self, payloads: Collection[str], progress: Callable[[int, int], None] | None = None) -> int:
        """Replace each dictionary that parts of these payloads (SHA-256) are in; returns how many were.

        Raises:
            DamagedPayload: both copies of such a dictionary are damaged.

        """
        return packing.repack_without(self._db, payloads, progress)

    def compact(self) -> int:
        """Give the room of removed and packed rows back to the disk; returns how many bytes shorter the file is.

        It writes the whole file anew, needs as much room again meanwhile, and other writers wait for it.

        Raises:
            ArchiveLocked: another process kept the file locked for too long.
            ArchiveError: the disk has not room enough.

        """
        return room.compact(self._db, self.path)

    def unused_share(self) -> float:
        """Return the share of the file that holds nothing, 0 to 1."""
        return room.unused_share(self._db)

    def verify(self, progress: Callable[[int, int], None] | None = None) -> list[Problem]:
        """Check digests, keys, counts, the search index and the file itself; an empty list means all is well.

        Args:
            progress: told how many payloads of how many are checked.

        """
        return integrity.verify(self._db, readonly=self.readonly, progress=progress)

    def backup(
        self,
        path: str | Path,
        progress: Callable[[int, int], None] | None = None,
        *,
        force: bool = False,
        checking: Callable[[int, int], None] | None = None,
    ) -> int:
        """Copy the archive, as it is now, to a file that appears whole and checked, or not at all; others may write meanwhile.

        Args:
            path: of the copy.
            progress: told how many pages of how many are copied.
            force: whether a file that is there is replaced, unless the archive has damage that a sound copy mends.
            checking: told how many payloads of how many are verified before a file is replaced.

        Returns:
            Size of the copy in bytes.

        Raises:
            ArchiveNotFound: the folder is missing.
            ArchiveError: a file is there, or is in use, or the folder cannot be written.
            ArchiveDamaged: the archive is damaged, and so would the copy be.

        """
        return backup.backup(self._db, self.path, Path(path), force=force, progress=progress, checking=checking)

    def mend(self) -> list[str]:
        """Make anew what is damaged and can be made from the rest of the file; what `verify` says needs a copy is left alone.

        Views, indexes and triggers, search indexes, copies of dictionaries, the rows of articles and their authors, changes,
        events, and which articles are copies of one another.

        Returns:
            What was done, in a few words each.

        """
        return mending.mend(self._db)
