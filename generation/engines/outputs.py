"""The outputs of one request made beside each other, each asked for once, as one stream of steps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace

from generation.engine import BLOCKED_CODES, EngineError, Failed, Partial, Picture, Progress, Refused, Request, Step
from generation.engines.ledger import Ledger

Make = Callable[[int], AsyncIterator[Step]]


async def each_once(request: Request, make: Make, *, most: int, paid: bool) -> AsyncGenerator[Step, None]:
    """The steps of `make(index)` for what is wanted, at most so many at once, each noted in the ledger before it begins.

    An output that fails does not stop the others; see `apart` for what is said of it and what is raised.
    """
    ledger = Ledger(request.upstream_id)
    faults = {index: fault for index in request.wanted if (fault := ledger.closed(index, paid=paid)) is not None}
    made = False
    asked = [index for index in request.wanted if index not in faults]
    if asked:
        yield ledger.asked(*asked)
        failed: dict[int, EngineError] = {}
        steps = _beside(asked, most, make, failed)
        try:
            async for step in steps:
                made = made or isinstance(step, Picture)
                yield step
        finally:
            await steps.aclose()
        if failed:
            yield ledger.ended(failed)
            faults |= failed
    told, fault = apart(request, faults, made=made)
    for each in told:
        yield each
    if fault is not None:
        raise fault


def apart(
    request: Request, faults: Mapping[int, EngineError], *, made: bool
) -> tuple[list[Refused | Failed], EngineError | None]:
    """What is said of each output that was not made, and what is left to be raised for those of which nothing was said.

    Each has its own reason where the engine is known to work: it made another (`made`), or it looked at what was asked for and
    refused it. Otherwise the fault may be everybody's, and is raised: the one that another attempt may mend, or else the first.
    """
    works = made or any(fault.code in BLOCKED_CODES for fault in faults.values())
    if not works or len(request.wanted) < 2:
        left = dict(faults)
    else:
        left = {index: fault for index, fault in faults.items() if fault.retryable}
    told: list[Refused | Failed] = []
    for index in sorted(faults.keys() - left.keys()):
        fault = faults[index]
        if fault.code in BLOCKED_CODES:
            told.append(Refused(index, fault.code, fault.message, fault.stage, fault.categories))
        else:
            told.append(Failed(index, fault.code, fault.message))
    ordered = [left[index] for index in sorted(left)]
    return told, next((fault for fault in ordered if fault.retryable), next(iter(ordered), None))


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
