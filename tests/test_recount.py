"""Counting anew: drift that was made on purpose is found, said and mended; without it there is none."""

from __future__ import annotations

import asyncio
import random

import pytest

from models import node_id, quote, recount, standing
from models.counter import POLLS, POSTS, USERS
from models.database import fetch, fetch_one
from models.recount import Drift
from models.transaction import transaction
from tests.people import Person, Town
from tests.selection import BOOKMARK, UNBOOKMARK, mutation
from tests.test_poll import VOTE, ask, poll_of

AT_ONCE = 200


async def busy(town: Town) -> tuple[Person, Person, int]:
    """Two people and a post of the first, with something of everything that is counted."""
    ada, bob = await town.person("ada"), await town.person("bob")
    await bob.follow(ada)
    post = await ada.write("Count me")
    await bob.do("LikePost", postId=post)
    await bob.do("RepostPost", postId=post)
    await bob.write("One", replyToId=post)
    await bob.write("For her alone", replyToId=post, visibility="MENTIONED")
    await bob.do("DeletePost", postId=await bob.write("Gone", replyToId=post))
    await bob.write("Two", quotedPostId=post)
    return ada, bob, node_id.number_of("post", post) or 0


async def test_without_drift_there_is_none(town: Town) -> None:
    ada, bob, post = await busy(town)
    people = [node_id.number_of("user", one.id) or 0 for one in (ada, bob)]
    assert await recount.recount(POSTS, [post]) == []
    assert await recount.recount(USERS, people) == []


async def test_whoever_is_gone_or_private_makes_no_drift(town: Town) -> None:
    ada, bob, post = await busy(town)
    people = [node_id.number_of("user", one.id) or 0 for one in (ada, bob)]
    for turn in (standing.suspend, standing.restore, standing.deactivate, standing.reactivate):
        async with transaction():
            await turn(people[1])
        assert await recount.recount(POSTS, [post]) == []
        assert await recount.recount(USERS, people) == []
    for private in (True, False):
        async with transaction():
            await standing.set_private(people[1], private)
        assert await recount.recount(POSTS, [post]) == []


async def test_quotes_that_are_detached_make_no_drift(town: Town) -> None:
    ada, bob, post = await busy(town)
    people = [node_id.number_of("user", one.id) or 0 for one in (ada, bob)]
    (row,) = await fetch("SELECT id FROM posts WHERE quoted_post_id = $1", post)
    for private in (True, False):
        for turn in (quote.detach, quote.reattach):
            async with transaction():
                await turn(people[0], row["id"])
            assert await recount.recount(POSTS, [post]) == []
            for stand in (standing.suspend, standing.restore):
                async with transaction():
                    await stand(people[1])
                assert await recount.recount(POSTS, [post]) == []
        await ada.follow(bob)  # to see the quote once its author is private
        async with transaction():
            await standing.set_private(people[1], private)
        assert await recount.recount(POSTS, [post]) == []


async def test_drift_is_found_and_mended_and_told(town: Town) -> None:
    ada, _, post = await busy(town)
    number = node_id.number_of("user", ada.id) or 0
    await fetch("UPDATE post_counts SET likes = likes + 5, replies = replies - 1 WHERE subject_id = $1", post)
    await fetch("UPDATE user_counts SET followers = followers - 3 WHERE subject_id = $1", number)
    wanted = [Drift("post", post, "likes", 6, 1), Drift("post", post, "replies", 0, 1)]
    assert await recount.recount(POSTS, [post]) == wanted, "said"
    assert await recount.recount(POSTS, [post]) == wanted, "and left"
    async with ada.live("PostsLive", ids=[node_id.encode("post", post)]) as feed:
        assert await recount.recount(POSTS, [post], mend=True) == wanted
        assert (await feed.next())["post"]["likeCount"] == 1
    assert await recount.recount(USERS, [number], mend=True) == [Drift("user", number, "followers", -2, 1)]
    assert await recount.recount(POSTS, [post]) == []
    assert await recount.recount(USERS, [number]) == []
    assert str(wanted[0]) == f"post {post}: likes is 6 and should be 1"


