"""Letters: mail that is to be sent; and the language in which somebody is written to."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE letters (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind text NOT NULL,
    key text NOT NULL,  -- one letter for each
    facts jsonb NOT NULL,  -- what it says, or what that is found by; emptied at its end
    address text,  -- null: that of the account
    state text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'SENT', 'DROPPED', 'FAILED')),
    tries int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    lease_token uuid,
    lease_until timestamptz,
    revision int NOT NULL DEFAULT 1,
    failure text,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, kind, key)
);
CREATE INDEX letters_due ON letters (due_at) WHERE state = 'WAITING';
CREATE INDEX letters_over ON letters (due_at) WHERE state <> 'WAITING';
ALTER TABLE preferences ADD COLUMN language text;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0034_openings")]
    operations = [ops.RunSQL(TABLES)]
