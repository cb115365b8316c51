"""Threads of jobs, prompts that were used, and posts whose pictures are still being made."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE generation_threads (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    owner_id bigint NOT NULL,
    title text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_job_id bigint NOT NULL DEFAULT 0,  -- the newest turn: the list is in its order
    last_turn_at timestamptz NOT NULL DEFAULT now(),
    turns int NOT NULL DEFAULT 0,
    archived boolean NOT NULL DEFAULT false
);
CREATE INDEX generation_threads_page ON generation_threads (owner_id, archived, last_job_id DESC);
ALTER TABLE generation_jobs ADD FOREIGN KEY (thread_id) REFERENCES generation_threads (id) ON DELETE SET NULL;
ALTER TABLE generation_jobs ADD FOREIGN KEY (parent_id) REFERENCES generation_jobs (id) ON DELETE SET NULL;
CREATE INDEX generation_jobs_thread ON generation_jobs (thread_id, id) WHERE thread_id IS NOT NULL;
CREATE INDEX generation_jobs_parent ON generation_jobs (parent_id) WHERE parent_id IS NOT NULL;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE past_prompts (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    owner_id bigint NOT NULL,
    digest bytea NOT NULL,  -- of the text, which is too long for an index
    text text NOT NULL,
    last_job_id bigint NOT NULL,  -- the newest job that used it: the list is in its order
    last_used_at timestamptz NOT NULL DEFAULT now(),
    uses int NOT NULL DEFAULT 1,
    UNIQUE (owner_id, digest)
);
CREATE INDEX past_prompts_page ON past_prompts (owner_id, last_job_id DESC);
CREATE INDEX past_prompts_search ON past_prompts USING gin (lower(text) gin_trgm_ops);

CREATE TABLE creations (
    post_id bigint PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    job_id bigint NOT NULL UNIQUE REFERENCES generation_jobs (id) ON DELETE CASCADE,
    wanted smallint NOT NULL,
    alt_text text,  -- NULL: what each picture says of itself
    partials boolean NOT NULL,
    done boolean NOT NULL DEFAULT false,
    failed boolean NOT NULL DEFAULT false,
    CHECK (NOT (done AND failed))
);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0009_webhooks")]
    operations = [
        ops.AddField(model_name="GenerationJob", name="thread_id", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="GenerationJob", name="parent_id", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="GenerationJob", name="parent_index", field=fields.SmallIntField(null=True)),
        ops.AddField(model_name="GenerationJob", name="instruction", field=fields.TextField(null=True)),
        ops.RunSQL(TABLES),
    ]
