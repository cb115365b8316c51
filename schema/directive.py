"""Directives of operations that the schema declares beyond those of the specification."""

from __future__ import annotations

from graphql import (
    DirectiveLocation,
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLDeferDirective,
    GraphQLDirective,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
)

DEFER = GraphQLDirective(
    name=GraphQLDeferDirective.name,
    locations=[DirectiveLocation.FRAGMENT_SPREAD, DirectiveLocation.INLINE_FRAGMENT],
    args={
        "if": GraphQLArgument(GraphQLNonNull(GraphQLBoolean), True, "False: the fragment comes with the rest."),
        "label": GraphQLArgument(
            GraphQLString, description="A name for the fragment in the answer, its own within the document."
        ),
    },
    description="The fragment may come later than the rest of the answer. Only who accepts `multipart/mixed` with "
    "`deferSpec=20220824` or `incrementalSpec=v0.2` over HTTP gets it apart; to all others it is a fragment like any other. "
    "It costs what it costs without. Not at the root of a mutation, and not in subscriptions.",
)


def declare_directives(schema: GraphQLSchema) -> None:
    """Adds them to a built schema. `@stream` is none of them: a page is a page."""
    schema.directives = (*schema.directives, DEFER)
