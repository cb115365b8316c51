"""What the subscriptions to chats deliver."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import chat_live as row
from schema.chat import Chat, ChatMember, DirectMessage, DirectMessageEdge
from schema.live_event import LiveEvent

CHAT = "The chat as it is now."


@strawberry.interface(description="What the subscription to all of the viewer's chats delivers.")
class ChatsEvent(LiveEvent):
    pass


@strawberry.interface(description="What the subscription to one chat delivers.")
class ChatEvent(LiveEvent):
    pass


@strawberry.type(
    description="A message is new, whoever sent it, the viewer on another device too. It may repeat an edge of the page one has, never"
    " another event."
)
class MessageSent(ChatsEvent, ChatEvent):
    chat: Chat = strawberry.field(description=CHAT)
    edge: DirectMessageEdge = strawberry.field(description="Its place in `Chat.messages`.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.MessageSentRow)


@strawberry.type(description="A message was edited, reacted to, or deleted for everybody.")
class MessageChanged(ChatsEvent, ChatEvent):
    chat: Chat = strawberry.field(description=CHAT)
    message: DirectMessage = strawberry.field(description="The message as it is now.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.MessageChangedRow)


@strawberry.type(description="The viewer took a message away from themselves.")
class MessageHidden(ChatsEvent, ChatEvent):
    chat: Chat = strawberry.field(description=CHAT)
    message_id: strawberry.ID = strawberry.field(description="The message that is gone for the viewer.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.MessageHiddenRow)


@strawberry.type(
    description="A chat has new values: members, or what the viewer settled, read or accepted on any device."
)
class ChatChanged(ChatsEvent, ChatEvent):
    chat: Chat = strawberry.field(description=CHAT)

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.ChatChangedRow)


@strawberry.type(
    description="A chat is gone from the viewer's lists with all that was said in it: left, cleared, declined, or they were removed."
)
class ChatRemoved(ChatsEvent, ChatEvent):
    chat_id: strawberry.ID = strawberry.field(description="The chat.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.ChatRemovedRow)


@strawberry.type(description="Another member has read further, and shows it.")
class MemberRead(ChatsEvent, ChatEvent):
    chat_id: strawberry.ID = strawberry.field(description="The chat.")
    member: ChatMember = strawberry.field(description="The member as they are now.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.MemberReadRow)


@strawberry.type(
    description="A signal, not stored: another member is writing. Its cursor is that of the last stored event. Take it for a few"
    " seconds; a message of theirs ends it."
)
class MemberTyping(ChatEvent):
    chat_id: strawberry.ID = strawberry.field(description="The chat.")
    user_id: strawberry.ID = strawberry.field(description="Who is writing.")

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, row.MemberTypingRow)


CHAT_EVENTS = (MessageSent, MessageChanged, MessageHidden, ChatChanged, ChatRemoved, MemberRead, MemberTyping)
"""Types that are reached through their interfaces alone."""


def _subscription(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.subscription(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type
class ChatSubscription:
    chats: ChatsEvent = _subscription(
        row.chats_live,
        ChatsEvent,
        "What happens in all of the viewer's chats, requests too. Needs somebody signed in.",
    )
    chat: ChatEvent = _subscription(
        row.chat_live,
        ChatEvent,
        "What happens in one chat, and who is writing in it. Only for who is in it.",
    )