async def test_sizes_of_lists_and_boards_are_counted_too(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    people = (await ada.do(mutation("createList"), name="x"))["list"]["id"]
    await ada.do(mutation("addToList"), userListId=people, userId=bob.id)
    number = node_id.number_of("list", people) or 0
    assert await recount.recount_sizes("lists", [number]) == []
    await fetch("UPDATE lists SET size = 9 WHERE id = $1", number)
    assert await recount.recount_sizes("lists", [number], mend=True) == [Drift("lists", number, "size", 9, 1)]
    assert await recount.recount_sizes("lists", [number]) == []
    assert await recount.recount_sizes("boards", [0]) == []


async def test_the_command_goes_through_everything(
    town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, post = await busy(town)

    async def nothing(*_: object) -> None:
        """The test's own connections serve."""

    monkeypatch.setattr(recount, "open_database", nothing)
    monkeypatch.setattr(recount, "close_database", nothing)
    monkeypatch.setattr(recount, "SUBJECTS_AT_ONCE", 40)
    await fetch("UPDATE post_counts SET reposts = reposts + 7 WHERE subject_id = $1", post)
    assert await recount.main([]) == 1
    assert f"post {post}: reposts is 8 and should be 1" in capsys.readouterr().out
    assert await recount.main(["--mend"]) == 0
    assert "mended" in capsys.readouterr().out
    assert not any(one.subject_id == post for one in await recount.recount_all())


async def test_two_hundred_toggles_at_once_are_exact_and_drift_by_nothing(town: Town) -> None:
    """Likes, reposts and bookmarks by ten people: what is shown is what there is, never negative, and recounting finds nothing."""
    author = await town.person("ada")
    people = [await town.person("fan") for _ in range(10)]
    post = await author.write("Toggle me")
    number = node_id.number_of("post", post) or 0
    draw = random.Random(3)
    verbs = [*map(mutation, ("likePost", "unlikePost", "repostPost", "unrepostPost")), BOOKMARK, UNBOOKMARK]
    payloads = await asyncio.gather(
        *(people[n % 10].do(draw.choice(verbs), postId=post) for n in range(AT_ONCE)),
        *(recount.recount(POSTS, [number], mend=True) for _ in range(5)),
    )
    assert [one for one in payloads if isinstance(one, list) and one] == [], "no drift at any moment"
    seen = [one["post"] for one in payloads if isinstance(one, dict)]
    assert all(0 <= one["likeCount"] <= 10 and 0 <= one["repostCount"] <= 10 for one in seen)
    row = await fetch_one(f"SELECT counts.* FROM {POSTS.shown('$1')} AS counts", number)
    rows = await fetch(
        "SELECT (SELECT count(*) FROM likes WHERE post_id = $1) AS likes, (SELECT count(*) FROM reposts WHERE post_id = $1) AS reposts,"
        " (SELECT count(*) - count(DISTINCT user_id) FROM bookmarks WHERE post_id = $1) AS twice",
        number,
    )
    assert row is not None
    assert (row["likes"], row["reposts"], 0) == tuple(rows[0])


async def test_who_is_suspended_while_they_toggle_leaves_no_drift(town: Town) -> None:
    """Likes, reposts, answers, quotes and votes of people who come and go at once: nothing counts twice, or is left."""
    ada = await town.person("ada")
    fans = [await town.person("fan") for _ in range(4)]
    post, poll = await ask(ada)
    ids = [node_id.number_of("user", fan.id) or 0 for fan in fans]
    draw = random.Random(5)
    verbs = [mutation(name) for name in ("likePost", "unlikePost", "repostPost", "unrepostPost")]

    async def toggle(fan: Person) -> None:
        for _ in range(12):
            await fan.attempt(draw.choice(verbs), postId=post)
        await fan.attempt(VOTE, pollId=poll, choices=[draw.randrange(3)])
        for given in ({"replyToId": post}, {"quotedPostId": post}):
            await fan.attempt("CreatePost", text="x", **given)

    async def turn(user_id: int) -> None:
        for step in range(6):
            async with transaction():
                await (standing.suspend if step % 2 == 0 else standing.restore)(user_id)

    await asyncio.gather(*map(toggle, fans), *map(turn, ids))
    asked = (await poll_of(ada, post))["id"]
    assert await recount.recount(POSTS, [node_id.number_of("post", post) or 0]) == []
    assert await recount.recount(POLLS, [node_id.number_of("poll", asked) or 0]) == []
    async with transaction():
        await standing.suspend(ids[0])
    assert await recount.recount(POSTS, [node_id.number_of("post", post) or 0]) == []
