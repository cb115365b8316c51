"""Bookmarks: private to who keeps them, counted nowhere."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.database import fetch


class Bookmark(Model):
    """`user_id` keeps `post_id` for later."""

    id = fields.BigIntField(primary_key=True, generated=True)
    user_id = fields.BigIntField()
    post_id = fields.BigIntField(db_index=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "bookmarks"
        unique_together = (("user_id", "post_id"),)


async def bookmark(user_id: int, post_id: int) -> bool:
    """Keep a post; True if that is new."""
    return bool(
        await fetch(
            "INSERT INTO bookmarks (user_id, post_id, created_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING RETURNING id",
            user_id,
            post_id,
        )
    )


async def unbookmark(user_id: int, post_id: int) -> bool:
    """Keep it no longer; True if it was kept."""
    return bool(await fetch("DELETE FROM bookmarks WHERE user_id = $1 AND post_id = $2 RETURNING id", user_id, post_id))
