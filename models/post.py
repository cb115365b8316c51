"""Posts: text, pictures, replies and quotes; what the rules need of them, and who may do what with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from asyncpg import Record
from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.expressions import RawSQL
from tortoise.models import Model
from tortoise.queryset import QuerySet

from errors import NotFound
from models import visibility
from models.consent import PromptVisibility, RemixPolicy
from models.database import fetch, fetch_one
from models.policy import QuotePolicy, ReplyPolicy
from models.visibility import SAID, PostFacts, Visibility


class Policy(Enum):
    """Who may remix the pictures of a post."""

    EVERYONE = "EVERYONE"
    NOBODY = "NOBODY"


class Post(Model):
    """One post. A deleted one keeps its row (and nothing said in it), so that a conversation keeps its shape."""

    id = fields.BigIntField(primary_key=True, generated=True)
    author_id = fields.BigIntField()
    text = fields.TextField(default="")
    facets = fields.JSONField[list[dict[str, object]]](default=list)
    mentioned_ids = ArrayField(element_type="bigint", default=list)
    visibility = fields.CharEnumField(Visibility, max_length=9, default=Visibility.PUBLIC)
    content_warning = fields.TextField(null=True)
    reply_to_id = fields.BigIntField(null=True)
    reply_to_author_id = fields.BigIntField(null=True)
    conversation_id = fields.BigIntField()
    quoted_post_id = fields.BigIntField(null=True)
    remix_policy = fields.CharEnumField(RemixPolicy, max_length=9, default=RemixPolicy.NOBODY)
    prompt_visibility = fields.CharEnumField(PromptVisibility, max_length=9, default=PromptVisibility.NOBODY)
    reply_policy = fields.CharEnumField(ReplyPolicy, max_length=16, default=ReplyPolicy.EVERYONE)
    quote_policy = fields.CharEnumField(QuotePolicy, max_length=16, default=QuotePolicy.EVERYONE)
    is_sensitive = fields.BooleanField(default=False)
    is_hidden = fields.BooleanField(default=False)
    link_card_id = fields.BigIntField(null=True)
    is_detached = fields.BooleanField(default=False)
    created_at = fields.DatetimeField(auto_now_add=True)
    edited_at = fields.DatetimeField(null=True)
    deleted_at = fields.DatetimeField(null=True)
    edit_count = fields.SmallIntField(default=0)
    poll_id = fields.BigIntField(null=True)

    class Meta:
        table = "posts"

    @classmethod
    def visible_to(cls, viewer_id: int) -> QuerySet[Post]:
        """The posts this viewer may see; to be narrowed further. 0 is the signed-out viewer."""
        return cls.all().annotate(seen=RawSQL(visibility.visible.sql("posts", str(int(viewer_id))))).filter(seen=True)


class PostImage(Model):
    """An image in a post, at its place, with the alt text it has there."""

    id = fields.BigIntField(primary_key=True, generated=True)
    post_id = fields.BigIntField()
    image_id = fields.BigIntField(db_index=True)
    position = fields.SmallIntField()
    alt_text = fields.TextField(default="")

    class Meta:
        table = "post_images"
        unique_together = (("post_id", "position"), ("post_id", "image_id"))


_VISIBILITIES = {each.value: each for each in Visibility}


def facts_of(row: Record | Mapping[str, Any]) -> PostFacts:
    """The facts of a row that has the columns of `FACT_COLUMNS`."""
    return PostFacts(
        row["id"],
        row["author_id"],
        _VISIBILITIES[row["visibility"]],
        frozenset(row["mentioned_ids"]),
        row["deleted_at"] is not None,
        row["reply_to_author_id"],
        row["parent_deleted"],
        row["conversation_id"],
        row["folded"],
        row["author_private"],
        row["author_gone"],
        row["ai_alone"],
        frozenset(row["given_labels"]),
        row["author_limited"],
    )


APART_COLUMNS = f"""fresque_folded({SAID.replace("{p}", "p")}) AS folded, {visibility.author_private.sql()} AS author_private,
    {visibility.author_gone.sql()} AS author_gone, {visibility.ai_alone.sql()} AS ai_alone,
    {visibility.LABELS.replace("{p}", "p")} AS given_labels, {visibility.author_limited.sql()} AS author_limited"""
FACT_COLUMNS = f"""p.id, p.author_id, p.visibility, p.mentioned_ids, p.deleted_at, p.reply_to_author_id, p.conversation_id,
    {APART_COLUMNS},
    EXISTS (SELECT 1 FROM posts parent WHERE parent.id = p.reply_to_id AND parent.deleted_at IS NOT NULL) AS parent_deleted"""


async def facts(post_id: int) -> PostFacts | None:
    """What the rules need to know of a post, deleted or not; None when there never was one."""
    row = await fetch_one(f"SELECT {FACT_COLUMNS} FROM posts p WHERE p.id = $1", post_id)
    return facts_of(row) if row else None


async def parents_of(post_ids: Sequence[int]) -> Mapping[int, PostFacts]:
    """The same of what these posts answer, deleted or not, by the ids of the answers."""
    if not post_ids:
        return {}
    rows = await fetch(
        f"SELECT answer.id AS answer_id, {FACT_COLUMNS} FROM posts answer JOIN posts p ON p.id = answer.reply_to_id"
        " WHERE answer.id = ANY($1::bigint[])",
        list(post_ids),
    )
    return {row["answer_id"]: facts_of(row) for row in rows}


async def seen(viewer_id: int, post_id: int, path: str, *, to_change: bool = False) -> Record:
    """The row of a post this viewer may see, locked against deletion for the rest of the transaction.

    `to_change` locks it for this transaction alone. Raises NotFound with `path` otherwise.
    """
    lock = "FOR UPDATE" if to_change else "FOR SHARE"
    row = await fetch_one(
        f"SELECT p.*, {visibility.author_private.sql()} AS author_private FROM posts p WHERE p.id = $2 AND {visibility.visible.sql()} {lock} OF p",
        viewer_id,
        post_id,
    )
    if row is None:
        raise NotFound("There is no such post.", [path])
    return row


def is_for_anyone(post: Record | Mapping[str, Any]) -> bool:
    """Whether anybody may see a post (blocks apart): for everyone, and not by a private account. Needs `author_private`."""
    return post["visibility"] in ("PUBLIC", "UNLISTED") and not post["author_private"]


def may_repost(viewer_id: int, post: Record) -> bool:
    """Whether somebody who sees this row may repost it: what is for everyone, and one's own but for direct addresses."""
    if is_for_anyone(post):
        return True
    return bool(post["author_id"] == viewer_id and post["visibility"] != "MENTIONED")


async def among(viewer_id: int, post_ids: Sequence[int]) -> list[int]:
    """Those of the posts that this viewer may see."""
    rows = await fetch(
        f"SELECT p.id FROM posts p WHERE p.id = ANY($2::bigint[]) AND {visibility.visible.sql()}", viewer_id, post_ids
    )
    return [row["id"] for row in rows]
