"""What stands on a board, and in which order: put there, taken off, moved by hand.

A place is a number (`rank`, the highest on top) with room between neighbours; where the room is used up all are spread out anew.
"""

from __future__ import annotations

from asyncpg import Record

from errors import BadInput, Forbidden, NotFound, QuotaExceeded
from models.board import MEMBER, holding, tell
from models.database import fetch, fetch_one, fetch_value
from models.post import seen

MOST_POSTS = 5_000
FIRST_RANK = 2**40
GAP = 2**20  # between neighbours; halved by each post that is put between the same two


async def add(viewer_id: int, board_id: int, post_id: int) -> bool:
    """Put a post that the viewer sees at the top of a board they may add to; True if it was not there.

    Raises NotFound, QuotaExceeded.
    """
    found = await _open(viewer_id, board_id)
    await seen(viewer_id, post_id, "postId")
    rows = await fetch(
        f"""INSERT INTO board_posts (board_id, post_id, added_by, rank)
        SELECT $1, $2, $3, coalesce((SELECT max(rank) + {GAP} FROM board_posts WHERE board_id = $1), {FIRST_RANK})
        ON CONFLICT DO NOTHING RETURNING post_id""",
        board_id,
        post_id,
        viewer_id,
    )
    if rows:
        if found["size"] >= MOST_POSTS:
            raise QuotaExceeded(f"A board holds {MOST_POSTS:,} posts.", ["boardId"])
        await _resize(board_id, 1)
        await tell(viewer_id, board_id)
    return bool(rows)


async def remove(viewer_id: int, board_id: int, post_id: int) -> bool:
    """Take a post off a board: its owner any, others what they added. True if it was there. Raises NotFound, Forbidden."""
    found = await _open(viewer_id, board_id)
    adder = await fetch_value(
        "SELECT added_by FROM board_posts WHERE board_id = $1 AND post_id = $2", board_id, post_id
    )
    if adder is None:
        return False
    if viewer_id not in (found["owner_id"], adder):
        raise Forbidden("Only whoever put it there and the board's owner take it off.", ["postId"])
    await fetch("DELETE FROM board_posts WHERE board_id = $1 AND post_id = $2", board_id, post_id)
    await _resize(board_id, -1)
    await tell(viewer_id, board_id)
    return True


async def move(viewer_id: int, board_id: int, post_id: int, above_id: int | None) -> None:
    """Put a post of a board below another of it, or on top. Whoever may add may order. Raises NotFound."""
    await _open(viewer_id, board_id)
    await _there(board_id, post_id, "postId")
    if above_id == post_id:
        raise BadInput("A post does not stand below itself.", ["belowPostId"])
    if above_id is not None:
        await _there(board_id, above_id, "belowPostId")
    for _ in range(2):  # where there is no room between the two, all are spread out and it is tried again
        rank = await _between(board_id, post_id, above_id)
        if rank is not None:
            await fetch(
                "UPDATE board_posts SET rank = $3 WHERE board_id = $1 AND post_id = $2", board_id, post_id, rank
            )
            await tell(viewer_id, board_id)
            return
        await fetch(
            f"""UPDATE board_posts bp SET rank = {FIRST_RANK} + turn.number * {GAP} FROM (
                SELECT post_id, row_number() OVER (ORDER BY rank) AS number FROM board_posts WHERE board_id = $1
            ) AS turn WHERE bp.board_id = $1 AND bp.post_id = turn.post_id""",
            board_id,
        )
    raise RuntimeError("A board that was spread out has no room.")


async def _open(viewer_id: int, board_id: int) -> Record:
    """The board's row, locked, where the viewer may add to it."""
    row = await fetch_one(
        f"SELECT b.* FROM boards b WHERE b.id = $2 AND (b.owner_id = $1 OR b.audience <> 'PRIVATE' AND {MEMBER}) FOR UPDATE",
        viewer_id,
        board_id,
    )
    if row is None:
        raise NotFound("There is no such board of yours.", ["boardId"])
    return row


async def _there(board_id: int, post_id: int, path: str) -> None:
    if not await holding([(board_id, post_id)]):
        raise NotFound("This post is not on the board.", [path])


async def _between(board_id: int, post_id: int, above_id: int | None) -> int | None:
    """A rank just below `above_id`, or above all; None where there is no room."""
    if above_id is None:
        top = await fetch_value(
            "SELECT max(rank) FROM board_posts WHERE board_id = $1 AND post_id <> $2", board_id, post_id
        )
        return FIRST_RANK if top is None else int(top) + GAP
    row = await fetch_one(
        """SELECT above.rank AS high, (SELECT max(rank) FROM board_posts
            WHERE board_id = $1 AND post_id <> $2 AND rank < above.rank) AS low
        FROM board_posts above WHERE above.board_id = $1 AND above.post_id = $3""",
        board_id,
        post_id,
        above_id,
    )
    assert row is not None, "it was there under the lock"
    low = row["high"] - 2 * GAP if row["low"] is None else row["low"]
    rank = (row["high"] + low) // 2
    return int(rank) if low < rank < row["high"] and rank > 0 else None


async def _resize(board_id: int, by: int) -> None:
    await fetch("UPDATE boards SET size = size + $2 WHERE id = $1", board_id, by)
