"""The job machine: timelines, failures of single pictures, leases by the work, circuits of engines, retries and deadlines."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

DEFAULTS = """
ALTER TABLE generation_jobs ALTER COLUMN upstream_resumable SET DEFAULT true, ALTER COLUMN priority SET DEFAULT 0,
    ALTER COLUMN lease_seconds SET DEFAULT 15;
ALTER TABLE generation_jobs ADD FOREIGN KEY (retry_of_id) REFERENCES generation_jobs (id) ON DELETE SET NULL;
CREATE INDEX generation_jobs_retry ON generation_jobs (retry_of_id) WHERE retry_of_id IS NOT NULL;
CREATE INDEX generation_jobs_running ON generation_jobs (owner_id) WHERE state = 'RUNNING';
"""

TIMELINES = """
CREATE TABLE generation_job_entries (
    job_id bigint NOT NULL REFERENCES generation_jobs (id) ON DELETE CASCADE, sequence int NOT NULL, version int NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(), kind text NOT NULL, data jsonb NOT NULL DEFAULT '{}',
    id bigint NOT NULL UNIQUE DEFAULT fresque_id(), PRIMARY KEY (job_id, sequence)
);
"""

CIRCUITS = """
CREATE TABLE engine_circuits (
    engine text PRIMARY KEY, state text NOT NULL DEFAULT 'CLOSED', failures int NOT NULL DEFAULT 0,
    openings int NOT NULL DEFAULT 0, opened_until timestamptz, probe_id bigint, reason text
);
CREATE TABLE queue_told (one boolean PRIMARY KEY DEFAULT true CHECK (one), at timestamptz NOT NULL DEFAULT now());
INSERT INTO queue_told DEFAULT VALUES;
"""


def _job(name: str, field: fields.Field[Any]) -> ops.AddField:
    return ops.AddField(model_name="GenerationJob", name=name, field=field)


def _output(name: str, field: fields.Field[Any]) -> ops.AddField:
    return ops.AddField(model_name="GenerationOutput", name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [("models", "0010_creating")]
    operations = [
        _job("upstream_resumable", fields.BooleanField(default=True, db_default=True)),
        _job("priority", fields.SmallIntField(default=0, db_default=0)),
        _job("retry_of_id", fields.BigIntField(null=True)),
        _job("lease_seconds", fields.FloatField(default=15.0, db_default=15.0)),
        _job("finish_seconds", fields.IntField(null=True)),
        _job("failure_stage", fields.CharField(max_length=20, null=True)),
        _job("failure_categories", fields.JSONField(null=True)),
        _output("failure_code", fields.CharField(max_length=60, null=True)),
        _output("failure_message", fields.TextField(null=True)),
        _output("failure_stage", fields.CharField(max_length=20, null=True)),
        _output("failure_categories", fields.JSONField(null=True)),
        ops.RunSQL(DEFAULTS),
        ops.RunSQL(TIMELINES),
        ops.RunSQL(CIRCUITS),
    ]
