"""Private, suspended and deactivated accounts, requests to follow, options of follows and mutes, and muted words."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STANDING = """
ALTER TABLE users
    ADD COLUMN is_private boolean NOT NULL DEFAULT false,
    ADD COLUMN suspended_at timestamptz,
    ADD COLUMN deactivated_at timestamptz,
    ADD COLUMN gone boolean NOT NULL GENERATED ALWAYS AS (suspended_at IS NOT NULL OR deactivated_at IS NOT NULL) STORED;
-- Who is in neither is an author like most: one look into an index that holds the few says so.
CREATE INDEX users_apart ON users (id) WHERE is_private OR gone;
CREATE INDEX users_gone ON users (id) WHERE gone;
"""

BONDS = """
CREATE TABLE follow_requests (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    requester_id bigint NOT NULL,
    target_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (requester_id, target_id)
);
CREATE INDEX follow_requests_target ON follow_requests (target_id, id DESC);
ALTER TABLE follows
    ADD COLUMN hides_reposts boolean NOT NULL DEFAULT false,
    ADD COLUMN notifies_on_post boolean NOT NULL DEFAULT false;
CREATE INDEX follows_followers ON follows (followee_id, id DESC);
CREATE INDEX follows_followings ON follows (follower_id, id DESC);
ALTER TABLE mutes
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN mutes_notifications boolean NOT NULL DEFAULT true;
CREATE INDEX mutes_expiry ON mutes (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX mutes_page ON mutes (muter_id, id DESC);
CREATE INDEX blocks_page ON blocks (blocker_id, id DESC);
CREATE TABLE conversation_mutes (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    muter_id bigint NOT NULL,
    conversation_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (muter_id, conversation_id)
);
"""

# Words stand between blanks, so that a whole word is found with its blanks and a part of one without. What is written without
# blanks between words stands character by character, as do pictures, # and @ (kept as two private characters).
FOLDING = r"""
CREATE FUNCTION fresque_folded(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
SELECT CASE WHEN found = '' THEN '' ELSE ' ' || found || ' ' END FROM btrim(regexp_replace(regexp_replace(regexp_replace(
    translate(casefold(normalize(said, NFKC) COLLATE pg_unicode_fast), '#@', chr(57344) || chr(57345)),
    '[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+', '', 'g'),
    '([\ue000\ue001\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U0001f000-\U0001faff\U00020000-\U0003ffff])', ' \1 ', 'g'),
    '[[:space:][:punct:]]+', ' ', 'g')) AS found
$body$;
CREATE FUNCTION fresque_said(said text, needles text[], names text[]) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
DECLARE
    folded text := fresque_folded(said);
    found text[] := '{}';
BEGIN
    FOR place IN 1 .. cardinality(needles) LOOP
        IF strpos(folded, needles[place]) > 0 THEN found := found || names[place]; END IF;
    END LOOP;
    RETURN found;
END
$body$;
CREATE FUNCTION fresque_says(said text, needles text[]) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
SELECT cardinality(fresque_said(said, needles, needles)) > 0
$body$;
CREATE TABLE muted_words (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    owner_id bigint NOT NULL,
    text text NOT NULL,
    needle text NOT NULL,  -- what is looked for in a folded text
    whole_word boolean NOT NULL,
    scope text NOT NULL CHECK (scope IN ('HOME', 'NOTIFICATIONS', 'EVERYWHERE')),
    hides boolean NOT NULL,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX muted_words_owner ON muted_words (owner_id, md5(needle));
CREATE INDEX muted_words_expiry ON muted_words (expires_at) WHERE expires_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0016_checks")]
    operations = [ops.RunSQL(part) for part in (STANDING, BONDS, FOLDING)]
