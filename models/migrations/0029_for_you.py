"""For you: lists that were ranked for a person, what they were shown of them, and what they want more or less of."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE ranked_lists (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    viewer_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    feed_id bigint NOT NULL,  -- 0 is the home
    post_ids bigint[] NOT NULL,
    sources text[] NOT NULL,  -- beside each post, why it was found
    through_ids bigint[] NOT NULL,  -- by whose repost; 0 where by nobody's
    hashtags text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ranked_lists_viewer ON ranked_lists (viewer_id, feed_id, id DESC);
CREATE INDEX ranked_lists_age ON ranked_lists (created_at);
CREATE TABLE seen_posts (
    viewer_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    post_id bigint NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (viewer_id, post_id)
);
CREATE INDEX seen_posts_age ON seen_posts (seen_at);
CREATE TABLE opinions (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    viewer_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    wish text NOT NULL CHECK (wish IN ('MORE', 'LESS')),
    post_id bigint NOT NULL DEFAULT 0,
    user_id bigint NOT NULL DEFAULT 0,
    hashtag text COLLATE "C" NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (viewer_id, post_id, user_id, hashtag)
);
CREATE INDEX opinions_page ON opinions (viewer_id, id DESC);
ALTER TABLE viewing_settings ADD COLUMN for_you text NOT NULL DEFAULT 'OFFERED';
ALTER TABLE viewing_settings ALTER COLUMN ai_pictures SET DEFAULT 'SHOW';
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0028_trends")]
    operations = [ops.RunSQL(TABLES)]
