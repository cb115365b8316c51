"""Mutations of chats and messages, with what they answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import chat, direct_message
from schema.chat import Chat, DirectMessage, DirectMessageEdge
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.viewer import Viewer


def _chat() -> Any:
    return strawberry.field(description="The chat as it is now; null when refused.")


def _message() -> Any:
    return strawberry.field(description="The message as it is now; null when refused.")


@strawberry.type(description="What opening a chat came to.")
class OpenChatPayload:
    chat: Chat | None = _chat()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What beginning a group came to.")
class CreateGroupChatPayload:
    chat: Chat | None = _chat()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What naming a group came to.")
class RenameChatPayload:
    chat: Chat | None = _chat()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What adding people to a group came to.")
class AddChatMembersPayload:
    chat: Chat | None = _chat()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What removing somebody from a group came to.")
class RemoveChatMemberPayload:
    chat: Chat | None = _chat()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What saying who leads a group came to.")
class SetChatAdminPayload:
    chat: Chat | None = _chat()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What muting a chat came to.")
class SetChatMutedPayload:
    chat: Chat | None = _chat()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What noting how far one has read came to.")
class MarkChatReadPayload:
    chat: Chat | None = _chat()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What answering a request came to.")
class AnswerChatRequestPayload:
    chat: Chat | None = strawberry.field(
        description="The chat as it is now; null when refused and when it was declined."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What saying that one writes came to.")
class IndicateTypingPayload:
    chat: Chat | None = _chat()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What leaving a group came to.")
class LeaveChatPayload:
    removed_chat_id: strawberry.ID | None = strawberry.field(
        description="The chat that is gone from the viewer's lists; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What clearing a chat came to.")
class ClearChatPayload:
    removed_chat_id: strawberry.ID | None = strawberry.field(
        description="The chat that is gone from the viewer's lists; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What sending a message came to.")
class SendMessagePayload:
    message: DirectMessage | None = _message()
    edge: DirectMessageEdge | None = strawberry.field(
        description="Its place in `Chat.messages`, at the end; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing a message came to.")
class EditMessagePayload:
    message: DirectMessage | None = _message()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What deleting a message came to.")
class DeleteMessagePayload:
    message: DirectMessage | None = _message()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What reacting to a message came to.")
class ReactToMessagePayload:
    message: DirectMessage | None = _message()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What hiding a message came to.")
class HideMessagePayload:
    hidden_message_id: strawberry.ID | None = strawberry.field(
        description="The message that the viewer sees no more; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What settling about messages came to.")
class UpdateChatSettingsPayload:
    viewer: Viewer | None = strawberry.field(description="The viewer as they are now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What is done with chats and messages.")
class ChatMutation:
    open_chat: OpenChatPayload = _mutation(
        chat.open_chat,
        OpenChatPayload,
        "Get the one chat with somebody, begun where there is none. They hear of it with the first message. At most 100 new chats a day, groups included.",
    )
    create_group_chat: CreateGroupChatPayload = _mutation(
        chat.create_group_chat,
        CreateGroupChatPayload,
        "Begin a group of up to 50, which the viewer leads.",
    )
    rename_chat: RenameChatPayload = _mutation(
        chat.rename_chat,
        RenameChatPayload,
        "Name a group; for who leads it.",
    )
    add_chat_members: AddChatMembersPayload = _mutation(
        chat.add_chat_members,
        AddChatMembersPayload,
        "Add people to a group; for everybody who takes part. They see what is said from then on.",
    )
    remove_chat_member: RemoveChatMemberPayload = _mutation(
        chat.remove_chat_member,
        RemoveChatMemberPayload,
        "Remove somebody from a group, who sees nothing of it any more; for who leads it.",
    )
    set_chat_admin: SetChatAdminPayload = _mutation(
        chat.set_chat_admin,
        SetChatAdminPayload,
        "Let somebody lead a group, or no longer; for who leads it.",
    )
    set_chat_muted: SetChatMutedPayload = _mutation(
        chat.set_chat_muted,
        SetChatMutedPayload,
        "Have a chat count among the unread no more, or again; nobody else learns of it.",
    )
    mark_chat_read: MarkChatReadPayload = _mutation(
        chat.mark_chat_read,
        MarkChatReadPayload,
        "Note how far one has read, on all one's devices; never back. Others are told where one shows it.",
    )
    answer_chat_request: AnswerChatRequestPayload = _mutation(
        chat.answer_chat_request,
        AnswerChatRequestPayload,
        "Accept or decline to be in a chat one is asked into. Of a decline in a chat of two nobody is told.",
    )
    indicate_typing: IndicateTypingPayload = _mutation(
        chat.indicate_typing,
        IndicateTypingPayload,
        "Let who is in a chat know that one is writing: a signal, which is not stored. Say it anew every few seconds.",
    )
    leave_chat: LeaveChatPayload = _mutation(
        chat.leave_chat,
        LeaveChatPayload,
        "Leave a group. Where nobody leads it then, who was there longest does.",
    )
    clear_chat: ClearChatPayload = _mutation(
        chat.clear_chat,
        ClearChatPayload,
        "Take all that was said so far in a chat away from oneself alone; it comes back into the list when more is said.",
    )
    send_message: SendMessagePayload = _mutation(
        direct_message.send_message,
        SendMessagePayload,
        "Say something in a chat. At most 60 messages a minute.",
    )
    edit_message: EditMessagePayload = _mutation(
        direct_message.edit_message,
        EditMessagePayload,
        "Say a message of one's own otherwise, within 24 hours; that it was changed is shown.",
    )
    delete_message: DeleteMessagePayload = _mutation(
        direct_message.delete_message,
        DeleteMessagePayload,
        "Take a message of one's own away from everybody; only its place stays.",
    )
    react_to_message: ReactToMessagePayload = _mutation(
        direct_message.react_to_message,
        ReactToMessagePayload,
        "Put one's one emoji on a message, or take it back.",
    )
    hide_message: HideMessagePayload = _mutation(
        direct_message.hide_message,
        HideMessagePayload,
        "Take a message away from oneself alone.",
    )
    update_chat_settings: UpdateChatSettingsPayload = _mutation(
        chat.update_chat_settings,
        UpdateChatSettingsPayload,
        "Settle who may begin to write to one, and whether others learn how far one reads.",
    )
