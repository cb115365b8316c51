"""Kinds of fields and types that the product has few of or none: each is answered as by graphql-core, compiled or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

import pytest
import strawberry
from strawberry.extensions.field_extension import FieldExtension
from strawberry.permission import BasePermission
from strawberry.scalars import JSON

from execution.documents import Documents
from execution.executor import Runner
from execution.request import Request
from tests.toy import Caller, Context, World


class Never(BasePermission):
    """Nobody may."""

    message = "You may not."

    def has_permission(self, source: Any, info: strawberry.Info[Any, Any], **given: Any) -> bool:
        return False


class Shouted(FieldExtension):
    """Upper case."""

    def resolve(self, next_: Any, source: Any, info: strawberry.Info[Any, Any], **given: Any) -> Any:
        return str(next_(source, info, **given)).upper()


@strawberry.enum
class Level(Enum):
    LOW = 1
    HIGH = 2


@strawberry.input
class Basket:
    items: list[str]
    level: Level = Level.LOW


@dataclass(slots=True)
class CatRow:
    name: str
    lives: object = 9


@dataclass(slots=True)
class OldCatRow(CatRow):
    pass


@strawberry.interface
class Pet:
    name: str


@strawberry.type
class Cat(Pet):
    lives: int

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return isinstance(value, CatRow)


@strawberry.type
class Dog(Pet):
    tricks: int = 3

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        return hasattr(value, "tricks")


@strawberry.type
class Stone:
    weight: float


@strawberry.type
class Feather:
    weight: float
    colour: str = "white"


Thing = Annotated[Stone | Feather, strawberry.union("Thing")]


@strawberry.type
class Shelf:
    name: str
    things: list[Thing]

    @strawberry.field
    def label(self) -> str:
        return f"shelf {self.name}"

    @strawberry.field
    def path(self, info: strawberry.Info[Any, Any]) -> str:
        return f"{info.path.as_list()} {info.field_name} {info.python_name} {sorted(info.variable_values)}"

    @strawberry.field
    async def slow_path(self, info: strawberry.Info[Any, Any]) -> str:
        await asyncio.sleep(0)
        return f"{info.path.as_list()} {len(info.selected_fields)}"

    @strawberry.field
    def neighbour(self) -> Shelf | None:
        return shelf(self.name + "'") if len(self.name) < 3 else None

    @strawberry.field
    async def far(self) -> Shelf:
        if self.name == "b":
            raise ValueError("far away")
        return shelf(self.name + "+")


def shelf(name: str) -> Shelf:
    return Shelf(name=name, things=[Stone(weight=1.5), Feather(weight=0.1)])


@strawberry.type
class Query:
    @strawberry.field
    def shelves(self) -> list[Shelf]:
        return [shelf(name) for name in "abc"]

    @strawberry.field
    def nullable_shelves(self) -> list[Shelf | None] | None:
        return [shelf("a"), None, shelf("b")]

    @strawberry.field
    def from_root(root: Any) -> str:
        return f"root {root}"

    @strawberry.field(permission_classes=[Never])  # type: ignore[untyped-decorator]
    def forbidden(self) -> str | None:
        return "secret"

    @strawberry.field(extensions=[Shouted()])  # type: ignore[untyped-decorator]
    def shouted(self) -> str:
        return "hey"

    @strawberry.field
    def grown(self, basket: Basket, more: list[str] | None = None) -> list[str]:
        basket.items.append("one more")  # an input is one's own to change
        return [*basket.items, basket.level.name, *(more or [])]

    @strawberry.field
    def levels(self) -> list[Level]:
        return [Level.LOW, Level.HIGH, 2]  # type: ignore[list-item]  # what graphql-core takes too

    @strawberry.field
    def anything(self) -> JSON:
        return JSON({"deep": [1, {"er": None}]})

    @strawberry.field
    def generated(self) -> list[int]:
        def numbers() -> Iterator[int]:
            yield from range(3)

        return numbers()  # type: ignore[return-value]  # an iterable that can be read once

    @strawberry.field
    async def streamed(self) -> AsyncGenerator[int]:
        for number in range(3):
            yield number

    @strawberry.field
    def cats(self) -> list[Cat]:
        return [CatRow("Tom"), OldCatRow("Old"), CatRow("Odd", "nine")]  # type: ignore[list-item]

    @strawberry.field
    def pets(self) -> list[Pet]:
        return [CatRow("Tom"), Dog(name="Rex"), OldCatRow("Old")]  # type: ignore[list-item]

    @strawberry.field
    def floats(self) -> list[float | None]:
        return [1, 2.5, None, float("inf"), True]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def first(self) -> Shelf | None:
        return shelf("m")

    @strawberry.mutation
    def second(self, level: Level = Level.LOW) -> str:
        return level.name

    @strawberry.mutation
    def third(self) -> str:
        raise ValueError("no third")


SCHEMA = strawberry.Schema(Query, Mutation, types=[Cat, Dog])


async def both(query: str, variables: dict[str, Any] | None = None) -> tuple[Any, Runner]:
    """What the compiling runner answers, which is what the other answers."""
    documents = Documents(SCHEMA._schema)
    found = []
    runners = Runner(SCHEMA, documents, compiling=False), Runner(SCHEMA, documents)
    for run in runners:
        operation = run.prepare(Request(query, None, variables or {}), True)
        for _ in range(2):  # the second time nothing is left of the first
            result = await run.answer(operation, Context(World(), Caller("ann"), 0))
            errors = [(error.message, error.path, error.locations) for error in result.errors or ()]
            found.append((result.data, list(result.data or ()), errors))
    assert found[0] == found[1] == found[2] == found[3]
    return found[0], runners[1]


@pytest.mark.parametrize(
    "query",
    [
        "{ shelves { name label path } }",
        "{ shelves { slowPath neighbour { slowPath neighbour { path } } } }",
        "{ shelves { neighbour { far { name } } } nullableShelves { name path } }",
        "{ fromRoot levels anything floats }",
        'query($l: Level = HIGH, $i: [String!]! = ["v"]) { grown(basket: {items: $i, level: $l}, more: ["x"]) }',
        '{ grown(basket: {items: ["a"]}) b: grown(basket: {items: [], level: HIGH}, more: null) }',
        "mutation { first { name path far { path } } second third }",
        "mutation { __typename a: second(level: HIGH) first { slowPath } }",
    ],
)
async def test_what_is_understood_is_compiled(query: str) -> None:
    _, run = await both(query)
    assert run.tally.uncompiled == {}
    assert run.tally.compiled.total() + run.tally.surprised.total() + run.tally.handed_over.total() == 2


@pytest.mark.parametrize(
    "query",
    [
        "{ forbidden }",
        "{ shouted shelves { name } }",
        "{ shelves { things { __typename ... on Stone { weight } ... on Feather { colour } } } }",
        "{ pets { __typename name ... on Dog { tricks } } }",
    ],
)
async def test_what_is_not_understood_is_not_compiled(query: str) -> None:
    _, run = await both(query)
    assert run.tally.uncompiled.total() == 2


@pytest.mark.parametrize(
    ("query", "surprise"),
    [
        ("{ generated }", "handed_over"),
        ("{ streamed }", "handed_over"),
        ("{ cats { __typename name lives } }", "handed_over"),
        ("{ shelves { far { name } } }", "handed_over"),
        ("{ nullableShelves { far { name } } }", "handed_over"),
    ],
)
async def test_what_is_not_as_usual_is_completed_by_graphql_core(query: str, surprise: str) -> None:
    _, run = await both(query)
    assert getattr(run.tally, surprise).total() == 2


async def test_an_input_that_was_changed_is_as_before_for_the_next() -> None:
    (data, _, _), _ = await both('{ grown(basket: {items: ["a"]}) }')
    assert data == {"grown": ["a", "one more", "LOW"]}
