"""Notifications: what one is told of, in groups; what waits among requests; filters, switches and how far one has read."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
-- What is shown as one: a kind, of one post (0: of none), within some hours. `newest` is the id of its newest item, and its place.
CREATE TABLE notification_groups (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    recipient_id bigint NOT NULL,
    kind text NOT NULL,
    post_id bigint NOT NULL DEFAULT 0,
    opened_at timestamptz NOT NULL,
    newest bigint NOT NULL,
    size int NOT NULL DEFAULT 0,
    version int NOT NULL DEFAULT 0
);
CREATE INDEX notification_groups_page ON notification_groups (recipient_id, newest DESC) WHERE size > 0;
CREATE INDEX notification_groups_key ON notification_groups (recipient_id, kind, post_id, opened_at DESC);
CREATE INDEX notification_groups_post ON notification_groups (post_id) WHERE post_id <> 0;
-- One thing that happened to one person. 0 stands for nobody and nothing. Without a group it waits among the requests.
CREATE TABLE notification_items (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    recipient_id bigint NOT NULL,
    kind text NOT NULL,
    actor_id bigint NOT NULL DEFAULT 0,
    post_id bigint NOT NULL DEFAULT 0,
    subject_id bigint NOT NULL DEFAULT 0,
    at timestamptz NOT NULL,
    group_id bigint REFERENCES notification_groups ON DELETE CASCADE,
    retracted boolean NOT NULL DEFAULT false,
    dismissed boolean NOT NULL DEFAULT false  -- retracted, and never told again
);
CREATE UNIQUE INDEX notification_items_fact ON notification_items (recipient_id, kind, actor_id, post_id, subject_id);
CREATE INDEX notification_items_group ON notification_items (group_id, id DESC) WHERE NOT retracted;
CREATE INDEX notification_items_waiting ON notification_items (recipient_id, id DESC) WHERE group_id IS NULL AND NOT retracted;
CREATE INDEX notification_items_actor ON notification_items (actor_id, recipient_id);
CREATE INDEX notification_items_post ON notification_items (post_id) WHERE post_id <> 0;
-- What is told to very many: some at a time, those with ids above `last_id` next.
CREATE TABLE notification_spreads (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    kind text NOT NULL,
    post_id bigint NOT NULL,
    subject_id bigint NOT NULL DEFAULT 0,
    last_id bigint NOT NULL DEFAULT 0,
    UNIQUE (kind, post_id, subject_id)
);
CREATE INDEX follows_notified ON follows (followee_id, follower_id) WHERE notifies_on_post;
-- A row only for whom anything is not as at first. `read_until` is the newest item that was read.
CREATE TABLE notification_settings (
    user_id bigint PRIMARY KEY,
    read_until bigint NOT NULL DEFAULT 0,
    not_following text NOT NULL DEFAULT 'ACCEPT',
    not_followers text NOT NULL DEFAULT 'ACCEPT',
    new_accounts text NOT NULL DEFAULT 'ACCEPT',
    private_mentions text NOT NULL DEFAULT 'FILTER'
);
CREATE TABLE notification_switches (
    user_id bigint NOT NULL,
    kind text NOT NULL,
    source text NOT NULL DEFAULT 'EVERYONE',
    pushes boolean NOT NULL,
    PRIMARY KEY (user_id, kind)
);
CREATE TABLE notification_permissions (
    user_id bigint NOT NULL,
    actor_id bigint NOT NULL,
    PRIMARY KEY (user_id, actor_id)
);
INSERT INTO log_readers (name, epoch, xid, event_id)
    SELECT 'notifications', s.epoch, coalesce(e.xid, s.floor_xid), coalesce(e.id, 0) FROM log_state s LEFT JOIN LATERAL (
        SELECT xid, id FROM events ORDER BY xid DESC, id DESC LIMIT 1
    ) AS e ON true;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0023_loose_pictures")]
    operations = [ops.RunSQL(TABLES)]
