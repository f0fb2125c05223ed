"""Tables of reading captures again with other rules."""

from __future__ import annotations

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
