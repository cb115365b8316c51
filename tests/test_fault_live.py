"""The live feeds while things die: nothing is lost, nothing comes twice, and what is on the screen is what a fetch shows."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from urllib.parse import urlsplit

import asyncpg
import httpx
import psutil
import pytest
import pytest_asyncio
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from dev.stack import Stack
from realtime.wire import BATCHES, POKES, Wire
from tests.crowd import Crowd
from tests.people import PATIENCE_SECONDS, Town
from tests.processes import Api, Processes, own_stack

LATE_SECONDS = 2.0  # how much later than usual an event may be while Redis is dead, counted from the mutation's answer
# Commits come in another order than ids are given out, as they do when machines are busy.
LATE_COMMITS = """
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(random() * 0.03); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON posts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle();
"""

READ_SINCE = """SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE application_name = 'fresque' AND state = 'idle'
    AND query LIKE '%pg_snapshot_xmin%' AND query_start > $1 AND client_port = ANY($2::int[]))"""


class Scene:
    """What runs in these tests: two API processes, a relay and one that stands by."""

    def __init__(self, house: Processes, http: httpx.AsyncClient) -> None:
        self.house = house
        self.http = http
        self.stack = house.stack
        self.relay, self.spare = house.relay("relay"), house.relay("spare")
        self.apis = [house.api("api-1"), house.api("api-2")]

    def towns(self, *apis: Api) -> list[Town]:
        return [Town(api.url, self.http) for api in apis or self.apis]

    async def leads(self) -> int | None:
        """The process id of PostgreSQL's end of the relay that leads."""
        rows = await self.house.sql("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted")
        return rows[0]["pid"] if rows else None

    async def polled(self, api: Api) -> None:
        """Wait until the hub of a process has read the log from now on, and has taken note of it."""
        ports = [connection.laddr.port for connection in psutil.Process(api.pid).net_connections("tcp")]
        for _ in range(2):  # the second reading begins when the first is done with
            now = await self.house.value("SELECT clock_timestamp()")
            await self.house.until(READ_SINCE, now, ports)

    async def relayed(self) -> None:
        """Wait until a relay leads and is heard."""
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            Redis.from_url(self.stack.redis.url) as redis,
            redis.pubsub() as pubsub,
        ):
            await pubsub.subscribe(BATCHES)
            async for message in pubsub.listen():
                if message["type"] == "message":
                    return


@pytest.fixture(scope="module")
def own() -> Iterator[Stack]:
    with own_stack("live") as stack:
        stack.postgres.execute(LATE_COMMITS, "fresque")
        yield stack


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(own: Stack) -> AsyncIterator[Scene]:
    house = Processes(own)
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as http:
            scene = Scene(house, http)
            await house.begin(scene.relay, *scene.apis)
            await scene.relayed()
            yield scene
    finally:
        house.end()


Fault = Callable[[Scene, Crowd], Awaitable[None]]


async def relay_with_a_spare(scene: Scene, crowd: Crowd) -> None:
    """The relay is killed while another one stands by, which takes over."""
    scene.spare.start()
    first = await scene.leads()
    await crowd.more(40)
    scene.relay.kill()
    await scene.relayed()
    assert await scene.leads() not in (None, first)
    await crowd.more(40)
    scene.relay, scene.spare = scene.spare, scene.relay


async def relay_alone(scene: Scene, crowd: Crowd) -> None:
    """The relay is killed and nobody takes over for a while."""
    scene.relay.kill()
    try:
        await crowd.more(120)
    finally:
        scene.relay.start()
    await scene.relayed()
    await crowd.more(20)


async def redis_dead(scene: Scene, crowd: Crowd, times: int = 1) -> None:
    """Redis is killed, and comes back empty after so many times 120 posts."""
    scene.stack.redis.kill()
    try:
        for _ in range(times):
            await crowd.more(120)
    finally:
        await asyncio.to_thread(scene.stack.redis.start)
    await scene.relayed()
    await crowd.more(20)


