"""What can be done with style codes, and what that answers."""

from __future__ import annotations

from typing import Any

import strawberry

from resolvers import style_code as resolve
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.style_code import StyleCode


@strawberry.type(description="What keeping a manner came to.")
class CreateStyleCodePayload:
    style_code: StyleCode | None = strawberry.field(description="The style code; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing a style code came to.")
class UpdateStyleCodePayload:
    style_code: StyleCode | None = strawberry.field(description="The style code as it is now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What deleting a style code came to.")
class DeleteStyleCodePayload:
    deleted_style_code_id: strawberry.ID | None = strawberry.field(
        description="The style code that is gone; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Any, kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What can be done with style codes.")
class StyleCodeMutations:
    create_style_code: CreateStyleCodePayload = _mutation(
        resolve.create_style_code, CreateStyleCodePayload, "Keep the manner of a picture of one's own under a name."
    )
    update_style_code: UpdateStyleCodePayload = _mutation(
        resolve.update_style_code,
        UpdateStyleCodePayload,
        "Rename a style code of one's own, share it or take it back.",
    )
    delete_style_code: DeleteStyleCodePayload = _mutation(
        resolve.delete_style_code,
        DeleteStyleCodePayload,
        "Delete a style code of one's own: nobody paints by it any more, its owner included.",
    )
