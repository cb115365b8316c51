"""The live feeds, as people see them: what arrives, what does not, and that a page plus its events is a fresh fetch."""

from __future__ import annotations

import asyncio

from tests.people import Town


async def test_a_follower_receives_a_post_and_its_end(town: Town) -> None:
    author, reader = await town.person("ada"), await town.person("bob")
    await reader.follow(author)
    page = await reader.home()
    async with reader.live("HomeLive", after=page["liveCursor"]) as feed:
        assert feed.first["__typename"] == "LiveHeartbeat"
        post = await author.write("Look!")
        # While somebody else's transaction is open the page's cursor stands before the follow, whose Reset comes first then.
        event = await feed.until("PostPublished")
        assert event["edge"]["node"]["id"] == post
        assert event["edge"]["node"]["author"]["viewerIsFollowing"] is True
        await author.do("DeletePost", postId=post)
        event = await feed.next()
        assert (event["__typename"], event["postId"]) == ("PostRemoved", post)


async def test_what_was_missed_is_replayed_in_order_and_once(town: Town) -> None:
    author, reader = await town.person("ada"), await town.person("bob")
    await reader.follow(author)
    page = await reader.home()
    posts = [await author.write(f"Post {number}") for number in range(5)]
    async with reader.live("HomeLive", after=page["liveCursor"]) as feed:
        seen = [(await feed.next())["edge"]["node"]["id"] for _ in posts[:2]]
        cursor = feed.cursor
    async with reader.live("HomeLive", after=cursor) as feed:
        seen += [(await feed.next())["edge"]["node"]["id"] for _ in posts[2:]]
        last = await author.write("And one more")
        assert (await feed.next())["edge"]["node"]["id"] == last
    assert seen == posts


async def test_a_stranger_s_post_does_not_arrive(town: Town) -> None:
    author, stranger, reader = [await town.person(name) for name in ("ada", "eve", "bob")]
    await reader.follow(author)
    async with reader.live("HomeLive", after=(await reader.home())["liveCursor"]) as feed:
        await stranger.write("Not for you")
        await author.write("Hidden", visibility="MENTIONED")
        wanted = await author.write("For you")
        assert (await feed.next())["edge"]["node"]["id"] == wanted


async def test_a_like_shows_on_the_author_s_open_screen(town: Town) -> None:
    author, reader = await town.person("ada"), await town.person("bob")
    post = await author.write("Like me")
    async with author.live("PostsLive", ids=[post]) as feed:
        await reader.do("LikePost", postId=post)
        event = await feed.until("PostChanged")
        assert (event["post"]["likeCount"], event["post"]["version"]) == (1, 2)
        await asyncio.gather(*(reader.do(name, postId=post) for name in ("UnlikePost",)))
        event = await feed.until("PostChanged")
        assert event["post"]["likeCount"] == 0


async def test_following_resets_the_home(town: Town) -> None:
    author, reader = await town.person("ada"), await town.person("bob")
    async with reader.live("HomeLive") as feed:
        await reader.follow(author)
        event = await feed.next()
        assert (event["__typename"], event["reason"]) == ("Reset", "RULES_CHANGED")
        post = await author.write("Now you hear me")
        assert (await feed.next())["edge"]["node"]["id"] == post


async def test_explore_is_open_to_all(town: Town) -> None:
    author = await town.person("ada")
    async with town.live("ExploreLive") as feed:
        await author.write("Quiet", visibility="UNLISTED")
        post = await author.write("Loud")
        assert (await feed.next())["edge"]["node"]["id"] == post


async def test_a_bad_cursor_gives_a_reset(town: Town) -> None:
    reader = await town.person("bob")
    async with reader.live("HomeLive", after="nonsense") as feed:
        assert (feed.first["__typename"], feed.first["reason"]) == ("Reset", "UNKNOWN_CURSOR")
