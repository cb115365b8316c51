"""Messages: a chat's log, what stands in it, and writing it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from errors import NotFound
from models import direct_message, message_move, node_id
from models.card import Hole, ImageRow, PostRow, UnavailableReason, UserRow
from models.chat import ChatRow
from models.database import held
from models.direct_message import MessageRow, ReactionRow
from models.message_move import Letter
from resolvers import page
from resolvers.context import Context, Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload
from resolvers.timeline import log_cursor
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

OWN = "A message of one's own."
SEEN = "A message of a chat the viewer is in."


@strawberry.input(description="Something to say in a chat.")
class SendMessageInput:
    chat_id: strawberry.ID = strawberry.field(
        description="A chat the viewer is in. Writing into one they are asked into accepts it."
    )
    text: str = strawberry.field(
        description="At most 2,000 characters (grapheme clusters, a link counting 23) and 12,000 bytes. May be empty where there"
        " is a picture or a post.",
        default="",
    )
    image_ids: list[strawberry.ID] | None = strawberry.field(
        description="At most 4 pictures of one's own. Whoever may see the message may see them.", default=UNSET
    )
    shared_post_id: strawberry.ID | None = strawberry.field(
        description="A post the viewer sees, to pass on: each reader sees it as far as they may anyway.", default=UNSET
    )
    shared_image_id: strawberry.ID | None = strawberry.field(
        description="A picture the viewer sees, to pass on: each reader sees it as far as they may anyway.",
        default=UNSET,
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A message that is to say something else.")
class EditMessageInput:
    message_id: strawberry.ID = strawberry.field(description=f"{OWN[:-1]}, at most 24 hours old.")
    text: str = strawberry.field(description="What it says from now on; at most 2,000 characters.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A message to delete for everybody.")
class DeleteMessageInput:
    message_id: strawberry.ID = strawberry.field(description=OWN)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A message that the viewer does not want to see any more.")
class HideMessageInput:
    message_id: strawberry.ID = strawberry.field(description=SEEN)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="An emoji on a message, in place of the viewer's last one.")
class ReactToMessageInput:
    message_id: strawberry.ID = strawberry.field(description=SEEN)
    emoji: str | None = strawberry.field(
        description="One emoji; left out or null: the viewer's is taken back.", default=UNSET
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class MessageEdgeRow:
    """A message in its place."""

    cursor: str
    node: MessageRow


@dataclass(frozen=True, slots=True)
class MessagesRow:
    """One page of messages. `live_cursor` is a place in the log not after the moment the page was read."""

    edges: Sequence[MessageEdgeRow]
    page_info: PageInfoRow
    live_cursor: str


@dataclass(frozen=True, slots=True)
class MessagePayloadRow(Payload):
    """A message as it is now, and its place where it is new."""

    message: MessageRow | None = None
    edge: MessageEdgeRow | None = None


@dataclass(frozen=True, slots=True)
class MessageGoneRow(Payload):
    """Which message the viewer sees no more."""

    hidden_message_id: str | None = None


async def _page(context: Context, found: page.Page[direct_message.MessagePlace], live_cursor: str) -> MessagesRow:
    rows = await context.loaders.messages.load_many([place.message_id for place in found.items])
    edges = [
        MessageEdgeRow(page.encode(place.key), row)
        for place, row in zip(found.items, rows, strict=True)
        if row is not None
    ]
    return MessagesRow(edges, found.page_info, live_cursor)


def edge_of(row: MessageRow) -> MessageEdgeRow:
    """A message in its place in the chat's log."""
    return MessageEdgeRow(page.encode(row.sequence), row)


