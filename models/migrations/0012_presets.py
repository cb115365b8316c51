"""Presets: settings and a prompt template under a name, for oneself or for whoever has the code."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE presets (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    owner_id bigint NOT NULL,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    template text NOT NULL,
    settings jsonb NOT NULL,
    shared boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX presets_owner ON presets (owner_id, id DESC);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0011_machine")]
    operations = [ops.RunSQL(TABLES)]
