"""Which class of rows stands for which object type, read off the schema's own `is_type_of` functions.

Only the form `return isinstance(value, Row)` is taken for what it says: then the class alone decides, and nothing has to be
asked of each row.
"""

from __future__ import annotations

from types import CodeType, FunctionType, MethodType
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, GraphQLUnionType
from strawberry.types.base import has_object_definition
from strawberry.types.union import StrawberryUnion

from execution.call import DEFINITION, NotUnderstood


def row_class(kind: GraphQLObjectType) -> type | None:
    """The class of the rows of a type; None when `is_type_of` does more than look at the class."""
    asked = kind.is_type_of
    function = asked.__func__ if isinstance(asked, MethodType) else asked
    if not isinstance(function, FunctionType):
        return None
    code = function.__code__
    if code.co_names[:1] != ("isinstance",) or len(code.co_names) < 2 or code.co_argcount not in (2, 3):
        return None
    if "isinstance" in function.__globals__ or not _is_instance_check(code):
        return None
    found: Any = function.__globals__.get(code.co_names[1])
    for name in code.co_names[2:]:
        found = getattr(found, name, None)
    # A row with a dictionary could carry Strawberry's cast to another type.
    return found if isinstance(found, type) and not found.__dictoffset__ else None


def _is_instance_check(code: CodeType) -> bool:
    parameters = code.co_varnames[: code.co_argcount]
    source = f"def f({', '.join(parameters)}): return isinstance({parameters[-2]}, {'.'.join(code.co_names[1:])})"
    space: dict[str, Any] = {}
    exec(compile(source, "<row>", "exec"), space)  # noqa: S102  # names of code that is there already
    template: CodeType = space["f"].__code__
    consts = all(const is None or isinstance(const, str) for const in code.co_consts)
    return template.co_code == code.co_code and template.co_names == code.co_names and consts


def row_classes(schema: GraphQLSchema, kind: GraphQLUnionType | GraphQLInterfaceType) -> dict[type, GraphQLObjectType]:
    """The type of each class of rows behind a union or an interface. Raises `NotUnderstood` when classes do not decide."""
    definition = (kind.extensions or {}).get(DEFINITION)
    asked = getattr(kind.resolve_type, "__qualname__", "")
    usual = {
        "GraphQLCoreConverter.from_interface.<locals>._get_resolve_type.<locals>.resolve_type",
        "StrawberryUnion.get_type_resolver.<locals>._resolve_union_type",
    }
    if definition is None or asked not in usual:
        raise NotUnderstood(f"how {kind.name} is told apart")
    if isinstance(definition, StrawberryUnion) and type(definition) is not StrawberryUnion:
        raise NotUnderstood(f"how {kind.name} is told apart")
    found: dict[type, GraphQLObjectType] = {}
    for possible in schema.get_possible_types(kind):
        row = row_class(possible)
        if row is None or has_object_definition(row) or any(issubclass(row, other) for other in found):
            raise NotUnderstood(f"how {kind.name} is told apart")
        if any(issubclass(other, row) for other in found):
            raise NotUnderstood(f"how {kind.name} is told apart")
        found[row] = possible
    return found
