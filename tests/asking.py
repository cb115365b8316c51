"""Random documents over a schema: aliases, fragments, unions, directives, variables, fields that merge."""

from __future__ import annotations

import random
from typing import Any
from zlib import crc32

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
)

Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType
DEEPEST = 5  # levels of fields


class Asking:
    """One random document and its variables."""

    def __init__(self, schema: GraphQLSchema, seed: int, operation: str) -> None:
        self.schema, self.chance, self.operation = schema, random.Random(f"{operation} {seed}"), operation
        self.variables: dict[str, Any] = {}
        self.declared: list[str] = []
        self.fragments: list[str] = []
        self.open: list[tuple[str, str]] = []  # fragments and their types, to be spread again
        root = {"query": schema.query_type, "mutation": schema.mutation_type, "subscription": schema.subscription_type}
        kind = root[operation]
        assert kind is not None
        fields = 1 if operation == "subscription" else 2
        body = self._selection(kind, 1, fields)
        declared = f"({', '.join(self.declared)})" if self.declared else ""
        self.text = "\n".join([f"{operation} Asked{declared} {body}", *self.fragments])

    def _selection(self, kind: Composite, depth: int, most: int = 3) -> str:
        parts: list[str] = []
        names = [] if isinstance(kind, GraphQLUnionType) else list(kind.fields)
        if self.operation == "subscription" and depth == 1:
            names = [self.chance.choice(names)]
        for _ in range(self.chance.randint(1, most)):
            parts += self._part(kind, names, depth)
        root = self.operation == "subscription" and depth == 1
        if not parts or (not root and self.chance.random() < 0.3):
            parts.append("__typename" if not root else self._field(kind, names[0], depth))
        if self.chance.random() < 0.25 and parts and not root:
            parts.append(self.chance.choice(parts))  # the same again merges
        return "{ " + " ".join(parts) + " }"

    def _part(self, kind: Composite, names: list[str], depth: int) -> list[str]:
        root = self.operation == "subscription" and depth == 1
        drawn = self.chance.random()
        if is_abstract_type(kind) and drawn < 0.6:
            inner = self.chance.choice(sorted(self.schema.get_possible_types(kind), key=lambda one: one.name))
            if self.chance.random() < 0.3:
                return [self._fragment(inner, depth)]
            return [f"... on {inner.name}{self._condition()} {self._selection(inner, depth)}"]
        if drawn < 0.1 and not root:
            return [f"...{self._condition()} {self._selection(kind, depth, 2)}"]
        if drawn < 0.2 and not root:
            return [self._fragment(kind, depth)]
        if not names:
            return ["__typename"]
        if root:
            return [] if self.chance.random() < 0.5 else [self._field(kind, names[0], depth)]
        found = self._field(kind, self.chance.choice(names), depth)
        return [found] if found else []

    def _field(self, kind: Composite, name: str, depth: int) -> str:
        assert not isinstance(kind, GraphQLUnionType)
        field = kind.fields[name]
        target: Any = get_named_type(field.type)
        root = self.operation == "subscription" and depth == 1
        below = ""
        if not is_leaf_type(target):
            if depth >= DEEPEST:
                return "__typename" if not root else ""
            below = " " + self._selection(target, depth + 1)
        arguments = self._arguments(field)
        alias = f"a{self.chance.randint(1, 9)}{name}: " if self.chance.random() < 0.2 and not root else ""
        if arguments and not root:  # the same name with other arguments would be in conflict
            alias = f"a{crc32(arguments.encode())}{name}: "
        return f"{alias}{name}{arguments}{'' if root else self._condition()}{below}"

    def _fragment(self, kind: Composite, depth: int) -> str:
        again = [name for name, on in self.open if on == kind.name]
        if again and self.chance.random() < 0.5:
            return f"...{self.chance.choice(again)}{self._condition()}"
        name = f"F{len(self.fragments) + 1}x{self.chance.randrange(10**6)}"
        text = f"fragment {name} on {kind.name} {self._selection(kind, depth, 3)}"
        self.fragments.append(text)
        self.open.append((name, kind.name))
        return f"...{name}{self._condition()}"

    def _condition(self) -> str:
        drawn = self.chance.random()
        if drawn > 0.16:
            return ""
        name = self.chance.choice(["skip", "include"])
        if drawn < 0.06:
            return f" @{name}(if: {self.chance.choice(['true', 'false'])})"
        variable = f"if{self.chance.randint(1, 3)}"
        if variable not in self.variables:
            self.declared.append(f"${variable}: Boolean!")
            self.variables[variable] = self.chance.choice([True, False])
        return f" @{name}(if: ${variable})"

    def _arguments(self, field: GraphQLField) -> str:
        parts: list[str] = []
        for name, argument in field.args.items():
            required = is_required_argument(argument)
            if not required and self.chance.random() < 0.6:
                continue
            if self.chance.random() < 0.4:
                variable = f"v{len(self.variables) + 1}"
                default = "" if required or self.chance.random() < 0.7 else f" = {self._literal(argument.type)}"
                self.declared.append(f"${variable}: {argument.type}{default}")
                self.variables[variable] = example(argument.type, self.chance)
                if not required and self.chance.random() < 0.2:
                    self.variables[variable] = None
                parts.append(f"{name}: ${variable}")
            else:
                parts.append(f"{name}: {self._literal(argument.type)}")
        return f"({', '.join(parts)})" if parts else ""

    def _literal(self, kind: Any) -> str:
        return _written(example(kind, self.chance))


def example(kind: Any, chance: random.Random) -> Any:
    """An input of a type that validation takes."""
    if isinstance(kind, GraphQLNonNull):
        return example(kind.of_type, chance)
    if isinstance(kind, GraphQLList):
        return [example(kind.of_type, chance) for _ in range(chance.randint(0, 2))]
    if isinstance(kind, GraphQLEnumType):
        return Word(chance.choice(list(kind.values)))
    if isinstance(kind, GraphQLInputObjectType) and kind.out_type.__name__ == "check_one_of":  # as Strawberry has it
        name, field = chance.choice(list(kind.fields.items()))
        return {name: example(field.type, chance)}
    if isinstance(kind, GraphQLInputObjectType):
        return {
            name: example(field.type, chance)
            for name, field in kind.fields.items()
            if isinstance(field.type, GraphQLNonNull) or chance.random() < 0.3
        }
    return {"Int": 3, "Boolean": True, "Float": 0.5}.get(kind.name, chance.choice(["x", "yy", "post_1"]))


class Word(str):
    """The name of an enum's value, written without quotes."""

    __slots__ = ()


def _written(value: Any) -> str:
    if isinstance(value, Word):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_written(one)}" for name, one in value.items()) + "}"
    return str(value)
