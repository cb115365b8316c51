"""Reports, the desk's cases, what moderators did (never changed, by trigger), appeals, labels, and who may do it."""

from tortoise import migrations
from tortoise.migrations import operations as ops

ROLES = """
ALTER TABLE users ADD COLUMN role text NOT NULL DEFAULT 'MEMBER' CHECK (role IN ('MEMBER', 'MODERATOR', 'ADMINISTRATOR'));
CREATE INDEX users_team ON users (id) WHERE role <> 'MEMBER';
"""

HELD_DOWN = """
ALTER TABLE posts ADD COLUMN moderated text CHECK (moderated IN ('LIMITED', 'HIDDEN', 'REMOVED'));
ALTER TABLE images ADD COLUMN taken_at timestamptz;
"""

CASES = """
CREATE TABLE moderation_cases (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    number bigint NOT NULL UNIQUE GENERATED ALWAYS AS IDENTITY,  -- the order in which cases were opened
    subject_kind text NOT NULL CHECK (subject_kind IN ('POST', 'USER', 'IMAGE', 'MESSAGE')),
    subject_id bigint NOT NULL,
    person_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    urgency smallint NOT NULL DEFAULT 0 CHECK (urgency BETWEEN 0 AND 2),
    state text NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'CLOSED')),
    report_count integer NOT NULL DEFAULT 0,
    assignee_id bigint REFERENCES users (id) ON DELETE SET NULL,
    evidence jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz
);
CREATE UNIQUE INDEX moderation_cases_open ON moderation_cases (subject_kind, subject_id) WHERE state = 'OPEN';
CREATE INDEX moderation_cases_queue ON moderation_cases (((2 - urgency)::bigint << 50 | number)) WHERE state = 'OPEN';
CREATE INDEX moderation_cases_closed ON moderation_cases (number) WHERE state = 'CLOSED';
CREATE INDEX moderation_cases_person ON moderation_cases (person_id);
CREATE TABLE case_images (
    case_id bigint NOT NULL REFERENCES moderation_cases (id) ON DELETE CASCADE,
    image_id bigint NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    PRIMARY KEY (case_id, image_id)
);
CREATE INDEX case_images_image ON case_images (image_id);
CREATE TABLE case_notes (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    case_id bigint NOT NULL REFERENCES moderation_cases (id) ON DELETE CASCADE,
    author_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    text text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX case_notes_case ON case_notes (case_id, id);
CREATE TABLE reports (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    case_id bigint NOT NULL REFERENCES moderation_cases (id) ON DELETE CASCADE,
    reporter_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    subject_kind text NOT NULL,
    subject_id bigint NOT NULL,
    reason text NOT NULL,
    note text NOT NULL,
    state text NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'ACTED', 'DISMISSED')),
    created_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz
);
CREATE UNIQUE INDEX reports_open ON reports (reporter_id, subject_kind, subject_id) WHERE state = 'OPEN';
CREATE INDEX reports_case ON reports (case_id, id);
CREATE INDEX reports_reporter ON reports (reporter_id, id);
CREATE INDEX reports_created ON reports (created_at);
"""

ACTIONS = """
CREATE TABLE moderation_actions (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    case_id bigint NOT NULL,
    root_id bigint,   -- the action down whose remix tree this one followed
    about_id bigint,  -- the action that this one reverses or upholds
    kind text NOT NULL,
    subject_kind text NOT NULL,
    subject_id bigint NOT NULL,
    person_id bigint NOT NULL,
    moderator_id bigint NOT NULL,
    rule text NOT NULL,
    note text NOT NULL,
    strikes smallint NOT NULL,
    label text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX moderation_actions_reversed ON moderation_actions (about_id) WHERE kind = 'REVERSE';
CREATE INDEX moderation_actions_about ON moderation_actions (about_id) WHERE about_id IS NOT NULL;
CREATE INDEX moderation_actions_case ON moderation_actions (case_id, id);
CREATE INDEX moderation_actions_person ON moderation_actions (person_id, id);
CREATE INDEX moderation_actions_root ON moderation_actions (root_id) WHERE root_id IS NOT NULL;
CREATE INDEX moderation_actions_created ON moderation_actions (created_at);
CREATE TABLE moderation_undo (  -- what an action took away, apart from the action, which is kept for good
    action_id bigint PRIMARY KEY,
    undo jsonb NOT NULL
);
CREATE TABLE moderation_log (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT now(),
    actor_id bigint,  -- NULL: whoever runs this place, by command
    kind text NOT NULL,
    case_id bigint,
    action_id bigint,
    person_id bigint,
    detail text NOT NULL
);
CREATE INDEX moderation_log_actor ON moderation_log (actor_id, id);
CREATE FUNCTION moderation_stays() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'What moderators did is never changed or taken out: act again.' USING ERRCODE = 'restrict_violation';
END
$body$;
CREATE TRIGGER moderation_log_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON moderation_log
    FOR EACH STATEMENT EXECUTE FUNCTION moderation_stays();
CREATE TRIGGER moderation_actions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON moderation_actions
    FOR EACH STATEMENT EXECUTE FUNCTION moderation_stays();
CREATE TABLE appeals (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    action_id bigint NOT NULL UNIQUE,
    person_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    text text NOT NULL,
    state text NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'UPHELD', 'GRANTED')),
    answer text NOT NULL DEFAULT '',
    decided_by bigint,
    created_at timestamptz NOT NULL DEFAULT now(),
    decided_at timestamptz
);
CREATE INDEX appeals_open ON appeals (id) WHERE state = 'OPEN';
CREATE INDEX appeals_created ON appeals (created_at);
CREATE TABLE labels (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    subject_kind text NOT NULL CHECK (subject_kind IN ('POST', 'USER', 'IMAGE')),
    subject_id bigint NOT NULL,
    value text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('INFORM', 'ALERT')),
    blur text NOT NULL CHECK (blur IN ('NONE', 'MEDIA', 'CONTENT')),
    action_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (subject_kind, subject_id, value)
);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0046_invitations")]
    operations = [ops.RunSQL(ROLES), ops.RunSQL(HELD_DOWN), ops.RunSQL(CASES), ops.RunSQL(ACTIONS)]
