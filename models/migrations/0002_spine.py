"""What Tortoise does not say: the id clock, the event log, counters, idempotency keys, defaults and indexes."""

from tortoise import migrations
from tortoise.migrations import operations as ops

IDS = """
CREATE SEQUENCE fresque_id_sequence;
-- 48 bits of milliseconds, then 16 bits that tell rows of one millisecond apart without telling how many there are.
CREATE FUNCTION fresque_id() RETURNS bigint LANGUAGE sql VOLATILE AS $body$
    SELECT ((extract(epoch FROM clock_timestamp()) * 1000)::bigint << 16) | ((nextval('fresque_id_sequence') * 40503) & 65535)
$body$;
""" + "\n".join(
    f"ALTER TABLE {table} ALTER COLUMN id SET DEFAULT fresque_id();"
    for table in "users sessions follows blocks mutes posts post_images likes reposts bookmarks images uploads generation_jobs generation_outputs".split()
)

LOG = """
CREATE TABLE events (
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(),
    kind text NOT NULL,
    topics text[] NOT NULL,
    actor_id bigint,
    post_id bigint,
    user_id bigint,
    subject_id bigint
) PARTITION BY RANGE (at);
CREATE TABLE events_default PARTITION OF events DEFAULT;
CREATE INDEX events_order ON events (xid, id);
CREATE INDEX events_topics ON events USING gin (topics);
CREATE TABLE log_state (one boolean PRIMARY KEY DEFAULT true CHECK (one), epoch text NOT NULL, floor_xid xid8 NOT NULL);
INSERT INTO log_state (epoch, floor_xid) VALUES (substr(md5(random()::text || clock_timestamp()::text), 1, 10), pg_current_xact_id());
"""

COUNTERS = """
CREATE TABLE post_counts (
    subject_id bigint PRIMARY KEY, version int NOT NULL DEFAULT 1,
    likes int NOT NULL DEFAULT 0, reposts int NOT NULL DEFAULT 0, replies int NOT NULL DEFAULT 0,
    quotes int NOT NULL DEFAULT 0, remixes int NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
CREATE TABLE post_count_deltas (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, subject_id bigint NOT NULL,
    likes int NOT NULL, reposts int NOT NULL, replies int NOT NULL, quotes int NOT NULL, remixes int NOT NULL
);
CREATE INDEX post_count_deltas_subject ON post_count_deltas (subject_id);
CREATE TABLE user_counts (
    subject_id bigint PRIMARY KEY, version int NOT NULL DEFAULT 1,
    followers int NOT NULL DEFAULT 0, followings int NOT NULL DEFAULT 0, posts int NOT NULL DEFAULT 0,
    unread_notifications int NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
CREATE TABLE user_count_deltas (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, subject_id bigint NOT NULL,
    followers int NOT NULL, followings int NOT NULL, posts int NOT NULL
);
CREATE INDEX user_count_deltas_subject ON user_count_deltas (subject_id);
"""

KEYS = """
CREATE TABLE idempotency_keys (
    viewer_id bigint NOT NULL, mutation text NOT NULL, key text NOT NULL, input_hash bytea NOT NULL,
    outcome jsonb NOT NULL DEFAULT '{}', created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (viewer_id, mutation, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
"""

DEFAULTS = """
ALTER TABLE posts
    ALTER COLUMN text SET DEFAULT '', ALTER COLUMN facets SET DEFAULT '[]', ALTER COLUMN mentioned_ids SET DEFAULT '{}',
    ALTER COLUMN reply_policy SET DEFAULT 'EVERYONE', ALTER COLUMN quote_policy SET DEFAULT 'EVERYONE',
    ALTER COLUMN remix_policy SET DEFAULT 'NOBODY', ALTER COLUMN created_at SET DEFAULT now();
ALTER TABLE images ALTER COLUMN alt_text SET DEFAULT '', ALTER COLUMN generated SET DEFAULT false, ALTER COLUMN created_at SET DEFAULT now();
ALTER TABLE generation_jobs
    ALTER COLUMN state SET DEFAULT 'QUEUED', ALTER COLUMN version SET DEFAULT 1, ALTER COLUMN attempt SET DEFAULT 0,
    ALTER COLUMN created_at SET DEFAULT now();
ALTER TABLE generation_outputs ALTER COLUMN state SET DEFAULT 'PENDING';
ALTER TABLE credentials ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE sessions ADD FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE generation_outputs ADD FOREIGN KEY (job_id) REFERENCES generation_jobs (id) ON DELETE CASCADE;
ALTER TABLE post_images ADD FOREIGN KEY (post_id) REFERENCES posts (id) ON DELETE CASCADE;
ALTER TABLE post_images ADD FOREIGN KEY (image_id) REFERENCES images (id);
"""

INDEXES = """
CREATE INDEX posts_author ON posts (author_id, id DESC) INCLUDE (visibility) WHERE deleted_at IS NULL;
CREATE INDEX posts_explore ON posts (id DESC) WHERE deleted_at IS NULL AND visibility = 'PUBLIC';
CREATE INDEX posts_replies ON posts (reply_to_id, id) WHERE reply_to_id IS NOT NULL;
CREATE INDEX posts_conversation ON posts (conversation_id, id);
CREATE INDEX posts_quotes ON posts (quoted_post_id, id) WHERE quoted_post_id IS NOT NULL;
CREATE INDEX reposts_user ON reposts (user_id, id DESC) INCLUDE (post_id);
CREATE INDEX bookmarks_user ON bookmarks (user_id, id DESC) INCLUDE (post_id);
CREATE INDEX users_avatar ON users (avatar_id) WHERE avatar_id IS NOT NULL;
CREATE INDEX generation_jobs_owner ON generation_jobs (owner_id, id DESC);
CREATE INDEX generation_jobs_queue ON generation_jobs (id) WHERE state = 'QUEUED';
CREATE INDEX generation_jobs_open ON generation_jobs (lease_until) WHERE state IN ('RUNNING', 'IN_REVIEW');
CREATE INDEX generation_jobs_started ON generation_jobs (owner_id, started_at DESC NULLS LAST);
CREATE INDEX sessions_expiry ON sessions (expires_at);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]
    operations = [ops.RunSQL(part) for part in (IDS, LOG, COUNTERS, KEYS, DEFAULTS, INDEXES)]
