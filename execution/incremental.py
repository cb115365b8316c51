"""`@defer`: an operation answered in parts, the fragments that may come later behind the rest.

Only a client that asks for parts comes here: all others get whole answers the ordinary way, from a tree that has no `@defer`
(`defer.py`). The tree as it was written is run by graphql-core's incremental executor. Parts have the format of graphql-js 17:
`pending`, `incremental` and `completed`, by ids; `transports/parts.py` puts them into what a client reads.

A field that a deferred fragment shares with the rest comes once in that format. Clients of the older one read each fragment by
itself, so `overlapping` runs each fragment whole; what is read twice so is counted twice by the cost rule anyway.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from inspect import isawaitable
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLObjectType, OperationType
from graphql.execution import (
    CompletedResult,
    ExperimentalIncrementalExecutionResults,
    IncrementalResult,
    PendingResult,
    SubsequentIncrementalExecutionResult,
)
from graphql.execution.collect_fields import DeferUsage, GroupedFieldSet
from graphql.execution.incremental.build_execution_plan import ExecutionPlan
from graphql.execution.incremental.incremental_executor import DeliveryGroupMap
from graphql.pyutils import Path, RefMap, RefSet, SetMap

from execution.documents import Operation
from execution.executor import Execution, Runner
from execution.identity import Context
from execution.masking import present, present_all
from execution.rejection import TOO_COMPLEX, Rejection, ResultObject, rejected

MAX_GROUPS = 200  # fragments of one answer that are delivered apart, counted at each place of a list

Outcome = ExecutionResult | ExperimentalIncrementalExecutionResults


class Division:
    """How many fragments of one answer may still be delivered apart, and how selections are divided among them."""

    def __init__(self, overlapping: bool, left: int = MAX_GROUPS) -> None:
        self.overlapping = overlapping
        self.left = left
        self.joined: RefMap[GroupedFieldSet, GroupedFieldSet] = RefMap()
        self.plans: RefMap[GroupedFieldSet, ExecutionPlan] = RefMap()

    def take(self, number: int) -> bool:
        """Whether so many more may be delivered apart; if so they are counted."""
        if number > self.left:
            return False
        self.left -= number
        return True

    def join(self, selected: GroupedFieldSet, fresh: Sequence[DeferUsage]) -> GroupedFieldSet:
        """The selection as it would be without the fresh `@defer`s."""
        known: GroupedFieldSet | None = self.joined.get(selected)
        if known is None:
            gone = RefSet(fresh)
            known = self.joined[selected] = {
                key: [one._replace(defer_usage=_outer(one.defer_usage, gone)) for one in details]
                for key, details in selected.items()
            }
        return known

    def plan(self, selected: GroupedFieldSet, own: DeferUsage | None) -> ExecutionPlan:
        """What of a selection belongs to the fragment that is run (None: to the first part), and what to others, overlapping."""
        known: ExecutionPlan | None = self.plans.get(selected)
        if known is None:
            here: GroupedFieldSet = {}
            others: RefMap[DeferUsage, GroupedFieldSet] = RefMap()
            for key, details in selected.items():
                for one in details:
                    usage = one.defer_usage
                    place = here if usage is None or usage is own else others.setdefault(usage, {})
                    place.setdefault(key, []).append(one)
            apart = SetMap((RefSet([usage]), fields) for usage, fields in others.items())
            known = self.plans[selected] = ExecutionPlan(here, apart)
        return known


def _outer(usage: DeferUsage | None, gone: RefSet[DeferUsage]) -> DeferUsage | None:
    while usage is not None and usage in gone:
        usage = usage.parent_defer_usage
    return usage


class Deferring(Execution):
    """The executor that delivers fragments apart, as many as its division lets it; the rest it answers at once.

    The executors of deferred fragments are shallow copies of the first, so that they share the division.
    """

    division: Division

    def build_root_execution_plan(self, original_grouped_field_set: GroupedFieldSet) -> ExecutionPlan:
        """As graphql-core has it, or with fragments that overlap."""
        if self.division.overlapping:
            return self.division.plan(original_grouped_field_set, None)
        return super().build_root_execution_plan(original_grouped_field_set)

    def build_sub_execution_plan(self, original_grouped_field_set: GroupedFieldSet) -> ExecutionPlan:
        """The same, inside a fragment."""
        if self.division.overlapping:
            own = None if self.defer_usage_set is None else next(iter(self.defer_usage_set))
            return self.division.plan(original_grouped_field_set, own)
        return super().build_sub_execution_plan(original_grouped_field_set)

    def execute_collected_subfields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path,
        grouped_field_set: GroupedFieldSet,
        new_defer_usages: Sequence[DeferUsage],
        delivery_group_map: DeliveryGroupMap | None,
    ) -> Any:
        """As graphql-core has it, with a bound."""
        fresh = new_defer_usages
        if fresh and not self.division.take(len(fresh)):
            grouped_field_set, fresh = self.division.join(grouped_field_set, fresh), ()
        return super().execute_collected_subfields(
            parent_type, source_value, path, grouped_field_set, fresh, delivery_group_map
        )


@dataclass(frozen=True, slots=True)
class Deferred:
    """An answer that has begun: its first part, and the others to be had once."""

    first: ResultObject
    steps: AsyncGenerator[SubsequentIncrementalExecutionResult, None]
    seconds: float  # of running that are left for them
    request_id: str

    async def rest(self) -> AsyncGenerator[ResultObject, None]:
        """The parts after the first. Raises `Rejection` when they take too long or break; then none may come any more.

        Close it with `aclosing`: what is still running is cancelled.
        """
        left, clock = self.seconds, asyncio.get_running_loop().time
        async with aclosing(self.steps):
            while True:
                began = clock()
                try:
                    async with asyncio.timeout(left):
                        step = await anext(self.steps)
                except StopAsyncIteration:
                    return
                except TimeoutError:
                    raise rejected("What was deferred took too long. Ask for less at a time.", TOO_COMPLEX) from None
                except Exception as error:
                    raise Rejection([present(error, self.request_id)]) from error
                left -= clock() - began
                yield _later(step, self.request_id)


class Beginner:
    """Begins answers in parts for operations that `runner` would answer whole; its bounds hold here too."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self.core = Runner(runner.schema, runner.documents, Deferring)

    async def begin(
        self, operation: Operation, context: Context, request_id: str, overlapping: bool
    ) -> ResultObject | Deferred:
        """Runs a query or mutation up to what may be answered first; a whole result when nothing is left for later.

        A query has the runner's seconds for everything, what waits for the reader not counted. A mutation goes on to the end of
        its first part when the caller is cancelled. Raises `Rejection` as `Runner.run` does.
        """
        written = operation.deferred or operation.document
        executor = self.core._build(replace(operation, document=written), context)
        assert isinstance(executor, Deferring)
        executor.division = Division(overlapping)
        seconds, clock = self.runner.query_seconds, asyncio.get_running_loop().time
        began = clock()
        if operation.kind is OperationType.MUTATION:
            outcome = await self._see_through(executor)
            began = clock()
        else:
            try:
                async with asyncio.timeout(seconds):
                    outcome = await _outcome(executor)
            except TimeoutError:
                sentence = f"The query took more than {seconds:g} seconds. Ask for less at a time."
                raise rejected(sentence, TOO_COMPLEX) from None
        cost = {"requested": operation.nodes, "maximum": operation.max_nodes, "points": operation.points}
        initial = outcome.initial_result if isinstance(outcome, ExperimentalIncrementalExecutionResults) else outcome
        first: ResultObject = {"data": initial.data}
        if initial.errors:
            first["errors"] = present_all(initial.errors, request_id)
        first["extensions"] = {"cost": cost}
        if not isinstance(outcome, ExperimentalIncrementalExecutionResults):
            return first
        first["pending"] = [_pending(one) for one in outcome.initial_result.pending]
        first["hasNext"] = True
        return Deferred(first, outcome.subsequent_results, max(seconds - (clock() - began), 0.0), request_id)

    async def _see_through(self, executor: Execution) -> Outcome:
        task = asyncio.create_task(_outcome(executor))
        unfinished: set[Any] = self.runner.unfinished  # what `Runner.drain` waits for
        unfinished.add(task)
        task.add_done_callback(unfinished.discard)
        return await asyncio.shield(task)


