"""Chats and the messages in them: only who is in a chat knows that there is one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from models.chat import ChatRow
from models.chat_setting import MessagesFrom
from models.direct_message import MessageKind, MessageRow
from resolvers import chat as resolve
from resolvers import direct_message as messages
from resolvers.mark import ALONE
from schema import chat_enum as chat_enum
from schema.image import Image
from schema.node import Node, PageInfo
from schema.nullability import FALLIBLE
from schema.post import Facet, MaybePost
from schema.user import User

LazyChat = Annotated["Chat", strawberry.lazy("schema.chat")]


@strawberry.type(description="What the viewer settled about messages; nobody else sees it.")
class ChatSettings:
    messages_from: MessagesFrom = strawberry.field(
        description="Who may begin a chat with them: EVERYONE, where whoever they do not follow asks first; FOLLOWING, whom they"
        " follow; or NOBODY. Chats that are there go on."
    )
    shows_reading: bool = strawberry.field(
        description="Whether others are told how far they have read, and they how far others have."
    )


@strawberry.type(description="A member of a chat.")
class ChatMember:
    user = strawberry.field(
        resolver=resolve.member_user,
        graphql_type=User | None,
        description="Who it is; null when they are gone meanwhile.",
    )
    is_admin: bool = strawberry.field(description="Whether they lead the group; false in a chat of two.")
    has_joined: bool = strawberry.field(
        description="Whether they take part in the group, or were asked to and have not answered; true in a chat of two."
    )
    read_sequence: int | None = strawberry.field(
        description="The last message they have read; null where they, or the viewer, do not show that, where one of both blocks"
        " the other, and as long as they have not accepted."
    )


@strawberry.type(description="An emoji on a message. Each person has one of them at most.")
class MessageReaction:
    emoji: str = strawberry.field(description="One emoji.")
    count: int = strawberry.field(description="How many people put it there, as far as the viewer hears them.")
    viewer_has_reacted: bool = strawberry.field(description="Whether the viewer did.", metadata=ALONE)
    users = strawberry.field(
        resolver=messages.reaction_users,
        graphql_type=list[User],
        description="Who they are, at most 50, in their order.",
    )


@strawberry.type(
    description="A message in a chat, or a notice of what was done with a group. Whoever is in the chat sees it, from when they came;"
    " in a group not those whom a block keeps apart. It is there as long as its sender is."
)
class DirectMessage(Node):
    sequence: int = strawberry.field(
        description="Its number in the chat's log, given out without a gap; a viewer may see fewer."
    )
    kind: MessageKind = strawberry.field(description="TEXT for what somebody said, else what the notice is of.")
    sender: User | None = strawberry.field(description="Who said or did it; null when they are gone meanwhile.")
    subject: User | None = strawberry.field(
        description="Whom a notice is about (ADDED, REMOVED, PROMOTED, DEMOTED); null otherwise, and when they are gone."
    )
    text: str = strawberry.field(description="What is said; of CREATED and RENAMED the name. Empty when it is deleted.")
    facets: list[Facet] = strawberry.field(description="Mentions, hashtags and links in the text, in order.")
    images: list[Image] = strawberry.field(
        description="Its pictures, at most 4, by addresses for this viewer alone, good as long as they see the message."
    )
    shared_post = strawberry.field(
        resolver=messages.shared_post,
        graphql_type=MaybePost | None,
        description="The post it passes on, or the hole where the viewer may not see it; null when it passes on none.",
    )
    shared_image = strawberry.field(
        resolver=messages.shared_image,
        graphql_type=Image | None,
        description="The picture it passes on; null when it passes on none, and when the viewer may not see it.",
    )
    reactions: list[MessageReaction] = strawberry.field(description="What people put on it, in the order they came.")
    created_at: datetime = strawberry.field(description="When it was sent.")
    edited_at: datetime | None = strawberry.field(description="When it was last changed; null when it never was.")
    is_deleted: bool = strawberry.field(
        description="Whether its sender took it away from everybody: only its place is left."
    )
    version: int = strawberry.field(description="Rises with every edit and reaction: keep the higher one.")
    chat = strawberry.field(
        resolver=messages.message_chat,
        graphql_type=LazyChat | None,
        description="Where it stands; null when the viewer left meanwhile.",
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, MessageRow)


@strawberry.type(description="A message in its place.")
class DirectMessageEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: DirectMessage = strawberry.field(description="The message.")


@strawberry.type(description="A stretch of messages.")
class DirectMessageConnection:
    edges: list[DirectMessageEdge] = strawberry.field(description="The messages of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
    live_cursor: str = strawberry.field(
        description="From where to subscribe to `chat` or `chats` so that the page and what follows have no gap."
    )


@strawberry.type(
    description="A conversation between two people, of whom there is exactly one, or in a group of up to 50. Nobody else can tell that"
    " it exists; whoever left or was removed sees nothing of it any more."
)
class Chat(Node):
    is_group: bool = strawberry.field(description="Whether it is a group.")
    name: str = strawberry.field(description="A group's name; empty where it has none, and in a chat of two.")
    created_at: datetime = strawberry.field(description="When it was begun.")
    members: list[ChatMember] = strawberry.field(
        description="Who is in it, at most 50, the viewer too; without whoever is gone."
    )
    last_message = strawberry.field(
        resolver=messages.last_message,
        graphql_type=DirectMessage | None,
        description="What was said last, as the viewer sees it; null when nothing was.",
    )
    unread_count: int = strawberry.field(
        description="How many messages of others wait to be read; 100 stands for more, too."
    )
    viewer_is_admin: bool = strawberry.field(description="Whether the viewer leads the group.", metadata=ALONE)
    viewer_has_muted: bool = strawberry.field(
        description="Whether it does not count in `Viewer.unreadChatCount`.", metadata=ALONE
    )
    viewer_has_accepted: bool = strawberry.field(
        description="Whether the viewer takes part; false: it lies among their requests.", metadata=ALONE
    )
    viewer_can_write: bool = strawberry.field(
        description="Whether the viewer may write: in a chat of two not after a block, nor when the other is gone, nor more than"
        " 5 messages before the other accepted.",
        metadata=ALONE,
    )
    viewer_read_sequence: int = strawberry.field(
        description="The last message that the viewer has read, on whichever device.", metadata=ALONE
    )
    messages = strawberry.field(
        resolver=messages.chat_messages,
        graphql_type=DirectMessageConnection | None,
        directives=FALLIBLE,
        description="Its log, oldest first: ask for the `last` few, then for those `before`.",
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, ChatRow)


@strawberry.type(description="A chat in its place.")
class ChatEdge:
    cursor: str = strawberry.field(description="Its place, for paging.")
    node: Chat = strawberry.field(description="The chat.")


@strawberry.type(description="The viewer's chats, those first in which something was said last.")
class ChatConnection:
    edges: list[ChatEdge] = strawberry.field(description="The chats of this page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")
    live_cursor: str = strawberry.field(
        description="From where to subscribe to `chats` so that the page and what follows have no gap."
    )
