"""Leaf values in compiled code: the usual class is checked in place, everything else goes through the type's own coercion.

What graphql-core would refuse or not take as it stands (null where none may be, exceptions as values, awaitables, numbers out
of range) raises `Surprise`: graphql-core then says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
)
from graphql.pyutils import Undefined
from strawberry.execution import optimized_is_awaitable

HARMLESS = frozenset({str, int, float, bool, bytes, list, tuple, dict, datetime, date, Decimal, UUID})
TESTS = {
    GraphQLString: "{v}.__class__ is str",
    GraphQLID: "{v}.__class__ is str",
    GraphQLBoolean: "{v}.__class__ is bool",
    GraphQLInt: "{v}.__class__ is int and -2147483648 <= {v} <= 2147483647",
    GraphQLFloat: "{v}.__class__ is float and -1e308 <= {v} <= 1e308",
}


class Surprise(Exception):
    """Compiled code met what it does not answer itself."""


def is_odd(value: object) -> bool:
    """Whether graphql-core looks at a value before its type does: an exception, or something to be awaited."""
    return isinstance(value, Exception) or optimized_is_awaitable(value)


def coercion(kind: GraphQLLeafType) -> Callable[[Any], Any]:
    """A function that coerces any value but null as graphql-core does. Raises what the type raises, or `Surprise`."""
    coerce: Callable[[Any], Any] | None = kind.coerce_output_value
    assert coerce is not None

    def coerced(value: Any) -> Any:
        if value is None or (value.__class__ not in HARMLESS and is_odd(value)):
            raise Surprise
        found = coerce(value)
        if found is None or found is Undefined:
            raise Surprise
        return found

    return coerced


def enum_names(kind: GraphQLEnumType) -> tuple[type[Enum], dict[str, str]] | None:
    """The enum behind a type and the name in the schema by the name in Python; None when there is no such enum."""
    members: type[Enum] | None = getattr(kind, "wrapped_cls", None)
    if not (isinstance(members, type) and issubclass(members, Enum)) or issubclass(members, BaseException):
        return None
    if any(not isinstance(member._name_, str) for member in members):
        return None
    return members, {member._name_: kind.coerce_output_value(member) for member in members}
