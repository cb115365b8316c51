"""One run of compiled code: what is waited for, what is handed to graphql-core, which errors there are.

Compiled functions make the tree of a result in one go and leave a hole for each value that has to be awaited. The holes of
one field are awaited together, row by row without a task where the awaitable allows it, completed, and so on downwards.

A value that compiled code does not take is completed anew by graphql-core in its place, resolvers below it included: by the
specification these have no effects. When an error there, or of an awaited resolver, has to null something further up, the
run is given up (`GivenUp`) and graphql-core runs the whole, or for a mutation completes the value of the root field again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import cached_property
from types import CoroutineType
from typing import Any

import strawberry
from graphql import GraphQLError
from graphql.execution.values import VariableValues
from graphql.pyutils import Path
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from execution.call import Resolver
from execution.selection import Target

# The path of a value: the path of what holds it, its key or place, and the type it stands in (None for a place).
Trail = tuple[Any, str | int, str | None] | None
Hole = tuple[dict[str, Any], Target, Any, Trail]
Executor = StrawberryGraphQLCoreExecutionContext

WAITS: frozenset[type] = frozenset({CoroutineType, asyncio.Future, asyncio.Task})


class GivenUp(Exception):
    """An error nulls something that is completed already; graphql-core has to do it."""


class FieldInfo(strawberry.Info[Any, Any]):
    """What a resolver is told; graphql-core's own info behind it is made when it is asked for."""

    def __init__(self, run: Run, target: Target, trail: Trail) -> None:
        assert isinstance(target.source, Resolver)
        self._run, self._target, self._trail = run, target, trail
        self._field = target.source.definition

    @property
    def context(self) -> Any:
        """The context of the request."""
        return self._run.context

    @cached_property
    def _raw_info(self) -> Any:  # type: ignore[override]  # a dataclass field there
        return self._run.info(self._target, (self._trail, self._target.key, self._target.parent.name))


