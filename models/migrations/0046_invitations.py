"""Invitations: who let whom in."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE invitations (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    inviter_id bigint REFERENCES users (id) ON DELETE CASCADE,  -- null: whoever runs this place
    note text NOT NULL DEFAULT '',
    nonce text NOT NULL,
    code_hash text NOT NULL UNIQUE,
    uses int NOT NULL CHECK (uses > 0),
    used int NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND uses),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX invitations_inviter ON invitations (inviter_id, id);
ALTER TABLE users ADD COLUMN invitation_id bigint REFERENCES invitations (id) ON DELETE SET NULL;
CREATE INDEX users_invitation ON users (invitation_id) WHERE invitation_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0045_confirmed_addresses")]
    operations = [ops.RunSQL(TABLES)]
