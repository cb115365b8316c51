"""How pictures look, in 256 bits, under words that neighbours share."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE TABLE image_likenesses (
    image_id bigint PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
    hash bit(256) NOT NULL,
    words int[] NOT NULL  -- of models/likeness.py
);
CREATE INDEX image_likenesses_near ON image_likenesses USING gin (words);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0012_presets")]
    operations = [ops.RunSQL(TABLES)]
