"""What the compiled operation Home takes of what graphql-core takes, on the same rows: `python -m bench.compiled [TIMES]`.

Runs in one process on the servers that the environment names, and prints the ratio of CPU time: the median of the turns. With
TIMES, the compiled operation is run so many times for once.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from app import LIMITS, create_app
from bench.home import HOME
from execution.documents import Documents
from execution.executor import Runner
from execution.request import Request
from models import session
from resolvers.context import Asker, Context
from schema.build import build
from settings import Settings, read
from tests.pretence import resolved

TURNS, RUNS_A_TURN = 11, 6


async def compiled_over_core(told: Settings, often: int) -> float:
    """The operation in both ways, in this process, on the rows of one reader's home that were fetched once."""
    app = create_app(told)
    schema = build()
    kept: dict[str, Any] = {}
    (resolver,) = [
        found for kind, name, found in resolved(schema._schema) if (kind.name, name) == ("Viewer", "homeTimeline")
    ]
    fetched = resolver.wrapped_func

    async def recorded(*rows: Any, **given: Any) -> Any:
        if "home" not in kept:
            kept["home"] = await fetched(*rows, **given)
        return kept["home"]

    resolver.wrapped_func = recorded
    documents = Documents(schema._schema, LIMITS)
    compiled, core = Runner(schema, documents), Runner(schema, documents, compiling=False)
    operation = compiled.prepare(Request(HOME, "Home", {}), True)
    try:
        async with app.router.lifespan_context(app):
            known = await session.identify("frq_bench_77", bearer=True)
            assert known is not None
            asker = Asker(known.user_id, known.session_id, known.expires_at)
            context = Context(app.state.house, asker, "", False, "")

            def runs(runner: Runner) -> Callable[[], Awaitable[float]]:
                async def spent() -> float:
                    before = time.process_time()
                    for _ in range(RUNS_A_TURN):
                        answer = await runner.answer(operation, context)
                        assert not answer.errors, answer.errors
                    return time.process_time() - before

                return spent

            for runner in (compiled, core):
                await runs(runner)()
            ratios = []
            for _ in range(TURNS):
                mine = sum([await runs(compiled)() for _ in range(often)])
                ratios.append(mine / await runs(core)())
            return statistics.median(ratios)
    finally:
        resolver.wrapped_func = fetched


if __name__ == "__main__":
    print(asyncio.run(compiled_over_core(read(dict(os.environ)), int(sys.argv[1]) if sys.argv[1:] else 1)))
