"""The schema, built once per process."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.argument import describe_arguments
from schema.directive import declare_directives
from schema.live import EVENTS, Subscription
from schema.mutation import Mutation
from schema.nullability import describe_levels
from schema.query import Query
from schema.scalar import DATE_TIME
from schema.scope import declare_scopes


def build(development: bool = False) -> strawberry.Schema:
    """The schema; in development, errors suggest field names."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=EVENTS,
        config=StrawberryConfig(scalar_map={datetime: DATE_TIME}, disable_field_suggestions=not development),
    )
    describe_arguments(schema._schema)
    describe_levels(schema._schema)
    declare_directives(schema._schema)
    declare_scopes(schema._schema)
    return schema
