"""Conversations: what a post answers (upwards) and what answers it (downwards), with typed holes.

A hole stands where a post was deleted or is by somebody the viewer blocks. Upwards, whatever else the viewer may not see is
a hole too, since the chain must keep its shape; downwards it is simply not there.
"""

from __future__ import annotations

from models import visibility
from models.database import fetch, fetch_value
from models.timeline import Window

LONGEST_CHAIN = 500


async def ancestors(post_id: int, window: Window) -> list[tuple[int, int]]:
    """Depth (1 is the parent) and id from the post upwards, oldest first; keys are depths, which say nothing of ids."""
    rows = await fetch(
        f"""WITH RECURSIVE chain AS (
            SELECT p.reply_to_id AS id, 1::bigint AS depth FROM posts p WHERE p.id = $1 AND p.reply_to_id IS NOT NULL
            UNION ALL
            SELECT p.reply_to_id, chain.depth + 1 FROM chain JOIN posts p ON p.id = chain.id
            WHERE p.reply_to_id IS NOT NULL AND chain.depth < $5
        ) SELECT id, depth FROM chain WHERE depth < $2 AND depth > $3 ORDER BY depth {window.direction} LIMIT $4""",
        post_id,
        window.older_than,
        window.newer_than,
        window.limit,
        LONGEST_CHAIN,
    )
    return sorted(((row["depth"], row["id"]) for row in rows), reverse=True)


async def replies(viewer_id: int, post_id: int, window: Window, *, hidden: bool = False) -> list[int]:
    """Ids of the direct replies, oldest first: those the viewer sees, and the holes. The `hidden` ones are a list of their own."""
    rows = await fetch(
        f"""SELECT p.id FROM posts p WHERE p.reply_to_id = $5 AND p.is_hidden = $6 AND p.id < $2 AND p.id > $3
        AND {visibility.answer.sql()}
        ORDER BY p.id {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        post_id,
        hidden,
    )
    return sorted(row["id"] for row in rows)


async def conversation_of(viewer_id: int, post_id: int) -> int | None:
    """The conversation of a post the viewer sees, by the id of its first post; else None."""
    found: int | None = await fetch_value(
        f"SELECT p.conversation_id FROM posts p WHERE p.id = $2 AND {visibility.visible.sql()}", viewer_id, post_id
    )
    return found


async def parent_of(post_id: int) -> int | None:
    """What a post answers, whether or not either is still there."""
    found: int | None = await fetch_value("SELECT reply_to_id FROM posts WHERE id = $1", post_id)
    return found


async def touches(viewer_id: int, conversation_id: int, other_id: int | None, by_viewer: bool) -> bool:
    """Whether a follow or block between the viewer and `other` may change what the viewer sees of a conversation.

    What another did to the viewer counts only where the viewer could see something, so that it tells nothing else.
    """
    return bool(
        await fetch(
            f"""SELECT 1 FROM posts p WHERE p.conversation_id = $2 AND p.author_id = $3
            AND ({visibility.known_of.sql()} OR ($4 AND p.visibility <> 'MENTIONED')) LIMIT 1""",
            viewer_id,
            conversation_id,
            other_id,
            by_viewer,
        )
    )
