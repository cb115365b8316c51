"""Apollo's multipart subscriptions on a real uvicorn: framing that a strict reader takes, and how they end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from email.parser import BytesParser
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio

from execution.transports.negotiation import EVENT_STREAM, GRAPHQL_RESPONSE, JSON
from execution.transports.stream import StreamBounds
from tests.people import OPERATIONS, PATIENCE_SECONDS, Town
from tests.streaming import pieces
from tests.toy import Served, serving

ONLY = "multipart/mixed;subscriptionSpec=1.0"
APOLLO = f"multipart/mixed;boundary=graphql;subscriptionSpec=1.0,{GRAPHQL_RESPONSE},{JSON};q=0.9"
LAST = f"{JSON}, {ONLY}"
ANN = {"authorization": "Bearer ann"}
TICKS = {"query": "subscription { ticks(to: 2) { number cursor } }"}
FOREVER = {"query": "subscription { forever { number } }"}
HEAD = "\r\nContent-Type: application/json\r\n\r\n"


@pytest_asyncio.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving() as served:
        yield served


@pytest_asyncio.fixture
async def client(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    async with served.client() as client:
        yield client


class Parts:
    """An open multipart answer, read part by part as each is ended by its delimiter."""

    def __init__(self, texts: AsyncIterator[str]) -> None:
        self.texts = texts

    async def next(self) -> Any:
        """The next part that is no heartbeat, decoded."""
        while (part := await self.any()) == {}:
            pass
        return part

    async def any(self) -> Any:
        """The next part, decoded."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            text = await anext(self.texts)
        assert text.startswith(HEAD)
        return orjson.loads(text.removeprefix(HEAD))


@asynccontextmanager
async def parts(served: Served, client: httpx.AsyncClient, body: Any, **headers: str) -> AsyncIterator[Parts]:
    given = {"accept": APOLLO, **headers}
    async with client.stream("POST", served.url, json=body, headers=given) as answer:
        assert answer.headers["content-type"] == 'multipart/mixed;boundary="graphql";subscriptionSpec="1.0"'
        async with aclosing(pieces(answer, "\r\n--graphql")) as texts:
            assert await anext(texts) == ""
            yield Parts(texts)


def strictly(answer: httpx.Response) -> list[Any]:
    """The parts of a whole answer as the standard library's MIME reader finds them, defects refused."""
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + answer.content)
    assert (message.defects, message.preamble, message.epilogue) == ([], "", "")
    found = []
    for part in message.get_payload():
        assert not isinstance(part, str)
        assert (part.defects, part.items()) == ([], [("Content-Type", "application/json")])
        found.append(orjson.loads(part.get_payload(decode=True)))  # type: ignore[arg-type]  # bytes, when decoded
    return found


@pytest.mark.parametrize("accept", [APOLLO, ONLY, LAST, f"{EVENT_STREAM};q=0.5, {LAST}"])
async def test_a_subscription_from_start_to_end(served: Served, client: httpx.AsyncClient, accept: str) -> None:
    answer = await client.post(served.url, json=TICKS, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.content.startswith(b"\r\n--graphql\r\nContent-Type: application/json\r\n\r\n{")
    assert answer.content.endswith(b"}\r\n--graphql--\r\n")
    assert strictly(answer) == [
        {"payload": {"data": {"ticks": {"number": number, "cursor": f"c{number}"}}}} for number in range(2)
    ]


async def test_a_part_is_ended_when_it_is_sent(served: Served, client: httpx.AsyncClient) -> None:
    async with parts(served, client, FOREVER) as stream:
        assert await stream.next() == {"payload": {"data": {"forever": {"number": 0}}}}
        assert served.world.sources == 1
    await served.idle()
    assert served.world.sources == 0


async def test_queries_are_json_unless_nothing_else_is_taken(served: Served, client: httpx.AsyncClient) -> None:
    for accept, media in ((APOLLO, GRAPHQL_RESPONSE), (LAST, JSON)):
        answer = await client.post(served.url, json={"query": "{ hello }"}, headers={"accept": accept})
        assert answer.headers["content-type"] == f"{media}; charset=utf-8"
    answer = await client.post(served.url, json={"query": "{ hello }"}, headers={"accept": ONLY})
    (part,) = strictly(answer)
    assert part["payload"]["data"] == {"hello": "Hello, you."}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { refuses { number } }", "NOT_FOUND"),
        ("subscription($n: Int!) { count(to: $n) { number } }", "BAD_USER_INPUT"),
    ],
)
async def test_what_cannot_run_is_a_payload(served: Served, client: httpx.AsyncClient, query: str, code: str) -> None:
    (part,) = strictly(await client.post(served.url, json={"query": query}, headers={"accept": APOLLO}))
    assert part["payload"]["errors"][0]["extensions"]["code"] == code


async def test_what_is_no_document_is_json_where_that_is_taken(served: Served, client: httpx.AsyncClient) -> None:
    answer = await client.post(served.url, json={"query": "{"}, headers={"accept": APOLLO})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "GRAPHQL_PARSE_FAILED")
    (part,) = strictly(await client.post(served.url, json={"query": "{"}, headers={"accept": ONLY}))
    assert part["payload"]["errors"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
    refused = await client.post(served.url, json=TICKS, headers={"accept": ONLY, "authorization": "Bearer eve"})
    assert (refused.status_code, refused.headers["content-type"]) == (401, "application/json; charset=utf-8")


async def test_a_quiet_stream_is_kept_alive() -> None:
    async with serving(stream_bounds=StreamBounds(heartbeat_seconds=0.05)) as served, served.client() as client:
        async with parts(served, client, FOREVER) as stream:
            assert await stream.next() is not None
            assert [await stream.any() for _ in range(3)] == [{}, {}, {}]
        await served.idle()


async def test_a_stream_that_is_closed_says_so_without_a_payload(caplog: pytest.LogCaptureFixture) -> None:
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(serving())
        async with (
            served.client() as client,
            parts(served, client, FOREVER, **ANN) as ann,
            parts(served, client, FOREVER) as nobody,
        ):
            for stream in (ann, nobody):
                assert await stream.next() is not None
            await served.sockets.close_sessions("session-ann")
            await _ends(ann, "UNAUTHENTICATED")
            await stack.aclose()
            await _ends(nobody, "SERVER_RESTARTING")
        assert (served.world.sources, served.sockets.count) == (0, 0)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def _ends(stream: Parts, code: str) -> None:
    part = await stream.next()
    assert part["payload"] is None
    assert part["errors"][0]["extensions"]["code"] == code


async def test_a_home_arrives_in_parts(town: Town) -> None:
    author, reader = await town.person("ada"), await town.person("bob")
    await reader.follow(author)
    body = {
        "query": OPERATIONS,
        "operationName": "HomeLive",
        "variables": {"after": (await reader.home())["liveCursor"]},
    }
    headers = {"accept": APOLLO, "authorization": f"Bearer {reader.token}"}
    async with (
        httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client,
        client.stream("POST", f"{town.url}/graphql", json=body, headers=headers) as answer,
        aclosing(pieces(answer, "\r\n--graphql")) as texts,
    ):
        assert await anext(texts) == ""
        stream = Parts(texts)
        assert (await stream.next())["payload"]["data"]["homeTimeline"]["__typename"] == "LiveHeartbeat"
        post = await author.write("In parts")
        assert (await stream.next())["payload"]["data"]["homeTimeline"]["edge"]["node"]["id"] == post
