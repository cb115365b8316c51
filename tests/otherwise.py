"""The running Fresque as it would be with other settings, at an address of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import uvicorn
from redis.asyncio import Redis

from app import Shared
from dev.stack import Stack
from execution.protocol import listen, server_config
from safety.limit import Limit
from safety.points import Points
from tests.conftest import Serving
from tests.people import PATIENCE_SECONDS, Town

DATABASE = 9


@asynccontextmanager
async def otherwise(running: Serving, stack: Stack, **changes: Any) -> AsyncIterator[Town]:
    """With these settings, and budgets that nobody has touched; the same database, bucket and feeds."""
    shared: Shared = running.application.state.shared
    told, house = replace(running.settings, **changes), shared()
    url = stack.redis.database_url(DATABASE)
    async with aclosing(Redis.from_url(url)) as redis:
        await redis.flushdb()
    limit, listening = Limit(url), listen("127.0.0.1", 0)
    config = server_config(running.application, told)
    config.lifespan = "off"  # the application runs already
    server = uvicorn.Server(config)
    served = asyncio.create_task(server.serve(sockets=[listening]))
    shared.house = replace(house, settings=told, points=Points(told, limit))
    try:
        async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as client:
            yield Town(f"http://127.0.0.1:{listening.getsockname()[1]}", client)
    finally:
        shared.house = house
        server.should_exit = True
        await served
        await limit.close()
