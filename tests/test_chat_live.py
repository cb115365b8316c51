"""Chats as they move: state and events are a fresh fetch; resumed without loss; told to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from models import node_id
from models.database import fetch_value
from models.standing import restore, suspend
from models.transaction import transaction
from tests.chatting import (
    ADD,
    ANSWER,
    CHAT_LIVE,
    CHATS_LIVE,
    CLEAR,
    DELETE,
    EDIT,
    HIDE,
    LEAVE,
    LIST,
    MUTE,
    ONE,
    OPEN,
    REACT,
    READ,
    REMOVE,
    RENAME,
    SEND,
    TYPING,
    grouped,
    opened,
    said,
)
from tests.people import Feed, Person, Refused, Town


class Mirror:
    """What a client holds of its chats: the first page, and then nothing but events."""

    def __init__(self, page: dict[str, Any]) -> None:
        self.chats: dict[str, dict[str, Any]] = {}
        self.order: list[str] = []
        for edge in reversed(page["edges"]):
            self._top(edge["node"])

    def _top(self, chat: dict[str, Any]) -> None:
        self.chats[chat["id"]] = chat
        self.order = [chat["id"], *(one for one in self.order if one != chat["id"])]

    def take(self, event: dict[str, Any]) -> None:
        """One event."""
        kind = event["__typename"]
        if kind == "MessageSent" and (event["edge"]["node"]["kind"] == "TEXT" or event["chat"]["id"] not in self.chats):
            self._top(event["chat"])
        elif kind == "ChatRemoved":
            self.chats.pop(event["chatId"], None)
            self.order = [one for one in self.order if one != event["chatId"]]
        elif kind == "MemberRead":
            members = self.chats[event["chatId"]]["members"]
            members[:] = [event["member"] if one["user"] == event["member"]["user"] else one for one in members]
        elif kind != "LiveHeartbeat" and event["chat"]["id"] in self.chats:
            self.chats[event["chat"]["id"]] = event["chat"]

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The list."""
        return [self.chats[one] for one in self.order]


async def inbox_of(who: Person) -> dict[str, Any]:
    found: dict[str, Any] = (await who.ask(LIST, first=50))["viewer"]["chats"]
    return found


async def level(feed: Feed, mirror: Mirror, who: Person, witness: str) -> None:
    """Follow until the witness, a message of one's own, has come."""
    sent = await said(who, witness, "Level")
    while True:
        event = await feed.next()
        mirror.take(event)
        if event["__typename"] == "MessageSent" and event["edge"]["node"]["id"] == sent:
            return


