"""Profiles, and what one does about other people: follow, block, mute, and the counts that go with it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models import node_id
from models.database import fetch_value
from tests.people import Person, Town
from tests.selection import MUTE, UNBLOCK, UNMUTE, UPDATE_PROFILE

PROFILE = """query($handle: String!) { user(handle: $handle) {
  id handle displayName bio location website pronouns followerCount followingCount postCount
  viewerIsFollowing viewerIsFollowedBy viewerIsBlocking viewerIsMuting pinnedPost { id } avatar { id }
} }"""


async def profile(reader: Person | Town, person: Person) -> dict[str, Any]:
    """A person's page as this reader sees it."""
    found: dict[str, Any] = (await reader.ask(PROFILE, handle=person.handle))["user"]
    return found


async def counts(person: Person) -> tuple[int, int]:
    """Followers and followings."""
    page = await profile(person, person)
    return page["followerCount"], page["followingCount"]


async def test_a_profile_is_what_was_last_said(town: Town) -> None:
    ada = await town.person("ada")
    said = {
        "displayName": "Ada 👩‍💻 Lovelace",
        "bio": "Numbers.\nAnd poetry.",
        "location": "London",
        "website": "https://example.org/ada",
        "pronouns": "she/her",
    }
    await ada.do(UPDATE_PROFILE, **said)
    page = await profile(town, ada)
    assert {name: page[name] for name in said} == said
    await ada.do(UPDATE_PROFILE, bio="", displayName=None)
    page = await profile(town, ada)
    assert (page["bio"], page["displayName"]) == ("", ada.handle), "null or empty: the handle"
    assert page["location"] == "London", "what is left out stays"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("displayName", "x" * 51, "BAD_USER_INPUT"),
        ("bio", "x" * 301, "BAD_USER_INPUT"),
        ("location", "x" * 101, "BAD_USER_INPUT"),
        ("pronouns", "x" * 41, "BAD_USER_INPUT"),
        ("website", "ftp://example.org", "BAD_USER_INPUT"),
        ("website", "javascript:alert(1)", "BAD_USER_INPUT"),
        ("website", "https://example.org/" + "x" * 200, "BAD_USER_INPUT"),
        ("website", "https://exa\u0000mple.org", "BAD_USER_INPUT"),
        ("website", "https://exa\u202emple.org", "BAD_USER_INPUT"),
        ("website", "https://example.org@example.com", "BAD_USER_INPUT"),
        ("website", "https://example.com\\@example.org", "BAD_USER_INPUT"),
        ("pinnedPostId", "garbage", "NOT_FOUND"),
    ],
)
async def test_what_is_too_long_or_no_address_is_refused(town: Town, field: str, value: str, code: str) -> None:
    ada = await town.person("ada")
    assert await ada.refusal(UPDATE_PROFILE, **{"location": "Here", field: value}) == (code, [field])
    assert (await profile(ada, ada))["location"] == "", "nothing half-written"
    assert await Person(town, "", "", None).refusal(UPDATE_PROFILE, bio="x") == ("UNAUTHENTICATED", None)


@pytest.mark.parametrize(
    "blank", ["\u3164", "\u115f", "\u2800", "\u00ad", "\u034f", "\u061c", " \u200b\u202e ", "\u0301"]
)
async def test_a_name_that_shows_nothing_is_the_handle(town: Town, blank: str) -> None:
    ada = await town.person("ada")
    await ada.do(UPDATE_PROFILE, displayName=blank, location=blank, website="https://example.org/@ada?to=a@b#c@d")
    page = await profile(town, ada)
    assert (page["displayName"], page["location"]) == (ada.handle, "")
    assert page["website"] == "https://example.org/@ada?to=a@b#c@d"


