"""The tables as they are. The comments stand inside the statements, so that SQLite keeps them with the tables.

All moments are text, UTC, `2026-08-22T10:05:00Z`. Dates that an article gives of itself are ISO 8601 at their precision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

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

PINS = """
CREATE TABLE pins (
    -- Articles whose reading is known to be right: they are read again with other rules, and have to come out the same.
    id INTEGER PRIMARY KEY, -- number of the pin
    article_id INTEGER NOT NULL, -- the article
    revision INTEGER NOT NULL, -- the revision whose captures are read
    pinned TEXT NOT NULL, -- when
    reader TEXT NOT NULL, -- version of the rules with which it last came out as expected
    expected TEXT NOT NULL, -- JSON object: field -> value; authors is a list of names, text the body
    corrected TEXT NOT NULL, -- JSON list: fields whose value the user wrote
    checked TEXT NOT NULL, -- rules that read it last, right or not: version, and a digest of the packages and judges
    UNIQUE (article_id),
    FOREIGN KEY (article_id, revision) REFERENCES revisions (article_id, number) ON DELETE CASCADE
) STRICT
"""

PAYLOADS = """
CREATE TABLE payloads (
    -- Response bodies after content decoding, each kept once however often it was seen.
    id INTEGER PRIMARY KEY, -- row number, of no meaning
    sha256 TEXT NOT NULL UNIQUE, -- hex digest of the decoded bytes; captures refer to it
    size INTEGER NOT NULL, -- decoded size in bytes
    codec TEXT NOT NULL CHECK (codec IN ('zstd', 'zstd-dictionary', 'raw')), -- zstd: a Zstandard frame (RFC 8878); raw: as it is
    first_seen TEXT NOT NULL, -- when it was first kept
    data BLOB NOT NULL, -- the bytes, compressed as codec says
    dictionary_id INTEGER REFERENCES dictionaries (id), -- zstd-dictionary: what the frame refers to; else NULL
    site TEXT -- host that first answered with it, without www.; pages of one site share dictionaries
) STRICT
"""

DICTIONARIES = """
CREATE TABLE dictionaries (
    -- What pages of one site have in common, each frame of codec zstd-dictionary refers to one of these.
    id INTEGER PRIMARY KEY, -- number of the dictionary
    site TEXT NOT NULL, -- host of its pages, without www.
    sha256 TEXT NOT NULL UNIQUE, -- hex digest of what data unpacks to
    made TEXT NOT NULL, -- when it was made
    samples TEXT NOT NULL, -- JSON list: SHA-256 of the payloads that parts of it are taken from; empty: not known any more
    data BLOB NOT NULL -- a Zstandard frame; unpacked it is the prefix for frames: zstd -d --patch-from, or ZSTD_DCtx_refPrefix
) STRICT
"""

SPARE_DICTIONARIES = """
CREATE TABLE spare_dictionaries (
    -- Every dictionary once more, on other pages of the file: should its row in dictionaries be damaged, it is read from here.
    dictionary_id INTEGER PRIMARY KEY REFERENCES dictionaries (id), -- the dictionary
    sha256 TEXT NOT NULL, -- as in dictionaries
    data BLOB NOT NULL -- as in dictionaries
) STRICT
"""

FETCHES = """
CREATE TABLE fetches (
    -- Every attempt to get an address, each with exactly one outcome.
    id INTEGER PRIMARY KEY, -- number of the fetch
    run_id INTEGER REFERENCES runs (id), -- the run it belongs to; NULL for what was added by hand
    source_id INTEGER REFERENCES sources (id), -- the source it was made for; NULL if none
    frontier_id INTEGER REFERENCES frontier (id), -- the address in the frontier; NULL for what was added by hand
    url TEXT NOT NULL, -- address asked for
    fetched TEXT NOT NULL, -- when the answer was complete, or the attempt had failed
    outcome TEXT NOT NULL CHECK (outcome IN ('stored', 'unchanged', 'listed', 'not_an_article', 'robots', 'out_of_scope',
        'blocked', 'failed', 'gone', 'later')), -- what became of it
    reason TEXT, -- in a few words, where the outcome alone does not say it
    status INTEGER, -- HTTP status; NULL without an answer
    seconds REAL, -- wall time of the exchange
    redirects TEXT NOT NULL DEFAULT '[]', -- JSON list of the addresses after url, the one that answered last
    article_id INTEGER, -- the article read there, now or before; NULL if none
    revision INTEGER, -- number of its newest revision after this fetch
    paywalled INTEGER, -- 1 or 0 where the page said then that it is, or is not, behind a paywall; else NULL
    noindex INTEGER, -- 1 where the answer asked search engines not to list the page, 0 where not; NULL: nobody looked yet
    FOREIGN KEY (article_id, revision) REFERENCES revisions (article_id, number)
) STRICT
"""

CAPTURES = """
CREATE TABLE captures (
    -- What a server answered, or a saved file: headers here, bytes in payloads.
    id INTEGER PRIMARY KEY, -- number of the capture
    fetch_id INTEGER NOT NULL REFERENCES fetches (id), -- the fetch that brought it
    url TEXT NOT NULL, -- address that answered, after redirects
    fetched TEXT NOT NULL, -- when; for a saved file the time that the user or the file gives
    status INTEGER NOT NULL, -- HTTP status; 200 for a saved file
    kind TEXT NOT NULL CHECK (kind IN ('response', 'file', 'rendered')), -- rendered: the document of a browser
    payload TEXT NOT NULL REFERENCES payloads (sha256), -- SHA-256 of the body
    headers TEXT NOT NULL -- JSON list of [name, value], as received
) STRICT
"""

ARTICLES = """
CREATE TABLE articles (
    -- One row an article: its newest reading.
    id INTEGER PRIMARY KEY, -- number of the article
    url TEXT NOT NULL UNIQUE, -- canonical address
    site TEXT NOT NULL, -- host of the address, without www.
    title TEXT, -- headline
    dek TEXT, -- standfirst: the summary printed under the title
    byline TEXT, -- author line as printed, lead word included; the people in it are in authors
    published TEXT, -- publication date, ISO 8601 at its precision; no offset where the zone is unknown
    published_precision TEXT, -- minute, hour, day, month or year
    modified TEXT, -- last change that the page states, ISO 8601 at its precision
    lang TEXT, -- language, ISO 639-1
    section TEXT, -- section of the paper it is filed under
    word_count INTEGER NOT NULL, -- words of text, separated by white space
    text TEXT NOT NULL, -- the body: headings and paragraphs separated by blank lines
    first_seen TEXT NOT NULL, -- fetch time of the first capture
    last_seen TEXT NOT NULL, -- last time it was found up, changed or not
    revisions INTEGER NOT NULL, -- how many revisions there are
    withdrawn TEXT, -- when its address was found gone (404, 410); NULL while it is up
    newest INTEGER NOT NULL, -- number of the revision that this row shows: the one read from the latest capture
    facets TEXT AS ( -- site, language, year, month and day as words that no text holds, for filters of the search index
        CASE WHEN site GLOB '*[^a-z0-9.-]*' THEN ''
            ELSE char(57344) || 's' || replace(replace(site, '.', char(57345)), '-', char(57346)) END ||
        CASE WHEN lang GLOB '[a-z]*' AND lang NOT GLOB '*[^a-z]*' THEN ' ' || char(57344) || 'l' || lang ELSE '' END ||
        CASE WHEN published GLOB '[0-9][0-9][0-9][0-9]*' AND substr(published, 1, 10) NOT GLOB '*[^0-9-]*'
            THEN ' ' || char(57344) || 'y' || substr(published, 1, 4) ||
                ' ' || char(57344) || 'm' || replace(substr(published, 1, 7), '-', '') ||
                ' ' || char(57344) || 'd' || replace(substr(published, 1, 10), '-', '') ELSE '' END
    ) VIRTUAL -- not stored; left out of exports
) STRICT
"""

AUTHORS = """
CREATE TABLE authors (
    -- Who is named in the byline of each article's newest reading.
    article_id INTEGER NOT NULL REFERENCES articles (id), -- the article
    position INTEGER NOT NULL, -- place in the byline, from 0
    name TEXT NOT NULL, -- whole name as printed, without lead words, titles and roles
    kind TEXT NOT NULL, -- person or organisation
    role TEXT, -- as printed, for instance Moscow correspondent
    url TEXT, -- page of the author
    PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID
"""

REVISIONS = """
CREATE TABLE revisions (
    -- Every reading of an article that differs from the one before.
    article_id INTEGER NOT NULL REFERENCES articles (id), -- the article
    number INTEGER NOT NULL, -- 1 for the first, in the order they were kept; it never changes, so that it can be cited
    digest TEXT NOT NULL, -- SHA-256 of what a reader sees: title, dek, byline, dates, body; equal digests are one revision
    capture_id INTEGER NOT NULL REFERENCES captures (id), -- what it was read from; further pages: revision_captures
    read_at TEXT NOT NULL, -- when it was read
    reader TEXT NOT NULL, -- version of the rules that read it
    title TEXT, -- headline
    dek TEXT, -- standfirst
    byline TEXT, -- author line as printed
    authors TEXT NOT NULL, -- JSON list of {name, kind, role, url}
    published TEXT, -- publication date, ISO 8601 at its precision
    published_precision TEXT, -- minute, hour, day, month or year
    published_earliest TEXT, -- earliest moment that the date allows, UTC
    published_latest TEXT, -- latest moment that the date allows, UTC
    published_basis TEXT, -- declared, printed, relative (resolved against the fetch time) or url
    published_zone_known INTEGER, -- 1 if the page gives the time zone, 0 if not
    modified TEXT, -- last change that the page states
    lang TEXT, -- language, ISO 639-1
    section TEXT, -- section of the paper
    tags TEXT NOT NULL, -- JSON list of tags
    description TEXT, -- summary for machines, where it is more than the dek
    site_name TEXT, -- name of the publication
    image TEXT, -- address of the lead image
    licence TEXT, -- licence that the page states
    paywalled INTEGER, -- 1 or 0 where the page says it, else NULL
    word_count INTEGER NOT NULL, -- words of the body
    text TEXT, -- the body; NULL where it is the article blocks in order, separated by blank lines
    reading_id INTEGER REFERENCES readings (id), -- rules, packages and settings; NULL where they were not recorded yet
    PRIMARY KEY (article_id, number)
) STRICT
"""

READINGS = """
CREATE TABLE readings (
    -- What pages were read with: the rules and all that may change what they give.
    id INTEGER PRIMARY KEY, -- number of the combination
    reader TEXT NOT NULL, -- version of the rules, as in revisions
    packages TEXT NOT NULL, -- JSON object: package that takes part in reading -> version
    settings TEXT NOT NULL, -- JSON object: settings that take part in reading
    first_used TEXT NOT NULL, -- when the first page was read so
    UNIQUE (reader, packages, settings)
) STRICT
"""

REVISION_CAPTURES = """
CREATE TABLE revision_captures (
    -- Further pages of articles that stand on several.
    article_id INTEGER NOT NULL, -- the article
    revision INTEGER NOT NULL, -- number of the revision
    position INTEGER NOT NULL, -- page, from 2; the first is revisions.capture_id
    capture_id INTEGER NOT NULL REFERENCES captures (id), -- what the server answered for it
    PRIMARY KEY (article_id, revision, position),
    FOREIGN KEY (article_id, revision) REFERENCES revisions (article_id, number)
) STRICT, WITHOUT ROWID
"""

BLOCKS = """
CREATE TABLE blocks (
    -- Every block of the page, labelled: the body, and what was left out of it.
    article_id INTEGER NOT NULL, -- the article
    revision INTEGER NOT NULL, -- number of the revision
    position INTEGER NOT NULL, -- place, from 0: the body first, then what was left out, each in the order of the page
    section INTEGER, -- section of the body, from 0; NULL outside the body
    kind TEXT NOT NULL, -- heading, paragraph, list_item, quote, table_row, code, caption or break
    label TEXT NOT NULL, -- article for the body; else what it was taken for: comments, author_bio, navigation, footer...
    text TEXT NOT NULL, -- its text; empty for a break
    level INTEGER NOT NULL, -- 1 to 6 for headings, else 0
    depth INTEGER NOT NULL, -- nesting of a list item from 1, else 0
    ordered INTEGER NOT NULL, -- 1 for items of a numbered list
    reason TEXT NOT NULL, -- why it has its label
    confidence REAL NOT NULL, -- how sure that is, 0 to 1
    PRIMARY KEY (article_id, revision, position),
    FOREIGN KEY (article_id, revision) REFERENCES revisions (article_id, number)
) STRICT, WITHOUT ROWID
"""

EVIDENCE = """
CREATE TABLE evidence (
    -- Where each value comes from, and what lost to it.
    article_id INTEGER NOT NULL, -- the article
    revision INTEGER NOT NULL, -- number of the revision
    field TEXT NOT NULL, -- name of the field, as in revisions
    rank INTEGER NOT NULL, -- 0 for the value that was chosen; the others lost to it
    value TEXT NOT NULL, -- the value after normalising; lists as JSON
    source TEXT NOT NULL, -- json-ld, open-graph, meta, microdata, markup, text, url, front-matter or http
    place TEXT NOT NULL, -- where it stood, for instance NewsArticle.headline or h1
    raw TEXT NOT NULL, -- the string as it stood there
    confidence REAL NOT NULL, -- how sure it is, 0 to 1
    PRIMARY KEY (article_id, revision, field, rank),
    FOREIGN KEY (article_id, revision) REFERENCES revisions (article_id, number)
) STRICT, WITHOUT ROWID
"""

CHANGES = """
CREATE TABLE changes (
    -- What changed with each revision of an article, one row a change.
    article_id INTEGER NOT NULL, -- the article
    revision INTEGER NOT NULL, -- number of the revision that has the change
    position INTEGER NOT NULL, -- order of the changes, from 0: fields first, then the body
    previous INTEGER NOT NULL, -- number of the revision that it is compared with: the one before it by the time of its capture
    kind TEXT NOT NULL CHECK (kind IN ('headline', 'dek', 'byline', 'published', 'modified', 'filed', 'tags', 'heading',
        'caption', 'correction', 'paragraph_added', 'paragraph_removed', 'paragraph_edited', 'typo', 'paragraph_moved',
        'layout')), -- class of the change
    block TEXT, -- kind of the block, as in blocks; NULL for a field
    section TEXT, -- heading of the section that it stands in; NULL before the first heading, and for a field
    before TEXT, -- the text before; NULL where there was none; for layout the form
    after TEXT, -- the text after; NULL where there is none any more; for layout the form
    before_position INTEGER, -- place in the body before, from 0; NULL for a field, and where there was none
    after_position INTEGER, -- place in the body after, from 0; NULL for a field, and where there is none any more
    moved INTEGER NOT NULL, -- 1 where it stands elsewhere among its neighbours now
    typo INTEGER NOT NULL, -- 1 where nothing but spelling or punctuation changed
    PRIMARY KEY (article_id, revision, position),
    FOREIGN KEY (article_id, revision) REFERENCES revisions (article_id, number),
    FOREIGN KEY (article_id, previous) REFERENCES revisions (article_id, number)
) STRICT, WITHOUT ROWID
"""

EVENTS = """
CREATE TABLE events (
    -- What happened to an article at its address: withdrawn, moved, behind a paywall, hidden from search engines, back again.
    article_id INTEGER NOT NULL REFERENCES articles (id), -- the article
    position INTEGER NOT NULL, -- order of the events, from 0
    fetch_id INTEGER NOT NULL REFERENCES fetches (id), -- the fetch that showed it
    moment TEXT NOT NULL, -- when that was: it happened then, or since the fetch before
    kind TEXT NOT NULL CHECK (kind IN ('not_found', 'gone', 'front_page', 'withheld', 'no_article', 'moved', 'back', 'paywalled',
        'paywall_lifted', 'noindex', 'noindex_lifted')), -- what happened: 404, 410, leads to the front page, 451...
    detail TEXT, -- status, address that it leads to, or for back what it was before
    PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID
"""

HOST_FILES = """
CREATE TABLE host_files (
    -- The robots.txt and tdmrep.json of each host as fetched; a new row where it differs from the one before.
    id INTEGER PRIMARY KEY, -- number of the file
    host TEXT NOT NULL, -- host and port that it is of
    kind TEXT NOT NULL CHECK (kind IN ('robots', 'tdmrep')), -- which file
    status INTEGER NOT NULL, -- HTTP status
    sha256 TEXT NOT NULL, -- hex digest of body
    first_fetched TEXT NOT NULL, -- when it was first fetched so
    last_fetched TEXT NOT NULL, -- when it was last fetched so
    body BLOB NOT NULL -- its bytes, at most 512 KiB of them
) STRICT
"""

RIGHTS = """
CREATE TABLE rights (
    -- What each capture says of its use: by its page and headers, and by files of its host. No row: nobody looked.
    capture_id INTEGER PRIMARY KEY REFERENCES captures (id), -- the capture
    noindex INTEGER NOT NULL, -- 1 where X-Robots-Tag or meta robots asks search engines not to list it
    noarchive INTEGER NOT NULL, -- 1 where they ask not to show a stored copy
    nosnippet INTEGER NOT NULL, -- 1 where they ask not to show passages
    noai INTEGER NOT NULL, -- 1 where they ask not to train models with it
    noimageai INTEGER NOT NULL, -- 1 where they ask so for its pictures
    unavailable_after TEXT, -- moment after which it is not to be listed; NULL if none
    tdm INTEGER, -- 1 where page or headers reserve text and data mining, 0 where they say it is not reserved, else NULL
    tdm_policy TEXT, -- address of the policy that goes with it
    ai_train INTEGER, -- 0 where Content-Signal or Content-Usage of the answer forbids training, 1 where it allows it, else NULL
    paywalled INTEGER, -- 1 or 0 where the page says whether it is behind a paywall, else NULL
    licence TEXT, -- licence that the page states
    rsl TEXT, -- address of an RSL licence that page or headers name
    statements TEXT NOT NULL, -- JSON list of [place, words]: what was said, as it stood there
    host_asked INTEGER NOT NULL, -- 1 where the files of the host were looked at; else all columns below say nothing
    host_robots INTEGER, -- 1 where robots.txt allowed us to fetch it, 0 where not
    host_ai_agents TEXT NOT NULL, -- JSON list of known AI robots that robots.txt names and forbids the address
    host_ai_train INTEGER, -- 0 or 1 where a content signal in robots.txt forbids or allows training, else NULL
    host_rsl TEXT, -- address of an RSL licence that robots.txt names
    host_tdm INTEGER, -- 1 or 0 where tdmrep.json reserves text and data mining for the address, or does not; else NULL
    host_tdm_policy TEXT, -- address of the policy that goes with it
    host_robots_file INTEGER REFERENCES host_files (id), -- the robots.txt that was looked at; NULL if it could not be had
    host_tdmrep_file INTEGER REFERENCES host_files (id) -- the tdmrep.json that was looked at; NULL if it could not be had
) STRICT
"""

TOMBSTONES = """
CREATE TABLE tombstones (
    -- Takedowns: what was kept of an address is removed for good, and nothing of it is fetched or taken in again.
    id INTEGER PRIMARY KEY, -- number of the takedown
    url TEXT NOT NULL, -- address that was taken down
    key TEXT NOT NULL UNIQUE, -- the same without trackers and variants
    reason TEXT NOT NULL, -- why, in the words of whoever did it
    taken_down TEXT NOT NULL, -- when
    article_id INTEGER, -- number that the article had, which no other gets; NULL if none was kept
    erased TEXT -- when its bytes were overwritten in the file; NULL: still to be done
) STRICT
"""

TOMBSTONE_KEYS = """
CREATE TABLE tombstone_keys (
    -- Every address that showed what was taken down.
    key TEXT PRIMARY KEY, -- address without trackers and variants, as in frontier
    tombstone_id INTEGER NOT NULL REFERENCES tombstones (id) -- the takedown
) STRICT, WITHOUT ROWID
"""

TOMBSTONE_DIGESTS = """
CREATE TABLE tombstone_digests (
    -- Digests of what was taken down, so that it is known under another address.
    digest TEXT PRIMARY KEY, -- SHA-256, in hex
    kind TEXT NOT NULL CHECK (kind IN ('payload', 'reading', 'removed')), -- of the bytes of an article's page, of what an article
        -- reads like, or of bytes that went along and were no article; the last are not refused elsewhere
    tombstone_id INTEGER NOT NULL REFERENCES tombstones (id) -- the takedown
) STRICT, WITHOUT ROWID
"""

REEXTRACTIONS = """
CREATE TABLE reextractions (
    -- Each time that kept captures were read again with other rules.
    id INTEGER PRIMARY KEY, -- number of the re-extraction
    reading_id INTEGER NOT NULL REFERENCES readings (id), -- what it reads with
    filters TEXT NOT NULL, -- JSON object: the filters that chose its articles; {} for all
    started TEXT NOT NULL, -- when it began
    finished TEXT, -- when all of it was written; NULL before
    state TEXT NOT NULL CHECK (state IN ('reading', 'writing', 'finished', 'given_up')), -- nothing is changed before writing
    report TEXT NOT NULL DEFAULT '{}' -- JSON object: what changed by site and field, in numbers
) STRICT
"""

UNCLEANED = """
CREATE TABLE uncleaned (
    -- What pages of an article read like before blocks that are the site's own were left out; a takedown stops that too.
    article_id INTEGER NOT NULL REFERENCES articles (id), -- the article
    digest TEXT NOT NULL, -- SHA-256 of such a reading, as in revisions
    word_count INTEGER NOT NULL, -- words of its body
    PRIMARY KEY (article_id, digest)
) STRICT, WITHOUT ROWID
"""

REREADINGS = """
CREATE TABLE rereadings (
    -- What revisions were before they were read again; the revision has the newest reading under the same number.
    article_id INTEGER NOT NULL, -- the article
    revision INTEGER NOT NULL, -- number of the revision
    reextraction_id INTEGER NOT NULL REFERENCES reextractions (id), -- the re-extraction that replaced this reading
    read_at TEXT NOT NULL, -- when the replaced reading was made
    reader TEXT NOT NULL, -- version of the rules that made it
    reading_id INTEGER REFERENCES readings (id), -- rules, packages and settings that made it; NULL where they are not known
    digest TEXT, -- its digest, as in revisions; NULL where the capture had no revision before
    fields TEXT NOT NULL, -- JSON object: column of revisions -> the former value, for those that changed; {} where none did
    blocks TEXT NOT NULL, -- JSON list: its blocks that the new reading lacks or has otherwise, with the columns of blocks
    evidence TEXT NOT NULL, -- JSON list of its evidence for the fields that changed: objects with the columns of evidence
    PRIMARY KEY (article_id, revision, reextraction_id),
    FOREIGN KEY (article_id, revision) REFERENCES revisions (article_id, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID
"""

CAPTURE_READINGS = """
CREATE TABLE capture_readings (
    -- Captures that were read again and gave no revision of their own.
    capture_id INTEGER PRIMARY KEY REFERENCES captures (id) ON DELETE CASCADE, -- the page, the first of several
    reading_id INTEGER NOT NULL REFERENCES readings (id), -- what it was last read with
    finding TEXT NOT NULL CHECK (finding IN ('no_article', 'as_known')), -- as_known: reads as the revision in force at its time
    reason TEXT -- for no_article the reason of the reader
) STRICT
"""

STAGED_READINGS = """
CREATE TABLE staged_readings (
    -- Readings of the re-extraction that is under way, until it is known whether they are to be written; empty otherwise.
    capture_id INTEGER PRIMARY KEY REFERENCES captures (id) ON DELETE CASCADE, -- the page, the first of several
    fetch_id INTEGER NOT NULL REFERENCES fetches (id) ON DELETE CASCADE, -- the fetch that brought it
    article_id INTEGER, -- article whose revision was read from it; NULL if none was
    revision INTEGER, -- number of that revision
    seen TEXT NOT NULL, -- when the page was fetched
    site TEXT NOT NULL, -- site of the article
    url TEXT NOT NULL, -- canonical address as read now, or the page's own
    finding TEXT NOT NULL CHECK (finding IN ('same', 'changed', 'no_article', 'as_known', 'read', 'revision', 'article',
        'failed')), -- what becomes of it; read: not decided yet
    digest TEXT, -- digest of the reading; NULL where there is none
    reading BLOB, -- the reading: JSON in a Zstandard frame; NULL where nothing is to be written
    facts TEXT NOT NULL, -- JSON object: what the report counts
    rights TEXT -- JSON object: capture -> what the page says of its use, as columns of rights; NULL where it was not read
) STRICT
"""

ARTICLES_FTS = """
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, dek, byline, text, facets, content="articles", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
)
"""

TITLES_FTS = """
CREATE VIRTUAL TABLE titles_fts USING fts5(
    title, dek, byline, content=articles, content_rowid=id, tokenize="unicode61 remove_diacritics 2"
)
"""

PAIRS = """
CREATE TABLE pairs (
    -- Articles with text in a script without spaces between words, which is cut into overlapping pairs of characters.
    article_id INTEGER PRIMARY KEY REFERENCES articles (id), -- the article
    title TEXT, -- its title, such text cut into pairs, other words as they are
    dek TEXT, -- its dek, likewise
    byline TEXT, -- its byline, likewise
    text TEXT NOT NULL -- its text, likewise
) STRICT
"""

PAIRS_FTS = """
CREATE VIRTUAL TABLE pairs_fts USING fts5(
    title, dek, byline, text, content=pairs, content_rowid=article_id,
    tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
)
"""

SIGNATURES = """
CREATE TABLE signatures (
    -- What of each article's text is compared first, to find its copies.
    article_id INTEGER PRIMARY KEY REFERENCES articles (id), -- the article
    version INTEGER NOT NULL, -- of the rules that made it
    signature BLOB NOT NULL, -- count of its runs of words, then MinHash values, 4 bytes each, big-endian; empty: too short
    stale INTEGER NOT NULL -- 1 where the text was changed since by other means than morgue
) STRICT
"""

SIGNATURE_VALUES = """
CREATE TABLE signature_values (
    -- Index of the values of signatures: of each story, and of each article that is in none, at most one entry a value.
    value INTEGER NOT NULL, -- MinHash value, above its 32 bits its place in the signature
    article_id INTEGER NOT NULL, -- the article; no reference, as finding its rows by it alone would need a second index
    PRIMARY KEY (value, article_id)
) STRICT, WITHOUT ROWID
"""

COPIES = """
CREATE TABLE copies (
    -- Articles that tell a story in much the same words as another one; what has no copy is not here.
    article_id INTEGER PRIMARY KEY REFERENCES articles (id), -- the article
    story INTEGER NOT NULL, -- number of the story, the same for all its copies
    out_by TEXT NOT NULL, -- when it was out: the latest its date allows, or first_seen if that is earlier; the least had it first
    like_id INTEGER, -- the article that it was found to be like; NULL for the one that another was found to be like
    share REAL -- how much of the shorter one's text the longer one has, 0 to 1; NULL as before
) STRICT
"""

SECTIONS = """
CREATE VIEW sections AS
    -- The body of each revision by section: heading and the text under it.
    SELECT
        article_id, -- the article
        revision, -- number of the revision
        section AS position, -- place in the body, from 0
        max(CASE WHEN kind = 'heading' THEN text END) AS heading, -- NULL before the first heading
        max(level) AS level, -- of the heading, 1 to 6; 0 without
        coalesce((
            SELECT group_concat(text, char(10, 10))
            FROM (
                SELECT text FROM blocks AS b
                WHERE b.article_id = blocks.article_id AND b.revision = blocks.revision AND b.section = blocks.section
                    AND b.kind <> 'heading' AND b.text <> ''
                ORDER BY b.position
            )
        ), '') AS text -- its blocks, separated by blank lines
    FROM blocks
    WHERE section IS NOT NULL
    GROUP BY article_id, revision, section
"""

EDITS = """
CREATE VIEW edits AS
    -- What changed after publication: one row a change, oldest article first.
    SELECT
        g.article_id, -- the article
        a.title, -- its headline now
        a.url, -- its address
        a.site, -- host of the address
        a.published, -- publication date as stated now
        (
            SELECT max(f.fetched) FROM fetches AS f
            WHERE f.article_id = g.article_id AND f.outcome IN ('stored', 'unchanged') AND f.fetched < c.fetched
        ) AS not_before, -- the last time it was seen without the change
        c.fetched AS seen, -- when the change was first seen
        CAST(round((julianday(c.fetched) - julianday((
            SELECT min(o.published_earliest) FROM revisions AS o
            WHERE o.article_id = g.article_id AND o.published_precision = 'minute' AND o.published_zone_known = 1
        ))) * 1440) AS INTEGER) AS minutes, -- from publication till then; NULL where the page gives no exact time
        g.kind, -- class of the change, as in changes
        g.section, -- heading that it stands under
        g.before, -- the text before
        g.after, -- the text after
        g.moved, -- 1 where it stands elsewhere now
        g.typo, -- 1 where nothing but spelling or punctuation changed
        g.previous, -- number of the revision before
        g.revision, -- number of the revision with the change
        p.reader <> r.reader AS other_rules -- 1 where the two were read with other rules, which may be all that changed
    FROM changes AS g
    JOIN articles AS a ON a.id = g.article_id
    JOIN revisions AS r ON r.article_id = g.article_id AND r.number = g.revision
    JOIN revisions AS p ON p.article_id = g.article_id AND p.number = g.previous
    JOIN captures AS c ON c.id = r.capture_id
    ORDER BY g.article_id, c.fetched, g.revision, g.position
"""

WITHDRAWALS = """
CREATE VIEW withdrawals AS
    -- Each time that an article could not be read at its address any more, or not freely, and until when.
    SELECT
        e.article_id, -- the article
        a.title, -- its headline
        a.url, -- its address
        a.site, -- host of the address
        a.published, -- publication date
        e.kind, -- what happened, as in events
        e.detail, -- status, or the address that it leads to
        (
            SELECT max(f.fetched) FROM fetches AS f
            WHERE f.article_id = e.article_id AND f.outcome IN ('stored', 'unchanged') AND f.fetched < e.moment
        ) AS last_seen, -- the last time it was up before
        e.moment AS since, -- when it was first found so
        (
            SELECT min(n.moment) FROM events AS n
            WHERE n.article_id = e.article_id AND n.position > e.position AND n.kind IN (
                CASE e.kind WHEN 'paywalled' THEN 'paywall_lifted' WHEN 'noindex' THEN 'noindex_lifted' ELSE 'back' END
            )
        ) AS ended -- when it was first found to be over; NULL while it lasts
    FROM events AS e JOIN articles AS a ON a.id = e.article_id
    WHERE e.kind NOT IN ('back', 'paywall_lifted', 'noindex_lifted')
    ORDER BY e.article_id, e.position
"""

TAGS = """
CREATE VIEW tags AS
    -- Tags of each article's newest reading, one a row.
    SELECT a.id AS article_id, t.key AS position, t.value AS tag
    FROM articles AS a
    JOIN revisions AS r ON r.article_id = a.id AND r.number = a.newest
    JOIN json_each(r.tags) AS t
"""

NEWEST_FETCHES = """
CREATE VIEW newest_fetches AS
    -- The last fetch of each address.
    SELECT f.* FROM fetches AS f
    WHERE f.id = (SELECT max(g.id) FROM fetches AS g WHERE g.url = f.url)
"""

OUTCOMES = """
CREATE VIEW outcomes AS
    -- The account: how many fetches of each source ended how, by day (UTC).
    SELECT s.name AS source, s.url AS source_url, substr(f.fetched, 1, 10) AS day, f.outcome, count(*) AS fetches
    FROM fetches AS f LEFT JOIN sources AS s ON s.id = f.source_id
    GROUP BY f.source_id, day, f.outcome
"""

STORIES = """
CREATE VIEW stories AS
    -- Stories of which there are copies, each with the article that had it first.
    SELECT
        c.story, -- number of the story
        c.article_id AS first_id, -- the article that had it first
        a.site, -- host of its address
        a.title, -- its headline
        a.url, -- its address
        c.out_by, -- when it was out
        (SELECT count(*) FROM copies AS d WHERE d.story = c.story) AS articles, -- how many there are, this one included
        (
            SELECT count(DISTINCT b.site) FROM copies AS d JOIN articles AS b ON b.id = d.article_id WHERE d.story = c.story
        ) AS sites -- on how many sites
    FROM copies AS c JOIN articles AS a ON a.id = c.article_id
    WHERE c.article_id = (SELECT d.article_id FROM copies AS d WHERE d.story = c.story ORDER BY d.out_by, d.article_id LIMIT 1)
    ORDER BY c.story
"""

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

RECORDS_OF_FILES = """
CREATE VIEW records_of_files AS
    -- What became of the records of the files that sources name; a file that is not read to its end counts as one put off.
    SELECT s.source_id, s.id AS file_id, s.found_at, o.outcome, o.records
    FROM file_outcomes AS o JOIN source_files AS s ON s.id = o.file_id
    UNION ALL
    SELECT source_id, id, found_at, 'later', 1 FROM source_files WHERE state = 'waiting'
"""

ACCOUNTED = """
CREATE VIEW accounted AS
    -- What the account counts: every address that is known, once, but feeds and sitemaps that were guessed and never were there.
    SELECT
        f.id AS frontier_id, -- its row there; NULL for what is not in the frontier
        f.source_id, -- the source that found it
        f.found_at, -- when it became known
        CASE WHEN f.outcome = 'unchanged' AND (f.article_id IS NULL OR f.kind <> 'article') THEN coalesce(
            (
                SELECT replace(e.outcome, 'stored', 'unchanged') FROM fetches AS e
                WHERE e.frontier_id = f.id AND e.outcome IN ('stored', 'listed', 'not_an_article') ORDER BY e.id DESC LIMIT 1
            ),
            CASE WHEN f.kind = 'article' OR f.article_id IS NOT NULL THEN 'unchanged' ELSE 'listed' END
        ) ELSE coalesce(f.outcome, 'later') END AS outcome, -- of its last fetch; a list that brought nothing new is listed
        1 AS addresses -- how many the row is for
    FROM frontier AS f
    WHERE f.how <> 'guess' OR f.article_id IS NOT NULL OR EXISTS (SELECT 1 FROM polls AS p WHERE p.frontier_id = f.id)
    UNION ALL SELECT NULL, source_id, found_at, outcome, records FROM records_of_files
    UNION ALL SELECT NULL, source_id, found_at, 'out_of_scope', 1 FROM left_out
"""

KEPT_ARTICLES = """
CREATE VIEW kept_articles AS
    -- The articles that are kept, by the addresses of the account that they were read at: one row for each of both.
    SELECT
        r.article_id, -- the article
        a.source_id, -- source of the address
        a.found_at, -- when the address became known; of a record the last file of the source that was known when it was read
        a.outcome -- of the last fetch of the address; of records stored
    FROM (
        SELECT id AS frontier_id, article_id FROM frontier WHERE article_id IS NOT NULL
        UNION SELECT frontier_id, article_id FROM fetches WHERE frontier_id IS NOT NULL AND article_id IS NOT NULL
    ) AS r JOIN accounted AS a ON a.frontier_id = r.frontier_id
    UNION
    SELECT e.article_id, e.source_id, coalesce((
        SELECT max(w.found_at) FROM source_files AS w WHERE w.source_id = e.source_id
            AND w.found_at <= coalesce(r.finished, w.found_at)
    ), r.started, e.fetched), 'stored'
    FROM fetches AS e LEFT JOIN runs AS r ON r.id = e.run_id
    WHERE e.frontier_id IS NULL AND e.source_id IS NOT NULL AND e.article_id IS NOT NULL
"""

DISCOVERED = """
CREATE VIEW discovered AS
    -- The account: what became of every address that is known, by source and by the day it was found (UTC).
    SELECT
        s.name AS source, -- name of the source; NULL if none
        s.url AS source_url, -- its address
        substr(d.found_at, 1, 10) AS day, -- when the address became known
        d.outcome, -- of its last fetch, as in fetches; later: none has dealt with it yet
        sum(d.addresses) AS addresses, -- how many
        count(DISTINCT d.article_id) AS kept -- articles that are kept and were read at one of them, each once
    FROM (
        SELECT source_id, found_at, outcome, addresses, NULL AS article_id FROM accounted
        UNION ALL SELECT source_id, found_at, outcome, 0, article_id FROM kept_articles
    ) AS d LEFT JOIN sources AS s ON s.id = d.source_id
    GROUP BY d.source_id, day, d.outcome
"""

GAPS = """
CREATE VIEW gaps AS
    -- Times between two looks at a feed of which nothing was seen: all that the later look showed had come since.
    SELECT
        source_id, -- source of the feed
        url, -- address of the feed
        last AS since, -- the earlier look
        until, -- when the oldest entry of the later look came; where entries give no times, the later look itself
        round((julianday(until) - julianday(last)) * 24, 2) AS hours, -- between them
        CASE WHEN tells AND wanted > 0 THEN CAST(round(
            (julianday(until) - julianday(last)) * wanted / max(julianday(fetched) - julianday(until), 1.0 / 24)
        ) AS INTEGER) END AS missing -- wanted entries that came and went unseen, by estimate: as many in an hour as the later
            -- look shows; NULL where it does not tell
    FROM (SELECT p.*, f.source_id, f.url, min(CASE WHEN p.tells THEN p.oldest ELSE p.fetched END, p.fetched) AS until FROM (
        SELECT q.*, q.oldest IS NOT NULL AND (q.oldest < q.newest OR q.listed = 1) AS tells, -- 0: all have one time, if any
            lag(q.fetched) OVER looks AS last, lag(q.listed) OVER looks AS listed_before,
            max(q.wanted) OVER (PARTITION BY q.frontier_id) AS most_wanted
        FROM polls AS q WINDOW looks AS (PARTITION BY q.frontier_id ORDER BY q.fetch_id)
    ) AS p JOIN frontier AS f ON f.id = p.frontier_id
    WHERE p.is_feed AND p.fresh = p.listed AND p.listed > 0 AND p.listed_before > 0
        AND p.most_wanted > 0 AND (p.wanted > 0 OR p.entries = 0) -- else all of it lies outside of the time that is wanted
        AND NOT (p.new = 0 AND p.wanted = p.listed) -- all of it was known by way of other pages
        -- What lies further back in a feed of several parts went through the first one.
        AND NOT EXISTS (SELECT 1 FROM polls AS b WHERE b.frontier_id = f.found_on AND b.is_feed))
    WHERE until > last
"""

READ_CAPTURES = """
CREATE VIEW read_captures AS
    -- The captures that are read: what a browser showed, where one looked, else what was served.
    SELECT c.* FROM captures AS c
    WHERE c.kind <> 'response' OR NOT EXISTS (SELECT 1 FROM captures AS b WHERE b.fetch_id = c.fetch_id AND b.kind = 'rendered')
"""

VIEWS = (
    RECORDS_OF_FILES, ACCOUNTED, KEPT_ARTICLES, DISCOVERED, GAPS, READ_CAPTURES, SECTIONS, TAGS, NEWEST_FETCHES, OUTCOMES,
    EDITS, WITHDRAWALS, STORIES,
)  # fmt: skip

INDEXES = (
    "CREATE INDEX host_files_host ON host_files (host, kind)",
    "CREATE INDEX frontier_waiting ON frontier (source_id, host, priority DESC, id) WHERE state = 'waiting'",
    "CREATE INDEX frontier_leased ON frontier (leased_by) WHERE state = 'leased'",
    "CREATE INDEX frontier_revisit ON frontier (source_id, revisit) WHERE state = 'done' AND revisit IS NOT NULL",
    "CREATE INDEX frontier_listing ON frontier (source_id, kind, state, revisit) WHERE kind <> 'article'",
    "CREATE INDEX frontier_unread ON frontier (source_id) WHERE state = 'done' AND outcome IN ('failed', 'blocked', 'later')",
    "CREATE INDEX source_files_waiting ON source_files (source_id) WHERE state = 'waiting'",
    "CREATE INDEX source_runs_new ON source_runs (source_id, ended) WHERE new > 0",
    "CREATE INDEX polls_page ON polls (frontier_id, fetch_id)",
    "CREATE INDEX frontier_article ON frontier (article_id) WHERE article_id IS NOT NULL",
    "CREATE INDEX fetches_url ON fetches (url)",
    "CREATE INDEX fetches_run ON fetches (run_id) WHERE run_id IS NOT NULL",
    "CREATE INDEX profiles_run ON profiles (run_id)",
    "CREATE INDEX alarms_open ON alarms (site, measure) WHERE settled IS NULL",
    "CREATE INDEX fetches_frontier ON fetches (frontier_id) WHERE frontier_id IS NOT NULL",
    "CREATE INDEX fetches_stored ON fetches (source_id, fetched) WHERE outcome = 'stored'",
    "CREATE INDEX fetches_article ON fetches (article_id) WHERE article_id IS NOT NULL",
    "CREATE INDEX payloads_plain ON payloads (site) WHERE codec = 'zstd'",
    "CREATE INDEX payloads_dictionary ON payloads (dictionary_id) WHERE dictionary_id IS NOT NULL",
    "CREATE INDEX captures_fetch ON captures (fetch_id)",
    "CREATE INDEX captures_payload ON captures (payload)",
    "CREATE INDEX revisions_capture ON revisions (capture_id)",
    "CREATE INDEX staged_site ON staged_readings (site, seen, fetch_id)",
    "CREATE INDEX staged_order ON staged_readings (seen, fetch_id)",
    "CREATE INDEX staged_writing ON staged_readings (finding IN ('revision', 'article'), seen, fetch_id)",
    "CREATE INDEX staged_revision ON staged_readings (article_id, revision)",
    "CREATE INDEX articles_site ON articles (site, published)",
    "CREATE INDEX articles_title ON articles (site, title)",
    "CREATE INDEX articles_published ON articles (published)",
    "CREATE INDEX articles_lang ON articles (lang)",
    "CREATE INDEX authors_name ON authors (name)",
    "CREATE INDEX copies_story ON copies (story, out_by, article_id)",
)

TRIGGERS = (
    """
CREATE TRIGGER articles_after_insert AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts (rowid, title, dek, byline, text, facets)
    VALUES (new.id, new.title, new.dek, new.byline, new.text, new.facets);
END
""",
    """
CREATE TRIGGER articles_after_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, dek, byline, text, facets)
    VALUES ('delete', old.id, old.title, old.dek, old.byline, old.text, old.facets);
END
""",
    """
CREATE TRIGGER articles_after_update AFTER UPDATE OF title, dek, byline, text, site, lang, published ON articles
WHEN old.title IS NOT new.title OR old.dek IS NOT new.dek OR old.byline IS NOT new.byline OR old.text IS NOT new.text
    OR old.facets IS NOT new.facets
BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, dek, byline, text, facets)
    VALUES ('delete', old.id, old.title, old.dek, old.byline, old.text, old.facets);
    INSERT INTO articles_fts (rowid, title, dek, byline, text, facets)
    VALUES (new.id, new.title, new.dek, new.byline, new.text, new.facets);
END
""",
    """
CREATE TRIGGER articles_after_insert_title AFTER INSERT ON articles BEGIN
    INSERT INTO titles_fts (rowid, title, dek, byline) VALUES (new.id, new.title, new.dek, new.byline);
END
""",
    """
CREATE TRIGGER articles_after_delete_title AFTER DELETE ON articles BEGIN
    INSERT INTO titles_fts (titles_fts, rowid, title, dek, byline) VALUES ('delete', old.id, old.title, old.dek, old.byline);
    DELETE FROM pairs WHERE article_id = old.id;
END
""",
    """
CREATE TRIGGER articles_after_update_title AFTER UPDATE OF title, dek, byline ON articles
WHEN old.title IS NOT new.title OR old.dek IS NOT new.dek OR old.byline IS NOT new.byline
BEGIN
    INSERT INTO titles_fts (titles_fts, rowid, title, dek, byline) VALUES ('delete', old.id, old.title, old.dek, old.byline);
    INSERT INTO titles_fts (rowid, title, dek, byline) VALUES (new.id, new.title, new.dek, new.byline);
END
""",
    """
CREATE TRIGGER articles_after_update_pairs AFTER UPDATE OF title, dek, byline, text ON articles
WHEN old.title IS NOT new.title OR old.dek IS NOT new.dek OR old.byline IS NOT new.byline OR old.text IS NOT new.text
BEGIN
    DELETE FROM pairs WHERE article_id = old.id; -- morgue writes the new ones, which plain SQL can't
END
""",
    """
CREATE TRIGGER pairs_after_insert AFTER INSERT ON pairs BEGIN
    INSERT INTO pairs_fts (rowid, title, dek, byline, text)
    VALUES (new.article_id, new.title, new.dek, new.byline, new.text);
END
""",
    """
CREATE TRIGGER pairs_after_delete AFTER DELETE ON pairs BEGIN
    INSERT INTO pairs_fts (pairs_fts, rowid, title, dek, byline, text)
    VALUES ('delete', old.article_id, old.title, old.dek, old.byline, old.text);
END
""",
    """
CREATE TRIGGER pairs_after_update AFTER UPDATE ON pairs BEGIN
    INSERT INTO pairs_fts (pairs_fts, rowid, title, dek, byline, text)
    VALUES ('delete', old.article_id, old.title, old.dek, old.byline, old.text);
    INSERT INTO pairs_fts (rowid, title, dek, byline, text)
    VALUES (new.article_id, new.title, new.dek, new.byline, new.text);
END
""",
    """
CREATE TRIGGER frontier_after_insert_taken_down AFTER INSERT ON frontier
WHEN EXISTS (SELECT 1 FROM tombstone_keys WHERE key = new.key)
BEGIN
    UPDATE frontier SET state = 'done', leased_by = NULL, outcome = 'out_of_scope', title = NULL, revisit = NULL
    WHERE id = new.id;
END
""",
    """
CREATE TRIGGER frontier_after_update_taken_down AFTER UPDATE OF state, title, revisit ON frontier
WHEN (new.state <> 'done' OR new.title IS NOT NULL OR new.revisit IS NOT NULL)
    AND EXISTS (SELECT 1 FROM tombstone_keys WHERE key = new.key)
BEGIN
    UPDATE frontier SET state = 'done', leased_by = NULL, outcome = 'out_of_scope', title = NULL, revisit = NULL
    WHERE id = new.id;
END
""",
    """
CREATE TRIGGER frontier_after_insert_left_out AFTER INSERT ON frontier
BEGIN
    DELETE FROM left_out WHERE key = new.key;
END
""",
    """
CREATE TRIGGER articles_after_update_copies AFTER UPDATE OF text ON articles WHEN old.text <> new.text
BEGIN
    UPDATE signatures SET stale = 1 WHERE article_id = new.id; -- morgue looks at it again, which plain SQL can't
END
""",
    """
CREATE TRIGGER articles_after_update_first_seen AFTER UPDATE OF first_seen ON articles WHEN new.first_seen < old.first_seen
BEGIN
    UPDATE copies SET out_by = new.first_seen WHERE article_id = new.id AND out_by > new.first_seen;
END
""",
    """
CREATE TRIGGER articles_after_delete_alarms AFTER DELETE ON articles BEGIN
    UPDATE alarms SET first_article = NULL, first_value = NULL, first_source = NULL WHERE first_article = old.id;
    UPDATE alarms SET example_article = NULL, example_value = NULL, example_source = NULL WHERE example_article = old.id;
END
""",
    """
CREATE TRIGGER articles_after_delete_copies AFTER DELETE ON articles BEGIN
    UPDATE copies SET like_id = NULL, share = NULL
    WHERE like_id = old.id AND story = (SELECT story FROM copies WHERE article_id = old.id);
    DELETE FROM copies WHERE article_id = old.id;
    DELETE FROM signatures WHERE article_id = old.id;
END
""",
)


def create_schema(conn: sqlite3.Connection) -> None:
    """Make all tables, views, indexes and triggers in an empty file; part of the caller's transaction."""
    for statement in (*TABLES, *VIEWS, *INDEXES, *TRIGGERS):
        conn.execute(statement.strip())
