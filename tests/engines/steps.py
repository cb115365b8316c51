"""What an engine answers, gathered: its steps, and the error they end with."""

from __future__ import annotations

from generation.engine import Engine, EngineError, Partial, Picture, Progress, Request, Started, Step


async def steps_of(engine: Engine, request: Request) -> list[Step]:
    """Every step of a request that must go well, in an order that makes sense."""
    steps = [step async for step in engine.generate(request)]
    fractions = [step.fraction for step in steps if isinstance(step, Partial | Progress)]
    assert fractions == sorted(fractions)
    assert sorted(step.index for step in steps if isinstance(step, Picture)) == list(request.wanted)
    return steps


async def picture_of(engine: Engine, request: Request) -> Picture:
    """The one picture of a request."""
    (picture,) = (step for step in await steps_of(engine, request) if isinstance(step, Picture))
    return picture


async def fault_of(engine: Engine, request: Request) -> tuple[EngineError, list[Step]]:
    """The error a request must end with, and the steps before it."""
    steps: list[Step] = []
    try:
        async for step in engine.generate(request):
            steps.append(step)
    except EngineError as error:
        return error, steps
    raise AssertionError(f"no error, but {[type(step).__name__ for step in steps]}")


def last_note(steps: list[Step]) -> str:
    """What the job is left with for a later attempt."""
    return [step.upstream_id for step in steps if isinstance(step, Started)][-1]
