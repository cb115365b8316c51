"""Lists of what others did with a post: people and quotes, as far as the viewer may see them, in pages."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.people import Town
from tests.selection import mutation

PEOPLE = """
query P($id: ID!, $first: Int, $after: String) { node(id: $id) { ... on Post {
  likedBy(first: $first, after: $after) { edges { cursor node { handle } } pageInfo { hasNextPage endCursor } }
  repostedBy(first: $first, after: $after) { edges { cursor node { handle } } pageInfo { hasNextPage endCursor } }
} } }
"""
QUOTES = "query Q($id: ID!) { node(id: $id) { ... on Post { quotes(first: 20) { edges { node { id } } } } } }"


def handles(connection: dict[str, Any]) -> list[str]:
    return [edge["node"]["handle"] for edge in connection["edges"]]


@pytest.mark.parametrize(
    ("verb", "undo", "name"), [("LikePost", "UnlikePost", "likedBy"), ("RepostPost", "UnrepostPost", "repostedBy")]
)
async def test_who_did_it_the_latest_first(town: Town, verb: str, undo: str, name: str) -> None:
    ada = await town.person("ada")
    others = list(await asyncio.gather(*(town.person(f"p{number}") for number in range(5))))
    post = await ada.write("Hello")
    for other in others:
        await other.do(verb, postId=post)
    page = (await ada.ask(PEOPLE, id=post, first=2))["node"][name]
    found = handles(page)
    while page["pageInfo"]["hasNextPage"]:
        page = (await ada.ask(PEOPLE, id=post, first=2, after=page["pageInfo"]["endCursor"]))["node"][name]
        found += handles(page)
    assert found == [other.handle for other in reversed(others)]
    await others[0].do(undo, postId=post)
    await others[1].do("BlockUser", userId=others[2].id)
    assert handles((await others[2].ask(PEOPLE, id=post))["node"][name]) == [
        others[4].handle,
        others[3].handle,
        others[2].handle,
    ]
    assert handles((await others[1].ask(PEOPLE, id=post))["node"][name]) == [
        others[4].handle,
        others[3].handle,
        others[1].handle,
    ]
    assert len(handles((await town.ask(PEOPLE, id=post))["node"][name])) == 4
    hidden = await ada.write("Mine", visibility="MENTIONED")
    assert (await others[0].ask(PEOPLE, id=hidden))["node"] is None


@pytest.mark.parametrize(("verb", "name"), [("LikePost", "likedBy"), ("RepostPost", "repostedBy")])
async def test_a_private_account_is_named_to_whom_it_lets_in(town: Town, verb: str, name: str) -> None:
    """It counts for everybody; strangers, and whoever wrote the post, are not told that it was this one."""
    ada, bob, eve = [await town.person(each) for each in ("ada", "bob", "eve")]
    await eve.follow(bob)
    await bob.do(mutation("setAccountPrivacy"), isPrivate=True)
    post = await ada.write("Hello")
    assert (await bob.do(verb, postId=post))["post"][name.replace("edBy", "Count").replace("lik", "like")] == 1
    for who, told in ((bob, [bob.handle]), (eve, [bob.handle]), (ada, []), (town, [])):
        assert handles((await who.ask(PEOPLE, id=post))["node"][name]) == told
    await bob.do(mutation("setAccountPrivacy"), isPrivate=False)
    assert handles((await town.ask(PEOPLE, id=post))["node"][name]) == [bob.handle]


async def test_quotes_are_those_the_viewer_sees(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    post = await ada.write("Hello")
    open_one = await bob.write("Look", quotedPostId=post)
    close = await bob.write("Only us", quotedPostId=post, visibility="FOLLOWERS")
    await eve.follow(bob)

    async def quotes(who: Any) -> list[str]:
        return [edge["node"]["id"] for edge in (await who.ask(QUOTES, id=post))["node"]["quotes"]["edges"]]

    assert await quotes(eve) == [close, open_one]
    assert await quotes(ada) == await quotes(town) == [open_one]
    await ada.do("BlockUser", userId=bob.id)
    assert await quotes(ada) == []