async def test_state_and_events_are_a_fresh_fetch(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    pair, witness = await opened(ada, bob), await opened(ada, carl)
    first = await said(bob, pair, "before")
    start = await inbox_of(ada)
    mirror = Mirror(start)
    async with ada.live(CHATS_LIVE, after=start["liveCursor"]) as feed:
        group = await grouped(bob, ada, carl)
        lost = await said(carl, group, "lost")
        await said(bob, pair, "after")
        await bob.do(EDIT, messageId=first, text="edited")
        await ada.do(REACT, messageId=first, emoji="🎨")
        await ada.do(READ, chatId=pair, sequence=1)
        await carl.do(DELETE, messageId=lost)
        await bob.do(RENAME, chatId=group, name="New")
        await ada.do(MUTE, chatId=group, isMuted=True)
        await bob.do(READ, chatId=pair, sequence=2)
        await carl.do(LEAVE, chatId=group)
        await level(feed, mirror, ada, witness)
        assert mirror.shown == [edge["node"] for edge in (await inbox_of(ada))["edges"]]
        await ada.do(HIDE, messageId=first)
        await ada.do(CLEAR, chatId=pair)
        await bob.do(REMOVE, chatId=group, userId=ada.id)
        await said(bob, group, "without ada")
        await level(feed, mirror, ada, witness)
        assert mirror.shown == [edge["node"] for edge in (await inbox_of(ada))["edges"]]
        assert [one["id"] for one in mirror.shown] == [witness]
        place = feed.cursor
    await bob.do(ADD, chatId=group, userIds=[ada.id])
    await ada.do(ANSWER, chatId=group, accept=True)
    await said(bob, group, "with ada")
    await said(bob, pair, "once more")
    async with ada.live(CHATS_LIVE, after=place) as feed:
        await level(feed, mirror, ada, witness)
        assert mirror.shown == [edge["node"] for edge in (await inbox_of(ada))["edges"]], "resumed"


async def test_a_request_comes_and_moves(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    async with ada.live(CHATS_LIVE) as feed, eve.live(CHATS_LIVE) as theirs:
        chat = (await eve.do(OPEN, userId=ada.id))["chat"]["id"]
        await said(eve, chat, "Hello?")
        assert (await feed.next())["chat"]["viewerHasAccepted"] is False
        assert (await theirs.next())["__typename"] == "MessageSent"
        await ada.do(READ, chatId=chat, sequence=1)
        assert (await feed.next())["chat"]["unreadCount"] == 0
        await ada.do(ANSWER, chatId=chat, accept=True)
        assert (await feed.next())["chat"]["viewerHasAccepted"] is True
        assert (await theirs.next())["__typename"] == "ChatChanged", "and nothing of the reading before"


async def test_one_chat_tells_its_own_and_who_is_writing(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    chat, other = await grouped(ada, bob, carl), await opened(ada, bob)
    async with ada.live(CHAT_LIVE, id=chat) as feed:
        await bob.do(TYPING, chatId=chat)
        assert (await feed.next())["userId"] == bob.id
        assert (
            await fetch_value("SELECT count(*) FROM events WHERE actor_id = $1", node_id.number_of("user", bob.id)) >= 0
        )
        await bob.do(TYPING, chatId=other)
        await said(bob, other, "elsewhere")
        sent = await said(bob, chat, "here")
        assert (await feed.until("MessageSent"))["edge"]["node"]["id"] == sent
        await ada.do(REMOVE, chatId=chat, userId=bob.id)
        assert (await feed.next())["edge"]["node"]["kind"] == "REMOVED"
        assert await bob.refusal(TYPING, chatId=chat) == ("NOT_FOUND", ["chatId"])
        await carl.do("BlockUser", userId=ada.id)
        assert (await feed.next())["__typename"] == "Reset"
        await carl.do(TYPING, chatId=chat)
        await said(carl, chat, "not for ada")
        mine = await said(ada, chat, "mine")
        assert (await feed.next())["edge"]["node"]["id"] == mine


async def test_typing_is_not_stored(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    count = "SELECT count(*) FROM events WHERE topics[1] = $1"
    topic = f"chat:{node_id.number_of('chat', chat)}"
    async with ada.live(CHAT_LIVE, id=chat) as feed:
        await bob.do(TYPING, chatId=chat)
        assert (await feed.next())["__typename"] == "MemberTyping"
    assert await fetch_value(count, topic) == 0


async def test_who_is_not_in_it_cannot_listen(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    chat = await opened(ada, bob)
    for who, document in (
        (eve, CHAT_LIVE),
        (Person(town, "", "", None), CHAT_LIVE),
        (Person(town, "", "", None), CHATS_LIVE),
    ):
        with pytest.raises(Refused):
            async with who.live(document, **({"id": chat} if "$id" in document else {})):
                pass


async def test_blocks_and_standings_reset(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    await opened(ada, bob)
    number = node_id.number_of("user", bob.id) or 0
    async with ada.live(CHATS_LIVE) as feed:
        await ada.do("BlockUser", userId=eve.id)  # nobody one shares a chat with
        await bob.do("BlockUser", userId=ada.id)
        assert (await feed.next())["__typename"] == "Reset"
        async with transaction():
            await suspend(number)
        assert (await feed.next())["__typename"] == "Reset"
        async with transaction():
            await restore(number)
        assert (await feed.next())["__typename"] == "Reset"


async def test_a_page_of_a_chat_goes_on_without_a_gap(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    await said(bob, chat, "on the page")
    page = (await ada.ask(ONE, id=chat, last=20))["node"]["messages"]
    between = await said(bob, chat, "between")
    async with ada.live(CHAT_LIVE, id=chat, after=page["liveCursor"]) as feed:
        assert (await feed.next())["edge"]["node"]["id"] == between
        again = (await bob.do(SEND, chatId=chat, text="then"))["message"]["id"]
        assert (await feed.next())["edge"]["node"]["id"] == again
