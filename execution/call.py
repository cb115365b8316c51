"""How compiled code gets the value of a field: an attribute of the row, the payload of an event, or a resolver called directly.

Strawberry calls a resolver through layers for permissions, extensions and arguments. Where a field has none of these, the
function behind it is called with precisely what it asks for. A field that is not understood cannot be called.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputType,
    GraphQLScalarType,
    GraphQLSchema,
    VariableNode,
    is_specified_scalar_type,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.type import get_nullable_type
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

DEFINITION = "strawberry-definition"
PLAIN = "GraphQLCoreConverter.from_resolver.<locals>._get_basic_result"
RESOLVED = (
    "GraphQLCoreConverter.from_resolver.<locals>._resolver",
    "GraphQLCoreConverter.from_resolver.<locals>._async_resolver",
)
DELIVERED = "GraphQLCoreConverter.from_field.<locals>.<lambda>"


class NotUnderstood(Exception):
    """Something in a selection has no compiled form; the message says what."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """The value is an attribute of the row."""

    name: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """The value is the event itself: the root field of a subscription."""


@dataclass(frozen=True, slots=True)
class Resolver:
    """The value is what a function gives.

    `row` and `info` are the names of the parameters for the row and the `Info`, None where the function has none;
    `positional` says that it takes the row first instead (a method).
    """

    function: Callable[..., Any]
    row: str | None
    info: str | None
    positional: bool
    definition: StrawberryField


def source_of(schema: GraphQLSchema, field: GraphQLField) -> Attribute | Delivery | Resolver:
    """Where a field's value comes from. Raises `NotUnderstood`."""
    definition = (field.extensions or {}).get(DEFINITION)
    if not isinstance(definition, StrawberryField) or type(definition).get_result is not StrawberryField.get_result:
        raise NotUnderstood("a field of another making")
    if definition.extensions or schema_of(schema).schema_converter.exception_handlers:
        raise NotUnderstood("a field with extensions")
    made_by = getattr(field.resolve, "__qualname__", "")
    if field.subscribe is not None:
        if made_by != DELIVERED:
            raise NotUnderstood("a subscription of another making")
        return Delivery()
    if made_by == PLAIN and definition.default_resolver is getattr:
        return Attribute(definition.python_name)
    resolver = definition.base_resolver
    if made_by not in RESOLVED or resolver is None or not callable(resolver.wrapped_func):
        raise NotUnderstood("a resolver of another making")
    rows = [found.name for found in (resolver.parent_parameter, resolver.root_parameter) if found]
    if len(set(rows)) > 1:
        raise NotUnderstood("a resolver with two names for the row")
    info = resolver.info_parameter
    positional = resolver.self_parameter is not None
    return Resolver(
        resolver.wrapped_func, rows[0] if rows else None, info.name if info else None, positional, definition
    )


def schema_of(schema: GraphQLSchema) -> Any:
    """Strawberry's schema behind graphql-core's."""
    return schema._strawberry_schema  # type: ignore[attr-defined]  # set by Strawberry


def _is_unchangeable(kind: GraphQLInputType) -> bool:
    inner = get_nullable_type(kind)
    return isinstance(inner, GraphQLEnumType) or (
        isinstance(inner, GraphQLScalarType) and is_specified_scalar_type(inner)
    )


class Arguments:
    """The arguments of one field in a document, as its function takes them.

    `constant` are those that are the same for every request, None when they are not; `shared` says that one request may
    use the same for all its rows, since nothing in them can be changed.
    """

    def __init__(self, schema: GraphQLSchema, field: GraphQLField, node: FieldNode, source: Resolver) -> None:
        self.field, self.node, self.source = field, node, source
        self.converter = schema_of(schema).schema_converter
        self.shared = all(_is_unchangeable(argument.type) for argument in field.args.values())
        self.constant: dict[str, Any] | None = None
        if self.shared and not any(isinstance(given.value, VariableNode) for given in node.arguments or ()):
            self.constant = self.read(VariableValues({}, {}), None)

    def read(self, variables: VariableValues, info: Any) -> dict[str, Any]:
        """The arguments with these variables. Raises GraphQLError for what does not fit."""
        values = get_argument_values(self.field, self.node, variables, None, True)
        arguments = self.source.definition.arguments
        converter = self.converter
        return convert_arguments(values, arguments, converter.scalar_registry, converter.config, info)
