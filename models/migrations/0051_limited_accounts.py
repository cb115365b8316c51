"""Accounts that moderators limited: there for who looks for them, and in no list of strangers."""

from tortoise import migrations
from tortoise.migrations import operations as ops

LIMITED = """
ALTER TABLE users ADD COLUMN limited_at timestamptz;
DROP INDEX users_apart;
CREATE INDEX users_apart ON users (id) WHERE is_private OR gone OR limited_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0050_automod")]
    operations = [ops.RunSQL(LIMITED)]
