"""Resuming a subscription from outside its document: `Last-Event-ID` stands for the root field's `after`.

The header is what a reconnecting `EventSource` sends by itself, with the address it was opened with; so the header is
always the younger of the two, and wins over an `after` that the document or its variables give.
"""

from __future__ import annotations

from dataclasses import replace

from graphql import (
    ArgumentNode,
    DefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NameNode,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
)

from execution.documents import Operation

AFTER = "after"


def resume(schema: GraphQLSchema, operation: Operation, cursor: str) -> Operation:
    """The subscription with `after: cursor` on its root field; as it was when that field takes no `after`.

    The document is not changed, since others share it: a copy of its root selections is. Linear in those.
    """
    root = schema.subscription_type
    if root is None:
        return operation
    node = replace(operation.node, selection_set=_resumed(root, operation.node.selection_set, cursor))
    definitions = tuple(
        node if definition is operation.node else _fragment(root, definition, cursor)
        for definition in operation.document.definitions
    )
    return replace(operation, document=replace(operation.document, definitions=definitions), node=node)


def _fragment(root: GraphQLObjectType, definition: DefinitionNode, cursor: str) -> DefinitionNode:
    # Nothing leads back to the root type, so what a fragment on it selects is a root field.
    if isinstance(definition, FragmentDefinitionNode) and definition.type_condition.name.value == root.name:
        return replace(definition, selection_set=_resumed(root, definition.selection_set, cursor))
    return definition


def _resumed(root: GraphQLObjectType, chosen: SelectionSetNode, cursor: str) -> SelectionSetNode:
    return replace(chosen, selections=tuple(_selection(root, selection, cursor) for selection in chosen.selections))


def _selection(root: GraphQLObjectType, selection: SelectionNode, cursor: str) -> SelectionNode:
    if isinstance(selection, InlineFragmentNode):
        return replace(selection, selection_set=_resumed(root, selection.selection_set, cursor))
    if isinstance(selection, FieldNode):
        field = root.fields.get(selection.name.value)
        if field is not None and AFTER in field.args:
            kept = [argument for argument in selection.arguments or () if argument.name.value != AFTER]
            given = ArgumentNode(name=NameNode(value=AFTER), value=StringValueNode(value=cursor))
            return replace(selection, arguments=(*kept, given))
    return selection
