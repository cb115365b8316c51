"""Timelines as people read them: what belongs in each, and pages that neither skip nor repeat."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import Person, Town
from tests.selection import BOOKMARK, MUTE, UNMUTE

SELECTION = "edges { cursor repostedBy { id } node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } liveCursor"
ARGUMENTS = "$first: Int, $after: String, $last: Int, $before: String"
PAGED = "first: $first, after: $after, last: $last, before: $before"
HOME = f"query({ARGUMENTS}) {{ viewer {{ list: homeTimeline({PAGED}) {{ {SELECTION} }} }} }}"
BOOKMARKS = f"query({ARGUMENTS}) {{ viewer {{ list: bookmarks({PAGED}) {{ {SELECTION} }} }} }}"
EXPLORE = f"query({ARGUMENTS}) {{ list: exploreTimeline({PAGED}) {{ {SELECTION} }} }}"
PROFILE = (
    f"query($handle: String!, {ARGUMENTS}) {{ user(handle: $handle) {{ list: posts({PAGED}) {{ {SELECTION} }} }} }}"
)


async def page(reader: Person | Town, document: str, **arguments: Any) -> dict[str, Any]:
    """One page of a list."""
    data = await reader.ask(document, **arguments)
    while "list" not in data:
        (data,) = data.values()
    found: dict[str, Any] = data["list"]
    return found


def ids(found: dict[str, Any]) -> list[str]:
    """The posts of a page, in order."""
    return [edge["node"]["id"] for edge in found["edges"]]


async def whole(reader: Person | Town, document: str, size: int, *, backward: bool = False, **more: Any) -> list[str]:
    """A whole list read page by page, forward or backward, in its own order; holds each page to its own words."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        one = await page(reader, document, **{"last" if backward else "first": size}, **cursor, **more)
        info = one["pageInfo"]
        assert len(one["edges"]) <= size
        if one["edges"]:
            assert [info["startCursor"], info["endCursor"]] == [one["edges"][0]["cursor"], one["edges"][-1]["cursor"]]
        found = [*ids(one), *found] if backward else [*found, *ids(one)]
        assert info["hasNextPage" if not backward else "hasPreviousPage"] in (True, False)
        if not info["hasPreviousPage" if backward else "hasNextPage"]:
            return found
        assert len(one["edges"]) == size, "a page is full as long as there is more"
        cursor = {"before": info["startCursor"]} if backward else {"after": info["endCursor"]}


async def test_home_holds_one_s_own_and_those_one_follows(town: Town) -> None:
    reader, ada, stranger = [await town.person(name) for name in ("reader", "ada", "stranger")]
    before = await ada.write("Before the follow")
    await stranger.write("Not for this home")
    assert ids(await page(reader, HOME)) == []
    await reader.follow(ada)
    own, after = await reader.write("Mine"), await ada.write("After")
    assert ids(await page(reader, HOME)) == [after, own, before], "a brand-new follow shows up at once"
    await ada.do("DeletePost", postId=after)
    assert ids(await page(reader, HOME)) == [own, before]
    await reader.do("UnfollowUser", userId=ada.id)
    assert ids(await page(reader, HOME)) == [own]


async def test_replies_come_home_from_conversations_one_follows(town: Town) -> None:
    reader, ada, bob, stranger = [await town.person(name) for name in ("reader", "ada", "bob", "stranger")]
    await reader.follow(ada, bob)
    mine, hers, theirs = await reader.write("Mine"), await ada.write("Hers"), await stranger.write("Theirs")
    to_me = await ada.write("to you", replyToId=mine)
    to_self = await ada.write("and more", replyToId=hers)
    to_friend = await bob.write("to a friend of yours", replyToId=hers)
    to_stranger = await ada.write("to a stranger", replyToId=theirs)
    from_stranger = await stranger.write("to ada", replyToId=hers)
    home = ids(await page(reader, HOME))
    assert home == [to_friend, to_self, to_me, hers, mine]
    assert not {to_stranger, from_stranger} & set(home)
    own = await reader.write("One's own reply always", replyToId=theirs)
    assert ids(await page(reader, HOME))[0] == own
    await ada.do("DeletePost", postId=hers)
    assert ids(await page(reader, HOME)) == [own, to_me, mine], "answers to nothing go with it"


