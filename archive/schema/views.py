"""Views: questions that are often asked, for whoever opens the file with plain SQL."""

from __future__ import annotations

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
