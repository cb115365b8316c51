"""What an operation may cost, worked out before anything else looks at it.

One walk measures each fragment once, so the work is linear in the document however often its fragments are spread.
`repeats` counts what graphql-core's overlapping-fields check will compare, which is quadratic in repeated fields; it walks
the merged tree as execution does and stops at its own bound. Both run before validation.

A node is an object that is made: a paged field counts `first`/`last` times (20 when not given, never more than 100, since
more is refused where the page is read), a list without pages `LIST_NODES` times, a list of `ids` as often as it has ids.
`edges`, `nodes`, `node` and `pageInfo` of a connection count nothing themselves; the connection counts `STATEMENT_NODES`
more each time it is made, since below a list every one of them sends its own statements to the database. What has to be looked
for among very many posts counts `LOOKED_FOR_NODES` more each time. What a variable leaves out (`@include(if: $no)`) counts nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

from execution.rejection import TOO_COMPLEX, VALIDATION_FAILED, Rejection, rejected

DEFAULT_PAGE = 20
MAX_PAGE = 100
LIST_NODES = 4
STATEMENT_NODES = 10  # what the statements of one connection cost, in nodes
LOOKED_FOR_NODES = {
    ("CustomFeed", "timeline"): 500,
    ("Image", "similar"): 500,
    ("Search", "best"): 1_000,
    ("Search", "hashtags"): 200,
    ("Search", "people"): 300,
    ("Search", "pictures"): 500,
    ("Search", "posts"): 500,
    ("Viewer", "feedPreview"): 500,
    ("Viewer", "followSuggestions"): 300,
    ("Viewer", "forYouTimeline"): 500,
    ("Viewer", "messageSearch"): 300,
}
"""By type and field: what one search costs, in nodes; many of them below a list are more than one operation may ask for."""
SCHEMA_NODES = 2_500  # one introspection of the whole schema; a second nesting of its lists costs ten times that
TYPE_NODES = 50
MAX_NODES = 10**9
MAX_NESTING = 100  # selection sets inside each other, of whatever kind
CONDITIONS = {"include": False, "skip": True}  # what leaves out where it stands for that
CYCLIC_LISTS = frozenset({"fields", "interfaces", "possibleTypes", "inputFields"})


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one operation; `tokens`, `lines`, `fields` and `repeats` are of the whole document.

    `fragments` holds for those that the operation reaches and for those that the document defines. `once` names root
    fields that an operation may ask for once only, since each time is a guess or a job.
    """

    tokens: int = 5_000
    lines: int = 5_000
    depth: int = 15
    introspection_depth: int = 25
    aliases: int = 30
    directives: int = 50
    fragments: int = 50
    fields: int = 10_000
    repeats: int = 5_000
    nodes_signed_in: int = 20_000
    nodes_signed_out: int = 5_000
    once: frozenset[str] = frozenset()


class Measure(NamedTuple):
    """What a selection adds up to. Aliases count each time a fragment is spread; `lists` nests lists of introspection."""

    depth: int = 0
    introspection: int = 0
    aliases: int = 0
    nodes: int = 0
    lists: int = 0


NOTHING = Measure()


def unknown(name: str) -> bool | None:
    """Of no variable it is known what it stands for."""
    return None


