"""Somebody who asks thousands of times: straight at the application, past the wire, which other tests have."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.types import ASGIApp

ADDRESS = ("198.51.100.7", 1234)
SUBPROTOCOL = "graphql-transport-ws"
LOOSE: list[Any] = [
    None, True, False, 0, -1, 2**31, 2**63, 2**64, 1.5, -0.0, 1e308, "", " ", "\0", "x\0y", "\u202e", "\ufeff", "\ufffd" * 40,
    "e" + "\u0301" * 200, "👩‍👩‍👧‍👦", "x" * 5_000, "1", "-1", "true", "null", "*", "../..", "a\r\nPUBLISH x y", "%s%n", "{}", "[]",
    "'; SELECT pg_sleep(9); --", "{ __typename }", "mutation { x }", "post_1", "user_0000000000001", [], [[]], [None], {}, {"a": {"a": {}}},
    {"__proto__": 1}, {"constructor": {"prototype": 1}}, ["x"] * 200, {str(n): n for n in range(60)},
]  # fmt: skip


@dataclass(slots=True)
class Answer:
    """What came back."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""


async def ask(
    app: ASGIApp,
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[bytes, bytes] | None = None,
    query: bytes = b"",
) -> Answer:
    """The answer to one request; who asks has gone when it is there."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path, "raw_path": path.encode(),
        "query_string": query, "root_path": "", "scheme": "http", "client": ADDRESS, "server": ("127.0.0.1", 80),
        "headers": [(b"host", b"fresque.example"), *(headers or {}).items()],
    }  # fmt: skip
    found = Answer()
    sent = done = False
    over = asyncio.Event()

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal done
        if message["type"] == "http.response.start":
            assert not found.status, "an answer begins once"
            found.status, found.headers = message["status"], list(message["headers"])
        else:
            assert not done, "an answer ends once"
            found.body += message.get("body", b"")
            done = not message.get("more_body", False)
            if done or found.body:  # of a stream the beginning is enough
                over.set()

    async with asyncio.timeout(60):
        await app(scope, receive, send)
    return found


async def converse(
    app: ASGIApp, frames: list[str | bytes], headers: Mapping[bytes, bytes] | None = None
) -> tuple[list[dict[str, Any]], int]:
    """What a socket says to these frames, and the code it is closed with; 0 where it is left open and the peer goes."""
    scope = {
        "type": "websocket", "asgi": {"version": "3.0"}, "http_version": "1.1", "path": "/graphql", "raw_path": b"/graphql",
        "query_string": b"", "root_path": "", "scheme": "ws", "client": ADDRESS, "server": ("127.0.0.1", 80),
        "subprotocols": [SUBPROTOCOL], "extensions": {}, "headers": [(b"host", b"fresque.example"), *(headers or {}).items()],
    }  # fmt: skip
    waiting: list[dict[str, Any]] = [{"type": "websocket.connect"}]
    waiting += [
        {"type": "websocket.receive", **({"text": frame} if isinstance(frame, str) else {"bytes": frame})}
        for frame in frames
    ]
    heard: list[dict[str, Any]] = []
    code = 0
    closed = asyncio.Event()

    async def receive() -> Any:
        if waiting and not closed.is_set():
            return waiting.pop(0)
        return {"type": "websocket.disconnect", "code": 1005}

    async def send(message: Any) -> None:
        nonlocal code
        if message["type"] == "websocket.close":
            code = message["code"]
            closed.set()
        elif message["type"] == "websocket.send":
            heard.append(orjson.loads(message["text"]))

    async with asyncio.timeout(60):
        await app(scope, receive, send)
    return heard, code


def garbled(chance: random.Random, whole: bytes) -> bytes:
    """Bytes that were all right before something happened to them."""
    data = bytearray(whole)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(6):
            case 0:
                del data[place:]
            case 1:
                data[place:place] = chance.randbytes(chance.randint(1, 8))
            case 2:
                del data[place : place + chance.randint(1, 20)]
            case 3:
                data[place:place] = data[: chance.randint(0, 40)]
            case 4 if data:
                data[place % len(data)] = chance.randrange(256)
            case _:
                data[place:place] = chance.choice(
                    [b"\\ud800", b"\0", b"[" * 2_000, b'{"a":' * 500, b'"', b"\\", b"NaN", b"1e999", b"\xff\xfe", b"//"]
                )
    return bytes(data)


def misshapen(chance: random.Random, value: Any, share: float = 0.3) -> Any:
    """The same value with something else in some of its places."""
    if chance.random() < share / 2:
        return chance.choice(LOOSE)
    if isinstance(value, dict):
        found = {name: misshapen(chance, one, share) for name, one in value.items() if chance.random() > share / 4}
        if chance.random() < share / 2:
            found[chance.choice(["", "__proto__", "id", "x" * 300, "\0"])] = chance.choice(LOOSE)
        return found
    if isinstance(value, list):
        return [misshapen(chance, one, share) for one in value]
    return value
