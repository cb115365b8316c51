"""Runs operations: a query or mutation once, a subscription once per event, each event with a fresh context.

graphql-core is called with the stored document, past `strawberry.Schema.execute`: nothing is parsed again, and extensions
and operation directives of the schema do not run. `strawberry.Info` works as ever, since it reads the executor's info.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from functools import partial
from inspect import isawaitable
from typing import Any, TypeVar

import strawberry
from graphql import ExecutionResult, OperationType
from graphql.execution.values import VariableValues, get_variable_values
from graphql.pyutils import RefMap
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from execution.compiled import Programs, plain_key
from execution.documents import Documents, Operation
from execution.groups import Groups
from execution.identity import Context
from execution.masking import present_result
from execution.member import Shapes
from execution.rejection import BAD_USER_INPUT, TOO_COMPLEX, Rejection, ResultObject, coded, rejected
from execution.request import Request
from execution.source import Source
from execution.strangers import Strangers
from execution.tally import Tally
from realtime.level import Level

T = TypeVar("T")

QUERY_SECONDS = 10.0
MAX_COERCION_ERRORS = 20
NO_VARIABLES = VariableValues({}, {})


class Execution(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor without its memory: graphql-core shares these maps among all events of a subscription.

    `programs` are the compiled forms of its operation, None where graphql-core runs everything.
    """

    programs: Programs | None = None
    tally: Tally | None = None

    async def answer_event(self, payload: Any, context: Context) -> ExecutionResult:
        """What the operation gives for one event, in a context of that event's own; the source is not touched."""

        def make() -> Execution:
            event = self.build_per_event_executor(payload)
            event.context_value = context
            return event

        if self.programs is not None and self.tally is not None:
            result = await self.programs.answer(self.tally, self.variable_values, context, make, payload)
            if result is not None:
                return result
        return await _by_core(make(), False)

    def build_per_event_executor(self, payload: Any) -> Execution:
        """An executor for one event; its caches die with it, since their keys are ids of lists that do."""
        executor = super().build_per_event_executor(payload)
        assert isinstance(executor, Execution)
        executor._relevant_sub_fields = {}
        executor._stream_usages = RefMap()
        executor._initial_execution_plans = RefMap()
        executor._deferred_execution_plans = RefMap()
        return executor

    def handle_field_error(self, raw_error: Exception, return_type: Any, field_details_list: Any, path: Any) -> None:
        """Places the error at the first of the fields that were merged: for two, graphql-core reads the whole text."""
        super().handle_field_error(raw_error, return_type, field_details_list[:1], path)


