"""Chats: lists of them, who is in them, and what one does about them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import strawberry
from strawberry import UNSET

from errors import NotFound
from models import chat, chat_group, chat_member, chat_setting, node_id
from models.card import UserRow
from models.chat import ChatFolder, ChatRow, MemberRow
from models.chat_setting import ChatSettingRow, MessagesFrom
from models.standing import is_there
from realtime import topic
from realtime.wire import SIGNALS
from resolvers import page
from resolvers.context import Info
from resolvers.node import number_in
from resolvers.outcome import perform
from resolvers.page import PageInfoRow
from resolvers.payload import Payload, ViewerPayloadRow
from resolvers.timeline import log_cursor
from resolvers.user import KEY_HELP
from resolvers.viewer_row import ViewerRow

MINE = "A chat the viewer is in."
GROUP = "A group the viewer is in."
PEOPLE = "Other people, at most 49. Whoever does not follow the viewer is asked first."
Act = Callable[[int], Awaitable[Mapping[str, Any]]]


@strawberry.input(description="With whom to open the chat.")
class OpenChatInput:
    user_id: strawberry.ID = strawberry.field(description="Another person.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A group to begin.")
class CreateGroupChatInput:
    name: str = strawberry.field(description="At most 60 characters; may be empty.", default="")
    user_ids: list[strawberry.ID] = strawberry.field(description=PEOPLE)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="A group's new name.")
class RenameChatInput:
    chat_id: strawberry.ID = strawberry.field(description="A group the viewer leads.")
    name: str = strawberry.field(description="At most 60 characters; may be empty.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Who is to come into a group.")
class AddChatMembersInput:
    chat_id: strawberry.ID = strawberry.field(description=GROUP)
    user_ids: list[strawberry.ID] = strawberry.field(description=PEOPLE)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Who is to be in a group no longer.")
class RemoveChatMemberInput:
    chat_id: strawberry.ID = strawberry.field(description="A group the viewer leads.")
    user_id: strawberry.ID = strawberry.field(description="A member, but not oneself.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Who leads a group.")
class SetChatAdminInput:
    chat_id: strawberry.ID = strawberry.field(description="A group the viewer leads.")
    user_id: strawberry.ID = strawberry.field(description="A member who takes part.")
    is_admin: bool = strawberry.field(description="Whether they lead it, too.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Which group to leave.")
class LeaveChatInput:
    chat_id: strawberry.ID = strawberry.field(description=GROUP)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Which chat to clear for oneself.")
class ClearChatInput:
    chat_id: strawberry.ID = strawberry.field(description=MINE)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="An answer to being asked into a chat.")
class AnswerChatRequestInput:
    chat_id: strawberry.ID = strawberry.field(description="A chat among the viewer's requests.")
    accept: bool = strawberry.field(description="Whether to take part.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Whether a chat counts among the unread.")
class SetChatMutedInput:
    chat_id: strawberry.ID = strawberry.field(description=MINE)
    is_muted: bool = strawberry.field(description="Whether it is muted.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="How far the viewer has read.")
class MarkChatReadInput:
    chat_id: strawberry.ID = strawberry.field(description=MINE)
    sequence: int = strawberry.field(description="The `sequence` of the last message that was read.")
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="Where the viewer is writing.")
class IndicateTypingInput:
    chat_id: strawberry.ID = strawberry.field(description=MINE)
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@strawberry.input(description="What to settle about messages; what is left out stays.")
class UpdateChatSettingsInput:
    messages_from: MessagesFrom | None = strawberry.field(
        description="Who may begin a chat with the viewer.", default=UNSET
    )
    shows_reading: bool | None = strawberry.field(
        description="Whether others are told how far the viewer has read. Who does not show it is not shown others' either.",
        default=UNSET,
    )
    idempotency_key: str | None = strawberry.field(description=KEY_HELP, default=UNSET)


@dataclass(frozen=True, slots=True)
class ChatEdgeRow:
    """A chat in its place."""

    cursor: str
    node: ChatRow


@dataclass(frozen=True, slots=True)
class ChatsRow:
    """One page of chats. `live_cursor` is a place in the log not after the moment the page was read."""

    edges: Sequence[ChatEdgeRow]
    page_info: PageInfoRow
    live_cursor: str


@dataclass(frozen=True, slots=True)
class ChatPayloadRow(Payload):
    """A chat as it is now."""

    chat: ChatRow | None = None


@dataclass(frozen=True, slots=True)
class ChatGoneRow(Payload):
    """Which chat the viewer has no more."""

    removed_chat_id: str | None = None


async def chats(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    folder: ChatFolder = ChatFolder.INBOX,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> ChatsRow:
    """The viewer's chats in a folder."""
    question = page.asked(first, after, last, before)
    live_cursor = await log_cursor()
    places = await chat.places(parent.id, folder, question.window(newest_first=True))
    found = page.page_of(question, places, lambda place: place.key)
    rows = await info.context.loaders.chats.load_many([place.chat_id for place in found.items])
    edges = [
        ChatEdgeRow(page.encode(place.key), row)
        for place, row in zip(found.items, rows, strict=True)
        if row is not None
    ]
    return ChatsRow(edges, found.page_info, live_cursor)


