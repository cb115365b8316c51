"""Operations as Python functions: compiled once for each way their conditions stand, kept with the stored document.

`Programs` belongs to one operation of a document and goes when the document is forgotten. What is not understood (deferred
parts, introspection, unknown kinds of fields) has no program, and graphql-core runs it.
"""

from __future__ import annotations

import logging
import weakref
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
)
from graphql.execution.collect_fields import collect_fields
from graphql.execution.values import VariableValues

from execution.call import NotUnderstood
from execution.completion import WAITS, Executor, FieldInfo, GivenUp, Run
from execution.leaf import Surprise
from execution.selection import Selection, Target
from execution.tally import Tally

logger = logging.getLogger("fresque.execution")

MAX_PROGRAMS = 16  # of one operation: twice as many with each condition
MAX_COERCED = 64  # sets of variables of one operation that are remembered
MAX_PLAIN_VARIABLES = 8
MAX_PLAIN_CHARACTERS = 64
MAX_COMPILED_FIELDS = 40_000  # of all operations of a kind, each type of an abstract one counted: about 40 MB

Key = tuple[tuple[str, type, object], ...]


def plain_key(variables: Mapping[str, Any]) -> Key | None:
    """What tells few, short and plain variables apart from others; None for all others."""
    if len(variables) > MAX_PLAIN_VARIABLES:
        return None
    for value in variables.values():
        kind = value.__class__
        if kind is str:
            if len(value) > MAX_PLAIN_CHARACTERS:
                return None
        elif kind is not int and kind is not bool and value is not None:
            return None
    return tuple([(name, value.__class__, value) for name, value in variables.items()])


class Program:
    """One compiled operation. A query or an event is one function, a mutation a field after the other."""

    def __init__(self, executor: Executor) -> None:
        operation = executor.operation
        root = executor.schema.get_root_type(operation.operation)
        if not isinstance(root, GraphQLObjectType) or operation.directives:
            raise NotUnderstood("an operation of another kind")
        if any(fragment.variable_signatures for fragment in executor.fragments.values()):
            raise NotUnderstood("fragments with variables")
        selection = Selection(executor.schema, executor.collect_subfields, WAITS, FieldInfo, executor.fragments)
        collected = collect_fields(
            executor.schema, executor.fragments, executor.variable_values, root, operation, executor.hide_suggestions
        )
        self.steps: list[tuple[str, Target | str]] = []
        self.answer: Callable[..., dict[str, Any]] | None = None
        if operation.operation is OperationType.MUTATION:
            if collected.new_defer_usages:
                raise NotUnderstood("@defer")
            for key, details in collected.grouped_field_set.items():
                known = details[0].node.name.value == "__typename"
                self.steps.append((key, root.name if known else selection.target(root, key, details)))
            selection.build()
            self.fields = selection.fields
            return
        function = selection.root(root, collected)
        answer = selection.build()[function.name]
        self.fields = selection.fields
        self.answer = answer if function.active else lambda row, run, path: answer(row)

    async def run(self, run: Run, root: Any) -> ExecutionResult | None:
        """The result of a query or an event; None when graphql-core has to run the whole, from the start."""
        assert self.answer is not None
        try:
            data = self.answer(root, run, None)
        except Exception:  # graphql-core says what is wrong
            run.drop()
            return None
        if run.pending:
            try:
                await run.settle()
            except GivenUp:
                return None
            finally:
                run.drop()
        return ExecutionResult(data, run.errors or None)

    async def perform(self, run: Run) -> ExecutionResult:
        """The result of a mutation: its fields one after the other, each resolver called once whatever happens."""
        data: dict[str, Any] = {}
        try:
            for key, step in self.steps:
                data[key] = step if isinstance(step, str) else await run.perform(step)
        except GraphQLError as error:
            run.executor.collected_errors.add(error, None)
            return ExecutionResult(None, run.errors)
        return ExecutionResult(data, run.errors or None)


