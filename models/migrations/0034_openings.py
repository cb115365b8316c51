"""Accounts that opened and let in who waits, and the votes of one person."""

from tortoise import migrations
from tortoise.migrations import operations as ops

OPENINGS = "CREATE TABLE openings (user_id bigint PRIMARY KEY, opened_at timestamptz NOT NULL DEFAULT now());"
VOTES = "CREATE INDEX poll_votes_user ON poll_votes (user_id);"


class Migration(migrations.Migration):
    dependencies = [("models", "0033_gatherings")]
    operations = [ops.RunSQL(part) for part in (OPENINGS, VOTES)]
