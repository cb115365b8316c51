"""`POST /verify` before and besides pictures: who has handed in enough is told so at once, and who goes away is let go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from starlette.requests import HTTPConnection
from starlette.types import Message

from errors import RateLimited
from execution.transports.hand_in import HandIn

SCOPE: dict[str, Any] = {"type": "http", "method": "POST", "path": "/verify", "query_string": b"", "headers": []}


class Bench:
    """An endpoint by itself, and what came of it."""

    def __init__(self, *, full: bool = False) -> None:
        self.full = full
        self.counted = 0
        self.taken: list[bytes | str] = []
        self.read = 0

    async def admit(self, connection: HTTPConnection) -> None:
        self.counted += 1
        if self.full:
            raise RateLimited("Too many.", retry_after=7)

    async def take(self, connection: HTTPConnection, picture: bytes | str) -> str:
        self.taken.append(picture)
        return "a ticket"

    async def answer(self, messages: Sequence[Message]) -> tuple[int, dict[str, Any], dict[bytes, bytes]]:
        """Status, body and headers for a request whose body comes as these messages."""
        left, sent = list(messages), list[Message]()

        async def receive() -> Message:
            self.read += 1
            return left.pop(0)

        async def send(message: Message) -> None:
            sent.append(message)

        await HandIn(10, self.admit, self.take)(SCOPE, receive, send)
        return sent[0]["status"], orjson.loads(sent[1]["body"]), dict(sent[0]["headers"])


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


async def test_a_picture_gets_a_ticket() -> None:
    bench = Bench()
    assert (await bench.answer([part(b"pic", more=True), part(b"ture")]))[:2] == (200, {"ticket": "a ticket"})
    assert (bench.counted, bench.taken) == (1, [b"picture"])


async def test_who_has_handed_in_enough_is_told_before_anything_is_read() -> None:
    bench = Bench(full=True)
    status, said, headers = await bench.answer([part(b"picture")])
    assert (status, said["errors"][0]["extensions"]["code"], headers[b"retry-after"]) == (429, "RATE_LIMITED", b"7")
    assert (bench.counted, bench.read, bench.taken) == (1, 0, [])


async def test_what_is_refused_counts() -> None:
    bench = Bench()
    for body, status in ((b"", 400), (b"more than ten", 413)):
        assert (await bench.answer([part(body)]))[0] == status
    assert (bench.counted, bench.taken) == (2, [])


async def test_who_goes_away_in_the_middle_is_let_go() -> None:
    bench = Bench()
    assert (await bench.answer([part(b"pic", more=True), {"type": "http.disconnect"}]))[0] == 400
    assert bench.taken == []
