"""What is deprecated names what to use instead and the day on which it goes, and is gone on that day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

from schema.print import PLACE

REASON = re.compile(r"Use `[\w.(): ]+`.*\. Goes on (\d{4}-\d{2}-\d{2})\.", re.ASCII)


def reasons(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Every element that can be deprecated, with the reason if it is."""
    for name, kind in schema.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{label}", value.deprecation_reason) for label, value in kind.values.items())
        elif isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{label}", given.deprecation_reason) for label, given in kind.fields.items())
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for label, field in kind.fields.items():
                yield f"{name}.{label}", field.deprecation_reason
                for argument, given in field.args.items():
                    yield f"{name}.{label}({argument}:)", given.deprecation_reason


def wrong(schema: GraphQLSchema, today: date) -> list[str]:
    """Deprecated elements whose reason is not of the form, or whose day has come."""
    found = []
    for name, reason in reasons(schema):
        if reason is None:
            continue
        told = REASON.fullmatch(reason)
        if told is None:
            found.append(f'{name}: the reason is "Use `…`. Goes on YYYY-MM-DD."')
        elif date.fromisoformat(told[1]) <= today:
            found.append(f"{name}: it was to go on {told[1]}")
    return found


def test_deprecations_are_dated_and_kept() -> None:
    assert wrong(build_schema(PLACE.read_text()), datetime.now(UTC).date()) == []


def test_each_way_to_be_wrong_would_be_seen() -> None:
    toy = build_schema(
        """
        type Query {
          fine: Int @deprecated(reason: "Use `other`. Goes on 2027-06-01.")
          finer(a: Int @deprecated(reason: "Use `b` of `T.x(y:)`. Goes on 2027-06-01.")): Int
          bare: Int @deprecated
          undated: Int @deprecated(reason: "Use `other`.")
          aimless: Int @deprecated(reason: "Goes on 2027-06-01.")
          late: Int @deprecated(reason: "Use `other`. Goes on 2026-11-22.")
        }
        enum E { A @deprecated(reason: "Old.") }
        input I { a: Int @deprecated(reason: "Old.") }
        """
    )
    found = [sentence.partition(": ")[0] for sentence in wrong(toy, date(2026, 11, 22))]
    assert sorted(found) == ["E.A", "I.a", "Query.aimless", "Query.bare", "Query.late", "Query.undated"]
    assert len(wrong(toy, date(2027, 6, 1))) == 8