async def unread_chat_count(parent: strawberry.Parent[ViewerRow]) -> int:
    """In how many chats something waits to be read."""
    return await chat.unread_count(parent.id)


async def chat_request_count(parent: strawberry.Parent[ViewerRow]) -> int:
    """How many chats the viewer is asked into."""
    return await chat.request_count(parent.id)


async def chat_settings(parent: strawberry.Parent[ViewerRow]) -> ChatSettingRow:
    """What the viewer settled about messages."""
    return await chat_setting.settings_of(parent.id)


async def viewer_can_message(parent: strawberry.Parent[UserRow], info: Info) -> bool:
    """Whether the viewer may begin to write to somebody."""
    return await info.context.loaders.welcomes.load(parent.id)


async def member_user(parent: strawberry.Parent[MemberRow], info: Info) -> UserRow | None:
    """Who a member is."""
    return await info.context.loaders.users.load(parent.user_id)


async def open_chat(info: Info, input: OpenChatInput) -> ChatPayloadRow:
    """The chat with somebody; twice is the same as once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("user", input.user_id, "userId")
        if not await is_there(number):
            raise NotFound("There is no such person.", ["userId"])
        return {"chat": await chat_group.open_pair(viewer_id, number)}

    return await _shown(info, "openChat", input, act)


async def create_group_chat(info: Info, input: CreateGroupChatInput) -> ChatPayloadRow:
    """Begin a group."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        return {"chat": await chat_group.create(viewer_id, input.name, _people(input.user_ids))}

    return await _shown(info, "createGroupChat", input, act)


def _people(ids: Sequence[str]) -> list[int]:
    return [number_in("user", text, "userIds") for text in ids[: chat_group.MOST_MEMBERS + 1]]


async def rename_chat(info: Info, input: RenameChatInput) -> ChatPayloadRow:
    """Name a group."""

    async def verb(viewer_id: int, chat_id: int) -> None:
        await chat_group.rename(viewer_id, chat_id, input.name)

    return await _about(info, "renameChat", input, verb)


async def add_chat_members(info: Info, input: AddChatMembersInput) -> ChatPayloadRow:
    """Add people to a group."""

    async def verb(viewer_id: int, chat_id: int) -> None:
        await chat_group.add(viewer_id, chat_id, _people(input.user_ids))

    return await _about(info, "addChatMembers", input, verb)


async def remove_chat_member(info: Info, input: RemoveChatMemberInput) -> ChatPayloadRow:
    """Remove somebody from a group."""

    async def verb(viewer_id: int, chat_id: int) -> None:
        await chat_group.remove(viewer_id, chat_id, number_in("user", input.user_id, "userId"))

    return await _about(info, "removeChatMember", input, verb)


