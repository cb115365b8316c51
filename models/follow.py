"""Following: who reads whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tortoise import fields
from tortoise.models import Model

from errors import BadInput, Forbidden, NotFound
from models import counter
from models.database import fetch, fetch_one
from models.event import Kind, record
from models.follow_request import ask, withdraw
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
    """Follow somebody, or ask a private account whether one may; True if that is new. Raises Forbidden when either blocks the
    other."""
    if follower_id == followee_id:
        raise BadInput("One does not follow oneself.", ["userId"])
    await hold_pair(follower_id, followee_id)
    row = await fetch_one(
        "SELECT EXISTS (SELECT 1 FROM blocks WHERE (blocker_id, blocked_id) IN (($1, $2), ($2, $1))) AS apart, is_private"
        " FROM users WHERE id = $2",
        follower_id,
        followee_id,
    )
    if row is None or row["apart"]:
        raise Forbidden("You cannot follow this person.", ["userId"])
    if row["is_private"]:
        return await ask(follower_id, followee_id)
    await withdraw(follower_id, followee_id)  # one that waits to be let in by an account that opened
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
    """Stop following, or asking to; True if there was anything to stop."""
    await hold_pair(follower_id, followee_id)
    rows = await fetch(
        "DELETE FROM follows WHERE follower_id = $1 AND followee_id = $2 RETURNING id", follower_id, followee_id
    )
    if not rows:
        return await withdraw(follower_id, followee_id)
    await counter.count_user(follower_id, followings=-1)
    await counter.count_user(followee_id, followers=-1)
    await record(
        Kind.UNFOLLOWED, [f"viewer:{follower_id}", f"user:{followee_id}"], actor_id=follower_id, user_id=followee_id
    )
    return True


async def remove_follower(followee_id: int, follower_id: int) -> bool:
    """Have somebody follow one no longer; True if they did. They are not told, and may follow (or ask) again."""
    return await unfollow(follower_id, followee_id)


@dataclass(frozen=True, slots=True)
class FollowOptionsRow:
    """How the viewer follows somebody."""

    hides_reposts: bool
    notifies_on_post: bool


async def options_of(follower_id: int, followee_ids: Iterable[int]) -> Mapping[int, FollowOptionsRow]:
    """How somebody follows these people, by their ids; those whom they do not follow are left out."""
    rows = await fetch(
        "SELECT followee_id, hides_reposts, notifies_on_post FROM follows"
        " WHERE follower_id = $1 AND followee_id = ANY($2::bigint[])",
        follower_id,
        list(followee_ids),
    )
    return {row["followee_id"]: FollowOptionsRow(row["hides_reposts"], row["notifies_on_post"]) for row in rows}


async def set_options(
    follower_id: int, followee_id: int, hides_reposts: bool | None, notifies_on_post: bool | None
) -> bool:
    """Change how somebody is followed; None leaves it. True if anything changed. Raises NotFound where nobody is followed."""
    row = await fetch_one(
        "SELECT hides_reposts, notifies_on_post FROM follows WHERE follower_id = $1 AND followee_id = $2 FOR UPDATE",
        follower_id,
        followee_id,
    )
    if row is None:
        raise NotFound("You do not follow this person.", ["userId"])
    hides = row["hides_reposts"] if hides_reposts is None else hides_reposts
    notifies = row["notifies_on_post"] if notifies_on_post is None else notifies_on_post
    if (hides, notifies) == (row["hides_reposts"], row["notifies_on_post"]):
        return False
    await fetch(
        "UPDATE follows SET hides_reposts = $3, notifies_on_post = $4 WHERE follower_id = $1 AND followee_id = $2",
        follower_id,
        followee_id,
        hides,
        notifies,
    )
    if hides != row["hides_reposts"]:
        await record(Kind.FOLLOW_CHANGED, [f"viewer:{follower_id}"], actor_id=follower_id, user_id=followee_id)
    return True