async def test_a_repost_brings_a_post_home_once_for_its_first_reason(town: Town) -> None:
    reader, ada, bob, stranger = [await town.person(name) for name in ("reader", "ada", "bob", "stranger")]
    await reader.follow(ada, bob)
    post, known = await stranger.write("Look"), await ada.write("Known already")
    for person in (ada, bob):
        await person.do("RepostPost", postId=post)
    await bob.do("RepostPost", postId=known)
    found = await page(reader, HOME)
    assert [(e["node"]["id"], e["repostedBy"] and e["repostedBy"]["id"]) for e in found["edges"]] == [
        (post, ada.id),
        (known, None),
    ]
    await ada.do("UnrepostPost", postId=post)
    assert [e["repostedBy"] and e["repostedBy"]["id"] for e in (await page(reader, HOME))["edges"]] == [bob.id, None]
    await reader.do(MUTE, userId=bob.id)
    assert ids(await page(reader, HOME)) == [known], "who is muted brings nothing"
    await reader.do(UNMUTE, userId=bob.id)
    await reader.follow(stranger)
    assert [(e["node"]["id"], e["repostedBy"]) for e in (await page(reader, HOME))["edges"]] == [
        (known, None),
        (post, None),
    ]


@pytest.mark.parametrize("verb", ["BlockUser", MUTE])
async def test_whom_one_blocks_or_mutes_stays_out_even_by_name(town: Town, verb: str) -> None:
    reader, ada, foe = [await town.person(name) for name in ("reader", "ada", "foe")]
    await reader.follow(ada, foe)
    named, his = await ada.write(f"With @{foe.handle}"), await foe.write("His own")
    reposted = await foe.write("Passed on")
    await ada.do("RepostPost", postId=reposted)
    assert set(ids(await page(reader, HOME))) == {named, his, reposted}
    await reader.do(verb, userId=foe.id)
    assert ids(await page(reader, HOME)) == []
    own = set(ids(await page(reader, PROFILE, handle=foe.handle)))
    assert own == (set() if verb == "BlockUser" else {his, reposted}), "a muted person's page is still there"
    assert not {his, reposted} & set(ids(await page(reader, EXPLORE, first=30)))
    assert {his, reposted} <= set(ids(await page(town, EXPLORE, first=30)))


async def test_the_other_who_blocks_is_gone_from_every_list(town: Town) -> None:
    reader, ada, bob = [await town.person(name) for name in ("reader", "ada", "bob")]
    await reader.follow(ada, bob)
    post = await ada.write("Hello")
    await bob.do("RepostPost", postId=post)
    await reader.do(BOOKMARK, postId=post)
    await ada.do("BlockUser", userId=reader.id)
    for document in (HOME, BOOKMARKS):
        assert ids(await page(reader, document)) == []
    assert ids(await page(reader, PROFILE, handle=bob.handle)) == []
    assert ids(await page(bob, PROFILE, handle=bob.handle)) == [post]


