"""Points: exact under load, on one clock, for one asker over every transport, and told as clients expect."""

from __future__ import annotations

import asyncio
import itertools
import math
import random
from collections.abc import AsyncIterator
from contextlib import aclosing
from fractions import Fraction

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse
from redis.asyncio import Redis

from dev.stack import Stack
from execution.price import MUTATION_POINTS, OTHER_MUTATION_POINTS, Price
from safety.address import network_of
from safety.limit import MICROSECONDS, PREFIX, Allowance, Limit, Standing
from tests.people import PATIENCE_SECONDS
from tests.selection import mutations

START = 1_800_000_000 * MICROSECONDS
HOUR = 3_600
keys = map("key-{}".format, itertools.count())


@pytest.fixture
async def limit(stack: Stack) -> AsyncIterator[Limit]:
    found = Limit(stack.redis.url, answer_seconds=PATIENCE_SECONDS)  # what is late would go uncounted
    yield found
    await found.close()


# -- the script


@pytest.mark.parametrize(
    "allowance", [Allowance(20_000, HOUR, 20_000), Allowance(7, HOUR, 7), Allowance(60, 900, 90), Allowance(13, 11, 5)]
)
async def test_it_counts_as_exact_fractions_do(limit: Limit, allowance: Allowance) -> None:
    chance, key, now = random.Random(7), next(keys), START
    rate = Fraction(allowance.points, allowance.seconds * MICROSECONDS)
    room = Fraction(allowance.burst)
    for _ in range(150):
        pause = chance.choice([0, 1, chance.randrange(10**6), chance.randrange(allowance.seconds * MICROSECONDS // 4)])
        now, room = now + pause, min(Fraction(allowance.burst), room + pause * rate)
        cost = chance.randrange(allowance.burst // 2 + 2)
        found = await limit.take(key, cost, allowance, now)
        assert found is not None
        assert found.allowed == (cost <= room)
        wait = 0 if found.allowed else math.ceil((cost - room) / rate)
        room -= cost if found.allowed else 0
        assert (found.remaining, round(found.retry_after * MICROSECONDS)) == (math.floor(room), wait)
        assert round(found.whole_again * MICROSECONDS) == math.ceil((allowance.burst - room) / rate)


async def test_what_is_promised_is_kept(limit: Limit) -> None:
    key, allowance = next(keys), Allowance(100, HOUR, 100)
    await limit.take(key, 95, allowance, START)
    refused = await limit.take(key, 30, allowance, START)
    assert refused is not None
    assert (refused.allowed, refused.remaining, refused.retry_after, refused.next_point) == (False, 5, 900.0, 36.0)
    early = START + 900 * MICROSECONDS - 1
    for moment, allowed in ((early, False), (early + 1, True)):
        found = await limit.take(key, 30, allowance, moment)
        assert found is not None
        assert found.allowed is allowed
    whole = await limit.take(key, 0, allowance, START + 2 * HOUR * MICROSECONDS)
    assert whole == Standing(True, 100, 100, 0.0, 0.0, 0.0, 100, HOUR)


async def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing(limit: Limit) -> None:
    key, allowance = next(keys), Allowance(100, HOUR, 100)
    await limit.take(key, 40, allowance, START)
    found = await limit.take(key, 1, allowance, START - 10 * HOUR * MICROSECONDS)
    assert found is not None
    assert found.remaining == 59
    later = await limit.take(key, 0, allowance, START - 10 * HOUR * MICROSECONDS + 36 * MICROSECONDS)
    assert later is not None
    assert later.remaining == 60


async def test_looking_takes_nothing_and_what_is_whole_is_forgotten(limit: Limit, stack: Stack) -> None:
    key, allowance = next(keys), Allowance(3_600, HOUR, 3_600)
    await limit.take(key, 0, allowance)
    async with aclosing(Redis.from_url(stack.redis.url)) as redis:
        assert await redis.exists(PREFIX + key) == 0
        await limit.take(key, 60, allowance)
        assert 60_000 <= await redis.pttl(PREFIX + key) <= 61_000


async def test_parallel_calls_are_counted_exactly(limit: Limit) -> None:
    key, allowance = next(keys), Allowance(30, 86_400, 30)
    found = await asyncio.gather(*(limit.take(key, 1, allowance) for _ in range(200)))
    assert sum(standing is not None and standing.allowed for standing in found) == 30
    assert sorted(standing.remaining for standing in found if standing and standing.allowed) == list(range(30))


async def test_cancelled_callers_leave_whole_connections(limit: Limit) -> None:
    key, allowance = next(keys), Allowance(1_000, 86_400, 1_000)
    for pause in range(60):
        task = asyncio.create_task(limit.take(next(keys), 1, allowance))
        for _ in range(pause % 20):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    for number in range(1, 40):
        found = await limit.take(key, 1, allowance)
        assert found is not None
        assert found.remaining == 1_000 - number


async def test_a_redis_that_was_started_again_is_found_at_once(limit: Limit, stack: Stack) -> None:
    key, allowance = next(keys), Allowance(1_000, 86_400, 1_000)
    await asyncio.gather(*(limit.take(key, 1, allowance) for _ in range(8)))
    stack.redis.restart()
    async with aclosing(Redis.from_url(stack.redis.url)) as redis:
        await redis.ping()  # by then the loop has heard that the other connections are closed
    found = await asyncio.gather(*(limit.take(key, 1, allowance) for _ in range(8)))
    assert sorted(standing.remaining for standing in found if standing) == list(range(992, 1_000))


async def test_a_silent_redis_holds_up_one_call_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half-open: it takes the connection and never answers."""
    monkeypatch.setattr("safety.limit.AWAY_SECONDS", HOUR)  # until the test says that the second is over
    asked = 0

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    limit = Limit(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0", answer_seconds=0.3)
    try:
        allowance = Allowance(10, HOUR, 10)
        assert await asyncio.gather(*(limit.take("k", 1, allowance) for _ in range(50))) == [None] * 50
        assert asked > 0
        before = asked
        for _ in range(200):
            assert await limit.take("k", 1, allowance) is None
        assert asked == before, "nobody else waits for it"
        limit._away_until = 0.0
        assert await asyncio.gather(*(limit.take("k", 1, allowance) for _ in range(50))) == [None] * 50
        assert asked == before + 1
        assert limit.uncounted == 300
    finally:
        await limit.close()
        server.close()
        await server.wait_closed()


# -- prices


def price(query: str) -> Price:
    document = parse(query)
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    (operation,) = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    return Price(operation, fragments)


@pytest.mark.parametrize(
    ("query", "nodes", "points"),
    [
        ("{ a }", 0, 1),
        ("{ a }", 100, 1),
        ("{ a }", 101, 2),
        ("{ a }", 20_000, 200),
        ("mutation { likePost }", 3, 5),
        ("mutation { likePost }", 900, 9),
        ("mutation { followUser }", 3, 10),
        ("mutation { a: createPost b: createPost c: createPost }", 3, 90),
        ("mutation { ...F ...F ... { likePost } } fragment F on Mutation { createPost generateImages }", 9, 265),
        ("subscription { homeTimeline }", 1, 10),
        ("subscription { searchTimeline }", 1_101, 12),
    ],
)
def test_prices(query: str, nodes: int, points: int) -> None:
    assert price(query).points(nodes) == points


def test_the_table_names_mutations() -> None:
    assert set(MUTATION_POINTS) <= set(mutations())
    assert {name for name, points in MUTATION_POINTS.items() if points == OTHER_MUTATION_POINTS} == set()


def test_chained_fragments_are_priced_at_once() -> None:
    chain = " ".join(f"fragment F{n} on Mutation {{ ...F{n + 1} ...F{n + 1} }}" for n in range(45))
    found = price(f"mutation {{ ...F0 }} {chain} fragment F45 on Mutation {{ likePost }}")
    assert found.points(0) == 10**9


# -- who is who


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("x" * 5_000, "x" * 64),
    ],
)
def test_networks(host: str, network: str) -> None:
    assert network_of(host) == network
