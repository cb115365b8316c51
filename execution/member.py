"""A subscription in company, and the group of those that give the same bytes for the same payload."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

import orjson
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)

from execution.documents import Operation
from execution.frame import Rendered, prefix_of
from execution.mark import marks_of
from execution.source import Source
from realtime.level import Level

if TYPE_CHECKING:
    from execution.executor import Execution

ROUTING = frozenset(
    {"ids", "id", "name", "after"}
)  # arguments of the root field that say which events, never what is shown
MOST_SHAPES = 2_000

Key = tuple[bytes, str | None, bytes]


class Outlet(Protocol):
    """Where a member's frames go out. One connection has one outlet, whatever number of members."""

    @property
    def clear(self) -> bool:
        """Whether the peer has taken what it was sent, so that it may be sent more."""

    def offer(self, member: Member, rendered: Rendered) -> bool:
        """Takes a result for a member, to be sent with the next `flush`; False when it takes no more for now."""

    def flush(self) -> None:
        """Sends what was offered."""

    def alone(self, member: Member) -> None:
        """The member's source is to be asked again, once what was offered has been sent."""


class State(Enum):
    """A member is told together with others, or asks its own source for a while, or has left."""

    TOGETHER = 1
    ASIDE = 2
    GONE = 3


class Group:
    """Operations of one document with the same variables: one executor for them all, in a context that is nobody's."""

    __slots__ = ("count", "executor", "key", "marks", "request_id")

    def __init__(self, key: Key, executor: Execution, marks: frozenset[object], request_id: str) -> None:
        self.key = key
        self.executor = executor
        self.marks = marks
        self.request_id = request_id
        self.count = 0


class Member:
    """One subscription in company. `held` are events that wait until something paced may be told again."""

    __slots__ = (
        "group",
        "held",
        "level",
        "marks",
        "operation_id",
        "outlet",
        "paced",
        "prefix",
        "ready",
        "seat",
        "source",
        "state",
        "told_at",
    )

    def __init__(
        self, group: Group, level: Level, source: Source, outlet: Outlet, operation_id: str, now: float
    ) -> None:
        self.group = group
        self.level = level
        self.source = source
        self.outlet = outlet
        self.operation_id = operation_id
        self.prefix = prefix_of(operation_id)
        self.seat = level.seat
        self.marks = group.marks
        self.paced = level.feed.paced
        self.state = State.TOGETHER
        self.ready = True  # together, and holding nothing back
        self.held: list[Any] | None = None
        self.told_at = now


class Shapes:
    """What decides which operations give the same answer, read off each operation once."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: dict[tuple[bytes, str | None], tuple[frozenset[str], frozenset[object]]] = {}

    def of(self, operation: Operation) -> tuple[Key, frozenset[object]]:
        """What operations share that give the same answer to the same payload, and the marks of their fields.

        Raises TypeError for variables that are no JSON.
        """
        found = self._known.get((operation.key, operation.name))
        if found is None:
            if len(self._known) >= MOST_SHAPES:
                self._known.clear()
            fragments = [node for node in operation.document.definitions if isinstance(node, FragmentDefinitionNode)]
            marks = marks_of(self._schema, operation.node, {node.name.value: node for node in fragments})
            found = self._known[operation.key, operation.name] = _routing(operation.node, fragments), marks
        routing, marks = found
        shaping = {name: value for name, value in operation.variables.items() if name not in routing}
        return (operation.key, operation.name, orjson.dumps(shaping, option=orjson.OPT_SORT_KEYS)), marks


def _routing(node: OperationDefinitionNode, fragments: Sequence[FragmentDefinitionNode]) -> frozenset[str]:
    """The variables that are used for nothing but routing arguments of the root field."""
    routing: set[str] = set()
    uses = _Uses()
    for field in node.selection_set.selections:
        if isinstance(field, FieldNode):
            for argument in field.arguments or ():
                if argument.name.value in ROUTING and isinstance(argument.value, VariableNode):
                    routing.add(argument.value.name.value)
                    uses.passed_over.add(id(argument.value))
    for part in (node.selection_set, *fragments):
        visit(part, uses)
    return frozenset(routing - uses.names)


class _Uses(Visitor):
    """Notes the variables that are used, but for the places that are passed over."""

    def __init__(self) -> None:
        super().__init__()
        self.passed_over: set[int] = set()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        """One use."""
        if id(node) not in self.passed_over:
            self.names.add(node.name.value)
