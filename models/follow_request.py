"""Requests to follow a private account: asked, then accepted, declined or withdrawn. The table is made by SQL.

A request stands at most once between two people, and not beside a follow.
"""

from __future__ import annotations

from collections.abc import Iterable

from errors import NotFound
from models import counter
from models.database import fetch, fetch_value
from models.event import Kind, record, record_follows
from models.relation import hold_pair

MOST_COUNTED = 100


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


async def accept_all(target_id: int) -> int:
    """Let everybody follow who asked; how many they were. The caller holds the standing of the account."""
    rows = await fetch("DELETE FROM follow_requests WHERE target_id = $1 RETURNING requester_id", target_id)
    people = [row["requester_id"] for row in rows]
    for requester_id in people:
        await _tell(Kind.FOLLOW_REQUEST_ENDED, requester_id, target_id)
    return len(await _let_in(target_id, people))


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
