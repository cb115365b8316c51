"""Boards: folders of posts in an order made by hand (`models/board_order.py`); private, shared with some who add to them too, or public.

Whatever is on a board, each viewer finds there what they may see, and is told of no more. Every change locks the board's row,
so changes made at once come one after the other and every reader ends with the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from asyncpg import Record

from errors import BadInput, Forbidden, NotFound, QuotaExceeded
from models import naming, node_id
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record
from models.relation import hold_pair
from models.timeline import Window
from models.visibility import kept_from, lets_in, visible

MOST_BOARDS = 100
MOST_MEMBERS = 50
MOST_COUNTED = 100  # posts of a board that are counted for a viewer: each is asked for by the rules
MOST_COVERS = 4
COVER_POSTS = 40  # from the top, that are looked through for pictures
LONGEST_NAME = 50
LONGEST_DESCRIPTION = 300


class BoardAudience(Enum):
    """Who may look at a board."""

    PRIVATE = "PRIVATE"
    SHARED = "SHARED"
    PUBLIC = "PUBLIC"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A board as somebody sees it who may. `cover_ids` are images the viewer may see."""

    id: int
    owner_id: int
    name: str
    description: str
    audience: BoardAudience
    post_count: int
    cover_ids: Sequence[int]
    member_ids: Sequence[int]
    viewer_is_owner: bool
    viewer_can_add: bool
    created_at: datetime
    changed_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("board", self.id)


@dataclass(frozen=True, slots=True)
class Placed:
    """A post on a board; `key` sorts, the highest first."""

    key: int
    post_id: int
    added_by: int
    added_at: datetime


MEMBER = "EXISTS (SELECT 1 FROM board_members e WHERE e.board_id = b.id AND e.user_id = $1)"
# A board under alias `b` is there for its owner, for whom it is shared with, and while it is public for whoever sees what is on
# the owner's page.
SEEN = f"""(b.owner_id = $1 OR (b.audience <> 'PRIVATE' AND {MEMBER}
        AND NOT EXISTS (SELECT 1 FROM users e WHERE e.id = b.owner_id AND e.gone))
    OR (b.audience = 'PUBLIC' AND {lets_in("b.owner_id", "$1")}))"""
_ROWS = f"""SELECT b.*, b.audience <> 'PRIVATE' AND {MEMBER} AS is_member,
    (SELECT count(*) FROM (SELECT 1 FROM board_posts bp JOIN posts p ON p.id = bp.post_id
        WHERE bp.board_id = b.id AND {visible.sql()} LIMIT {MOST_COUNTED}) AS counted) AS shown,
    ARRAY(SELECT covered.image_id FROM (
        (SELECT 0 AS turn, b.cover_post_id AS post_id, 0::bigint AS rank
            WHERE EXISTS (SELECT 1 FROM board_posts bp WHERE bp.board_id = b.id AND bp.post_id = b.cover_post_id))
        UNION ALL (SELECT 1, bp.post_id, bp.rank FROM board_posts bp WHERE bp.board_id = b.id
            AND bp.post_id IS DISTINCT FROM b.cover_post_id ORDER BY bp.rank DESC LIMIT {COVER_POSTS})
    ) AS top JOIN posts p ON p.id = top.post_id JOIN LATERAL (
        SELECT pi.image_id FROM post_images pi WHERE pi.post_id = p.id ORDER BY pi.position LIMIT 1) AS covered ON true
        WHERE {visible.sql()} ORDER BY top.turn, top.rank DESC LIMIT {MOST_COVERS}) AS covers,
    ARRAY(SELECT m.user_id FROM board_members m WHERE m.board_id = b.id ORDER BY m.added_at, m.user_id) AS members
    FROM boards b"""


def _row(row: Record, viewer_id: int) -> BoardRow:
    own = row["owner_id"] == viewer_id
    shared = row["audience"] != BoardAudience.PRIVATE.value
    return BoardRow(
        row["id"],
        row["owner_id"],
        row["name"],
        row["description"],
        BoardAudience(row["audience"]),
        row["shown"],
        row["covers"],
        row["members"] if own or (shared and row["is_member"]) else (),
        own,
        own or (shared and row["is_member"]),
        row["created_at"],
        row["changed_at"],
    )


