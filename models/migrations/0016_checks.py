"""What checks find: pictures that are banned, pictures that wait for a person's look, and uploads that are marked sensitive."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE banned_pictures (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash bit(256) NOT NULL UNIQUE,
    category text NOT NULL,
    note text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE reviews (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_id bigint NOT NULL REFERENCES generation_jobs (id) ON DELETE CASCADE,
    output_index smallint NOT NULL,
    stage text NOT NULL,
    category text NOT NULL,
    picture jsonb NOT NULL,
    decision text CHECK (decision IN ('APPROVED', 'REFUSED')),
    decided_by text,
    decided_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (job_id, output_index)
);
CREATE INDEX reviews_waiting ON reviews (id) WHERE decision IS NULL;
ALTER TABLE images ADD COLUMN sensitive boolean NOT NULL DEFAULT false;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0015_remixes")]
    operations = [ops.RunSQL(TABLES)]
