"""Lists of people by what they are to somebody: followers, followed, who asked to follow, blocked, muted. Newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from models import visibility
from models.database import fetch
from models.timeline import Window


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """A place in such a list: its key, who stands there, since when, and until when (None: for good)."""

    key: int
    user_id: int
    since: datetime
    until: datetime | None = None


class Bond(Enum):
    """What people are to whose list it is: a table, whose column, theirs, and what else must hold of row e."""

    FOLLOWERS = ("follows", "followee_id", "follower_id", "true")
    FOLLOWING = ("follows", "follower_id", "followee_id", "true")
    ASKING = ("follow_requests", "target_id", "requester_id", "true")
    BLOCKED = ("blocks", "blocker_id", "blocked_id", "true")
    MUTED = ("mutes", "muter_id", "muted_id", visibility.lasting("e"))


async def people(viewer_id: int, owner_id: int, bond: Bond, window: Window) -> list[Acquaintance]:
    """Who is that to the owner, as this viewer may know: nothing where a private account does not let them in, and nobody whom
    the viewer blocks, who blocks them, or who is gone. Of oneself whoever is not gone."""
    table, of, to, condition = bond.value
    until = "e.expires_at" if bond is Bond.MUTED else "NULL::timestamptz"
    rows = await fetch(
        f"""SELECT e.id, e.{to} AS user_id, e.created_at, {until} AS expires_at FROM {table} e JOIN users u ON u.id = e.{to} AND NOT u.gone
        WHERE e.{of} = $5 AND e.id < $2 AND e.id > $3 AND {condition} AND ($1 = $5 OR ({visibility.lets_in("$5", "$1")}
            AND NOT EXISTS (SELECT 1 FROM blocks b WHERE (b.blocker_id, b.blocked_id) IN ((e.{to}, $1), ($1, e.{to})))))
        ORDER BY e.id {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        owner_id,
    )
    found = [Acquaintance(row["id"], row["user_id"], row["created_at"], row["expires_at"]) for row in rows]
    return sorted(found, key=lambda one: -one.key)


async def place(owner_id: int, user_id: int, bond: Bond) -> Acquaintance | None:
    """Where somebody stands in the owner's own list; None when they do not."""
    table, of, to, condition = bond.value
    rows = await fetch(
        f"""SELECT e.id, e.created_at FROM {table} e JOIN users u ON u.id = e.{to} AND NOT u.gone
        WHERE e.{of} = $1 AND e.{to} = $2 AND {condition}""",
        owner_id,
        user_id,
    )
    return Acquaintance(rows[0]["id"], user_id, rows[0]["created_at"]) if rows else None
