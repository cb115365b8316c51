"""Counters: exact whatever happens at once, never negative, and the same before, while and after they are folded."""

from __future__ import annotations

import asyncio
import random

from models import counter, node_id
from models.counter import POSTS, USERS, Family, fold
from models.database import fetch, fetch_one
from models.like import like, unlike
from models.transaction import transaction
from tests.people import Town
from work.counter import fold_counters

AT_ONCE = 200


async def shown(family: Family, subject: int) -> dict[str, int]:
    """What is shown of a subject now."""
    row = await fetch_one(f"SELECT counts.* FROM {family.shown('$1')} AS counts", subject)
    assert row is not None
    return dict(row)


async def test_likes_and_unlikes_at_once_come_out_exact(town: Town) -> None:
    author = await town.person("ada")
    people = [await town.person("fan") for _ in range(10)]
    post = await author.write("Like me")
    number = node_id.number_of("post", post)
    assert number is not None
    verbs = [random.Random(step).choice(["LikePost", "UnlikePost"]) for step in range(AT_ONCE)]
    payloads = await asyncio.gather(*(people[n % 10].do(verb, postId=post) for n, verb in enumerate(verbs)))
    assert all(0 <= payload["post"]["likeCount"] <= 10 for payload in payloads)
    rows = await fetch("SELECT user_id FROM likes WHERE post_id = $1", number)
    assert (await shown(POSTS, number))["likes"] == len(rows)
    for payload in payloads:
        assert 1 <= payload["post"]["version"] <= (await shown(POSTS, number))["version"]


async def test_two_hundred_with_folding_beside_them(town: Town) -> None:
    """The verbs themselves, with the fold running in parallel all the while: shown is exact at every moment."""
    author = await town.person("ada")
    number = node_id.number_of("post", await author.write("Like me"))
    assert number is not None
    rows = await fetch(
        "INSERT INTO users (handle, display_name, bio, location, website, pronouns, joined_at)"
        " SELECT 'c' || fresque_id() || n, '', '', '', '', '', now() FROM generate_series(1, $1) AS n RETURNING id",
        AT_ONCE,
    )
    done = asyncio.Event()
    seen: list[dict[str, int]] = []

    async def flip(who: int) -> None:
        for verb in (like, unlike, like):
            async with transaction():
                await verb(who, number)

    async def folding() -> None:
        while not done.is_set():
            await asyncio.gather(fold(POSTS), fold(POSTS))

    async def watching() -> None:
        while not done.is_set():
            seen.append(await shown(POSTS, number))

    beside = [asyncio.create_task(folding()), asyncio.create_task(watching())]
    await asyncio.gather(*(flip(row["id"]) for row in rows))
    done.set()
    await asyncio.gather(*beside)
    assert await shown(POSTS, number) == {
        "likes": AT_ONCE,
        "reposts": 0,
        "replies": 0,
        "quotes": 0,
        "remixes": 0,
        "views": 0,
        "version": 1 + 3 * AT_ONCE,
    }
    assert all(0 <= one["likes"] <= AT_ONCE for one in seen)
    versions = [one["version"] for one in seen]
    assert versions == sorted(versions), "a version never goes back"


async def test_folding_keeps_sums_and_empties_the_deltas(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await bob.follow(ada)
    post = await ada.write("Hello")
    await bob.do("RepostPost", postId=post)
    await bob.write("Hi", replyToId=post)
    posts, users = node_id.number_of("post", post) or 0, node_id.number_of("user", ada.id) or 0
    before = await shown(POSTS, posts), await shown(USERS, users)
    assert (before[0]["reposts"], before[0]["replies"], before[1]["followers"], before[1]["posts"]) == (1, 1, 1, 1)
    while await fold_counters():
        assert (await shown(POSTS, posts), await shown(USERS, users)) == before
    assert (await shown(POSTS, posts), await shown(USERS, users)) == before
    for family, subject in ((POSTS, posts), (USERS, users)):
        assert not await fetch(f"SELECT 1 FROM {family.name}_count_deltas WHERE subject_id = $1", subject)
        base = await fetch_one(f"SELECT * FROM {family.name}_counts WHERE subject_id = $1", subject)
        assert base is not None
        assert {column: base[column] for column in family.columns} == {
            column: before[family is USERS][column] for column in family.columns
        }


async def test_a_delta_that_is_rolled_back_never_was(town: Town) -> None:
    ada = await town.person("ada")
    number = node_id.number_of("post", await ada.write("Hello")) or 0
    before = await shown(POSTS, number)
    try:
        async with transaction():
            await counter.count_post(number, likes=5)
            raise LookupError
    except LookupError:
        pass
    assert await shown(POSTS, number) == before
