"""What is published of the schema for code generators and caches, beside the SDL itself."""

from __future__ import annotations

import json

import strawberry
from graphql import (
    GraphQLScalarType,
    GraphQLSchema,
    introspection_from_schema,
    is_abstract_type,
    is_specified_scalar_type,
)

# How values of our scalars are typed by a client: what JSON carries in TypeScript, what generators turn it into in Python.
TYPESCRIPT = {"DateTime": "string"}
PYTHON = {"DateTime": "datetime.datetime"}


ONE_OF = "directive @oneOf on INPUT_OBJECT\n"
ONE_OF_DESCRIBED = '"""Exactly one of the fields of the input is given, and is not null."""\n' + ONE_OF


def sdl(schema: strawberry.Schema) -> str:
    """The schema as text, with every description and directive; that of `@oneOf`, which is built in, is written here."""
    return schema.as_str().replace(ONE_OF, ONE_OF_DESCRIBED, 1) + "\n"


def introspection(schema: strawberry.Schema) -> str:
    """The answer to the introspection query (`data`), for tools that read no SDL. Directives on fields are not in it."""
    found = introspection_from_schema(schema._schema, experimental_directive_deprecation=False)
    return json.dumps({"data": found}, separators=(",", ":")) + "\n"


def possible_types(schema: strawberry.Schema) -> str:
    """Every interface and union with the object types it may be, as Apollo's `InMemoryCache` takes it."""
    core: GraphQLSchema = schema._schema
    found = {
        name: sorted(kind.name for kind in core.get_possible_types(abstract))
        for name, abstract in sorted(core.type_map.items())
        if is_abstract_type(abstract)
    }
    return json.dumps(found, indent=2) + "\n"


def scalars(schema: strawberry.Schema) -> str:
    """Our own scalars: what each is typed as, by language, for the generators' `scalars` settings. Raises KeyError for one
    without."""
    own = sorted(
        name
        for name, kind in schema._schema.type_map.items()
        if isinstance(kind, GraphQLScalarType) and not is_specified_scalar_type(kind)
    )
    found = {
        "typescript": {name: TYPESCRIPT[name] for name in own},
        "python": {name: PYTHON[name] for name in own},
    }
    return json.dumps(found, indent=2) + "\n"


JSON = "application/json; charset=utf-8"
PUBLISHED = {
    "schema.graphql": (sdl, "application/graphql; charset=utf-8"),
    "schema.json": (introspection, JSON),
    "possible-types.json": (possible_types, JSON),
    "scalars.json": (scalars, JSON),
}
"""Each by the name it is served under: what makes it, and its media type."""
FILES = ("schema.graphql", "possible-types.json", "scalars.json")
"""Those that are kept as files beside the code too; introspection says nothing that the SDL does not."""
