"""The root of all queries, for payloads that offer it again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueryRow:
    """The root has no values of its own: every field of it is a resolver."""


def again() -> QueryRow:
    """The root, as it is after a mutation."""
    return QueryRow()
