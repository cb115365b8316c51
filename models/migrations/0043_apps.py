"""Apps of others that act for people: who they are, what they were allowed, codes and tokens."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE apps (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    owner_id bigint REFERENCES users (id) ON DELETE CASCADE,  -- null: it registered itself
    client_id text NOT NULL UNIQUE,
    name text NOT NULL,
    website text NOT NULL DEFAULT '',
    redirect_uris text[] NOT NULL CHECK (cardinality(redirect_uris) > 0),
    confidential boolean NOT NULL,
    secret_hash text,
    old_secret_hash text,
    old_secret_until timestamptz,
    rotation int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (confidential = (secret_hash IS NOT NULL))
);
CREATE INDEX apps_owner ON apps (owner_id, id);
CREATE INDEX apps_registered ON apps (created_at) WHERE owner_id IS NULL;
CREATE TABLE app_grants (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    app_id bigint NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    scopes text[] NOT NULL,
    remembered boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_on timestamptz,  -- the day, in UTC
    UNIQUE (user_id, app_id)
);
CREATE INDEX app_grants_app ON app_grants (app_id);
CREATE TABLE app_sessions (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    grant_id bigint NOT NULL REFERENCES app_grants (id) ON DELETE CASCADE,
    user_id bigint NOT NULL,
    app_id bigint NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL  -- unless its refresh token is used before
);
CREATE INDEX app_sessions_grant ON app_sessions (grant_id, id);
CREATE INDEX app_sessions_user ON app_sessions (user_id);
CREATE INDEX app_sessions_expires_at ON app_sessions (expires_at);
CREATE TABLE app_codes (
    code_hash text PRIMARY KEY,
    grant_id bigint NOT NULL REFERENCES app_grants (id) ON DELETE CASCADE,
    redirect_uri text NOT NULL,
    challenge text NOT NULL,
    scopes text[] NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    session_id bigint  -- what it was exchanged for
);
CREATE INDEX app_codes_grant ON app_codes (grant_id);
CREATE INDEX app_codes_expires_at ON app_codes (expires_at);
CREATE TABLE app_tokens (
    token_hash text PRIMARY KEY,
    session_id bigint NOT NULL REFERENCES app_sessions (id) ON DELETE CASCADE,
    scopes text[] NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX app_tokens_session ON app_tokens (session_id);
CREATE INDEX app_tokens_expires_at ON app_tokens (expires_at);
CREATE TABLE app_refreshes (
    token_hash text PRIMARY KEY,
    session_id bigint NOT NULL REFERENCES app_sessions (id) ON DELETE CASCADE,
    used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX app_refreshes_session ON app_refreshes (session_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0042_access_tokens")]
    operations = [ops.RunSQL(TABLES)]