class Budget:
    """How much may be compiled at the same time, in fields; a field takes up to 1.4 KB. `fields` are left.

    When there is no room, the programs that were not used for the longest make it.
    """

    def __init__(self, fields: int = MAX_COMPILED_FIELDS) -> None:
        self.whole = self.fields = fields
        self._used: OrderedDict[int, weakref.ref[Programs]] = OrderedDict()

    def use(self, programs: Programs) -> None:
        """These were used just now."""
        self._used.move_to_end(id(programs))

    def take(self, programs: Programs, fields: int) -> bool:
        """Whether there is room for so many more of these programs, which is taken then."""
        if fields > self.whole:
            return False
        while fields > self.fields and self._used:
            oldest = self._used.popitem(last=False)[1]()
            if oldest is not None:
                self.fields += oldest.shed()
        if fields > self.fields:
            return False
        self.fields -= fields
        self._used[id(programs)] = weakref.ref(programs)
        return True

    def give_back(self, number: int, programs: Collection[Program | None]) -> None:
        """These programs, known by the `id` of what kept them, are forgotten."""
        self._used.pop(number, None)
        self.fields += fields_of(programs)


def fields_of(programs: Iterable[Program | None]) -> int:
    """What they take of a budget."""
    return sum(program.fields for program in programs if program is not None)


class Programs:
    """The programs of one operation. They leave their share of the budget when they are gone from memory."""

    def __init__(
        self, node: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode], budget: Budget
    ) -> None:
        self.node, self.fragments, self.budget = node, fragments, budget
        self.kept: dict[tuple[Any, ...], Program | None] = {}
        weakref.finalize(self, budget.give_back, id(self), self.kept.values()).atexit = False
        self._conditions: tuple[str, ...] | None = None
        self.coerced: dict[Key, VariableValues] = {}

    def remember(self, key: Key, variables: VariableValues) -> None:
        """What these variables are coerced to, for the next who brings the same."""
        if len(self.coerced) >= MAX_COERCED:
            self.coerced.clear()
        self.coerced[key] = variables

    @property
    def conditions(self) -> tuple[str, ...]:
        """The variables that decide what is skipped or included."""
        if self._conditions is None:
            self._conditions = tuple(sorted(_conditions(self.node.selection_set, self.fragments, set())))
        return self._conditions

    async def answer(
        self, tally: Tally, variables: VariableValues, context: Any, make: Callable[[], Executor], root: Any
    ) -> ExecutionResult | None:
        """What the operation gives; None when graphql-core has to run it. `make` gives graphql-core's executor, `root` is
        the payload of an event.
        """
        name = self.node.name.value if self.node.name else None
        program = self.find(variables.coerced, make)
        if program is None:
            tally.count(tally.uncompiled, name)
            return None
        run = Run(context, variables, make)
        result = await (program.perform(run) if program.answer is None else program.run(run, root))
        handled = tally.surprised if run.surprised else tally.compiled
        tally.count(tally.handed_over if result is None else handled, name)
        return result

    def find(self, variables: Mapping[str, Any], make: Callable[[], Executor]) -> Program | None:
        """The program for these (coerced) variables; None when there is none. `make` is for compiling it."""
        key = tuple(variables.get(name) for name in self.conditions)
        if key in self.kept:
            known = self.kept[key]
            if known is not None:
                self.budget.use(self)
            return known
        if len(self.kept) >= MAX_PROGRAMS or any(value.__class__ is not bool for value in key):
            return None
        try:
            program: Program | None = Program(make())
        except (NotUnderstood, GraphQLError, RecursionError, SyntaxError, Surprise) as reason:
            name = self.node.name.value if self.node.name else ""
            logger.debug("operation %s is not compiled: %s", name, reason)
            program = None
        if program is not None and not self.budget.take(self, program.fields):
            logger.warning("there is no more room for compiled operations")
            program = None
        self.kept[key] = program
        return program

    def shed(self) -> int:
        """Forget them, to be compiled anew when they are asked for again; how much of a budget they took."""
        fields = fields_of(self.kept.values())
        self.kept.clear()
        return fields


def _conditions(
    selection_set: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], spread: set[str]
) -> Iterator[str]:
    for node in selection_set.selections:
        for directive in node.directives or ():
            if directive.name.value in ("skip", "include"):
                for given in directive.arguments or ():
                    if isinstance(given.value, VariableNode):
                        yield given.value.name.value
        if isinstance(node, FragmentSpreadNode):
            if node.name.value not in spread and node.name.value in fragments:
                spread.add(node.name.value)
                yield from _conditions(fragments[node.name.value].selection_set, fragments, spread)
        elif isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set is not None:
            yield from _conditions(node.selection_set, fragments, spread)
