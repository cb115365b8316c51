"""Who may answer and quote is said more finely; pictures may be sensitive, replies hidden, quotes detached."""

from tortoise import migrations
from tortoise.migrations import operations as ops

COLUMNS = """
ALTER TABLE posts ALTER COLUMN reply_policy TYPE varchar(16), ALTER COLUMN quote_policy TYPE varchar(16),
    ADD COLUMN is_sensitive boolean NOT NULL DEFAULT false, ADD COLUMN is_hidden boolean NOT NULL DEFAULT false,
    ADD COLUMN is_detached boolean NOT NULL DEFAULT false;
CREATE INDEX posts_hidden_replies ON posts (reply_to_id, id) WHERE is_hidden;
CREATE INDEX IF NOT EXISTS likes_post ON likes (post_id, id) INCLUDE (user_id);
CREATE TABLE preferences (
    user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    shows_sensitive boolean NOT NULL DEFAULT false
);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0017_people")]
    operations = [ops.RunSQL(COLUMNS)]
