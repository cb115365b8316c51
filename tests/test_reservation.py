"""Server-sent events in single connection mode on a real uvicorn: reserve, open, start, stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
import pytest_asyncio

from execution.transports.reservation import ReservationBounds
from execution.transports.sockets import Sockets
from execution.transports.stream import StreamBounds
from tests.streaming import SSE, Event, Events, events
from tests.toy import Served, serving

ANN = {"authorization": "Bearer ann"}
BOB = {"authorization": "Bearer bob"}
TOKEN = "x-graphql-event-stream-token"  # noqa: S105  # a name
FOREVER = "subscription { forever { number } }"
TICKS = "subscription { ticks(to: 2) { number cursor } }"


@pytest_asyncio.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


@pytest_asyncio.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with served.client() as client:
        yield client


class Line:
    """A reserved stream that is open."""

    def __init__(self, served: Served, client: httpx.AsyncClient, token: str, headers: dict[str, str]) -> None:
        self.url = served.url
        self.client = client
        self.headers = {**headers, TOKEN: token}
        self.token = token
        self.stream: Events

    async def start(self, operation_id: object, query: str, **more: Any) -> httpx.Response:
        body = {"query": query, "extensions": {"operationId": operation_id}}
        return await self.client.post(self.url, json=body, headers={**self.headers, **more})

    async def stop(self, operation_id: str, **more: str) -> httpx.Response:
        params = {"operationId": operation_id}
        return await self.client.delete(self.url, params=params, headers={**self.headers, **more})

    async def heard(self, count: int) -> list[tuple[str, str, Any]]:
        """The next events as (name, operation, payload)."""
        found = [await self.stream.next() for _ in range(count)]
        assert all(event is not None and event.id is None for event in found)
        return [(event.name, event.data["id"], event.data.get("payload")) for event in found if event is not None]


async def reserve(served: Served, client: httpx.AsyncClient, headers: dict[str, str] | None = None) -> str:
    answer = await client.put(served.url, headers=headers or {})
    assert (answer.status_code, answer.headers["content-type"]) == (201, "text/plain; charset=utf-8")
    return answer.text


@asynccontextmanager
async def line(served: Served, client: httpx.AsyncClient, headers: dict[str, str] | None = None) -> AsyncIterator[Line]:
    found = Line(served, client, await reserve(served, client, headers), headers or {})
    async with events(client, "GET", served.url, headers=found.headers) as found.stream:
        yield found


def codes(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


async def test_many_operations_share_one_stream(served: Served, client: httpx.AsyncClient) -> None:
    async with line(served, client, ANN) as ann:
        answer = await ann.start("a", FOREVER)
        assert (answer.status_code, answer.content) == (202, b"")
        assert await ann.heard(1) == [("next", "a", {"data": {"forever": {"number": 0}}})]
        assert (await ann.start("b", TICKS)).status_code == 202
        assert await ann.heard(3) == [
            ("next", "b", {"data": {"ticks": {"number": 0, "cursor": "c0"}}}),
            ("next", "b", {"data": {"ticks": {"number": 1, "cursor": "c1"}}}),
            ("complete", "b", None),
        ]
        assert (await ann.start("b", "{ whoami }")).status_code == 202
        told, done = await ann.heard(2)
        assert (told[1], told[2]["data"], done) == ("b", {"whoami": "ann"}, ("complete", "b", None))
        assert (await ann.start("c", 'mutation { write(text: "a") }')).status_code == 202
        assert [name for name, _, _ in await ann.heard(2)] == ["next", "complete"]
        assert served.world.sources == 1
    await served.idle()
    assert codes(await client.get(served.url, headers={**SSE, **ann.headers})) == (404, "NOT_FOUND")


async def test_an_operation_stops_when_told(served: Served, client: httpx.AsyncClient) -> None:
    async with line(served, client) as nobody:
        for _ in range(3):
            await nobody.start("a", FOREVER)
            assert [kind for kind, _, _ in await nobody.heard(1)] == ["next"]
            assert (await nobody.stop("a")).status_code == 200
        assert (await nobody.stop("never")).status_code == 200
        await nobody.start("b", "{ hello }")
        assert [(kind, whose) for kind, whose, _ in await nobody.heard(2)] == [("next", "b"), ("complete", "b")]
        assert served.world.sources == 0
        unsaid = await client.delete(served.url, headers=nobody.headers)
        assert codes(unsaid) == (400, "BAD_REQUEST")


async def test_the_token_may_stand_in_the_address(served: Served, client: httpx.AsyncClient) -> None:
    token = await reserve(served, client, ANN)
    params = {"token": token}
    # `EventSource` sends no headers, so the token alone opens the stream; it starts nothing.
    async with events(client, "GET", served.url, params=params) as stream:
        body = {"query": "{ whoami }", "extensions": {"operationId": "a"}}
        assert (await client.post(served.url, params=params, json=body)).status_code == 404
        assert (await client.post(served.url, params=params, json=body, headers=ANN)).status_code == 202
        told = await stream.next()
        assert told is not None
        assert told.data["payload"]["data"] == {"whoami": "ann"}
    by_get = {"query": "{ hello }", "token": "of something else"}
    assert (await client.get(served.url, params=by_get)).json()["data"] == {"hello": "Hello, you."}


async def test_operations_may_come_before_the_stream(served: Served, client: httpx.AsyncClient) -> None:
    token = await reserve(served, client)
    early = Line(served, client, token, {})
    assert (await early.start("a", "{ hello }")).status_code == 202
    async with events(client, "GET", served.url, headers=early.headers) as early.stream:
        assert [(kind, whose) for kind, whose, _ in await early.heard(2)] == [("next", "a"), ("complete", "a")]


async def test_a_token_opens_one_stream(served: Served, client: httpx.AsyncClient) -> None:
    async with line(served, client) as nobody:
        again = await client.get(served.url, headers={**SSE, **nobody.headers})
        assert codes(again) == (409, "CONFLICT")
        await nobody.start("a", FOREVER)
        assert codes(await nobody.start("a", FOREVER)) == (409, "CONFLICT")
    unknown = {TOKEN: "sse_nonsense"}
    assert codes(await client.get(served.url, headers={**SSE, **unknown})) == (404, "NOT_FOUND")
    assert codes(await client.delete(served.url, headers=unknown)) == (404, "NOT_FOUND")
    assert codes(await client.delete(served.url)) == (404, "NOT_FOUND")


async def test_a_token_is_no_credential(served: Served, client: httpx.AsyncClient) -> None:
    async with line(served, client, ANN) as ann:
        for other, status in ((BOB, 404), ({"authorization": ""}, 401)):
            assert (await ann.start("a", "{ whoami }", **other)).status_code == status
            assert (await ann.stop("a", **other)).status_code == status
    token = await reserve(served, client, ANN)
    assert (await client.get(served.url, headers={**SSE, **BOB, TOKEN: token})).status_code == 404
    assert (await client.put(served.url, headers={"authorization": "Bearer eve"})).status_code == 401
    foreign = {"cookie": "session=ann", "origin": "https://evil.example"}
    assert codes(await client.put(served.url, headers=foreign)) == (403, "FORBIDDEN")


@pytest.mark.parametrize("operation_id", [None, "", 5, "x" * 257])
async def test_an_operation_needs_an_id(served: Served, client: httpx.AsyncClient, operation_id: object) -> None:
    async with line(served, client) as nobody:
        assert codes(await nobody.start(operation_id, "{ hello }")) == (400, "BAD_REQUEST")


async def test_what_cannot_run_is_told_by_the_post_or_the_stream(served: Served, client: httpx.AsyncClient) -> None:
    async with line(served, client) as nobody:
        assert codes(await nobody.start("a", "{")) == (400, "GRAPHQL_PARSE_FAILED")
        assert codes(await nobody.start("a", "{ nope }")) == (400, "GRAPHQL_VALIDATION_FAILED")
        for query, code in (
            ("query($n: Int!) { needs(number: $n) }", "BAD_USER_INPUT"),
            ("subscription { refuses { number } }", "NOT_FOUND"),
            ("{ noJson }", "INTERNAL_SERVER_ERROR"),
        ):
            assert (await nobody.start("a", query)).status_code == 202
            told, done = await nobody.heard(2)
            assert told[2]["errors"][0]["extensions"]["code"] == code
            assert done == ("complete", "a", None)


async def test_reservations_and_operations_are_bounded() -> None:
    bounds = ReservationBounds(max_operations=2, max_waiting=4, max_waiting_per_address=2)
    async with (
        serving(sockets=Sockets(max_per_person=2), reservation_bounds=bounds) as served,
        served.client() as client,
    ):
        async with line(served, client) as nobody:
            for name in ("a", "b"):
                assert (await nobody.start(name, FOREVER)).status_code == 202
            assert codes(await nobody.start("c", FOREVER)) == (429, "QUOTA_EXCEEDED")
            await nobody.stop("a")
            assert (await nobody.start("c", FOREVER)).status_code == 202
            for _ in range(2):  # the one that is open waits no more
                await reserve(served, client)
            assert codes(await client.put(served.url)) == (429, "QUOTA_EXCEEDED")
            for _ in range(2):
                await reserve(served, client, ANN)
            assert codes(await client.put(served.url, headers=BOB)) == (503, "QUOTA_EXCEEDED")
            assert served.sockets.count == 5
        await served.idle()
    bounds = ReservationBounds(waiting_seconds=0.2)
    async with (
        serving(sockets=Sockets(max_per_person=1), reservation_bounds=bounds) as served,
        served.client() as client,
    ):
        unused = Line(served, client, await reserve(served, client, ANN), ANN)
        assert codes(await client.put(served.url, headers=ANN)) == (429, "QUOTA_EXCEEDED")
        await unused.start("a", FOREVER)
        await asyncio.gather(*served.http.reservations.lives)
        assert (await unused.stop("a")).status_code == 404
        assert (served.sockets.count, served.http.reservations.known, served.world.sources) == (0, {}, 0)
        assert not served.http.reservations.waiting
        await reserve(served, client, ANN)


async def test_a_reservation_ends_with_its_session() -> None:
    async with serving() as served, served.client() as client, line(served, client, ANN) as ann:
        waiting = await reserve(served, client, ANN)
        await ann.start("a", FOREVER)
        await ann.heard(1)
        assert await served.sockets.close_sessions("session-ann") == 2
        told, done = await ann.heard(2)
        assert told[2]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert done == ("complete", "a", None)
        assert await ann.stream.next() is None
        await asyncio.gather(*served.http.reservations.lives)
        assert (await client.get(served.url, headers={**SSE, TOKEN: waiting})).status_code == 404
        assert (served.world.sources, served.sockets.count) == (0, 0)


async def test_a_shutdown_ends_the_shared_stream(caplog: pytest.LogCaptureFixture) -> None:
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(serving())
        async with served.client() as client, line(served, client) as nobody:
            await nobody.start("a", FOREVER)
            await nobody.heard(1)
            await stack.aclose()
            assert await nobody.stream.next() is None
            assert len(nobody.stream.retries) == 2
        await asyncio.gather(*served.http.reservations.lives)
        assert served.world.sources == 0
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_shared_stream_is_kept_alive() -> None:
    async with serving(stream_bounds=StreamBounds(heartbeat_seconds=0.05)) as served, served.client() as client:
        async with line(served, client) as nobody:
            assert await nobody.stream.any() is not None
            assert await nobody.stream.any() == Event(comment=True)
        await served.idle()
