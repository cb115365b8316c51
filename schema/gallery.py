"""Mutations of one's own pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import gallery
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field


@strawberry.type(description="What deleting a picture came to.")
class DeleteImagePayload:
    deleted_image_id: strawberry.ID | None = strawberry.field(
        description="The picture that is gone; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What is done with one's own pictures.")
class GalleryMutation:
    delete_image: DeleteImagePayload = _mutation(
        gallery.delete_image,
        DeleteImagePayload,
        "Delete a picture of one's own, in all its sizes. Refused as CONFLICT while a post, a draft or one's profile has it; in"
        " older versions of posts, and in jobs, a hole stays. The files go within about a day.",
    )
