"""Audiences changed afterwards: who sees the post then, what open screens are told, what counts, and old posts in bulk."""

from __future__ import annotations

import asyncio
from typing import Any

from models import account_desk, narrowing, node_id
from models.database import fetch, fetch_value
from tests.people import Person, Town
from tests.test_post import shown

CHANGE = """mutation($input: UpdatePostVisibilityInput!) { updatePostVisibility(input: $input) {
    post { id visibility version repostCount } userErrors { code path } } }"""
NARROW = """mutation($input: NarrowOldPostsInput!) { narrowOldPosts(input: $input) {
    narrowing { total done finishedAt visibility } userErrors { code path } } }"""
PROGRESS = "query { viewer { postNarrowing { total done finishedAt } } }"
CHANGED = """subscription($ids: [ID!]!) { postsChanged(ids: $ids) { __typename cursor
    ... on PostChanged { post { id visibility } } ... on PostRemoved { postId } ... on Reset { reason } } }"""
PAGE = """subscription($id: ID!) { userTimeline(id: $id) { __typename cursor
    ... on PostPublished { edge { node { id } } } ... on PostRemoved { postId } } }"""
TALK = "subscription($id: ID!) { conversation(id: $id) { __typename cursor ... on Reset { reason } } }"


async def change(author: Person, post: str, visibility: str) -> dict[str, Any]:
    """Make a post for others."""
    found: dict[str, Any] = (await author.do(CHANGE, postId=post, visibility=visibility))["post"]
    return found


async def test_a_post_is_for_whom_it_is_said_to_be(town: Town) -> None:
    ada, fan, eve = [await town.person(name) for name in ("ada", "fan", "eve")]
    named = await town.person("named")
    await fan.follow(ada)
    post = await ada.write(f"Hello @{named.handle} #aud{ada.handle}")
    seen = {"PUBLIC": 5, "UNLISTED": 5, "FOLLOWERS": 3, "MENTIONED": 2}
    for visibility in ("UNLISTED", "FOLLOWERS", "MENTIONED", "FOLLOWERS", "PUBLIC", "MENTIONED", "UNLISTED"):
        assert (await change(ada, post, visibility))["visibility"] == visibility
        readers: list[Person | Town] = [ada, named, fan, eve, town]
        assert [await shown(reader, post) is not None for reader in readers] == [
            index < seen[visibility] for index in range(5)
        ]
        tagged = await fetch("SELECT 1 FROM post_hashtags WHERE post_id = $1", node_id.number_of("post", post))
        assert bool(tagged) == (visibility == "PUBLIC")
        posts = (await town.ask("UserPage", handle=ada.handle))["user"]["postCount"]
        assert posts == (visibility in ("PUBLIC", "UNLISTED"))
    events = await fetch_value("SELECT count(*) FROM events")
    await change(ada, post, "UNLISTED")
    assert await fetch_value("SELECT count(*) FROM events") == events
    assert await eve.refusal(CHANGE, postId=post, visibility="PUBLIC") == ("FORBIDDEN", ["postId"])
    nobody = Person(town, "", "", None)
    assert await nobody.refusal(CHANGE, postId=post, visibility="PUBLIC") == ("UNAUTHENTICATED", None)
    await change(ada, post, "MENTIONED")
    assert await eve.refusal(CHANGE, postId=post, visibility="PUBLIC") == ("NOT_FOUND", ["postId"])


