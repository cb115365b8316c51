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
CREATE INDEX given_labels_said ON given_labels (subject_id, subject_kind, labeler_id) WHERE removed_at IS NULL;
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

FUNCTIONS = """
-- Under which labels somebody lets posts be hidden: the numbers of labelers' that they listen to, the values of moderators'. NULL: none.
CREATE FUNCTION fresque_hidden_labels(viewer bigint) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT array_agg(found.label) FROM (
        SELECT d.id::text AS label FROM labeler_subscriptions s
            JOIN labelers l ON l.user_id = s.labeler_id AND l.closed_at IS NULL
            JOIN users u ON u.id = s.labeler_id AND NOT u.gone AND NOT u.is_private
            JOIN label_definitions d ON d.labeler_id = s.labeler_id AND d.retired_at IS NULL
            LEFT JOIN label_choices c ON c.person_id = viewer AND c.definition_id = d.id
            WHERE s.person_id = viewer AND coalesce(c.choice, d.default_choice) = 'HIDE'
        UNION ALL SELECT unnest(v.hidden_labels) FROM viewing_settings v WHERE v.person_id = viewer) found);
END $$;

-- What labels stand on: a post, its author, its pictures.
CREATE FUNCTION fresque_label_subjects(post bigint, author bigint) RETURNS TABLE (kind text, id bigint) LANGUAGE sql STABLE AS $$
    SELECT 'POST', post UNION ALL SELECT 'USER', author
    UNION ALL SELECT 'IMAGE', i.image_id FROM post_images i WHERE i.post_id = post
$$;

CREATE FUNCTION fresque_labels_on(post bigint, author bigint) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT g.definition_id::text FROM fresque_label_subjects(post, author) t
            JOIN given_labels g ON g.subject_id = t.id AND g.subject_kind = t.kind AND g.removed_at IS NULL
        UNION SELECT l.value FROM fresque_label_subjects(post, author) t
            JOIN labels l ON l.subject_id = t.id AND l.subject_kind = t.kind);
END $$;

-- Strict: for who hides nothing it is not even called.
CREATE FUNCTION fresque_labelled(post bigint, author bigint, hidden text[]) RETURNS boolean LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
    numbers bigint[] := ARRAY(SELECT h::bigint FROM unnest(hidden) h WHERE h ~ '^[0-9]+$');
BEGIN
    RETURN (cardinality(numbers) > 0 AND EXISTS (SELECT 1 FROM fresque_label_subjects(post, author) t
            JOIN given_labels g ON g.subject_id = t.id AND g.subject_kind = t.kind AND g.removed_at IS NULL
                AND g.definition_id = ANY(numbers)))
        OR (cardinality(numbers) < cardinality(hidden) AND EXISTS (SELECT 1 FROM fresque_label_subjects(post, author) t
            JOIN labels l ON l.subject_id = t.id AND l.subject_kind = t.kind AND l.value = ANY(hidden)));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0048_external_identities")]
    operations = [ops.RunSQL(TABLES), ops.RunSQL(FUNCTIONS)]
