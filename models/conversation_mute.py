"""Conversations that somebody does not want to hear of: their replies leave the home. The table is made by SQL."""

from __future__ import annotations

from models.database import fetch
from models.event import Kind, record


async def mute(muter_id: int, post_id: int) -> bool:
    """Mute the conversation a post stands in; True if that is new. The caller has looked whether the post may be seen."""
    rows = await fetch(
        "INSERT INTO conversation_mutes (muter_id, conversation_id) SELECT $1, conversation_id FROM posts WHERE id = $2"
        " ON CONFLICT DO NOTHING RETURNING id",
        muter_id,
        post_id,
    )
    return await _told(muter_id, bool(rows))


async def unmute(muter_id: int, post_id: int) -> bool:
    """Hear of it again; True if it was muted."""
    rows = await fetch(
        "DELETE FROM conversation_mutes WHERE muter_id = $1 AND conversation_id ="
        " (SELECT conversation_id FROM posts WHERE id = $2) RETURNING id",
        muter_id,
        post_id,
    )
    return await _told(muter_id, bool(rows))


async def _told(muter_id: int, changed: bool) -> bool:
    if changed:
        await record(Kind.FILTERS_CHANGED, [f"viewer:{muter_id}"], actor_id=muter_id)
    return changed
