"""Fresque as real processes on servers of their own, for tests that kill them.

    with own_stack("live") as stack:
        house = Processes(stack)
        relay, api = house.relay("relay"), house.api("api")
        await house.begin(relay, api)
        api.kill()

Every process ends with the thread that started it, however that ends.
"""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from dev.ports import first_free, free_pairs
from dev.run import RAISED_LIMITS
from dev.stack import Parts, Stack
from tests.forked import LOOK_SECONDS, Forked, run

START_SECONDS = 120
GRACE_SECONDS = 10
QUICK = {"ARGON2_MEMORY_KIB": "64", "ARGON2_TIME_COST": "1", **RAISED_LIMITS}


class Process:
    """One process of a Procfile, which can be killed and started again as it was."""

    def __init__(self, name: str, home: Path, module: str, environment: Mapping[str, str], *arguments: str) -> None:
        self.name = name
        self.environment = dict(environment)
        self._program = (module, *arguments)
        self._log = home / "logs" / f"{name}.log"
        self._forked: Forked | None = None

    @property
    def pid(self) -> int:
        """Its process id. Raises AssertionError when it does not run."""
        assert self._forked is not None, f"{self.name} was not started"
        assert self.runs, f"{self.name} does not run:\n{self.said()}"
        return self._forked.pid

    @property
    def runs(self) -> bool:
        """Whether it runs now."""
        return self._forked is not None and self._forked.returncode is None

    def start(self) -> None:
        """Start it without waiting for it."""
        assert not self.runs, f"{self.name} runs already"
        self._log.parent.mkdir(exist_ok=True)
        self._forked = Forked(*self._program, environment=self.environment, log=self._log)

    async def ready(self) -> None:
        """Nothing to wait for; what this process does shows elsewhere."""

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._forked is not None:
            self._forked.kill()

    def stop(self) -> None:
        """End it as a deploy would, and wait."""
        if self._forked is not None:
            self._forked.stop(GRACE_SECONDS)

    def pause(self) -> None:
        """Let it do nothing until `go_on`."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it run again."""
        os.kill(self.pid, signal.SIGCONT)

    async def ended(self) -> int:
        """Wait until it ends by itself; its return code."""
        assert self._forked is not None
        async with asyncio.timeout(START_SECONDS):
            return await self._forked.wait()

    def said(self) -> str:
        """The end of its log."""
        return "\n".join(self._forked.said().splitlines()[-40:]) if self._forked is not None else ""


class Api(Process):
    """An API process on a port that it keeps when it is started again."""

    port: int = 0

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    async def ready(self) -> None:
        """Wait until it serves."""
        async with asyncio.timeout(START_SECONDS), httpx.AsyncClient() as client:
            while True:
                assert self.runs, self.said()
                with suppress(httpx.TransportError):
                    if (await client.get(f"{self.url}/readyz")).status_code == 200:
                        return
                await asyncio.sleep(LOOK_SECONDS)  # another process tells in no other way that it listens now


class Processes:
    """The processes of one Fresque on one stack."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.environment = {**os.environ, **stack.environment(), **QUICK}
        self.all: list[Process] = []
        self._ports = iter(free_pairs(40))

    def api(self, name: str, variant: str = "", **variables: str) -> Api:
        """An API process; `variant` is one of `tests.unsafe_process`, `variables` are more of its environment."""
        port = first_free(next(self._ports))
        module, arguments = ("tests.unsafe_process", [variant]) if variant else ("app", [])
        told = {**self.environment, "PORT": str(port), **variables}
        process = Api(name, self.stack.home, module, told, *arguments)
        process.port = port
        self.all.append(process)
        return process

    def relay(self, name: str) -> Process:
        """A relay."""
        process = Process(name, self.stack.home, "realtime.relay", self.environment)
        self.all.append(process)
        return process

    def worker(self, name: str) -> Process:
        """A worker that makes pictures."""
        process = Process(name, self.stack.home, "generation.worker", self.environment)
        self.all.append(process)
        return process

    async def begin(self, *processes: Process) -> None:
        """Start these side by side and wait until they serve."""
        for process in processes:
            process.start()
        for process in processes:
            await process.ready()

    async def sql(self, text: str, *arguments: object) -> list[asyncpg.Record]:
        """The rows of one statement, on a connection of its own."""
        connection = await asyncpg.connect(self.stack.postgres.url)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(text, *arguments)
            return rows
        finally:
            await connection.close()

    async def value(self, text: str, *arguments: object) -> Any:
        """The one value of one statement."""
        (row,) = await self.sql(text, *arguments)
        return row[0]

    async def until(self, text: str, *arguments: object) -> None:
        """Wait until a statement that asks whether something is so says that it is."""
        async with asyncio.timeout(START_SECONDS):
            while not await self.value(text, *arguments):  # noqa: ASYNC110  # what other processes write is seen by looking
                await asyncio.sleep(LOOK_SECONDS)

    def end(self) -> None:
        """Kill whatever still runs."""
        for process in self.all:
            process.kill()


@contextmanager
def own_stack(name: str, *, s3: bool = False) -> Iterator[Stack]:
    """A migrated stack that nobody else uses, removed with all data in the end."""
    stack = Stack(Path(tempfile.mkdtemp(prefix=f"fresque-test-{name}-")), durable=False, parts=Parts(s3=s3))
    try:
        stack.start()
        environment = {**os.environ, **stack.environment()}
        run("models.migrate", environment=environment, log=stack.home / "migrate.log")
        yield stack
    finally:
        stack.remove()