async def boards(viewer_id: int, board_ids: Sequence[int]) -> dict[int, BoardRow]:
    """Boards by id, those that are there for this viewer."""
    rows = await fetch(f"{_ROWS} WHERE b.id = ANY($2::bigint[]) AND {SEEN}", viewer_id, list(board_ids))
    return {row["id"]: _row(row, viewer_id) for row in rows}


async def boards_of(viewer_id: int, owner_id: int, window: Window) -> list[BoardRow]:
    """A person's boards in a window, newest first, as far as they are there for the viewer; one's own with those that others
    share with one."""
    mine = "(b.owner_id = $5 OR $5 = $1 AND b.audience <> 'PRIVATE' AND b.id IN (SELECT e.board_id FROM board_members e WHERE e.user_id = $1))"
    rows = await fetch(
        f"{_ROWS} WHERE {mine} AND {SEEN} AND b.id < $2 AND b.id > $3 ORDER BY b.id {window.direction} LIMIT $4",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        owner_id,
    )
    return sorted((_row(row, viewer_id) for row in rows), key=lambda row: -row.id)


async def placed(viewer_id: int, board_id: int, window: Window) -> list[Placed]:
    """The posts of a board in a window, in its order, as far as the viewer may see them."""
    rows = await fetch(
        f"""SELECT bp.rank, bp.post_id, bp.added_by, bp.added_at FROM board_posts bp JOIN posts p ON p.id = bp.post_id
        WHERE bp.board_id = $5 AND bp.rank < $2 AND bp.rank > $3 AND {visible.sql()}
        ORDER BY bp.rank {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        board_id,
    )
    found = [Placed(row["rank"], row["post_id"], row["added_by"], row["added_at"]) for row in rows]
    return sorted(found, key=lambda one: -one.key)


async def holding(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of the pairs of a board and a post where the post is on the board."""
    wanted = list(pairs)
    rows = await fetch(
        "SELECT bp.board_id, bp.post_id FROM unnest($1::bigint[], $2::bigint[]) AS asked (board_id, post_id)"
        " JOIN board_posts bp ON bp.board_id = asked.board_id AND bp.post_id = asked.post_id",
        [board_id for board_id, _ in wanted],
        [post_id for _, post_id in wanted],
    )
    return {(row["board_id"], row["post_id"]) for row in rows}


# -- verbs, each in a transaction of the caller's


async def create(owner_id: int, name: str, description: str, audience: BoardAudience) -> int:
    """Make a board; gives its id. Raises BadInput, QuotaExceeded."""
    # Two at once count each other only when the second counts after the first has committed.
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('boards of ' || $1::bigint, 0))", owner_id)
    if await fetch_value("SELECT count(*) FROM boards WHERE owner_id = $1", owner_id) >= MOST_BOARDS:
        raise QuotaExceeded(f"You have {MOST_BOARDS} boards; delete one to make another.")
    number: int = await fetch_value(
        "INSERT INTO boards (owner_id, name, description, audience) VALUES ($1, $2, $3, $4) RETURNING id",
        owner_id,
        naming.name(name, LONGEST_NAME),
        naming.description(description, LONGEST_DESCRIPTION),
        audience.value,
    )
    return number


async def change(
    owner_id: int,
    board_id: int,
    *,
    name: str | None = None,
    description: str | None = None,
    audience: BoardAudience | None = None,
    cover_post_id: int | None = None,
    uncover: bool = False,
) -> None:
    """Change one's own board; None stays as it is, `uncover` takes the chosen cover away. Raises NotFound, BadInput."""
    await _own(owner_id, board_id)
    if cover_post_id is not None and not await holding([(board_id, cover_post_id)]):
        raise NotFound("This post is not on the board.", ["coverPostId"])
    await fetch(
        """UPDATE boards SET name = coalesce($2, name), description = coalesce($3, description),
            audience = coalesce($4, audience), cover_post_id = CASE WHEN $6 THEN NULL ELSE coalesce($5, cover_post_id) END
        WHERE id = $1""",
        board_id,
        None if name is None else naming.name(name, LONGEST_NAME),
        None if description is None else naming.description(description, LONGEST_DESCRIPTION),
        None if audience is None else audience.value,
        cover_post_id,
        uncover,
    )
    await tell(owner_id, board_id)


