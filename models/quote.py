"""Quotes of a post: their list, and taking one's own post out of one of them."""

from __future__ import annotations

from errors import Forbidden
from models import counter, gate, visibility
from models.database import fetch, fetch_one
from models.event import Kind, record
from models.post import seen
from models.publishing import moves_numbers
from models.standing import is_closed
from models.timeline import Entry, Window
from models.visibility import Visibility


async def quotes(viewer_id: int, post_id: int, window: Window) -> list[Entry]:
    """The posts that quote this one and that the viewer sees, newest first; detached ones quote it no longer."""
    rows = await fetch(
        f"""SELECT p.id FROM posts p WHERE p.quoted_post_id = $5 AND NOT p.is_detached AND p.id < $2 AND p.id > $3
        AND {visibility.visible.sql()} ORDER BY p.id {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        post_id,
    )
    return [Entry(number, number) for number in sorted((row["id"] for row in rows), reverse=True)]


async def detach(viewer_id: int, post_id: int) -> None:
    """Take one's own post out of a quote of it; whoever quoted it keeps what they wrote.

    The caller holds the transaction. Raises NotFound, and Forbidden where the post quotes nothing of the viewer's.
    """
    await _detach(viewer_id, post_id, detached=True)


async def reattach(viewer_id: int, post_id: int) -> None:
    """Put one's own post back into a quote of it. As `detach`."""
    await _detach(viewer_id, post_id, detached=False)


async def _detach(viewer_id: int, post_id: int, *, detached: bool) -> None:
    row = await seen(viewer_id, post_id, "postId", to_change=True)
    quoted_id = row["quoted_post_id"]
    quoted = await fetch_one("SELECT author_id, visibility FROM posts WHERE id = $1", quoted_id)
    if quoted is None or quoted["author_id"] != viewer_id:
        raise Forbidden("A quote is detached by whoever is quoted in it.", ["postId"])
    if row["is_detached"] is detached:
        return
    await fetch("UPDATE posts SET is_detached = $2 WHERE id = $1", post_id, detached)
    await gate.tell(viewer_id, post_id)
    # What a private account quotes of others was not counted (`publishing._count`).
    counted = row["author_id"] == viewer_id or not await is_closed(row["author_id"])
    if counted and moves_numbers(Visibility(row["visibility"]), Visibility(quoted["visibility"])):
        await counter.count_post(quoted_id, quotes=-1 if detached else 1)
        await record(Kind.POST_COUNTED, [f"post:{quoted_id}"], actor_id=viewer_id, post_id=quoted_id)
