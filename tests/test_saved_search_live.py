"""Saved searches, live: every device hears what one does with them and what they find; of what is hidden nothing is heard."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.making import Brush
from tests.people import Feed, Person, Refused, Town
from tests.saving import DELETE, LIST, LIVE, MOVE, RENAME, SAVE, SEEN, percolated, save, saved
from tests.selection import MUTE, mutation
from tests.test_search import new_word


async def change(feed: Feed) -> dict[str, Any]:
    """The next saved search that is other than it was."""
    found: dict[str, Any] = (await feed.until("SavedSearchChanged"))["savedSearch"]
    return found


class Screen:
    """What a client shows: the page it read, and every event after it."""

    def __init__(self, page: dict[str, Any]) -> None:
        self.rows = {edge["node"]["id"]: edge["node"] for edge in page["edges"]}

    def hear(self, event: dict[str, Any]) -> None:
        if event["__typename"] == "SavedSearchChanged":
            self.rows[event["savedSearch"]["id"]] = event["savedSearch"]
        elif event["__typename"] == "SavedSearchRemoved":
            self.rows.pop(event["savedSearchId"], None)
        assert event["__typename"] != "Reset", event

    @property
    def shown(self) -> list[dict[str, Any]]:
        return sorted(self.rows.values(), key=lambda row: int(row["position"]))


async def test_a_page_and_the_events_after_it_are_a_fresh_fetch(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    mark, other = new_word(), new_word()
    first = await save(ada, mark)
    page = (await ada.ask(LIST))["viewer"]["savedSearches"]
    screen, late = Screen(page), Screen(page)
    async with ada.live(LIVE, after=page["liveCursor"]) as feed:
        second = await save(ada, other, name="Other")
        await ada.do(RENAME, savedSearchId=first, name="First")
        await ada.do(MOVE, savedSearchId=second, position=0)
        screen.hear(await feed.until("SavedSearchChanged"))
        await bob.write(f"{mark} {other}")  # found by one that was there, and by one that was saved meanwhile
        gone = await bob.write(f"{other} too")
        await percolated()
        await bob.do("DeletePost", postId=gone)
        await bob.write(mark)
        third = await save(ada, "to go")
        await ada.do(DELETE, savedSearchId=third)
        await percolated()
        await ada.do(SEEN, savedSearchId=first)
        await save(ada, "the last")
        while len(screen.shown) < 3 or screen.shown[-1]["text"] != "the last":
            screen.hear(await feed.next())
    wanted = await saved(ada)
    assert screen.shown == wanted
    assert [(one["name"], one["newPostCount"]) for one in wanted] == [("Other", 1), ("First", 0), ("the last", 0)]
    async with ada.live(LIVE, after=page["liveCursor"]) as feed:  # who was away hears the same
        if feed.first["__typename"] != "LiveHeartbeat":
            late.hear(feed.first)
        while late.shown != wanted:
            late.hear(await feed.next())


async def test_each_hears_of_what_is_for_them_alone(town: Town) -> None:
    ada, fan, stranger = [await town.person(name) for name in ("ada", "fan", "stranger")]
    await fan.follow(ada)
    mark = new_word()
    for who in (ada, fan, stranger):
        await save(who, mark)
    async with AsyncExitStack() as stack:
        feeds = {who.handle: await stack.enter_async_context(who.live(LIVE)) for who in (ada, fan, stranger)}
        closed = await ada.write(f"{mark} closed", visibility="FOLLOWERS")
        await percolated()
        assert (await change(feeds[fan.handle]))["newPostCount"] == 1
        await ada.do(mutation("editPost"), postId=closed, text=f"{mark} edited")
        await percolated()
        await ada.do("DeletePost", postId=closed)
        await percolated()
        assert (await change(feeds[fan.handle]))["newPostCount"] == 0
        post = await ada.write(f"{mark} open")
        await percolated()
        assert (await change(feeds[fan.handle]))["newPostCount"] == 1
        event = await feeds[stranger.handle].next()
        assert event["savedSearch"]["newPostCount"] == 1, (
            "the first that this viewer hears is the post that is for them"
        )
        await ada.do(mutation("updatePostVisibility"), postId=post, visibility="FOLLOWERS")
        await percolated()
        assert (await change(feeds[stranger.handle]))["newPostCount"] == 0
        await fan.do(RENAME, savedSearchId=(await saved(fan))[0]["id"], name="Mine")
        assert (await change(feeds[fan.handle]))["name"] == "Mine"
        await save(ada, new_word(), name="Hers")
        assert (await change(feeds[ada.handle]))["name"] == "Hers", "nothing of their own is news"


async def test_a_hidden_prompt_is_not_told_by_a_badge(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    secret, brush = new_word(), await Brush.new()
    await save(eve, f"prompt:{secret}")
    async with eve.live(LIVE) as feed:
        images = [{"imageId": await brush.paint(ada, secret)}]
        post = await ada.write("Look", images=images, promptVisibility="NOBODY")
        await percolated()
        await ada.do(mutation("editPost"), postId=post, text="Look again")
        await percolated()
        await save(eve, new_word(), name="Mark")
        assert (await change(feed))["name"] == "Mark"


async def test_rules_of_ones_own_have_the_list_read_again_and_strangers_hear_nothing(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    async with ada.live(LIVE) as feed:
        await ada.do(MUTE, userId=bob.id)
        assert (await feed.until("Reset"))["reason"] == "RULES_CHANGED"
    signed_out: Person = Person(town, "", "", None)
    with pytest.raises(Refused, match="UNAUTHENTICATED"):
        async with signed_out.live(LIVE):
            raise AssertionError("it began")
    assert (await ada.attempt(SAVE, text=""))["userErrors"]
