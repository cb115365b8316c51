"""Saved searches: what is asked stands once however many save it, under keys by which a new post finds those that may find it."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
-- What is asked (`discovery/post_search.py`). `said` and `meaning` are of those by meaning; `watched`: it has keys, or a meaning.
CREATE TABLE saved_queries (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    identity text NOT NULL UNIQUE,
    words text, prompt text, no_prompt text,
    newer_than bigint, older_than bigint, min_likes int, below_likes int, followed boolean,
    said text, meaning vector(384),
    watched boolean NOT NULL
);
CREATE INDEX saved_queries_meaning ON saved_queries USING hnsw (meaning vector_cosine_ops);
CREATE TABLE saved_query_keys (
    key text COLLATE "C" NOT NULL,
    query_id bigint NOT NULL REFERENCES saved_queries (id) ON DELETE CASCADE,
    PRIMARY KEY (key, query_id)
);
CREATE INDEX saved_query_keys_query ON saved_query_keys (query_id);
-- The newest posts that were found since somebody saved it; who may see them is asked when they are counted.
CREATE TABLE saved_query_finds (
    query_id bigint NOT NULL REFERENCES saved_queries (id) ON DELETE CASCADE,
    post_id bigint NOT NULL,
    author_id bigint NOT NULL,
    PRIMARY KEY (query_id, post_id)
);
CREATE INDEX saved_query_finds_post ON saved_query_finds (post_id);
CREATE INDEX saved_query_finds_author ON saved_query_finds (author_id, query_id);
CREATE TABLE saved_searches (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    owner_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    query_id bigint NOT NULL REFERENCES saved_queries (id),
    name text NOT NULL,
    text text NOT NULL,
    by_meaning boolean NOT NULL,
    place int NOT NULL,
    seen_until bigint NOT NULL,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (owner_id, query_id)
);
CREATE INDEX saved_searches_query ON saved_searches (query_id, id);
-- Posts whose meaning was worked out just now and is to be held against what was saved by meaning.
CREATE TABLE meaning_news (post_id bigint PRIMARY KEY);
ALTER TABLE notification_groups ADD COLUMN subject_id bigint NOT NULL DEFAULT 0;
INSERT INTO log_readers (name, epoch, xid, event_id)
    SELECT 'saved searches', s.epoch, coalesce(e.xid, s.floor_xid), coalesce(e.id, 0) FROM log_state s LEFT JOIN LATERAL (
        SELECT xid, id FROM events ORDER BY xid DESC, id DESC LIMIT 1
    ) AS e ON true;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0035_letters")]
    operations = [ops.RunSQL(TABLES)]
