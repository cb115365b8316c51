"""Narrowings: all of a person's posts older than a moment become for fewer people, a few at a time.

The row is the work: its place and progress move in the transaction that changes the posts, so whoever dies, the rest is done
once. Posts that are for as few people already stay as they are.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from errors import BadInput, Conflict, Refusal
from models import audience
from models.database import fetch, fetch_one
from models.publishing import WIDTH
from models.transaction import transaction
from models.visibility import Visibility

POSTS_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class NarrowingRow:
    """How far it is: `done` of `total` posts."""

    visibility: Visibility
    before: datetime
    total: int
    done: int
    created_at: datetime
    finished_at: datetime | None


def _wider(than: Visibility) -> list[str]:
    return [one.value for one in WIDTH[WIDTH.index(than) + 1 :]]


async def ask(user_id: int, before: datetime, to: Visibility) -> None:
    """Have one's posts older than a moment narrowed. The caller holds the transaction.

    Raises BadInput (to everyone), Conflict while another is under way.
    """
    wider = _wider(to)
    if not wider:
        raise BadInput("Old posts are made for fewer people, not for everyone.", ["visibility"])
    done = await fetch(
        """INSERT INTO narrowings (user_id, visibility, before, place, total, finished_at)
        SELECT $1, $2, $3, 9223372036854775807, count(*), CASE WHEN count(*) = 0 THEN now() END
        FROM posts WHERE author_id = $1 AND deleted_at IS NULL AND created_at < $3 AND visibility = ANY($4::text[])
        ON CONFLICT DO NOTHING RETURNING id""",
        user_id,
        to.value,
        before,
        wider,
    )
    if not done:
        raise Conflict("Your old posts are being made for fewer people already.")


async def newest(user_id: int) -> NarrowingRow | None:
    """What somebody asked for last."""
    row = await fetch_one("SELECT * FROM narrowings WHERE user_id = $1 ORDER BY id DESC LIMIT 1", user_id)
    if row is None:
        return None
    return NarrowingRow(
        Visibility(row["visibility"]), row["before"], row["total"], row["done"], row["created_at"], row["finished_at"]
    )


async def work() -> bool:
    """Narrow the next few posts of one narrowing; False when there is nothing to do."""
    async with transaction():
        row = await fetch_one(
            "SELECT * FROM narrowings WHERE finished_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        if row is None:
            return False
        to = Visibility(row["visibility"])
        found = await fetch(
            """SELECT id FROM posts WHERE author_id = $1 AND deleted_at IS NULL AND id < $2 AND created_at < $3
            AND visibility = ANY($4::text[]) ORDER BY id DESC LIMIT $5 FOR UPDATE""",
            row["user_id"],
            row["place"],
            row["before"],
            _wider(to),
            POSTS_AT_ONCE,
        )
        for post in found:
            with suppress(Refusal):  # one that cannot be changed keeps none of the others
                async with transaction():
                    await audience.change(row["user_id"], post["id"], to)
        await fetch(
            """UPDATE narrowings SET done = done + $2, place = $3, finished_at = CASE WHEN $4 THEN now() END,
            total = CASE WHEN $4 THEN done + $2 ELSE greatest(total, done + $2) END WHERE id = $1""",
            row["id"],
            len(found),
            found[-1]["id"] if found else row["place"],
            len(found) < POSTS_AT_ONCE,
        )
    return True
