"""Custom feeds: what rules show whom, why each post is there, and who may have, read, copy and pin them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from discovery.signal import Signal
from models import custom_feed, node_id, standing
from models.database import fetch
from models.feed_rules import FeedSignal
from models.transaction import transaction
from tests.feeds import COPY, CREATE, DELETE, EVERYBODY, PIN, PREVIEW, UNPIN, UPDATE, looked_at, made, posts
from tests.making import Brush
from tests.people import Person, Town
from tests.selection import mutation
from tests.test_search import new_word
from tests.test_trend import new_tag
from tests.test_wish import picture

BLOCK, MUTE = mutation("blockUser"), mutation("muteUser")
THEIRS = "query($handle: String!) { user(handle: $handle) { feeds { edges { node { id } } } } }"
MINE = "query($first: Int) { viewer { feeds(first: $first) { edges { node { id name } } } pinnedFeeds { id } } }"
EVERYONE, FOLLOWED = {"circle": "EVERYONE"}, {"circle": "FOLLOWED"}


async def cast(town: Town, *names: str) -> list[Person]:
    return [await town.person(name) for name in names]


async def test_a_feed_is_made_changed_copied_and_deleted(town: Town) -> None:
    ada, bob = await cast(town, "ada", "bob")
    filters = {"pictures": "ONLY", "languages": ["fr", "fr"], "withoutWords": [" Spoiler "], "withoutPeople": [bob.id]}
    weights = [{"signal": "REMIXES", "weight": 2.5}, {"signal": "LIKES", "weight": 0}]
    feed = await made(
        ada, {"hashtag": "#Foxes"}, {"people": [bob.id, bob.id]}, {"hashtag": "foxes"}, filters=filters, order="RANKED",
        weights=weights, halfLifeHours=48,
    )  # fmt: skip
    seen = await looked_at(ada, feed)
    assert seen is not None
    rules = seen["rules"]
    assert (seen["name"], seen["isPrivate"], seen["viewerIsOwner"], seen["owner"]["handle"]) == (
        "Mine",
        False,
        True,
        ada.handle,
    )
    assert [source["kind"] for source in rules["sources"]] == ["HASHTAG", "PEOPLE"], "each thing once"
    assert (rules["sources"][0]["hashtag"], rules["sources"][1]["people"]) == ({"name": "foxes"}, [{"id": bob.id}])
    assert (rules["order"], rules["halfLifeHours"], rules["weights"]) == ("RANKED", 48, weights)
    assert rules["filters"]["withoutPeople"] == [{"id": bob.id}]
    assert (rules["filters"]["languages"], rules["filters"]["withoutWords"], rules["filters"]["replies"]) == (
        ["fr"],
        ["Spoiler"],
        "NONE",
    )
    assert seen["explanation"] == (
        f"Posts with #foxes and by @{bob.handle}, the best first. Only with pictures; no replies to others; in fr; without “Spoiler”;"
        " nothing by 1 person. Remixes count 2.5 times and likes count nothing; a post counts half after 2 days."
    )
    theirs = await looked_at(bob, feed)
    assert theirs is not None
    assert (theirs["viewerIsOwner"], theirs["rules"]["filters"]["withoutPeople"]) == (False, []), (
        "whom one leaves out is one's own"
    )
    copy = (await bob.do(COPY, feedId=feed))["feed"]["id"]
    assert await looked_at(ada, copy) is None, "a copy is private"
    await ada.do(UPDATE, feedId=feed, name="Other", isPrivate=True, rules=EVERYBODY)
    changed = await looked_at(ada, feed)
    assert changed is not None
    assert (changed["name"], changed["rules"]["sources"][0]["kind"], changed["rules"]["order"]) == (
        "Other",
        "EVERYONE",
        "NEWEST",
    )
    assert changed["explanation"] == "Posts from everybody, the newest first. No replies to others."
    mine = await looked_at(bob, copy)
    assert mine is not None
    assert mine["rules"]["filters"]["withoutPeople"] == [], "nor is it told by a copy"
    assert mine["rules"]["order"] == "RANKED", "the copy stays as it was"
    assert (await ada.do(DELETE, feedId=feed))["deletedFeedId"] == feed
    assert await looked_at(ada, feed) is None


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ({"sources": []}, "sources"),
        ({"sources": [EVERYONE] * 9}, "sources"),
        ({"sources": [EVERYONE, {"hashtag": "a b"}]}, "sources.1.hashtag"),
        ({"sources": [{"search": "has:wings"}]}, "sources.0.search"),
        ({"sources": [{"search": "  "}]}, "sources.0.search"),
        ({"sources": [{"people": []}]}, "sources.0.people"),
        ({"sources": [EVERYONE], "filters": {"languages": ["en", "xx"]}}, "filters.languages.1"),
        ({"sources": [EVERYONE], "filters": {"minLikes": 0}}, "filters.minLikes"),
        ({"sources": [EVERYONE], "filters": {"maxAgeHours": 9_000}}, "filters.maxAgeHours"),
        ({"sources": [EVERYONE], "filters": {"withoutWords": ["x" * 51]}}, "filters.withoutWords.0"),
        ({"sources": [EVERYONE], "weights": [{"signal": "LIKES", "weight": 10.5}]}, "weights.0.weight"),
        ({"sources": [EVERYONE], "weights": [{"signal": "LIKES", "weight": 1}] * 2}, "weights.1.signal"),
        ({"sources": [EVERYONE], "halfLifeHours": 0}, "halfLifeHours"),
    ],
)
async def test_what_is_wrong_with_rules_is_told_with_its_place(town: Town, rules: dict[str, Any], path: str) -> None:
    ada = await town.person("ada")
    assert await ada.refusal(CREATE, name="x", rules=rules) == ("BAD_USER_INPUT", ["rules", *path.split(".")])
    problem = (await ada.ask(PREVIEW, rules=rules))["viewer"]["feedPreview"]["problem"]
    assert problem["path"] == ["rules", *path.split(".")]


async def test_what_rules_name_must_be_there_for_their_owner(town: Town) -> None:
    ada, eve = await cast(town, "ada", "eve")
    people = (await ada.do(mutation("createList"), name="x"))["list"]["id"]
    board = (await ada.do(mutation("createBoard"), name="x"))["board"]["id"]
    post = await ada.write("Mine", visibility="MENTIONED")
    await ada.do(BLOCK, userId=eve.id)
    for source, field in (
        ({"userListId": people}, "userListId"), ({"boardId": board}, "boardId"), ({"remixesOfPostId": post}, "remixesOfPostId"), ({"people": [ada.id]}, "people"),
        ({"userListId": node_id.encode("list", 5)}, "userListId"),
    ):  # fmt: skip
        refusal = await eve.refusal(CREATE, name="x", rules={"sources": [EVERYONE, source]})
        assert refusal == ("NOT_FOUND", ["rules", "sources", "1", field])
    await made(ada, {"userListId": people}, {"boardId": board}, {"remixesOfPostId": post})


async def test_feeds_and_tabs_are_bounded(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom_feed, "MOST_FEEDS", 3)
    monkeypatch.setattr(custom_feed, "MOST_PINNED", 2)
    ada = await town.person("ada")
    outcomes = await asyncio.gather(*(ada.attempt(CREATE, name=str(n), rules=EVERYBODY) for n in range(5)))
    assert sorted(len(one["userErrors"]) for one in outcomes) == [0, 0, 0, 1, 1]
    ids = [one["feed"]["id"] for one in outcomes if one["feed"]]
    pinned = await asyncio.gather(*(ada.attempt(PIN, feedId=feed) for feed in ids))
    assert sorted(error["code"] for one in pinned for error in one["userErrors"]) == ["QUOTA_EXCEEDED"]
    assert len((await ada.ask(MINE))["viewer"]["pinnedFeeds"]) == 2
    assert (await ada.refusal(CREATE, name="x", rules=EVERYBODY))[0] == "QUOTA_EXCEEDED"
    assert (await ada.refusal(UPDATE, feedId=ids[0], name="x" * 51)) == ("BAD_USER_INPUT", ["name"])


async def test_a_private_feed_is_its_owner_s_alone(town: Town) -> None:
    ada, eve = await cast(town, "ada", "eve")
    feed = await made(ada, EVERYONE, public=False)
    for other in (eve, town):
        assert await looked_at(other, feed) is None
        assert (await other.ask(THEIRS, handle=ada.handle))["user"]["feeds"]["edges"] == []
    for deed in (PIN, COPY, UPDATE, DELETE):
        assert await eve.refusal(deed, feedId=feed) == ("NOT_FOUND", ["feedId"])
    await ada.do(UPDATE, feedId=feed, isPrivate=False)
    await eve.do(PIN, feedId=feed)
    assert (await eve.do(PIN, feedId=feed))["feed"]["viewerHasPinned"], "twice is the same as once"
    assert (await eve.ask(MINE))["viewer"]["pinnedFeeds"] == [{"id": feed}]
    assert len((await town.ask(THEIRS, handle=ada.handle))["user"]["feeds"]["edges"]) == 1
    assert await eve.refusal(UPDATE, feedId=feed, name="x") == ("NOT_FOUND", ["feedId"])
    await ada.do(BLOCK, userId=eve.id)
    assert await looked_at(eve, feed) is None
    assert (await eve.ask(MINE))["viewer"]["pinnedFeeds"] == []
    assert (await eve.do(UNPIN, feedId=feed))["feed"] is None, "what is not there can be taken away"
    async with transaction():
        await standing.suspend(node_id.number_of("user", ada.id) or 0)
    assert await looked_at(town, feed) is None


async def test_each_source_brings_what_it_says_and_says_so(town: Town) -> None:
    ada, bob, cleo, dan = await cast(town, "ada", "bob", "cleo", "dan")
    brush = await Brush.new()
    tag, word = new_tag("Feed"), new_word()
    await ada.follow(bob)
    people = (await ada.do(mutation("createList"), name="Friends", isPrivate=False))["list"]["id"]
    await ada.do(mutation("addToList"), userListId=people, userId=cleo.id)
    board = (await ada.do(mutation("createBoard"), name="Kept", audience="PUBLIC"))["board"]["id"]
    root = await dan.write("Remix me", images=[{"imageId": await picture(dan)}], remixPolicy="EVERYONE")
    followed, listed = await bob.write("followed"), await cleo.write("listed")
    tagged, said, kept = await dan.write(f"#{tag}"), await dan.write(f"say {word}"), await dan.write("kept")
    remix = await dan.write("remixed", images=[{"imageId": await brush.paint(dan, "x")}])
    await fetch(
        "INSERT INTO remix_posts (source_post_id, post_id, counted) VALUES ($1, $2, true)",
        *(node_id.number_of("post", one) for one in (root, remix)),
    )
    await ada.do(mutation("addToBoard"), boardId=board, postId=kept)
    feed = await made(
        ada, FOLLOWED, {"userListId": people}, {"hashtag": tag}, {"search": word}, {"boardId": board}, {"remixesOfPostId": root},
        {"people": [bob.id]},
    )  # fmt: skip
    seen = await looked_at(ada, feed)
    assert seen is not None
    why = {
        edge["node"]["id"]: (edge["reason"]["kind"], edge["reason"]["sourceIndex"])
        for edge in seen["timeline"]["edges"]
    }
    assert why == {
        followed: ("FOLLOWED", 0), listed: ("LIST", 1), tagged: ("HASHTAG", 2), said: ("SEARCH", 3), kept: ("BOARD", 4), remix: ("REMIXES", 5),
    }  # fmt: skip
    assert list(why) == sorted(why, key=lambda gid: -(node_id.number_of("post", gid) or 0)), "newest first"
    stranger = await town.person("eve")
    theirs = await looked_at(stranger, feed)
    assert theirs is not None
    told = {edge["node"]["id"]: edge["reason"]["kind"] for edge in theirs["timeline"]["edges"]}
    assert told == {**{gid: kind for gid, (kind, _) in why.items()}, followed: "PEOPLE"}, (
        "followed are the reader's own"
    )
    assert set(await posts(town, feed)) == set(why)
    await ada.do(mutation("updateList"), userListId=people, isPrivate=True)
    await ada.do(mutation("updateBoard"), boardId=board, audience="PRIVATE")
    assert set(await posts(stranger, feed)) == set(why) - {listed, kept}, (
        "what is not there for the reader brings nothing"
    )
    theirs = await looked_at(stranger, feed)
    assert theirs is not None
    assert [source["list"] or source["board"] for source in theirs["rules"]["sources"]] == [None] * 7
    assert "Friends" not in theirs["explanation"]
    assert "Kept" not in theirs["explanation"]
    copy = (await stranger.do(COPY, feedId=feed))["feed"]["id"]
    copied = await looked_at(stranger, copy)
    assert copied is not None
    assert [source["kind"] for source in copied["rules"]["sources"]] == [
        "FOLLOWED",
        "HASHTAG",
        "SEARCH",
        "REMIXES",
        "PEOPLE",
    ]
    await ada.do(MUTE, userId=cleo.id)
    assert listed not in await posts(ada, feed), "what the reader does not want to read"
    await ada.do(BLOCK, userId=bob.id)
    assert followed not in await posts(stranger, feed), "nobody is named across a block"
    assert tagged in await posts(stranger, feed)


async def test_filters_leave_out_what_they_say(town: Town) -> None:
    ada, bob = await cast(town, "ada", "bob")
    brush = await Brush.new()
    tag = new_tag("Filter")
    hers = {"people": [ada.id]}
    plain = await ada.write(f"plain English words in here #{tag}")
    shown = await ada.write("with a picture", images=[{"imageId": await picture(ada)}])
    painted = await ada.write("painted", images=[{"imageId": await brush.paint(ada, "x")}])
    thread = await ada.write("going on", replyToId=plain)
    answer = await ada.write("an answer", replyToId=await bob.write("Ask"))
    french = await ada.write("Le chat est dans la forêt avec les chevaux et une spoiler")
    veiled = await ada.write("veiled", isSensitive=True)
    await bob.do("LikePost", postId=shown)
    every = {plain, shown, painted, thread, french, veiled}
    for filters, wanted in (
        ({}, every),
        ({"replies": "ALL"}, every | {answer}),
        ({"replies": "ONLY"}, {thread, answer}),
        ({"pictures": "ONLY"}, {shown, painted}),
        ({"pictures": "NONE"}, every - {shown, painted}),
        ({"ai": "ONLY"}, {painted}),
        ({"ai": "NONE"}, every - {painted}),
        ({"sensitive": "NONE"}, every - {veiled}),
        ({"languages": ["fr", "de"]}, {french}),
        ({"models": [brush.name[:-1]]}, {painted}),
        ({"minLikes": 1}, {shown}),
        ({"withoutWords": ["SPOILER", "with a"]}, every - {french, shown}),
        ({"withoutHashtags": [tag]}, every - {plain}),
        ({"withoutPeople": [ada.id]}, set()),
        ({"maxAgeHours": 1}, every),
    ):
        feed = await made(ada, hers, filters=filters)
        assert set(await posts(bob, feed)) == wanted, filters


async def test_pages_are_full_go_both_ways_and_are_previewed(town: Town) -> None:
    ada, bob, eve = await cast(town, "ada", "bob", "eve")
    feed = await made(eve, {"people": [ada.id]}, {"people": [bob.id]})
    written = [
        await (ada, bob)[n % 2].write(str(n), visibility="FOLLOWERS" if n % 5 == 4 else "PUBLIC") for n in range(15)
    ]
    shown = [post for n, post in enumerate(written) if n % 5 != 4][::-1]
    found: list[str] = []
    after = None
    for _ in range(6):
        seen = await looked_at(town, feed, first=5, after=after)
        assert seen is not None
        page = seen["timeline"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        assert len(page["edges"]) == 5
    assert found == shown
    seen = await looked_at(town, feed, last=5)
    assert seen is not None
    assert [edge["node"]["id"] for edge in seen["timeline"]["edges"]] == shown[-5:]
    seen = await looked_at(town, feed, last=4, before=seen["timeline"]["pageInfo"]["startCursor"])
    assert seen is not None
    assert [edge["node"]["id"] for edge in seen["timeline"]["edges"]] == shown[-9:-5]
    rules = {"sources": [{"people": [ada.id, bob.id]}]}
    preview = (await eve.ask(PREVIEW, rules=rules))["viewer"]["feedPreview"]
    assert [edge["node"]["id"] for edge in preview["edges"]] == shown
    assert preview["problem"] is None
    assert preview["explanation"].startswith(f"Posts by @{ada.handle} and @{bob.handle}")


async def test_a_ranked_feed_stands_by_its_weights_and_says_what_counted(town: Town) -> None:
    ada, bob, eve = await cast(town, "ada", "bob", "eve")
    liked, kept, plain = [await ada.write(text) for text in ("liked", "kept", "plain")]
    await bob.do("LikePost", postId=liked)
    await bob.do(mutation("bookmarkPost"), postId=kept)
    rules: dict[str, Any] = {"order": "RANKED", "halfLifeHours": 720}
    likes = await made(
        eve,
        {"people": [ada.id]},
        **rules,
        weights=[{"signal": "LIKES", "weight": 10}, {"signal": "SAVES", "weight": 0}],
    )
    saves = await made(
        eve,
        {"people": [ada.id]},
        **rules,
        weights=[{"signal": "LIKES", "weight": 0}, {"signal": "SAVES", "weight": 10}],
    )
    seen = await looked_at(bob, saves)
    assert seen is not None
    first = seen["timeline"]["edges"][0]
    assert first["node"]["id"] == kept
    assert (first["reason"]["kind"], first["reason"]["sourceIndex"], first["reason"]["signals"][0]) == (
        "PEOPLE",
        0,
        "SAVES",
    )
    assert set(await posts(bob, likes)) == {liked, kept, plain}
    page = await looked_at(bob, saves, first=1)
    assert page is not None
    rest = await looked_at(bob, saves, first=5, after=page["timeline"]["pageInfo"]["endCursor"])
    assert rest is not None
    assert {edge["node"]["id"] for edge in rest["timeline"]["edges"]} == {liked, plain}, "an order stays"
    assert await posts(town, saves) == [plain, kept, liked], "signed out the newest is first"
    preview = (await bob.ask(PREVIEW, rules={"sources": [{"people": [ada.id]}], **rules}))["viewer"]["feedPreview"]
    assert len(preview["edges"]) == 3


def test_a_feed_weighs_what_the_table_has() -> None:
    assert {signal.value for signal in FeedSignal} == {signal.value for signal in Signal} - {"PRESENCE"}
