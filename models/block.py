"""Blocking: neither sees the other's posts, and nobody follows anybody."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from errors import BadInput
from models import board, labeler, user_list
from models.database import fetch
from models.event import Kind, record
from models.follow import unfollow
from models.follow_request import withdraw
from models.relation import hold_pair


class Block(Model):
    """`blocker_id` wants nothing to do with `blocked_id`."""

    id = fields.BigIntField(primary_key=True, generated=True)
    blocker_id = fields.BigIntField()
    blocked_id = fields.BigIntField(db_index=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "blocks"
        unique_together = (("blocker_id", "blocked_id"),)


async def block(blocker_id: int, blocked_id: int) -> bool:
    """Block somebody; True if that is new. Follows in both directions end, and neither
    stays on lists or boards of the other, or listens to the other's labels."""
    if blocker_id == blocked_id:
        raise BadInput("One does not block oneself.", ["userId"])
    await hold_pair(blocker_id, blocked_id)
    rows = await fetch(
        "INSERT INTO blocks (blocker_id, blocked_id, created_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING RETURNING id",
        blocker_id,
        blocked_id,
    )
    if rows:
        await unfollow(blocker_id, blocked_id)
        await unfollow(blocked_id, blocker_id)
        await withdraw(blocker_id, blocked_id)
        await withdraw(blocked_id, blocker_id)
        await user_list.part(blocker_id, blocked_id)
        await board.part(blocker_id, blocked_id)
        await labeler.part(blocker_id, blocked_id)
        await record(
            Kind.BLOCKED, [f"viewer:{blocker_id}", f"viewer:{blocked_id}"], actor_id=blocker_id, user_id=blocked_id
        )
    return bool(rows)


async def unblock(blocker_id: int, blocked_id: int) -> bool:
    """Take a block back; True if there was one. Follows do not come back by themselves."""
    rows = await fetch(
        "DELETE FROM blocks WHERE blocker_id = $1 AND blocked_id = $2 RETURNING id", blocker_id, blocked_id
    )
    if rows:
        await record(
            Kind.UNBLOCKED, [f"viewer:{blocker_id}", f"viewer:{blocked_id}"], actor_id=blocker_id, user_id=blocked_id
        )
    return bool(rows)