class Runner:
    """Runs what `documents` lets through on a schema.

    `executor_class` is the seam for a faster executor; `run` and `subscribe` are what every transport calls; those that can deliver in
    company use `open` and `groups` instead of `subscribe`.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        documents: Documents,
        executor_class: type[Execution] = Execution,
        query_seconds: float = QUERY_SECONDS,
        compiling: bool = True,
        groups: Groups | None = None,
        strangers: Strangers | None = None,
    ) -> None:
        self.schema = schema
        self.documents = documents
        self.executor_class = executor_class
        self.query_seconds = query_seconds
        self.compiling = compiling and executor_class is Execution
        self.tally = Tally()
        self.groups = groups
        self.strangers = strangers or Strangers()
        self._shapes = Shapes(schema._schema) if groups is None else groups.shapes
        self.unfinished: set[asyncio.Task[ResultObject]] = set()

    def prepare(self, request: Request, signed_in: bool) -> Operation:
        """The operation that a request asks for. Raises `Rejection`: parse, bounds, validation, unknown operation."""
        return self.documents.operation(request, signed_in)

    async def run(self, operation: Operation, context: Context, request_id: str) -> ResultObject:
        """The result of a query or mutation. Raises `Rejection` when the variables do not fit or a query takes too long.

        A mutation goes on to its end when the caller is cancelled or it takes long, so that nothing is cut off inside
        a transaction.
        """
        variables = self._coerce(operation)
        if operation.kind is not OperationType.MUTATION:
            try:
                async with asyncio.timeout(self.query_seconds):
                    return await self._execute(operation, variables, context, request_id)
            except TimeoutError:
                sentence = f"The query took more than {self.query_seconds:g} seconds. Ask for less at a time."
                raise rejected(sentence, TOO_COMPLEX) from None
        task = asyncio.create_task(self._execute(operation, variables, context, request_id))
        self.unfinished.add(task)
        task.add_done_callback(self.unfinished.discard)
        return await asyncio.shield(task)

    async def subscribe(
        self, operation: Operation, context: Context, request_id: str
    ) -> AsyncGenerator[ResultObject, None]:
        """One result per event; errors of fields are in the results. Close it with `aclosing`.

        Raises `Rejection` when the variables do not fit, the source cannot be had, or the source ends in an error.
        """
        source = await self.open(operation, context, request_id)
        try:
            while (found := await source.next()) is not None:
                if isinstance(found, Level):
                    found.refused = True
                else:
                    yield found
        finally:
            await source.close()

    async def open(self, operation: Operation, context: Context, request_id: str) -> Source:
        """The opened source of a subscription, to be closed by the caller. Raises `Rejection` like `subscribe`, and when the
        signed-out of a network ask for too many different ones.
        """
        source = Source(self._build, operation, context, request_id, self._enter(operation, context))
        try:
            await source.open()
        except BaseException:
            await source.close()
            raise
        return source

    def _enter(self, operation: Operation, context: Context) -> Callable[[], None] | None:
        network = context.stranger
        if network is None:
            return None
        key = self._shapes.of(operation)[0]
        self.strangers.enter(network, key)
        return partial(self.strangers.leave, network, key)

    async def drain(self) -> None:
        """Waits until every mutation whose caller went away has ended."""
        while self.unfinished:
            await asyncio.wait(set(self.unfinished))

    async def render(self, operation: Operation, payload: Any, context: Context, request_id: str) -> ResultObject:
        """The result of one event of a subscription: what `subscribe` would yield for this payload.

        `context` is the event's own (`for_event`). The source is not touched, so arguments of the root field (`after`, `ids`)
        matter to nothing. Raises `Rejection` when the variables do not fit.
        """
        return present_result(await self.answer_event(operation, payload, context), request_id)

    async def answer(
        self, operation: Operation, context: Context, variables: VariableValues | None = None
    ) -> ExecutionResult:
        """The result of a query or mutation with its errors as they are, not yet fit for a client.

        `variables` are the coerced ones. Raises `Rejection` when those of the operation do not fit.
        """

        def make() -> Execution:
            return self._build(operation, context)

        if self.compiling:
            coerced = variables or self._coerce(operation)
            result = await operation.programs.answer(self.tally, coerced, context, make, None)
            if result is not None:
                return result
        return await _by_core(make(), None)

    async def answer_event(self, operation: Operation, payload: Any, context: Context) -> ExecutionResult:
        """The same for one event of a subscription."""
        return await self._build(operation, context).answer_event(payload, context)

    def _coerce(self, operation: Operation) -> VariableValues:
        definitions = operation.node.variable_definitions
        if not definitions:
            return NO_VARIABLES
        key = plain_key(operation.variables)
        known = operation.programs.coerced.get(key) if key is not None else None
        if known is not None:
            return known
        try:
            found = get_variable_values(
                self.schema._schema,
                definitions,
                operation.variables,
                MAX_COERCION_ERRORS,
                not self.documents.suggestions,
            )
        except RecursionError:
            raise rejected("The variables are nested too deeply.", BAD_USER_INPUT) from None
        if isinstance(found, list):
            raise Rejection([coded(error, BAD_USER_INPUT) for error in found])
        if key is not None:
            operation.programs.remember(key, found)
        return found

    def _build(self, operation: Operation, context: Context) -> Execution:
        try:
            executor = self.executor_class.build(
                self.schema._schema,
                operation.document,
                context_value=context,
                raw_variable_values=operation.variables,
                operation_name=operation.name,
                max_coercion_errors=MAX_COERCION_ERRORS,
                is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # a guard in all but its annotation
                hide_suggestions=not self.documents.suggestions,
                operation_extensions={},
            )
        except RecursionError:
            raise rejected("The variables are nested too deeply.", BAD_USER_INPUT) from None
        if isinstance(executor, list):
            raise Rejection([coded(error, BAD_USER_INPUT) for error in executor])
        assert isinstance(executor, Execution)
        if self.compiling:
            executor.programs, executor.tally = operation.programs, self.tally
        return executor

    async def _execute(
        self, operation: Operation, variables: VariableValues, context: Context, request_id: str
    ) -> ResultObject:
        shown = present_result(await self.answer(operation, context, variables), request_id)
        cost = {"requested": operation.nodes, "maximum": operation.max_nodes, "points": operation.points}
        shown["extensions"] = {"cost": cost}
        return shown


async def _by_core(executor: Execution, serially: bool | None) -> ExecutionResult:
    result = executor.execute_operation(serially)
    if isawaitable(result):
        result = await result
    assert isinstance(result, ExecutionResult)
    return result
