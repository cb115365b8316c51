"""Documents made out of the schema itself: every field of a type, every mutation with all it answers."""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

from schema.build import build

BUILT = build()
SCHEMA: GraphQLSchema = BUILT._schema
Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType


def object_type(name: str) -> GraphQLObjectType:
    """An object type of the schema by name."""
    found = SCHEMA.type_map[name]
    assert isinstance(found, GraphQLObjectType), name
    return found


def input_type(name: str) -> GraphQLInputObjectType:
    """An input type of the schema by name."""
    found = SCHEMA.type_map[name]
    assert isinstance(found, GraphQLInputObjectType), name
    return found


def mutations() -> dict[str, GraphQLField]:
    """Every mutation by name."""
    assert SCHEMA.mutation_type is not None
    return dict(SCHEMA.mutation_type.fields)


def _page(field: GraphQLField) -> str:
    for name in ("first", "last"):
        if name in field.args:
            return f"({name}: 2)"
    return ""


def everything(name: str, depth: int = 1) -> str:
    """A selection set with every field of the type that needs no argument, objects followed `depth` levels down.

    Paged fields are asked for two items; `query` of payloads is left alone.
    """
    kind = SCHEMA.type_map[name]
    if is_abstract_type(kind):
        possible = sorted(one.name for one in SCHEMA.get_possible_types(kind))
        return "{ __typename " + " ".join(f"... on {one} {everything(one, depth)}" for one in possible) + " }"
    parts = ["__typename"]
    for label, field in object_type(name).fields.items():
        target = get_named_type(field.type)
        if label == "query" or any(is_required_argument(argument) for argument in field.args.values()):
            continue
        if is_leaf_type(target):
            parts.append(label)
        elif depth > 0:
            parts.append(f"{label}{_page(field)} {everything(target.name, depth - 1)}")
    return "{ " + " ".join(parts) + " }"


def halves(name: str, depth: int, ways: int = 2, but: str = "") -> tuple[str, ...]:
    """The same in some selection sets, of which each has every other field: a type with very many is too much for one document.

    The field `but` is asked for one level less deep: what is looked for below its lists would be more than one document may ask for.
    """
    parts = []
    for label, field in object_type(name).fields.items():
        if not any(is_required_argument(argument) for argument in field.args.values()):
            target = get_named_type(field.type)
            inner = (
                "" if is_leaf_type(target) else f"{_page(field)} {everything(target.name, depth - 1 - (label == but))}"
            )
            parts.append(label + inner)
    return tuple(f"{{ __typename {' '.join(parts[way::ways])} }}" for way in range(ways))


def mutation(name: str, depth: int = 1) -> str:
    """A document that calls the mutation with `$input` and asks for all it answers."""
    field = mutations()[name]
    kind = get_named_type(field.args["input"].type).name
    return f"mutation($input: {kind}!) {{ {name}(input: $input) {everything(get_named_type(field.type).name, depth)} }}"


def with_query(name: str) -> str:
    """The document of a mutation with every field of its payload, `query` too."""
    return mutation(name, 2).replace("{ __typename", "{ __typename query { __typename }", 1)


class Seen:
    """Which fields of which types were really answered."""

    def __init__(self) -> None:
        self.fields: set[tuple[str, str]] = set()

    def note(self, value: Any) -> None:
        """Everything in an answer."""
        if isinstance(value, list):
            for one in value:
                self.note(one)
        elif isinstance(value, dict):
            self.fields.update((value["__typename"], name) for name in value if "__typename" in value)
            self.note(list(value.values()))


BOOKMARK = mutation("bookmarkPost")
UNBOOKMARK = mutation("unbookmarkPost")
UNBLOCK = mutation("unblockUser")
MUTE = mutation("muteUser")
UNMUTE = mutation("unmuteUser")
UPDATE_PROFILE = mutation("updateProfile")
REVOKE = mutation("revokeSession")
REVOKE_OTHERS = mutation("revokeOtherSessions")
