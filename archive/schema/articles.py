"""Tables of articles: their readings, what these consist of, what changed, what happened, and what was taken down."""

from __future__ import annotations

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
