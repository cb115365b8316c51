"""Whose repost of a post came first, found without reading them all: a viral post has tens of thousands."""

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEX = "CREATE INDEX IF NOT EXISTS reposts_post ON reposts (post_id, id) INCLUDE (user_id)"


class Migration(migrations.Migration):
    dependencies = [("models", "0003_jobs")]
    operations = [ops.RunSQL(INDEX)]