async def delete(owner_id: int, board_id: int) -> None:
    """Delete one's own board; the posts stay where they are. Raises NotFound."""
    await _own(owner_id, board_id)
    await fetch("DELETE FROM boards WHERE id = $1", board_id)
    await record(Kind.BOARD_CHANGED, [f"board:{board_id}"], actor_id=owner_id, subject_id=board_id)


async def invite(owner_id: int, board_id: int, user_id: int) -> bool:
    """Share one's own board with somebody, who may add to it from then on; True if that is new.

    Raises NotFound, BadInput, Forbidden where a block parts them or moderators limited the owner, QuotaExceeded.
    """
    if owner_id == user_id:
        raise BadInput("Your own board is yours already.", ["userId"])
    await hold_pair(owner_id, user_id)
    await _own(owner_id, board_id)
    if await fetch_value(
        f"""SELECT EXISTS (SELECT 1 FROM blocks WHERE (blocker_id, blocked_id) IN (($1, $2), ($2, $1)))
        OR {kept_from("$1::bigint", "$2::bigint")}""",
        owner_id,
        user_id,
    ):
        raise Forbidden("You cannot share a board with this person.", ["userId"])
    rows = await fetch(
        "INSERT INTO board_members (board_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING user_id",
        board_id,
        user_id,
    )
    if rows:
        if await fetch_value("SELECT count(*) FROM board_members WHERE board_id = $1", board_id) > MOST_MEMBERS:
            raise QuotaExceeded(f"A board is shared with {MOST_MEMBERS} people at most.", ["boardId"])
        await tell(owner_id, board_id)
    return bool(rows)


async def dismiss(viewer_id: int, board_id: int, user_id: int) -> bool:
    """Share a board with somebody no longer; its owner may, and everybody for themselves. What they added stays.

    True if it was shared with them. Raises NotFound.
    """
    row = await fetch_one("SELECT owner_id FROM boards WHERE id = $1 FOR UPDATE", board_id)
    if row is None or viewer_id not in (row["owner_id"], user_id):
        raise NotFound("There is no such board of yours.", ["boardId"])
    rows = await fetch(
        "DELETE FROM board_members WHERE board_id = $1 AND user_id = $2 RETURNING user_id", board_id, user_id
    )
    if rows:
        await tell(viewer_id, board_id)
    elif viewer_id != row["owner_id"]:
        raise NotFound("There is no such board of yours.", ["boardId"])
    return bool(rows)


async def part(one_id: int, other_id: int) -> None:
    """No board of either is shared with the other any longer, because of a block; the caller holds the pair."""
    rows = await fetch(
        """SELECT b.id, b.owner_id, m.user_id FROM board_members m JOIN boards b ON b.id = m.board_id
        WHERE (m.user_id, b.owner_id) IN (($1, $2), ($2, $1)) ORDER BY b.id FOR UPDATE OF b""",
        one_id,
        other_id,
    )
    for row in rows:
        await fetch("DELETE FROM board_members WHERE board_id = $1 AND user_id = $2", row["id"], row["user_id"])
        await tell(row["owner_id"], row["id"])


async def _own(owner_id: int, board_id: int) -> Record:
    row = await fetch_one("SELECT * FROM boards WHERE id = $1 AND owner_id = $2 FOR UPDATE", board_id, owner_id)
    if row is None:
        raise NotFound("There is no such board of yours.", ["boardId"])
    return row


async def tell(actor_id: int, board_id: int) -> None:
    """Record that something about a board changed."""
    await fetch("UPDATE boards SET changed_at = now() WHERE id = $1", board_id)
    await record(Kind.BOARD_CHANGED, [f"board:{board_id}"], actor_id=actor_id, subject_id=board_id)
