"""Custom feeds: rules kept as data, who has which of them among the tabs of the home, and what counted most in ranked lists."""

from tortoise import migrations
from tortoise.migrations import operations as ops

FEEDS = """
CREATE TABLE custom_feeds (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    owner_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name text NOT NULL,
    description text NOT NULL,
    is_private boolean NOT NULL,
    rules jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX custom_feeds_owner ON custom_feeds (owner_id, id DESC);
CREATE TABLE pinned_feeds (
    id bigint NOT NULL UNIQUE DEFAULT fresque_id(),  -- the order of the tabs
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    feed_id bigint NOT NULL REFERENCES custom_feeds (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, feed_id)
);
CREATE INDEX pinned_feeds_feed ON pinned_feeds (feed_id);
ALTER TABLE ranked_lists ADD COLUMN signals text[] NOT NULL DEFAULT '{}';  -- beside each post, what counted most
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0039_notification_age")]
    operations = [ops.RunSQL(FEEDS)]
