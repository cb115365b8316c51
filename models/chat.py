"""Chats as one person sees them: who is in them, how far they read, what is unread. The tables are made by SQL.

There is exactly one chat of two people, however often and from whichever side it is opened; a group has up to 50 members. Whoever
is no member of a chat is told nothing of it (`models/chat_rule.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from asyncpg import Record

from models import chat_rule, node_id
from models.chat_rule import KNOCKS, MEMBER, PRESENT, SEEN, UNREAD
from models.database import fetch, fetch_value
from models.timeline import Window

MOST_COUNTED = 100
MOST_UNANSWERED = 5
"""Messages that somebody may write to a person who has not accepted the chat yet."""


class ChatFolder(Enum):
    """Where a chat lies: with those one takes part in, or with those one is asked into."""

    INBOX = "INBOX"
    REQUESTS = "REQUESTS"


STATES = {ChatFolder.INBOX: "JOINED", ChatFolder.REQUESTS: "ASKED"}


@dataclass(slots=True)
class MemberRow:
    """A member of a chat as another member sees them. `read_sequence` is None where it is not told."""

    chat_id: int
    user_id: int
    is_admin: bool
    has_joined: bool
    read_sequence: int | None


@dataclass(slots=True)
class ChatRow:
    """A chat as one member sees it."""

    id: int
    is_group: bool
    name: str
    created_at: datetime
    last_message_id: int | None
    members: list[MemberRow]
    unread_count: int
    viewer_is_admin: bool
    viewer_has_muted: bool
    viewer_has_accepted: bool
    viewer_can_write: bool
    viewer_read_sequence: int

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("chat", self.id)


@dataclass(frozen=True, slots=True)
class ChatPlace:
    """A place in a list of chats: its key and which it is."""

    key: int
    chat_id: int


SHOWS = "NOT EXISTS (SELECT 1 FROM chat_settings e WHERE e.user_id = {} AND NOT e.shows_reading)"
_READING = f"""CASE WHEN o.user_id = m.user_id OR (o.state = 'JOINED' AND m.state = 'JOINED' AND {SHOWS.format("o.user_id")}
    AND {SHOWS.format("m.user_id")} AND NOT {chat_rule.blocked("o.user_id", "m.user_id")}) THEN o.read_sequence END"""
_WRITABLE = f"""(NOT m.is_pair OR EXISTS (SELECT 1 FROM chat_members o WHERE o.chat_id = m.chat_id AND o.user_id <> m.user_id
    AND NOT {chat_rule.gone("o.user_id")} AND NOT {chat_rule.blocked("o.user_id", "m.user_id")} AND (o.state = 'JOINED'
        OR (SELECT count(*) FROM (SELECT 1 FROM direct_messages d WHERE d.chat_id = m.chat_id AND d.sender_id = m.user_id
            LIMIT {MOST_UNANSWERED}) AS written) < {MOST_UNANSWERED})))"""
"""May whoever has membership m write there: no block, nobody gone, and no more than a few messages before one is let in."""

_CHATS = f"""SELECT c.id, c.name, c.created_at, m.is_pair, m.state, m.is_admin, m.is_muted, m.read_sequence, last.id AS last_id,
    unread.count AS unread, {_WRITABLE} AS writable, people.list AS people
FROM chat_members m JOIN chats c ON c.id = m.chat_id
LEFT JOIN LATERAL (SELECT d.id FROM direct_messages d WHERE d.chat_id = m.chat_id AND {SEEN} ORDER BY d.sequence DESC LIMIT 1) AS last ON true
CROSS JOIN LATERAL (SELECT count(*) FROM (SELECT 1 FROM direct_messages d WHERE d.chat_id = m.chat_id AND {UNREAD} LIMIT {MOST_COUNTED})
    AS few) AS unread
