"""Tables of what is crawled, when, and how it went: sources, runs, the frontier, files, hosts, health, alarms."""

from __future__ import annotations

SOURCES = """
CREATE TABLE sources (
    -- Places that articles are looked for, as the user named them.
    id INTEGER PRIMARY KEY, -- number of the source
    name TEXT, -- short name that the user gave; NULL if none
    url TEXT NOT NULL UNIQUE, -- address that a crawl of it starts from
    site TEXT NOT NULL, -- host of that address, without www.
    paused TEXT, -- when the user paused it: no crawl asks it for anything; NULL: it is not paused
    pause_reason TEXT, -- why, in the user's words; NULL: not said, or not paused
    added TEXT -- when the archive first heard of it; NULL: that was not noted
) STRICT
"""

RUNS = """
CREATE TABLE runs (
    -- Crawls. A run that was cut off goes on under its number.
    id INTEGER PRIMARY KEY, -- number of the run
    command TEXT NOT NULL, -- what started it, for instance crawl
    sources TEXT NOT NULL, -- JSON list of the ids of its sources, ascending
    started TEXT NOT NULL, -- when it began
    finished TEXT, -- when it ended; NULL while it runs or may be resumed
    state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'limit', 'interrupted', 'failed')), -- how it stands or ended
    summary TEXT NOT NULL DEFAULT '{}' -- JSON object: its fetches by outcome when it last ended, resumed parts included
) STRICT
"""

LEFT_WAITING = """
CREATE TABLE left_waiting (
    -- What each run left for the next one, by source; a source of which nothing waited is left out.
    run_id INTEGER NOT NULL REFERENCES runs (id), -- the run
    source_id INTEGER NOT NULL REFERENCES sources (id), -- the source
    addresses INTEGER NOT NULL, -- that were due, and still waited when the run last ended, without those it had fetched
    PRIMARY KEY (run_id, source_id)
) STRICT, WITHOUT ROWID
"""

FRONTIER = """
CREATE TABLE frontier (
    -- Every address that is known, whether it was fetched, and when it is due.
    id INTEGER PRIMARY KEY, -- number of the address
    url TEXT NOT NULL, -- address as it is fetched
    key TEXT NOT NULL UNIQUE, -- the same without trackers and variants; addresses with one key are fetched once
    host TEXT NOT NULL, -- host and port that answers for it
    source_id INTEGER REFERENCES sources (id), -- source whose crawl found it; NULL if none
    kind TEXT NOT NULL CHECK (kind IN ('seed', 'feed', 'sitemap', 'listing', 'article')), -- what it is expected to hold
    how TEXT NOT NULL, -- how it was found: seed, feed, sitemap, link, autodiscovery, robots, guess, list, redirect
    found_on INTEGER REFERENCES frontier (id), -- the address that led to it; NULL for seeds
    found_at TEXT NOT NULL, -- when it became known
    depth INTEGER NOT NULL, -- steps from the seed
    priority INTEGER NOT NULL, -- higher is fetched sooner
    title TEXT, -- title that a feed or sitemap gives
    published TEXT, -- publication time that a feed or sitemap gives
    modified TEXT, -- last change that a feed or sitemap gives
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'leased', 'done')), -- leased: a run is fetching it
    leased_by INTEGER REFERENCES runs (id), -- in state leased: the run that is fetching it
    fetched TEXT, -- when it was last fetched; NULL if never
    fetched_by INTEGER REFERENCES runs (id), -- the run that last fetched it
    outcome TEXT, -- outcome of the last fetch, as in fetches
    article_id INTEGER REFERENCES articles (id), -- the article last read there; NULL if none
    etag TEXT, -- ETag of the last answer, for the next conditional request
    last_modified TEXT, -- Last-Modified of the last answer, as the server wrote it
    payload TEXT, -- SHA-256 of the last payload seen there
    revisit TEXT, -- when a later run should fetch it again; NULL: not by itself
    looked TEXT, -- when its article was last seen there; NULL if never
    looks INTEGER NOT NULL DEFAULT 0, -- looks at its article after the first
    changes INTEGER NOT NULL DEFAULT 0, -- how many of them found it changed
    expected REAL NOT NULL DEFAULT 0, -- changes that a mean article of its source would have had in the time it was watched
    failures INTEGER NOT NULL DEFAULT 0 -- fetches in a row that brought nothing to read
) STRICT
"""