async def chat_messages(
    parent: strawberry.Parent[ChatRow],
    info: Info,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> MessagesRow:
    """A chat's log, oldest first."""
    question = page.asked(first, after, last, before)
    async with held():
        live_cursor = await log_cursor()
        places = await direct_message.places(info.context.viewer_id, parent.id, question.window(newest_first=False))
    return await _page(info.context, page.page_of(question, places, lambda place: place.key), live_cursor)


async def message_search(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    words: str = "",
    chat_id: strawberry.ID | None = UNSET,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> MessagesRow:
    """The viewer's messages with these words, newest first. Raises NotFound for a chat they are not in."""
    question = page.asked(first, after, last, before)
    number = None
    if isinstance(chat_id, str):
        number = node_id.number_of("chat", chat_id)
        if number is None or await info.context.loaders.chats.load(number) is None:
            raise NotFound("There is no such chat.", ["chatId"])
    live_cursor = await log_cursor()
    places = await direct_message.search(parent.id, words, number, question.window(newest_first=True))
    return await _page(info.context, page.page_of(question, places, lambda place: place.key), live_cursor)


async def last_message(parent: strawberry.Parent[ChatRow], info: Info) -> MessageRow | None:
    """What was said last in a chat."""
    return None if parent.last_message_id is None else await info.context.loaders.messages.load(parent.last_message_id)


async def message_chat(parent: strawberry.Parent[MessageRow], info: Info) -> ChatRow | None:
    """Where a message stands."""
    return await info.context.loaders.chats.load(parent.chat_id)


async def shared_post(parent: strawberry.Parent[MessageRow], info: Info) -> PostRow | Hole | None:
    """The post that a message passes on, as the viewer sees it."""
    if parent.post_id is None:
        return None
    return await info.context.loaders.posts.load(parent.post_id) or Hole(UnavailableReason.NOT_VISIBLE)


async def shared_image(parent: strawberry.Parent[MessageRow], info: Info) -> ImageRow | None:
    """The picture that a message passes on, where the viewer may see it."""
    return None if parent.shared_image_id is None else await info.context.loaders.images.load(parent.shared_image_id)


async def reaction_users(parent: strawberry.Parent[ReactionRow], info: Info) -> Sequence[UserRow]:
    """Who put an emoji on a message."""
    found = await info.context.loaders.users.load_many(parent.user_ids)
    return [row for row in found if row is not None]


async def send_message(info: Info, input: SendMessageInput) -> MessagePayloadRow:
    """Say something."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        chat_id = number_in("chat", input.chat_id, "chatId")
        ids = (input.image_ids or [])[: message_move.MOST_IMAGES + 1]
        letter = Letter(
            input.text,
            [number_in("image", text, "imageIds") for text in ids],
            number_in("post", input.shared_post_id, "sharedPostId") if input.shared_post_id else None,
            number_in("image", input.shared_image_id, "sharedImageId") if input.shared_image_id else None,
        )
        return {"message": await message_move.send(viewer_id, chat_id, letter)}

    return await _shown(info, "sendMessage", input, act)


async def edit_message(info: Info, input: EditMessageInput) -> MessagePayloadRow:
    """Say it otherwise."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("message", input.message_id, "messageId")
        await message_move.edit(viewer_id, number, input.text)
        return {"message": number}

    return await _shown(info, "editMessage", input, act)


async def delete_message(info: Info, input: DeleteMessageInput) -> MessagePayloadRow:
    """Take it away from everybody."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("message", input.message_id, "messageId")
        await message_move.delete(viewer_id, number)
        return {"message": number}

    return await _shown(info, "deleteMessage", input, act)


async def react_to_message(info: Info, input: ReactToMessageInput) -> MessagePayloadRow:
    """Put an emoji on it, or take it back."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("message", input.message_id, "messageId")
        await message_move.react(viewer_id, number, input.emoji if isinstance(input.emoji, str) else None)
        return {"message": number}

    return await _shown(info, "reactToMessage", input, act)


async def hide_message(info: Info, input: HideMessageInput) -> MessageGoneRow:
    """Take it away from oneself; twice is the same as once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("message", input.message_id, "messageId")
        await message_move.hide(viewer_id, number)
        return {"message": number}

    outcome = await perform(info.context, "hideMessage", input, act)
    number = outcome.found.get("message")
    return MessageGoneRow(outcome.user_errors, node_id.encode("message", number) if number else None)


async def _shown(
    info: Info, name: str, given: Any, act: Callable[[int], Awaitable[Mapping[str, Any]]]
) -> MessagePayloadRow:
    outcome = await perform(info.context, name, given, act)
    number = outcome.found.get("message")
    row = await info.context.loaders.messages.load(number) if number else None
    return MessagePayloadRow(outcome.user_errors, row, None if row is None else edge_of(row))
