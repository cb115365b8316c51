"""A person's page, live: posts, reposts and their ends, for each what they may see."""

from __future__ import annotations

import pytest

from models import publishing
from tests.people import OPERATIONS, Refused, Town
from tests.selection import UNBLOCK

PAGE = (
    "query($handle: String!) { user(handle: $handle) { posts { edges { node { id } repostedBy { id } } liveCursor } } }"
)


async def test_posts_and_reposts_arrive_and_leave(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    theirs = await bob.write("To be reposted")
    async with town.live("UserLive", id=ada.id) as feed:
        mine = await ada.write("Mine")
        await ada.write("An answer to another", replyToId=theirs)
        await ada.do("RepostPost", postId=theirs)
        await bob.write("On another page")
        more = await ada.write("A thread", replyToId=mine)
        edges = [(await feed.next())["edge"] for _ in range(3)]
        assert [edge["node"]["id"] for edge in edges] == [mine, theirs, more]
        assert [edge["repostedBy"] and edge["repostedBy"]["id"] for edge in edges] == [None, ada.id, None]
        page = (await town.ask(PAGE, handle=ada.handle))["user"]["posts"]["edges"]
        assert [edge["node"]["id"] for edge in page] == [more, theirs, mine]
        await ada.do("UnrepostPost", postId=theirs)
        await ada.do("DeletePost", postId=more)
        assert [(await feed.next())["postId"] for _ in range(2)] == [theirs, more]


async def test_one_s_own_repost_ends_and_the_post_stays(town: Town) -> None:
    ada = await town.person("ada")
    post = await ada.write("Mine")
    async with town.live("UserLive", id=ada.id) as feed:
        await ada.do("RepostPost", postId=post)
        assert (await feed.next())["edge"]["repostedBy"]["id"] == ada.id
        await ada.do("UnrepostPost", postId=post)
        assert (await feed.next())["postId"] == post
        assert (await feed.next())["edge"] == {**(await feed_edge(town, ada.handle, post)), "repostedBy": None}


async def test_who_is_blocked_hears_of_no_end_either(town: Town) -> None:
    ada, bob, host = [await town.person(name) for name in ("ada", "bob", "host")]
    kept, gone, _ = await host.write("Stays"), await host.write("Goes"), await ada.write("Shown again later")
    await ada.do("BlockUser", userId=bob.id)
    async with bob.live("UserLive", id=ada.id) as feed, town.live("UserLive", id=ada.id) as witness:
        for post in (kept, gone):
            await ada.do("RepostPost", postId=post)
        await ada.do("UnrepostPost", postId=kept)
        await host.do("DeletePost", postId=gone)
        while (await witness.until("PostRemoved"))["postId"] != gone:
            pass  # an event is judged by rules that may be newer than itself, so the block lasts until it was
        await ada.ask(UNBLOCK, input={"userId": bob.id})
        assert (await feed.next())["__typename"] == "Reset"
        after = await ada.write("For everybody again")
        assert (await feed.next())["edge"]["node"]["id"] == after


async def feed_edge(town: Town, handle: str, post: str) -> dict[str, object]:
    """The edge of a post on a page, as the feed tells of it."""
    document = "query UserEdge($handle: String!) { user(handle: $handle) { posts { edges { cursor repostedBy { id handle } node { ...PostCore } } } } }"
    from_core = await town.post(document + fragments(), {"handle": handle}, "UserEdge", None)
    (edge,) = [one for one in from_core["data"]["user"]["posts"]["edges"] if one["node"]["id"] == post]
    found: dict[str, object] = edge
    return found


def fragments() -> str:
    """The fragment of the core operations that feeds use."""
    return OPERATIONS[OPERATIONS.index("fragment PostCore") : OPERATIONS.index("fragment PostCard")]


async def test_what_was_missed_is_replayed_from_the_page_s_cursor(town: Town) -> None:
    ada = await town.person("ada")
    begin = (await town.ask(PAGE, handle=ada.handle))["user"]["posts"]["liveCursor"]
    posts = [await ada.write(f"Post {number}") for number in range(4)]
    seen = []
    async with town.live("UserLive", id=ada.id, after=begin) as feed:
        seen += [(await feed.next())["edge"]["node"]["id"] for _ in range(2)]
        cursor = feed.cursor
    async with town.live("UserLive", id=ada.id, after=cursor) as feed:
        seen += [(await feed.next())["edge"]["node"]["id"] for _ in range(2)]
    assert seen == posts
    async with town.live("UserLive", id=ada.id, after="1.other.0.0") as feed:
        assert feed.first["reason"] == "UNKNOWN_CURSOR"


async def test_each_hears_what_they_may_see(town: Town) -> None:
    ada, friend, stranger = [await town.person(name) for name in ("ada", "friend", "stranger")]
    await friend.follow(ada)
    async with (
        friend.live("UserLive", id=ada.id) as near,
        stranger.live("UserLive", id=ada.id) as far,
        town.live("UserLive", id=ada.id) as out,
    ):
        close = await ada.write("For those who follow", visibility="FOLLOWERS")
        told = await ada.write(f"@{stranger.handle}", visibility="MENTIONED")
        await ada.do("DeletePost", postId=close)
        open_to_all = await ada.write("For all")
        assert [(await near.next())["edge"]["node"]["id"], (await near.next())["postId"]] == [close, close]
        assert (await far.next())["edge"]["node"]["id"] == told
        for feed in (near, far, out):
            assert (await feed.next())["edge"]["node"]["id"] == open_to_all


async def test_a_change_between_people_resets_where_it_can_show(town: Town) -> None:
    ada, reader, other, quiet = [await town.person(name) for name in ("ada", "reader", "other", "quiet")]
    shared = await other.write("To be shared")
    await ada.write("Mine")
    await ada.do("RepostPost", postId=shared)
    async with reader.live("UserLive", id=ada.id) as feed:
        await reader.follow(other, quiet)  # changes nothing but posts for followers, which nobody else shares
        event = await feed.next()
        assert event["__typename"] == "Reset"
        await quiet.do("BlockUser", userId=reader.id)
        await other.do("BlockUser", userId=reader.id)
        assert [(await feed.next())["__typename"] for _ in range(2)] == ["Reset", "Reset"], (
            "the follow's end, and the block"
        )
        await ada.do("RepostPost", postId=await other.write("Not for this reader"))
        await ada.do("BlockUser", userId=reader.id)
        assert (await feed.next())["reason"] == "RULES_CHANGED"
        await ada.write("Nor this")
        await ada.do("UnrepostPost", postId=shared)
        await reader.do("UnfollowUser", userId=quiet.id)
        await ada.write("Nor that")
        await reader.do("BlockUser", userId=ada.id)
        assert (await feed.next())["reason"] == "RULES_CHANGED", "and of all that was between nothing came"


async def test_the_end_of_a_post_that_very_many_reposted_is_heard(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "MOST_ROUTED_REPOSTERS", 0)
    ada, bob = await town.person("ada"), await town.person("bob")
    post = await bob.write("Everybody's")
    await ada.do("RepostPost", postId=post)
    async with town.live("UserLive", id=ada.id) as feed:
        await bob.do("DeletePost", postId=post)
        assert (await feed.next())["postId"] == post


@pytest.mark.parametrize("garbage", ["", "user_1", "post_1", "nonsense"])
async def test_nobody_s_page_cannot_be_followed(town: Town, garbage: str) -> None:
    with pytest.raises(Refused, match="NOT_FOUND"):
        async with town.live("UserLive", id=garbage):
            raise AssertionError("it began")
