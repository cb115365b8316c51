"""Lists of people: whose they are, who stands on them, their timelines, and what exclusive ones do to homes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models import node_id, standing, user_list
from models.database import fetch
from models.event import log_state
from models.transaction import transaction
from tests.conftest import Serving
from tests.people import PATIENCE_SECONDS, Person, Town
from tests.selection import mutation

CREATE, UPDATE, DELETE = mutation("createList"), mutation("updateList"), mutation("deleteList")
ADD, REMOVE, BLOCK = mutation("addToList"), mutation("removeFromList"), mutation("blockUser")
MUTE, UNMUTE, UNBLOCK = mutation("muteUser"), mutation("unmuteUser"), mutation("unblockUser")
LIST = """query($id: ID!, $first: Int, $last: Int, $after: String, $before: String) { node(id: $id) { ... on UserList {
    name description isPrivate isExclusive replies memberCount viewerIsOwner owner { handle }
    members(first: 50) { edges { node { id } } }
    timeline(first: $first, last: $last, after: $after, before: $before) { liveCursor pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
        edges { node { id text } repostedBy { id } } } } } }"""
LIVE = """subscription($id: ID!, $after: String) { userListTimeline(id: $id, after: $after) { __typename cursor
    ... on PostPublished { edge { node { id text } repostedBy { id } } } ... on PostRemoved { postId } ... on Reset { reason } } }"""
MINE = "query($first: Int, $user: ID!) { viewer { lists(first: $first) { edges { node { id name hasMember(userId: $user) } } } } }"
ON_IT = "query($id: ID!, $user: ID!) { node(id: $id) { ... on UserList { hasMember(userId: $user) } } }"
THEIRS = "query($handle: String!) { user(handle: $handle) { lists { edges { node { id name } } } } }"


async def made(owner: Person, *members: Person, **more: Any) -> str:
    """A list of somebody's with these people on it; its id."""
    found: str = (await owner.do(CREATE, **{"name": "Friends", **more}))["list"]["id"]
    for member in members:
        await owner.do(ADD, userListId=found, userId=member.id)
    return found


async def looked_at(who: Person, list_id: str, **page: Any) -> dict[str, Any] | None:
    """The list as somebody sees it."""
    found: dict[str, Any] | None = (await who.ask(LIST, id=list_id, **page))["node"]
    return found


async def texts(who: Person, list_id: str) -> list[str]:
    """What its timeline shows somebody, newest first."""
    found = await looked_at(who, list_id)
    assert found is not None
    return [edge["node"]["text"] for edge in found["timeline"]["edges"]]


async def test_a_list_is_made_changed_and_deleted(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    mine = await made(ada, bob, name="  Painters ", description="Who paints")
    seen = await looked_at(ada, mine)
    assert seen is not None
    assert (seen["name"], seen["description"], seen["isPrivate"], seen["isExclusive"], seen["replies"]) == (
        "Painters", "Who paints", True, False, "LIST",
    )  # fmt: skip
    assert (seen["memberCount"], seen["viewerIsOwner"], seen["owner"]["handle"]) == (1, True, ada.handle)
    again = await ada.do(ADD, userListId=mine, userId=bob.id)
    assert again["list"]["memberCount"] == 1, "twice is the same as once"
    await ada.do(UPDATE, userListId=mine, name="Others", replies="NONE", isPrivate=False, description="")
    assert [edge["node"]["hasMember"] for edge in (await ada.ask(MINE, user=bob.id))["viewer"]["lists"]["edges"]] == [
        True
    ]
    assert (await ada.do(REMOVE, userListId=mine, userId=bob.id))["list"]["memberCount"] == 0
    assert (await ada.do(REMOVE, userListId=mine, userId=bob.id))["list"]["memberCount"] == 0
    assert (await ada.do(DELETE, userListId=mine))["deletedListId"] == mine
    assert await looked_at(ada, mine) is None
    assert await ada.refusal(DELETE, userListId=mine) == ("NOT_FOUND", ["userListId"])


@pytest.mark.parametrize(
    ("given", "path"),
    [({"name": ""}, "name"), ({"name": "x" * 51}, "name"), ({"name": "x\ny"}, "name"), ({"description": "x" * 301}, "description")],
)  # fmt: skip
async def test_what_a_list_is_called_is_bounded(town: Town, given: dict[str, str], path: str) -> None:
    ada = await town.person("ada")
    assert await ada.refusal(CREATE, **{"name": "x", **given}) == ("BAD_USER_INPUT", [path])


async def test_lists_and_members_are_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_list, "MOST_LISTS", 3)
    monkeypatch.setattr(user_list, "MOST_MEMBERS", 2)
    ada = await town.person("ada")
    people = [await town.person("bob") for _ in range(4)]
    outcomes = await asyncio.gather(*(ada.attempt(CREATE, name=str(n)) for n in range(6)))
    assert sorted(len(one["userErrors"]) for one in outcomes) == [0, 0, 0, 1, 1, 1]
    mine = next(one["list"]["id"] for one in outcomes if one["list"])
    outcomes = await asyncio.gather(*(ada.attempt(ADD, userListId=mine, userId=one.id) for one in people))
    assert sorted([error["code"] for one in outcomes for error in one["userErrors"]]) == ["QUOTA_EXCEEDED"] * 2
    seen = await looked_at(ada, mine)
    assert seen is not None
    assert (seen["memberCount"], len(seen["members"]["edges"])) == (2, 2)


