"""Chats: one of each two people, groups and who is in them, requests, and what each settles for themselves."""

from __future__ import annotations

import asyncio

import pytest

from models import chat_group, node_id
from models.database import fetch, fetch_value
from models.standing import suspend
from models.transaction import transaction
from tests.chatting import (
    ADD,
    ADMIN,
    ANSWER,
    CLEAR,
    GROUP,
    LEAVE,
    MUTE,
    OPEN,
    READ,
    REMOVE,
    RENAME,
    SEND,
    SETTLE,
    counts_of,
    grouped,
    listed,
    log_of,
    opened,
    said,
    texts_of,
)
from tests.people import Person, Town

CAN = "query C($handle: String!) { user(handle: $handle) { viewerCanMessage } }"


def number(person: Person) -> int:
    return node_id.number_of("user", person.id) or 0


async def test_two_people_have_one_chat_whoever_opens_it_and_however_often(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    answers = await asyncio.gather(*(one.do(OPEN, userId=two.id) for one, two in [(ada, bob), (bob, ada)] * 10))
    assert len({answer["chat"]["id"] for answer in answers}) == 1
    pair = sorted((number(ada), number(bob)))
    assert await fetch_value("SELECT count(*) FROM chats WHERE low_id = $1 AND high_id = $2", *pair) == 1
    assert await ada.refusal(OPEN, userId=ada.id) == ("BAD_USER_INPUT", ["userId"])
    assert await ada.refusal(OPEN, userId="user_5") == ("NOT_FOUND", ["userId"])
    assert await Person(town, "", "", None).refusal(OPEN, userId=ada.id) == ("UNAUTHENTICATED", None)


async def test_an_empty_chat_stands_in_no_list(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    assert await listed(ada) == await listed(bob) == []
    await said(ada, chat)
    (own,), (theirs,) = await listed(ada), await listed(bob)
    assert (own["unreadCount"], theirs["unreadCount"]) == (0, 1)
    assert await counts_of(bob) == (1, 0)
    assert {member["user"]["id"] for member in own["members"]} == {ada.id, bob.id}


async def test_a_stranger_s_message_is_a_request_until_it_is_accepted(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    chat = (await eve.do(OPEN, userId=ada.id))["chat"]["id"]
    for line in "abcde":
        await said(eve, chat, line)
    assert await eve.refusal(SEND, chatId=chat, text="f") == ("QUOTA_EXCEEDED", ["chatId"])
    assert not (await listed(eve))[0]["viewerCanWrite"]
    assert await listed(ada) == []
    (asking,) = await listed(ada, "REQUESTS")
    assert (asking["viewerHasAccepted"], asking["unreadCount"]) == (False, 5)
    assert await counts_of(ada) == (0, 1)
    await ada.do(READ, chatId=chat, sequence=5)
    seen = {member["user"]["id"]: member["readSequence"] for member in (await listed(eve))[0]["members"]}
    assert seen == {eve.id: 5, ada.id: None}, "nobody learns that a request was read"
    accepted = await ada.do(ANSWER, chatId=chat, accept=True)
    assert accepted["chat"]["viewerHasAccepted"]
    assert await counts_of(ada) == (0, 0)
    await said(eve, chat, "f")
    assert await counts_of(ada) == (1, 0)
    assert await ada.refusal(ANSWER, chatId=chat, accept=False) == ("CONFLICT", ["accept"])


async def test_a_declined_request_is_gone_and_nobody_is_told(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    chat = (await eve.do(OPEN, userId=ada.id))["chat"]["id"]
    await said(eve, chat, "a")
    before = (await listed(eve))[0]
    await ada.do(ANSWER, chatId=chat, accept=False)
    assert await listed(ada, "REQUESTS") == await log_of(ada, chat) == []
    assert (await listed(eve))[0] == before
    await said(eve, chat, "b")
    assert (await counts_of(ada), await listed(ada, "REQUESTS")) == ((0, 0), [])
    assert (await ada.do(OPEN, userId=eve.id))["chat"]["id"] == chat
    await said(ada, chat, "On second thought")
    assert len(await listed(ada)) == 1


async def test_writing_into_a_request_accepts_it(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    chat = (await eve.do(OPEN, userId=ada.id))["chat"]["id"]
    await said(eve, chat)
    await said(ada, chat, "Yes?")
    assert (await listed(ada))[0]["viewerHasAccepted"]


@pytest.mark.parametrize(("setting", "stranger", "friend"), [("EVERYONE", True, True), ("FOLLOWING", False, True), ("NOBODY", False, False)])  # fmt: skip
async def test_who_may_write(town: Town, setting: str, stranger: bool, friend: bool) -> None:
    ada, bob, eve = await town.person("ada"), await town.person("bob"), await town.person("eve")
    await ada.follow(bob)
    assert (await ada.do(SETTLE, messagesFrom=setting))["viewer"]["chatSettings"]["messagesFrom"] == setting
    for who, may in ((bob, friend), (eve, stranger)):
        assert (await who.ask(CAN, handle=ada.handle))["user"]["viewerCanMessage"] is may
        outcome = await who.attempt(OPEN, userId=ada.id)
        assert [error["code"] for error in outcome["userErrors"]] == ([] if may else ["FORBIDDEN"])
    group = await eve.attempt(GROUP, userIds=[ada.id])
    assert [error["code"] for error in group["userErrors"]] == ([] if stranger else ["FORBIDDEN"])


async def test_a_block_closes_a_chat_in_both_directions_at_once(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    hello = await said(bob, chat)
    await said(ada, chat)
    await ada.do("BlockUser", userId=bob.id)
    for who in (ada, bob):
        assert await who.refusal(SEND, chatId=chat, text="x") == ("FORBIDDEN", ["chatId"])
        assert not (await listed(who))[0]["viewerCanWrite"]
        assert len(await texts_of(who, chat)) == 2, "what was said before stays"
        assert {one["readSequence"] for one in (await listed(who))[0]["members"] if one["user"]["id"] != who.id} == {
            None
        }
    for document, more in ((SEND, {"text": "x"}), (READ, {"sequence": 9})):
        assert (await bob.attempt(document, chatId=chat, **more)) is not None
    assert await bob.refusal(
        "mutation M($input: EditMessageInput!) { editMessage(input: $input) { userErrors { code path } } }",
        messageId=hello,
        text="y",
    ) == ("FORBIDDEN", ["messageId"])
    assert not (await bob.ask(CAN, handle=ada.handle))["user"]["viewerCanMessage"]


async def test_a_group_hides_those_whom_a_block_keeps_apart_from_each_other(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    chat = await grouped(carl, ada, bob)
    await said(bob, chat, "before")
    await ada.do("BlockUser", userId=bob.id)
    await said(bob, chat, "after")
    await said(ada, chat, "mine")
    assert await texts_of(ada, chat) == ["mine"]
    assert await texts_of(bob, chat) == ["before", "after"]
    assert await texts_of(carl, chat) == ["before", "after", "mine"]
    assert (await listed(ada))[0]["unreadCount"] == 0
    assert await counts_of(bob) == (0, 0)
    assert await ada.refusal(GROUP, userIds=[bob.id]) == ("FORBIDDEN", ["userIds"])
    assert await bob.refusal(ADD, chatId=await grouped(bob, carl), userIds=[ada.id]) == ("FORBIDDEN", ["userIds"])


async def test_what_a_suspended_person_said_goes_and_comes_with_them(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    await said(bob, chat, "Hello")
    async with transaction():
        await suspend(number(bob))
    assert await texts_of(ada, chat) == []
    assert await ada.refusal(SEND, chatId=chat, text="x") == ("FORBIDDEN", ["chatId"])
    assert await bob.refusal(SEND, chatId=chat, text="x") == ("FORBIDDEN", None)
    assert [one["user"]["id"] for one in (await listed(ada))[0]["members"]] == [ada.id]
    assert await counts_of(ada) == (0, 0)


async def test_a_group_is_led_and_changes_hands(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    chat = await grouped(ada, bob, name="  Us \n all ")
    assert (await listed(bob))[0]["name"] == "Us all"
    for document, more in (
        (RENAME, {"name": "x"}),
        (REMOVE, {"userId": ada.id}),
        (ADMIN, {"userId": bob.id, "isAdmin": True}),
    ):
        assert await bob.refusal(document, chatId=chat, **more) == ("FORBIDDEN", ["chatId"])
    await carl.follow(bob)
    await bob.do(ADD, chatId=chat, userIds=[carl.id, carl.id, ada.id])
    await ada.do(RENAME, chatId=chat, name="We")
    assert await ada.refusal(ADMIN, chatId=chat, userId=ada.id, isAdmin=False) == ("CONFLICT", ["userId"])
    await ada.do(ADMIN, chatId=chat, userId=bob.id, isAdmin=True)
    await bob.do(REMOVE, chatId=chat, userId=carl.id)
    assert await bob.refusal(REMOVE, chatId=chat, userId=carl.id) == ("NOT_FOUND", ["userId"])
    await bob.do(ADMIN, chatId=chat, userId=bob.id, isAdmin=False)
    assert (await ada.do(LEAVE, chatId=chat))["removedChatId"] == chat
    notices = [(one["kind"], one["sequence"]) for one in await log_of(bob, chat)]
    assert [kind for kind, _ in notices] == ["CREATED", "ADDED", "RENAMED", "PROMOTED", "REMOVED", "DEMOTED", "LEFT"]
    assert [place for _, place in notices] == list(range(1, 8)), "no gap"
    assert (await listed(bob))[0]["viewerIsAdmin"], "whoever was there longest"
    pair = await opened(ada, bob)
    assert await ada.refusal(RENAME, chatId=pair, name="x") == ("BAD_USER_INPUT", ["chatId"])
    assert await ada.refusal(LEAVE, chatId=pair) == ("BAD_USER_INPUT", ["chatId"])


async def test_who_comes_later_sees_what_is_said_from_then_on(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    chat = await grouped(ada, bob)
    await said(ada, chat, "before")
    assert await ada.refusal(ADD, chatId=chat, userIds=["user_5"]) == ("FORBIDDEN", ["userIds"])
    await ada.do(ADD, chatId=chat, userIds=[carl.id])
    await said(ada, chat, "after")
    assert await counts_of(carl) == (0, 1), "asked, since they do not follow"
    assert await carl.refusal(ADD, chatId=chat, userIds=[]) == ("FORBIDDEN", ["chatId"])
    await carl.do(ANSWER, chatId=chat, accept=True)
    assert await texts_of(carl, chat) == ["after"]
    await carl.do(LEAVE, chatId=chat)
    assert await log_of(carl, chat) == []
    await carl.follow(ada)
    await ada.do(ADD, chatId=chat, userIds=[carl.id])
    assert await texts_of(carl, chat) == []
    assert not (await listed(carl, "REQUESTS"))[0]["viewerHasAccepted"], "who left is asked"


async def test_who_is_removed_says_nothing_more(town: Town) -> None:
    """Whoever of the two comes first: after the notice of the removal nothing of theirs stands."""
    ada, bob = await town.person("ada"), await town.person("bob")
    for _ in range(4):
        chat = await grouped(ada, bob)
        sends = [bob.attempt(SEND, chatId=chat, text=f"{n}") for n in range(3)]
        await asyncio.gather(
            *sends, ada.do(REMOVE, chatId=chat, userId=bob.id), bob.attempt(SEND, chatId=chat, text="x")
        )
        log = await log_of(ada, chat)
        assert log[-1]["kind"] == "REMOVED", log


async def test_a_group_has_at_most_fifty(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_group, "MOST_MEMBERS", 3)
    ada, bob, carl, dora = [await town.person(name) for name in ("ada", "bob", "carl", "dora")]
    assert await ada.refusal(GROUP, userIds=[bob.id, carl.id, dora.id]) == ("QUOTA_EXCEEDED", ["userIds"])
    chat = await grouped(ada, bob)
    answers = await asyncio.gather(*(ada.attempt(ADD, chatId=chat, userIds=[one.id]) for one in (carl, dora)))
    assert sorted(len(answer["userErrors"]) for answer in answers) == [0, 1], "nor by a race"


async def test_new_chats_a_day_are_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_group, "MOST_BEGUN_A_DAY", 1)
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    await ada.do(OPEN, userId=bob.id)
    await ada.do(OPEN, userId=bob.id)
    assert await ada.refusal(OPEN, userId=carl.id) == ("RATE_LIMITED", None)


async def test_a_muted_chat_does_not_count_and_a_cleared_one_begins_anew(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    await said(ada, chat, "one")
    assert (await bob.do(MUTE, chatId=chat, isMuted=True))["chat"]["viewerHasMuted"]
    assert await counts_of(bob) == (0, 0)
    await bob.do(MUTE, chatId=chat, isMuted=False)
    assert await counts_of(bob) == (1, 0)
    assert (await bob.do(CLEAR, chatId=chat))["removedChatId"] == chat
    assert (await listed(bob), await texts_of(bob, chat), await counts_of(bob)) == ([], [], (0, 0))
    assert await texts_of(ada, chat) == ["one"]
    await said(ada, chat, "two")
    assert (len(await listed(bob)), await texts_of(bob, chat)) == (1, ["two"])


async def test_reading_goes_forward_and_is_shown_as_far_as_both_allow(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    for line in "abc":
        await said(ada, chat, line)

    async def seen() -> int | None:
        members = (await listed(ada))[0]["members"]
        found: int | None = next(one["readSequence"] for one in members if one["user"]["id"] == bob.id)
        return found

    await bob.do(READ, chatId=chat, sequence=2)
    assert (await seen(), (await listed(bob))[0]["unreadCount"]) == (2, 1)
    await bob.do(READ, chatId=chat, sequence=1)
    assert await seen() == 2
    await bob.do(READ, chatId=chat, sequence=99)
    assert await seen() == 3
    for who in (bob, ada):
        await who.do(SETTLE, showsReading=False)
        assert await seen() is None
        await who.do(SETTLE, showsReading=True)
        assert await seen() == 3


async def test_lists_page_by_what_was_said_last(town: Town) -> None:
    ada = await town.person("ada")
    people = [await town.person("bob") for _ in range(3)]
    made = [await opened(ada, one) for one in people]
    for chat in (*made, made[0]):
        await said(ada, chat)
    found = [one["id"] for one in await listed(ada)]
    assert found == [made[0], made[2], made[1]]
    rows = await fetch("SELECT last_sequence FROM chats WHERE id = $1", node_id.number_of("chat", made[0]))
    assert rows[0]["last_sequence"] == 2
