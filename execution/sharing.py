"""What is made of a row once for everybody: the JSON of a selection, kept with the row itself.

A row that one object stands for, whoever looks at it, has a dictionary `kept` (None where it is made for one viewer).
Whoever gives such a row to several viewers promises what `realtime.level.Feed` promises: every field without a mark, and every
one with a mark other than `ALONE`, has the same value for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from execution.mark import ALONE, mark_of

MOST_KEPT = 8  # selections of one row
KEPT = "kept"


def is_kept_with(row: type | None) -> bool:
    """Whether rows of a class may have something kept with them."""
    return KEPT in getattr(row, "__slots__", ())


def is_shared(
    schema: GraphQLSchema, fragments: Mapping[str, Any], kind: Any, selection_sets: Iterable[SelectionSetNode | None]
) -> bool:
    """Whether all that is selected here of a row is the same for everybody who is given that object, and for any variables."""
    spread: set[str] = set()
    places = [(selection_set, kind) for selection_set in selection_sets if selection_set is not None]
    while places:
        selection_set, parent = places.pop()
        for node in selection_set.selections:
            if isinstance(node, InlineFragmentNode):
                on = schema.type_map.get(node.type_condition.name.value) if node.type_condition else parent
                places.append((node.selection_set, on))
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                if name not in spread:
                    spread.add(name)
                    found = fragments[name].definition
                    places.append((found.selection_set, schema.type_map.get(found.type_condition.name.value)))
            elif isinstance(node, FieldNode) and node.name.value != "__typename":
                field: GraphQLField | None = getattr(parent, "fields", {}).get(node.name.value)
                if field is None or mark_of(field) == ALONE:
                    return False
                # A variable in a list or an object is no constant either, and arguments here are plain.
                if any(not _is_plain(given.value) for given in node.arguments or ()):
                    return False
                if node.selection_set is not None:
                    places.append((node.selection_set, get_named_type(field.type)))
    return True


def _is_plain(value: Any) -> bool:
    return not isinstance(value, VariableNode) and not getattr(value, "values", ()) and not getattr(value, "fields", ())


def keep(
    kept: dict[object, orjson.Fragment], key: object, make: Callable[..., Any], row: Any, run: Any, path: Any
) -> Any:
    """What `make` makes of a row; kept as JSON for the next one who asks, unless something of it has to be waited for."""
    holes = len(run.pending)
    made = make(row, run, path)
    if len(run.pending) != holes:
        return made
    if len(kept) >= MOST_KEPT:
        kept.clear()
    found = kept[key] = orjson.Fragment(orjson.dumps(made))
    return found
