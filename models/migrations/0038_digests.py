"""Digests by mail: how often, when the next is due, and how far the last one told."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE digests (
    user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    frequency text NOT NULL CHECK (frequency IN ('DAILY', 'WEEKLY')),
    next_at timestamptz NOT NULL,
    told_until bigint NOT NULL
);
CREATE INDEX digests_due ON digests (next_at);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0037_pushes")]
    operations = [ops.RunSQL(TABLES)]