async def test_counts_follow_and_reposts_vanish(town: Town) -> None:
    ada, bob, fan = [await town.person(name) for name in ("ada", "bob", "fan")]
    for one in (bob, fan):
        await one.follow(ada)
    post = await ada.write("Root")
    for visibility in ("PUBLIC", "FOLLOWERS", "MENTIONED"):
        await bob.write("Reply", replyToId=post, visibility=visibility)
    quote = await ada.write("Quote", quotedPostId=post, visibility="FOLLOWERS")
    for one in (ada, fan):
        await one.do("RepostPost", postId=post)

    async def numbers() -> tuple[int, int, int]:
        found = await shown(ada, post)
        assert found is not None
        return found["replyCount"], found["quoteCount"], found["repostCount"]

    assert await numbers() == (1, 0, 2)
    assert (await change(ada, post, "FOLLOWERS"))["repostCount"] == 0
    assert await numbers() == (2, 1, 0)
    await change(ada, quote, "MENTIONED")
    assert await numbers() == (2, 0, 0)
    await change(ada, post, "MENTIONED")
    assert await numbers() == (3, 1, 0)
    await change(ada, quote, "PUBLIC")
    await change(ada, post, "PUBLIC")
    assert await numbers() == (1, 1, 0)
    assert not await fetch("SELECT 1 FROM reposts WHERE post_id = $1", node_id.number_of("post", post))
    small = await ada.write("Small", visibility="FOLLOWERS")
    answer = await bob.write("Answer", replyToId=small, visibility="PUBLIC")
    assert await bob.refusal(CHANGE, postId=answer, visibility="PUBLIC") == ("BAD_USER_INPUT", ["visibility"])


