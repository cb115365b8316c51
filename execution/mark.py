"""Marks of fields: what an operation selects that depends on the viewer, read off its text once.

A mark is the value under `VIEWER` in the metadata of a field's declaration. What the values mean is the schema's affair,
but for `ALONE`, which keeps every operation that selects the field from being answered together with others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
)

VIEWER: Final = "viewer"
ALONE: Final = "alone"
DEFINITION = "strawberry-definition"

Place = tuple[SelectionSetNode, GraphQLNamedType | None]


def mark_of(field: GraphQLField) -> object | None:
    """The mark of a field, None when it has none."""
    metadata: Mapping[object, object] = getattr(field.extensions.get(DEFINITION), "metadata", None) or {}
    return metadata.get(VIEWER)


def marks_of(
    schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> frozenset[object]:
    """The marks of every field that a valid operation may reach; fields that are not known count as `ALONE`."""
    found: set[object] = set()
    spread: set[str] = set()
    open_places: list[Place] = [(operation.selection_set, schema.get_root_type(operation.operation))]
    while open_places:
        selection_set, parent = open_places.pop()
        for node in selection_set.selections:
            if isinstance(node, InlineFragmentNode):
                on = schema.type_map.get(node.type_condition.name.value) if node.type_condition else parent
                open_places.append((node.selection_set, on))
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                if name not in spread and name in fragments:
                    spread.add(name)
                    on = schema.type_map.get(fragments[name].type_condition.name.value)
                    open_places.append((fragments[name].selection_set, on))
            elif isinstance(node, FieldNode) and node.name.value != "__typename":
                field = getattr(parent, "fields", {}).get(node.name.value)
                if field is None:
                    found.add(ALONE)
                    continue
                found.add(mark_of(field))
                if node.selection_set is not None:
                    open_places.append((node.selection_set, get_named_type(field.type)))
    found.discard(None)
    return frozenset(found)
