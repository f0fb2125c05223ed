"""Indexes, and the triggers that keep those of the search."""

from __future__ import annotations

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
