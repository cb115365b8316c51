"""Ten thousand requests, ten thousand frames and some thousand heads that are no good: each is refused, nothing breaks, nothing is kept."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import random
import time
from collections import Counter
from urllib.parse import quote_from_bytes

import orjson
import psutil
import pytest
from graphql import OperationDefinitionNode, parse

from tests.attacks.outsider import LOOSE, Answer, ask, converse, garbled, misshapen
from tests.conftest import Serving
from tests.people import OPERATIONS, Town
from tests.tasks import no_more_tasks

MANY = 10_000
WARM = 1_500  # after which nothing may grow any more
MOST_GROWTH_BYTES = 24 * 1024 * 1024
LEAKS = (b"Traceback", b'File "', b"asyncpg", b"site-packages", b"SELECT ", b"postgres://", b"INTERNAL_SERVER_ERROR")
NAMES = [
    one.name.value for one in parse(OPERATIONS).definitions if isinstance(one, OperationDefinitionNode) and one.name
]
GIVEN = {
    "input": {"text": "x", "handle": "x", "login": "x", "password": "x", "postId": "post_1"},
    "id": "x",
    "first": 2,
}
SMALL = [
    "{ __typename }",
    "query($id: ID!) { node(id: $id) { id } }",
    "subscription { exploreTimeline { __typename } }",
]
ACCEPTS = [
    b"application/json", b"application/graphql-response+json", b"text/event-stream", b"*/*", b"multipart/mixed;subscriptionSpec=1.0",
    b"multipart/mixed;deferSpec=20220824", b"", b"text/html", b"\xff\xfe", b"a/b;q=x, " * 200,
]  # fmt: skip
TYPES = [b"application/json"] * 6 + [
    b"text/plain",
    b"application/json; charset=utf-16",
    b"multipart/form-data; boundary=x",
    b"",
    b"application/jsonx",
]


class Flat:
    """This process, whose memory and tasks stay what they are."""

    def __init__(self) -> None:
        gc.collect()
        self.tasks = len(asyncio.all_tasks())
        self.bytes = psutil.Process().memory_info().rss

    async def same(self) -> None:
        """Fails where something was kept."""
        await no_more_tasks(self.tasks + 2)  # what was left behind ends by itself
        gc.collect()
        assert psutil.Process().memory_info().rss - self.bytes < MOST_GROWTH_BYTES


def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing was logged but, at most, that a client did something odd."""
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING or one.exc_info] == []


def harmless(answer: Answer, about: object) -> None:
    """No fault of ours, and nothing of our inside."""
    assert 200 <= answer.status < 500, (about, answer)
    assert not any(leak in answer.body for leak in LEAKS), (about, answer.body[:500])


def request(chance: random.Random) -> bytes:
    """The body of a request, all right but for what happened to it."""
    if chance.random() < 0.7:
        document, name = chance.choice(SMALL), None
    else:
        document, name = OPERATIONS, chance.choice(NAMES)
    whole = {
        "query": document,
        "operationName": name,
        "variables": GIVEN,
        "extensions": {"persistedQuery": {"version": 1}},
    }
    drawn = chance.random()
    if drawn < 0.4:
        return garbled(chance, orjson.dumps({**whole, "query": chance.choice(SMALL)}))
    if drawn < 0.5:
        return json.dumps(chance.choice(LOOSE)).encode()
    if drawn < 0.7:
        return orjson.dumps({**whole, "query": garbled(chance, document[:2_000].encode()).decode(errors="replace")})
    return json.dumps(misshapen(chance, whole)).encode()


