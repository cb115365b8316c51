"""One subscription's source of events, asked one at a time; and the one place where an event becomes a result."""

from __future__ import annotations

import copy
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from graphql import ExecutionResult
from graphql.execution import create_source_event_stream

from execution.documents import Operation
from execution.identity import Context
from execution.masking import present, present_all, present_result
from execution.rejection import Rejection, ResultObject
from realtime.level import Level

if TYPE_CHECKING:
    from execution.executor import Execution


Build = Callable[[Operation, Context], "Execution"]


class Source:
    """The events of one subscription. `next` gives results in order, and `Level` where the source would wait."""

    __slots__ = ("_build", "_context", "_events", "_executor", "ended", "operation", "request_id")

    def __init__(
        self,
        build: Build,
        operation: Operation,
        context: Context,
        request_id: str,
        ended: Callable[[], None] | None = None,
    ) -> None:
        self.ended = ended  # called once, when it is closed
        self._build = build
        self._executor: Execution | None = None
        self._context = context
        self._events: AsyncIterator[Any] | None = None
        self.operation = operation
        self.request_id = request_id

    async def open(self) -> None:
        """Begin. Raises `Rejection` when the source cannot be had."""
        source = create_source_event_stream(self._ready())
        if isawaitable(source):
            source = await source
        if isinstance(source, ExecutionResult):
            raise Rejection(present_all(source.errors or (), self.request_id))
        self._events = aiter(source)

    async def next(self) -> ResultObject | Level | None:
        """The result of the next event, a `Level`, or None at the end. Raises `Rejection` when the source breaks."""
        assert self._events is not None
        try:
            payload = await anext(self._events)
        except StopAsyncIteration:
            return None
        except Exception as error:
            raise Rejection([present(error, self.request_id)]) from error
        if isinstance(payload, Level):
            return payload
        return present_result(await result_of(self._ready(), payload, self._context.for_event()), self.request_id)

    def shared(self) -> Execution:
        """An executor for many: as this one, but in a context that is nobody's."""
        executor = copy.copy(self._ready())
        executor.context_value = self._context.for_group()
        return executor

    def rest(self) -> None:
        """It is not asked for a while: what can be made again is forgotten."""
        self._executor = None

    def _ready(self) -> Execution:
        if self._executor is None:
            self._executor = self._build(self.operation, self._context)
        return self._executor

    async def close(self) -> None:
        """Let go of the source."""
        ended, self.ended = self.ended, None
        if ended is not None:
            ended()
        if isinstance(self._events, AsyncGenerator):
            await self._events.aclose()


async def result_of(executor: Execution, payload: object, context: Context) -> ExecutionResult:
    """What an operation gives for one event in one context."""
    return await executor.answer_event(payload, context)
