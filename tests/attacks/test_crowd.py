"""Many at once: nobody gets what is another's, whoever leaves when; and channels are the server's own."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Any

import httpx
from redis.asyncio import Redis

from models.database import fetch_value
from tests.conftest import Serving
from tests.people import Town

ASKED = """{ viewer { user { handle bio } homeTimeline(first: 3) { edges { node { text } } } sessions(first: 2) { edges { node { id } } } } }"""
PEOPLE = 8
QUESTIONS = 240


async def test_a_storm_of_callers_who_leave_gives_nobody_what_is_another_s(running: Serving, town: Town) -> None:
    people = [await town.person("ada") for _ in range(PEOPLE)]
    for one in people:
        await one.write(f"secret of {one.handle}", visibility="MENTIONED")
    chance = random.Random(3)
    answered = 0

    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=40)) as client:

        async def ask() -> None:
            nonlocal answered
            one = chance.choice(people)
            sending = client.post(
                f"{town.url}/graphql", json={"query": ASKED}, headers={"Authorization": f"Bearer {one.token}"}
            )
            try:
                async with asyncio.timeout(chance.choice([60, 60, 0.001, 0.003, 0.006, 0.012])):
                    answer = await sending
            except TimeoutError:
                return
            text = answer.text
            assert answer.json()["data"]["viewer"]["user"]["handle"] == one.handle
            assert not [other for other in people if other is not one and other.handle in text]
            answered += 1

        with contextlib.suppress(httpx.PoolTimeout):
            await asyncio.gather(*[ask() for _ in range(QUESTIONS)])
    assert answered > QUESTIONS // 4
    idle = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query_start < now() - interval '5 seconds'"
    assert await fetch_value(idle) == 0
    assert (await town.ask("{ __typename }")) == {"__typename": "Query"}


async def test_whatever_is_followed_the_channels_of_redis_are_ours(running: Serving, town: Town) -> None:
    """W10: what people name is looked up inside the process; nothing of it reaches Redis."""
    ada = await town.person("ada")
    odd = ["*", "fresque:*", "a\r\nPUBLISH fresque:pokes x", "../", "post_*", "\u202e", "x" * 300]
    feeds = [
        *(("subscription($v: [ID!]!) { postsChanged(ids: $v) { __typename } }", [text]) for text in odd),
        *(("subscription($v: String!) { hashtagTimeline(name: $v) { __typename } }", text) for text in odd),
        *(("subscription($v: ID!) { userTimeline(id: $v) { __typename } }", text) for text in odd),
        *(("subscription($v: ID!) { generationJob(id: $v) { __typename } }", text) for text in odd),
    ]
    async with Redis.from_url(running.settings.redis_url) as redis:
        before: set[Any] = set(await redis.pubsub_channels())
        async with ada.socket() as socket:
            for number, (document, value) in enumerate(feeds):
                message = {
                    "id": str(number),
                    "type": "subscribe",
                    "payload": {"query": document, "variables": {"v": value}},
                }
                await socket.send(httpx.Request("POST", "http://x", json=message).content.decode())
            heard = [await socket.recv() for _ in range(len(odd))]
            assert not any("INTERNAL" in str(one) for one in heard)
            assert set(await redis.pubsub_channels()) == before
            assert await redis.pubsub_numpat() == 0
        assert all(name.startswith(b"fresque:") for name in before)
