"""Mutes that end, conversations and words that one does not want to read, and follows without reposts."""

from __future__ import annotations

from typing import Any

import pytest

from models import node_id
from models.database import fetch, fetch_value
from tests.people import Person, Town
from tests.selection import mutation
from work.sweep import end_mutes

MUTE = mutation("muteUser")
WORD = mutation("muteWord")
UNWORD = mutation("unmuteWord")
OPTIONS = mutation("updateFollow")
HOME = "subscription { homeTimeline { __typename cursor ... on PostPublished { edge { node { id viewerFilter { words isForHome } } } } } }"
EXPLORE = "subscription { exploreTimeline { __typename cursor ... on PostPublished { edge { node { id } } } } }"
POST = "query($id: ID!) { node(id: $id) { ... on Post { id viewerHasMutedConversation viewerFilter { words isForHome } } } }"
WORDS = "{ viewer { mutedWords(first: 100) { edges { node { id text scope action wholeWord expiresAt } } } } }"
LISTS = "{ viewer { blockedUsers { edges { node { id } } } mutedUsers { edges { node { id viewerMute { expiresAt mutesNotifications } } } } } }"


async def home(person: Person) -> set[str]:
    return {post for post, _ in await person.home_set()}


async def post_of(person: Person, post: str) -> dict[str, Any]:
    found: dict[str, Any] = (await person.ask(POST, id=post))["node"]
    return found


