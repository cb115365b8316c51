"""Who learns anything of a chat, cell by cell: what somebody is to it × every way there is to ask."""

from __future__ import annotations

from typing import Any

import pytest

from models import chat, direct_message, node_id
from models.event import log_state
from models.standing import suspend
from models.transaction import transaction
from tests.chatting import (
    ANSWER,
    CHAT_LIVE,
    CHATS_LIVE,
    CLEAR,
    DELETE,
    EDIT,
    HIDE,
    LIST,
    MUTE,
    OPEN,
    REACT,
    READ,
    SEARCH,
    SEND,
    TYPING,
    grouped,
    log_of,
    opened,
    said,
)
from tests.conftest import Serving
from tests.people import Feed, Person, Refused, Town
from tests.test_direct_message import picture

RELATIONS = ("member", "asked", "left", "removed", "declined", "stranger", "blocked", "signed out")
SEES = {"member", "asked"}
SECRET = "Rosebud"  # noqa: S105


async def scene(town: Town, relation: str) -> tuple[Person, Person, Person, str, str, str]:
    """Who is asked about, who leads the group, another member, the group, a message with a picture, the picture."""
    ada, bob, who = await town.person("ada"), await town.person("bob"), await town.person("who")
    if relation in ("stranger", "signed out"):
        group = await grouped(ada, bob, name=SECRET)
        who = who if relation == "stranger" else Person(town, "", "", None)
    elif relation in ("asked", "declined"):
        await bob.follow(ada)
        group = (await ada.do("mutation G($input: CreateGroupChatInput!) { createGroupChat(input: $input) { chat { id } userErrors { code } } }", name=SECRET, userIds=[bob.id, who.id]))["chat"]["id"]  # fmt: skip
    else:
        group = await grouped(ada, bob, who, name=SECRET)
    if relation == "blocked":
        await ada.do("BlockUser", userId=who.id)
    image = await picture(ada, "secret")
    message = await said(ada, group, f"{SECRET} here", imageIds=[image])
    if relation == "declined":
        await who.do(ANSWER, chatId=group, accept=False)
    elif relation == "left":
        leave = "mutation L($input: LeaveChatInput!) { leaveChat(input: $input) { removedChatId userErrors { code path } } }"
        await who.do(leave, chatId=group)
    elif relation == "removed":
        remove = "mutation R($input: RemoveChatMemberInput!) { removeChatMember(input: $input) { userErrors { code path } } }"
        await ada.do(remove, chatId=group, userId=who.id)
    return who, ada, bob, group, message, image


