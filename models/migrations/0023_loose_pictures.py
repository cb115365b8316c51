"""Pictures that nobody keeps any more: what lies in the bucket is looked after until no row names it, and then goes."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE loose_pictures (
    prefix text PRIMARY KEY,
    look_at timestamptz NOT NULL,  -- when it is looked whether a row names it
    removing boolean NOT NULL DEFAULT false
);
CREATE INDEX loose_pictures_due ON loose_pictures (look_at);
CREATE INDEX images_prefix ON images (prefix) WHERE deleted_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0022_editing")]
    operations = [
        ops.AddField(model_name="Image", name="deleted_at", field=fields.DatetimeField(null=True)),
        ops.RunSQL(TABLES),
    ]
