"""The outputs of one request made beside each other, each asked for once, as one stream of steps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import replace

from generation.engine import EngineError, Partial, Progress, Request, Step
from generation.engines.ledger import Ledger

Make = Callable[[int], AsyncIterator[Step]]


async def each_once(request: Request, make: Make, *, most: int, paid: bool) -> AsyncGenerator[Step, None]:
    """The steps of `make(index)` for what is wanted, at most so many at once, each noted in the ledger before it begins.

    An output that fails does not stop the others. Then raises the EngineError that weighs most: one that another attempt
    may mend, or else the first.
    """
    ledger = Ledger(request.upstream_id)
    faults = {index: fault for index in request.wanted if (fault := ledger.closed(index, paid=paid)) is not None}
    asked = [index for index in request.wanted if index not in faults]
    if asked:
        yield ledger.asked(*asked)
        failed: dict[int, EngineError] = {}
        steps = _beside(asked, most, make, failed)
        try:
            async for step in steps:
                yield step
        finally:
            await steps.aclose()
        if failed:
            yield ledger.ended(failed)
            faults |= failed
    if faults:
        raise next((fault for fault in faults.values() if fault.retryable), next(iter(faults.values())))


async def _beside(
    indexes: Sequence[int], most: int, make: Make, failed: dict[int, EngineError]
) -> AsyncGenerator[Step, None]:
    """Steps as they come; their fractions become those of the whole. Closing this stops everything."""
    steps: asyncio.Queue[Step | None] = asyncio.Queue()
    places = asyncio.Semaphore(most)
    fractions = dict.fromkeys(indexes, 0.0)

    def whole(index: int, fraction: float) -> float:
        fractions[index] = max(fractions[index], fraction)
        return sum(fractions.values()) / len(fractions)

    async def one(index: int) -> None:
        async with places:
            try:
                async for step in make(index):
                    if isinstance(step, Progress | Partial):
                        step = replace(step, fraction=whole(index, step.fraction))
                    steps.put_nowait(step)
            except EngineError as error:
                failed[index] = error

    async def everyone() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for index in indexes:
                    group.create_task(one(index))
        finally:
            steps.put_nowait(None)

    work = asyncio.create_task(everyone())
    try:
        while (step := await steps.get()) is not None:
            yield step
        await work
    finally:
        work.cancel()
        await asyncio.wait((work,))
