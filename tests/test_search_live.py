"""A search that goes on: who hears of which new post, alone and in company."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from tests.making import Brush
from tests.people import Person, Refused, Town
from tests.selection import MUTE
from tests.test_search import new_word

LIVE = """subscription($text: String!, $after: String) { searchTimeline(text: $text, after: $after) { __typename cursor
  ... on PostPublished { edge { node { id } } } ... on PostRemoved { postId } ... on AuthorRemoved { userId }
  ... on Reset { reason } } }"""


@pytest.mark.parametrize("narrowed", [False, True])
async def test_a_new_post_comes_to_those_who_may_find_it(town: Town, narrowed: bool) -> None:
    ada, fan, stranger = [await town.person(name) for name in ("ada", "fan", "stranger")]
    brush = await Brush.new()
    await fan.follow(ada)
    mark, secret = new_word(), new_word()
    text = f"{mark} prompt:{secret}" if narrowed else f"{mark} -nothing from:{ada.handle}"
    given = {"promptVisibility": "FOLLOWERS"} if narrowed else {}
    images = [await brush.paint(ada, secret) for _ in range(3)] if narrowed else []

    async def write(audience: str) -> str:
        pictures = {"images": [{"imageId": images.pop()}]} if images else {}
        return await ada.write(f"{mark} fox", visibility=audience, **given, **pictures)

    async with AsyncExitStack() as stack:
        feeds = {who.handle: await stack.enter_async_context(who.live(LIVE, text=text)) for who in (ada, fan, stranger)}
        await fan.write(f"{mark} fox")
        open_post, closed, last = [await write(audience) for audience in ("PUBLIC", "FOLLOWERS", "PUBLIC")]
        for who in (ada, fan):
            got = [(await feeds[who.handle].until("PostPublished"))["edge"]["node"]["id"] for _ in range(3)]
            assert got == [open_post, closed, last], who.handle
        await ada.do("DeletePost", postId=last)
        told = [await feeds[stranger.handle].next() for _ in range(1 if narrowed else 3)]
        wanted = [] if narrowed else [("PostPublished", open_post), ("PostPublished", last)]
        got = [(one["__typename"], one["edge"]["node"]["id"] if "edge" in one else one["postId"]) for one in told]
        assert got == [*wanted, ("PostRemoved", last)]


async def test_it_goes_on_after_the_page_and_follows_the_rules(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    mark = new_word()
    page = await bob.ask("query($text: String!) { search(text: $text) { posts { liveCursor } } }", text=mark)
    post = await ada.write(mark)
    async with bob.live(LIVE, text=mark, after=page["search"]["posts"]["liveCursor"]) as feed:
        first = feed.first if feed.first["__typename"] == "PostPublished" else await feed.until("PostPublished")
        assert first["edge"]["node"]["id"] == post
        await bob.do(MUTE, userId=ada.id)
        assert (await feed.until("AuthorRemoved"))["userId"] == ada.id


@pytest.mark.parametrize("text", ["", "  :) ", "has:wings", '"open', "x" * 500])
async def test_what_asks_nothing_or_is_wrong_is_refused(town: Town, text: str) -> None:
    asker: Person | Town = town
    with pytest.raises(Refused, match="BAD_USER_INPUT"):
        async with asker.live(LIVE, text=text):
            raise AssertionError("it began")
