"""Personal access tokens: what a person's own programs show."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLE = """
CREATE TABLE access_tokens (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name text NOT NULL,
    token_hash text NOT NULL UNIQUE,
    hint text NOT NULL,
    scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    last_used_on timestamptz  -- the day, in UTC
);
CREATE INDEX access_tokens_user ON access_tokens (user_id, id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0041_known_devices")]
    operations = [ops.RunSQL(TABLE)]
