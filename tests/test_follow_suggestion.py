"""Suggestions of whom to follow: for a reason that is true, and never whom one would not want."""

from __future__ import annotations

from typing import Any

import pytest

from models import node_id, standing
from models.database import fetch
from models.transaction import transaction
from tests.people import Person, Town
from tests.selection import mutation

ASK = """query($count: Int) { viewer { followSuggestions(count: $count) { user { id } reason followedByCount
    followedBy { id } hashtags { name } } } }"""
DISMISS, BLOCK, MUTE = mutation("dismissFollowSuggestion"), mutation("blockUser"), mutation("muteUser")


async def suggested(who: Person) -> dict[str, dict[str, Any]]:
    """Who is suggested to somebody, by id."""
    found = (await who.ask(ASK, count=30))["viewer"]["followSuggestions"]
    return {one["user"]["id"]: one for one in found}


async def test_the_reason_is_told_and_the_likeliest_come_first(town: Town) -> None:
    me, friend, other, near, far = [await town.person(name) for name in ("me", "friend", "other", "near", "far")]
    admired, tagged = await town.person("admired"), await town.person("tagged")
    await me.follow(friend, other)
    await friend.follow(near, far)
    await other.follow(near)
    await me.do("LikePost", postId=await admired.write("A fox #woodcut_" + me.handle))
    await tagged.write("An owl #Woodcut_" + me.handle)
    found = await suggested(me)
    assert [(found[one.id]["reason"], found[one.id]["followedByCount"]) for one in (near, admired, far, tagged)] == [
        ("FOLLOWED_BY_FOLLOWED", 2), ("LIKED", 0), ("FOLLOWED_BY_FOLLOWED", 1), ("HASHTAGS", 0),
    ]  # fmt: skip
    assert {one["id"] for one in found[near.id]["followedBy"]} == {friend.id, other.id}
    assert found[far.id]["followedBy"] == [{"id": friend.id}]
    assert [one["name"].casefold() for one in found[tagged.id]["hashtags"]] == [f"woodcut_{me.handle}"]
    wanted = [near.id, admired.id, far.id, tagged.id]
    assert [number for number in found if number in wanted] == wanted
    assert all(one["reason"] == "POPULAR" for number, one in found.items() if number not in wanted)


async def test_who_is_new_here_gets_whom_others_who_are_new_follow(town: Town) -> None:
    star = await town.person("star")
    for _ in range(3):
        await (await town.person("fan")).follow(star)
    found = await suggested(await town.person("new"))
    assert found[star.id]["reason"] == "POPULAR"


async def test_nobody_is_suggested_who_is_not_wanted(town: Town) -> None:
    me, friend = await town.person("me"), await town.person("friend")
    people = [await town.person("near") for _ in range(5)]
    await friend.follow(me, *people)
    await me.follow(friend)
    assert {one.id for one in people} <= set(await suggested(me))
    followed, muted, blocked, blocking, dismissed = people
    await followed.follow(friend)
    await me.follow(followed)
    await me.do(MUTE, userId=muted.id)
    await me.do(BLOCK, userId=blocked.id)
    await blocking.do(BLOCK, userId=me.id)
    for _ in range(2):
        assert (await me.do(DISMISS, userId=dismissed.id))["dismissedUserId"] == dismissed.id
    found = await suggested(me)
    assert not {one.id for one in people} & set(found)
    assert me.id not in found
    assert friend.id not in found
    assert dismissed.id in await suggested(followed), "dismissed by one, not by all"
    assert await me.refusal(DISMISS, userId=node_id.encode("user", 5)) == ("NOT_FOUND", ["userId"])


async def test_a_muted_friend_recommends_nobody(town: Town) -> None:
    me, friend, near = [await town.person(name) for name in ("me", "friend", "near")]
    await me.follow(friend)
    await friend.follow(near)
    await me.do(MUTE, userId=friend.id)
    assert (await suggested(me)).get(near.id, {"reason": "POPULAR"})["reason"] == "POPULAR"
    await me.do(mutation("unmuteUser"), userId=friend.id)
    assert (await suggested(me))[near.id]["followedByCount"] == 1
    async with transaction():
        await standing.suspend(node_id.number_of("user", friend.id) or 0)
    assert (await suggested(me)).get(near.id, {"reason": "POPULAR"})["reason"] == "POPULAR", "nor does one who is gone"


@pytest.mark.parametrize("count", [0, 31])
async def test_how_many_is_bounded(town: Town, count: int) -> None:
    answer = await (await town.person("me")).answer(ASK, count=count)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_the_dismissed_are_kept_once(town: Town) -> None:
    me, other = await town.person("me"), await town.person("other")
    for _ in range(2):
        await me.do(DISMISS, userId=other.id)
    rows = await fetch(
        "SELECT dismissed_id FROM dismissed_suggestions WHERE user_id = $1", node_id.number_of("user", me.id)
    )
    assert [row["dismissed_id"] for row in rows] == [node_id.number_of("user", other.id)]