class Run:
    """The state of one run. `make` gives graphql-core's executor, which most runs never need."""

    __slots__ = ("context", "executor_made", "make", "pending", "surprised", "variables")

    def __init__(self, context: Any, variables: VariableValues, make: Callable[[], Executor]) -> None:
        self.context, self.variables, self.make = context, variables, make
        self.executor_made: Executor | None = None
        self.surprised = False  # whether graphql-core completed something
        self.pending: list[Hole] = []

    @property
    def executor(self) -> Executor:
        """graphql-core's executor of this run, with the errors there are so far."""
        if self.executor_made is None:
            self.executor_made = self.make()
        return self.executor_made

    @property
    def errors(self) -> list[GraphQLError]:
        """The errors so far, in order."""
        return [] if self.executor_made is None else self.executor_made.collected_errors.errors

    # -- what compiled functions call

    def wait(self, holder: dict[str, Any], target: Target, awaitable: Any, trail: Trail) -> None:
        """Leave a hole for a value that has to be awaited."""
        self.pending.append((holder, target, awaitable, trail))

    def arguments(self, target: Target, trail: Trail) -> dict[str, Any]:
        """The arguments of a field that depend on variables."""
        arguments = target.arguments
        assert arguments is not None
        if not arguments.shared:
            return arguments.read(self.variables, FieldInfo(self, target, trail))
        variables, found = target.given
        if variables is not self.variables:  # the same object for all who bring the same plain ones
            found = arguments.read(self.variables, None)
            target.given = (self.variables, found)
        return found

    # -- what is left to do afterwards

    def info(self, target: Target, trail: Trail) -> Any:
        """graphql-core's info on a field."""
        nodes = [one.node for one in target.details]
        return self.executor.build_resolve_info(target.field, nodes, target.parent, _path(trail))

    def drop(self, kept: int = 0) -> None:
        """Forget holes beyond the first so many; coroutines that never ran are closed."""
        while len(self.pending) > kept:
            awaitable = self.pending.pop()[2]
            if isinstance(awaitable, CoroutineType):
                awaitable.close()

    async def settle(self) -> None:
        """Fill every hole. Raises `GivenUp`."""
        fields: dict[int, list[Hole]] = {}
        for hole in self.pending:
            fields.setdefault(id(hole[1]), []).append(hole)
        self.pending = []
        if len(fields) == 1:
            await self._settle_field(next(iter(fields.values())))
        elif fields:
            # To the end, whatever fails: a task that is cancelled before it began leaves coroutines behind.
            for done in await asyncio.gather(*map(self._settle_field, fields.values()), return_exceptions=True):
                if isinstance(done, BaseException):
                    raise done

    async def _settle_field(self, holes: list[Hole]) -> None:
        if len(holes) == 1:
            outcomes: list[Any] = [await _outcome(holes[0][2])]
        else:
            outcomes = await asyncio.gather(*(hole[2] for hole in holes), return_exceptions=True)
        later: list[tuple[Hole, Awaitable[Any]]] = []
        try:
            for hole, outcome in zip(holes, outcomes, strict=True):
                if isinstance(outcome, BaseException) and not isinstance(outcome, Exception):
                    raise outcome
                holder, target, _, trail = hole
                done = self.complete(target, outcome, (trail, target.key, target.parent.name))
                if optimized_is_awaitable(done):
                    later.append((hole, done))
                else:
                    holder[target.key] = done
        except BaseException:
            if later:
                self.executor.settle_in_background([awaitable for _, awaitable in later])
            raise
        if later:
            found = await asyncio.gather(*(awaitable for _, awaitable in later), return_exceptions=True)
            for (hole, _), done in zip(later, found, strict=True):
                if isinstance(done, BaseException):
                    raise done
                hole[0][hole[1].key] = done
        if self.pending:
            await self.settle()

    def complete(self, target: Target, value: Any, trail: Trail) -> Any:
        """The completed value of a field, or an awaitable of it. Raises `GivenUp`."""
        kept = len(self.pending)
        if not isinstance(value, Exception):
            try:
                return target.complete(value, self, trail)
            except Exception:  # graphql-core says below what is wrong with it
                self.surprised = True
                self.drop(kept)
        try:
            done = self.by_core(target, value, trail)
        except Exception as error:
            return self.fail(target, error, trail)
        return self._awaited(target, done, trail) if optimized_is_awaitable(done) else done

    def by_core(self, target: Target, value: Any, trail: Trail) -> Any:
        """What graphql-core makes of a field's value, or an awaitable of it; raises as graphql-core does."""
        path, info = _path(trail), self.info(target, trail)
        return self.executor.complete_value(target.field.type, target.details, info, path, value, None)

    def fail(self, target: Target, error: Exception, trail: Trail) -> None:
        """Note the error of a field that may be null. Raises `GivenUp` for one that may not."""
        try:
            self.executor.handle_field_error(error, target.field.type, target.details, _path(trail))
        except GraphQLError as located:
            raise GivenUp from located

    # -- mutations

    async def perform(self, target: Target) -> Any:
        """A root field of a mutation, its resolver called once. Raises GraphQLError when it may not be null and is."""
        trail = (None, target.key, target.parent.name)
        source = target.source
        assert isinstance(source, Resolver)
        info = FieldInfo(self, target, None)
        errors = list(self.errors)
        places = set(self.executor_made.collected_errors._error_positions) if self.executor_made else set()
        try:
            given = {} if target.arguments is None else target.arguments.read(self.variables, info)
        except Exception:  # nothing was done yet, and graphql-core says what is wrong
            done: Any = self.executor.execute_field(target.parent, None, target.details, _path(trail), None)
            return await done if optimized_is_awaitable(done) else done
        if source.info:
            given[source.info] = info
        if source.row:
            given[source.row] = None
        try:
            value = source.function(None, **given) if source.positional else source.function(**given)
            if optimized_is_awaitable(value):
                value = await value
        except Exception as error:
            value = error
        if not isinstance(value, Exception):
            try:
                done = target.complete(value, self, trail)
                await self.settle()
                return done
            except Exception:  # what it is, graphql-core finds again
                self.surprised = True
                self.drop()
                self._forget(errors, places)
        try:
            done = self.by_core(target, value, trail)
            return await done if optimized_is_awaitable(done) else done
        except Exception as error:
            return self.executor.handle_field_error(error, target.field.type, target.details, _path(trail))

    def _forget(self, errors: list[GraphQLError], places: set[Any]) -> None:
        if self.executor_made is not None:
            collected = self.executor_made.collected_errors
            collected._errors[:], collected._error_positions = errors, places

    async def _awaited(self, target: Target, done: Awaitable[Any], trail: Trail) -> Any:
        try:
            return await done
        except Exception as error:
            return self.fail(target, error, trail)


async def _outcome(awaitable: Awaitable[Any]) -> Any:
    try:
        return await awaitable
    except Exception as error:
        return error


def _path(trail: Trail) -> Path:
    assert trail is not None
    keys: list[tuple[str | int, str | None]] = []
    left: Trail = trail
    while left is not None:
        keys.append((left[1], left[2]))
        left = left[0]
    path: Path | None = None
    for key, kind in reversed(keys):
        path = Path(path, key, kind)
    assert path is not None
    return path
