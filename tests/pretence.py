"""Pretended rows and resolvers: every field of a schema answers something that follows from a seed, some of it broken.

What a resolver gives depends on the seed, the row it is asked of, its arguments and the path, so that two ways of running
a document see the same world, however often each asks.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from errors import NotFound
from execution.call import DEFINITION
from execution.row import row_class
from execution.sharing import is_kept_with

LONGEST_LIST = 3
BROKEN: tuple[Callable[[], Any], ...] = (
    lambda: None,
    lambda: 5,
    lambda: 2**40,
    lambda: -1.5,
    lambda: float("nan"),
    lambda: "text",
    lambda: True,
    lambda: [],
    lambda: {},
    lambda: {1, 2},
    lambda: (),
    lambda: RuntimeError("an exception as a value"),
    lambda: GraphQLError("an error as a value"),
    lambda: NotFound("a refusal as a value"),
    lambda: SimpleNamespace(),
    lambda: Bomb(),
    lambda: Later("late"),
    lambda: Later(None),
    lambda: Later(RuntimeError("late")),
    lambda: iter([1]),
    lambda: object(),
)


class Bomb:
    """Raises whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise ValueError(f"boom {name}")

    def __str__(self) -> str:
        return "a bomb"

    __repr__ = __str__


class Later:
    """Something to be awaited, as often as one likes."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __await__(self) -> Generator[Any, None, Any]:
        yield
        if isinstance(self.value, Exception):
            raise self.value
        return self.value

    def __repr__(self) -> str:
        return "something later"


class Pretence:
    """One world over a schema. `breaking` is how likely a value is broken, `waiting` how likely a resolver takes its time."""

    def __init__(self, schema: GraphQLSchema, seed: int, breaking: float, waiting: float) -> None:
        self.schema, self.seed, self.breaking, self.waiting = schema, seed, breaking, waiting
        self.seeds: dict[int, str] = {}
        self.rows: list[Any] = []  # kept, so that no id is given out twice
        self.calls: list[str] = []

    def value(self, kind: Any, seed: str) -> Any:
        """A value of a type, mostly a fitting one."""
        chance = random.Random(seed)
        if chance.random() < self.breaking:
            return chance.choice(BROKEN)()
        if isinstance(kind, GraphQLNonNull):
            kind = kind.of_type
        elif chance.random() < 0.2:
            return None
        if isinstance(kind, GraphQLList):
            count = chance.randint(0, LONGEST_LIST)
            items = [self.value(kind.of_type, f"{seed}.{number}") for number in range(count)]
            return tuple(items) if chance.random() < 0.2 else items
        if isinstance(kind, GraphQLScalarType):
            return _scalar(kind.name, chance)
        if isinstance(kind, GraphQLEnumType):
            return chance.choice(list(kind.wrapped_cls))  # type: ignore[attr-defined]  # Strawberry's
        if is_abstract_type(kind):
            kind = chance.choice(sorted(self.schema.get_possible_types(kind), key=lambda one: one.name))
        return self.row(kind, seed)

    def row(self, kind: GraphQLObjectType, seed: str) -> Any:
        """A row of an object type."""
        known = row_class(kind)
        row: Any = SimpleNamespace() if known is None else object.__new__(known)
        if is_kept_with(known):  # for every other row, what is made of it is kept
            row.kept = {} if random.Random(f"{seed}.kept").random() < 0.5 else None
        self.seeds[id(row)] = seed
        self.rows.append(row)
        for name, field in kind.fields.items():
            definition = field.extensions[DEFINITION]
            if definition.base_resolver is None:
                found = self.value(field.type, f"{seed}.{name}")
                _set(row, definition.python_name, found, random.Random(f"{seed}.{name}.id"))
        return row

    def resolver(self, kind: GraphQLObjectType, name: str) -> Callable[..., Any]:
        """What stands in for the function behind a field."""
        field = kind.fields[name]
        definition = field.extensions[DEFINITION]
        resolver = definition.base_resolver
        info_name = resolver.info_parameter.name if resolver.info_parameter else ""
        row_name = resolver.parent_parameter.name if resolver.parent_parameter else ""

        def pretended(*rows: Any, **given: Any) -> Any:
            info = given.pop(info_name, None)
            row = rows[0] if rows else given.pop(row_name, None)
            told = "" if info is None else f"{info.path.as_list()}{info.field_name}"
            seed = f"{self.seeds.get(id(row), self.seed)}.{kind.name}.{name}({sorted(given.items())!r}){told}"
            self.calls.append(f"{kind.name}.{name}")
            chance = random.Random(seed)
            failing = chance.random() < self.breaking * 3

            def outcome() -> Any:
                if failing:
                    raise chance.choice(
                        [NotFound("There is none."), RuntimeError("broken"), GraphQLError("on purpose")]
                    )
                return self.value(field.type, seed)

            async def wait() -> Any:
                for _ in range(chance.randint(0, 2)):
                    await asyncio.sleep(0)
                return outcome()

            if chance.random() >= self.waiting:
                return outcome()
            if definition.is_async or not is_leaf_type(get_named_type(field.type)):
                return wait()
            if not self.breaking:
                return outcome()
            try:
                return Later(outcome())
            except Exception as error:
                return Later(error)

        return pretended


def resolved(schema: GraphQLSchema) -> list[tuple[GraphQLObjectType, str, Any]]:
    """Every field that a function answers: its type, its name, Strawberry's resolver."""
    found = []
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and kind is not schema.subscription_type:
            for name, field in kind.fields.items():
                definition = (field.extensions or {}).get(DEFINITION)
                if definition is not None and definition.base_resolver is not None:
                    found.append((kind, name, definition.base_resolver))
    return found


def _set(row: Any, name: str, value: Any, chance: random.Random) -> None:
    if name == "gid" and not isinstance(row, SimpleNamespace):
        known = type(value) is str
        name, value = ("id", chance.randrange(2**62)) if known else ("id", value)
        if not hasattr(type(row), "id"):  # a row that is told its global id
            name = "gid"
    if isinstance(getattr(type(row), name, None), property):  # worked out of what else the row has
        for other in getattr(type(row), "__dataclass_fields__", ()):
            if not hasattr(row, other):
                object.__setattr__(row, other, 0)
        return
    object.__setattr__(row, name, value)


def _scalar(name: str, chance: random.Random) -> Any:
    if name == "DateTime":
        return datetime.fromtimestamp(chance.randrange(2**31), UTC)
    if name == "Int":
        return chance.choice([0, 1, -1, 7, 2**31 - 1, -(2**31)])
    if name == "Float":
        return chance.choice([0.0, 0.5, 1.0])
    if name == "Boolean":
        return chance.choice([True, False])
    return strawberry.ID(chance.choice(["", "a", "Straße", "emoji 🙂", '"quoted"\n']))
