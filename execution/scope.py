"""What an operation needs of whoever asks by a token that may not do everything, read off its text once.

`SCOPE` in the extensions of a field or a type names the scopes of which one is enough; an empty set: none is, the asker has to have
signed in by themselves. A type's holds for all its fields but `id` and `__typename`. What has neither is free: it is reached through
what has. Which scopes there are is the schema's affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
)

from execution.identity import Identity
from execution.receipt import Headers
from execution.rejection import Rejection, error_object

SCOPE: Final = "scope"
INSUFFICIENT_SCOPE = "INSUFFICIENT_SCOPE"
FREE = frozenset({"id", "__typename"})

Need = frozenset[str]
Needs = frozenset[Need]
NOTHING: Needs = frozenset()


class MissingScope(Rejection):
    """The token may not do this; `missing` are scopes that it would need beside those it has, `headers` say so after RFC 6750."""

    def __init__(self, missing: list[str], alone: bool) -> None:
        if alone:
            sentence = "No token or app may do this: only who has signed in by themselves."
        else:
            sentence = f"This token may not do that: it lacks the scope {' and the scope '.join(missing)}."
        error = error_object(sentence, INSUFFICIENT_SCOPE)
        error["extensions"]["missingScopes"] = missing
        super().__init__([error])
        wanted = f', scope="{" ".join(missing)}"' if missing else ""
        self.headers: Headers = [("www-authenticate", f'Bearer error="insufficient_scope"{wanted}')]


def needs_of(
    schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Needs:
    """What every field that the operation may reach needs; linear in the document, `@skip` and `@include` are not asked."""
    found: set[Need] = set()
    spread: set[str] = set()
    open_places: list[tuple[SelectionSetNode, GraphQLNamedType | None]] = [
        (operation.selection_set, schema.get_root_type(operation.operation))
    ]
    while open_places:
        selection_set, parent = open_places.pop()
        for node in selection_set.selections:
            if isinstance(node, InlineFragmentNode):
                on = schema.type_map.get(node.type_condition.name.value) if node.type_condition else parent
                open_places.append((node.selection_set, on))
            elif isinstance(node, FragmentSpreadNode):
                name = node.name.value
                if name not in spread and name in fragments:
                    spread.add(name)
                    on = schema.type_map.get(fragments[name].type_condition.name.value)
                    open_places.append((fragments[name].selection_set, on))
            elif isinstance(node, FieldNode):
                field = getattr(parent, "fields", {}).get(node.name.value)
                if field is None:  # introspection
                    continue
                own = field.extensions.get(SCOPE)
                of_type = parent.extensions.get(SCOPE) if parent and node.name.value not in FREE else None
                found.update(need for need in (own, of_type) if need is not None)
                if node.selection_set is not None:
                    open_places.append((node.selection_set, get_named_type(field.type)))
    return frozenset(found)


def permit(identity: Identity, needs: Needs) -> None:
    """Nothing, when who asks has what is needed. Raises `MissingScope`."""
    has = identity.scopes
    if has is None:
        return
    lacking = [need for need in needs if not need & has]
    if lacking:
        missing = sorted({min(need) for need in lacking if need})
        raise MissingScope(missing, any(not need for need in lacking))
