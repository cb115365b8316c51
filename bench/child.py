"""A process of a bench that is spoken to in lines."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any

import orjson

from bench.results import HERE
from bench.spent import cpu_seconds, resident_bytes
from dev.child import TETHER

LINE_BYTES = 2**26


def tied(*command: str) -> list[str]:
    """The command, so that it ends when we do, however that is."""
    return [sys.executable, "-I", "-S", str(TETHER), str(int(signal.SIGTERM)), "-1", "-1", str(os.getpid()), *command]


class Child:
    """A process, what it says on standard output, and what it spends."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, *command: str, environment: Mapping[str, str] | None = None) -> Child:
        """Start it in the repository's folder; what it prints comes by `read`."""
        pipe = asyncio.subprocess.PIPE
        return cls(
            await asyncio.create_subprocess_exec(
                *tied(*command), stdin=pipe, stdout=pipe, env=environment, limit=LINE_BYTES, cwd=HERE
            )
        )

    async def read(self) -> str:
        """The next line."""
        assert self.process.stdout is not None
        return (await self.process.stdout.readline()).decode()

    async def ask(self, **what: Any) -> Any:
        """Say something and hear the answer. Raises ValueError when it has ended."""
        assert self.process.stdin is not None
        self.process.stdin.write(orjson.dumps(what) + b"\n")
        return orjson.loads(await self.read())

    @property
    def cpu_seconds(self) -> float:
        """CPU time of all its threads, in user and kernel mode."""
        return cpu_seconds([self.process.pid])

    @property
    def resident_bytes(self) -> int:
        """Its memory."""
        return resident_bytes(self.process.pid)

    async def end(self) -> None:
        """Stop it."""
        if self.process.returncode is None:
            self.process.terminate()
        await self.process.wait()
