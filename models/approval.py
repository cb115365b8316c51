"""Who likes a post and who reposted it: lists of people, the latest first, without those whom a block keeps from the viewer."""

from __future__ import annotations

from models.database import fetch
from models.timeline import Window

Person = tuple[int, int]
"""Key in the list, and the person's id."""


async def likers(viewer_id: int, post_id: int, window: Window) -> list[Person]:
    """Who likes a post that the viewer sees."""
    return await _people("likes", viewer_id, post_id, window)


async def reposters(viewer_id: int, post_id: int, window: Window) -> list[Person]:
    """Who reposted a post that the viewer sees."""
    return await _people("reposts", viewer_id, post_id, window)


async def _people(table: str, viewer_id: int, post_id: int, window: Window) -> list[Person]:
    rows = await fetch(
        f"""SELECT a.id, a.user_id FROM {table} a JOIN users u ON u.id = a.user_id AND NOT u.gone WHERE a.post_id = $5 AND a.id < $2 AND a.id > $3
        AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = $1 AND b.blocked_id = a.user_id)
        AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.blocker_id = a.user_id AND b.blocked_id = $1)
        ORDER BY a.id {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        post_id,
    )
    return sorted(((row["id"], row["user_id"]) for row in rows), reverse=True)
