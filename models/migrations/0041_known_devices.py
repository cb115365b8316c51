"""Browsers from which people have signed in, so that guesses of others at a password do not shut them out."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLE = """
CREATE TABLE known_devices (
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name_hash text NOT NULL,
    last_used_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, name_hash)
);
CREATE INDEX known_devices_last_used_at ON known_devices (last_used_at);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0040_feeds")]
    operations = [ops.RunSQL(TABLE)]
