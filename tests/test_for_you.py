"""For you: what is picked and why, in an order that stays, as the reader may see it when they read; wishes; the off switch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from discovery import for_you
from discovery.candidate import Found
from discovery.signal import WEIGHTS, Judged, Signal
from models import node_id, opinion, ranked_list
from models.database import fetch, fetch_value
from models.opinion import OpinionRow, OpinionWish
from models.ranked_list import Pick
from tests.people import Person, Refused, Town
from tests.selection import mutation
from tests.test_trend import new_tag

PICKED = """query($first: Int, $after: String, $last: Int, $before: String) { viewer {
    forYouTimeline(first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { id author { id } } reason { kind hashtag { name } user { id } } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""


async def picked(reader: Person, **page: Any) -> dict[str, Any]:
    """One page of what is picked for a reader."""
    found: dict[str, Any] = (await reader.ask(PICKED, **page))["viewer"]["forYouTimeline"]
    return found


async def whole_list(reader: Person) -> list[dict[str, Any]]:
    """The edges of the whole list that is being read: others' posts may stand before what a test is about."""
    page = await picked(reader, first=100)
    edges = list(page["edges"])
    while page["pageInfo"]["hasNextPage"]:
        page = await picked(reader, first=100, after=page["pageInfo"]["endCursor"])
        edges += page["edges"]
    return edges


async def anew(reader: Person) -> dict[str, str]:
    """A new list's posts, in order, each with its kind of reason."""
    await fetch("DELETE FROM ranked_lists WHERE viewer_id = $1", node_id.number_of("user", reader.id))
    await fetch("DELETE FROM seen_posts WHERE viewer_id = $1", node_id.number_of("user", reader.id))
    return {edge["node"]["id"]: edge["reason"]["kind"] for edge in await whole_list(reader)}


def judged(post: int, author: int = 1, hours: float = 0.0, **known: float) -> Judged:
    """A post with these signals."""
    signals = {Signal[name]: value for name, value in known.items()}
    return Judged(post, author, hours, False, [], {Signal.FOLLOWED: 0.0, **signals})


def test_the_table_puts_remixes_and_saves_first_and_age_halves() -> None:
    best = sorted(WEIGHTS, key=lambda signal: -WEIGHTS[signal])
    assert best[:3] == [Signal.REMIXES, Signal.SAVES, Signal.REPLIES]
    assert WEIGHTS[Signal.LIKES] == 0.5
    assert WEIGHTS[Signal.REPOSTS] == 1.0
    fresh, old = judged(1, LIKES=1.0), judged(1, hours=18.0, LIKES=1.0)
    assert old.score(WEIGHTS, 18.0) == pytest.approx(fresh.score(WEIGHTS, 18.0) / 2)


def test_no_author_stands_close_to_themselves() -> None:
    scores = {post: 10.0 - post / 10 for post in range(6)} | {9: 5.0}
    authors = dict.fromkeys(range(6), 1) | {9: 2}
    assert for_you.ordered(scores, authors, 10)[:3] == [0, 1, 9]
    assert sorted(for_you.ordered(scores, authors, 10)) == sorted(scores), "nothing is lost"
    assert for_you.ordered(scores, authors, 2) == [0, 1]


def test_opinions_leave_out_then_fade_and_more_counts_more() -> None:
    now = datetime.now(UTC)

    def said(wish: OpinionWish, days: float, **about: Any) -> OpinionRow:
        given = {"post_id": 0, "user_id": 0, "hashtag": "", **about}
        return OpinionRow(1, wish, given["post_id"], given["user_id"], given["hashtag"], now - timedelta(days=days))

    found = Found({1: Pick(1, "FRESH"), 2: Pick(2, "FRESH")})
    posts = [judged(1, author=7, PRESENCE=1.0), judged(2, author=8, PRESENCE=1.0)]
    assert [pick.post_id for pick in for_you.picked(found, posts, [], now)] == [2, 1], "of equals the newer"
    assert [p.post_id for p in for_you.picked(found, posts, [said(OpinionWish.LESS, 1, user_id=8)], now)] == [1]
    assert [p.post_id for p in for_you.picked(found, posts, [said(OpinionWish.MORE, 1, user_id=7)], now)] == [1, 2]
    assert opinion.factor(OpinionWish.LESS, 77) == pytest.approx(0.5)
    assert opinion.factor(OpinionWish.LESS, 140) == opinion.factor(OpinionWish.MORE, 200) == 1.0
    assert opinion.factor(OpinionWish.MORE, 70) == pytest.approx(1.25)


async def test_each_source_finds_what_it_says(town: Town) -> None:
    reader, friend, author, twin, stranger = [
        await town.person(name) for name in ("reader", "friend", "author", "twin", "stranger")
    ]
    tag = new_tag("Care")
    await reader.follow(friend)
    by_friend = await friend.write("From whom one follows")
    reposted = await author.write("Passed on")
    liked_by_friend = await author.write("Liked by a friend")
    shared = await stranger.write(f"Both like this #{tag}")
    tagged = await stranger.write(f"Another #{tag}")
    taste = await stranger.write("The twin likes this")
    await friend.do("RepostPost", postId=reposted)
    await friend.do("LikePost", postId=liked_by_friend)
    for who, post in ((reader, shared), (twin, shared), (twin, taste)):
        await who.do("LikePost", postId=post)
    found = await anew(reader)
    assert (found[by_friend], found[reposted], found[liked_by_friend]) == ("FOLLOWED", "FRIENDS", "FRIENDS")
    assert (found[tagged], found[taste]) == ("HASHTAG", "TASTE")
    edges = {edge["node"]["id"]: edge["reason"] for edge in await whole_list(reader)}
    assert edges[reposted]["user"]["id"] == friend.id
    assert edges[liked_by_friend]["user"] is None, "who liked is not told here"
    assert edges[tagged]["hashtag"]["name"] == tag.lower()
    await reader.do(mutation("muteUser"), userId=friend.id)
    assert not {reposted, liked_by_friend, by_friend} & (await anew(reader)).keys(), "who is muted says nothing"
    own = await reader.write("Mine")
    assert own not in await anew(reader)


async def test_pages_stay_and_are_full_whatever_comes_and_goes(town: Town) -> None:
    reader, ada, bob = [await town.person(name) for name in ("reader", "ada", "bob")]
    await reader.follow(ada, bob)
    posts = [await who.write(f"{n}") for n in range(5) for who in (ada, bob)]
    first = await picked(reader, first=3)
    whole = [edge["node"]["id"] for edge in first["edges"]]
    rest = {*posts} - {*whole}
    late = await ada.write("Too late")
    gone = sorted(rest)[0]
    writer = ada if gone in posts[::2] else bob
    await writer.do("DeletePost", postId=gone)
    page = first
    while page["pageInfo"]["hasNextPage"]:
        page = await picked(reader, first=3, after=page["pageInfo"]["endCursor"])
        assert len(page["edges"]) == 3 or not page["pageInfo"]["hasNextPage"], "a hole is filled"
        whole += [edge["node"]["id"] for edge in page["edges"]]
    assert len(whole) == len(set(whole))
    assert rest - {gone} <= set(whole)
    assert late not in whole
    back = await picked(reader, last=2, before=page["pageInfo"]["startCursor"])
    end = whole.index(page["edges"][0]["node"]["id"])
    assert [edge["node"]["id"] for edge in back["edges"]] == whole[end - 2 : end]
    for bad in ("k1", "r", "r1.", "r.1", "r1.1", "x" * 99, first["edges"][0]["cursor"] + "é"):
        with pytest.raises(Refused, match="BAD_USER_INPUT"):
            await picked(reader, after=bad)
    with pytest.raises(Refused, match="BAD_USER_INPUT"):
        await picked(ada, after=first["edges"][0]["cursor"])


async def test_what_is_hidden_by_then_is_not_shown(town: Town) -> None:
    reader, ada, bob, cyd = [await town.person(name) for name in ("reader", "ada", "bob", "cyd")]
    await reader.follow(ada, bob, cyd)
    theirs = {who.handle: await who.write("Hello") for who in (ada, bob, cyd)}
    quiet = await ada.write("For followers", visibility="FOLLOWERS")
    before = await anew(reader)
    assert {*theirs.values(), quiet} <= before.keys()
    cursor = (await picked(reader, first=1))["pageInfo"]["startCursor"]
    listed = node_id.number_of("user", reader.id)
    await bob.do("BlockUser", userId=reader.id)
    await reader.do(mutation("muteUser"), userId=cyd.id)
    await reader.do("UnfollowUser", userId=ada.id)
    assert cursor
    list_id = await fetch_value("SELECT max(id) FROM ranked_lists WHERE viewer_id = $1", listed)
    now = await ranked_list.page(listed or 0, list_id, 0, 2**31 - 1, 100)
    shown = {node_id.encode("post", one.pick.post_id) for one in now}
    assert not shown & {theirs[bob.handle], theirs[cyd.handle], quiet}
    assert theirs[ada.handle] in shown, "it is public"
    private = await cyd.write("Cannot be known", visibility="MENTIONED")
    assert private not in await anew(reader)


async def test_less_and_more_can_be_said_and_taken_back(town: Town) -> None:
    reader, ada, bob = [await town.person(name) for name in ("reader", "ada", "bob")]
    await reader.follow(ada, bob)
    posts = [await who.write("Hello") for who in (ada, bob)]
    tag = new_tag("Dull")
    tagged = await bob.write(f"#{tag}")
    assert {*posts, tagged} <= (await anew(reader)).keys()
    given = [
        await reader.do(mutation("giveOpinion"), wish="LESS", **about)
        for about in ({"userId": ada.id}, {"hashtag": f"#{tag}"}, {"postId": posts[1]})
    ]
    page = {edge["node"]["id"] for edge in await whole_list(reader)}
    assert not page & {*posts, tagged}, "at once, in the list that is being read"
    listed = (
        "{ viewer { opinions(first: 10) { edges { node { id wish post { id } user { id } hashtag { name } } } } } }"
    )
    rows = [edge["node"] for edge in (await reader.ask(listed))["viewer"]["opinions"]["edges"]]
    assert [(row["post"] or row["user"] or row["hashtag"]) for row in rows] == [
        {"id": posts[1]}, {"name": tag.lower()}, {"id": ada.id},
    ]  # fmt: skip
    assert (await ada.ask(listed))["viewer"]["opinions"]["edges"] == []
    for one in given:
        number = one["opinion"]["id"]
        assert await ada.refusal(mutation("withdrawOpinion"), opinionId=number) == ("NOT_FOUND", ["opinionId"])
        assert (await reader.do(mutation("withdrawOpinion"), opinionId=number))["withdrawnOpinionId"] == number
    assert {*posts, tagged} <= (await anew(reader)).keys()
    for bad, path in (
        ({}, "postId"),
        ({"postId": posts[0], "userId": ada.id}, "postId"),
        ({"userId": reader.id}, "userId"),
        ({"hashtag": "two words"}, "hashtag"),
    ):
        assert await reader.refusal(mutation("giveOpinion"), wish="MORE", **bad) == ("BAD_USER_INPUT", [path])
    hidden = await ada.write("Not for you", visibility="MENTIONED")
    assert await reader.refusal(mutation("giveOpinion"), wish="MORE", postId=hidden) == ("NOT_FOUND", ["postId"])


async def test_it_can_be_turned_off_and_keeps_nothing_then(town: Town) -> None:
    reader, ada = await town.person("reader"), await town.person("ada")
    await reader.follow(ada)
    await ada.write("Hello")
    assert (await picked(reader))["edges"]
    number = node_id.number_of("user", reader.id)
    await reader.do(mutation("updateViewing"), forYou="OFF")
    assert (await reader.ask(PICKED))["viewer"]["forYouTimeline"] is None
    for table in ("ranked_lists", "seen_posts"):
        assert await fetch_value(f"SELECT count(*) FROM {table} WHERE viewer_id = $1", number) == 0
    settled = "{ viewer { viewing { forYou aiPictures } } }"
    assert (await reader.ask(settled))["viewer"]["viewing"] == {"forYou": "OFF", "aiPictures": "SHOW"}
    await reader.do(mutation("updateViewing"), forYou="FIRST")
    assert (await picked(reader))["edges"]


async def test_lists_and_marks_end(town: Town) -> None:
    reader, ada = await town.person("reader"), await town.person("ada")
    await reader.follow(ada)
    await ada.write("Hello")
    number = node_id.number_of("user", reader.id) or 0
    for _ in range(ranked_list.MOST_LISTS + 3):
        await ranked_list.keep(number, 0, [Pick(1, "FRESH")])
    assert await fetch_value("SELECT count(*) FROM ranked_lists WHERE viewer_id = $1", number) == ranked_list.MOST_LISTS
    await fetch("DELETE FROM ranked_lists WHERE viewer_id = $1", number)
    cursor = (await picked(reader, first=1))["pageInfo"]["endCursor"]
    assert (await picked(reader, after=cursor)) is not None
    await fetch("UPDATE ranked_lists SET created_at = now() - interval '2 days' WHERE viewer_id = $1", number)
    while await ranked_list.sweep():
        pass
    with pytest.raises(Refused, match="begin a new one"):
        await picked(reader, after=cursor)
