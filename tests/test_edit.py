"""Edits: what they change, what stays to be seen of every version and by whom, and what is no edit."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models import node_id
from models.database import fetch, fetch_value
from tests.people import Person, Town
from tests.test_post import image

EDIT = """mutation($input: EditPostInput!) { editPost(input: $input) {
    post { id version text editCount editedAt } userErrors { code message path } } }"""
POST = """query($id: ID!, $first: Int) { node(id: $id) { ... on Post {
    id version text contentWarning editCount editedAt images { id altText url(size: SMALL) }
    facets { feature { __typename ... on MentionFacet { user { id } } ... on HashtagFacet { hashtag { name } } } }
    poll { id options { text voteCount } }
    edits(first: $first) { pageInfo { hasNextPage endCursor } edges { node {
        number text contentWarning createdAt poll { options multiple } images { altText image { id url(size: SMALL) } }
        facets { feature { __typename ... on MentionFacet { user { handle } } } } } } }
} } }"""
TAG = "query($name: String!) { hashtag(name: $name) { posts { edges { node { id } } } } }"
CHANGED = """subscription($ids: [ID!]!, $after: String) { postsChanged(ids: $ids, after: $after) { __typename cursor
    ... on PostChanged { post { id version text editCount editedAt images { id } } } ... on PostRemoved { postId } } }"""


async def post_of(reader: Person | Town, post: str, **more: Any) -> dict[str, Any] | None:
    """A post with its versions as this reader sees it, or None."""
    found: dict[str, Any] | None = (await reader.ask(POST, id=post, **more))["node"]
    return found


def versions(post: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The versions of a post, newest first."""
    assert post is not None
    return [edge["node"] for edge in post["edits"]["edges"]]


