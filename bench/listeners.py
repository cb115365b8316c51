"""Many WebSocket clients in one process, for `bench.delivery`: they subscribe, count what comes and when, and check little.

Commands come as lines of JSON on standard input, each answered by one line: `connect` opens so many more sockets, `expect`
waits until so many frames have come since the last `mark`, `latencies` gives what was measured by the posts' own texts.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import struct
import sys
import time
from typing import Any

import orjson
import uvloop

STAMP = re.compile(rb"at ([0-9]+\.[0-9]+)")
EXPECT_SECONDS = 60.0
CONNECT_SECONDS = 300.0  # of thousands
HANDSHAKES_AT_ONCE = 25


def masked(data: bytes) -> bytes:
    """A client's text frame. The mask is zero, as it may be."""
    size = len(data)
    head = bytes((0x81, 0x80 | size)) if size < 126 else struct.pack("!BBH", 0x81, 0x80 | 126, size)
    return head + b"\0\0\0\0" + data


class Tally:
    """What all sockets of this process have had."""

    frames = 0
    bytes = 0
    closed = 0
    ready = 0
    sample = b""
    watch_latency = False
    latencies_ms: list[float] = []


class Listener(asyncio.Protocol):
    """One socket with one subscription, or one that only listens where `said` is empty."""

    def __init__(self, path: str, said: list[bytes], subprotocol: str, greeted: bool) -> None:
        self.path, self.said, self.subprotocol, self.greeted = path, said, subprotocol, greeted
        self.buffer = b""
        self.open = False
        self.answers = 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        offered = f"Sec-WebSocket-Protocol: {self.subprotocol}\r\n" if self.subprotocol else ""
        transport.write(
            f"GET {self.path} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{offered}\r\n".encode()
        )

    def connection_lost(self, error: Exception | None) -> None:
        Tally.closed += 1

    def data_received(self, data: bytes) -> None:
        data = self.buffer + data if self.buffer else data
        if not self.open:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self.buffer = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                raise RuntimeError(data[:200].decode())
            self.open = True
            data = data[end + 4 :]
            self._speak()
        place, size = 0, len(data)
        while size - place >= 2:
            length, head = data[place + 1] & 127, 2
            if length == 126:
                if size - place < 4:
                    break
                length, head = (data[place + 2] << 8) | data[place + 3], 4
            elif length == 127:
                if size - place < 10:
                    break
                length, head = int.from_bytes(data[place + 2 : place + 10], "big"), 10
            if size - place < head + length:
                break
            if data[place] & 15 == 9:  # a ping
                self.transport.write(b"\x8a\x80\0\0\0\0" if not length else self._pong(data, place + head, length))
            else:
                self._frame(data, place + head, length)
            place += head + length
        self.buffer = data[place:]

    def _pong(self, data: bytes, start: int, length: int) -> bytes:
        return bytes((0x8A, 0x80 | length)) + b"\0\0\0\0" + data[start : start + length]

    def _speak(self) -> None:
        if self.said:
            self.transport.write(masked(self.said[0]))
        elif not self.subprotocol:
            Tally.ready += 1

    def _frame(self, data: bytes, start: int, length: int) -> None:
        if self.said and self.answers < len(self.said) - (not self.greeted):
            self.answers += 1
            if self.answers < len(self.said):
                self.transport.write(masked(self.said[self.answers]))
            if self.answers == len(self.said) - (not self.greeted):
                Tally.ready += 1  # the first message of the subscription has come, or none is expected
            return
        if b"LiveHeartbeat" in data[start : start + 200]:
            return
        Tally.frames += 1
        Tally.bytes += length
        if not Tally.sample:
            Tally.sample = data[start : start + length]
        if Tally.watch_latency:
            stamp = STAMP.search(data, start, start + length)
            if stamp:
                Tally.latencies_ms.append((time.time() - float(stamp[1])) * 1000)


async def connect(port: int, path: str, said: list[list[bytes]], subprotocol: str, greeted: bool) -> None:
    """Open sockets, and return once each has had its first message, or has asked where there is none."""
    loop = asyncio.get_running_loop()
    began, closed = Tally.ready, Tally.closed
    async with asyncio.timeout(CONNECT_SECONDS):
        for number in range(0, len(said), HANDSHAKES_AT_ONCE):
            some = said[number : number + HANDSHAKES_AT_ONCE]
            await asyncio.gather(
                *(
                    loop.create_connection(lambda one=one: Listener(path, one, subprotocol, greeted), "127.0.0.1", port)  # type: ignore[misc]
                    for one in some
                )
            )
            # Who has not said yet who they are counts as one signed-out address, which may not have many sockets.
            # On a busy machine one of thousands may be given up; more than that is a mistake.
            while Tally.ready + Tally.closed < began + closed + number + len(some):  # noqa: ASYNC110  # they tell nobody
                await asyncio.sleep(0.002)
            if Tally.closed - closed > len(said) // 100:
                raise RuntimeError(f"{Tally.closed - closed} sockets of {len(said)} were closed")


async def main() -> None:
    """Do what standard input says."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=2**26)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        asked = orjson.loads(line)
        answer: dict[str, Any] = {}
        match asked["do"]:
            case "connect":
                said = [[text.encode() for text in one] for one in asked["said"]]
                await connect(asked["port"], asked["path"], said, asked["subprotocol"], asked["greeted"])
            case "mark":
                Tally.frames = Tally.bytes = 0
                Tally.latencies_ms = []
                Tally.watch_latency = asked["latency"]
            case "expect":
                until = time.monotonic() + EXPECT_SECONDS
                while Tally.frames < asked["frames"] and time.monotonic() < until:  # noqa: ASYNC110  # likewise
                    await asyncio.sleep(0.002)
            case "latencies":
                answer["latencies_ms"] = sorted(Tally.latencies_ms)
        answer |= {
            "frames": Tally.frames,
            "bytes": Tally.bytes,
            "closed": Tally.closed,
            "sample": Tally.sample.decode(),
        }
        print(orjson.dumps(answer).decode(), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
