"""Addresses that are confirmed, links in letters, and who asked for a new password."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
ALTER TABLE credentials ALTER COLUMN email DROP NOT NULL;  -- null: somebody else has shown that they read mail there
ALTER TABLE credentials ADD COLUMN confirmed_at timestamptz;  -- null: nobody has shown yet that they read mail there
CREATE TABLE mail_links (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN ('CONFIRM', 'CHANGE', 'RESET')),
    email text NOT NULL,  -- where it is sent
    nonce text NOT NULL,
    token_hash text NOT NULL UNIQUE,
    state_hash text NOT NULL DEFAULT '',  -- of the credential it was made for: a link of an older one is worth nothing
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX mail_links_user ON mail_links (user_id, purpose);
CREATE INDEX mail_links_expires_at ON mail_links (expires_at);
CREATE TABLE reset_wishes (  -- written whether anybody has the address or not; `work` looks
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    email text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0044_second_factors")]
    operations = [ops.RunSQL(TABLES)]