async def redis_silent(scene: Scene, crowd: Crowd) -> None:
    """Redis takes connections and answers nothing, then goes on where it was."""
    assert scene.stack.redis.pid is not None
    os.kill(scene.stack.redis.pid, signal.SIGSTOP)
    try:
        await crowd.more(120)
    finally:
        os.kill(scene.stack.redis.pid, signal.SIGCONT)
    await scene.relayed()
    await crowd.more(20)


async def listeners_cut(scene: Scene, crowd: Crowd) -> None:
    """Every listening connection is cut, many times over."""
    async with Redis.from_url(scene.stack.redis.url) as redis:
        for _ in range(20):
            assert await redis.client_kill_filter(_type="pubsub") >= 0
            await crowd.more(5)


async def messages_repeated(scene: Scene, crowd: Crowd) -> None:
    """Whatever is said on Redis is said again, as a client that retries would, and once more when it is long over."""
    said: list[bytes] = []
    async with Redis.from_url(scene.stack.redis.url) as redis, redis.pubsub() as pubsub:
        await pubsub.subscribe(BATCHES)
        async for message in pubsub.listen():
            if message["type"] == "message" and message["data"] not in said:
                said.append(message["data"])
                for again in (*said[:3], message["data"]):
                    await redis.publish(BATCHES, again)
            if len(said) == 40:
                return


async def an_api_dies(scene: Scene, crowd: Crowd) -> None:
    """An API process is killed and started again; its readers come back with their cursors."""
    await crowd.more(20)
    scene.apis[0].kill()
    try:
        await crowd.more(10)
    finally:
        await scene.house.begin(scene.apis[0])
    await crowd.more(20)


async def postgres_restarts(scene: Scene, crowd: Crowd) -> None:
    """PostgreSQL is shut down and started."""
    await crowd.more(30)
    await asyncio.to_thread(scene.stack.postgres.restart)
    await crowd.more(30)


async def postgres_dies(scene: Scene, crowd: Crowd) -> None:
    """PostgreSQL is killed and recovers."""
    await crowd.more(30)
    await asyncio.to_thread(scene.stack.postgres.kill)
    await asyncio.to_thread(scene.stack.postgres.start)
    await crowd.more(30)


