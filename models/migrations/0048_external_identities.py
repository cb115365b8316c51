"""Who of us is who at an outside provider."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLE = """
CREATE TABLE external_identities (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    issuer text NOT NULL,
    subject text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (issuer, subject),
    UNIQUE (user_id, issuer)
);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0047_moderation")]
    operations = [ops.RunSQL(TABLE)]
