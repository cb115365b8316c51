"""Boards of posts, lists of people, who is not to be suggested again, and views of posts by day."""

from tortoise import migrations
from tortoise.migrations import operations as ops

BOARDS = """
CREATE TABLE boards (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    owner_id bigint NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    audience text NOT NULL,
    cover_post_id bigint,
    size int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX boards_owner ON boards (owner_id, id DESC);
CREATE TABLE board_members (
    board_id bigint NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    user_id bigint NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (board_id, user_id)
);
CREATE INDEX board_members_user ON board_members (user_id, board_id);
CREATE TABLE board_posts (
    board_id bigint NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    post_id bigint NOT NULL,
    added_by bigint NOT NULL,
    rank bigint NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (board_id, post_id)
);
CREATE INDEX board_posts_order ON board_posts (board_id, rank DESC) INCLUDE (post_id);
CREATE INDEX board_posts_adder ON board_posts (added_by, board_id);
"""

# Each membership says again whose list it is and whether that is exclusive: homes ask it of every post.
LISTS = """
CREATE TABLE lists (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    owner_id bigint NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    is_private boolean NOT NULL,
    is_exclusive boolean NOT NULL,
    replies text NOT NULL,
    size int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX lists_owner ON lists (owner_id, id DESC);
CREATE TABLE list_members (
    id bigint NOT NULL UNIQUE DEFAULT fresque_id(),
    list_id bigint NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
    user_id bigint NOT NULL,
    owner_id bigint NOT NULL,
    exclusive boolean NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (list_id, user_id)
);
CREATE INDEX list_members_order ON list_members (list_id, id DESC);
CREATE INDEX list_members_apart ON list_members (owner_id, user_id) WHERE exclusive;
CREATE INDEX list_members_pair ON list_members (user_id, owner_id);
"""

SUGGESTIONS = """
CREATE TABLE dismissed_suggestions (
    user_id bigint NOT NULL,
    dismissed_id bigint NOT NULL,
    dismissed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, dismissed_id)
);
CREATE INDEX follows_newest ON follows (follower_id, id DESC) INCLUDE (followee_id);
"""

# What Redis has counted of a day (`running`, under the name of the count) and what counts lost before it had (`settled`).
VIEWS = """
CREATE TABLE post_views (
    post_id bigint NOT NULL,
    day date NOT NULL,
    settled int NOT NULL DEFAULT 0,
    running int NOT NULL,
    count_name text NOT NULL,
    PRIMARY KEY (post_id, day)
);
ALTER TABLE post_counts ADD COLUMN views int NOT NULL DEFAULT 0;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0032_meanings")]
    operations = [ops.RunSQL(part) for part in (BOARDS, LISTS, SUGGESTIONS, VIEWS)]
