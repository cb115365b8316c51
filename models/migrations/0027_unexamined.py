"""Pictures from before proofs were kept, to be looked at by `work`."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE unexamined_images (
    image_id bigint PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
    tries smallint NOT NULL DEFAULT 0
);
INSERT INTO unexamined_images (image_id) SELECT i.id FROM images i WHERE i.deleted_at IS NULL
    AND (NOT EXISTS (SELECT 1 FROM image_likenesses l WHERE l.image_id = i.id) OR (i.generated AND i.claim_standing IS NULL));
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0026_drafts")]
    operations = [ops.RunSQL(TABLES)]
