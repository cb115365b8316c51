"""Settling how one is shown what others post."""

from __future__ import annotations

from typing import Any

import strawberry

from resolvers import viewing as resolve
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.viewer import Viewer


@strawberry.type(description="What settling how one is shown what others post came to.")
class UpdateViewingPayload:
    viewer: Viewer | None = strawberry.field(description="The viewer as they are now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _update_viewing() -> Any:
    return strawberry.mutation(
        resolver=resolve.update_viewing,
        graphql_type=UpdateViewingPayload,
        description="Settle how one is shown what others post, on all of one's devices. Labels of pictures that AI made stay.",
    )


@strawberry.type
class ViewingMutations:
    update_viewing: UpdateViewingPayload = _update_viewing()
