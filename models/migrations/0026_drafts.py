"""Drafts: posts to be, kept for their owner, some of them with a time at which they are published."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE drafts (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    owner_id bigint NOT NULL,
    place bigint NOT NULL DEFAULT fresque_id(),
    version bigint NOT NULL DEFAULT 1,
    state text NOT NULL DEFAULT 'DRAFT',
    content jsonb NOT NULL,
    publish_at timestamptz,
    in_the_open boolean NOT NULL DEFAULT false,
    job_id bigint,
    problem jsonb,
    tries smallint NOT NULL DEFAULT 0,
    retry_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    CHECK (state IN ('DRAFT', 'SCHEDULED', 'MAKING', 'FAILED')),
    CHECK ((publish_at IS NOT NULL) >= (state = 'SCHEDULED')),
    CHECK ((job_id IS NOT NULL) >= (state = 'MAKING'))
);
CREATE INDEX drafts_owner ON drafts (owner_id, place DESC);
CREATE INDEX drafts_due ON drafts (publish_at) WHERE state = 'SCHEDULED';
CREATE INDEX drafts_making ON drafts (job_id) WHERE state = 'MAKING';
CREATE TABLE draft_images (
    draft_id bigint NOT NULL REFERENCES drafts ON DELETE CASCADE,
    image_id bigint NOT NULL,
    PRIMARY KEY (draft_id, image_id)
);
CREATE INDEX draft_images_image ON draft_images (image_id);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0025_reading_places")]
    operations = [ops.RunSQL(TABLES)]