async def test_counts_are_exact_when_answers_and_audiences_change_at_once(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await bob.follow(ada)
    post = await ada.write("Root")
    answers = [await bob.write("Reply", replyToId=post) for _ in range(3)]
    await asyncio.gather(
        *(change(ada, post, visibility) for visibility in ("FOLLOWERS", "PUBLIC", "FOLLOWERS")),
        *(bob.attempt(CHANGE, postId=one, visibility="MENTIONED") for one in answers[:2]),
        *(bob.attempt("CreatePost", text="More", replyToId=post, visibility="FOLLOWERS") for _ in range(3)),
        bob.attempt("DeletePost", postId=answers[2]),
    )
    await change(ada, post, "UNLISTED")
    found = await shown(ada, post)
    assert found is not None
    assert found["replyCount"] == await fetch_value(
        "SELECT count(*) FROM posts WHERE reply_to_id = $1 AND deleted_at IS NULL AND visibility IN ('PUBLIC', 'UNLISTED')",
        node_id.number_of("post", post),
    )


async def test_open_screens_follow(town: Town) -> None:
    ada, fan, eve, bob = [await town.person(name) for name in ("ada", "fan", "eve", "bob")]
    await fan.follow(ada)
    await eve.follow(bob)
    post = await ada.write("Hello")
    reply = await ada.write("More", replyToId=post)
    await bob.do("RepostPost", postId=post)
    async with (
        fan.live("HomeLive") as fans_home,
        eve.live("HomeLive") as eves_home,
        town.live("ExploreLive") as explore,
        eve.live(CHANGED, ids=[post]) as eves,
        fan.live(CHANGED, ids=[post]) as fans,
        eve.live(PAGE, id=ada.id) as page,
        eve.live(PAGE, id=bob.id) as reposters_page,
        eve.live(TALK, id=post) as talk,
    ):
        await change(ada, post, "FOLLOWERS")
        assert (await fans.until("PostChanged"))["post"]["visibility"] == "FOLLOWERS"
        for feed in (eves_home, explore, eves, page, reposters_page):
            assert (await feed.until("PostRemoved"))["postId"] == post
        await change(ada, reply, "FOLLOWERS")
        assert (await talk.until("Reset"))["reason"] == "RULES_CHANGED"
        await change(ada, post, "MENTIONED")
        assert (await fans_home.until("PostRemoved"))["postId"] == post
        assert (await fans.until("PostRemoved"))["postId"] == post
        await change(ada, post, "PUBLIC")
        for feed in (fans_home, explore, page):
            assert (await feed.until("PostPublished"))["edge"]["node"]["id"] == post
        assert (await eves.until("PostChanged"))["post"]["visibility"] == "PUBLIC"
        end = await bob.write("The end")
        assert (await eves_home.until("PostPublished"))["edge"]["node"]["id"] == end


async def test_old_posts_are_narrowed_in_bulk_and_go_on_where_they_were(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    old = [await ada.write(f"Old {n}", visibility="UNLISTED" if n % 2 else "PUBLIC") for n in range(23)]
    secret = await ada.write("Secret", visibility="MENTIONED")
    before = (await shown(ada, secret) or {})["createdAt"]
    await fetch(
        "UPDATE posts SET created_at = created_at - interval '1 day' WHERE id = ANY($1::bigint[])",
        [node_id.number_of("post", one) for one in (*old, secret)],
    )
    new = await ada.write("New")
    assert await ada.refusal(NARROW, before=before, visibility="PUBLIC") == ("BAD_USER_INPUT", ["visibility"])
    nobody = Person(town, "", "", None)
    assert await nobody.refusal(NARROW, before=before, visibility="FOLLOWERS") == ("UNAUTHENTICATED", None)
    asked = (await ada.do(NARROW, before=before, visibility="FOLLOWERS"))["narrowing"]
    assert asked == {"total": 23, "done": 0, "finishedAt": None, "visibility": "FOLLOWERS"}
    assert await ada.refusal(NARROW, before=before, visibility="FOLLOWERS") == ("CONFLICT", None)
    await asyncio.gather(*(narrowing.work() for _ in range(3)))
    progress = (await ada.ask(PROGRESS))["viewer"]["postNarrowing"]
    assert progress["done"] >= narrowing.POSTS_AT_ONCE
    while await narrowing.work():
        pass
    progress = (await ada.ask(PROGRESS))["viewer"]["postNarrowing"]
    assert (progress["total"], progress["done"], progress["finishedAt"] is not None) == (23, 23, True)
    assert [await shown(eve, one) for one in (*old, secret)] == [None] * 24
    assert await shown(eve, new) is not None
    kinds = "SELECT visibility, count(*) FROM posts WHERE author_id = $1 GROUP BY 1 ORDER BY 1"
    found = [tuple(row) for row in await fetch(kinds, node_id.number_of("user", ada.id))]
    assert found == [("FOLLOWERS", 23), ("MENTIONED", 1), ("PUBLIC", 1)]
    assert (await eve.ask("query { viewer { postNarrowing { total } } }"))["viewer"]["postNarrowing"] is None


async def test_a_reply_under_what_was_narrowed_is_narrowed_too_and_keeps_nothing_back(town: Town) -> None:
    """A reply that is for more people than what it answers by now, since that was narrowed first, may become for fewer."""
    ada = await town.person("ada")
    root = await ada.write("Root")
    replies = [await ada.write("More", replyToId=root) for _ in range(2)]
    await change(ada, root, "FOLLOWERS")
    assert (await change(ada, replies[0], "UNLISTED"))["visibility"] == "UNLISTED"
    assert await ada.refusal(CHANGE, postId=replies[0], visibility="PUBLIC") == ("BAD_USER_INPUT", ["visibility"])
    await fetch(
        "UPDATE posts SET created_at = created_at - interval '1 day' WHERE id = $1",
        node_id.number_of("post", replies[1]),
    )
    before = (await shown(ada, root) or {})["createdAt"]
    await ada.do(NARROW, before=before, visibility="UNLISTED")
    while await narrowing.work():
        pass
    assert (await ada.ask(PROGRESS))["viewer"]["postNarrowing"]["finishedAt"] is not None
    assert (await shown(ada, replies[1]) or {})["visibility"] == "UNLISTED"


async def test_a_repost_of_somebody_suspended_is_taken_out_once(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post = await ada.write("Hello")
    await bob.do("RepostPost", postId=post)
    assert await account_desk.run(["suspend", f"@{bob.handle}"]) == 0
    assert (await change(ada, post, "FOLLOWERS"))["repostCount"] == 0
    assert await account_desk.run(["restore", f"@{bob.handle}"]) == 0
    assert (await change(ada, post, "PUBLIC"))["repostCount"] == 0
