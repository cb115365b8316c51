"""What changed between two schemas, element by element, in the words of the changelog."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    FieldDefinitionNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_specified_directive,
    is_specified_scalar_type,
    print_ast,
)

MARKS_OF_THEIR_OWN = ("deprecated",)


def changes(before: GraphQLSchema, after: GraphQLSchema) -> list[str]:
    """One sentence for each element that was added, removed or changed; descriptions apart. Of what is new or gone as a whole,
    its parts are not named. Both schemas are built out of text."""
    old, new = dict(elements(before)), dict(elements(after))
    lines = [f"- Removed `{name}`." for name in old if name not in new and not _inside(name, old, new)]
    lines += [
        f"- Added `{name}`{_typed(new[name])}." for name in new if name not in old and not _inside(name, new, old)
    ]
    for name in new:
        if name in old and old[name] != new[name]:
            was, now = old[name], new[name]
            lines.append(f"- Changed `{name}`: {f'was {was}, ' if was else ''}{f'is {now}' if now else 'no longer'}.")
    return sorted(lines)


def _typed(signature: str) -> str:
    return f": {signature}" if signature else ""


def _inside(name: str, here: dict[str, str], there: dict[str, str]) -> bool:
    """Whether an element that holds this one is itself in `here` alone."""
    head, _, rest = name.partition(".")
    field = f"{head}.{rest.partition('(')[0]}"
    return any(whole != name and whole in here and whole not in there for whole in (head, field))


def elements(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Every element by its coordinate (`Type`, `Type.field`, `Type.field(argument:)`, `ENUM.VALUE`, `@directive`), with all of it
    that clients can notice."""
    for directive in schema.directives:
        if not is_specified_directive(directive):
            yield f"@{directive.name}", ""
    for name, kind in schema.type_map.items():
        if not name.startswith("__") and not is_specified_scalar_type(kind):
            yield name, _kind(kind)
            yield from _parts(name, kind)


def _kind(kind: GraphQLNamedType) -> str:
    words = ""
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and kind.interfaces:
        words = "a " + " & ".join(f"`{one.name}`" for one in kind.interfaces)
    if isinstance(kind, GraphQLUnionType):
        words = " or ".join(f"`{one.name}`" for one in kind.types)
    return words


def _parts(name: str, kind: GraphQLNamedType) -> Iterator[tuple[str, str]]:
    if isinstance(kind, GraphQLEnumType):
        for label, value in kind.values.items():
            yield f"{name}.{label}", _deprecated(value.deprecation_reason)
    elif isinstance(kind, GraphQLInputObjectType):
        for label, given in kind.fields.items():
            yield f"{name}.{label}", _given(given)
    elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for label, field in kind.fields.items():
            yield f"{name}.{label}", f"`{field.type}{_marks(field.ast_node)}`{_deprecated(field.deprecation_reason)}"
            for argument, given in field.args.items():
                yield f"{name}.{label}({argument}:)", _given(given)


def _given(given: GraphQLArgument | GraphQLInputField) -> str:
    node = given.ast_node
    default = f" = {print_ast(node.default_value)}" if node is not None and node.default_value is not None else ""
    return f"`{given.type}{default}`{_deprecated(given.deprecation_reason)}"


def _marks(node: FieldDefinitionNode | None) -> str:
    marks = () if node is None else node.directives or ()
    return "".join(f" {print_ast(mark)}" for mark in marks if mark.name.value not in MARKS_OF_THEIR_OWN)


def _deprecated(reason: str | None) -> str:
    return f", deprecated ({reason})" if reason else ""
