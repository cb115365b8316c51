"""Chats in tests: documents, and people who write to each other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from tests.people import Person

Move = tuple[str, str, int, Callable[[], Awaitable[Any]], str]

MESSAGE = """id sequence kind text isDeleted editedAt version sender { id } subject { id } reactions { emoji count viewerHasReacted }
    images { id url(size: SMALL) altText } sharedImage { id } sharedPost { __typename ... on Post { id } ... on UnavailablePost { reason } }"""
CHAT = f"""id isGroup name unreadCount viewerHasAccepted viewerHasMuted viewerIsAdmin viewerCanWrite viewerReadSequence
    members {{ user {{ id }} isAdmin hasJoined readSequence }} lastMessage {{ {MESSAGE} }}"""
ERRORS = "userErrors { code path }"


def on_chat(name: str) -> str:
    """The document of a mutation that answers with a chat."""
    kind = name[0].upper() + name[1:]
    return f"mutation M($input: {kind}Input!) {{ {name}(input: $input) {{ chat {{ {CHAT} }} {ERRORS} }} }}"


def on_message(name: str) -> str:
    """The document of a mutation that answers with a message."""
    kind = name[0].upper() + name[1:]
    return f"mutation M($input: {kind}Input!) {{ {name}(input: $input) {{ message {{ {MESSAGE} }} {ERRORS} }} }}"


def on_gone(name: str, field: str) -> str:
    """The document of a mutation that answers with what is gone."""
    kind = name[0].upper() + name[1:]
    return f"mutation M($input: {kind}Input!) {{ {name}(input: $input) {{ {field} {ERRORS} }} }}"


OPEN, GROUP, ADD, REMOVE = map(on_chat, ("openChat", "createGroupChat", "addChatMembers", "removeChatMember"))
ANSWER, MUTE, READ, ADMIN = map(on_chat, ("answerChatRequest", "setChatMuted", "markChatRead", "setChatAdmin"))
RENAME, TYPING = map(on_chat, ("renameChat", "indicateTyping"))
SEND, EDIT, DELETE, REACT = map(on_message, ("sendMessage", "editMessage", "deleteMessage", "reactToMessage"))
LEAVE, CLEAR = on_gone("leaveChat", "removedChatId"), on_gone("clearChat", "removedChatId")
HIDE = on_gone("hideMessage", "hiddenMessageId")
SETTLE = f"mutation M($input: UpdateChatSettingsInput!) {{ updateChatSettings(input: $input) {{ viewer {{ chatSettings {{ messagesFrom showsReading }} }} {ERRORS} }} }}"
LIST = f"""query L($folder: ChatFolder! = INBOX, $first: Int, $after: String) {{ viewer {{ unreadChatCount chatRequestCount
    chats(folder: $folder, first: $first, after: $after) {{ liveCursor pageInfo {{ hasNextPage endCursor }} edges {{ node {{ {CHAT} }} }} }} }} }}"""
ONE = f"""query O($id: ID!, $last: Int, $before: String) {{ node(id: $id) {{ ... on Chat {{ {CHAT} messages(last: $last, before: $before) {{ liveCursor
    pageInfo {{ hasPreviousPage startCursor }} edges {{ cursor node {{ {MESSAGE} }} }} }} }} }} }}"""
SEARCH = f"query S($words: String!, $chatId: ID) {{ viewer {{ messageSearch(words: $words, chatId: $chatId) {{ edges {{ node {{ {MESSAGE} }} }} }} }} }}"
EVENTS = f"""__typename cursor ... on MessageSent {{ chat {{ {CHAT} }} edge {{ node {{ {MESSAGE} }} }} }}
    ... on MessageChanged {{ chat {{ {CHAT} }} message {{ {MESSAGE} }} }} ... on MessageHidden {{ chat {{ {CHAT} }} messageId }}
    ... on ChatChanged {{ chat {{ {CHAT} }} }} ... on ChatRemoved {{ chatId }} ... on Reset {{ reason }}
    ... on MemberRead {{ chatId member {{ user {{ id }} isAdmin hasJoined readSequence }} }}"""
CHATS_LIVE = f"subscription C($after: String) {{ chats(after: $after) {{ {EVENTS} }} }}"
CHAT_LIVE = f"subscription C($id: ID!, $after: String) {{ chat(id: $id, after: $after) {{ {EVENTS} ... on MemberTyping {{ userId }} }} }}"


async def opened(one: Person, other: Person) -> str:
    """The chat of two people, where the other is in it at once; its id."""
    await other.follow(one)
    found: str = (await one.do(OPEN, userId=other.id))["chat"]["id"]
    return found


async def grouped(leader: Person, *others: Person, name: str = "Us") -> str:
    """A group whose members all follow who leads it; its id."""
    for other in others:
        await other.follow(leader)
    found: str = (await leader.do(GROUP, name=name, userIds=[other.id for other in others]))["chat"]["id"]
    return found


async def said(who: Person, chat: str, text: str = "Hello", **more: Any) -> str:
    """Somebody says something; the message's id."""
    found: str = (await who.do(SEND, chatId=chat, text=text, **more))["message"]["id"]
    return found


async def listed(who: Person, folder: str = "INBOX") -> list[dict[str, Any]]:
    """The first page of somebody's chats."""
    return [edge["node"] for edge in (await who.ask(LIST, folder=folder))["viewer"]["chats"]["edges"]]


async def log_of(who: Person, chat: str, last: int = 100) -> list[dict[str, Any]]:
    """What somebody sees of a chat's log; nothing where there is no such chat for them."""
    found = (await who.ask(ONE, id=chat, last=last))["node"]
    return [] if found is None else [edge["node"] for edge in found["messages"]["edges"]]


async def texts_of(who: Person, chat: str) -> list[str]:
    """What was said in it, as somebody sees it, without notices."""
    return [one["text"] for one in await log_of(who, chat) if one["kind"] == "TEXT"]


async def counts_of(who: Person) -> tuple[int, int]:
    """Unread chats, and requests."""
    found = (await who.ask(LIST))["viewer"]
    return found["unreadChatCount"], found["chatRequestCount"]


async def chat_moves(ada: Person, bob: Person) -> list[Move]:
    """For each kind of event that ada hears of: the subscription, its interface, how deep to look, what brings it, its type."""
    await bob.do(
        "mutation U($input: UnblockUserInput!) { unblockUser(input: $input) { userErrors { code } } }", userId=ada.id
    )
    await ada.do(
        "mutation U($input: UnblockUserInput!) { unblockUser(input: $input) { userErrors { code } } }", userId=bob.id
    )
    chat = (await ada.do(OPEN, userId=bob.id))["chat"]["id"]
    message = await said(ada, chat, "To be read")
    told = [
        (partial(bob.do, READ, chatId=chat, sequence=99), "MemberRead"),
        (partial(bob.do, SEND, chatId=chat, text="x"), "MessageSent"),
        (partial(bob.do, REACT, messageId=message, emoji="🎨"), "MessageChanged"),
        (partial(ada.do, HIDE, messageId=message), "MessageHidden"),
        (partial(ada.do, MUTE, chatId=chat, isMuted=True), "ChatChanged"),
        (partial(ada.do, CLEAR, chatId=chat), "ChatRemoved"),
    ]
    moves: list[Move] = [("chats", "ChatsEvent", 2, act, until) for act, until in told]
    return [*moves, (f'chat(id: "{chat}")', "ChatEvent", 1, partial(bob.do, TYPING, chatId=chat), "MemberTyping")]