SOURCE_FILES = """
CREATE TABLE source_files (
    -- Files of records (WARC, WACZ) that a source names, and how far each is read.
    id INTEGER PRIMARY KEY, -- number of the file
    source_id INTEGER NOT NULL REFERENCES sources (id), -- the source
    path TEXT NOT NULL, -- where it lies, from the folder of morgue.toml or whole
    size INTEGER NOT NULL, -- in bytes, when it was begun
    modified INTEGER NOT NULL, -- when it had last been changed then, in nanoseconds since 1970
    found_at TEXT NOT NULL, -- when it became known
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done')), -- done: it is read to its end
    place TEXT, -- the last record that is dealt with; NULL: none is
    read_at TEXT, -- when it was last read from; NULL if never
    patterns TEXT, -- JSON object: allow and deny, as addresses were chosen by then; NULL while it was never read from
    left_before TEXT, -- latest time of a record that was left out for being too early; NULL: none was
    left_after TEXT, -- earliest time of one that was left out for being too late; NULL: none was
    reason TEXT, -- why it cannot be read; NULL: it can
    UNIQUE (source_id, path)
) STRICT
"""

FILE_OUTCOMES = """
CREATE TABLE file_outcomes (
    -- What became of the records of each file that may be pages, when they were last read.
    file_id INTEGER NOT NULL REFERENCES source_files (id) ON DELETE CASCADE, -- the file
    outcome TEXT NOT NULL, -- as in fetches; out_of_scope: of another time, or not allowed
    records INTEGER NOT NULL, -- how many
    PRIMARY KEY (file_id, outcome)
) STRICT, WITHOUT ROWID
"""

DAMAGED_RECORDS = """
CREATE TABLE damaged_records (
    -- Records of files that could not be read, the first 1,000 of each; and revisits that wait for their page until a file ends.
    file_id INTEGER NOT NULL REFERENCES source_files (id) ON DELETE CASCADE, -- the file
    place TEXT NOT NULL, -- where it is in the file: offset in bytes, number of the record there, and the member of a WACZ
    reason TEXT, -- what is wrong with it; NULL: a revisit that waits for its page
    PRIMARY KEY (file_id, place)
) STRICT, WITHOUT ROWID
"""

HOST_RESTS = """
CREATE TABLE host_rests (
    -- Hosts that asked to be left alone, by Retry-After, or that refused many requests: nothing of theirs is fetched until then.
    host TEXT PRIMARY KEY, -- host and port, as in frontier
    until TEXT NOT NULL, -- when they may be asked again
    reason TEXT NOT NULL, -- what they answered, in a few words
    times INTEGER NOT NULL, -- rests in a row, this one included
    asked INTEGER NOT NULL -- 1: it asked for it; 0: it answered refusals, and a crawl by hand tries all the same
) STRICT, WITHOUT ROWID
"""

SOURCE_RUNS = """
CREATE TABLE source_runs (
    -- What each run came to for each source, by which its health is judged; feeds that were only guessed, and are none, left out.
    source_id INTEGER NOT NULL REFERENCES sources (id), -- the source
    run_id INTEGER NOT NULL REFERENCES runs (id), -- the run
    ended TEXT NOT NULL, -- when its last fetch for the source was complete
    answered INTEGER NOT NULL, -- pages, lists and articles that could be read, new or not
    refused INTEGER NOT NULL, -- walls and refusals; and the address of the source, where robots.txt forbids it
    failed INTEGER NOT NULL, -- fetches without a usable answer; and the address of the source, where it is gone
    put_off INTEGER NOT NULL, -- put off as the host of the source asked for it, or its robots.txt could not be read
    new INTEGER NOT NULL, -- articles that were not known before
    reason TEXT, -- the most frequent reason of what was refused, failed or put off; NULL if nothing was
    PRIMARY KEY (source_id, run_id)
) STRICT, WITHOUT ROWID
"""

EDIT_RATES = """
CREATE TABLE edit_rates (
    -- How often articles of each source were found changed, by their age: what the next looks are decided by.
    source_id INTEGER NOT NULL REFERENCES sources (id), -- the source
    age INTEGER NOT NULL, -- least age of the class in hours; it ends where the next one begins
    hours REAL NOT NULL, -- hours that articles of that age were watched, each weighed by how often it changes beside the others
    changes REAL NOT NULL, -- changes in that time, by estimate: a look tells that there was one or more
    PRIMARY KEY (source_id, age)
) STRICT, WITHOUT ROWID
"""

