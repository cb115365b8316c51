"""Following: who reads whom."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from errors import BadInput, Forbidden
from models import counter
from models.database import fetch, fetch_value
from models.event import Kind, record
from models.relation import hold_pair


class Follow(Model):
    """`follower_id` reads `followee_id`."""

    id = fields.BigIntField(primary_key=True, generated=True)
    follower_id = fields.BigIntField()
    followee_id = fields.BigIntField(db_index=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "follows"
        unique_together = (("follower_id", "followee_id"),)


async def follow(follower_id: int, followee_id: int) -> bool:
    """Follow somebody; True if that is new. Raises Forbidden when either blocks the other."""
    if follower_id == followee_id:
        raise BadInput("One does not follow oneself.", ["userId"])
    await hold_pair(follower_id, followee_id)
    if await fetch_value(
        "SELECT EXISTS (SELECT 1 FROM blocks WHERE (blocker_id, blocked_id) IN (($1, $2), ($2, $1)))",
        follower_id,
        followee_id,
    ):
        raise Forbidden("You cannot follow this person.", ["userId"])
    rows = await fetch(
        "INSERT INTO follows (follower_id, followee_id, created_at) VALUES ($1, $2, now())"
        " ON CONFLICT DO NOTHING RETURNING id",
        follower_id,
        followee_id,
    )
    if rows:
        await counter.count_user(follower_id, followings=1)
        await counter.count_user(followee_id, followers=1)
        await record(
            Kind.FOLLOWED,
            [f"viewer:{follower_id}", f"user:{followee_id}"],
            actor_id=follower_id,
            user_id=followee_id,
        )
    return bool(rows)


async def unfollow(follower_id: int, followee_id: int) -> bool:
    """Stop following; True if there was anything to stop."""
    rows = await fetch(
        "DELETE FROM follows WHERE follower_id = $1 AND followee_id = $2 RETURNING id", follower_id, followee_id
    )
    if rows:
        await counter.count_user(follower_id, followings=-1)
        await counter.count_user(followee_id, followers=-1)
        await record(
            Kind.UNFOLLOWED,
            [f"viewer:{follower_id}", f"user:{followee_id}"],
            actor_id=follower_id,
            user_id=followee_id,
        )
    return bool(rows)
