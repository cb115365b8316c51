"""A site on this machine that a test fills: real pages, served by a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class World:
    """A site on this machine: what it answers by path, and what it was asked."""

    url: str = ""
    pages: dict[str, Serve] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Whatever was put there."""
        self.asked.append(request.path)
        serve = self.pages.get(request.path)
        return await serve(request) if serve else web.Response(status=404)

    def put(self, path: str, body: str | bytes, content_type: str = "text/html; charset=utf-8", **headers: str) -> str:
        """Something at a path; its address."""

        async def serve(request: web.Request) -> web.StreamResponse:
            raw = body.encode() if isinstance(body, str) else body
            return web.Response(body=raw, headers={"Content-Type": content_type, **headers})

        self.pages[path] = serve
        return self.url + path


@asynccontextmanager
async def site_of_pages() -> AsyncIterator[World]:
    """A site on a free port."""
    site = World()
    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", site.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://localhost:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()