async def test_every_version_stays_to_be_seen_by_whoever_may_see_the_post(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    one, two = await image(ada, "One"), await image(ada, "Two")
    poll = {"options": ["Yes", "No"], "minutes": 60}
    post = await ada.write(f"First @{bob.handle}", images=[{"imageId": one}], contentWarning="Careful", poll=poll)
    before = await post_of(bob, post)
    assert before is not None
    assert (before["editCount"], before["editedAt"], versions(before)) == (0, None, [])
    pictures = [{"imageId": two, "altText": "Two now"}, {"imageId": one, "altText": "Once more"}]
    done = await ada.do(EDIT, postId=post, text="Second", images=pictures, contentWarning=None)
    assert (done["post"]["text"], done["post"]["editCount"]) == ("Second", 1)
    assert done["post"]["version"] > before["version"]
    await ada.do(EDIT, postId=post, text="Third", images=None, poll=None)
    for reader in (ada, bob, town):
        found = await post_of(reader, post)
        assert found is not None
        assert (found["text"], found["contentWarning"], found["images"], found["poll"]) == ("Third", None, [], None)
        third, second, first = versions(found)
        assert [one["number"] for one in (third, second, first)] == [3, 2, 1]
        assert third["createdAt"] == found["editedAt"]
        assert (first["text"], first["contentWarning"]) == (f"First @{bob.handle}", "Careful")
        assert first["facets"] == [{"feature": {"__typename": "MentionFacet", "user": {"handle": bob.handle}}}]
        assert first["poll"] == second["poll"] == {"options": ["Yes", "No"], "multiple": False}
        assert [each["image"]["id"] for each in second["images"]] == [two, one]
        assert [each["altText"] for each in second["images"]] == ["Two now", "Once more"]
        assert all("grant=" not in each["image"]["url"] for each in second["images"])
        assert third["images"] == []
    page = await post_of(bob, post, first=2)
    assert page is not None
    assert page["edits"]["pageInfo"]["hasNextPage"]


async def test_no_version_is_seen_by_who_may_not_see_the_post_now(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    await bob.follow(ada)
    picture = await image(ada)
    post = await ada.write("For all", images=[{"imageId": picture}])
    await ada.do(EDIT, postId=post, text="Still for all", images=[])
    assert (await eve.ask("query($id: ID!) { node(id: $id) { id } }", id=picture))["node"] is not None
    narrow = (
        "mutation($input: UpdatePostVisibilityInput!) { updatePostVisibility(input: $input) { userErrors { code } } }"
    )
    await ada.do(narrow, postId=post, visibility="FOLLOWERS")
    assert len(versions(await post_of(bob, post))) == 2
    for reader in (eve, town):
        assert await post_of(reader, post) is None
        assert (await reader.ask("query($id: ID!) { node(id: $id) { id } }", id=picture))["node"] is None
    shown = versions(await post_of(bob, post))[1]["images"][0]["image"]
    assert "grant=" in shown["url"]
    await ada.do("DeletePost", postId=post)
    number = node_id.number_of("post", post)
    assert not await fetch("SELECT 1 FROM post_versions WHERE post_id = $1", number)
    assert (await bob.ask("query($id: ID!) { node(id: $id) { id } }", id=picture))["node"] is None


async def test_what_changes_nothing_is_no_edit(town: Town) -> None:
    ada = await town.person("ada")
    picture = await image(ada, "Alt")
    poll = {"options": ["Yes", "No"], "minutes": 60}
    post = await ada.write("Same", images=[{"imageId": picture}], contentWarning="W", poll=poll)
    before = await post_of(ada, post)
    events = "SELECT count(*) FROM events WHERE post_id = $1"
    told = await fetch_value(events, node_id.number_of("post", post))
    for same in (
        {},
        {"text": " Same "},
        {"contentWarning": "W", "images": [{"imageId": picture, "altText": "Alt"}]},
        {"poll": {"options": ["Yes", "No"], "minutes": 1_000}},
    ):
        assert (await ada.do(EDIT, postId=post, **same))["post"]["editCount"] == 0
    assert await post_of(ada, post) == before
    assert await fetch_value(events, node_id.number_of("post", post)) == told


async def test_who_may_not_edit_and_what_may_not_be_said(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    nobody = Person(town, "", "", None)
    post, hidden = await ada.write("Mine"), await ada.write("Hidden", visibility="MENTIONED")
    assert await bob.refusal(EDIT, postId=post, text="Yours") == ("FORBIDDEN", ["postId"])
    assert await bob.refusal(EDIT, postId=hidden, text="Yours") == ("NOT_FOUND", ["postId"])
    assert await nobody.refusal(EDIT, postId=post, text="x") == ("UNAUTHENTICATED", None)
    assert await ada.refusal(EDIT, postId="garbage", text="x") == ("NOT_FOUND", ["postId"])
    assert await ada.refusal(EDIT, postId=post, text="") == ("BAD_USER_INPUT", ["text"])
    assert await ada.refusal(EDIT, postId=post, text="x" * 501) == ("BAD_USER_INPUT", ["text"])
    assert await ada.refusal(EDIT, postId=post, contentWarning="x" * 101) == ("BAD_USER_INPUT", ["contentWarning"])
    hers = await image(bob)
    assert (await ada.refusal(EDIT, postId=post, images=[{"imageId": hers}]))[0] == "NOT_FOUND"
    await ada.do("DeletePost", postId=post)
    assert await ada.refusal(EDIT, postId=post, text="Back") == ("NOT_FOUND", ["postId"])
    many = await ada.write("Many")
    await fetch("UPDATE posts SET edit_count = 99 WHERE id = $1", node_id.number_of("post", many))
    assert await ada.refusal(EDIT, postId=many, text="One more") == ("QUOTA_EXCEEDED", ["postId"])


async def test_two_edits_of_one_version_do_not_undo_each_other(town: Town) -> None:
    ada = await town.person("ada")
    post = await ada.write("Base")
    done = await asyncio.gather(
        *(ada.attempt(EDIT, postId=post, text=f"Edit {n}", expectedEditCount=0) for n in range(6))
    )
    refused = [one["userErrors"][0] for one in done if one["userErrors"]]
    assert [(one["code"], one["path"]) for one in refused] == [("CONFLICT", ["expectedEditCount"])] * 5
    await asyncio.gather(*(ada.do(EDIT, postId=post, text=f"Again {n}") for n in range(6)))
    found = await post_of(ada, post)
    assert [one["number"] for one in versions(found)] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert found is not None
    assert versions(found)[0]["text"] == found["text"]
    again = {"postId": post, "text": "Once", "idempotencyKey": "edit"}
    await asyncio.gather(*(ada.do(EDIT, **again) for _ in range(5)))
    assert len(versions(await post_of(ada, post))) == 9


async def test_mentions_and_hashtags_follow_the_text(town: Town) -> None:
    ada, bob, cyd = [await town.person(name) for name in ("ada", "bob", "cyd")]
    old, new = f"old{ada.handle}", f"new{ada.handle}"
    post = await ada.write(f"@{bob.handle} #{old}", visibility="PUBLIC")

    async def tagged(name: str) -> list[str]:
        edges = (await town.ask(TAG, name=name))["hashtag"]["posts"]["edges"]
        return [edge["node"]["id"] for edge in edges]

    await ada.do(EDIT, postId=post, text=f"@{cyd.handle} #{new}")
    assert (await tagged(old), await tagged(new)) == ([], [post])
    secret = await ada.write(f"Psst @{bob.handle}", visibility="MENTIONED")
    assert await post_of(bob, secret) is not None
    await ada.do(EDIT, postId=secret, text=f"Psst @{cyd.handle}")
    assert await post_of(bob, secret) is None
    assert len(versions(await post_of(cyd, secret))) == 2


@pytest.mark.parametrize("loses_sight", [False, True])
async def test_an_edit_is_seen_on_open_screens(town: Town, loses_sight: bool) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await bob.follow(ada)
    post = await ada.write(f"Psst @{bob.handle}", visibility="MENTIONED")
    async with bob.live(CHANGED, ids=[post]) as feed, bob.live("HomeLive") as home:
        if not loses_sight:
            await ada.do(EDIT, postId=post, text=f"Psst again @{bob.handle}")
            told = await feed.until("PostChanged")
            fresh = await post_of(bob, post)
            assert fresh is not None
            assert told["post"] == {name: fresh[name] for name in told["post"] if name != "images"} | {"images": []}
            assert told["post"]["editCount"] == 1
            return
        await ada.do(EDIT, postId=post, text="Psst, but not for everybody")
        assert (await feed.until("PostRemoved"))["postId"] == post
        assert (await home.until("PostRemoved"))["postId"] == post
        assert await bob.home_set() == set()


async def test_a_hashtag_page_gains_and_loses_what_is_edited(town: Town) -> None:
    ada = await town.person("ada")
    tag = f"live{ada.handle}"
    live = """subscription($name: String!) { hashtagTimeline(name: $name) { __typename cursor
        ... on PostPublished { edge { node { id } } } ... on PostRemoved { postId } } }"""
    post = await ada.write("Nothing yet")
    async with town.live(live, name=tag) as feed:
        await ada.do(EDIT, postId=post, text=f"Now #{tag}")
        assert (await feed.until("PostPublished"))["edge"]["node"]["id"] == post
        await ada.do(EDIT, postId=post, text=f"Now still #{tag} and more")
        await ada.do(EDIT, postId=post, text="Nothing again")
        assert (await feed.next())["postId"] == post
