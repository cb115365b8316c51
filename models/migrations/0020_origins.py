"""By what pictures made here are known again, and what uploads say of themselves."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE image_origins (
    image_id bigint PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
    name text,  -- signed into the picture (facts.picture)
    mark bigint  -- the number of its invisible mark, 48 bits
);
CREATE INDEX image_origins_name ON image_origins (name) WHERE name IS NOT NULL;
CREATE INDEX image_origins_mark ON image_origins (mark) WHERE mark IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0019_links")]
    operations = [
        ops.AddField(model_name="Image", name="source_type", field=fields.CharField(max_length=60, null=True)),
        ops.AddField(model_name="Image", name="claim_generator", field=fields.CharField(max_length=200, null=True)),
        ops.AddField(model_name="Image", name="claim_standing", field=fields.CharField(max_length=7, null=True)),
        ops.RunSQL(TABLES),
    ]
