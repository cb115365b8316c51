"""Requests to follow a private account: asked, then accepted, declined or withdrawn. The table is made by SQL.

A request stands at most once between two people, and not beside a follow.
"""

from __future__ import annotations

from collections.abc import Iterable

from errors import NotFound
from models import counter
from models.database import fetch, fetch_one, fetch_value
from models.event import Kind, record, record_follows, record_pairs
from models.relation import hold_pair, hold_standing
from models.transaction import transaction

MOST_COUNTED = 100
LET_IN_AT_ONCE = 500


async def ask(requester_id: int, target_id: int) -> bool:
    """Ask to follow; True if that is new. The caller holds the pair and has looked whether asking is what is needed."""
    rows = await fetch(
        "INSERT INTO follow_requests (requester_id, target_id) SELECT $1, $2 WHERE NOT EXISTS"
        " (SELECT 1 FROM follows WHERE follower_id = $1 AND followee_id = $2) ON CONFLICT DO NOTHING RETURNING id",
        requester_id,
        target_id,
    )
    if rows:
        await _tell(Kind.FOLLOW_REQUESTED, requester_id, target_id)
    return bool(rows)


async def withdraw(requester_id: int, target_id: int) -> bool:
    """Take a request out, whoever of the two does it; True if there was one."""
    rows = await fetch(
        "DELETE FROM follow_requests WHERE requester_id = $1 AND target_id = $2 RETURNING id", requester_id, target_id
    )
    if rows:
        await _tell(Kind.FOLLOW_REQUEST_ENDED, requester_id, target_id)
    return bool(rows)


async def decline(target_id: int, requester_id: int) -> bool:
    """Turn a request down; True if there was one. They may ask again."""
    return await withdraw(requester_id, target_id)


async def accept(target_id: int, requester_id: int) -> bool:
    """Let somebody follow who asked; True if that is new. Raises NotFound when they did not ask and do not follow."""
    await hold_pair(target_id, requester_id)
    if not await withdraw(requester_id, target_id):
        if not await fetch(
            "SELECT 1 FROM follows WHERE follower_id = $1 AND followee_id = $2", requester_id, target_id
        ):
            raise NotFound("There is no such request.", ["userId"])
        return False
    return bool(await _let_in(target_id, [requester_id]))


async def open_to_all(target_id: int) -> None:
    """Let those follow who asked, `LET_IN_AT_ONCE` now and the others by `let_in_more`: one transaction never lets in a crowd.
    The caller holds the standing of the account, which is open."""
    if await _let_in_some(target_id):
        await fetch("INSERT INTO openings (user_id) VALUES ($1) ON CONFLICT DO NOTHING", target_id)


async def let_in_more() -> bool:
    """Go on letting in where an account opened; whether there may be more. One that is private again keeps its requests."""
    async with transaction():
        row = await fetch_one("SELECT user_id FROM openings ORDER BY opened_at LIMIT 1")
        if row is None:
            return False
        await hold_standing(row["user_id"])
        is_open = await fetch("SELECT 1 FROM users WHERE id = $1 AND NOT is_private", row["user_id"])
        if not (is_open and await _let_in_some(row["user_id"])):
            await fetch("DELETE FROM openings WHERE user_id = $1", row["user_id"])
        return True


async def _let_in_some(target_id: int) -> bool:
    rows = await fetch(
        """DELETE FROM follow_requests WHERE id IN (
            SELECT id FROM follow_requests WHERE target_id = $1 ORDER BY id LIMIT $2
        ) RETURNING requester_id""",
        target_id,
        LET_IN_AT_ONCE,
    )
    people = [row["requester_id"] for row in rows]
    await record_pairs(Kind.FOLLOW_REQUEST_ENDED, people, target_id)
    await _let_in(target_id, people)
    return len(people) == LET_IN_AT_ONCE


async def asking(target_id: int, people: Iterable[int]) -> set[int]:
    """Those of the people who asked to follow."""
    rows = await fetch(
        "SELECT requester_id FROM follow_requests WHERE target_id = $1 AND requester_id = ANY($2::bigint[])",
        target_id,
        list(people),
    )
    return {row["requester_id"] for row in rows}


async def count(target_id: int) -> int:
    """How many wait to be let in, at most `MOST_COUNTED`; those who are gone apart."""
    return int(
        await fetch_value(
            "SELECT count(*) FROM (SELECT 1 FROM follow_requests r JOIN users u ON u.id = r.requester_id AND NOT u.gone"
            " WHERE r.target_id = $1 LIMIT $2) AS waiting",
            target_id,
            MOST_COUNTED,
        )
    )


async def _let_in(target_id: int, people: list[int]) -> list[int]:
    rows = await fetch(
        "INSERT INTO follows (follower_id, followee_id, created_at) SELECT id, $1, now() FROM unnest($2::bigint[]) AS n (id)"
        " ON CONFLICT DO NOTHING RETURNING follower_id, (SELECT gone FROM users WHERE id = follower_id) AS gone",
        target_id,
        people,
    )
    followers = [row["follower_id"] for row in rows]
    if followers:
        await counter.count_users(followers, followings=1)
        await counter.count_user(target_id, followers=sum(not row["gone"] for row in rows))
        await record_follows(followers, target_id)
    return followers


async def _tell(kind: Kind, requester_id: int, target_id: int) -> None:
    await record(kind, [f"viewer:{requester_id}", f"viewer:{target_id}"], actor_id=requester_id, user_id=target_id)
