"""Subscriptions over server-sent events, one connection each, on a real uvicorn; and who gets a stream at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio

from execution.frame import cursor_of
from execution.transports.event_stream import RESTART_MILLISECONDS, RETRY_MILLISECONDS, EventStream
from execution.transports.negotiation import EVENT_STREAM, GRAPHQL_RESPONSE, JSON, MULTIPART
from execution.transports.sockets import Sockets
from execution.transports.stream import StreamBounds
from tests.people import OPERATIONS, PATIENCE_SECONDS, Person, Town
from tests.speaking import greet
from tests.streaming import SSE, Event, Events, events
from tests.tasks import no_more_tasks
from tests.test_preference import APOLLO, URQL
from tests.toy import Served, serving
from tests.trusting import COUNT, HELLO, KNOWN, sha

ANN = {"authorization": "Bearer ann"}
EVE = {"authorization": "Bearer eve"}
TICKS = {"query": "subscription { ticks { number cursor } }"}
FOREVER = {"query": "subscription { forever { number cursor } }"}
FLOOD = {"query": "subscription { flood { number filler } }"}
COMPLETE = Event("complete")


@pytest_asyncio.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


@pytest_asyncio.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with served.client() as client:
        yield client


def tick(number: int) -> Event:
    return Event("next", {"data": {"ticks": {"number": number, "cursor": f"c{number}"}}}, f"c{number}")


async def test_a_subscription_from_start_to_end(served: Served, client: httpx.AsyncClient) -> None:
    for method, given in (("POST", {"json": TICKS}), ("GET", {"params": TICKS})):
        async with events(client, method, served.url, **given) as stream:
            assert stream.answer.headers["cache-control"] == "no-store"
            assert stream.answer.headers["vary"] == "Accept, Origin"
            assert await stream.rest() == [tick(0), tick(1), tick(2), COMPLETE]
            (hint,) = stream.retries
            assert RETRY_MILLISECONDS[0] <= hint <= RETRY_MILLISECONDS[1]


async def test_the_bytes_are_framed_by_line_feeds(served: Served, client: httpx.AsyncClient) -> None:
    answer = await client.post(served.url, json={"query": "subscription { ticks(to: 1) { cursor } }"}, headers=SSE)
    hint, _, rest = answer.content.partition(b"\n\n")
    assert hint.startswith(b"retry: ")
    assert rest == b'event: next\ndata: {"data":{"ticks":{"cursor":"c0"}}}\nid: c0\n\nevent: complete\ndata:\n\n'


async def test_queries_and_mutations_are_one_next_and_complete(served: Served, client: httpx.AsyncClient) -> None:
    for query, data in (("{ hello }", {"hello": "Hello, you."}), ('mutation { write(text: "a") }', {"write": "a"})):
        async with events(client, "POST", served.url, json={"query": query}) as stream:
            first, last = await stream.rest()
            assert (first.name, first.data["data"], first.id, last) == ("next", data, None, COMPLETE)
    answer = await client.post(served.url, json={"query": "mutation { signIn }"}, headers=SSE)
    assert answer.headers["set-cookie"] == "session=ann; HttpOnly"
    by_get = await client.get(served.url, params={"query": 'mutation { write(text: "b") }'}, headers=SSE)
    assert (by_get.status_code, by_get.headers["content-type"]) == (405, "application/json; charset=utf-8")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "subscription { nope }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query A { hello }", "operationName": "B"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query($n: Int!) { needs(number: $n) }", "variables": {"n": "x"}}, "BAD_USER_INPUT"),
        ({"query": "subscription($n: Int!) { count(to: $n) { number } }"}, "BAD_USER_INPUT"),
        ({"query": "subscription { refuses { number } }"}, "NOT_FOUND"),
    ],
)
async def test_what_cannot_run_is_told_in_the_stream(
    served: Served, client: httpx.AsyncClient, body: dict[str, Any], expected: str
) -> None:
    async with events(client, "POST", served.url, json=body) as stream:
        told, last = await stream.rest()
        assert (told.name, list(told.data), last) == ("next", ["errors"], COMPLETE)
        assert told.data["errors"][0]["extensions"]["code"] == expected


async def test_what_is_no_request_has_a_status(served: Served, client: httpx.AsyncClient) -> None:
    for answer, status in (
        (await client.post(served.url, content=b"{", headers={**SSE, "content-type": JSON}), 400),
        (await client.post(served.url, content=b"{}", headers={**SSE, "content-type": "text/plain"}), 415),
        (await client.get(served.url, headers=SSE), 400),
        (await client.patch(served.url, headers=SSE), 405),
        (await client.post(served.url, json=TICKS, headers={**SSE, **EVE}), 401),
        (await client.post(served.url, json=TICKS, headers={**SSE, "authorization": "Bearer busy"}), 429),
        (await client.post(served.url, json=TICKS, headers={"accept": f"{EVENT_STREAM}, {JSON}", **EVE}), 401),
    ):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert answer.json()["errors"][0]["extensions"]["code"]


async def test_a_source_that_breaks_is_told_and_masked(served: Served, client: httpx.AsyncClient) -> None:
    async with events(client, "POST", served.url, json={"query": "subscription { breaks { number } }"}) as stream:
        _, told, last = await stream.rest()
        assert told.data["errors"][0]["message"] == "Something went wrong on our side."
        assert told.data["errors"][0]["extensions"]["requestId"] == stream.answer.headers["x-request-id"]
        assert last == COMPLETE
    assert served.world.sources == 0


async def test_trusted_documents_are_streamed_and_kept_out_of_caches() -> None:
    async with serving(trusted=KNOWN) as served, served.client() as client:
        for method, url, given in (
            ("POST", served.url, {"json": {"documentId": f"sha256:{sha(COUNT)}"}}),
            ("GET", f"{served.url}/sha256:{sha(COUNT)}", {}),
            ("GET", f"{served.url}/sha256:{sha(HELLO)}", {}),
        ):
            async with events(client, method, url, **given) as stream:
                assert [event.name for event in await stream.rest()] == ["next", "complete"]
                assert stream.answer.headers["cache-control"] == "no-store"


async def test_who_wants_json_gets_json(served: Served, client: httpx.AsyncClient) -> None:
    for accept in (URQL, APOLLO, "*/*"):
        answer = await client.post(served.url, json={"query": "{ hello }"}, headers={"accept": accept})
        assert answer.json()["data"] == {"hello": "Hello, you."}
        broken = await client.post(served.url, json={"query": "{"}, headers={"accept": accept})
        assert broken.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
    async with events(client, "POST", served.url, json=TICKS, headers={"accept": URQL}) as stream:
        assert await stream.next() == tick(0)
    for accept, status in ((JSON, 200), ("*/*", 200), (GRAPHQL_RESPONSE, 400), (MULTIPART, 406)):
        answer = await client.post(served.url, json=TICKS, headers={"accept": accept})
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("subscription { ticks { number cursor } }", {}),
        ('subscription { ticks(after: "c0") { number cursor } }', {}),
        ("subscription($after: String) { ticks(after: $after) { number cursor } }", {}),
        ("subscription($after: String) { ticks(after: $after) { number cursor } }", {"after": "c0"}),
        ("subscription { ... { ...F } } fragment F on Subscription { ticks { number cursor } }", {}),
    ],
)
async def test_a_browser_that_comes_back_goes_on(
    served: Served, client: httpx.AsyncClient, query: str, variables: dict[str, Any]
) -> None:
    body = {"query": query, "variables": variables}
    headers = {"last-event-id": "c1"}
    async with events(client, "POST", served.url, json=body, headers=headers) as stream:
        assert await stream.rest() == [tick(2), COMPLETE]
    async with events(client, "POST", served.url, json={**body, "variables": {}}) as stream:  # nothing of it is kept
        first = await stream.next()
        assert first == tick(1 if "c0" in query else 0)


async def test_last_event_id_means_nothing_to_other_operations(served: Served, client: httpx.AsyncClient) -> None:
    for headers in ({"last-event-id": ""}, {"last-event-id": "x" * 300}):
        async with events(client, "POST", served.url, json=TICKS, headers=headers) as stream:
            assert await stream.next() == tick(0)
    count = {"query": "subscription { count(to: 1) { number } }"}
    async with events(client, "POST", served.url, json=count, headers={"last-event-id": "c1"}) as stream:
        assert [event.name for event in await stream.rest()] == ["next", "complete"]
    async with events(client, "POST", served.url, json={"query": "{hello}"}, headers={"last-event-id": "c"}) as stream:
        assert [event.name for event in await stream.rest()] == ["next", "complete"]


@pytest.mark.parametrize("cursor", [None, 5, "", "a\nb", "a\0", "x" * 257, {}])
def test_only_what_fits_a_line_is_an_id(cursor: object) -> None:
    assert cursor_of({"data": {"ticks": {"cursor": cursor}}}) is None
    assert b"id:" not in EventStream().result({"data": {"ticks": {"cursor": cursor}}})


@pytest.mark.parametrize(
    "result", [{"data": None}, {"errors": []}, {"data": {"a": None}}, {"data": {"a": {"cursor": "1"}, "b": {}}}]
)
def test_results_without_a_cursor_have_no_id(result: dict[str, Any]) -> None:
    assert cursor_of(result) is None


async def test_a_quiet_stream_is_kept_alive() -> None:
    async with serving(stream_bounds=StreamBounds(heartbeat_seconds=0.05)) as served, served.client() as client:
        async with events(client, "POST", served.url, json=FOREVER) as stream:
            assert await stream.any() is not None
            assert await stream.next() is not None
            assert [await stream.any() for _ in range(3)] == [Event(comment=True)] * 3
        await served.idle()
        assert served.world.sources == 0


async def test_a_client_that_leaves_ends_its_source(served: Served, client: httpx.AsyncClient) -> None:
    async with events(client, "POST", served.url, json=FOREVER) as stream:
        await stream.next()
        assert (served.world.sources, served.sockets.count) == (1, 1)
    await served.idle()
    assert (served.world.sources, served.sockets.count) == (0, 0)


async def test_each_event_has_its_own_context(served: Served, client: httpx.AsyncClient) -> None:
    async with events(client, "POST", served.url, json={"query": "subscription { count { context } }"}) as stream:
        serials = {event.data["data"]["count"]["context"] for event in (await stream.rest())[:-1]}
    assert len(serials) == 3


@pytest.mark.parametrize(("headers", "allowed"), [({}, True), ({"origin": "https://evil.example"}, False)])
async def test_a_cookie_speaks_for_our_own_pages_only(
    served: Served, client: httpx.AsyncClient, headers: dict[str, str], allowed: bool
) -> None:
    given = {**SSE, **headers, "cookie": "session=ann"}
    answer = await client.get(served.url, params={"query": "subscription { ticks { number } }"}, headers=given)
    assert answer.status_code == (200 if allowed else 403)


async def test_streams_count_as_sockets_of_their_person() -> None:
    async with (
        serving(sockets=Sockets(max_per_person=2, max_sockets=3)) as served,
        served.client() as client,
        AsyncExitStack() as stack,
    ):
        socket = await stack.enter_async_context(served.dial())
        await greet(socket, "Bearer ann")
        first = AsyncExitStack()
        stream = await first.enter_async_context(events(client, "POST", served.url, json=FOREVER, headers=ANN))
        await stream.next()
        refused = await client.post(served.url, json=FOREVER, headers={**SSE, **ANN})
        assert (refused.status_code, "retry-after" in refused.headers) == (429, True)
        assert refused.json()["errors"][0]["extensions"]["code"] == "QUOTA_EXCEEDED"
        other = await stack.enter_async_context(events(client, "POST", served.url, json=FOREVER))
        await other.next()
        full = await client.post(served.url, json=FOREVER, headers=SSE)
        assert (full.status_code, "retry-after" in full.headers) == (503, True)
        await first.aclose()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while served.sockets.count == 3:
                tasks = set(served.server.server_state.tasks)
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        again = await stack.enter_async_context(events(client, "POST", served.url, json=FOREVER, headers=ANN))
        assert await again.next() is not None


async def ended_by(stream: Events) -> tuple[str, Event | None]:
    """The message and code that end a stream, and what comes last."""
    told = await stream.next()
    assert told is not None
    (error,) = told.data["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    last = await stream.next()
    assert await stream.next() is None
    return error["message"], last


async def test_a_stream_ends_with_its_session() -> None:
    async with serving() as served, served.client() as client:
        async with (
            events(client, "POST", served.url, json=FOREVER, headers=ANN) as ann,
            events(client, "POST", served.url, json=FOREVER) as nobody,
        ):
            assert await ann.next() is not None
            assert await nobody.next() is not None
            assert await served.sockets.close_sessions("session-ann") == 1
            assert await ended_by(ann) == ("The session has ended.", COMPLETE)
            late = await client.post(served.url, json=FOREVER, headers={**SSE, **ANN})  # looked up a moment too early
            assert late.status_code == 401
            assert served.world.sources == 1
        served.world.token_lifetime = timedelta(seconds=0.3)
        bob = {"authorization": "Bearer bob"}
        async with events(client, "POST", served.url, json=FOREVER, headers=bob) as stream:
            assert await stream.next() is not None
            assert await ended_by(stream) == ("The session has expired.", COMPLETE)
        await served.idle()
        assert (served.world.sources, served.sockets.count, served.sockets.persons) == (0, 0, {})


async def test_a_shutdown_asks_to_come_back_later(caplog: pytest.LogCaptureFixture) -> None:
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(serving())
        client = await AsyncExitStack().enter_async_context(served.client())
        stream = await client.send(client.build_request("POST", served.url, json=FOREVER, headers=SSE), stream=True)
        lines = stream.aiter_lines()
        while not (await anext(lines)).startswith("data:"):
            pass
        served.server.config.timeout_graceful_shutdown = 600  # which it does not wait for
        async with asyncio.timeout(PATIENCE_SECONDS):
            await stack.aclose()
        rest = [line async for line in lines if line and not line.startswith("id:")]
        (hint,) = rest
        assert RESTART_MILLISECONDS[0] <= int(hint.removeprefix("retry: ")) <= RESTART_MILLISECONDS[1]
        await client.aclose()
        assert served.world.sources == 0
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_who_stops_reading_is_cut_off_and_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    async with (
        serving(stream_bounds=StreamBounds(send_seconds=0.3)) as served,
        served.client() as client,
        asyncio.timeout(PATIENCE_SECONDS),
    ):
        body = orjson.dumps(FLOOD)
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port, limit=4_096)
        head = "POST /graphql HTTP/1.1\r\nhost: a\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n"
        writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        assert b"200" in await reader.readline()
        (task,) = served.server.server_state.tasks
        while not task.done():
            answer = await client.post(served.url, json={"query": "{ hello }"})
            assert answer.status_code == 200
        assert (served.world.sources, served.sockets.count) == (0, 0)
        writer.transport.abort()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_nothing_is_left_of_streams_that_drop() -> None:
    async with serving(sockets=Sockets(max_per_person=100)) as served:
        before = len(asyncio.all_tasks())
        for _ in range(5):
            async with served.client() as client, AsyncExitStack() as stack:
                for number in range(20):
                    headers = ANN if number % 2 else {}
                    opened = events(client, "POST", served.url, json=FOREVER, headers=headers)
                    stream = await stack.enter_async_context(opened)
                    await stream.next()
            await served.idle()
        assert (served.world.sources, served.sockets.count, served.sockets.persons) == (0, 0, {})
        await no_more_tasks(before + 1)


def follow_home(reader: Person, client: httpx.AsyncClient, after: str | None, last: str | None = None) -> Any:
    """A reader's home as events, by GET as `EventSource` has it."""
    params = {"query": OPERATIONS, "operationName": "HomeLive", "variables": orjson.dumps({"after": after}).decode()}
    headers = {"authorization": f"Bearer {reader.token}", **({"last-event-id": last} if last else {})}
    return events(client, "GET", f"{reader.town.url}/graphql", params=params, headers=headers)


