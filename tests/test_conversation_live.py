"""A conversation, live: replies at any depth, holes, ends, and who hears of what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.people import Feed, Refused, Town

REPLIES = "query($id: ID!) { node(id: $id) { ... on Post { replies { liveCursor edges { cursor node { __typename ... on Post { id } ... on UnavailablePost { reason } } } } } } }"


async def answered(feed: Feed) -> tuple[str, str]:
    """The next reply: what it answers, and its id or why it is not shown."""
    event = await feed.next()
    assert event["__typename"] == "ReplyPublished", event
    node: dict[str, Any] = event["edge"]["node"]
    return event["replyToId"], node.get("id") or node["reason"]


async def test_replies_of_any_depth_arrive_and_leave(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    root = await ada.write("The root")
    other = await ada.write("Another conversation")
    begin = (await town.ask(REPLIES, id=root))["node"]["replies"]["liveCursor"]
    missed = await bob.write("First", replyToId=root)
    async with town.live("ConversationLive", id=missed, after=begin) as feed:
        assert await answered(feed) == (root, missed)
        await bob.write("Elsewhere", replyToId=other)
        deep = await ada.write("Second", replyToId=missed)
        assert await answered(feed) == (missed, deep)
        await bob.do("DeletePost", postId=missed)
        event = await feed.next()
        assert (event["__typename"], event["postId"]) == ("PostRemoved", missed)
        deeper = await bob.write("Third", replyToId=deep)
        assert await answered(feed) == (deep, deeper)
        cursor = feed.cursor
    await ada.do("DeletePost", postId=root)
    async with town.live("ConversationLive", id=deep, after=cursor) as feed:
        assert (await feed.next())["postId"] == root
    edges = (await town.ask(REPLIES, id=deep))["node"]["replies"]["edges"]
    assert [edge["node"]["id"] for edge in edges] == [deeper]


async def test_an_event_s_edge_is_the_page_s(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    root = await ada.write("The root")
    await ada.do("BlockUser", userId=bob.id)
    host = await town.person("host")
    middle = await host.write("Between", replyToId=root)
    async with ada.live("ConversationLive", id=root) as feed:
        await bob.write("By somebody the reader blocks", replyToId=middle)
        event = await feed.next()
    (edge,) = (await ada.ask(REPLIES, id=middle))["node"]["replies"]["edges"]
    assert (event["edge"]["cursor"], event["edge"]["node"]) == (edge["cursor"], edge["node"])
    assert edge["node"] == {"__typename": "UnavailablePost", "reason": "BLOCKED"}


async def test_each_hears_what_they_may_see(town: Town) -> None:
    ada, friend, stranger, host = [await town.person(name) for name in ("ada", "friend", "stranger", "host")]
    await friend.follow(ada)
    root = await host.write("The root")
    async with (
        friend.live("ConversationLive", id=root) as near,
        stranger.live("ConversationLive", id=root) as far,
        town.live("ConversationLive", id=root) as out,
    ):
        close = await ada.write("For those who follow", visibility="FOLLOWERS", replyToId=root)
        assert await answered(near) == (root, close)  # before the end: rows are read in the present
        await ada.do("DeletePost", postId=close)
        told = await ada.write(f"@{stranger.handle}", visibility="MENTIONED", replyToId=root)
        unlisted = await ada.write("For all who come", visibility="UNLISTED", replyToId=root)
        assert (await near.next())["postId"] == close
        assert await answered(far) == (root, told)
        for feed in (near, far, out):
            assert await answered(feed) == (root, unlisted), "of what is hidden not even the end is told"


async def test_what_answers_a_hidden_post_says_nothing_of_it(town: Town) -> None:
    ada, host, stranger = [await town.person(name) for name in ("ada", "host", "stranger")]
    root = await host.write("The root")
    middle = await ada.write("Between", replyToId=root)
    await ada.do("BlockUser", userId=stranger.id)
    async with stranger.live("ConversationLive", id=root) as feed:
        below = await host.write("Under what the stranger may not see", replyToId=middle)
        beside = await host.write("Beside", replyToId=root)
        assert await answered(feed) == (root, beside)
        under = await host.write("Under what the stranger may see", replyToId=below)
        assert await answered(feed) == (below, under), "whoever came upon it follows what is below it"


async def test_who_is_blocked_hears_no_more(town: Town) -> None:
    ada, reader, host, quiet = [await town.person(name) for name in ("ada", "reader", "host", "quiet")]
    root = await host.write("The root")
    await ada.write("Mine", replyToId=root)
    await quiet.write("Not for all", replyToId=root, visibility="FOLLOWERS")
    async with reader.live("ConversationLive", id=root) as feed:
        await quiet.do("BlockUser", userId=reader.id)  # of whom this reader sees nothing here
        await ada.do("BlockUser", userId=reader.id)
        event = await feed.next()
        assert (event["__typename"], event["reason"]) == ("Reset", "RULES_CHANGED")
        hidden = await ada.write("Not for this reader", replyToId=root)
        await ada.do("DeletePost", postId=hidden)
        heard = await host.write("For this reader", replyToId=root)
        assert await answered(feed) == (root, heard)


async def test_what_one_does_not_see_cannot_be_followed(town: Town) -> None:
    ada, friend, stranger = [await town.person(name) for name in ("ada", "friend", "stranger")]
    await friend.follow(ada)
    hidden = await ada.write("For those who follow", visibility="FOLLOWERS")
    async with friend.live("ConversationLive", id=hidden) as feed:
        assert feed.first["__typename"] == "LiveHeartbeat"
    for reader, target in ((stranger, hidden), (town, hidden), (town, ""), (town, ada.id), (town, "post_1")):
        with pytest.raises(Refused, match="NOT_FOUND"):
            async with reader.live("ConversationLive", id=target):
                raise AssertionError("it began")
