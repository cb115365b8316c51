"""Enums of chats."""

from __future__ import annotations

from models.chat import ChatFolder
from models.chat_setting import MessagesFrom
from models.direct_message import MessageKind
from schema.scalar import _publish as publish

publish(
    ChatFolder,
    "Where a chat lies.",
    {
        ChatFolder.INBOX: "Among those that the viewer takes part in.",
        ChatFolder.REQUESTS: "Among those that they are asked into.",
    },
)
publish(
    MessagesFrom,
    "Who may begin a chat with somebody, or add them to a group. Whoever they talk with already always may.",
    {
        MessagesFrom.EVERYONE: "Everybody; from whom they do not follow it comes as a request.",
        MessagesFrom.FOLLOWING: "Whom they follow.",
        MessagesFrom.NOBODY: "Nobody new.",
    },
)
publish(
    MessageKind,
    "What stands in a chat's log.",
    {
        MessageKind.TEXT: "Something that was said.",
        MessageKind.CREATED: "The group was begun, with this name.",
        MessageKind.RENAMED: "It was given this name.",
        MessageKind.ADDED: "Somebody was added.",
        MessageKind.LEFT: "The sender left.",
        MessageKind.REMOVED: "Somebody was removed.",
        MessageKind.PROMOTED: "Somebody leads it, too.",
        MessageKind.DEMOTED: "Somebody leads it no longer.",
    },
)