CROSS JOIN LATERAL (
    SELECT json_agg(json_build_array(o.user_id::text, o.is_admin, o.is_pair OR o.state = 'JOINED', {_READING}) ORDER BY o.id) AS list
    FROM chat_members o WHERE o.chat_id = m.chat_id AND (o.is_pair OR o.state IN {PRESENT})
        AND (o.user_id = m.user_id OR NOT {chat_rule.gone("o.user_id")})
) AS people
WHERE m.chat_id = ANY($2::bigint[]) AND {MEMBER}"""


async def chats(viewer_id: int, chat_ids: Sequence[int]) -> dict[int, ChatRow]:
    """Chats by id, those that this viewer is in or asked into."""
    if not chat_ids or not viewer_id:
        return {}
    return {row["id"]: _row(row) for row in await fetch(_CHATS, viewer_id, list(chat_ids))}


def _row(row: Record) -> ChatRow:
    members: list[Sequence[Any]] = row["people"] or []
    return ChatRow(
        row["id"],
        not row["is_pair"],
        row["name"],
        row["created_at"],
        row["last_id"],
        [MemberRow(row["id"], int(one[0]), one[1], one[2], one[3]) for one in members],
        row["unread"],
        row["is_admin"],
        row["is_muted"],
        row["state"] == "JOINED",
        row["writable"],
        row["read_sequence"],
    )


async def places(viewer_id: int, folder: ChatFolder, window: Window) -> list[ChatPlace]:
    """The viewer's chats in a folder, those first in which something was said last."""
    rows = await fetch(
        f"""SELECT m.chat_id, m.moved FROM chat_members m WHERE m.user_id = $1 AND m.is_listed AND m.state = $5
        AND m.moved < $2 AND m.moved > $3 AND {KNOCKS} ORDER BY m.moved {window.direction} LIMIT $4""",
        viewer_id,
        window.older_than,
        window.newer_than,
        window.limit,
        STATES[folder],
    )
    return sorted((ChatPlace(row["moved"], row["chat_id"]) for row in rows), key=lambda place: -place.key)


async def unread_count(viewer_id: int) -> int:
    """In how many chats something waits to be read that the viewer takes part in and has not muted, at most `MOST_COUNTED`."""
    return int(
        await fetch_value(
            f"""SELECT count(*) FROM (SELECT 1 FROM chat_members m WHERE m.user_id = $1 AND m.state = 'JOINED' AND NOT m.is_muted
                AND m.heard_sequence > m.read_sequence
                AND EXISTS (SELECT 1 FROM direct_messages d WHERE d.chat_id = m.chat_id AND {UNREAD}) LIMIT {MOST_COUNTED}) AS few""",
            viewer_id,
        )
    )


async def request_count(viewer_id: int) -> int:
    """How many chats the viewer is asked into, at most `MOST_COUNTED`."""
    return int(
        await fetch_value(
            f"""SELECT count(*) FROM (SELECT 1 FROM chat_members m WHERE m.user_id = $1 AND m.state = 'ASKED' AND m.is_listed
                AND {KNOCKS} LIMIT {MOST_COUNTED}) AS few""",
            viewer_id,
        )
    )


async def shared_with(viewer_id: int, other_id: int) -> bool:
    """Whether the viewer is in a chat with this person."""
    return bool(
        await fetch(
            f"""SELECT 1 FROM chat_members m JOIN chat_members o ON o.chat_id = m.chat_id AND o.user_id = $2
            WHERE {MEMBER} LIMIT 1""",
            viewer_id,
            other_id,
        )
    )


async def typists(viewer_id: int, chat_id: int) -> frozenset[int]:
    """Whose typing this viewer may be told of in a chat: who joined it, but themselves and whom a block keeps apart."""
    rows = await fetch(
        f"""SELECT o.user_id FROM chat_members m JOIN chat_members o ON o.chat_id = m.chat_id AND o.user_id <> m.user_id
        WHERE m.chat_id = $2 AND {MEMBER} AND o.state = 'JOINED' AND NOT {chat_rule.blocked("o.user_id", "m.user_id")}
        AND NOT {chat_rule.gone("o.user_id")}""",
        viewer_id,
        chat_id,
    )
    return frozenset(row["user_id"] for row in rows)
