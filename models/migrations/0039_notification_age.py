"""Old notifications are found by their age, to be swept."""

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEXES = """
CREATE INDEX notification_groups_age ON notification_groups (opened_at);
CREATE INDEX notification_items_age ON notification_items (at) WHERE group_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0038_digests")]
    operations = [ops.RunSQL(INDEXES)]