async def test_explore_holds_what_is_public_and_answers_nobody_else(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post = await ada.write("Public")
    thread = await ada.write("My own thread", replyToId=post)
    reply = await bob.write("A reply", replyToId=post)
    quiet = [await ada.write("x", visibility=kind) for kind in ("UNLISTED", "FOLLOWERS", "MENTIONED")]
    for reader in (town, bob, ada):
        found = ids(await page(reader, EXPLORE, first=20))
        assert found[:2] == [thread, post]
        assert not {reply, *quiet} & set(found)


async def test_a_profile_holds_posts_and_reposts_as_far_as_one_may_see(town: Town) -> None:
    ada, bob, fan = [await town.person(name) for name in ("ada", "bob", "fan")]
    await fan.follow(ada)
    other = await bob.write("Another's")
    posts = [await ada.write("x", visibility=kind) for kind in ("PUBLIC", "UNLISTED", "FOLLOWERS", "MENTIONED")]
    await ada.write("An answer", replyToId=other)
    await ada.do("RepostPost", postId=other)
    assert ids(await page(ada, PROFILE, handle=ada.handle)) == [other, *reversed(posts)]
    assert ids(await page(fan, PROFILE, handle=ada.handle)) == [other, *reversed(posts[:3])]
    seen = await page(town, PROFILE, handle=ada.handle)
    assert ids(seen) == [other, *reversed(posts[:2])]
    assert [edge["repostedBy"] and edge["repostedBy"]["id"] for edge in seen["edges"]] == [ada.id, None, None]


async def test_bookmarks_stand_in_the_order_of_keeping(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    posts = [await ada.write(str(number)) for number in range(4)]
    for number in (2, 0, 3):
        await bob.do(BOOKMARK, postId=posts[number])
    assert await whole(bob, BOOKMARKS, 2) == [posts[3], posts[0], posts[2]]
    assert ids(await page(ada, BOOKMARKS)) == []
    answer = await Person(town, "", "", None).answer(BOOKMARKS)
    assert answer["data"] == {"viewer": None}


async def test_pages_are_full_and_whole_both_ways(town: Town) -> None:
    reader, ada = await town.person("reader"), await town.person("ada")
    await reader.follow(ada)
    wanted: list[str] = []
    for number in range(13):
        wanted.insert(0, await ada.write(str(number)))
        await ada.write("Hidden between", visibility="MENTIONED")
    for size in (1, 4, 13, 100):
        for backward in (False, True):
            assert await whole(reader, HOME, size, backward=backward) == wanted
            assert await whole(reader, PROFILE, size, backward=backward, handle=ada.handle) == wanted
    middle = (await page(reader, HOME, first=5))["pageInfo"]["endCursor"]
    newer = await page(reader, HOME, last=3, before=middle)
    assert (ids(newer), newer["pageInfo"]["hasPreviousPage"], newer["pageInfo"]["hasNextPage"]) == (
        wanted[1:4],
        True,
        True,
    )
    between = await page(reader, HOME, first=50, after=newer["pageInfo"]["startCursor"], before=middle)
    assert ids(between) == wanted[2:4]


async def test_nothing_is_skipped_or_repeated_while_posts_come_and_go(town: Town) -> None:
    reader, ada = await town.person("reader"), await town.person("ada")
    await reader.follow(ada)
    standing = [await ada.write(str(number)) for number in range(9)][::-1]
    found: list[str] = []
    cursor = None
    for step in range(3):
        one = await page(reader, HOME, first=3, after=cursor)
        found += ids(one)
        cursor = one["pageInfo"]["endCursor"]
        await ada.write(f"New {step}")
        await ada.do("DeletePost", postId=ids(one)[-1])  # the very post the cursor stands on
    assert found == standing
    top = (await page(reader, HOME, first=3))["pageInfo"]["endCursor"]
    assert len(ids(await page(reader, HOME, first=100, after=top))) == 6


async def test_a_gap_of_many_is_filled_from_below(town: Town) -> None:
    """`last` with `before` … `after`: what came between two screens, nearest to the older one first."""
    ada = await town.person("ada")
    old = await ada.write("Last seen")
    seen = (await page(ada, HOME, first=1))["pageInfo"]["startCursor"]
    missed = [await ada.write(str(number)) for number in range(12)]
    filled: list[str] = []
    cursor = seen
    while True:
        one = await page(ada, HOME, last=5, before=cursor)
        filled += reversed(ids(one))
        if not one["pageInfo"]["hasPreviousPage"]:
            break
        cursor = one["pageInfo"]["startCursor"]
    assert filled == missed
    assert ids(await page(ada, HOME))[-1] == old


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    arguments=st.fixed_dictionaries(
        {},
        optional={
            "first": st.sampled_from([0, -1, 101, 2**31 - 1, -(2**31)]),
            "last": st.sampled_from([0, -1, 101, 2**31 - 1]),
            "after": st.sampled_from(
                ["", "x", "k", "k0", "kzzzzzzzzzzzzz", "k" + "1" * 40, "1.abc.1.1", "é", "\x00", "kU"]
            )
            | st.text(max_size=20),
            "before": st.sampled_from(["", "x", "k", "k0", "kzzzzzzzzzzzzz"]),
        },
    ).filter(bool)
)
@pytest.mark.parametrize("document", [HOME, BOOKMARKS, EXPLORE, PROFILE])
async def test_bad_sizes_and_cursors_are_told_with_a_path(town: Town, document: str, arguments: dict[str, Any]) -> None:
    more = {"handle": (await someone(town)).handle} if document is PROFILE else {}
    answer = await (await someone(town)).answer(document, **arguments, **more)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT", arguments
    assert error["path"][-1] == "list"
    data = answer["data"]
    while data and "list" not in data:
        (data,) = data.values()
    assert data == {"list": None}, "only the list itself is null"


_someone: list[Person] = []


async def someone(town: Town) -> Person:
    """One person for many questions."""
    if not _someone:
        _someone.append(await town.person("someone"))
    return _someone[0]


async def test_both_ends_at_once_are_refused(town: Town) -> None:
    for given_here in ({"first": 1, "last": 1}, {"first": 20, "last": 20}):
        answer = await Person(town, "", "", None).answer(EXPLORE, **given_here)
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        assert answer["data"] == {"list": None}


async def test_nulls_are_the_same_as_nothing(town: Town) -> None:
    ada = await town.person("ada")
    post = await ada.write("Hello")
    assert ids(await page(ada, HOME, first=None, after=None, last=None, before=None)) == [post]
