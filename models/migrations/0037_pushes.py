"""Web Push: browsers that want to be told at once, and what each is to be told."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE push_subscriptions (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id bigint NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    endpoint text NOT NULL UNIQUE,
    p256dh bytea NOT NULL,
    auth bytea NOT NULL,
    language text,  -- null: as its owner is written to
    failing_since timestamptz,
    last_sent_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX push_subscriptions_user ON push_subscriptions (user_id, id);
CREATE INDEX push_subscriptions_session ON push_subscriptions (session_id);
CREATE TABLE pushes (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    subscription_id bigint NOT NULL REFERENCES push_subscriptions (id) ON DELETE CASCADE,
    user_id bigint NOT NULL,
    group_id bigint NOT NULL REFERENCES notification_groups (id) ON DELETE CASCADE,
    item_id bigint NOT NULL,  -- the newest of the line that it tells of
    state text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'SENT', 'DROPPED', 'FAILED')),
    tries int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    lease_token uuid,
    lease_until timestamptz,
    revision int NOT NULL DEFAULT 1,
    failure text,
    expires_at timestamptz NOT NULL,
    UNIQUE (subscription_id, group_id)
);
CREATE INDEX pushes_due ON pushes (due_at) WHERE state = 'WAITING';
CREATE INDEX pushes_over ON pushes (due_at) WHERE state <> 'WAITING';
CREATE INDEX pushes_group ON pushes (group_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0036_saved_searches")]
    operations = [ops.RunSQL(TABLES)]
