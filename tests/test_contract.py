"""The contract: what programs outside the project hold on to is in the schema, and a broken promise would be noticed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLType,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    is_required_argument,
    parse,
    print_ast,
    specified_scalar_types,
    validate,
)

from schema.print import PLACE
from tests.people import OPERATIONS

PRINTED = build_schema(PLACE.read_text())
CONTRACT = build_schema((Path(__file__).parent / "operations" / "contract.graphql").read_text())


def gives(want: GraphQLType, got: GraphQLType) -> bool:
    """Whether an output of type `got` is always one of type `want`; a payload goes by any name."""
    if isinstance(got, GraphQLNonNull):
        return gives(want.of_type if isinstance(want, GraphQLNonNull) else want, got.of_type)
    if isinstance(want, GraphQLNonNull) or isinstance(want, GraphQLList) is not isinstance(got, GraphQLList):
        return False
    if isinstance(want, GraphQLList) and isinstance(got, GraphQLList):
        return gives(want.of_type, got.of_type)
    return get_named_type(want).name in (get_named_type(got).name, "AuthPayload", "PostPayload", "UserPayload")


def takes(want: GraphQLType, got: GraphQLType) -> bool:
    """Whether an input of type `got` takes whatever one of type `want` does."""
    return gives(got, want)


def default(given: GraphQLInputField) -> str:
    """The default of an input field as it is written; empty when there is none."""
    node = given.ast_node
    return print_ast(node.default_value) if node and node.default_value else ""


def shortfalls(want: Any, got: Any) -> Iterator[str]:
    """Where a type falls short of the contract's."""
    if isinstance(want, GraphQLObjectType | GraphQLInterfaceType):
        yield from (f"implements {i.name}" for i in want.interfaces if i.name not in {j.name for j in got.interfaces})
        for name, field in want.fields.items():
            other: GraphQLField | None = got.fields.get(name)
            if other is None or not gives(field.type, other.type):
                yield f"{name}: {field.type}"
                continue
            yield from (
                f"{name}({a}:)"
                for a, g in field.args.items()
                if a not in other.args or not takes(g.type, other.args[a].type)
            )
            yield from (
                f"{name}({a}:) required"
                for a, g in other.args.items()
                if a not in field.args and is_required_argument(g)
            )
    elif isinstance(want, GraphQLInputObjectType):
        for name, given in want.fields.items():
            other_given = got.fields.get(name)
            if other_given is None or not takes(given.type, other_given.type) or default(given) != default(other_given):
                yield f"{name}: {given.type}"
    elif isinstance(want, GraphQLEnumType):
        yield from set(want.values) - set(got.values)
    elif isinstance(want, GraphQLUnionType):
        yield from {one.name for one in want.types} - {one.name for one in got.types}


@pytest.mark.parametrize(
    "name", [n for n in CONTRACT.type_map if not n.startswith("__") and n not in specified_scalar_types]
)
def test_the_contract_is_kept(name: str) -> None:
    want = CONTRACT.type_map[name]
    if name in ("AuthPayload", "PostPayload", "UserPayload"):
        assert CONTRACT.mutation_type is not None
        users = [verb for verb, field in CONTRACT.mutation_type.fields.items() if get_named_type(field.type) is want]
        assert users
        for verb in users:
            payload = PRINTED.type_map[verb[0].upper() + verb[1:] + "Payload"]
            assert [*shortfalls(want, payload)] == [], verb
    else:
        assert type(PRINTED.type_map[name]) is type(want)
        assert [*shortfalls(want, PRINTED.type_map[name])] == []


def test_a_broken_contract_is_noticed() -> None:
    """The comparison above, on a schema that breaks each promise once."""
    want = build_schema(
        "interface N { id: ID! } enum E { A B } input I { a: Int b: Int! = 1 } type T implements N { id: ID! e(i: I): [E!]! s: String! } type Query { t: T }"
    )
    got = build_schema(
        "interface N { id: ID! } enum E { A } input I { a: Int! b: Int! = 2 } type T { id: ID e(x: Int!): [E!]! s: [String!]! } type Query { t: T }"
    )
    found = {name: [*shortfalls(want.type_map[name], got.type_map[name])] for name in ("E", "I", "T")}
    assert found == {
        "E": ["B"],
        "I": ["a: Int", "b: Int!"],
        "T": ["implements N", "id: ID!", "e(i:)", "e(x:) required", "s: String!"],
    }


def test_the_core_operations_are_valid() -> None:
    assert [error.message for error in validate(PRINTED, parse(OPERATIONS))] == []
