"""Sockets of real processes: closed when a session ends, whole after peers that leave, small after many events."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import orjson
import psutil
import pytest
import pytest_asyncio
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from dev.stack import Stack
from models import node_id
from realtime.wire import SIGNALS
from tests.people import OPERATIONS, PATIENCE_SECONDS, Person, Town
from tests.processes import Api, Processes, own_stack

LOG_OUT = "mutation($input: LogOutInput!) { logOut(input: $input) { userErrors { code } } }"
REVOKE = "mutation($input: RevokeSessionInput!) { revokeSession(input: $input) { userErrors { code } } }"
SESSIONS = "query { viewer { sessions(first: 10) { edges { node { id isCurrent } } } } }"
JOB = """subscription($id: ID!) {
    generationJob(id: $id) { __typename cursor ... on JobProgressed { fraction phase outputIndex } }
}"""
FORBIDDEN = 4403
PROMPT_SECONDS, PROMPT_SECONDS_WITHOUT_REDIS = 1.0, 2.5
MIB = 1024 * 1024
WAVE = 10  # signals that an inbox holds without one taking the place of another
POOL = 2
DRY_SECONDS = 3.0  # after which a pool that gives nothing is called dry
CALLERS, LEAVINGS, OPERATIONS_AT_ONCE = 6, 6, 12


@dataclass(slots=True)
class Scene:
    """Two API processes and a relay on servers of their own."""

    house: Processes
    http: httpx.AsyncClient
    apis: list[Api]

    async def person(self, api: Api | None = None) -> Person:
        return await Town((api or self.apis[0]).url, self.http).person("ada")

    def elsewhere(self, person: Person) -> Person:
        """The same person at the other process."""
        return Person(Town(self.apis[1].url, self.http), person.handle, person.id, person.token)


@pytest.fixture(scope="module")
def own() -> Iterator[Stack]:
    with own_stack("socket") as stack:
        yield stack


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(own: Stack) -> AsyncIterator[Scene]:
    house = Processes(own)
    try:
        apis = [house.api("api-1"), house.api("api-2")]
        await house.begin(house.relay("relay"), *apis)
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as http:
            yield Scene(house, http, apis)
    finally:
        house.end()


@asynccontextmanager
async def another(scene: Scene, name: str, variant: str, **variables: str) -> AsyncIterator[Api]:
    """One more API process, for one test."""
    api = scene.house.api(name, variant, **variables)
    await scene.house.begin(api)
    try:
        yield api
    finally:
        api.kill()


# --- sessions that end ---


async def closed(wire: ClientConnection) -> tuple[int, str, float]:
    """Code, reason and time of the end of a socket."""
    try:
        while True:
            await wire.recv()
    except ConnectionClosed as end:
        farewell = end.rcvd
    assert farewell is not None, "The connection was cut without a word."
    return farewell.code, farewell.reason, asyncio.get_running_loop().time()


async def check_closed(wires: list[ClientConnection], since: float, within: float) -> float:
    async with asyncio.timeout(PATIENCE_SECONDS):
        ends = await asyncio.gather(*(closed(wire) for wire in wires))
    assert {(code, reason) for code, reason, _ in ends} == {(FORBIDDEN, "The session has ended.")}
    latest = max(at for _, _, at in ends) - since
    assert latest <= within
    return latest


@pytest.mark.parametrize("redis", [True, False], ids=["with Redis", "without Redis"])
async def test_ending_sessions_closes_their_sockets_everywhere(scene: Scene, redis: bool) -> None:
    clock = asyncio.get_running_loop().time
    within = PROMPT_SECONDS if redis else PROMPT_SECONDS_WITHOUT_REDIS
    person, stranger = await scene.person(), await scene.person()
    given = {"login": person.handle, "password": "correct horse battery staple", "bearer": True}
    token = (await person.ask("LogIn", input=given))["logIn"]["token"]
    phone = Person(person.town, person.handle, person.id, token)
    everyone = (person, scene.elsewhere(person), phone, scene.elsewhere(phone), stranger)
    if not redis:
        scene.house.stack.redis.kill()
    try:
        async with contextlib.AsyncExitStack() as stack:
            wires = [await stack.enter_async_context(one.socket()) for one in everyone]
            edges = (await person.ask(SESSIONS))["viewer"]["sessions"]["edges"]
            (other,) = (edge["node"]["id"] for edge in edges if not edge["node"]["isCurrent"])
            await person.do(REVOKE, sessionId=other)
            revoked = await check_closed(wires[2:4], clock(), within)
            await person.do(LOG_OUT, everywhere=True)
            ended = await check_closed(wires[:2], clock(), within)
            print(f"redis {redis}: revoked after {revoked:.2f} s, signed out after {ended:.2f} s")
            await wires[4].send('{"type": "ping"}')
            assert orjson.loads(await wires[4].recv()) == {"type": "pong"}
    finally:
        if not redis:
            await asyncio.to_thread(scene.house.stack.redis.start)


async def test_a_socket_closes_when_its_session_expires(scene: Scene) -> None:
    person = await scene.person()
    number = node_id.number_of("user", person.id)
    await scene.house.sql(
        "UPDATE sessions SET expires_at = now() + interval '700 milliseconds' WHERE user_id = $1", number
    )
    begun = asyncio.get_running_loop().time()
    async with person.socket() as wire, asyncio.timeout(PATIENCE_SECONDS):
        code, reason, at = await closed(wire)
    assert (code, reason) == (FORBIDDEN, "The session has expired.")
    assert at - begun < PROMPT_SECONDS + 0.7


# --- many events ---


async def a_job(scene: Scene, person: Person) -> int:
    """A job that nobody works at."""
    number: int = await scene.house.value(
        """INSERT INTO generation_jobs (owner_id, prompt, engine, model, width, height, count, seed, start_by)
        VALUES ($1, 'a boat', 'none', 'none', 64, 64, 1, 1, now() + interval '1 hour') RETURNING id""",
        node_id.number_of("user", person.id),
    )
    await scene.house.sql("INSERT INTO generation_outputs (job_id, index) VALUES ($1, 0)", number)
    return number


async def progress(scene: Scene, person: Person, job: int, phase: str, indexes: range) -> None:
    """Signals of a job, as a worker says them."""
    async with Redis.from_url(scene.house.stack.redis.url) as redis, redis.pipeline(transaction=False) as pipeline:
        for index in indexes:
            body = {"topic": f"job:{job}", "owner": node_id.number_of("user", person.id), "phase": phase}
            pipeline.publish(SIGNALS, orjson.dumps({**body, "fraction": 0.5, "outputIndex": index}))
        await pipeline.execute()


async def growth(scene: Scene, api: Api) -> tuple[float, int]:
    """How much a process grows (MiB) by delivering thousands of events to subscriptions that stay, and how many."""
    person = await scene.person(api)
    job = await a_job(scene, person)
    subscriptions = 5
    delivered = 0
    async with person.socket() as wire:
        payload = {"query": JOB, "variables": {"id": node_id.encode("job", job)}}
        for number in range(subscriptions):
            await wire.send(orjson.dumps({"id": str(number), "type": "subscribe", "payload": payload}).decode())

        async def receive(count: int) -> None:
            nonlocal delivered
            async with asyncio.timeout(PATIENCE_SECONDS):
                for _ in range(count):
                    message = orjson.loads(await wire.recv())
                    assert message["type"] == "next"
                    assert "errors" not in message["payload"], message
                    delivered += 1

        async def waves(count: int) -> int:
            for _ in range(count):
                await progress(scene, person, job, "drawing", range(WAVE))
                await receive(WAVE * subscriptions)
            size: int = psutil.Process(api.pid).memory_info().rss
            return size

        await receive(2 * subscriptions)  # the snapshot and the heartbeat
        before = await waves(10)
        return (await waves(200) - before) / MIB, delivered


async def test_subscriptions_keep_nothing_of_their_events(scene: Scene) -> None:
    async with another(scene, "remembering", "remembering") as leaky:
        grown, delivered = await growth(scene, scene.apis[0])
        leaked, _ = await growth(scene, leaky)
    print(f"{delivered} deliveries: {grown:.1f} MiB, without the cure {leaked:.1f} MiB")
    assert grown < 3
    assert leaked > 8


def connected(api: Api, port: int) -> bool:
    """Whether the process holds a connection from this port."""
    return any(found.raddr and found.raddr.port == port for found in psutil.Process(api.pid).net_connections("tcp"))


async def test_who_stops_reading_is_cut_off(scene: Scene) -> None:
    async with another(scene, "brisk", "brisk") as api:
        person, other = await scene.person(api), await scene.person(api)
        job = await a_job(scene, person)
        pipe = socket.socket()
        pipe.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        pipe.connect(("127.0.0.1", api.port))
        port = pipe.getsockname()[1]
        process = psutil.Process(api.pid)
        before = process.memory_info().rss
        address = api.url.replace("http", "ws", 1) + "/graphql"
        protocols: Any = ["graphql-transport-ws"]
        async with (
            connect(address, sock=pipe, subprotocols=protocols, max_queue=1, close_timeout=0) as deaf,
            other.socket() as well,
        ):
            shown = {"authorization": f"Bearer {person.token}"}
            await deaf.send(orjson.dumps({"type": "connection_init", "payload": shown}).decode())
            payload = {"query": JOB, "variables": {"id": node_id.encode("job", job)}}
            await deaf.send(orjson.dumps({"id": "1", "type": "subscribe", "payload": payload}).decode())
            async with asyncio.timeout(PATIENCE_SECONDS):
                for _ in range(3):  # acknowledged, snapshot, heartbeat
                    await deaf.recv()
                assert connected(api, port)
                while connected(api, port):
                    await progress(scene, person, job, "x" * 50_000, range(WAVE))
                    await well.send('{"type": "ping"}')
                    assert orjson.loads(await well.recv()) == {"type": "pong"}
        assert (process.memory_info().rss - before) / MIB < 20


# --- callers that leave ---


async def leave_early(person: Person) -> None:
    """Begin a good many things over a socket, or one over HTTP, and be gone before they end."""
    if random.random() < 0.3:
        given = {"input": {"text": "Bye", "idempotencyKey": str(random.random())}}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(random.uniform(0.004, 0.02)):
                await person.town.post(OPERATIONS, given, "CreatePost", person.token)
        return
    async with person.socket() as wire:
        for number in range(OPERATIONS_AT_ONCE):
            text = {"text": "Bye", "idempotencyKey": str(random.random())}
            choices: list[tuple[str, dict[str, Any]]] = [
                ("CreatePost", {"input": text}),
                ("LikePost", {"input": {"postId": "nothing"}}),
                ("Home", {}),
            ]
            operation, variables = choices[number % 3]
            payload = {"query": OPERATIONS, "operationName": operation, "variables": variables}
            await wire.send(orjson.dumps({"id": str(number), "type": "subscribe", "payload": payload}).decode())
        await asyncio.sleep(random.uniform(0, 0.05))  # how long it stays is what is random here
        wire.transport.abort()


async def barrage(people: list[Person]) -> None:
    """Many callers who leave, a few at a time."""

    async def several(one: Person) -> None:
        for _ in range(LEAVINGS):
            await leave_early(one)

    await asyncio.gather(*(several(one) for one in people))


async def look(person: Person, seconds: float = PATIENCE_SECONDS) -> None:
    """Read more things at once than the pool has connections. Raises TimeoutError when they do not come."""
    async with asyncio.timeout(seconds):
        await asyncio.gather(*(person.home() for _ in range(4 * POOL)))


async def leave_at_begin(scene: Scene, api: Api, person: Person) -> None:
    """Begin as many mutations as the pool has connections while PostgreSQL holds its breath, and be gone before it goes on."""
    pid = scene.house.stack.postgres.pid
    assert pid is not None
    server = [psutil.Process(pid), *psutil.Process(pid).children()]
    async with person.socket() as wire:
        for process in server:
            process.suspend()
        try:
            payload = {"query": OPERATIONS, "operationName": "LikePost", "variables": {"input": {"postId": "nothing"}}}
            for number in range(POOL):
                await wire.send(orjson.dumps({"id": str(number), "type": "subscribe", "payload": payload}).decode())
            for _ in range(20):  # by each answer the process has had another turn
                await wire.send('{"type": "ping"}')
                assert orjson.loads(await wire.recv()) == {"type": "pong"}
            port = wire.local_address[1]
            wire.transport.abort()
            async with asyncio.timeout(PATIENCE_SECONDS):
                while connected(api, port):
                    await scene.http.get(f"{api.url}/healthz")
            for _ in range(5):
                await scene.http.get(f"{api.url}/healthz")
        finally:
            for process in server:
                process.resume()


async def test_callers_who_leave_take_no_connection_with_them(scene: Scene) -> None:
    async with another(scene, "small", "", DATABASE_POOL_SIZE=str(POOL)) as api:
        people = [await scene.person(api) for _ in range(CALLERS)]
        await look(people[0])  # the pool is full
        await leave_at_begin(scene, api, people[0])
        await look(people[0])
        await barrage(people)
        await look(people[0])
        await people[0].write("All is well")
        await scene.house.until(
            "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'fresque' AND state LIKE 'idle in transaction%'"
        )
        broken = await scene.house.value(
            """SELECT count(*) FROM idempotency_keys k WHERE mutation = 'createPost'
            AND NOT EXISTS (SELECT 1 FROM events e WHERE e.post_id = (k.outcome->'found'->>'post')::bigint)"""
        )
        assert broken == 0


async def test_without_the_cures_the_pool_runs_dry(scene: Scene) -> None:
    async with another(scene, "careless", "careless", DATABASE_POOL_SIZE=str(POOL)) as api:
        person = await scene.person(api)
        await look(person)
        await leave_at_begin(scene, api, person)
        with pytest.raises(TimeoutError):
            await look(person, DRY_SECONDS)