async def _outcome(executor: Execution) -> Outcome:
    outcome: Outcome | Awaitable[Outcome] = executor.execute_operation()
    return await outcome if isawaitable(outcome) else outcome


def _later(step: SubsequentIncrementalExecutionResult, request_id: str) -> ResultObject:
    part: ResultObject = {}
    if step.pending:
        part["pending"] = [_pending(one) for one in step.pending]
    if step.incremental:
        part["incremental"] = [_incremental(one, request_id) for one in step.incremental]
    if step.completed:
        part["completed"] = [_completed(one, request_id) for one in step.completed]
    part["hasNext"] = step.has_next
    return part


def _pending(one: PendingResult) -> ResultObject:
    label = {} if one.label is None else {"label": one.label}
    return {"id": one.id, "path": one.path, **label}


def _incremental(one: IncrementalResult, request_id: str) -> ResultObject:
    place = {"subPath": one.sub_path} if one.sub_path else {}
    return {"id": one.id, **place, "data": getattr(one, "data", None), **_errors(one.errors, request_id)}


def _completed(one: CompletedResult, request_id: str) -> ResultObject:
    return {"id": one.id, **_errors(one.errors, request_id)}


def _errors(errors: Sequence[GraphQLError] | None, request_id: str) -> ResultObject:
    return {"errors": present_all(errors, request_id)} if errors else {}
