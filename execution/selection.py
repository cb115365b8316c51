"""The compiler: a selection set becomes Python source, one function for each type of row that it selects from.

What the functions look like, for `node { id likeCount author { handle } quotedPost { __typename } }`:

    def f7(s, x, p):
        if s.__class__ is not t7: raise Surprise
        d = {
            'id': (v1 if (v1 := s.gid).__class__ is str else c1(v1)),
            ...
            'author': f5(s.author),
            'quotedPost': None,
        }
        v = r8(parent=s, info=i8(x, p))
        if v.__class__ in waits: x.wait(d, g8, v, p)
        else: d['quotedPost'] = k8(v, x, (p, 'quotedPost', 'Post'))
        return d

`s` is the row, `x` the run (`completion.py`), `p` the path so far as linked tuples; functions with no resolver below take only
the row. They know no errors: whatever is not as usual raises, and graphql-core completes that value instead.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLUnionType,
    is_leaf_type,
)
from graphql.execution.collect_fields import CollectedFields, FieldDetails

from execution.call import Arguments, Attribute, Delivery, NotUnderstood, Resolver, source_of
from execution.leaf import TESTS, Surprise, coercion, enum_names, is_odd
from execution.row import row_class, row_classes
from execution.sharing import is_kept_with, is_shared, keep

Details = list[FieldDetails]
Collect = Callable[[GraphQLObjectType, Details], CollectedFields]

MAX_FIELDS = 1_500  # of one compiled operation, each type of an abstract one counted


@dataclass(slots=True, eq=False)
class Target:
    """A field that a resolver answers, as the running code needs it. `complete` makes its value (value, run, path)."""

    key: str
    parent: GraphQLObjectType
    field: GraphQLField
    details: Details
    source: Attribute | Delivery | Resolver
    arguments: Arguments | None = None
    given: tuple[Any, dict[str, Any]] = (None, {})  # the variables it was asked with last, and its arguments then
    complete: Callable[[Any, Any, Any], Any] = lambda value, run, path: value


class Function:
    """The name of a function in the source and whether it needs the run and the path."""

    __slots__ = ("active", "name")

    def __init__(self, name: str, active: bool) -> None:
        self.name, self.active = name, active

    def of(self, value: str, path: str) -> str:
        """The call as an expression."""
        return f"{self.name}({value}, x, {path})" if self.active else f"{self.name}({value})"


class Selection:
    """Collects the source of one operation. `collect` gives the fields that a row of a type is asked for."""

    def __init__(
        self,
        schema: Any,
        collect: Collect,
        waits: frozenset[type],
        info: Callable[..., Any],
        fragments: Mapping[str, Any],
    ) -> None:
        self.schema, self.collect, self.info, self.fragments = schema, collect, info, fragments
        self.names: dict[str, Any] = {"Surprise": Surprise, "is_odd": is_odd, "waits": waits, "keep": keep}
        self.lines: list[str] = []
        self.number = 0
        self.fields = 0
        self.targets: list[tuple[str, Target]] = []
        self.functions: dict[tuple[Any, ...], Function] = {}
        self.leaves: dict[str, str] = {}

    def build(self) -> dict[str, Any]:
        """The compiled functions by name; every target can be completed then."""
        # No text of a client gets in here but names, which graphql-core's lexer lets through.
        exec(compile("\n".join(self.lines), "<selection>", "exec"), self.names)  # noqa: S102  # as it says above
        for name, target in self.targets:
            target.complete = self.names[name]
        return self.names

    def root(self, kind: GraphQLObjectType, collected: CollectedFields) -> Function:
        """The function for the root of a query or of an event; its rows are whatever stands there."""
        return self._fields(kind, collected, checked=False)

    def target(self, kind: GraphQLObjectType, key: str, details: Details) -> Target:
        """A field with a function that completes its value."""
        return self._target(kind, key, details, self._field(kind, details))[0]

    def _next(self, letter: str) -> str:
        self.number += 1
        return f"{letter}{self.number}"

    def _named(self, letter: str, value: Any) -> str:
        name = self._next(letter)
        self.names[name] = value
        return name

    def _field(self, kind: GraphQLObjectType, details: Details) -> GraphQLField:
        name = details[0].node.name.value
        field = self.schema.get_field(kind, name)
        if field is None or name.startswith("__"):
            raise NotUnderstood(f"the field {name}")
        self.fields += 1
        if self.fields > MAX_FIELDS:
            raise NotUnderstood("more fields than are compiled")
        found: GraphQLField = field
        return found

    def _target(
        self, kind: GraphQLObjectType, key: str, details: Details, field: GraphQLField
    ) -> tuple[Target, Function]:
        source = source_of(self.schema, field)
        target = Target(key, kind, field, details, source)
        if isinstance(source, Resolver) and field.args:
            target.arguments = Arguments(self.schema, field, details[0].node, source)
        value, active = self._value(field.type, details, "v", "p")
        name = self._next("k")
        self.lines.append(f"def {name}(v, x, p):\n  return {value}")
        self.targets.append((name, target))
        return target, Function(name, active)

    # -- objects

    def _object(self, kind: GraphQLObjectType, details: Details) -> Function:
        key = (kind.name, *(id(one.node) for one in details))
        if key not in self.functions:
            made = self._fields(kind, self.collect(kind, details), checked=True)
            self.functions[key] = self._kept(kind, details, made)
        return self.functions[key]

    def _kept(self, kind: GraphQLObjectType, details: Details, made: Function) -> Function:
        """The function that gives what is kept with a row, where anything may be; else the one that makes it."""
        row = row_class(kind) if kind.is_type_of is not None else None
        below = [one.node.selection_set for one in details]
        if not is_kept_with(row) or not made.active or not is_shared(self.schema, self.fragments, kind, below):
            return made
        name, key = self._next("f"), self._named("k", object())
        self.lines += [
            f"def {name}(s, x, p):",
            f"  if s.__class__ is not {self._named('t', row)}: raise Surprise",
            f"  if (m := s.kept) is None: return {made.name}(s, x, p)",
            f"  return keep(m, {key}, {made.name}, s, x, p) if (d := m.get({key})) is None else d",
        ]
        return Function(name, True)

    def _fields(self, kind: GraphQLObjectType, collected: CollectedFields, checked: bool) -> Function:
        if collected.new_defer_usages or collected.forbidden_directive_instances:
            raise NotUnderstood("@defer")
        items: list[str] = []
        later: list[str] = []
        active = False
        for key, details in collected.grouped_field_set.items():
            if details[0].node.name.value == "__typename":
                items.append(f"{key!r}: {kind.name!r}")
                continue
            field = self._field(kind, details)
            path = f"(p, {key!r}, {kind.name!r})"
            source = source_of(self.schema, field)
            if isinstance(source, Resolver):
                if self._is_immediate(field, source):
                    call, below = self._call(Target(key, kind, field, details, source))
                    active = active or below
                    items.append(f"{key!r}: {self._value(field.type, details, call, path)[0]}")
                    continue
                active = True
                items.append(f"{key!r}: None")
                later += self._resolved(kind, key, details, field, path)
                continue
            read = "s" if isinstance(source, Delivery) else _attribute(source.name)
            value, below = self._value(field.type, details, read, path)
            active = active or below
            items.append(f"{key!r}: {value}")
        name = self._next("f")
        self.lines.append(f"def {name}({'s, x, p' if active else 's'}):")
        if checked:
            self.lines += self._check(kind)
        inside = ", ".join(items)
        if later:
            self.lines += [f"  d = {{{inside}}}", *later, "  return d"]
        else:
            self.lines.append(f"  return {{{inside}}}")
        return Function(name, active)

    def _check(self, kind: GraphQLObjectType) -> list[str]:
        """Lines that let only rows through that graphql-core would take as they stand."""
        if kind.is_type_of is not None:
            row = row_class(kind)
            if row is not None:
                return [f"  if s.__class__ is not {self._named('t', row)}: raise Surprise"]
            test = self._named("t", kind.is_type_of)
            return [f"  if is_odd(s) or s is None or {test}(s, None) is not True: raise Surprise"]
        known: set[type] = set()

        def admit(row: Any) -> None:
            if row is None or is_odd(row):
                raise Surprise
            if len(known) < 50:
                known.add(row.__class__)

        return [f"  if s.__class__ not in {self._named('t', known)}: {self._named('a', admit)}(s)"]

    # -- resolvers

    def _is_immediate(self, field: GraphQLField, source: Resolver) -> bool:
        """Whether a resolver is called like reading an attribute: its value is a leaf, there at once."""
        inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
        return not source.definition.is_async and is_leaf_type(inner)

    def _call(self, target: Target) -> tuple[str, bool]:
        """The call of a resolver as an expression, and whether it needs the run."""
        source = target.source
        assert isinstance(source, Resolver)
        if target.field.args:
            target.arguments = Arguments(self.schema, target.field, target.details[0].node, source)
        constant = target.arguments.constant if target.arguments else {}
        name = self._named("g", target) if source.info or constant is None else ""
        parts = ["s"] if source.positional else []
        parts += [f"{source.row}=s"] if source.row else []
        parts += [f"{source.info}={self._named('i', self.info)}(x, {name}, p)"] if source.info else []
        if constant is None:
            parts.append(f"**x.arguments({name}, p)")
        else:
            parts += [f"{argument}={self._named('a', value)}" for argument, value in constant.items()]
        return f"{self._named('r', source.function)}({', '.join(parts)})", bool(name)

    def _resolved(
        self, kind: GraphQLObjectType, key: str, details: Details, field: GraphQLField, path: str
    ) -> list[str]:
        target, complete = self._target(kind, key, details, field)
        call, _ = self._call(target)
        return [
            f"  v = {call}",
            f"  if v.__class__ in waits: x.wait(d, {self._named('g', target)}, v, p)",
            f"  else: d[{key!r}] = {complete.name}(v, x, {path})",
        ]

    # -- values

    def _value(self, kind: GraphQLOutputType, details: Details, read: str, path: str) -> tuple[str, bool]:
        """An expression for the completed value of `read` (evaluated once), and whether it needs the run."""
        nullable = not isinstance(kind, GraphQLNonNull)
        inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if isinstance(inner, GraphQLScalarType | GraphQLEnumType):
            return self._leaf(inner, read, nullable), False
        function = self._composite(inner, details)
        if not nullable:
            return function.of(read, path), function.active
        name = self._next("v")
        return f"(None if ({name} := {read}) is None else {function.of(name, path)})", function.active

    def _leaf(self, kind: GraphQLLeafType, read: str, nullable: bool) -> str:
        if kind.name not in self.leaves:
            self.leaves[kind.name] = self._named("c", coercion(kind))
        slow = self.leaves[kind.name]
        name = self._next("v")
        usual = TESTS.get(kind) if isinstance(kind, GraphQLScalarType) else None
        found = enum_names(kind) if isinstance(kind, GraphQLEnumType) else None
        value = name
        if found is not None:
            usual = f"{{v}}.__class__ is {self._named('e', found[0])}"
            value = f"{self._named('e', found[1])}[{name}._name_]"
        if usual is None:
            if nullable:
                return f"(None if ({name} := {read}) is None else {slow}({name}))"
            return f"{slow}({read})"
        test = usual.replace("{v}", f"({name} := {read})", 1).replace("{v}", name)
        otherwise = f"(None if {name} is None else {slow}({name}))" if nullable else f"{slow}({name})"
        return f"({value} if {test} else {otherwise})"

    def _composite(self, kind: Any, details: Details) -> Function:
        """A function that completes a value that is not null."""
        if isinstance(kind, GraphQLObjectType):
            return self._object(kind, details)
        if isinstance(kind, GraphQLList):
            return self._list(kind, details)
        if isinstance(kind, GraphQLUnionType | GraphQLInterfaceType):
            return self._abstract(kind, details)
        raise NotUnderstood(f"the type {kind}")

    def _list(self, kind: GraphQLList[Any], details: Details) -> Function:
        value, active = self._value(kind.of_type, details, "i", "(p, n, None)")
        name = self._next("l")
        items = f"[{value} for n, i in enumerate(s)]" if active else f"[{value} for i in s]"
        if active:
            # The comprehension is a scope of its own, whose first iterable alone stands outside of it.
            items = f"[{value} for n, i in enumerate(s)]"
        self.lines.append(f"def {name}({'s, x, p' if active else 's'}):")
        self.lines.append("  if s.__class__ is not list and s.__class__ is not tuple: raise Surprise")
        self.lines.append(f"  return {items}")
        return Function(name, active)

    def _abstract(self, kind: GraphQLUnionType | GraphQLInterfaceType, details: Details) -> Function:
        key = (kind.name, *(id(one.node) for one in details))
        if key not in self.functions:
            table = {row: self._object(found, details) for row, found in row_classes(self.schema, kind).items()}
            active = any(function.active for function in table.values())
            name = self._next("u")
            self.lines.append(f"def {name}({'s, x, p' if active else 's'}):")
            for row, function in table.items():
                self.lines.append(f"  if s.__class__ is {self._named('t', row)}: return {function.of('s', 'p')}")
            self.lines.append("  raise Surprise")
            self.functions[key] = Function(name, active)
        return self.functions[key]


def _attribute(name: str) -> str:
    return f"getattr(s, {name!r})" if keyword.iskeyword(name) else f"s.{name}"
