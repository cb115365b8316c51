"""GraphQL over WebSocket on a real uvicorn: the protocol to the letter, and its bounds."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from websockets.exceptions import ConnectionClosed

from execution.transports.socket import Bounds, Socket
from execution.transports.sockets import Sockets
from tests.people import PATIENCE_SECONDS
from tests.speaking import closing, greet, hear, say
from tests.tasks import no_more_tasks
from tests.test_message import MALFORMED_FRAMES
from tests.toy import Served, serving

FOREVER = {"query": "subscription { forever { number } }"}


@pytest_asyncio.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


async def test_a_subscription_from_start_to_end(served: Served) -> None:
    async with served.dial() as socket:
        assert socket.subprotocol == "graphql-transport-ws"
        assert socket.protocol.extensions == []
        await greet(socket)
        await say(socket, type="subscribe", id="1", payload={"query": "subscription { count(to: 2) { number } }"})
        assert [await hear(socket) for _ in range(3)] == [
            {"id": "1", "type": "next", "payload": {"data": {"count": {"number": 0}}}},
            {"id": "1", "type": "next", "payload": {"data": {"count": {"number": 1}}}},
            {"id": "1", "type": "complete"},
        ]


async def test_queries_and_mutations_run_as_well(served: Served) -> None:
    async with served.dial() as socket:
        await greet(socket)
        asked = (("{ hello }", {"hello": "Hello, you."}, 1), ('mutation { write(text: "a") }', {"write": "a"}, 10))
        for query, data, points in asked:
            await say(socket, type="subscribe", id="1", payload={"query": query})
            cost = {"requested": 0, "maximum": 5_000, "points": points}
            payload = {"data": data, "extensions": {"cost": cost}}
            assert await hear(socket) == {"id": "1", "type": "next", "payload": payload}
            assert await hear(socket) == {"id": "1", "type": "complete"}


async def test_the_init_says_who_it_is(served: Served) -> None:
    whoami = {"query": "{ whoami }"}
    for options, authorization, expected in (
        ({}, "Bearer ann", "ann"),
        ({"additional_headers": {"authorization": "Bearer bob"}}, None, "bob"),
        ({"additional_headers": {"cookie": "session=cook"}, "origin": "https://friend.example"}, None, "cook"),
        ({"additional_headers": {"cookie": "session=cook"}, "origin": f"http://127.0.0.1:{served.port}"}, None, "cook"),
        ({"additional_headers": {"cookie": "session=cook"}, "origin": "https://evil.example"}, "Bearer ann", "ann"),
        ({"origin": "https://evil.example"}, None, None),
    ):
        async with served.dial(**options) as socket:
            await greet(socket, authorization)
            await say(socket, type="subscribe", id="1", payload=whoami)
            assert (await hear(socket))["payload"]["data"] == {"whoami": expected}


async def test_what_signing_in_needs_is_let_go_with_it(served: Served) -> None:
    """Cookies, keys and tokens stay no longer than the handshake; what operations may ask for does."""
    async with served.dial(additional_headers={"cookie": "session=cook", "user-agent": "Kept"}) as socket:
        await greet(socket, "Bearer ann")
        (open_socket,) = (one for one, who in served.sockets.open.items() if who and who.user_id == "ann")
        assert isinstance(open_socket, Socket)
        assert open_socket.connection.headers.raw == [(b"user-agent", b"Kept")]
        await say(socket, type="subscribe", id="1", payload={"query": "{ whoami }"})
        assert (await hear(socket))["payload"]["data"] == {"whoami": "ann"}


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://friend.example", "https://friend.example:444"]
)
async def test_a_cookie_does_not_speak_for_foreign_pages(served: Served, origin: Any) -> None:
    async with served.dial(additional_headers={"cookie": "session=cook"}, origin=origin) as socket:
        await say(socket, type="connection_init")
        assert await closing(socket) == (4403, "Pages of this origin may not act for a signed-in reader.")


async def test_bad_credentials_close_4403(served: Served) -> None:
    async with served.dial() as socket:
        await say(socket, type="connection_init", payload={"authorization": "Bearer eve"})
        assert await closing(socket) == (4403, "The token is not valid.")
    async with served.dial() as socket:
        await say(socket, type="connection_init", payload={"authorization": ["Bearer ann"]})
        assert (await closing(socket))[0] == 4400


async def test_a_fault_while_signing_in_is_not_told(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served.world, "token_lifetime", "no time")
    async with served.dial() as socket:
        await say(socket, type="connection_init", payload={"authorization": "Bearer ann"})
        assert await closing(socket) == (1013, "Something went wrong on our side.")


@pytest.mark.parametrize("subprotocols", [None, ["graphql-ws"]])
async def test_other_subprotocols_close_4406(served: Served, subprotocols: Any) -> None:
    async with served.dial(subprotocols=subprotocols) as socket:
        assert (await closing(socket))[0] == 4406


async def test_no_init_in_time_closes_4408() -> None:
    async with serving(Bounds(init_seconds=0.2)) as served, served.dial() as socket:
        await say(socket, type="ping")
        assert await hear(socket) == {"type": "pong"}
        assert await closing(socket) == (4408, "Connection initialisation timeout")


async def test_close_codes_of_the_protocol(served: Served) -> None:
    async with served.dial() as socket:
        await say(socket, type="subscribe", id="1", payload=FOREVER)
        assert await closing(socket) == (4401, "Unauthorized")
    async with served.dial() as socket:
        await greet(socket)
        await say(socket, type="connection_init")
        assert await closing(socket) == (4429, "Too many initialisation requests")
    async with served.dial() as socket:
        await greet(socket)
        await say(socket, type="subscribe", id="dup", payload=FOREVER)
        await hear(socket)
        await say(socket, type="subscribe", id="dup", payload=FOREVER)
        assert await closing(socket) == (4409, "Subscriber for dup already exists")
    await served.idle()
    assert served.world.sources == 0


@pytest.mark.parametrize("frame", [*MALFORMED_FRAMES.values(), "UTF-8"], ids=[*MALFORMED_FRAMES.keys(), "no UTF-8"])
@pytest.mark.parametrize("greeted", [False, True])
async def test_malformed_frames_close_4400(
    served: Served, frame: str | bytes, greeted: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async with served.dial() as socket:
        if greeted:
            await greet(socket)
        if frame == "UTF-8":
            socket.transport.write(bytes([0x81, 0x82, 0, 0, 0, 0, 0xC3, 0x28]))
        else:
            await socket.send(frame)
        code, reason = await closing(socket)
    assert code == 4400
    assert reason.endswith(".")
    await served.idle()
    assert caplog.records == []


async def test_a_message_may_come_in_pieces_but_not_in_many(served: Served) -> None:
    async with served.dial() as socket:
        await greet(socket)
        await socket.send(['{"type":', '"ping"}'])
        assert await hear(socket) == {"type": "pong"}
        with contextlib.suppress(ConnectionClosed):  # it may be cut off before the last piece is sent
            await socket.send(" " for _ in range(100))
        assert (await closing(socket))[0] == 1006


async def test_a_message_above_64_kib_closes_1009(served: Served) -> None:
    async with served.dial() as socket:
        await greet(socket)
        filler = 64 * 1024 - len('{"type":"ping","payload":{"a":""}}')
        await socket.send('{"type":"ping","payload":{"a":"%s"}}' % ("x" * filler))
        assert (await hear(socket))["type"] == "pong"
        await socket.send('{"type":"ping","payload":{"a":"%s"}}' % ("x" * (filler + 1)))
        assert (await closing(socket))[0] == 1009


async def test_pings_are_echoed_and_pongs_taken(served: Served) -> None:
    async with served.dial() as socket:
        await say(socket, type="pong")
        await say(socket, type="ping", payload={"n": 1})
        assert await hear(socket) == {"type": "pong", "payload": {"n": 1}}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nope }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query A { hello }", "operationName": "B"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "{ hello " + "hello " * 6_000 + "}"}, "QUERY_TOO_COMPLEX"),
        ({"query": "query($n: Int!) { needs(number: $n) }", "variables": {"n": "x"}}, "BAD_USER_INPUT"),
        ({"query": "subscription($n: Int!) { count(to: $n) { number } }", "variables": {}}, "BAD_USER_INPUT"),
        ({"query": "subscription { refuses { number } }"}, "NOT_FOUND"),
        ({"query": "{ noJson }"}, "INTERNAL_SERVER_ERROR"),
    ],
)
async def test_what_cannot_run_ends_one_operation(served: Served, payload: dict[str, Any], expected: str) -> None:
    async with served.dial() as socket:
        await greet(socket)
        await say(socket, type="subscribe", id="live", payload=FOREVER)
        await hear(socket)
        await say(socket, type="subscribe", id="1", payload=payload)
        ended = await hear(socket)
        assert (ended["id"], ended["type"]) == ("1", "error")
        assert ended["payload"][0]["extensions"]["code"] == expected
        await say(socket, type="subscribe", id="1", payload={"query": "{ hello }"})
        assert (await hear(socket))["type"] == "next"


async def test_a_source_that_breaks_is_an_error_and_masked(served: Served) -> None:
    async with served.dial() as socket:
        await greet(socket)
        await say(socket, type="subscribe", id="1", payload={"query": "subscription { breaks { number } }"})
        assert (await hear(socket))["type"] == "next"
        ended = await hear(socket)
        assert ended["type"] == "error"
        assert ended["payload"][0]["message"] == "Something went wrong on our side."
        assert len(ended["payload"][0]["extensions"]["requestId"]) == 16


async def test_complete_ends_an_operation_and_unknown_ids_are_passed_over(served: Served) -> None:
    async with served.dial() as socket:
        await greet(socket)
        for _ in range(3):
            await say(socket, type="subscribe", id="1", payload=FOREVER)
            assert (await hear(socket))["type"] == "next"
            await say(socket, type="complete", id="1")
        await say(socket, type="complete", id="unknown")
        await say(socket, type="subscribe", id="2", payload={"query": "{ hello }"})
        assert [(await hear(socket))["id"] for _ in range(2)] == ["2", "2"]
        assert served.world.sources == 0


async def test_complete_does_not_cut_a_mutation() -> None:
    async with serving() as served, served.dial() as socket:
        await greet(socket)
        await say(socket, type="subscribe", id="1", payload={"query": 'mutation { slowWrite(text: "kept") }'})
        await served.world.entered.wait()
        await say(socket, type="complete", id="1")
        await say(socket, type="ping")
        assert await hear(socket) == {"type": "pong"}
        served.world.gate.set()
        await served.runner.drain()
        assert served.world.written == ["kept"]


async def test_each_operation_and_each_event_has_its_own_context(served: Served) -> None:
    async with served.dial() as socket:
        await greet(socket)
        serials = []
        for _ in range(2):
            await say(socket, type="subscribe", id="1", payload={"query": "subscription { count { context } }"})
            serials += [(await hear(socket))["payload"]["data"]["count"]["context"] for _ in range(3)]
            assert (await hear(socket))["type"] == "complete"
    assert len(set(serials)) == 6


async def test_operations_on_a_socket_are_bounded() -> None:
    async with serving(Bounds(max_operations=3)) as served, served.dial() as socket:
        await greet(socket)
        for number in range(3):
            await say(socket, type="subscribe", id=str(number), payload=FOREVER)
            await hear(socket)
        await say(socket, type="subscribe", id="4", payload=FOREVER)
        refused = await hear(socket)
        assert (refused["id"], refused["type"]) == ("4", "error")
        assert refused["payload"][0]["extensions"]["code"] == "QUOTA_EXCEEDED"
        await say(socket, type="complete", id="0")
        await say(socket, type="subscribe", id="4", payload=FOREVER)
        assert (await hear(socket))["type"] == "next"


async def test_sockets_of_a_person_and_of_the_process_are_bounded() -> None:
    async with serving(sockets=Sockets(max_per_person=2, max_sockets=4)) as served, AsyncExitStack() as stack:
        first = await stack.enter_async_context(served.dial())
        second = await stack.enter_async_context(served.dial())
        for socket in (first, second):
            await greet(socket, "Bearer ann")
        third = await stack.enter_async_context(served.dial())
        await say(third, type="connection_init", payload={"authorization": "Bearer ann"})
        assert await closing(third) == (4403, "2 sockets are open already, which is the most for one person.")
        other = await stack.enter_async_context(served.dial())
        await greet(other, "Bearer bob")
        anyone = await stack.enter_async_context(served.dial())
        assert (await closing(anyone))[0] == 1013
        await first.close()
        await _gone(served, 2)
        again = await stack.enter_async_context(served.dial())
        await greet(again, "Bearer ann")


async def test_closing_from_outside() -> None:
    async with serving() as served, served.dial() as ann, served.dial() as bob, served.dial() as nobody:
        await greet(ann, "Bearer ann")
        await greet(bob, "Bearer bob")
        await greet(nobody)
        await say(ann, type="subscribe", id="1", payload=FOREVER)
        await hear(ann)
        assert await served.sockets.close_sessions("session-ann") == 1
        assert await closing(ann) == (4403, "The session has ended.")
        async with served.dial() as late:  # looked up before the session was revoked
            await say(late, type="connection_init", payload={"authorization": "Bearer ann"})
            assert await closing(late) == (4403, "The session has ended.")
        await say(bob, type="ping")
        assert await hear(bob) == {"type": "pong"}
        assert await served.sockets.close_user("bob", reason="The password has changed.") == 1
        assert await closing(bob) == (4403, "The password has changed.")
        await _gone(served, 1)
        assert await served.sockets.close_all() == 1
        assert await closing(nobody) == (1012, "The server restarts.")
        await served.idle()
        assert (served.sockets.count, served.sockets.persons, served.sockets.sessions) == (0, {}, {})
        assert served.world.sources == 0


async def test_a_session_closes_its_socket_when_it_expires() -> None:
    async with serving() as served, served.dial() as socket:
        served.world.token_lifetime = timedelta(seconds=0.3)
        await greet(socket, "Bearer ann")
        await say(socket, type="subscribe", id="1", payload=FOREVER)
        await hear(socket)
        assert await closing(socket) == (4403, "The session has expired.")
        await served.idle()
        assert served.world.sources == 0


async def test_a_shutdown_says_1012() -> None:
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(serving())
        socket = await served.dial()
        await greet(socket)
        await say(socket, type="subscribe", id="1", payload=FOREVER)
        await hear(socket)
        await stack.aclose()
        assert (await closing(socket))[0] == 1012
        assert served.world.sources == 0


async def test_nothing_is_left_of_500_sockets_that_drop(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as served:
        before = len(asyncio.all_tasks())
        for round_number in range(25):
            sockets = await asyncio.gather(*(served.dial() for _ in range(20)))
            for number, socket in enumerate(sockets):
                await greet(socket, "Bearer ann")
                for operation in ("1", "2"):
                    await say(socket, type="subscribe", id=operation, payload=FOREVER)
                    await hear(socket)
                if (number + round_number) % 3 == 0:
                    await say(socket, type="complete", id="1")
                if number % 2:
                    socket.transport.abort()
                else:
                    await socket.close()
            await _gone(served, 0)
        await served.idle()
        gc.collect()
        assert served.world.sources == 0
        assert served.sockets.count == 0
        assert [kept for kept in gc.get_objects() if isinstance(kept, Socket)] == []
        await no_more_tasks(before + 1)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def _gone(served: Served, left: int) -> None:
    """Waits until all but `left` connections have ended on the server."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(tasks := set(served.server.server_state.tasks)) > left:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
