"""Tables that articles are found by: the search indexes, and the signatures that copies are found by."""

from __future__ import annotations

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