class Walk:
    """Measures one operation. `size` gives the page size or number of ids that a variable stands for, None if unsaid; `flag` whether it
    stands for yes or no, None where that is not known: then everything counts."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        size: Callable[[str], int | None],
        flag: Callable[[str], bool | None] = unknown,
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.size = size
        self.flag = flag
        self.directives = 0  # in the text of the operation and of the fragments it reaches
        self.sizing: set[str] = set()  # variables on which the number of nodes depends
        self.choosing: set[str] = set()  # variables that leave parts of it out
        self.personal = False  # whether a field is reached that depends on who asks
        self.measured: dict[str, Measure | None] = {}  # None while a fragment is being measured

    def operation(self, node: OperationDefinitionNode) -> Measure:
        """The measure of the whole operation. Raises `Rejection` for cycles and hopeless nesting."""
        self.directives += len(node.directives or ())
        self.directives += sum(len(variable.directives or ()) for variable in node.variable_definitions or ())
        return self._selections(node.selection_set, self.schema.get_root_type(node.operation), 1)

    def _selections(self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None, nesting: int) -> Measure:
        if nesting > MAX_NESTING:
            raise rejected(f"Selections are nested more than {MAX_NESTING} times.", TOO_COMPLEX)
        depth = introspection = aliases = nodes = lists = 0
        for node in selection_set.selections:
            self.directives += len(node.directives or ())
            if node.directives and self._left_out(node.directives):
                continue
            if isinstance(node, FieldNode):
                part = self._field(node, parent, nesting)
            elif isinstance(node, InlineFragmentNode):
                on = self.schema.type_map.get(node.type_condition.name.value) if node.type_condition else parent
                part = self._selections(node.selection_set, on, nesting + 1)
            else:
                assert isinstance(node, FragmentSpreadNode)
                part = self._fragment(node.name.value, nesting)
            depth = max(depth, part.depth)
            introspection = max(introspection, part.introspection)
            lists = max(lists, part.lists)
            aliases += part.aliases
            nodes += part.nodes
        return Measure(depth, introspection, aliases, min(nodes, MAX_NODES), lists)

    def _left_out(self, directives: Iterable[DirectiveNode]) -> bool:
        """Whether a variable that is known says so."""
        found = False
        for node in directives:
            if node.name.value in CONDITIONS:
                for argument in node.arguments or ():
                    if isinstance(argument.value, VariableNode):
                        self.choosing.add(argument.value.name.value)
                        found = found or self.flag(argument.value.name.value) is CONDITIONS[node.name.value]
        return found

    def _fragment(self, name: str, nesting: int) -> Measure:
        if name in self.measured:
            known = self.measured[name]
            if known is None:
                raise rejected(f"Cannot spread fragment '{name}' within itself.", VALIDATION_FAILED)
            return known
        definition = self.fragments.get(name)
        if definition is None:
            return NOTHING  # validation tells
        self.measured[name] = None
        self.directives += len(definition.directives or ())
        on = self.schema.type_map.get(definition.type_condition.name.value)
        measure = self.measured[name] = self._selections(definition.selection_set, on, nesting + 1)
        return measure

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, nesting: int) -> Measure:
        name = node.name.value
        self.personal = self.personal or name.startswith("viewer") or name == "rateLimit"
        aliases = 1 if node.alias else 0
        if node.selection_set is None:
            return Measure(1, 0, aliases, 0, 0)
        known = parent.fields.get(name) if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) else None
        inner = self._selections(node.selection_set, get_named_type(known.type) if known else None, nesting + 1)
        aliases += inner.aliases
        if name in ("__schema", "__type"):
            nodes = (SCHEMA_NODES if name == "__schema" else TYPE_NODES) * 10 ** max(0, inner.lists - 1)
            return Measure(0, 1 + inner.depth, aliases, min(nodes, MAX_NODES), 0)
        own = 0 if parent is not None and _is_plumbing(parent.name, name) else 1
        statements = STATEMENT_NODES if known and get_named_type(known.type).name.endswith("Connection") else 0
        looked_for = 0 if parent is None else LOOKED_FOR_NODES.get((parent.name, name), 0)
        nodes = min(self._times(node, known) * (own + inner.nodes) + statements + looked_for, MAX_NODES)
        return Measure(1 + inner.depth, inner.introspection, aliases, nodes, inner.lists + (name in CYCLIC_LISTS))

    def _times(self, node: FieldNode, known: GraphQLField | None) -> int:
        sizes: list[int] = []
        ids: int | None = None
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                sizes.append(self._size(argument.value, DEFAULT_PAGE))
            elif argument.name.value == "ids":
                ids = self._size(argument.value, MAX_PAGE)
        if sizes:
            return max(sizes)
        if known is not None and ("first" in known.args or "last" in known.args):
            return DEFAULT_PAGE
        if known is None or not _is_list(known) or not is_composite_type(get_named_type(known.type)):
            return 1
        if ids is not None:
            return ids
        return 1 if node.name.value in ("edges", "nodes") else LIST_NODES  # the connection has counted these already

    def _size(self, value: ValueNode, unsaid: int) -> int:
        size: int | None = None
        if isinstance(value, VariableNode):
            self.sizing.add(value.name.value)
            size = self.size(value.name.value)
        else:
            size = literal_size(value)
        return unsaid if size is None else clamp(size)


def literal_size(value: ValueNode | None) -> int | None:
    """The number that a literal stands for as a page size or a list of ids; None for any other literal."""
    if isinstance(value, IntValueNode):
        # Longer texts are far above every bound, and `int` refuses thousands of digits.
        return int(value.value) if len(value.value) < 10 else MAX_NODES
    return len(value.values) if isinstance(value, ListValueNode) else None


def clamp(size: int) -> int:
    """A size as it is charged: at least one node, at most a full page."""
    return min(max(size, 1), MAX_PAGE)


def count_repeats(document: DocumentNode, fragments: Mapping[str, FragmentDefinitionNode], limits: Limits) -> None:
    """Walks the merged tree of every operation and unspread fragment; raises `Rejection` over `fields` or `repeats`."""
    fields = repeats = 0
    roots: list[Iterable[SelectionSetNode]] = [
        (node.selection_set,) for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    reached: set[str] = set()
    unspread = list(fragments)
    while roots or unspread:
        if not roots:
            name = unspread.pop()
            if name not in reached:
                roots.append((fragments[name].selection_set,))
            continue
        open_sets = list(roots.pop())
        merged: dict[str, list[SelectionSetNode | None]] = {}
        spread: set[str] = set()
        while open_sets:
            for node in open_sets.pop().selections:
                fields += 1
                if isinstance(node, FieldNode):
                    merged.setdefault((node.alias or node.name).value, []).append(node.selection_set)
                elif isinstance(node, InlineFragmentNode):
                    open_sets.append(node.selection_set)
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                    spread.add(node.name.value)
                    if node.name.value in fragments:
                        open_sets.append(fragments[node.name.value].selection_set)
            if fields > limits.fields:
                raise rejected(
                    f"The document selects more than {limits.fields} fields. Ask in several documents.", TOO_COMPLEX
                )
        reached |= spread
        repeats += len(spread) * (len(spread) - 1) // 2
        for same in merged.values():
            repeats += len(same) * (len(same) - 1) // 2
            inner = [selection_set for selection_set in same if selection_set is not None]
            if inner:
                roots.append(inner)
        if repeats > limits.repeats:
            raise rejected(
                "The document repeats the same fields too often. Select each once, or give repeats names of their own.",
                TOO_COMPLEX,
            )


def asked_twice(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode], once: frozenset[str]
) -> Rejection | None:
    """The rejection for the first root field of `once` that the operation asks for under two names; None for none."""
    keys: dict[str, str] = {}
    spread: set[str] = set()
    open_sets = [operation.selection_set]
    while open_sets:
        for node in open_sets.pop().selections:
            if isinstance(node, InlineFragmentNode):
                open_sets.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                if node.name.value in fragments:
                    open_sets.append(fragments[node.name.value].selection_set)
            elif isinstance(node, FieldNode) and node.name.value in once:
                key = (node.alias or node.name).value
                if keys.setdefault(node.name.value, key) != key:
                    return rejected(f"An operation may ask for {node.name.value} only once.", TOO_COMPLEX)
    return None


def over_limits(measure: Measure, fragments: int, directives: int, limits: Limits) -> Rejection | None:
    """The rejection for the first bound that an operation breaks, whoever asks; None when it breaks none."""
    for found, bound, what in (
        (measure.depth, limits.depth, "levels"),
        (measure.introspection, limits.introspection_depth, "levels of introspection"),
        (measure.aliases, limits.aliases, "aliases"),
        (directives, limits.directives, "directives"),
        (fragments, limits.fragments, "fragments"),
    ):
        if found > bound:
            return rejected(
                f"The operation has {found} {what}; {bound} is the most. Ask in several operations.", TOO_COMPLEX
            )
    return None


def _is_plumbing(parent: str, field: str) -> bool:
    if parent.endswith("Connection"):
        return field in ("edges", "nodes", "pageInfo")
    return parent.endswith("Edge") and field == "node"


def _is_list(field: GraphQLField) -> bool:
    inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(inner, GraphQLList)
