"""What an operation costs in points: what it reads, or what it does, whichever is more.

Reading costs a point for every 100 nodes and never less than one; what has to be looked for counts as many nodes
(`LOOKED_FOR_NODES` in `execution/cost.py`). Doing costs what `MUTATION_POINTS` says for each mutation of the operation, aliases
included; a subscription costs once, when it starts. Like the other measures this one is linear in the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

NODES_A_POINT = 100
SUBSCRIPTION_POINTS = 10
OTHER_MUTATION_POINTS = 10
JOB_MUTATIONS = (
    "generateImages",
    "editImage",
    "varyImage",
    "upscaleImage",
    "removeBackground",
    "continueGeneration",
    "retryGeneration",
)
"""Those that make an engine work."""
MUTATION_POINTS = {
    "createPost": 30,
    **dict.fromkeys(JOB_MUTATIONS, 100),
    "enhancePrompt": 40,
    "createImageUpload": 20,
    "completeImageUpload": 20,
    "likePost": 5,
    "unlikePost": 5,
    "bookmarkPost": 5,
    "unbookmarkPost": 5,
    "testWebhook": 20,
    "redeliverWebhook": 20,
    "logOut": 5,
    "openChat": 20,
    "createGroupChat": 20,
    "markChatRead": 2,
    "indicateTyping": 1,
}
RATE_LIMIT_FIELD = "rateLimit"
DRY_RUN_ARGUMENT = "dryRun"

Fragments = Mapping[str, FragmentDefinitionNode]


def read_points(nodes: int) -> int:
    """What reading that many nodes costs."""
    return max(1, -(-nodes // NODES_A_POINT))


def deed_points(node: OperationDefinitionNode, fragments: Fragments) -> int:
    """What an operation costs for what it does, whatever it reads; 0 for a query."""
    if node.operation is OperationType.QUERY:
        return 0
    if node.operation is OperationType.SUBSCRIPTION:
        return SUBSCRIPTION_POINTS
    return _deeds(node.selection_set, fragments, {})


def _deeds(selection_set: SelectionSetNode, fragments: Fragments, known: dict[str, int]) -> int:
    points = 0
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            points += MUTATION_POINTS.get(node.name.value, OTHER_MUTATION_POINTS)
        elif isinstance(node, InlineFragmentNode):
            points += _deeds(node.selection_set, fragments, known)
        elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments:
            name = node.name.value
            if name not in known:
                known[name] = _deeds(fragments[name].selection_set, fragments, known)
            points += known[name]
    return min(points, 10**9)


class Price:
    """What one operation costs, and what is left of it when only its cost is asked for.

    The walk of `execution/cost.py` comes first: it refuses cycles and hopeless nesting.
    """

    def __init__(self, node: OperationDefinitionNode, fragments: Fragments) -> None:
        self.node = node
        self.fragments = fragments
        self.deeds = deed_points(node, fragments)
        query = node.operation is OperationType.QUERY
        roots = _roots(node.selection_set, fragments, set()) if query else ()
        self.asked = [field for field in roots if field.name.value == RATE_LIMIT_FIELD]
        self.trimmed: tuple[DocumentNode, OperationDefinitionNode] | None = None

    def points(self, nodes: int) -> int:
        """What it costs when it asks for that many nodes; at least one point."""
        return max(read_points(nodes), self.deeds)

    def is_dry(self, variables: Mapping[str, object]) -> bool:
        """Whether a `rateLimit(dryRun: true)` stands at the root of the query."""
        return any(self._says_dry(_dry_run_value(field), variables) for field in self.asked)

    def dry(self) -> tuple[DocumentNode, OperationDefinitionNode]:
        """The operation with nothing but `rateLimit` at its root, and a document that holds it."""
        if self.trimmed is None:
            only = OperationDefinitionNode(
                operation=self.node.operation,
                name=self.node.name,
                variable_definitions=self.node.variable_definitions,
                directives=self.node.directives,
                selection_set=SelectionSetNode(selections=tuple(self.asked)),
                loc=self.node.loc,
            )
            self.trimmed = DocumentNode(definitions=(only, *self.fragments.values())), only
        return self.trimmed

    def _says_dry(self, value: ValueNode | None, variables: Mapping[str, object]) -> bool:
        if not isinstance(value, VariableNode):
            return isinstance(value, BooleanValueNode) and value.value
        name = value.name.value
        if name in variables:
            return variables[name] is True
        defaults = (
            one.default_value for one in self.node.variable_definitions or () if one.variable.name.value == name
        )
        return any(isinstance(default, BooleanValueNode) and default.value for default in defaults)


def _roots(selection_set: SelectionSetNode, fragments: Fragments, seen: set[str]) -> Iterator[FieldNode]:
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _roots(node.selection_set, fragments, seen)
        elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments and node.name.value not in seen:
            seen.add(node.name.value)
            yield from _roots(fragments[node.name.value].selection_set, fragments, seen)


def _dry_run_value(field: FieldNode) -> ValueNode | None:
    return next((one.value for one in field.arguments or () if one.name.value == DRY_RUN_ARGUMENT), None)
