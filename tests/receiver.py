"""A program that takes webhooks: a real server on this machine, which checks signatures with somebody else's code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from standardwebhooks import Webhook

PATIENCE_SECONDS = 60
Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Got:
    """One request: the headers in lower case, and the body as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message_id(self) -> str:
        """The `webhook-id`."""
        return self.headers["webhook-id"]

    @property
    def data(self) -> dict[str, Any]:
        """The message's `data`."""
        found: dict[str, Any] = orjson.loads(self.body)["data"]
        return found

    @property
    def event(self) -> str:
        """The message's `type`."""
        return str(orjson.loads(self.body)["type"])

    def verify(self, secret: str) -> None:
        """Fails when the signature is not one of this secret, by an implementation that is not ours."""
        Webhook(secret).verify(self.body, self.headers)


@dataclass(slots=True)
class Receiver:
    """What came, and what is answered: the next of `replies`, then 204."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    replies: list[Reply | int] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Note a request and answer it."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.got.append(Got(request.path_qs, headers, await request.read()))
        self.news.set()
        reply = self.replies.pop(0) if self.replies else 204
        return web.Response(status=reply) if isinstance(reply, int) else await reply(request)

    async def until(self, count: int) -> list[Got]:
        """Everything that came, once it is so many."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.got) < count:
                self.news.clear()
                await self.news.wait()
        return self.got


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver()
    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", receiver.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    (address,) = runner.addresses
    receiver.url = f"http://127.0.0.1:{address[1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()
