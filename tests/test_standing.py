"""Suspended and deactivated: they and their posts are gone for everybody, and come back whole."""

from __future__ import annotations

from typing import Any

import pytest

from models import account_desk
from tests.people import PASSWORD, Person, Town
from tests.selection import mutation

NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
COUNTS = "query($id: ID!) { node(id: $id) { ... on Post { likeCount repostCount replyCount replies { edges { node { __typename ... on UnavailablePost { reason } } } } } } }"
PERSON = "query($handle: String!) { user(handle: $handle) { followerCount followingCount postCount } }"
QUOTE = "query($id: ID!) { node(id: $id) { ... on Post { quotedPost { __typename ... on UnavailablePost { reason } } replyTo { __typename ... on UnavailablePost { reason } } } } }"


async def desk(deed: str, person: Person) -> None:
    assert await account_desk.run([deed, f"@{person.handle.upper()}"]) == 0


async def seen_of(asker: Person | Town, person: Person, post: str) -> tuple[Any, Any]:
    """The person and the post, as one finds them by id."""
    return (await asker.ask(NODE, id=person.id))["node"], (await asker.ask(NODE, id=post))["node"]


async def test_a_suspended_account_is_gone_and_comes_back_with_everything(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    await bob.follow(ada)
    await ada.follow(carl)
    post = await ada.write("Hello #sight")
    root = await bob.write("Root")
    reply = await ada.write("An answer", replyToId=root)
    quote = await bob.write("See", quotedPostId=post)
    under = await bob.write("To that", replyToId=reply)
    await ada.do("LikePost", postId=root)
    await ada.do("RepostPost", postId=root)
    await carl.do("RepostPost", postId=post)
    home = {one for one, _ in await bob.home_set()}
    assert {post, root} <= home
    before = (await bob.ask(COUNTS, id=root))["node"]
    assert (before["likeCount"], before["repostCount"], before["replyCount"]) == (1, 1, 1)
    people = [(await bob.ask(PERSON, handle=one.handle))["user"] for one in (bob, carl)]
    feeds = "subscription { homeTimeline { __typename cursor } }"
    explore = "subscription { exploreTimeline { __typename cursor ... on AuthorRemoved { userId } } }"
    async with bob.live(feeds) as at_home, carl.live(explore) as exploring:
        await desk("suspend", ada)
        await desk("suspend", ada)
        await at_home.until("Reset")
        assert (await exploring.until("AuthorRemoved"))["userId"] == ada.id
        for asker in (bob, carl, town):
            assert await seen_of(asker, ada, post) == (None, None)
            assert (await asker.ask(PERSON, handle=ada.handle))["user"] is None
        assert (await ada.ask(NODE, id=post))["node"], "to themselves they are there"
        assert post not in {one for one, _ in await bob.home_set()}
        counts = (await bob.ask(COUNTS, id=root))["node"]
        assert (counts["likeCount"], counts["repostCount"], counts["replyCount"]) == (0, 0, 0)
        assert counts["replies"]["edges"] == []
        hole = {"__typename": "UnavailablePost", "reason": "NOT_VISIBLE"}
        assert (await bob.ask(QUOTE, id=quote))["node"]["quotedPost"] == hole
        assert (await bob.ask(QUOTE, id=under))["node"]["replyTo"] == hole
        assert [(await bob.ask(PERSON, handle=one.handle))["user"] for one in (bob, carl)] != people
        assert await ada.refusal("CreatePost", text="Still here?") == ("FORBIDDEN", None)
        assert await bob.refusal("FollowUser", userId=ada.id) == ("NOT_FOUND", ["userId"])
        await desk("restore", ada)
        await at_home.until("Reset")
        await exploring.until("Reset")
    assert all(await seen_of(carl, ada, post))
    assert {one for one, _ in await bob.home_set()} == home
    assert (await bob.ask(COUNTS, id=root))["node"] == before
    assert [(await bob.ask(PERSON, handle=one.handle))["user"] for one in (bob, carl)] == people
    await ada.write("Here again")
    await desk("show", ada)
    assert "there; public" in capsys.readouterr().out
    assert await account_desk.run(["show", "nobody_at_all"]) == 1


async def test_closing_an_account_for_a_while(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post = await ada.write("Hello")
    deactivate = mutation("deactivateAccount")
    assert await ada.refusal(deactivate, password=PASSWORD[:-1]) == ("UNAUTHENTICATED", ["password"])
    assert all(await seen_of(bob, ada, post))
    refused = await town.ask(deactivate, input={"password": PASSWORD})
    assert refused["deactivateAccount"]["userErrors"][0]["code"] == "UNAUTHENTICATED"
    assert (await ada.do(deactivate, password=PASSWORD))["reactivatableUntil"]
    assert (await ada.answer("{ viewer { user { id } } }"))["errors"], "signed out everywhere"
    assert await seen_of(bob, ada, post) == (None, None)
    back = await town.ask("LogIn", input={"login": ada.handle, "password": PASSWORD, "bearer": True})
    ada.token = back["logIn"]["token"]
    assert back["logIn"]["viewer"]["user"]["id"] == ada.id
    assert all(await seen_of(bob, ada, post))


async def test_after_the_grace_a_closed_account_stays_closed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await town.person("ada")
    await ada.do(mutation("deactivateAccount"), password=PASSWORD)
    monkeypatch.setattr("models.standing.GRACE_DAYS", -1)
    refused = await town.ask("LogIn", input={"login": ada.handle, "password": PASSWORD})
    assert refused["logIn"]["userErrors"][0]["code"] == "NOT_FOUND"
