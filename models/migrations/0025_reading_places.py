"""How far people have read in their lists."""

from tortoise import migrations
from tortoise.migrations import operations as ops

PLACES = """
CREATE TABLE reading_places (  -- nobody's row: nothing was kept
    person_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    list text NOT NULL CHECK (list IN ('HOME')),
    key bigint NOT NULL,
    read_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, list)
);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0024_notifications")]
    operations = [ops.RunSQL(PLACES)]
