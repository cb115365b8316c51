"""Takedowns that follow a remix tree to its end, however large it is: rows that are the work; and mail about decisions."""

from tortoise import migrations
from tortoise.migrations import operations as ops

FOLLOWING = """
CREATE TABLE tree_takedowns (  -- one for each action that follows a tree; whoever dies, the rest is done once
    action_id bigint PRIMARY KEY,
    case_id bigint NOT NULL,
    state text NOT NULL DEFAULT 'TAKING' CHECK (state IN ('TAKING', 'TAKEN', 'RETURNING', 'RETURNED')),
    taken integer NOT NULL DEFAULT 0,
    returned integer NOT NULL DEFAULT 0,
    reversal_id bigint,  -- the action that reversed it
    returned_by bigint,
    return_note text NOT NULL DEFAULT '',
    moved_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX tree_takedowns_open ON tree_takedowns (moved_at) WHERE state IN ('TAKING', 'RETURNING');
CREATE TABLE tree_takedown_images (  -- its pictures, nearest first, until they are taken and what hangs below them is here
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    action_id bigint NOT NULL REFERENCES tree_takedowns (action_id) ON DELETE CASCADE,
    image_id bigint NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    place bigint,  -- NULL: not taken yet; the last of what hangs below it that is here
    done boolean NOT NULL DEFAULT false,
    UNIQUE (action_id, image_id)
);
CREATE INDEX tree_takedown_images_waiting ON tree_takedown_images (action_id, id) WHERE NOT done;
CREATE INDEX tree_takedown_images_image ON tree_takedown_images (image_id);
"""

MAIL = "ALTER TABLE preferences ADD COLUMN decision_mail boolean NOT NULL DEFAULT true;"


class Migration(migrations.Migration):
    dependencies = [("models", "0051_limited_accounts")]
    operations = [ops.RunSQL(FOLLOWING), ops.RunSQL(MAIL)]
