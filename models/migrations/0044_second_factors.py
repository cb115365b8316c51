"""Second factors: authenticator apps, passkeys, recovery codes; logins that wait for one; sessions that know when they were proven."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE totp_factors (
    user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed bytea,  -- the secret that counts; null: none does yet
    confirmed_at timestamptz,
    last_step bigint NOT NULL DEFAULT 0,  -- of the last code that was taken: none before it is
    next_sealed bytea,  -- one that waits for its first code
    next_at timestamptz,
    CHECK ((sealed IS NULL) = (confirmed_at IS NULL))
);
CREATE TABLE passkeys (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_id bytea NOT NULL UNIQUE,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    transports text[] NOT NULL,
    is_synced boolean NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz
);
CREATE INDEX passkeys_user_id ON passkeys (user_id, id);
CREATE TABLE recovery_codes (
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash text NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (user_id, code_hash)
);
CREATE TABLE pending_logins (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash text NOT NULL UNIQUE,
    bearer boolean NOT NULL,
    tries int NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL
);
CREATE INDEX pending_logins_user_id ON pending_logins (user_id, id);
CREATE INDEX pending_logins_expires_at ON pending_logins (expires_at);
CREATE TABLE spent_challenges (
    challenge_hash text PRIMARY KEY,
    spent_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX spent_challenges_spent_at ON spent_challenges (spent_at);
ALTER TABLE sessions ADD COLUMN proven_at timestamptz;  -- when whoever has it last said who they are
ALTER TABLE sessions ADD COLUMN network text NOT NULL DEFAULT '';  -- from which it was last heard of, coarsely
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0043_apps")]
    operations = [ops.RunSQL(TABLES)]
