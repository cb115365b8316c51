"""Banners; and what is looked up by prefix of a handle, by owner of a picture, and by who shows it on a profile."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

INDEXES = """
CREATE INDEX IF NOT EXISTS users_banner ON users (banner_id) WHERE banner_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS users_handle_prefix ON users (handle text_pattern_ops);
CREATE INDEX IF NOT EXISTS images_owner ON images (owner_id, id DESC);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0004_plans")]
    operations = [
        ops.AddField(model_name="User", name="banner_id", field=fields.BigIntField(null=True)),
        ops.RunSQL(INDEXES),
    ]
