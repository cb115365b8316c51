"""What posts and pictures mean, as vectors, beside their words: made by `work` after the post, dropped with what they were made of."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# When a post's words change they are due again; `at` tells a change while they were being worked out.
TABLES = """
CREATE EXTENSION IF NOT EXISTS vector;
CREATE TABLE post_meanings (
    post_id bigint PRIMARY KEY REFERENCES post_words (post_id) ON DELETE CASCADE,
    said vector(384),
    prompt vector(384)
);
CREATE INDEX post_meanings_said ON post_meanings USING hnsw (said vector_cosine_ops);
CREATE INDEX post_meanings_prompt ON post_meanings USING hnsw (prompt vector_cosine_ops);
CREATE TABLE picture_meanings (
    image_id bigint PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
    looks vector(384)
);
CREATE INDEX picture_meanings_looks ON picture_meanings USING hnsw (looks vector_cosine_ops);
CREATE TABLE meanings_due (
    post_id bigint PRIMARY KEY REFERENCES post_words (post_id) ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO meanings_due (post_id) SELECT post_id FROM post_words;
CREATE FUNCTION fresque_means_otherwise() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    INSERT INTO meanings_due (post_id) VALUES (NEW.post_id) ON CONFLICT (post_id) DO UPDATE SET at = excluded.at;
    RETURN NULL;
END
$body$;
CREATE TRIGGER means_otherwise AFTER INSERT OR UPDATE ON post_words FOR EACH ROW EXECUTE FUNCTION fresque_means_otherwise();
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0031_words")]
    operations = [ops.RunSQL(TABLES)]