async def set_chat_admin(info: Info, input: SetChatAdminInput) -> ChatPayloadRow:
    """Let somebody lead a group, or no longer."""

    async def verb(viewer_id: int, chat_id: int) -> None:
        number = number_in("user", input.user_id, "userId")
        await chat_group.set_admin(viewer_id, chat_id, number, admin=input.is_admin)

    return await _about(info, "setChatAdmin", input, verb)


async def set_chat_muted(info: Info, input: SetChatMutedInput) -> ChatPayloadRow:
    """Mute a chat, or no longer."""

    async def verb(viewer_id: int, chat_id: int) -> None:
        await chat_member.set_muted(viewer_id, chat_id, muted=input.is_muted)

    return await _about(info, "setChatMuted", input, verb)


async def mark_chat_read(info: Info, input: MarkChatReadInput) -> ChatPayloadRow:
    """Note how far the viewer has read."""

    async def verb(viewer_id: int, chat_id: int) -> None:
        await chat_member.read(viewer_id, chat_id, input.sequence)

    return await _about(info, "markChatRead", input, verb)


async def answer_chat_request(info: Info, input: AnswerChatRequestInput) -> ChatPayloadRow:
    """Accept or decline."""

    async def verb(viewer_id: int, chat_id: int) -> None:
        await chat_member.answer(viewer_id, chat_id, accept=input.accept)

    return await _about(info, "answerChatRequest", input, verb)


async def leave_chat(info: Info, input: LeaveChatInput) -> ChatGoneRow:
    """Leave a group."""
    return await _gone(info, "leaveChat", input, chat_group.leave)


async def clear_chat(info: Info, input: ClearChatInput) -> ChatGoneRow:
    """Take all that was said away from oneself."""
    return await _gone(info, "clearChat", input, chat_member.clear)


async def indicate_typing(info: Info, input: IndicateTypingInput) -> ChatPayloadRow:
    """Let others know that the viewer is writing; nothing is kept."""
    said: list[tuple[int, int]] = []

    async def verb(viewer_id: int, chat_id: int) -> None:
        row = await chat_member.standing(viewer_id, chat_id)
        if row == "JOINED":
            said.append((viewer_id, chat_id))

    payload = await _about(info, "indicateTyping", input, verb)
    for viewer_id, chat_id in said:  # once it is sure
        word = {"topic": topic.typing(chat_id), "userId": viewer_id}
        info.context.house.wire.publish_soon(SIGNALS, orjson.dumps(word))
    return payload


async def update_chat_settings(info: Info, input: UpdateChatSettingsInput) -> ViewerPayloadRow:
    """Settle who may write."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        shows = input.shows_reading if isinstance(input.shows_reading, bool) else None
        await chat_setting.settle(viewer_id, input.messages_from or None, shows)
        return {}

    outcome = await perform(info.context, "updateChatSettings", input, act)
    return ViewerPayloadRow(outcome.user_errors, ViewerRow(info.context.viewer_id) if outcome.done else None)


async def _about(info: Info, name: str, given: Any, verb: Callable[[int, int], Awaitable[None]]) -> ChatPayloadRow:
    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("chat", given.chat_id, "chatId")
        await verb(viewer_id, number)
        return {"chat": number}

    return await _shown(info, name, given, act)


async def _shown(info: Info, name: str, given: Any, act: Act) -> ChatPayloadRow:
    outcome = await perform(info.context, name, given, act)
    number = outcome.found.get("chat")
    return ChatPayloadRow(outcome.user_errors, await info.context.loaders.chats.load(number) if number else None)


async def _gone(info: Info, name: str, given: Any, verb: Callable[[int, int], Awaitable[None]]) -> ChatGoneRow:
    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = number_in("chat", given.chat_id, "chatId")
        await verb(viewer_id, number)
        return {"chat": number}

    outcome = await perform(info.context, name, given, act)
    number = outcome.found.get("chat")
    return ChatGoneRow(outcome.user_errors, node_id.encode("chat", number) if number else None)
