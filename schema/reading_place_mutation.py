"""Keeping how far one has read."""

from __future__ import annotations

from typing import Any

import strawberry

from resolvers import reading_place as resolve
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.viewer import Viewer


@strawberry.type(description="What keeping a reading place came to.")
class KeepHomePlacePayload:
    viewer: Viewer | None = strawberry.field(description="The viewer as they are now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _keep_home_place() -> Any:
    return strawberry.mutation(
        resolver=resolve.keep_home_place,
        graphql_type=KeepHomePlacePayload,
        description="Keep how far one has read at home, so that any device can go on from there. The last place that is said counts.",
    )


@strawberry.type
class ReadingPlaceMutations:
    keep_home_place: KeepHomePlacePayload = _keep_home_place()
