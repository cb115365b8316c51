"""Who likes a post and who reposted it: lists of people, the latest first.

What somebody likes and reposts is told where their page would tell it (`visibility.lets_in`): of a private account to whom it
lets in, of whoever is gone to nobody, and across no block. They all count (whoever is gone apart), without a name.
"""

from __future__ import annotations

from models import visibility
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
        f"""SELECT a.id, a.user_id FROM {table} a WHERE a.post_id = $5 AND a.id < $2 AND a.id > $3
        AND {visibility.lets_in("a.user_id", "$1")}
        ORDER BY a.id {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        post_id,
    )
    return sorted(((row["id"], row["user_id"]) for row in rows), reverse=True)
