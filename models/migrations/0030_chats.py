"""Chats: conversations between two people or a group, their members, and one ordered log of messages in each."""

from tortoise import migrations
from tortoise.migrations import operations as ops

CHATS = """
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE TABLE chats (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    low_id bigint,  -- the two people of a pair, the smaller id first; NULL: a group
    high_id bigint,
    name text NOT NULL DEFAULT '',
    creator_id bigint NOT NULL,
    last_sequence int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((low_id IS NULL) = (high_id IS NULL)),
    CHECK (low_id < high_id)
);
CREATE UNIQUE INDEX chats_pair ON chats (low_id, high_id) WHERE low_id IS NOT NULL;
CREATE INDEX chats_creator ON chats (creator_id, id);
CREATE TABLE chat_members (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    chat_id bigint NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    user_id bigint NOT NULL,
    is_pair boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('JOINED', 'ASKED', 'DECLINED', 'LEFT')),
    is_admin boolean NOT NULL DEFAULT false,
    is_muted boolean NOT NULL DEFAULT false,
    is_listed boolean NOT NULL,
    since_sequence int NOT NULL,  -- what came later is theirs to see
    read_sequence int NOT NULL,
    heard_sequence int NOT NULL DEFAULT 0,  -- the last message of somebody else that they are to read
    moved bigint NOT NULL DEFAULT fresque_id(),  -- the order of their list
    UNIQUE (chat_id, user_id)
);
CREATE INDEX chat_members_listed ON chat_members (user_id, state, moved DESC) WHERE is_listed;
CREATE INDEX chat_members_unread ON chat_members (user_id) WHERE heard_sequence > read_sequence;
CREATE TABLE chat_settings (
    user_id bigint PRIMARY KEY,
    messages_from text NOT NULL CHECK (messages_from IN ('EVERYONE', 'FOLLOWING', 'NOBODY')),
    shows_reading boolean NOT NULL
);
"""

MESSAGES = """
CREATE TABLE direct_messages (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    chat_id bigint NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    sequence int NOT NULL,
    sender_id bigint NOT NULL,
    kind text NOT NULL,
    subject_id bigint,  -- whom a notice is about
    text text NOT NULL,
    facets jsonb NOT NULL DEFAULT '[]',
    post_id bigint,
    shared_image_id bigint,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    edited_at timestamptz,
    deleted_at timestamptz,
    words tsvector GENERATED ALWAYS AS (to_tsvector('simple', fresque_folded(text))) STORED,
    UNIQUE (chat_id, sequence)
);
CREATE INDEX direct_messages_sender ON direct_messages (sender_id, created_at);
CREATE INDEX direct_messages_words ON direct_messages USING gin (chat_id, words);
CREATE TABLE direct_message_images (
    message_id bigint NOT NULL REFERENCES direct_messages (id) ON DELETE CASCADE,
    position smallint NOT NULL,
    image_id bigint NOT NULL REFERENCES images (id),
    alt_text text NOT NULL,
    PRIMARY KEY (message_id, position)
);
CREATE INDEX direct_message_images_image ON direct_message_images (image_id);
CREATE TABLE direct_message_reactions (
    message_id bigint NOT NULL REFERENCES direct_messages (id) ON DELETE CASCADE,
    user_id bigint NOT NULL,
    emoji text NOT NULL,
    reacted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (message_id, user_id)
);
CREATE TABLE direct_message_hides (
    user_id bigint NOT NULL,
    message_id bigint NOT NULL REFERENCES direct_messages (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, message_id)
);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0029_for_you")]
    operations = [ops.RunSQL(CHATS), ops.RunSQL(MESSAGES)]
