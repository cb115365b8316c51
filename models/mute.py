"""Muting: their posts leave one's timelines; they never learn of it."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from errors import BadInput
from models.database import fetch
from models.event import Kind, record


class Mute(Model):
    """`muter_id` does not want to read `muted_id`."""

    id = fields.BigIntField(primary_key=True, generated=True)
    muter_id = fields.BigIntField()
    muted_id = fields.BigIntField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "mutes"
        unique_together = (("muter_id", "muted_id"),)


async def mute(muter_id: int, muted_id: int) -> bool:
    """Mute somebody; True if that is new."""
    if muter_id == muted_id:
        raise BadInput("One does not mute oneself.", ["userId"])
    rows = await fetch(
        "INSERT INTO mutes (muter_id, muted_id, created_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING RETURNING id",
        muter_id,
        muted_id,
    )
    if rows:
        await record(Kind.MUTED, [f"viewer:{muter_id}"], actor_id=muter_id, user_id=muted_id)
    return bool(rows)


async def unmute(muter_id: int, muted_id: int) -> bool:
    """Take a mute back; True if there was one."""
    rows = await fetch("DELETE FROM mutes WHERE muter_id = $1 AND muted_id = $2 RETURNING id", muter_id, muted_id)
    if rows:
        await record(Kind.UNMUTED, [f"viewer:{muter_id}"], actor_id=muter_id, user_id=muted_id)
    return bool(rows)
