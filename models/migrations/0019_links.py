"""Cards of the pages that posts link to."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE link_cards (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    digest bytea NOT NULL UNIQUE,  -- of the address, which is too long for an index
    url text NOT NULL,
    state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'READY', 'NONE')),
    title text NOT NULL DEFAULT '',
    description text NOT NULL DEFAULT '',
    site text NOT NULL DEFAULT '',
    author text NOT NULL DEFAULT '',
    host text NOT NULL DEFAULT '',
    image_id bigint REFERENCES images (id),
    tries smallint NOT NULL DEFAULT 0,
    fetched_at timestamptz,
    due_at timestamptz  -- when it is to be fetched; NULL: not before somebody posts the address again
);
CREATE INDEX link_cards_due ON link_cards (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX link_cards_image ON link_cards (image_id) WHERE image_id IS NOT NULL;
CREATE INDEX posts_link_card ON posts (link_card_id, id DESC) WHERE link_card_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0018_talk")]
    operations = [
        ops.AddField(model_name="Post", name="link_card_id", field=fields.BigIntField(null=True)),
        ops.RunSQL(TABLES),
    ]