WITHOUT_REDIS = (redis_dead, redis_silent, relay_alone, listeners_cut)
FAULTS: tuple[Fault, ...] = (
    relay_with_a_spare,
    *WITHOUT_REDIS,
    messages_repeated,
    an_api_dies,
    postgres_restarts,
    postgres_dies,
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_nothing_is_lost_or_doubled(scene: Scene, fault: Fault) -> None:
    clock = asyncio.get_running_loop().time
    async with await Crowd.gather(scene.towns()) as crowd:
        await crowd.more(20)
        since = clock()
        await fault(scene, crowd)
        until = clock()
        await crowd.level()
        await crowd.check(scene.house)
        usual, delays = crowd.delays(until=since)[-1], crowd.delays(since, until)
        print(
            f"{fault.__name__}: {until - since:.1f} s, {len(crowd.written.answered)} posts, {crowd.retries} retries, "
            f"{sum(w.connections for w in crowd.watchers)} connections, worst delay {delays[-1]:.2f} s (before: {usual:.2f} s), median {delays[len(delays) // 2]:.3f}"
        )
        if fault in WITHOUT_REDIS:
            assert crowd.retries == 0, "a mutation failed"
            assert delays[-1] <= usual + LATE_SECONDS


async def test_without_the_protections_events_are_lost(scene: Scene) -> None:
    """By a hub that believes what is said on Redis and nothing else, and by one that reads the log by row id."""
    apis = [scene.house.api(variant, variant) for variant in ("trusting", "hasty")]
    await scene.house.begin(*apis)
    try:
        async with await Crowd.gather(scene.towns(*apis), readers=1) as crowd:
            await crowd.more(20)
            await redis_dead(scene, crowd, times=4)  # a row id is overtaken by chance, once in some hundred posts
            await crowd.finish()
            for watcher in crowd.watchers:
                assert await crowd.missing(scene.house, watcher)
    finally:
        for api in apis:
            api.kill()


async def test_transaction_ids_that_come_again_after_a_crash(scene: Scene) -> None:
    """An id that was rolled back is given out anew when PostgreSQL dies before it has written that down.

    A hub that stands at the oldest open transaction, not at the last event, loses what happens under it.
    """
    sound, forward = scene.apis[0], scene.house.api("forward", "forward")
    await scene.house.begin(forward)
    scene.relay.kill()  # so that hubs read for themselves
    scene.stack.postgres.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
    scene.stack.postgres.execute("SELECT pg_reload_conf()")
    try:
        async with await Crowd.gather(scene.towns(sound, forward), writers=1, readers=1) as crowd:
            await crowd.more(1)
            await crowd.finish()
            await crowd.level()
            connection = await asyncpg.connect(scene.stack.postgres.url)
            for _ in range(20):
                await connection.execute("BEGIN; SELECT pg_current_xact_id(); ROLLBACK")
            given = int(await connection.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())::text"))
            await scene.polled(forward)
            await asyncio.to_thread(scene.stack.postgres.kill)
            await asyncio.to_thread(scene.stack.postgres.start)
            connection.terminate()
            payload = await crowd.call(crowd.writers[0], "CreatePost", "after", text="After the crash")
            born = await scene.house.value(
                "SELECT xid::text FROM events WHERE kind = 'post_created' ORDER BY id DESC LIMIT 1"
            )
            assert int(born) < given, "PostgreSQL had written down the ids after all, so nothing is shown here"
            crowd.written.answered[payload["post"]["id"]] = 0.0
            safe, lost = crowd.watchers
            await safe.level(crowd.written)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(LATE_SECONDS):
                    await lost.level(crowd.written)
    finally:
        forward.kill()
        scene.stack.postgres.execute("ALTER SYSTEM RESET wal_writer_delay")
        scene.stack.postgres.execute("SELECT pg_reload_conf()")
        scene.relay.start()
        await scene.relayed()


async def sent(scene: Scene, publish: Callable[[str], Awaitable[None]]) -> int:
    """How often a PUBLISH reaches Redis when its answer is lost each time."""
    heard = 0
    port = scene.house.stack.redis.port

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        from_redis, to_redis = await asyncio.open_connection("127.0.0.1", port)

        async def back() -> None:
            while data := await from_redis.read(65_536):
                writer.write(data)

        answers = asyncio.create_task(back())
        while data := await reader.read(65_536):
            if b"PUBLISH" in data:
                heard += 1
                answers.cancel()
                break
            to_redis.write(data)
        answers.cancel()
        for side in (to_redis, writer):
            side.close()

    async with await asyncio.start_server(carry, "127.0.0.1", 0) as server:
        await publish(scene.house.stack.redis.url.replace(f":{port}/", f":{server.sockets[0].getsockname()[1]}/"))
    return heard


async def test_a_command_whose_answer_is_lost_is_not_sent_again(scene: Scene) -> None:
    async def ours(url: str) -> None:
        wire = Wire(url)
        assert not await wire.publish(POKES, b"")
        await wire.close()

    async def stock(url: str) -> None:
        parts = urlsplit(url)  # `from_url` would leave out what the client does unless told
        async with Redis(host=parts.hostname or "", port=parts.port or 0, password=parts.password) as redis:
            with contextlib.suppress(RedisConnectionError, TimeoutError):
                async with asyncio.timeout(2.5):  # it would go on for much longer
                    await redis.publish(POKES, b"")

    assert await sent(scene, ours) == 1
    assert await sent(scene, stock) > 1