async def test_ten_thousand_bodies(running: Serving, town: Town, caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(10)
    token = (await town.person("ada")).token or ""
    shown = [b"", b"", b"Bearer " + token.encode(), b"Bearer x", b"Basic eDp4", b"Bearer " + b"x" * 5_000, b"\xff"]
    seen: Counter[int] = Counter()
    flat = Flat()
    for number in range(MANY):
        if number == WARM:
            await flat.same()
            flat = Flat()
        headers = {
            b"content-type": chance.choice(TYPES),
            b"accept": chance.choice(ACCEPTS),
            b"authorization": chance.choice(shown),
        }
        if chance.random() < 0.1:
            headers[b"x-graphql-event-stream-token"] = chance.choice([b"sse_x", b"", b"x" * 2_000, b"\xff"])
        body = request(chance)
        method = chance.choice(["POST"] * 8 + ["GET", "DELETE", "QUERY", "PATCH", "OPTIONS"])
        query = b"query=" + quote_from_bytes(body[:1_500]).encode() if method in ("GET", "DELETE") else b""
        if method == "GET" and chance.random() < 0.3:
            query = garbled(chance, b"query={__typename}&variables=%7B%7D&operationName=x&extensions=%7B%7D")
        answer = await ask(running.application, method, "/graphql", body, headers, query)
        harmless(answer, (number, method, body[:200], query[:200]))
        seen[answer.status] += 1
        if number % 500 == 0:
            began = time.process_time()
            await town.http.post(f"{town.url}/graphql", json={"query": "{ __typename }"})
            assert time.process_time() - began < 0.5
    assert set(seen) >= {200, 400, 401, 405, 415}, seen
    await flat.same()
    quiet(caplog)


def frames(chance: random.Random) -> list[str | bytes]:
    """What somebody says on a socket; the last of it is hardly a message."""
    said: list[str | bytes] = []
    init = {"type": "connection_init", "payload": {"authorization": "Bearer x"} if chance.random() < 0.1 else {}}
    if chance.random() < 0.7:
        said.append(orjson.dumps(init).decode())
    whole = {"type": "subscribe", "id": "1", "payload": {"query": chance.choice(SMALL), "variables": GIVEN}}
    drawn = chance.random()
    if drawn < 0.5:
        said.append(garbled(chance, orjson.dumps(whole)).decode(errors="replace"))
    elif drawn < 0.6:
        said.append(chance.randbytes(chance.randint(0, 200)))
    elif drawn < 0.9:
        said.append(json.dumps(misshapen(chance, whole)))
    else:
        said += [orjson.dumps(init).decode()] * 2
    return said


async def test_ten_thousand_frames(running: Serving, caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(11)
    sockets = running.application.state.sockets
    before = sockets.count
    codes: Counter[int] = Counter()
    flat = Flat()
    for number in range(MANY):
        if number == WARM:
            await flat.same()
            flat = Flat()
        said = frames(chance)
        heard, code = await converse(running.application, said)
        codes[code] += 1
        assert code in (0, 4400, 4401, 4403, 4408, 4409, 4429, 1013), (said, code)
        assert not any(leak.decode() in str(heard) for leak in LEAKS), (said, heard)
    assert set(codes) >= {4400, 4401, 4403, 4429}, codes
    assert sockets.count == before
    await flat.same()
    quiet(caplog)


HEAD = (
    b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 24\r\n\r\n"
    + b'{"query":"{__typename}"}'
)
UPGRADE = (
    b"GET /graphql HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
SMUGGLED = [
    HEAD.replace(b"Content-Length: 24", b"Content-Length: 24\r\nTransfer-Encoding: chunked"),
    HEAD.replace(b"Content-Length: 24", b"Content-Length: 24\r\nContent-Length: 5"),
    HEAD.replace(b"Content-Length: 24", b"Transfer-Encoding: xchunked"),
    HEAD.replace(b"Content-Length: 24", b"Transfer-Encoding:\x0bchunked"),
    HEAD.replace(b"Content-Length: 24", b"Content-Length: -24"),
    HEAD.replace(b"Content-Length: 24", b"Content-Length: 0x18"),
    HEAD.replace(b"Content-Length: 24", b"Content-Length: 99999999999999999999"),
    HEAD.replace(b"Host: a", b"Host: a\r\n X: folded"),
    HEAD.replace(b"\r\n", b"\n"),
    HEAD.replace(b"HTTP/1.1", b"HTTP/9.9"),
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # the beginning of TLS
    HEAD.replace(b"Host: a", b"Host: a\r\nX: \x00"),
]


async def raw(port: int, data: bytes) -> bytes:
    """What comes back to these bytes, of which no more come."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    found = b""
    with contextlib.suppress(ConnectionError):
        writer.write(data)
        writer.write_eof()
        found = await reader.read(20_000)
    writer.transport.abort()
    return found


async def test_bytes_that_are_no_http(running: Serving, town: Town, caplog: pytest.LogCaptureFixture) -> None:
    chance = random.Random(12)
    port = running.settings.port
    for number in range(600):
        whole = chance.choice((HEAD, UPGRADE + chance.randbytes(40)))
        data = SMUGGLED[number] if number < len(SMUGGLED) else garbled(chance, whole)
        found = await raw(port, data)
        assert not found.startswith(b"HTTP/1.1 5"), data
        assert not any(leak in found for leak in LEAKS), (data, found)
    assert (await town.http.get(f"{town.url}/readyz")).status_code == 200
    assert [one for one in caplog.records if one.exc_info] == []


@pytest.mark.parametrize("data", SMUGGLED[:7], ids=range(7))
async def test_no_request_hides_behind_another(running: Serving, data: bytes) -> None:
    found = await raw(running.settings.port, data + b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
    assert b"ok\n" not in found, "what two readers of HTTP could read in two ways is read by none"
