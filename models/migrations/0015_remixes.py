"""Remixes: where pictures come from, who may make them, which posts show them; who may know how a picture was made."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.consent import PromptVisibility, RemixPolicy

DEFAULTS = """
ALTER TABLE posts ALTER COLUMN remix_policy SET DEFAULT 'NOBODY', ALTER COLUMN prompt_visibility SET DEFAULT 'NOBODY';
CREATE INDEX images_remix ON images (remix_image_id, id) WHERE remix_image_id IS NOT NULL;
"""
TABLES = """
CREATE TABLE remix_posts (  -- which posts show remixes of which
    source_post_id bigint NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    post_id bigint NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    counted boolean NOT NULL,  -- in the source's number
    PRIMARY KEY (source_post_id, post_id)
);
CREATE INDEX remix_posts_post ON remix_posts (post_id);
CREATE TABLE remix_permits (
    id bigint PRIMARY KEY DEFAULT fresque_id(),
    post_id bigint NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    author_id bigint NOT NULL,  -- the post's
    person_id bigint NOT NULL,  -- who would remix it
    state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'ACCEPTED', 'DECLINED', 'REVOKED')),
    message text NOT NULL DEFAULT '',
    asked boolean NOT NULL DEFAULT false,  -- whether the person asked: what was revoked unasked is no request
    created_at timestamptz NOT NULL DEFAULT now(),
    decided_at timestamptz,
    UNIQUE (post_id, person_id)
);
CREATE INDEX remix_permits_author ON remix_permits (author_id, id DESC) WHERE asked;
CREATE INDEX remix_permits_person ON remix_permits (person_id, id DESC) WHERE asked;
CREATE TABLE sharing_settings (  -- what a person's posts begin with; nobody's row: `models.sharing` says
    person_id bigint PRIMARY KEY,
    remix_policy text NOT NULL,
    prompt_visibility text NOT NULL
);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0014_webhook_codes")]
    operations = [
        ops.AlterField(model_name="Post", name="remix_policy", field=fields.CharEnumField(RemixPolicy, max_length=9, default=RemixPolicy.NOBODY)),
        ops.AddField(model_name="Post", name="prompt_visibility", field=fields.CharEnumField(PromptVisibility, max_length=9, default=PromptVisibility.NOBODY, db_default="NOBODY")),
        ops.AddField(model_name="Image", name="remix_post_id", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="Image", name="remix_image_id", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="GenerationJob", name="remix_post_id", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="GenerationJob", name="remix_image_id", field=fields.BigIntField(null=True)),
        ops.RunSQL(DEFAULTS),
        ops.RunSQL(TABLES),
    ]
