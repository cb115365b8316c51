"""Streams over HTTP as a client of the tests reads them: events one by one, parts one by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

PATIENCE_SECONDS = 60.0
SSE = {"accept": "text/event-stream"}


@dataclass(frozen=True)
class Event:
    """One server-sent event; `data` is decoded, None when it is empty."""

    name: str = ""
    data: Any = None
    id: str | None = None
    retry: int | None = None
    comment: bool = False


def read_event(block: str) -> Event:
    """The event in the lines between two blank ones."""
    assert "\r" not in block
    fields: dict[str, str] = {}
    for line in block.split("\n"):
        name, colon, value = line.partition(":")
        assert colon
        assert name not in fields
        fields[name] = value.removeprefix(" ")
    assert set(fields) <= {"", "event", "data", "id", "retry"}
    data = orjson.loads(fields["data"]) if fields.get("data") else None
    retry = int(fields["retry"]) if "retry" in fields else None
    return Event(fields.get("event", ""), data, fields.get("id"), retry, "" in fields)


class Events:
    """An open stream of events."""

    def __init__(self, answer: httpx.Response, blocks: AsyncIterator[str]) -> None:
        self.answer = answer
        self.blocks = blocks
        self.retries: list[int] = []
        self.comments = 0

    async def any(self) -> Event | None:
        """The next event of any kind; None at the end."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            async for block in self.blocks:
                return read_event(block)
        return None

    async def next(self) -> Event | None:
        """The next named event, hints and comments counted and passed over; None at the end."""
        while (event := await self.any()) is not None:
            if event.retry is not None:
                self.retries.append(event.retry)
            elif event.comment:
                self.comments += 1
            else:
                return event
        return None

    async def rest(self) -> list[Event]:
        """Every named event to the end."""
        found = []
        while (event := await self.next()) is not None:
            found.append(event)
        return found


async def pieces(answer: httpx.Response, delimiter: str) -> AsyncGenerator[str]:
    """What stands between delimiters, as it arrives; what is behind the last one must be nothing."""
    text = ""
    async for chunk in answer.aiter_text():
        text += chunk
        while delimiter in text:
            piece, _, text = text.partition(delimiter)
            yield piece
    assert text == ""


@asynccontextmanager
async def events(client: httpx.AsyncClient, method: str, url: str, **options: Any) -> AsyncIterator[Events]:
    """A stream of events that was opened; SSE is asked for unless `headers` say otherwise."""
    options["headers"] = {**SSE, **options.get("headers", {})}
    async with client.stream(method, url, **options) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        async with aclosing(pieces(answer, "\n\n")) as blocks:
            yield Events(answer, blocks)
