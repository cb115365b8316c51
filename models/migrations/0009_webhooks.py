"""Webhooks, what each was told and every try to tell it, and how far readers of the event log have come."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE webhooks (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    owner_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    url text NOT NULL,
    events text[] NOT NULL,
    salt bytea NOT NULL,  -- the secret is made of it and SECRET_KEY
    rotation int NOT NULL DEFAULT 1,
    old_salt bytea,
    old_until timestamptz,
    enabled boolean NOT NULL DEFAULT true,
    disabled_reason text,
    failing_since timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhooks_owner ON webhooks (owner_id, id);
CREATE TABLE webhook_deliveries (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    webhook_id bigint NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event text NOT NULL,
    key text NOT NULL,
    job_id bigint,
    sequence int NOT NULL,
    body text NOT NULL,
    state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'DELIVERED', 'FAILED')),
    tries int NOT NULL DEFAULT 0,
    next_try_at timestamptz DEFAULT now(),
    lease_token uuid,
    lease_until timestamptz,
    asked_at timestamptz,  -- when its owner last asked for it by hand
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (webhook_id, key),
    CHECK ((state = 'PENDING') = (next_try_at IS NOT NULL))
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_try_at) WHERE state = 'PENDING';
CREATE INDEX webhook_deliveries_job ON webhook_deliveries (webhook_id, job_id, sequence);
CREATE INDEX webhook_deliveries_page ON webhook_deliveries (webhook_id, id DESC);
CREATE INDEX webhook_deliveries_asked ON webhook_deliveries (webhook_id, asked_at) WHERE asked_at IS NOT NULL;
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (created_at);
CREATE TABLE webhook_attempts (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    delivery_id bigint NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT now(),
    status int,
    milliseconds int NOT NULL,
    answer text NOT NULL DEFAULT '',
    failure text
);
CREATE INDEX webhook_attempts_delivery ON webhook_attempts (delivery_id, id DESC);
-- A reader stands behind (xid, event_id) of this epoch; the row moves in the transaction that does what follows from the events.
CREATE TABLE log_readers (
    name text PRIMARY KEY,
    epoch text NOT NULL,
    xid xid8 NOT NULL,
    event_id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO log_readers (name, epoch, xid, event_id) SELECT 'webhooks', epoch, floor_xid, 0 FROM log_state;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0008_credits")]
    operations = [ops.RunSQL(TABLES)]
