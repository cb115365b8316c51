"""Messages: one ordered log without a gap, text, pictures, what is passed on, reactions, edits and ends."""

from __future__ import annotations

import asyncio
import logging

import pytest

from models import message_move, node_id
from models.database import fetch, fetch_value
from tests.chatting import (
    DELETE,
    EDIT,
    HIDE,
    ONE,
    OPEN,
    REACT,
    SEARCH,
    SEND,
    grouped,
    listed,
    log_of,
    opened,
    said,
    texts_of,
)
from tests.people import Person, Town
from tests.selection import mutation


async def picture(owner: Person, prefix: str) -> str:
    """A picture of somebody's own; its id."""
    number = await fetch_value(
        "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash, alt_text)"
        " VALUES ($1, $2, 'image/png', 9, 8, 8, 'L00000fQfQfQfQfQfQfQfQfQfQfQ', 'A fox') RETURNING id",
        node_id.number_of("user", owner.id),
        f"p/{prefix}/",
    )
    return node_id.encode("image", number)


async def test_many_at_once_have_numbers_without_a_gap(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    await asyncio.gather(*(said(who, chat, f"{n}") for n in range(12) for who in (ada, bob)))
    for who in (ada, bob):
        assert [one["sequence"] for one in await log_of(who, chat)] == list(range(1, 25))
    assert await log_of(ada, chat) == [{**one, "reactions": one["reactions"]} for one in await log_of(bob, chat)], (
        "the same order for both"
    )


async def test_one_key_sends_once(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    answers = await asyncio.gather(*(ada.do(SEND, chatId=chat, text="Once", idempotencyKey="k") for _ in range(20)))
    assert len({answer["message"]["id"] for answer in answers}) == 1
    assert await texts_of(bob, chat) == ["Once"]
    assert await ada.refusal(SEND, chatId=chat, text="Twice", idempotencyKey="k") == ("CONFLICT", ["idempotencyKey"])


async def test_a_chat_pages_backwards(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    for n in range(7):
        await said(ada, chat, f"{n}")
    found: list[str] = []
    before = None
    while True:
        page = (await bob.ask(ONE, id=chat, last=3, **({"before": before} if before else {})))["node"]["messages"]
        found = [edge["node"]["text"] for edge in page["edges"]] + found
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        before = page["pageInfo"]["startCursor"]
    assert found == list("0123456")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"text": ""}, ["text"]),
        ({"text": " \u200b "}, ["text"]),
        ({"text": "x" * 2_001}, ["text"]),
        ({"text": "👩‍👩‍👧‍👦" * 1_000}, ["text"]),
        ({"imageIds": ["image_5"] * 2}, ["imageIds"]),
        ({"imageIds": [f"image_{n}" for n in range(1, 6)]}, ["imageIds"]),
    ],
)
async def test_what_is_no_message(town: Town, given: dict[str, object], path: list[str]) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    assert await ada.refusal(SEND, chatId=chat, **given) == ("BAD_USER_INPUT", path)
    assert await log_of(ada, chat) == []


