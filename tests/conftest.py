"""What every test may ask for: real servers of its own."""

from __future__ import annotations

import asyncio
import gc
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import uvicorn
from hypothesis import settings as examples
from starlette.applications import Starlette

from app import create_app
from dev.run import RAISED_LIMITS
from dev.stack import Stack
from execution.protocol import listen, server_config
from models.migrate import migrate
from realtime.cancel import end_tasks
from realtime.relay import Relay
from realtime.wire import Wire
from settings import Settings, read
from tests.people import LIMITS, PATIENCE_SECONDS, Town

# A change is judged by what it changed: property tests try the same examples at every run. `make test-random` tries others.
examples.register_profile("same", derandomize=True)
examples.register_profile("random", derandomize=False, print_blob=True)
examples.load_profile("same")


@dataclass(slots=True)
class Serving:
    """A running application: where it is reached, and what a fault test needs of it."""

    url: str
    settings: Settings
    application: Starlette
    relay: asyncio.Task[None]


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A started stack with a fresh database and an empty bucket; every xdist worker has its own.

    A test that kills one of its servers starts it again before it ends.
    """
    stack = Stack(Path(tempfile.mkdtemp(prefix="fresque-test-")), durable=False)
    try:
        stack.start()
        yield stack
    finally:
        stack.remove()


@asynccontextmanager
async def serving(told: Settings) -> AsyncIterator[Serving]:
    """An API process's application on a free port of this process, with a relay beside it."""
    listening = listen("127.0.0.1", 0)
    told = replace(told, port=listening.getsockname()[1])
    application = create_app(told)
    server = uvicorn.Server(server_config(application, told))
    served = asyncio.create_task(server.serve(sockets=[listening]))
    wire = Wire(told.redis_url)
    relay = asyncio.create_task(Relay(wire, told.database_url).run())
    try:
        while not server.started:  # uvicorn tells in no other way
            await asyncio.sleep(0.005)
            assert not served.done(), "The server did not start."
        yield Serving(f"http://127.0.0.1:{told.port}", told, application, relay)
    finally:
        assert not await end_tasks([relay], PATIENCE_SECONDS)
        await wire.close()
        server.should_exit = True
        await served


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def told(stack: Stack) -> Settings:
    """The settings of the process under test, on a migrated database."""
    read_from = {**RAISED_LIMITS, **stack.environment()}
    found = replace(read(read_from), argon2_memory_kib=64, argon2_time_cost=1, development=True)
    await migrate(found.database_url)
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(told: Settings) -> AsyncIterator[Serving]:
    """One running Fresque for the whole session: API and relay on real servers."""
    async with serving(told) as found:
        yield found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def town(running: Serving) -> AsyncIterator[Town]:
    """The running Fresque as people reach it."""
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, limits=LIMITS) as client:
        yield Town(running.url, client)


@pytest.fixture
def no_garbage() -> Iterator[None]:
    """The garbage of a whole session of tests is not collected within what is measured here."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
