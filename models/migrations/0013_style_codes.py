"""Style codes: the manner of a picture under a name, for oneself or for whoever has the code, until it is taken back."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE style_codes (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    owner_id bigint NOT NULL,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    manner text NOT NULL,  -- what the engine is told; nobody but the owner is told it
    image_id bigint NOT NULL,
    shared boolean NOT NULL,
    was_shared boolean NOT NULL,  -- others had it once: they are told that it was taken back
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX style_codes_owner ON style_codes (owner_id, id DESC) WHERE deleted_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0013_likenesses")]
    operations = [
        ops.AddField(model_name="GenerationJob", name="manner", field=fields.TextField(null=True)),
        ops.AddField(model_name="GenerationJob", name="style_code_id", field=fields.BigIntField(null=True)),
        ops.RunSQL(TABLES),
    ]
