"""The limit for `bench.delivery`: bare `websockets.broadcast`, told by lines of JSON on standard input what to send."""

from __future__ import annotations

import asyncio
import sys

import orjson
import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve


async def main() -> None:
    """Print the port, then send what is said, until standard input ends."""
    connected: set[ServerConnection] = set()

    async def keep(connection: ServerConnection) -> None:
        connected.add(connection)
        try:
            await connection.wait_closed()
        finally:
            connected.discard(connection)

    async with serve(keep, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        reader = asyncio.StreamReader(limit=2**26)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            asked = orjson.loads(line)
            text = asked["text"]
            for _ in range(asked["times"]):
                if asked["each"]:
                    for number, connection in enumerate(list(connected)):
                        await connection.send(f"{number:08}{text[8:]}")
                else:
                    broadcast(connected, text)
            print(len(connected), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
