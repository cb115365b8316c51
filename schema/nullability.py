"""`@semanticNonNull`: fields whose null means that an error happened, and nothing else.

A field that can fail is nullable, so that its error takes away nothing beside it. Most such fields have a value whenever
they did not fail; marked so, a client that handles errors by itself (Relay's `@throwOnFieldError` and `@catch`, the client
preset's `errorHandlingClient`, Apollo Kotlin) gets a type without null. What is null for another reason is never marked.
"""

from __future__ import annotations

import strawberry
from graphql import GraphQLSchema
from strawberry.schema_directive import Location

NAME = "semanticNonNull"


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name=NAME,
    description="Null only when an error of the answer has this field's path: clients that handle errors may take it as"
    " non-null.",
)
class SemanticNonNull:
    levels: list[int] = strawberry.directive_field(name="levels", default=strawberry.UNSET)


FALLIBLE = (SemanticNonNull(),)
"""The directives of a field that is null only when it failed."""


def describe_levels(schema: GraphQLSchema) -> None:
    """Give the directive's argument what Strawberry cannot say: its description and its default."""
    directive = schema.get_directive(NAME)
    if directive is None:
        raise RuntimeError("No field of the schema is marked.")
    levels = directive.args["levels"]
    levels.default_value = [0]
    levels.description = "At which depths of lists it holds; 0 is the field itself."
