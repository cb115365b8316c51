"""Opinions: what somebody wants to see more or less of in what is picked for them. Nobody else learns of it, and it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from asyncpg import Record

from errors import BadInput, NotFound
from models import node_id
from models.database import fetch, fetch_one, fetch_value
from models.timeline import Window

MOST_OPINIONS = 500  # of one person
GONE_DAYS = 14
"""For how long what somebody wants less of is not picked at all."""
FADING_DAYS = 140
"""After how long an opinion counts no more; until then it fades evenly."""
MORE_FACTOR = 1.5


class OpinionWish(Enum):
    """Which way."""

    MORE = "MORE"
    LESS = "LESS"


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """One opinion: about a post, a person, or a hashtag (folded); the others are 0 or empty."""

    id: int
    wish: OpinionWish
    post_id: int
    user_id: int
    hashtag: str
    created_at: datetime

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("opinion", self.id)


_COLUMNS = "id, wish, post_id, user_id, hashtag, created_at"


def _row(row: Record) -> OpinionRow:
    return OpinionRow(
        row["id"], OpinionWish(row["wish"]), row["post_id"], row["user_id"], row["hashtag"], row["created_at"]
    )


def factor(wish: OpinionWish, days: float) -> float:
    """What an opinion of so many days makes of a score: `MORE_FACTOR` at first, or nothing for `GONE_DAYS`, fading to 1."""
    if days >= FADING_DAYS:
        return 1.0
    if wish is OpinionWish.MORE:
        return MORE_FACTOR - (MORE_FACTOR - 1.0) * days / FADING_DAYS
    return 0.0 if days < GONE_DAYS else (days - GONE_DAYS) / (FADING_DAYS - GONE_DAYS)


async def give(viewer_id: int, wish: OpinionWish, *, post_id: int = 0, user_id: int = 0, hashtag: str = "") -> int:
    """Say so, anew where it was said before; its id. Raises BadInput for more than `MOST_OPINIONS`."""
    held = await fetch_value("SELECT count(*) FROM opinions WHERE viewer_id = $1", viewer_id)
    if held >= MOST_OPINIONS:
        raise BadInput(f"At most {MOST_OPINIONS} opinions are kept: take some back.", ["wish"])
    found: int = await fetch_value(
        """INSERT INTO opinions (viewer_id, wish, post_id, user_id, hashtag) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (viewer_id, post_id, user_id, hashtag) DO UPDATE SET wish = excluded.wish, created_at = now() RETURNING id""",
        viewer_id,
        wish.value,
        post_id,
        user_id,
        hashtag,
    )
    return found


async def withdraw(viewer_id: int, opinion_id: int) -> None:
    """Take it back. Raises NotFound when it is not theirs, or gone."""
    rows = await fetch("DELETE FROM opinions WHERE id = $1 AND viewer_id = $2 RETURNING 1", opinion_id, viewer_id)
    if not rows:
        raise NotFound("There is no such opinion.", ["opinionId"])


async def opinion_of(viewer_id: int, opinion_id: int) -> OpinionRow | None:
    """One opinion of the viewer's own."""
    row = await fetch_one(f"SELECT {_COLUMNS} FROM opinions WHERE id = $1 AND viewer_id = $2", opinion_id, viewer_id)
    return _row(row) if row else None


async def opinions(viewer_id: int, window: Window) -> list[OpinionRow]:
    """The viewer's opinions, newest first."""
    rows = await fetch(
        f"SELECT {_COLUMNS} FROM opinions WHERE viewer_id = $1 AND id < $2 AND id > $3 ORDER BY id {window.direction} LIMIT $4",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
    )
    return sorted((_row(row) for row in rows), key=lambda one: -one.id)


def unwanted(post: str = "p", viewer: str = "$1") -> str:
    """The SQL condition that the viewer said lately that they want less of this post, its author, or one of its hashtags."""
    return f"""EXISTS (SELECT 1 FROM opinions o WHERE o.viewer_id = {viewer} AND o.wish = 'LESS'
        AND o.created_at > now() - interval '{GONE_DAYS} days' AND (o.post_id = {post}.id OR o.user_id = {post}.author_id
            OR (o.hashtag <> '' AND EXISTS (SELECT 1 FROM post_hashtags h WHERE h.hashtag = o.hashtag AND h.post_id = {post}.id))))"""


async def all_of(viewer_id: int) -> list[OpinionRow]:
    """What counts for ranking."""
    rows: Any = await fetch(
        f"SELECT {_COLUMNS} FROM opinions WHERE viewer_id = $1 AND created_at > now() - make_interval(days => {FADING_DAYS})",
        viewer_id,
    )
    return [_row(row) for row in rows]
