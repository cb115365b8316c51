"""Likes."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models import counter
from models.database import fetch
from models.event import Kind, record
from models.relation import THERE


class Like(Model):
    """`user_id` likes `post_id`."""

    id = fields.BigIntField(primary_key=True, generated=True)
    user_id = fields.BigIntField()
    post_id = fields.BigIntField(db_index=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "likes"
        unique_together = (("user_id", "post_id"),)


async def like(user_id: int, post_id: int) -> bool:
    """Like a post; True if that is new. A post deleted meanwhile is not liked, and nobody likes who is gone meanwhile."""
    rows = await fetch(
        f"WITH {THERE} INSERT INTO likes (user_id, post_id, created_at) SELECT $1, p.id, now() FROM posts p, there"
        " WHERE p.id = $2 AND p.deleted_at IS NULL ON CONFLICT DO NOTHING RETURNING id",
        user_id,
        post_id,
    )
    if rows:
        await counter.count_post(post_id, likes=1)
        await record(Kind.POST_COUNTED, [f"post:{post_id}"], actor_id=user_id, post_id=post_id)
    return bool(rows)


async def unlike(user_id: int, post_id: int) -> bool:
    """Take a like back; True if there was one."""
    rows = await fetch(
        f"WITH {THERE} DELETE FROM likes USING there WHERE user_id = $1 AND post_id = $2 RETURNING likes.id",
        user_id,
        post_id,
    )
    if rows:
        await counter.count_post(post_id, likes=-1)
        await record(Kind.POST_COUNTED, [f"post:{post_id}"], actor_id=user_id, post_id=post_id)
    return bool(rows)
