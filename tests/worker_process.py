"""`python -m tests.worker_process [VARIANT]`: a real worker process whose only engine is the easel.

A variant is the worker with one of its protections taken out: a test that holds the protection runs the same scenario
against the variant and sees it fail, so it is known to be able to.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from generation import worker
from generation.run import LeaseLost, Run
from generation.worker import Worker, serve
from models import job_end, lease
from models.database import fetch
from models.lease import DATABASE_FAULTS
from settings import settings
from storage.bucket import Bucket
from tests.jobs import Easel

LATER_SECONDS = 30.0


def unfenced() -> None:
    """Who writes is not asked whether the lease is still theirs."""
    lease.FENCE = "$2::uuid IS NOT NULL"


def lazy() -> None:
    """Rows say that a picture is kept before its bytes are in the bucket."""
    put = Bucket.put
    tasks: set[asyncio.Task[None]] = set()

    async def soon(self: Bucket, *given: Any) -> None:
        async def later() -> None:
            await asyncio.sleep(LATER_SECONDS)
            await put(self, *given)

        tasks.add(asyncio.get_running_loop().create_task(later()))

    Bucket.put = soon  # type: ignore[method-assign,assignment]


def hurried() -> None:
    """What could not be written is given up at once."""

    async def written(self: Run, write: Callable[[], Awaitable[Any]]) -> Any:
        try:
            answer = await write()
        except DATABASE_FAULTS as error:
            raise LeaseLost from error
        if answer is None:
            raise LeaseLost
        return answer

    Run._written = written  # type: ignore[method-assign]


def unreaped() -> None:
    """Nobody looks after jobs that nobody looks after."""

    async def nothing(self: Worker) -> None:
        return None

    Worker._reap = nothing  # type: ignore[method-assign]


def blind() -> None:
    """That another engine may have taken the work is forgotten when an attempt breaks off."""
    put_back = job_end.put_back

    async def forget(row: Any, setback: job_end.Setback) -> Any:
        await fetch("UPDATE generation_jobs SET upstream_id = NULL WHERE id = $1", row["id"])
        return await put_back({**row, "upstream_id": None}, setback)

    lease.put_back = forget  # type: ignore[attr-defined]


def deaf() -> None:
    """Work is looked for only when Redis says that there is some, and once at the start."""
    worker.POLL_SECONDS = LATER_SECONDS

    def ended(self: Worker, task: asyncio.Task[None]) -> None:
        del self._runs[task]

    Worker._ended = ended  # type: ignore[method-assign]


VARIANTS = {variant.__name__: variant for variant in (unfenced, lazy, hurried, unreaped, blind, deaf)}

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    for name in sys.argv[1:]:
        VARIANTS[name]()
    asyncio.run(serve([Easel()], settings()))
