"""Membership: being in a chat, and what one settles of it for oneself: read, muted, cleared, accepted or declined.

Whatever adds to a chat's log holds the chat first (`hold`): one writer at a time, so that its numbers have no gap. Two people who
write to each other hold their pair before that, so that no message slips past a block.
"""

from __future__ import annotations

from collections.abc import Iterable

from asyncpg import Record

from errors import Conflict, NotFound
from models import chat_rule
from models.chat import SHOWS
from models.chat_rule import PRESENT
from models.database import fetch, fetch_one
from models.event import Kind, record
from models.relation import hold_pair

NO_CHAT = "There is no such chat."


async def hold(viewer_id: int, chat_id: int) -> Record:
    """The chat, held for the rest of the transaction, with the viewer's membership of it. Raises NotFound to others."""
    pair = await fetch_one("SELECT low_id, high_id FROM chats WHERE id = $1", chat_id)
    if pair is not None and pair["low_id"] is not None and viewer_id in (pair["low_id"], pair["high_id"]):
        await hold_pair(pair["low_id"], pair["high_id"])
    await fetch("SELECT 1 FROM chats WHERE id = $1 FOR UPDATE", chat_id)
    # Asked once the chat is held: a statement that waited for it would see the membership as it was before.
    row = await fetch_one(
        f"""SELECT c.*, m.state, m.is_admin, m.since_sequence, m.read_sequence FROM chats c JOIN chat_members m ON m.chat_id = c.id
        WHERE c.id = $2 AND m.user_id = $1 AND m.state IN {PRESENT}""",
        viewer_id,
        chat_id,
    )
    if row is None:
        raise NotFound(NO_CHAT, ["chatId"])
    return row


async def tell(kind: Kind, chat_id: int, actor_id: int, subject_id: int, people: Iterable[int] | None = None) -> None:
    """Write down what happened in a chat, for these people, or all who are in it. The chat is the first topic."""
    if people is None:
        rows = await fetch(
            f"SELECT user_id FROM chat_members WHERE chat_id = $1 AND state IN {PRESENT} ORDER BY id", chat_id
        )
        people = [row["user_id"] for row in rows]
    topics = [f"chat:{chat_id}", *(f"chats:{person}" for person in people)]
    await record(kind, topics, actor_id=actor_id, subject_id=subject_id)


def chat_in(topics: Iterable[str]) -> int:
    """The chat that an event written by `tell` is about."""
    return int(next(iter(topics)).removeprefix("chat:"))


async def read(viewer_id: int, chat_id: int, sequence: int) -> None:
    """Note that the viewer has read up to a message; never back. Raises NotFound to who is no member."""
    row = await fetch_one(
        f"""UPDATE chat_members m SET read_sequence = least($3, c.last_sequence) FROM chats c WHERE c.id = m.chat_id
        AND m.chat_id = $2 AND m.user_id = $1 AND m.state IN {PRESENT} AND least($3, c.last_sequence) > m.read_sequence
        RETURNING m.state""",
        viewer_id,
        chat_id,
        sequence,
    )
    if row is None:
        await standing(viewer_id, chat_id)
        return
    people = [viewer_id]
    if row["state"] == "JOINED":
        others = await fetch(
            f"""SELECT o.user_id FROM chat_members o WHERE o.chat_id = $2 AND o.user_id <> $1 AND o.state = 'JOINED'
            AND {SHOWS.format("$1::bigint")} AND {SHOWS.format("o.user_id")} AND NOT {chat_rule.blocked("o.user_id", "$1::bigint")}""",
            viewer_id,
            chat_id,
        )
        people += [other["user_id"] for other in others]
    await tell(Kind.CHAT_READ, chat_id, viewer_id, chat_id, people)


async def set_muted(viewer_id: int, chat_id: int, *, muted: bool) -> None:
    """Count a chat among the unread no more, or again. Raises NotFound to who is no member."""
    await _settle(viewer_id, chat_id, "is_muted = $3", "is_muted <> $3", muted)


async def clear(viewer_id: int, chat_id: int) -> None:
    """Take all that was said in a chat away from the viewer alone, and the chat out of their list until more is said."""
    row = await hold(viewer_id, chat_id)
    await fetch(
        """UPDATE chat_members SET since_sequence = $3, read_sequence = $3, heard_sequence = 0, is_listed = false
        WHERE chat_id = $1 AND user_id = $2""",
        chat_id,
        viewer_id,
        row["last_sequence"],
    )
    await tell(Kind.CHAT_LEFT, chat_id, viewer_id, viewer_id, [viewer_id])


async def answer(viewer_id: int, chat_id: int, *, accept: bool) -> None:
    """Accept or decline to be in a chat that one is asked into. Nobody is told of a decline.

    Accepting again is nothing. Raises NotFound to who is no member, Conflict where there is nothing to decline any more.
    """
    row = await hold(viewer_id, chat_id)
    if row["state"] == "JOINED":
        if not accept:
            raise Conflict("You take part in this chat already: leave or clear it.", ["accept"])
        return
    if accept:
        await join(viewer_id, chat_id)
        await tell(Kind.CHAT_CHANGED, chat_id, viewer_id, viewer_id)
        return
    state = "DECLINED" if row["low_id"] is not None else "LEFT"
    await fetch(
        "UPDATE chat_members SET state = $3, is_listed = false WHERE chat_id = $1 AND user_id = $2",
        chat_id,
        viewer_id,
        state,
    )
    await tell(Kind.CHAT_LEFT, chat_id, viewer_id, viewer_id, [viewer_id])
    if row["low_id"] is None:
        await tell(Kind.CHAT_CHANGED, chat_id, viewer_id, viewer_id)


async def join(viewer_id: int, chat_id: int) -> None:
    """Take part in a chat from now on. The caller holds it."""
    await fetch("UPDATE chat_members SET state = 'JOINED' WHERE chat_id = $1 AND user_id = $2", chat_id, viewer_id)


async def _settle(viewer_id: int, chat_id: int, change: str, condition: str, value: object) -> None:
    rows = await fetch(
        f"UPDATE chat_members SET {change} WHERE user_id = $1 AND chat_id = $2 AND state IN {PRESENT} AND {condition} RETURNING id",
        viewer_id,
        chat_id,
        value,
    )
    if rows:
        await tell(Kind.CHAT_CHANGED, chat_id, viewer_id, viewer_id, [viewer_id])
    else:
        await standing(viewer_id, chat_id)


async def standing(viewer_id: int, chat_id: int) -> str:
    """How the viewer is in a chat: JOINED or ASKED. Raises NotFound to who is no member."""
    row = await fetch_one(
        f"SELECT m.state FROM chat_members m WHERE m.user_id = $1 AND m.chat_id = $2 AND m.state IN {PRESENT}",
        viewer_id,
        chat_id,
    )
    if row is None:
        raise NotFound(NO_CHAT, ["chatId"])
    return str(row["state"])