async def test_a_private_list_is_its_owner_s_alone_and_told_to_nobody(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    before = (await log_state()).head
    secret = await made(ada, bob)
    number = node_id.number_of("user", bob.id)
    told = await fetch(
        "SELECT topics, user_id FROM events WHERE (xid, id) > ($1::text::xid8, $2::bigint) AND (user_id = $3"
        " OR topics && ARRAY['viewer:' || $3::bigint, 'user:' || $3::bigint, 'author:' || $3::bigint])",
        str(before.xid), before.id, number,
    )  # fmt: skip
    assert told == [], "nothing of it reaches whoever was added"
    for other in (bob, eve, Person(town, "", "", None)):
        assert (await other.ask("query($id: ID!) { node(id: $id) { id } }", id=secret))["node"] is None
        assert (await other.ask(THEIRS, handle=ada.handle))["user"]["lists"]["edges"] == []
    async with eve.socket() as _:
        with pytest.raises(AssertionError):
            async with eve.live(LIVE, id=secret):
                pass
    await ada.do(UPDATE, userListId=secret, isPrivate=False)
    for other in (bob, Person(town, "", "", None)):
        seen = await looked_at(other, secret)
        assert seen is not None
        assert (seen["isExclusive"], seen["viewerIsOwner"]) == (None, False)
        assert len((await other.ask(THEIRS, handle=ada.handle))["user"]["lists"]["edges"]) == 1
    assert await eve.refusal(ADD, userListId=secret, userId=eve.id) == ("NOT_FOUND", ["userListId"])
    await ada.do(BLOCK, userId=eve.id)
    assert await looked_at(eve, secret) is None


async def test_blocks_keep_people_off_each_other_s_lists(town: Town) -> None:
    ada, bob, cleo = [await town.person(name) for name in ("ada", "bob", "cleo")]
    hers, his = await made(ada, bob, cleo), await made(bob, ada, cleo, isExclusive=True)
    await ada.do(BLOCK, userId=bob.id)
    for who, mine in ((ada, hers), (bob, his)):
        seen = await looked_at(who, mine)
        assert seen is not None
        assert ([edge["node"]["id"] for edge in seen["members"]["edges"]], seen["memberCount"]) == ([cleo.id], 1)
    assert await bob.refusal(ADD, userListId=his, userId=ada.id) == ("FORBIDDEN", ["userId"])
    assert await ada.refusal(ADD, userListId=hers, userId=bob.id) == ("FORBIDDEN", ["userId"])
    await ada.do(UNBLOCK, userId=bob.id)
    await bob.do(ADD, userListId=his, userId=ada.id)
    await bob.do(UPDATE, userListId=his, isPrivate=False)
    await ada.do(BLOCK, userId=cleo.id)
    for who, shown in ((bob, [ada.id, cleo.id]), (cleo, [cleo.id]), (Person(town, "", "", None), [ada.id, cleo.id])):
        seen = await looked_at(who, his)
        assert seen is not None
        assert [edge["node"]["id"] for edge in seen["members"]["edges"]] == shown, "nobody is named across a block"
        on_it = [(await who.ask(ON_IT, id=his, user=one.id))["node"]["hasMember"] for one in (ada, cleo)]
        assert on_it == [ada.id in shown, cleo.id in shown]
    async with transaction():
        await standing.suspend(node_id.number_of("user", cleo.id) or 0)
    seen = await looked_at(bob, his)
    assert seen is not None
    assert [edge["node"]["id"] for edge in seen["members"]["edges"]] == [ada.id]


async def test_adding_and_blocking_at_once_leave_nobody_on_a_list(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    his = await made(bob)
    for _ in range(4):
        await asyncio.gather(
            bob.attempt(ADD, userListId=his, userId=ada.id), ada.attempt(BLOCK, userId=bob.id)
        )  # fmt: skip
        seen = await looked_at(bob, his)
        assert seen is not None
        assert (seen["memberCount"], seen["members"]["edges"]) == (0, [])
        await ada.do(UNBLOCK, userId=bob.id)


async def test_a_timeline_has_members_followed_or_not_and_pages_both_ways(town: Town) -> None:
    ada, bob, cleo, dan = [await town.person(name) for name in ("ada", "bob", "cleo", "dan")]
    mine = await made(ada, bob, cleo)
    for n in range(5):
        await (bob, cleo)[n % 2].write(f"Post {n}")
    await bob.write("For followers", visibility="FOLLOWERS")
    post = await dan.write("By a stranger")
    await cleo.do("RepostPost", postId=post)
    await bob.do("RepostPost", postId=post)
    await dan.write("Not here")
    wanted = ["By a stranger", *(f"Post {n}" for n in (4, 3, 2, 1, 0))]
    assert await texts(ada, mine) == wanted, "once, for its first reason, and nothing that one may not see"
    found: list[str] = []
    after = None
    while True:
        page = await looked_at(ada, mine, first=2, **({"after": after} if after else {}))
        assert page is not None
        found += [edge["node"]["text"] for edge in page["timeline"]["edges"]]
        after = page["timeline"]["pageInfo"]["endCursor"]
        if not page["timeline"]["pageInfo"]["hasNextPage"]:
            break
    assert found == wanted
    page = await looked_at(ada, mine, last=2)
    assert page is not None
    assert [edge["node"]["text"] for edge in page["timeline"]["edges"]] == ["Post 1", "Post 0"]
    page = await looked_at(ada, mine, last=3, before=page["timeline"]["pageInfo"]["startCursor"])
    assert page is not None
    assert [edge["node"]["text"] for edge in page["timeline"]["edges"]] == ["Post 4", "Post 3", "Post 2"]
    await ada.do(MUTE, userId=cleo.id)
    assert await texts(ada, mine) == ["By a stranger", "Post 4", "Post 2", "Post 0"], "the other reposter is left"
    await ada.follow(bob)
    assert (await texts(ada, mine))[1] == "For followers"


async def test_replies_are_shown_as_the_list_says(town: Town) -> None:
    ada, bob, cleo, dan = [await town.person(name) for name in ("ada", "bob", "cleo", "dan")]
    await ada.follow(dan)
    mine = await made(ada, bob, cleo)
    for author in (ada, bob, cleo, dan):
        await bob.write(f"To {author.handle}", replyToId=await author.write("x"))
    shown = {"NONE": [bob, ada], "LIST": [cleo, bob, ada], "FOLLOWED": [dan, bob, ada]}
    for policy, people in shown.items():
        await ada.do(UPDATE, userListId=mine, replies=policy)
        found = [text for text in await texts(ada, mine) if text != "x"]
        assert found == [f"To {one.handle}" for one in people], policy


async def test_exclusive_members_leave_the_home_at_once_and_come_back(town: Town) -> None:
    ada, bob, cleo = [await town.person(name) for name in ("ada", "bob", "cleo")]
    await ada.follow(bob, cleo)
    his, hers = await bob.write("His"), await cleo.write("Hers")
    await bob.do("RepostPost", postId=await (await town.person("dan")).write("Brought by bob"))
    await cleo.do("RepostPost", postId=his)

    async def home() -> set[str]:
        for _ in range(2):  # the second time out of the list that is kept
            found = {edge["node"]["text"] for edge in (await ada.home())["edges"]}
        return found

    assert await home() == {"His", "Hers", "Brought by bob"}
    mine = await made(ada, bob, isExclusive=False)
    async with ada.live("HomeLive") as feed:
        await ada.do(UPDATE, userListId=mine, isExclusive=True)
        assert (await feed.next())["reason"] == "RULES_CHANGED"
        assert await home() == {"His", "Hers"}, "as somebody else's repost it stands there"
        edges = (await ada.home())["edges"]
        assert {edge["node"]["id"]: edge["repostedBy"] and edge["repostedBy"]["id"] for edge in edges} == {
            his: cleo.id, hers: None,
        }  # fmt: skip
        await bob.write("Unheard")
        heard = await cleo.write("Heard")
        assert (await feed.next())["edge"]["node"]["id"] == heard
        await ada.do(REMOVE, userListId=mine, userId=bob.id)
        assert (await feed.next())["reason"] == "RULES_CHANGED"
        assert {"Unheard", "Heard", "Brought by bob"} <= await home()
        await ada.do(ADD, userListId=mine, userId=bob.id)
        assert (await feed.next())["reason"] == "RULES_CHANGED"
        await ada.do(DELETE, userListId=mine)
        assert (await feed.next())["reason"] == "RULES_CHANGED"
        back = await bob.write("Back")
        assert (await feed.next())["edge"]["node"]["id"] == back


async def test_a_list_is_followed_live_alone_and_in_company(town: Town) -> None:
    ada, bob, cleo, dan = [await town.person(name) for name in ("ada", "bob", "cleo", "dan")]
    mine = await made(ada, bob, isPrivate=False)
    start = await looked_at(ada, mine)
    assert start is not None
    first = await bob.write("Missed")
    nobody = Person(town, "", "", None)
    variables = {"id": mine, "after": start["timeline"]["liveCursor"]}
    async with (
        ada.live(LIVE, **variables) as one,
        dan.live(LIVE, **variables) as other,
        nobody.live(LIVE, id=mine) as third,
    ):
        assert [(await feed.next())["edge"]["node"]["id"] for feed in (one, other)] == [first, first]
        await dan.write("Not on the list")
        post = await dan.write("To be brought")
        await bob.do("RepostPost", postId=post)
        for feed in (one, other, third):
            edge = (await feed.next())["edge"]
            assert (edge["node"]["id"], edge["repostedBy"]["id"]) == (post, bob.id)
        await bob.do("UnrepostPost", postId=post)
        assert [(await feed.next())["postId"] for feed in (one, other, third)] == [post] * 3
        await ada.do(ADD, userListId=mine, userId=cleo.id)
        assert [(await feed.next())["reason"] for feed in (one, other, third)] == ["RULES_CHANGED"] * 3
        hers = await cleo.write("Hers")
        assert [(await feed.next())["edge"]["node"]["id"] for feed in (one, other, third)] == [hers] * 3
        await cleo.do(BLOCK, userId=dan.id)
        assert (await other.next())["reason"] == "RULES_CHANGED"
        await cleo.do("DeletePost", postId=hers)
        assert [(await feed.next())["postId"] for feed in (one, third)] == [hers] * 2
        await ada.do(UPDATE, userListId=mine, isPrivate=True)
        assert [(await feed.next())["reason"] for feed in (one, other, third)] == ["RULES_CHANGED"] * 3
        secret = await bob.write("For ada alone now")
        assert (await one.next())["edge"]["node"]["id"] == secret
        await ada.do(UPDATE, userListId=mine, isPrivate=False)
        assert [(await feed.next())["__typename"] for feed in (other, third)] == ["Reset"] * 2, "and not the post"


async def test_a_room_is_empty_when_nobody_is_left(town: Town, running: Serving) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    mine = await made(ada, bob)
    rooms = running.application.state.house.audience.rooms
    async with ada.live(LIVE, id=mine):
        assert node_id.number_of("list", mine) in rooms._rooms
        assert node_id.number_of("user", bob.id) in rooms._by_member
    async with asyncio.timeout(PATIENCE_SECONDS):
        while node_id.number_of("list", mine) in rooms._rooms:
            await town.ask("{ __typename }")  # the server is told of the end of a socket in its own time
    assert node_id.number_of("user", bob.id) not in rooms._by_member


async def test_what_becomes_for_fewer_people_leaves_open_lists(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    mine = await made(ada, bob, isPrivate=False)
    post = await bob.write("For all")
    narrow = mutation("updatePostVisibility")
    async with eve.live(LIVE, id=mine) as feed:
        await bob.do(narrow, postId=post, visibility="FOLLOWERS")
        assert (await feed.until("PostRemoved"))["postId"] == post
        await bob.do(narrow, postId=post, visibility="PUBLIC")
        assert (await feed.until("PostPublished"))["edge"]["node"]["id"] == post