async def test_one_pins_a_post_of_one_s_own(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post, hidden, other = (
        await ada.write("Mine"),
        await ada.write("For me", visibility="MENTIONED"),
        await bob.write("Other"),
    )
    assert await ada.refusal(UPDATE_PROFILE, pinnedPostId=other) == ("NOT_FOUND", ["pinnedPostId"])
    await ada.do(UPDATE_PROFILE, pinnedPostId=post)
    assert (await profile(town, ada))["pinnedPost"] == {"id": post}
    await ada.do(UPDATE_PROFILE, pinnedPostId=hidden)
    assert (await profile(ada, ada))["pinnedPost"] == {"id": hidden}
    assert (await profile(bob, ada))["pinnedPost"] is None
    await ada.do("DeletePost", postId=hidden)
    assert (await profile(ada, ada))["pinnedPost"] is None
    await ada.do(UPDATE_PROFILE, pinnedPostId=post)
    await ada.do(UPDATE_PROFILE, pinnedPostId=None)
    assert (await profile(ada, ada))["pinnedPost"] is None


async def test_a_handle_is_found_in_any_case(town: Town) -> None:
    ada = await town.person("ada")
    for handle in (ada.handle.upper(), f"@{ada.handle}", f" {ada.handle} "):
        assert (await town.ask(PROFILE, handle=handle))["user"]["id"] == ada.id
    for handle in ("", "nobody_at_all", "a b", "\u0000", "x" * 5_000):
        assert (await town.ask(PROFILE, handle=handle))["user"] is None


async def test_following_is_counted_once_and_taken_back_once(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    payloads = await asyncio.gather(*(bob.do("FollowUser", userId=ada.id) for _ in range(6)))
    assert {(p["user"]["viewerIsFollowing"], p["user"]["followerCount"]) for p in payloads} == {(True, 1)}
    assert (await counts(ada), await counts(bob)) == ((1, 0), (0, 1))
    page = await profile(ada, bob)
    assert (page["viewerIsFollowedBy"], page["viewerIsFollowing"]) == (True, False)
    signed_out = await profile(town, ada)
    assert not any(signed_out[name] for name in signed_out if name.startswith("viewer"))
    await asyncio.gather(*(bob.do("UnfollowUser", userId=ada.id) for _ in range(6)))
    assert (await counts(ada), await counts(bob)) == ((0, 0), (0, 0))


@pytest.mark.parametrize("verb", ["FollowUser", "BlockUser", MUTE])
async def test_nobody_does_so_to_oneself_or_to_nobody(town: Town, verb: str) -> None:
    ada = await town.person("ada")
    assert await ada.refusal(verb, userId=ada.id) == ("BAD_USER_INPUT", ["userId"])
    for nobody in ("garbage", node_id.encode("user", 1), node_id.encode("post", 1), await ada.write("x")):
        assert await ada.refusal(verb, userId=nobody) == ("NOT_FOUND", ["userId"])
    assert await Person(town, "", "", None).refusal(verb, userId=ada.id) == ("UNAUTHENTICATED", None)


async def test_blocking_ends_follows_both_ways_and_keeps_them_out(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    await ada.follow(eve)
    await eve.follow(ada)
    post = await ada.write("Hello")
    await asyncio.gather(*(ada.do("BlockUser", userId=eve.id) for _ in range(3)))
    assert (await counts(ada), await counts(eve)) == ((0, 0), (0, 0))
    assert (await profile(ada, eve))["viewerIsBlocking"] is True
    assert (await profile(eve, ada))["viewerIsBlocking"] is False, "who is blocked is not told"
    for one, other in ((ada, eve), (eve, ada)):
        assert await one.refusal("FollowUser", userId=other.id) == ("FORBIDDEN", ["userId"])
    assert await eve.refusal("LikePost", postId=post) == ("NOT_FOUND", ["postId"])
    await ada.do(UNBLOCK, userId=eve.id)
    assert (await profile(ada, eve))["viewerIsBlocking"] is False
    assert (await counts(ada), await counts(eve)) == ((0, 0), (0, 0)), "follows do not come back by themselves"
    await eve.follow(ada)
    await eve.do("LikePost", postId=post)


async def test_a_block_and_a_follow_at_once_leave_the_block_alone(town: Town) -> None:
    """Whoever comes first, in the end nobody follows where a block stands."""
    ada = await town.person("ada")
    number = node_id.number_of("user", ada.id)
    for eve in [await town.person("eve") for _ in range(12)]:
        await asyncio.gather(
            eve.attempt("FollowUser", userId=ada.id),
            ada.do("BlockUser", userId=eve.id),
            ada.attempt("FollowUser", userId=eve.id),
        )
    assert await fetch_value("SELECT count(*) FROM blocks WHERE blocker_id = $1", number) == 12
    assert await fetch_value("SELECT count(*) FROM follows WHERE $1 IN (follower_id, followee_id)", number) == 0
    assert await counts(ada) == (0, 0)


async def test_muting_is_one_s_own_business(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await ada.follow(bob)
    await ada.do(MUTE, userId=bob.id)
    assert (await profile(ada, bob))["viewerIsMuting"] is True
    assert (await profile(bob, ada))["viewerIsMuting"] is False
    assert (await profile(ada, bob))["viewerIsFollowing"] is True, "a mute ends no follow"
    await ada.do(UNMUTE, userId=bob.id)
    assert (await profile(ada, bob))["viewerIsMuting"] is False