async def published(stream: Events) -> tuple[str, str | None]:
    """Post and event id of the next post that arrives."""
    while True:
        event = await stream.next()
        assert event is not None
        found = event.data["data"]["homeTimeline"]
        assert event.id == found["cursor"]
        if found["__typename"] == "PostPublished":
            return found["edge"]["node"]["id"], event.id
        assert found["__typename"] == "LiveHeartbeat"


async def test_a_home_goes_on_from_the_last_event_that_was_seen(town: Town) -> None:
    author, reader = await town.person("ada"), await town.person("bob")
    await reader.follow(author)
    page = await reader.home()
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
        async with follow_home(reader, client, page["liveCursor"]) as stream:
            posts = [await author.write("One")]
            seen, last = await published(stream)
        posts += [await author.write("Two"), await author.write("Three")]
        # The address still says the page's cursor, as a browser's does; what was seen is not sent again.
        async with follow_home(reader, client, page["liveCursor"], last) as stream:
            again = [await published(stream) for _ in posts[1:]]
            posts.append(await author.write("Four"))
            again.append(await published(stream))
    assert [seen, *(post for post, _ in again)] == posts


async def test_signing_out_ends_the_streams_of_the_session(town: Town) -> None:
    reader = await town.person("bob")
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client, follow_home(reader, client, None) as stream:
        assert await stream.next() is not None
        await reader.ask("mutation { logOut(input: {}) { userErrors { message } } }")
        assert await ended_by(stream) == ("The session has ended.", COMPLETE)
