"""Mutations about personal access tokens, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import access_token as resolve
from schema.access_token import AccessToken
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What making a token came to.")
class CreateAccessTokenPayload:
    access_token: AccessToken | None = strawberry.field(
        description="The token as the list shows it; null when refused."
    )
    token: str | None = strawberry.field(
        description="Its text, told here once and kept nowhere. Null when refused, and for a call that is repeated under its key."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What ending a token came to.")
class RevokeAccessTokenPayload:
    revoked_access_token_id: strawberry.ID | None = strawberry.field(
        description="The token that ended; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type
class AccessTokenMutations:
    create_access_token: CreateAccessTokenPayload = _mutation(
        resolve.create_access_token,
        CreateAccessTokenPayload,
        "Make a token for a program of one's own. At most 50 for a person. Needs a recent proof of who asks.",
    )
    revoke_access_token: RevokeAccessTokenPayload = _mutation(
        resolve.revoke_access_token,
        RevokeAccessTokenPayload,
        "End a token of one's own; sockets that it opened close at once.",
    )
