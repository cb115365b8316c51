"""Labelers: accounts that put labels of their own on things, who listens to them, and what each wants to come of which label."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE labelers (
    user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    description text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz
);
CREATE TABLE label_definitions (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    labeler_id bigint NOT NULL REFERENCES labelers (user_id) ON DELETE CASCADE,
    identifier text NOT NULL,
    wordings jsonb NOT NULL,  -- [{language, name, description}], the first where a reader's language is not among them
    severity text NOT NULL CHECK (severity IN ('INFORM', 'ALERT')),
    blur text NOT NULL CHECK (blur IN ('NONE', 'MEDIA', 'CONTENT')),
    default_choice text NOT NULL CHECK (default_choice IN ('HIDE', 'WARN', 'SHOW')),
    position smallint NOT NULL,
    retired_at timestamptz,
    UNIQUE (labeler_id, identifier)
);
-- Rows are never deleted while the labeler is there: who said what of what, from when until when.
CREATE TABLE given_labels (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    labeler_id bigint NOT NULL REFERENCES labelers (user_id) ON DELETE CASCADE,
    definition_id bigint NOT NULL REFERENCES label_definitions (id) ON DELETE CASCADE,
    subject_kind text NOT NULL CHECK (subject_kind IN ('POST', 'USER', 'IMAGE')),
    subject_id bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz
);
CREATE UNIQUE INDEX given_labels_standing ON given_labels (subject_id, subject_kind, definition_id) WHERE removed_at IS NULL;
CREATE INDEX given_labels_by ON given_labels (labeler_id, id);
CREATE INDEX given_labels_of ON given_labels (definition_id);
CREATE TABLE labeler_subscriptions (
    person_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    labeler_id bigint NOT NULL REFERENCES labelers (user_id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, labeler_id)
);
CREATE INDEX labeler_subscriptions_to ON labeler_subscriptions (labeler_id);
CREATE TABLE label_choices (
    person_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    definition_id bigint NOT NULL REFERENCES label_definitions (id) ON DELETE CASCADE,
    choice text NOT NULL CHECK (choice IN ('HIDE', 'WARN', 'SHOW')),
    PRIMARY KEY (person_id, definition_id)
);
CREATE INDEX label_choices_of ON label_choices (definition_id);
ALTER TABLE viewing_settings ADD COLUMN hidden_labels text[] NOT NULL DEFAULT '{}';
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0048_external_identities")]
    operations = [ops.RunSQL(TABLES)]