async def test_texts_follow_the_rules_of_posts(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    sent = await ada.do(
        mutation("sendMessage", 3), chatId=chat, text=f"  \u202e@{bob.handle} #tag https://example.org\u0000 "
    )
    assert sent["message"]["text"] == f"@{bob.handle} #tag https://example.org"
    kinds = [facet["feature"]["__typename"] for facet in sent["message"]["facets"]]
    assert kinds == ["MentionFacet", "HashtagFacet", "LinkFacet"]
    assert (await ada.do(SEND, chatId=chat, text="x" * 2_000))["message"]["text"] == "x" * 2_000


async def test_a_picture_is_for_who_sees_the_message_and_nobody_else(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    chat = await opened(ada, bob)
    image = await picture(ada, "fox")
    message = await said(ada, chat, "", imageIds=[image])
    (row,) = await log_of(bob, chat)
    assert [(one["id"], one["altText"]) for one in row["images"]] == [(image, "A fox")]
    address = row["images"][0]["url"]
    assert "grant=" in address, "for this viewer alone"
    node = "query N($id: ID!) { node(id: $id) { id } }"
    assert (await bob.ask(node, id=image))["node"] == {"id": image}
    for who in (eve, Person(town, "", "", None)):
        assert (await who.ask(node, id=image))["node"] is None
    assert (await town.http.get(address)).status_code == 302
    assert (await town.http.get(address.partition("?")[0])).status_code == 404
    assert await eve.refusal(SEND, chatId=await opened(eve, bob), imageIds=[image]) == ("NOT_FOUND", ["imageIds"])
    assert await bob.refusal(SEND, chatId=chat, imageIds=[image]) == ("NOT_FOUND", ["imageIds"]), "one's own alone"
    delete = mutation("deleteImage")
    assert await ada.refusal(delete, imageId=image) == ("CONFLICT", ["imageId"])
    await ada.do(DELETE, messageId=message)
    assert (await town.http.get(address)).status_code == 404, "at once"
    await ada.do(delete, imageId=image)


async def test_what_is_passed_on_is_seen_as_far_as_each_may(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    image = await picture(ada, "x")
    hidden = await ada.write("For followers", visibility="MENTIONED", images=[{"imageId": image}])
    await said(ada, chat, "", sharedPostId=hidden, sharedImageId=image)
    (own,), (theirs,) = await log_of(ada, chat), await log_of(bob, chat)
    assert (own["sharedPost"]["id"], own["sharedImage"]["id"]) == (hidden, image)
    assert theirs["sharedPost"] == {"__typename": "UnavailablePost", "reason": "NOT_VISIBLE"}
    assert theirs["sharedImage"] is None
    assert await bob.refusal(SEND, chatId=chat, sharedPostId=hidden) == ("NOT_FOUND", ["sharedPostId"])
    assert await bob.refusal(SEND, chatId=chat, sharedImageId=image) == ("NOT_FOUND", ["sharedImageId"])
    public = await ada.write("For all")
    await said(bob, chat, "", sharedPostId=public)
    assert (await log_of(ada, chat))[-1]["sharedPost"] == {"__typename": "Post", "id": public}


async def test_reactions_are_one_each(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    message = await said(ada, chat)
    for emoji in ("👍", "👩🏽‍🎨", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️", "1️⃣", "🇫🇷"):
        found = (await bob.do(REACT, messageId=message, emoji=emoji))["message"]["reactions"]
        assert found == [{"emoji": emoji, "count": 1, "viewerHasReacted": True}]
    again = await bob.do(REACT, messageId=message, emoji="🇫🇷")
    assert again["message"]["version"] == 7
    both = await ada.do(REACT, messageId=message, emoji="🇫🇷")
    assert both["message"]["reactions"] == [{"emoji": "🇫🇷", "count": 2, "viewerHasReacted": True}]
    assert (await bob.do(REACT, messageId=message))["message"]["reactions"][0]["count"] == 1
    for text in ("", "x", "👍👍", "1", "#", "hello", "👍" + "\u200d👍" * 40):
        assert await bob.refusal(REACT, messageId=message, emoji=text) == ("BAD_USER_INPUT", ["emoji"]), text


async def test_who_is_asked_reacts_once_they_accepted(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    message = await said(eve, (await eve.do(OPEN, userId=ada.id))["chat"]["id"])
    assert await ada.refusal(REACT, messageId=message, emoji="👍") == ("FORBIDDEN", ["messageId"])


async def test_edits_are_marked_and_one_s_own_and_soon(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    message = await said(ada, chat, "Helo")
    assert (await ada.do(EDIT, messageId=message, text="Helo"))["message"]["editedAt"] is None, "no edit"
    assert (await ada.do(EDIT, messageId=message, text="Hello"))["message"]["editedAt"]
    assert await bob.refusal(EDIT, messageId=message, text="Bye") == ("FORBIDDEN", ["messageId"])
    assert await ada.refusal(EDIT, messageId=message, text="") == ("BAD_USER_INPUT", ["text"])
    await fetch(
        "UPDATE direct_messages SET created_at = now() - interval '25 hours' WHERE id = $1",
        node_id.number_of("message", message),
    )
    assert await ada.refusal(EDIT, messageId=message, text="x") == ("CONFLICT", ["messageId"])
    assert await texts_of(bob, chat) == ["Hello"]


async def test_deleted_for_all_leaves_its_place_alone(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    message = await said(ada, chat, "Oh no", sharedPostId=await ada.write("x"))
    await bob.do(REACT, messageId=message, emoji="👍")
    assert await bob.refusal(DELETE, messageId=message) == ("FORBIDDEN", ["messageId"])
    await ada.do(DELETE, messageId=message)
    (row,) = await log_of(bob, chat)
    assert (row["isDeleted"], row["text"], row["reactions"], row["sharedPost"]) == (True, "", [], None)
    assert (await listed(bob))[0]["unreadCount"] == 0
    assert await ada.refusal(DELETE, messageId=message) == ("NOT_FOUND", ["messageId"])
    number = node_id.number_of("message", message)
    assert await fetch_value("SELECT words::text FROM direct_messages WHERE id = $1", number) == ""


async def test_deleted_for_oneself_is_there_for_the_other(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    message = await said(ada, chat, "For both")
    for _ in range(2):
        assert (await bob.do(HIDE, messageId=message))["hiddenMessageId"] == message
    assert (await texts_of(bob, chat), await texts_of(ada, chat)) == ([], ["For both"])
    assert (await listed(bob))[0]["lastMessage"] is None


async def test_search_finds_words_of_one_s_own_messages(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    chat, other = await opened(ada, bob), await opened(ada, eve)
    await said(ada, chat, "The Quick brown fox, l'été 東京都")
    await said(bob, chat, "slow fox")
    await said(eve, other, "quick secret")
    gone = await said(ada, chat, "quick and gone")
    await ada.do(DELETE, messageId=gone)

    async def found(who: Person, words: str, **more: str) -> list[str]:
        edges = (await who.ask(SEARCH, words=words, **more))["viewer"]["messageSearch"]["edges"]
        return [edge["node"]["text"][:5] for edge in edges]

    assert await found(ada, "FOX") == ["slow ", "The Q"]
    assert await found(bob, "qui fo") == []
    assert await found(bob, "quick fo") == ["The Q"]
    assert await found(ada, "quick") == ["quick", "The Q"]
    assert await found(ada, "quick", chatId=chat) == ["The Q"]
    assert await found(bob, "secret") == await found(eve, "fox") == []
    assert await found(ada, "été") == await found(ada, "京") == ["The Q"]
    for words in ("", "'", "& | ! <->", "\\' :*", "#@", "\u0000"):
        assert await found(ada, words) == []
    assert "errors" in await bob.answer(SEARCH, words="fox", chatId=other)


async def test_sixty_a_minute(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_move, "MOST_A_MINUTE", 2)
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await opened(ada, bob)
    for line in "ab":
        await said(ada, chat, line)
    refused = await ada.attempt(mutation("sendMessage"), chatId=chat, text="c", idempotencyKey="k")
    (error,) = refused["userErrors"]
    assert (error["code"], 0 < error["retryAfter"] <= 60) == ("RATE_LIMITED", True)
    await fetch(
        "UPDATE direct_messages SET created_at = now() - interval '61 seconds' WHERE chat_id = $1",
        node_id.number_of("chat", chat),
    )
    await ada.do(SEND, chatId=chat, text="c", idempotencyKey="k")


async def test_nothing_of_it_is_logged_or_in_the_log_of_events(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ada, bob = await town.person("ada"), await town.person("bob")
    chat = await grouped(ada, bob, name="Conspiracy")
    await said(ada, chat, "Rosebud", idempotencyKey="k")
    await ada.refusal(SEND, chatId=chat, text="Rosebud" + "x" * 2_000)
    await ada.ask(SEARCH, words="Rosebud")
    assert [one for one in caplog.messages if "osebud" in one or "onspiracy" in one] == []
    kept = await fetch_value(
        "SELECT string_agg(e::text, '') || (SELECT string_agg(k::text, '') FROM idempotency_keys k) FROM events e"
    )
    assert "osebud" not in kept
    assert "onspiracy" not in kept
