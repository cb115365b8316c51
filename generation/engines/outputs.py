"""The outputs of one request made beside each other, as one stream of steps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import replace

from generation.engine import EngineError, Partial, Progress, Step

Make = Callable[[int], AsyncIterator[Step]]


async def beside(
    indexes: Sequence[int], most: int, make: Make, faults: dict[int, EngineError]
) -> AsyncGenerator[Step, None]:
    """The steps of `make(index)` for each index, at most so many at once; their fractions become those of the whole.

    An output that ends in an EngineError is left in `faults` and does not stop the others. Closing this stops them all.
    """
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
                faults[index] = error

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


def worst(faults: Sequence[EngineError]) -> EngineError:
    """The error that stands for several: one that another attempt may mend, or else the first."""
    return next((fault for fault in faults if fault.retryable), faults[0])
