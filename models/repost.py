"""Reposts: putting another's post before one's own readers."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models import counter
from models.database import fetch
from models.event import Kind, record
from models.relation import THERE


class Repost(Model):
    """`user_id` reposted `post_id`. Its id is drawn from the same clock as posts' ids, so both sort in one timeline."""

    id = fields.BigIntField(primary_key=True, generated=True)
    user_id = fields.BigIntField()
    post_id = fields.BigIntField(db_index=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "reposts"
        unique_together = (("user_id", "post_id"),)


async def repost(user_id: int, post_id: int) -> bool:
    """Repost; True if that is new. The insert itself asks whether the post is still there, so it cannot race a delete."""
    rows = await fetch(
        f"WITH {THERE} INSERT INTO reposts (user_id, post_id, created_at)"
        " SELECT $1, p.id, now() FROM posts p, there WHERE p.id = $2 AND p.deleted_at IS NULL FOR SHARE OF p"
        " ON CONFLICT DO NOTHING RETURNING id",
        user_id,
        post_id,
    )
    if rows:
        await counter.count_post(post_id, reposts=1)
        await record(
            Kind.REPOST_CREATED,
            [f"author:{user_id}"],
            actor_id=user_id,
            post_id=post_id,
            subject_id=rows[0]["id"],
        )
        await record(Kind.POST_COUNTED, [f"post:{post_id}"], actor_id=user_id, post_id=post_id)
    return bool(rows)


async def unrepost(user_id: int, post_id: int) -> bool:
    """Take a repost back; True if there was one. Readers who keep the post for another reason are told in a second step."""
    rows = await fetch(
        f"WITH {THERE} DELETE FROM reposts USING there WHERE user_id = $1 AND post_id = $2 RETURNING reposts.id",
        user_id,
        post_id,
    )
    if rows:
        await counter.count_post(post_id, reposts=-1)
        for kind in (Kind.REPOST_DELETED, Kind.REPOST_RECONSIDERED):
            await record(kind, [f"author:{user_id}"], actor_id=user_id, post_id=post_id, subject_id=rows[0]["id"])
        await record(Kind.POST_COUNTED, [f"post:{post_id}"], actor_id=user_id, post_id=post_id)
    return bool(rows)