@pytest.mark.parametrize("relation", RELATIONS)
async def test_every_way_to_ask(town: Town, relation: str) -> None:
    who, _, bob, group, message, image = await scene(town, relation)
    in_it, sees = relation in (*SEES, "blocked"), relation in SEES
    nodes = (await who.ask("query N($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[group, message, image]))["nodes"]
    assert [one is not None for one in nodes] == [in_it, sees, sees], "node and nodes"
    assert (SECRET in str(await log_of(who, group))) is sees, "its log"
    (row,) = [one for one in await log_of(bob, group) if one["images"]]
    bare = row["images"][0]["url"].partition("?")[0]
    assert (await town.http.get(bare, headers={"Authorization": f"Bearer {who.token}"})).status_code == 404
    if relation != "signed out":
        folder = "REQUESTS" if relation == "asked" else "INBOX"
        lists = [await who.ask(LIST, folder=one) for one in ("INBOX", "REQUESTS")]
        assert [edge["node"]["id"] for one in lists for edge in one["viewer"]["chats"]["edges"]] == [group] * in_it
        counts = lists[0]["viewer"]["unreadChatCount"], lists[0]["viewer"]["chatRequestCount"]
        assert counts == ((0, 1) if folder == "REQUESTS" else (int(relation == "member"), 0)), "counts"
        hits = (await who.ask(SEARCH, words=SECRET))["viewer"]["messageSearch"]["edges"]
        assert {edge["node"]["kind"] for edge in hits} == ({"TEXT", "CREATED"} if sees else set())
        within = await who.answer(SEARCH, words=SECRET, chatId=group)
        assert bool(within.get("errors")) is not in_it
    code = "UNAUTHENTICATED" if relation == "signed out" else "NOT_FOUND"
    if not in_it:
        for document, given in (
            (SEND, {"text": "x"}), (READ, {"sequence": 1}), (MUTE, {"isMuted": True}), (ANSWER, {"accept": True}),
            (TYPING, {}), (CLEAR, {}),
        ):  # fmt: skip
            refused = (await who.attempt(document, chatId=group, **given))["userErrors"]
            never = (await who.attempt(document, chatId="chat_5", **given))["userErrors"]
            assert [error["code"] for error in refused] == [code], document
            assert refused == never, "as if it had never been"
    if not sees:
        for document, given in ((EDIT, {"text": "x"}), (DELETE, {}), (REACT, {"emoji": "👍"}), (HIDE, {})):
            refused = (await who.attempt(document, messageId=message, **given))["userErrors"]
            never = (await who.attempt(document, messageId="message_5", **given))["userErrors"]
            assert [error["code"] for error in refused] == [code], document
            assert refused == never


@pytest.mark.parametrize("relation", ["left", "removed", "declined", "stranger", "blocked"])
async def test_nothing_is_told_live_nor_when_it_is_played_again(town: Town, running: Serving, relation: str) -> None:
    start = str((await log_state()).head)
    who, ada, bob, group, message, _ = await scene(town, relation)
    witness = await opened(bob, who)

    async def silent_until(feed: Feed, sent: str) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        while True:
            event = await feed.next()
            if event["__typename"] == "MessageSent" and event["edge"]["node"]["id"] == sent:
                return events
            events.append(event)

    async with who.live(CHATS_LIVE) as feed:
        await said(ada, group, f"{SECRET} again")
        await ada.do(EDIT, messageId=message, text=f"{SECRET} edited")
        await ada.do(REACT, messageId=message, emoji="👍")
        await ada.do(READ, chatId=group, sequence=1)
        told = await silent_until(feed, await said(bob, witness, "Witness"))
        assert "Rosebud" not in str(
            [one for one in told if relation != "blocked" or one.get("edge") or one.get("message")]
        )
        assert [one for one in told if one["__typename"] in ("MessageSent", "MessageChanged", "MemberRead")] == []
    async with who.live(CHATS_LIVE, after=start) as feed:
        again = await silent_until(feed, await said(bob, witness, "Witness"))
    said_again = [one for one in again if one["__typename"] in ("MessageSent", "MessageChanged")]
    assert [one for one in said_again if one["edge"]["node"]["sender"]["id"] == ada.id and relation != "blocked"] == []
    assert "again" not in str(said_again)
    if relation != "blocked":
        assert {one["__typename"] for one in again} <= {"ChatRemoved", "Reset", "MessageSent"}
        with pytest.raises(Refused):
            async with who.live(CHAT_LIVE, id=group):
                pass


async def test_a_request_s_writer_who_is_blocked_or_gone_is_no_request(town: Town) -> None:
    ada, eve, mallory = [await town.person(name) for name in ("ada", "eve", "mallory")]
    for who in (eve, mallory):
        await said(who, (await who.do(OPEN, userId=ada.id))["chat"]["id"], "Hello?")
    await ada.do("BlockUser", userId=eve.id)
    async with transaction():
        await suspend(node_id.number_of("user", mallory.id) or 0)
    found = (await ada.ask(LIST, folder="REQUESTS"))["viewer"]
    assert (found["chats"]["edges"], found["chatRequestCount"]) == ([], 0)


async def test_rows_for_nobody_are_none(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    group = await opened(ada, bob)
    message = await said(ada, group, SECRET)
    numbers = node_id.number_of("chat", group) or 0, node_id.number_of("message", message) or 0
    assert await chat.chats(0, [numbers[0]]) == {}
    assert await direct_message.messages(0, [numbers[1]]) == {}
