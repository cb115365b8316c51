"""Muting: their posts leave one's timelines; they never learn of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from errors import BadInput
from models.database import fetch
from models.event import Kind, record

AT_ONCE = 500


class Mute(Model):
    """`muter_id` does not want to read `muted_id`."""

    id = fields.BigIntField(primary_key=True, generated=True)
    muter_id = fields.BigIntField()
    muted_id = fields.BigIntField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "mutes"
        unique_together = (("muter_id", "muted_id"),)


@dataclass(frozen=True, slots=True)
class MuteRow:
    """How the viewer mutes somebody; `expires_at` None is for good."""

    expires_at: datetime | None
    mutes_notifications: bool


async def mute(
    muter_id: int, muted_id: int, expires_at: datetime | None = None, *, mutes_notifications: bool = True
) -> bool:
    """Mute somebody, until `expires_at` where it is given; True if anything changed by it."""
    if muter_id == muted_id:
        raise BadInput("One does not mute oneself.", ["userId"])
    rows = await fetch(
        """INSERT INTO mutes (muter_id, muted_id, created_at, expires_at, mutes_notifications) VALUES ($1, $2, now(), $3, $4)
        ON CONFLICT (muter_id, muted_id) DO UPDATE
            SET expires_at = excluded.expires_at, mutes_notifications = excluded.mutes_notifications
            WHERE (mutes.expires_at, mutes.mutes_notifications) IS DISTINCT FROM (excluded.expires_at, excluded.mutes_notifications)
        RETURNING id""",
        muter_id,
        muted_id,
        expires_at,
        mutes_notifications,
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


async def mutes_of(muter_id: int, muted_ids: Iterable[int]) -> Mapping[int, MuteRow]:
    """How somebody mutes these people, by their ids; those whom they do not mute now are left out."""
    rows = await fetch(
        "SELECT muted_id, expires_at, mutes_notifications FROM mutes WHERE muter_id = $1 AND muted_id = ANY($2::bigint[])"
        " AND (expires_at IS NULL OR expires_at > now())",
        muter_id,
        list(muted_ids),
    )
    return {row["muted_id"]: MuteRow(row["expires_at"], row["mutes_notifications"]) for row in rows}


async def forget_over() -> bool:
    """Take out what is over, and tell those who listen; whether there may be more. What is over acts no more before that."""
    rows = await fetch(
        "DELETE FROM mutes WHERE id IN (SELECT id FROM mutes WHERE expires_at <= now() LIMIT $1 FOR UPDATE SKIP LOCKED)"
        " RETURNING muter_id, muted_id",
        AT_ONCE,
    )
    for row in rows:
        muter_id = row["muter_id"]
        await record(Kind.UNMUTED, [f"viewer:{muter_id}"], actor_id=muter_id, user_id=row["muted_id"])
    return len(rows) == AT_ONCE
