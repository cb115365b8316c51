"""Private accounts: who asks, who is let in, what strangers see, and what becomes of requests."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models import follow_request, node_id, standing
from models.database import fetch_value
from models.transaction import transaction
from tests.people import Person, Town
from tests.selection import mutation

PRIVACY = mutation("setAccountPrivacy")
ACCEPT = mutation("acceptFollowRequest")
DECLINE = mutation("declineFollowRequest")
CANCEL = mutation("cancelFollowRequest")
REMOVE = mutation("removeFollower")
FOLLOW = mutation("followUser")
UNFOLLOW = mutation("unfollowUser")
HEAD = """query($handle: String!) { user(handle: $handle) { id isPrivate followerCount followingCount viewerIsFollowing
    viewerHasRequestedFollow viewerIsRequestedBy posts { edges { node { id } } }
    followers { edges { node { id } } } following { edges { node { id } } } } }"""
ASKED = "{ viewer { followRequestCount followRequests(first: 50) { edges { node { id } } } } }"
LIVE = """subscription { followRequests { __typename cursor ... on FollowRequestReceived { edge { cursor node { id } } }
    ... on FollowRequestEnded { userId } } }"""
PAGE = "subscription($id: ID!) { userTimeline(id: $id) { __typename cursor ... on Reset { reason } } }"


async def head(asker: Person, of: Person) -> dict[str, Any]:
    found: dict[str, Any] = (await asker.ask(HEAD, handle=of.handle))["user"]
    return found


async def asked(person: Person) -> list[str]:
    viewer = (await person.ask(ASKED))["viewer"]
    found = [edge["node"]["id"] for edge in viewer["followRequests"]["edges"]]
    assert viewer["followRequestCount"] == len(found)
    return found


async def test_following_a_private_account_asks_first(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    post = await ada.write("For my own", visibility="PUBLIC")
    told = await ada.write(f"@{carl.handle} for you, too")
    await ada.follow(carl)
    await ada.do(PRIVACY, isPrivate=True)
    assert (await ada.do(PRIVACY, isPrivate=True))["user"]["isPrivate"], "twice is the same as once"
    page = await head(bob, ada)
    assert page["isPrivate"]
    assert not page["posts"]["edges"]
    assert not page["following"]["edges"]
    assert page["followingCount"] == 1, "the head stays to be seen"
    assert (await bob.ask("query($id: ID!) { node(id: $id) { id } }", id=post))["node"] is None
    assert (await carl.ask("query($id: ID!) { node(id: $id) { id } }", id=told))["node"], "whom it names sees it"
    async with ada.live(LIVE) as inbox, bob.live(PAGE, id=ada.id) as page_live:
        for _ in range(2):
            assert (await bob.do(FOLLOW, userId=ada.id))["user"]["viewerHasRequestedFollow"]
        assert (await inbox.until("FollowRequestReceived"))["edge"]["node"]["id"] == bob.id
        assert (await page_live.until("Reset"))["reason"] == "RULES_CHANGED"
        assert await asked(ada) == [bob.id]
        assert (await head(ada, bob))["viewerIsRequestedBy"]
        assert not (await bob.home_set()), "nothing before one is let in"
        await ada.do(ACCEPT, userId=bob.id)
        assert (await inbox.until("FollowRequestEnded"))["userId"] == bob.id
        await page_live.until("Reset")
    await ada.do(ACCEPT, userId=bob.id)
    page = await head(bob, ada)
    assert page["viewerIsFollowing"]
    assert not page["viewerHasRequestedFollow"]
    assert page["followerCount"] == 1
    assert {edge["node"]["id"] for edge in page["posts"]["edges"]} == {post, told}
    assert [edge["node"]["id"] for edge in page["following"]["edges"]] == [carl.id]
    assert {one for one, _ in await bob.home_set()} == {post, told}
    assert await asked(ada) == []
    await ada.do(REMOVE, userId=bob.id)
    await ada.do(REMOVE, userId=bob.id)
    page = await head(bob, ada)
    assert not page["viewerIsFollowing"]
    assert page["followerCount"] == 0
    assert not page["posts"]["edges"]
    assert await bob.home_set() == set()


async def test_requests_are_declined_taken_back_and_never_needed_by_followers(town: Town) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    await carl.follow(ada)
    await ada.do(PRIVACY, isPrivate=True)
    assert (await head(carl, ada))["viewerIsFollowing"], "who followed before goes on"
    assert not (await carl.do(FOLLOW, userId=ada.id))["user"]["viewerHasRequestedFollow"]
    await bob.do(FOLLOW, userId=ada.id)
    await ada.do(DECLINE, userId=bob.id)
    await ada.do(DECLINE, userId=bob.id)
    assert not (await head(bob, ada))["viewerHasRequestedFollow"]
    assert await ada.refusal(ACCEPT, userId=bob.id) == ("NOT_FOUND", ["userId"])
    for end in (CANCEL, UNFOLLOW):
        await bob.do(FOLLOW, userId=ada.id)
        assert not (await bob.do(end, userId=ada.id))["user"]["viewerHasRequestedFollow"]
        assert await asked(ada) == []
    await bob.do(FOLLOW, userId=ada.id)
    await ada.do(mutation("blockUser"), userId=bob.id)
    await ada.do(mutation("unblockUser"), userId=bob.id)
    assert await asked(ada) == [], "a block ends requests"
    await bob.do(FOLLOW, userId=ada.id)
    await ada.do(PRIVACY, isPrivate=False)
    page = await head(bob, ada)
    assert (page["viewerIsFollowing"], page["followerCount"]) == (True, 2), "who waits is let in when it opens"
    assert (await town.ask(HEAD, handle=ada.handle))["user"]["isPrivate"] is False


async def test_only_who_may_does_and_the_same_at_once_is_done_once(town: Town) -> None:
    ada = await town.person("ada")
    people = [await town.person("fan") for _ in range(4)]
    await ada.do(PRIVACY, isPrivate=True)
    for person in people:
        await person.do(FOLLOW, userId=ada.id)
    stranger = people[0]
    assert await stranger.refusal(ACCEPT, userId=people[1].id) == ("NOT_FOUND", ["userId"])
    refused = await town.ask(ACCEPT, input={"userId": people[1].id})
    assert refused["acceptFollowRequest"]["userErrors"][0]["code"] == "UNAUTHENTICATED"
    assert await asked(stranger) == []
    await asyncio.gather(*(ada.attempt(ACCEPT, userId=one.id) for one in people for _ in range(3)))
    assert (await head(ada, ada))["followerCount"] == 4
    deeds = [(REMOVE, ada, one) for one in people] * 2 + [(UNFOLLOW, one, ada) for one in people]
    await asyncio.gather(*(who.attempt(deed, userId=about.id) for deed, who, about in deeds))
    assert (await head(ada, ada))["followerCount"] == 0
    assert [(await head(one, one))["followingCount"] for one in people] == [0] * 4
    number = node_id.number_of("user", ada.id)
    assert await fetch_value("SELECT count(*) FROM follows WHERE followee_id = $1", number) == 0


async def test_what_a_private_account_says_moves_no_number_of_others(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    root = await bob.write("Root")
    own = await ada.write("Mine")
    await ada.write("An answer", replyToId=root)
    await ada.write("More of mine", replyToId=own)
    counts = "query($id: ID!) { node(id: $id) { ... on Post { replyCount quoteCount } } }"

    async def replies(post: str) -> int:
        found: int = (await ada.ask(counts, id=post))["node"]["replyCount"]
        return found

    assert (await replies(root), await replies(own)) == (1, 1)
    await ada.do(PRIVACY, isPrivate=True)
    assert (await replies(root), await replies(own)) == (0, 1)
    last = await ada.write("Another", replyToId=root)
    assert await replies(root) == 0
    await ada.do(PRIVACY, isPrivate=False)
    assert await replies(root) == 2
    await ada.do("DeletePost", postId=last)
    assert await replies(root) == 1


async def test_a_crowd_is_let_in_a_few_at_a_time(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account that opens lets in who waits, bounded in each transaction; one that closes meanwhile keeps the rest waiting."""
    monkeypatch.setattr(follow_request, "LET_IN_AT_ONCE", 2)
    ada, *others = [await town.person(name) for name in ("ada", "bob", "carl", "dora", "eve", "finn", "gus")]
    number = node_id.number_of("user", ada.id) or 0
    await ada.do(PRIVACY, isPrivate=True)
    for one in others:
        await one.do(FOLLOW, userId=ada.id)
    await ada.do(PRIVACY, isPrivate=False)
    assert (await head(ada, ada))["followerCount"] == 2
    last = others[-1]
    assert (await last.do(FOLLOW, userId=ada.id))["user"]["viewerIsFollowing"], "who asks again need not wait"
    assert not (await head(last, ada))["viewerHasRequestedFollow"]
    await ada.do(PRIVACY, isPrivate=True)
    while await follow_request.let_in_more():
        pass
    assert (await head(ada, ada))["followerCount"] == 3
    assert len(await asked(ada)) == 3
    async with transaction():
        await standing.set_private(number, False)
    while await follow_request.let_in_more():
        pass
    assert (await head(ada, ada))["followerCount"] == len(others)
    assert await asked(ada) == []
