"""Chats as they move: all of one person's, or one on screen with who is writing in it.

Every event of a chat is told under the topic of each person it is for, so nobody hears of what they had no part in; what it means
is asked in the present, by the same statements as a page. Who is writing is a signal: never stored, told to those alone who may hear it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeAlias

import strawberry

from errors import NotFound
from models import chat, node_id
from models.chat import ChatRow, MemberRow
from models.chat_member import chat_in
from models.direct_message import MessageRow
from models.event import CHAT_KINDS, Event, Kind
from realtime import topic
from realtime.inbox import Signal
from resolvers.context import Context, Info
from resolvers.direct_message import MessageEdgeRow, edge_of
from resolvers.live_row import HeartbeatRow, ResetReason, ResetRow
from resolvers.presence import counterpart, present
from resolvers.stream import follow

APART = frozenset({Kind.BLOCKED, Kind.UNBLOCKED, Kind.STANDING_CHANGED})
"""What may change who sees what of a chat."""


@dataclass(frozen=True, slots=True)
class MessageSentRow:
    """A message is new."""

    cursor: str
    chat: ChatRow
    edge: MessageEdgeRow


@dataclass(frozen=True, slots=True)
class MessageChangedRow:
    """A message was edited, reacted to or deleted for all."""

    cursor: str
    chat: ChatRow
    message: MessageRow


@dataclass(frozen=True, slots=True)
class MessageHiddenRow:
    """The viewer took a message away from themselves."""

    cursor: str
    chat: ChatRow
    message_id: str


@dataclass(frozen=True, slots=True)
class ChatChangedRow:
    """A chat has new values."""

    cursor: str
    chat: ChatRow


@dataclass(frozen=True, slots=True)
class ChatRemovedRow:
    """A chat is gone from the viewer's lists, with all that was said in it."""

    cursor: str
    chat_id: str


@dataclass(frozen=True, slots=True)
class MemberReadRow:
    """Somebody else has read further."""

    cursor: str
    chat_id: str
    member: MemberRow


@dataclass(frozen=True, slots=True)
class MemberTypingRow:
    """Somebody is writing."""

    cursor: str
    chat_id: str
    user_id: str


ChatEventRow: TypeAlias = (
    MessageSentRow
    | MessageChangedRow
    | MessageHiddenRow
    | ChatChangedRow
    | ChatRemovedRow
    | MemberReadRow
    | MemberTypingRow
    | ResetRow
    | HeartbeatRow
)


async def chats_live(info: Info, after: str | None = strawberry.UNSET) -> AsyncGenerator[ChatEventRow]:
    """What happens in all of the viewer's chats. Raises Unauthenticated when nobody is signed in."""
    context = info.context
    del info  # it holds the whole operation, and the stream may be quiet for hours
    viewer_id = context.require_viewer()
    async with present(context, [topic.chats(viewer_id)]) as (_, inbox):

        async def answer(event: Event) -> ChatEventRow | None:
            if event.kind in CHAT_KINDS:
                return await _meaning(context, event)
            return await _apart(event, viewer_id)

        rows: AsyncGenerator[ChatEventRow] = follow(context.house.hub, inbox, after, answer)
        async with aclosing(rows):
            async for row in rows:
                yield row


async def chat_live(
    info: Info, id: strawberry.ID, after: str | None = strawberry.UNSET
) -> AsyncGenerator[ChatEventRow]:
    """What happens in one chat, and who is writing. Raises Unauthenticated, and NotFound to who is not in it."""
    context = info.context
    del info
    viewer_id = context.require_viewer()
    number = node_id.number_of("chat", id) or 0
    async with present(context, [topic.chats(viewer_id), topic.typing(number)]) as (_, inbox):
        if not await chat.chats(viewer_id, [number]):
            raise NotFound("There is no such chat.", ["id"])
        typists = await chat.typists(viewer_id, number)

        async def answer(event: Event) -> ChatEventRow | None:
            nonlocal typists
            if event.kind in CHAT_KINDS:
                if chat_in(event.topics) != number:
                    return None
                if event.kind is not Kind.CHAT_READ:
                    typists = await chat.typists(viewer_id, number)
                return await _meaning(context, event)
            found = await _apart(event, viewer_id)
            if found is not None:
                typists = await chat.typists(viewer_id, number)
            return found

        def tell(signal: Signal, cursor: str) -> ChatEventRow | None:
            person = signal.body.get("userId")
            if person not in typists:
                return None
            return MemberTypingRow(cursor, id, node_id.encode("user", int(person)))

        rows: AsyncGenerator[ChatEventRow] = follow(context.house.hub, inbox, after, answer, tell)
        async with aclosing(rows):
            async for row in rows:
                yield row


async def _meaning(context: Context, event: Event) -> ChatEventRow | None:
    """What an event of a chat means to the viewer now."""
    chat_id, cursor, viewer_id = chat_in(event.topics), str(event.cursor), context.viewer_id
    if event.kind is Kind.CHAT_LEFT:
        return ChatRemovedRow(cursor, node_id.encode("chat", chat_id)) if event.subject_id == viewer_id else None
    loaders = context.for_event().loaders
    row = await loaders.chats.load(chat_id)
    if row is None:
        return None
    if event.kind is Kind.CHAT_CHANGED or (event.kind is Kind.CHAT_READ and event.actor_id == viewer_id):
        return ChatChangedRow(cursor, row)
    if event.kind is Kind.CHAT_READ:
        member = next((one for one in row.members if one.user_id == event.actor_id), None)
        shown = member is not None and member.read_sequence is not None
        return MemberReadRow(cursor, row.gid, member) if shown and member is not None else None
    if event.kind is Kind.MESSAGE_HIDDEN:
        if event.actor_id != viewer_id:
            return None
        return MessageHiddenRow(cursor, row, node_id.encode("message", event.subject_id or 0))
    message = await loaders.messages.load(event.subject_id or 0)
    if message is None:
        return None
    if event.kind is Kind.MESSAGE_SENT:
        return MessageSentRow(cursor, row, edge_of(message))
    return MessageChangedRow(cursor, row, message)


async def _apart(event: Event, viewer_id: int) -> ResetRow | None:
    """A block, its end, or a standing that changed, of somebody the viewer is in a chat with."""
    if event.kind not in APART:
        return None
    other = counterpart(event, viewer_id)
    if other is None or other == viewer_id or not await chat.shared_with(viewer_id, other):
        return None
    return ResetRow(str(event.cursor), ResetReason.RULES_CHANGED)