POLLS = """
CREATE TABLE polls (
    -- Each look at a feed, sitemap or other page that lists articles, and how many it listed.
    fetch_id INTEGER PRIMARY KEY REFERENCES fetches (id) ON DELETE CASCADE, -- the fetch
    frontier_id INTEGER NOT NULL REFERENCES frontier (id) ON DELETE CASCADE, -- the page
    fetched TEXT NOT NULL, -- when
    entries INTEGER NOT NULL, -- addresses of articles in the scope of its source, whatever their date
    new INTEGER NOT NULL, -- those that are wanted, too, and were not known before
    fresh INTEGER NOT NULL, -- those of all listed that came since the poll before
    oldest TEXT, -- the earliest date of all listed; NULL where they give none
    newest TEXT, -- the latest date of all listed; NULL where they give none
    listed INTEGER NOT NULL DEFAULT 0, -- addresses of articles, those beyond the scope of its source besides
    wanted INTEGER NOT NULL DEFAULT 0, -- those in its scope that are not known to lie outside of the period it keeps to
    is_feed INTEGER NOT NULL DEFAULT 0 CHECK (is_feed IN (0, 1)) -- 1: what answered was a feed, however it was found
) STRICT
"""

LAST_LISTS = """
CREATE TABLE last_lists (
    -- What each page that lists articles listed when it was last read: the next look tells by it what came since.
    frontier_id INTEGER PRIMARY KEY REFERENCES frontier (id) ON DELETE CASCADE, -- the page
    entries TEXT NOT NULL -- JSON list, the first 1,000: of the key of each address the first 16 digits of its SHA-256
) STRICT
"""

LEFT_OUT = """
CREATE TABLE left_out (
    -- Addresses of articles that lists named and that no crawl asks for, as scope or period of the source leave them out.
    key TEXT PRIMARY KEY, -- the address, as in frontier; the row goes when the address gets there
    source_id INTEGER NOT NULL REFERENCES sources (id), -- source whose list named it first
    found_at TEXT NOT NULL -- when
) STRICT, WITHOUT ROWID
"""

PROFILES = """
CREATE TABLE profiles (
    -- What the pages of each site were like in each run: what the next runs are held against, to notice a changed layout.
    site TEXT NOT NULL, -- host, without www.
    measure TEXT NOT NULL, -- what was counted or measured; docs/drift.md defines each
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, -- the run
    reader TEXT NOT NULL, -- version of the rules that read the pages; only profiles of one version are compared
    pages INTEGER NOT NULL, -- pages that it was looked for in, the newest 1,000 of the site in the run at most
    having_it INTEGER, -- how many of them have it; NULL for measures that are numbers
    numbers TEXT, -- JSON list of the numbers, ascending, 100 at most, evenly picked; NULL for shares
    PRIMARY KEY (site, measure, run_id)
) STRICT, WITHOUT ROWID
"""

ALARMS = """
CREATE TABLE alarms (
    -- Sites whose pages read otherwise than in their own last runs.
    id INTEGER PRIMARY KEY, -- number of the alarm
    site TEXT NOT NULL, -- host, without www.
    source_id INTEGER REFERENCES sources (id), -- source that the first bad page was fetched for; NULL if none
    measure TEXT NOT NULL, -- what is otherwise, as in profiles; pins: pinned articles, shares of those that come out right
    raised TEXT NOT NULL, -- when it was raised
    run_id INTEGER NOT NULL REFERENCES runs (id), -- the run after which it was raised
    since_run INTEGER NOT NULL REFERENCES runs (id), -- the first of the runs that were looked at together
    before REAL NOT NULL, -- share of pages that had it before, 0 to 1; or the median
    before_pages INTEGER NOT NULL, -- of how many pages
    after REAL NOT NULL, -- the same for the runs from since_run to run_id
    after_pages INTEGER NOT NULL, -- of how many pages
    chance REAL NOT NULL, -- probability of such a difference, or a greater one, if nothing had changed
    first_url TEXT, -- the first bad page; NULL where none stands out
    first_fetched TEXT, -- when it was fetched
    first_article INTEGER, -- its article; NULL if none was read there
    first_value TEXT, -- what it gives; NULL: nothing
    first_source TEXT, -- where that stood, as in evidence: source and place
    example_url TEXT, -- a page from before, the same one where it was read then
    example_article INTEGER, -- its article
    example_value TEXT, -- what it gave
    example_source TEXT, -- where that stood
    settled TEXT, -- when it was over; NULL while it lasts
    settled_by TEXT CHECK (settled_by IN ('recovered', 'accepted')), -- accepted: the user took the new state for the right one
    settled_run INTEGER REFERENCES runs (id), -- the run that showed it to be over; NULL where the user said it
    told TEXT NOT NULL DEFAULT '[]' -- JSON list of those who were told: command, webhook, mail
) STRICT
"""
