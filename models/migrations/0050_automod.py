"""Automod: rules with all their versions (never changed, by trigger), what they matched, and dry runs over what is there already."""

from tortoise import migrations
from tortoise.migrations import operations as ops

RULES = """
CREATE TABLE automod_rules (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    state text NOT NULL CHECK (state IN ('DRAFT', 'DRY', 'ON', 'OFF')),
    version int NOT NULL DEFAULT 1,
    definition jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);
CREATE TABLE automod_changes (  -- each version of each rule, as it was from then on
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    rule_id bigint NOT NULL,
    version int NOT NULL,
    state text NOT NULL,
    definition jsonb NOT NULL,
    actor_id bigint,  -- NULL: the house, which stopped it
    note text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (rule_id, version)
);
CREATE TRIGGER automod_changes_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON automod_changes
    FOR EACH STATEMENT EXECUTE FUNCTION moderation_stays();
"""

MATCHES = """
CREATE TABLE automod_matches (  -- what a rule matched, once for each thing as long as it says the same
    rule_id bigint NOT NULL REFERENCES automod_rules (id) ON DELETE CASCADE,
    subject_kind text NOT NULL CHECK (subject_kind IN ('POST', 'USER')),
    subject_id bigint NOT NULL,
    person_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    version int NOT NULL,
    said bytea NOT NULL,  -- a hash of what was looked at
    state text NOT NULL CHECK (state IN ('DRY', 'PENDING', 'DONE', 'PASSED', 'FAILED')),
    tries smallint NOT NULL DEFAULT 0,
    case_id bigint,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (rule_id, subject_kind, subject_id)
);
CREATE INDEX automod_matches_pending ON automod_matches (at) WHERE state = 'PENDING';
CREATE INDEX automod_matches_case ON automod_matches (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX automod_matches_rule ON automod_matches (rule_id, at);
CREATE INDEX automod_matches_person ON automod_matches (person_id);
CREATE TABLE automod_days (
    rule_id bigint NOT NULL REFERENCES automod_rules (id) ON DELETE CASCADE,
    day date NOT NULL,
    examined int NOT NULL,
    matched int NOT NULL,
    PRIMARY KEY (rule_id, day)
);
"""

RUNS = """
CREATE TABLE automod_runs (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    rule_id bigint NOT NULL REFERENCES automod_rules (id) ON DELETE CASCADE,
    version int NOT NULL,
    definition jsonb NOT NULL,
    asked_by bigint,
    days int NOT NULL,
    most int NOT NULL,
    state text NOT NULL DEFAULT 'RUNNING' CHECK (state IN ('RUNNING', 'DONE', 'CANCELLED', 'FAILED')),
    place bigint NOT NULL,  -- everything from this id on is done
    floor bigint NOT NULL,
    expected int NOT NULL,
    passed int NOT NULL DEFAULT 0,
    examined int NOT NULL DEFAULT 0,
    matched int NOT NULL DEFAULT 0,
    upheld int NOT NULL DEFAULT 0,
    dismissed int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
);
CREATE UNIQUE INDEX automod_runs_running ON automod_runs (rule_id) WHERE state = 'RUNNING';
CREATE INDEX automod_runs_rule ON automod_runs (rule_id, id);
CREATE TABLE automod_run_days (
    run_id bigint NOT NULL REFERENCES automod_runs (id) ON DELETE CASCADE,
    day date NOT NULL,
    examined int NOT NULL,
    matched int NOT NULL,
    PRIMARY KEY (run_id, day)
);
CREATE TABLE automod_run_examples (
    run_id bigint NOT NULL REFERENCES automod_runs (id) ON DELETE CASCADE,
    subject_id bigint NOT NULL,
    phrases text[] NOT NULL,
    decision text CHECK (decision IN ('UPHELD', 'DISMISSED')),
    PRIMARY KEY (run_id, subject_id)
);
"""

BY_RULES = """
ALTER TABLE moderation_actions ALTER COLUMN moderator_id DROP NOT NULL, ADD COLUMN automod_rule_id bigint,
    ADD CONSTRAINT moderation_actions_by CHECK ((moderator_id IS NULL) = (automod_rule_id IS NOT NULL));
CREATE INDEX moderation_actions_subject ON moderation_actions (subject_kind, subject_id);
INSERT INTO log_readers (name, epoch, xid, event_id)
    SELECT 'automod', s.epoch, coalesce(e.xid, s.floor_xid), coalesce(e.id, 0) FROM log_state s LEFT JOIN LATERAL (
        SELECT xid, id FROM events ORDER BY xid DESC, id DESC LIMIT 1
    ) AS e ON true;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0049_labelers")]
    operations = [ops.RunSQL(RULES), ops.RunSQL(MATCHES), ops.RunSQL(RUNS), ops.RunSQL(BY_RULES)]
