"""Which public posts bear which hashtag, so that a hashtag's page is read in order from an index."""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLE = """
CREATE TABLE post_hashtags (
    hashtag text COLLATE "C" NOT NULL,
    post_id bigint NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    PRIMARY KEY (hashtag, post_id)
);
CREATE INDEX post_hashtags_post ON post_hashtags (post_id);
"""
# As `facet.folded` does it: compatibility forms, then full case folding.
FILL = """
INSERT INTO post_hashtags (hashtag, post_id)
SELECT DISTINCT casefold(normalize(facet ->> 'value', NFKC) COLLATE pg_unicode_fast), p.id
FROM posts p, jsonb_array_elements(p.facets) AS facet
WHERE p.deleted_at IS NULL AND p.visibility = 'PUBLIC' AND facet ->> 'kind' = 'hashtag';
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0005_profiles")]
    operations = [ops.RunSQL(TABLE), ops.RunSQL(FILL)]
