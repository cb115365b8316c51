"""graphql-transport-ws as a client of the tests speaks it, message by message."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection


async def say(socket: ClientConnection, **message: Any) -> None:
    await socket.send(orjson.dumps(message).decode())


async def hear(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(60):
        heard: dict[str, Any] = orjson.loads(await socket.recv())
    return heard


async def greet(socket: ClientConnection, authorization: str | None = None) -> None:
    await say(socket, type="connection_init", payload={"authorization": authorization} if authorization else None)
    assert await hear(socket) == {"type": "connection_ack"}


async def closing(socket: ClientConnection) -> tuple[int, str]:
    """Reads to the end; the close code and reason."""
    async with asyncio.timeout(60):
        await socket.wait_closed()
    assert socket.close_code is not None
    return socket.close_code, socket.close_reason or ""