async def test_a_mute_ends_by_itself_and_open_screens_hear_of_it(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await ada.follow(bob)
    post = await bob.write("Hello")
    assert await ada.refusal(MUTE, userId=bob.id, durationSeconds=0) == ("BAD_USER_INPUT", ["durationSeconds"])
    async with ada.live(HOME) as feed:
        await ada.do(MUTE, userId=bob.id, durationSeconds=3_600, mutesNotifications=False)
        await feed.until("Reset")
        assert await home(ada) == set()
        listed = (await ada.ask(LISTS))["viewer"]["mutedUsers"]["edges"]
        assert [edge["node"]["id"] for edge in listed] == [bob.id]
        assert listed[0]["node"]["viewerMute"]["expiresAt"]
        assert not listed[0]["node"]["viewerMute"]["mutesNotifications"]
        me = node_id.number_of("user", ada.id)
        await fetch("UPDATE mutes SET expires_at = now() WHERE muter_id = $1", me)  # its hour is over
        assert (await ada.ask(LISTS))["viewer"]["mutedUsers"]["edges"] == []
        assert not await end_mutes()
        await feed.until("Reset")
        assert await home(ada) == {post}
        assert await fetch_value("SELECT count(*) FROM mutes WHERE muter_id = $1", me) == 0
        new = await bob.write("Again")
        assert (await feed.until("PostPublished"))["edge"]["node"]["id"] == new


async def test_a_mute_that_is_over_acts_no_more_on_lists_and_live_though_nothing_was_written(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    await ada.follow(bob, carl)
    post = await bob.write("Hello")
    await ada.do(MUTE, userId=bob.id, durationSeconds=1)
    await home(ada)
    async with ada.live(HOME) as feed:
        while post not in await home(ada):  # a second at most, through the lists of the process
            pass
        await carl.write("Something happens")
        await feed.until("PostPublished")
        again = await bob.write("Still there")
        found = await feed.until("PostPublished")
        assert found["edge"]["node"]["id"] == again, "the sets that judge live events were read anew"


async def test_a_conversation_that_is_muted_leaves_the_home(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    await ada.follow(bob, carl)
    root = await bob.write("Root")
    reply = await carl.write("An answer", replyToId=root)
    assert reply in await home(ada)
    async with ada.live(HOME) as feed:
        muted = await ada.do(mutation("muteConversation"), postId=root)
        assert muted["post"]["viewerHasMutedConversation"]
        await ada.do(mutation("muteConversation"), postId=reply)
        await feed.until("Reset")
        await carl.write("More", replyToId=root)
        last = await bob.write("Something else")
        assert (await feed.next())["edge"]["node"]["id"] == last, "what goes on there does not come"
    assert await home(ada) == {root, last}
    assert (await post_of(ada, reply))["viewerHasMutedConversation"]
    await ada.do(mutation("unmuteConversation"), postId=root)
    assert reply in await home(ada)
    assert await ada.refusal(mutation("muteConversation"), postId="garbage") == ("NOT_FOUND", ["postId"])
    secret = await bob.write("Not for ada", visibility="MENTIONED")
    assert await ada.refusal(mutation("muteConversation"), postId=secret) == ("NOT_FOUND", ["postId"])


CASES = [
    ("fox", "A FOX!", True), ("fox", "foxes", False), ("fox", "#Fox", True), ("#fox", "a fox", False), ("#fox", "see #FOX.", True),
    ("red fox", "the Red,  fox", True), ("red fox", "red hot fox", False), ("straße", "STRASSE", True), ("ΟΔΟΣ", "οδος", True),
    ("東京", "私は東京へ", True), ("東京", "京東", False), ("🦊", "look🦊here", True), ("👩‍🚀", "an 👩🚀", True), ("ｆｏｘ", "fox", True),
    ("мир", "Мир.", True), ("мир", "миру", False), ("سلام", "السلام", False), ("سلام", "قال سلام!", True), ("क्या", "क्या हुआ", True),
    ("café", "CAFE\u0301", True), ("f\u200bo\u00adx", "fox", True), ("c++", "I like C++.", True), ("don't", "DON’T do", True),
]  # fmt: skip


@pytest.mark.parametrize(("word", "text", "found"), CASES)
async def test_words_are_found_in_every_script(town: Town, word: str, text: str, found: bool) -> None:
    said = await fetch_value("SELECT fresque_says($1, ARRAY[fresque_folded($2)])", text, word)
    assert said is found


async def test_words_hide_or_warn_in_lists_and_live(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    await ada.follow(bob)
    owl, fox, cat = [await bob.write(text) for text in ("Owls #Night", "A FOX", "A cat")]
    mine = await ada.write("my own fox")
    async with ada.live(HOME) as feed, ada.live(EXPLORE) as exploring:
        given = await ada.do(WORD, text="fox", scope="HOME", action="HIDE")
        await feed.until("Reset")
        await exploring.until("Reset")
        await ada.do(WORD, text="#night", scope="EVERYWHERE", action="WARN")
        await feed.until("Reset")
        await exploring.until("Reset")
        assert await home(ada) == {owl, cat, mine}
        assert (await post_of(ada, owl))["viewerFilter"] == {"words": ["#night"], "isForHome": False}
        assert (await post_of(ada, fox))["viewerFilter"] == {"words": ["fox"], "isForHome": True}
        assert (await post_of(ada, mine))["viewerFilter"] is None
        assert (await post_of(carl, owl))["viewerFilter"] is None
        for _ in range(3):  # from PostgreSQL, then out of the lists of the process
            edges = (
                await ada.ask("{ viewer { homeTimeline(first: 9) { edges { node { id viewerFilter { words } } } } } }")
            )["viewer"]["homeTimeline"]["edges"]
            assert {edge["node"]["id"]: edge["node"]["viewerFilter"] for edge in edges}[owl] == {"words": ["#night"]}
        hidden = await bob.write("another fox")
        night = await bob.write("#NIGHT again")
        assert (await feed.next())["edge"]["node"] == {
            "id": night,
            "viewerFilter": {"words": ["#night"], "isForHome": False},
        }
        assert (await exploring.next())["edge"]["node"]["id"] == hidden, "a word for the home counts at home alone"
        again = await ada.do(WORD, text="Fox", scope="EVERYWHERE", action="HIDE", durationSeconds=3_600)
        assert again["word"]["id"] == given["word"]["id"], "the same word is changed"
        await feed.until("Reset")
        await exploring.until("Reset")
        await bob.write("one more fox")
        cow = await bob.write("A cow")
        assert (await exploring.next())["edge"]["node"]["id"] in (night, cow)
        await fetch(
            "UPDATE muted_words SET expires_at = now() WHERE id = $1", node_id.number_of("word", given["word"]["id"])
        )
        await end_mutes()
        await feed.until("Reset")
        assert fox in await home(ada)
    (left,) = (await ada.ask(WORDS))["viewer"]["mutedWords"]["edges"]
    assert left["node"]["text"] == "#night"
    assert await carl.refusal(UNWORD, wordId=left["node"]["id"]) == ("NOT_FOUND", ["wordId"])
    assert (await carl.ask("query($id: ID!) { node(id: $id) { id } }", id=left["node"]["id"]))["node"] is None
    assert (await ada.do(UNWORD, wordId=left["node"]["id"]))["unmutedWordId"] == left["node"]["id"]
    assert (await post_of(ada, owl))["viewerFilter"] is None


async def test_words_have_bounds(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await town.person("ada")
    for text in ("", " ,.! ", "x" * 101):
        assert await ada.refusal(WORD, text=text) == ("BAD_USER_INPUT", ["text"])
    assert (await ada.do(WORD, text="👩‍🚀" * 100))["word"]
    monkeypatch.setattr("models.muted_word.MOST_WORDS", 2)
    await ada.do(WORD, text="two")
    assert await ada.refusal(WORD, text="three") == ("QUOTA_EXCEEDED", ["text"])
    await ada.do(WORD, text="TWO", action="WARN")
    refused = await town.ask(WORD, input={"text": "x"})
    assert refused["muteWord"]["userErrors"][0]["code"] == "UNAUTHENTICATED"


async def test_somebody_is_followed_without_their_reposts(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    await ada.follow(bob)
    post, own = await carl.write("Passed on"), await bob.write("Own")
    await bob.do("RepostPost", postId=post)
    assert await home(ada) == {post, own}
    async with ada.live(HOME) as feed:
        await ada.do(OPTIONS, userId=bob.id, hidesReposts=True)
        await feed.until("Reset")
        for _ in range(2):
            assert await home(ada) == {own}
        another = await carl.write("Passed on, too")
        await bob.do("RepostPost", postId=another)
        new = await bob.write("New")
        assert (await feed.next())["edge"]["node"]["id"] == new
        await ada.do(OPTIONS, userId=bob.id, notifiesOnPost=True)
        await ada.do(OPTIONS, userId=bob.id, hidesReposts=False)
        await feed.until("Reset")
    assert await home(ada) == {post, own, another, new}
    assert await ada.refusal(OPTIONS, userId=carl.id, hidesReposts=True) == ("NOT_FOUND", ["userId"])
    follow = await ada.ask(
        "query($handle: String!) { user(handle: $handle) { viewerFollow { notifiesOnPost hidesReposts } } }",
        handle=bob.handle,
    )
    assert follow["user"]["viewerFollow"] == {"notifiesOnPost": True, "hidesReposts": False}
