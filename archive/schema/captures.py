"""Tables of what servers answered: fetches, captures, their bytes, and what is said there of use."""

from __future__ import annotations

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
