"""Editing: the versions of a post, polls and their votes, audiences that changed, and old posts that are narrowed in bulk."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

DEFAULTS = "ALTER TABLE posts ALTER COLUMN edit_count SET DEFAULT 0"

VERSIONS = """
CREATE TABLE post_versions (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    post_id bigint NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    number smallint NOT NULL,  -- 1 is what was published first
    text text NOT NULL,
    facets jsonb NOT NULL,
    content_warning text,
    poll jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (post_id, number)
);
CREATE TABLE post_version_images (
    version_id bigint NOT NULL REFERENCES post_versions (id) ON DELETE CASCADE,
    position smallint NOT NULL,
    post_id bigint NOT NULL,
    image_id bigint NOT NULL REFERENCES images (id),
    alt_text text NOT NULL,
    PRIMARY KEY (version_id, position)
);
CREATE INDEX post_version_images_image ON post_version_images (image_id);
"""

AUDIENCES = """
CREATE TABLE former_audiences (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    visibility text NOT NULL,
    mentioned_ids bigint[] NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX former_audiences_age ON former_audiences (at);
CREATE TABLE narrowings (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    user_id bigint NOT NULL,
    visibility text NOT NULL,
    before timestamptz NOT NULL,
    place bigint NOT NULL,  -- posts below this id are still to be looked at
    total int NOT NULL,
    done int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE UNIQUE INDEX narrowings_open ON narrowings (user_id) WHERE finished_at IS NULL;
CREATE INDEX narrowings_user ON narrowings (user_id, id DESC);
"""

POLLS = """
CREATE TABLE polls (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    post_id bigint NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    options text[] NOT NULL,
    multiple boolean NOT NULL,
    hides_results boolean NOT NULL,
    ends_at timestamptz NOT NULL,
    end_told boolean NOT NULL DEFAULT false
);
CREATE INDEX polls_post ON polls (post_id);
CREATE INDEX polls_due ON polls (ends_at) WHERE NOT end_told;
CREATE TABLE poll_votes (
    poll_id bigint NOT NULL REFERENCES polls (id) ON DELETE CASCADE,
    user_id bigint NOT NULL,
    choices smallint[] NOT NULL,
    PRIMARY KEY (poll_id, user_id)
);
CREATE TABLE poll_counts (
    subject_id bigint PRIMARY KEY REFERENCES polls (id) ON DELETE CASCADE, version int NOT NULL DEFAULT 1,
    first int NOT NULL DEFAULT 0, second int NOT NULL DEFAULT 0, third int NOT NULL DEFAULT 0, fourth int NOT NULL DEFAULT 0,
    voters int NOT NULL DEFAULT 0
) WITH (fillfactor = 80);
CREATE TABLE poll_count_deltas (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    subject_id bigint NOT NULL,
    first int NOT NULL, second int NOT NULL, third int NOT NULL, fourth int NOT NULL, voters int NOT NULL
);
CREATE INDEX poll_count_deltas_subject ON poll_count_deltas (subject_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0021_disclosures")]
    operations = [
        ops.AddField(model_name="Post", name="edit_count", field=fields.SmallIntField(default=0, db_default=0)),
        ops.AddField(model_name="Post", name="poll_id", field=fields.BigIntField(null=True)),
        ops.RunSQL(DEFAULTS),
        ops.RunSQL(VERSIONS),
        ops.RunSQL(AUDIENCES),
        ops.RunSQL(POLLS),
    ]
