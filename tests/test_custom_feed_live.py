"""Custom feeds live: who hears of which new post and why, and state + events = fresh fetch after any history."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from itertools import zip_longest
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.event import Cursor
from tests.feeds import LIVE, UPDATE, looked_at, made
from tests.people import Person, Refused, Town
from tests.selection import mutation
from tests.test_feed_history import HEAD, HISTORIES, MOSTLY, Talkative, hold_list, listed, place, quick_heart
from tests.test_live_history import PHASES, Deed
from tests.test_trend import new_tag

__all__ = ["quick_heart"]
MUTE, BLOCK = mutation("muteUser"), mutation("blockUser")
PAGE = """query($id: ID!) { node(id: $id) { ... on CustomFeed { posts: timeline(first: 100) {
    edges { node { id author { id } } repostedBy { id } } liveCursor } } } }"""
FOLLOWED_LIVE = """subscription($id: ID!, $after: String) { customFeedTimeline(id: $id, after: $after) { __typename cursor
    ... on PostPublished { edge { node { id author { id } } repostedBy { id } } } ... on PostRemoved { postId }
    ... on AuthorRemoved { userId } ... on Reset { reason } } }"""


async def test_a_new_post_comes_to_those_in_whose_feed_it_stands(town: Town) -> None:
    ada, bob, cleo, eve = [await town.person(name) for name in ("ada", "bob", "cleo", "eve")]
    tag = new_tag("Live")
    people = (await ada.do(mutation("createList"), name="x", isPrivate=False))["list"]["id"]
    await ada.do(mutation("addToList"), userListId=people, userId=cleo.id)
    await bob.follow(cleo)
    feed = await made(
        ada, {"circle": "FOLLOWED"}, {"userListId": people}, {"hashtag": tag}, filters={"pictures": "NONE"}
    )
    async with AsyncExitStack() as stack:
        readers: dict[str, Person | Town] = {"ada": ada, "bob": bob, "eve": eve, "town": town}
        feeds = {name: await stack.enter_async_context(who.live(LIVE, id=feed)) for name, who in readers.items()}
        await eve.write("Nothing of this feed")
        listed_post = await cleo.write("by cleo")
        closed = await cleo.write("for followers", visibility="FOLLOWERS")
        tagged = await eve.write(f"#{tag}")
        for name in readers:
            wanted = [(listed_post, "FOLLOWED" if name == "bob" else "LIST")]
            wanted += [(closed, "FOLLOWED")] if name == "bob" else []
            wanted.append((tagged, "HASHTAG"))
            got = [(await feeds[name].until("PostPublished"))["edge"] for _ in wanted]
            assert [(edge["node"]["id"], edge["reason"]["kind"]) for edge in got] == wanted, name
        await eve.do("DeletePost", postId=tagged)
        assert (await feeds["town"].until("PostRemoved"))["postId"] == tagged
        await bob.do(MUTE, userId=eve.id)
        assert (await feeds["bob"].until("AuthorRemoved"))["userId"] == eve.id
        await ada.do(UPDATE, feedId=feed, rules={"sources": [{"people": [eve.id]}]})
        for name in readers:
            assert (await feeds[name].until("Reset"))["reason"] == "RULES_CHANGED"
        await cleo.write("No longer")
        again = await eve.write("By her")
        assert (await feeds["town"].until("PostPublished"))["edge"]["node"]["id"] == again
        await ada.do(mutation("createList"), name="y")
        await ada.do(UPDATE, feedId=feed, isPrivate=True)
        assert (await feeds["town"].until("Reset"))["reason"] == "RULES_CHANGED"
        await eve.write("Hidden from all but its owner")
        assert (await feeds["ada"].until("PostPublished"))["edge"]["node"]["id"] == again
        assert await looked_at(town, feed) is None


async def test_a_list_that_a_feed_comes_to_have_is_heard(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    people = (await ada.do(mutation("createList"), name="x"))["list"]["id"]
    feed = await made(ada, {"hashtag": "nothing"})
    async with ada.live(LIVE, id=feed) as live:
        await ada.do(UPDATE, feedId=feed, rules={"sources": [{"userListId": people}]})
        await live.until("Reset")
        await ada.do(mutation("addToList"), userListId=people, userId=bob.id)
        await live.until("Reset")
        post = await bob.write("Now there")
        assert (await live.until("PostPublished"))["edge"]["node"]["id"] == post


async def test_hidden_and_ranked_feeds_are_refused(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    hidden = await made(ada, {"circle": "EVERYONE"}, public=False)
    ranked = await made(ada, {"circle": "EVERYONE"}, order="RANKED")
    for feed, code in ((hidden, "NOT_FOUND"), (ranked, "BAD_USER_INPUT"), ("garbage", "NOT_FOUND")):
        with pytest.raises(Refused, match=code):
            async with eve.live(LIVE, id=feed):
                raise AssertionError("it began")


@settings(
    max_examples=12,
    deadline=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
@given(histories=HISTORIES, signed_in=MOSTLY, sources=st.sampled_from(["people", "followed", "both"]))
async def test_an_open_feed_is_a_fresh_fetch(
    town: Town, quick_heart: None, histories: list[list[Deed]], signed_in: bool, sources: str
) -> None:
    people = [await town.person(name) for name in ("ada", "bob", "cleo", "dan")]
    world = Talkative(people)
    reader: Person | Town = people[0] if signed_in else town
    named = {"people": [one.id for one in people[:3]]}
    given: dict[str, list[dict[str, Any]]] = {
        "people": [named],
        "followed": [{"circle": "FOLLOWED"}],
        "both": [{"circle": "FOLLOWED"}, named],
    }
    feed = await made(await town.person("owner"), *given[sources], filters={"replies": "ALL"})
    _, after = await listed(reader, PAGE, id=feed)
    end: asyncio.Future[Cursor] = asyncio.get_running_loop().create_future()
    async with reader.live(FOLLOWED_LIVE, id=feed, after=after) as live, asyncio.TaskGroup() as group:
        held = group.create_task(hold_list(reader, live, end, PAGE, id=feed))
        for turn in zip_longest(*histories):
            for actor, deed in zip(people, turn, strict=True):
                if deed is not None:
                    await world.do(actor, deed)
        end.set_result(place((await town.ask(HEAD))["exploreTimeline"]["liveCursor"]))
    assert held.result() == set((await listed(reader, PAGE, id=feed))[0])
