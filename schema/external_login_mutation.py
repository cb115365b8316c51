"""Mutations about signing in with an outside provider, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import external_login as external
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What setting out for the provider came to.")
class StartExternalLoginPayload:
    url: str | None = strawberry.field(
        description="Where to go, in this browser and within ten minutes; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What ending a link came to.")
class UnlinkIdentityPayload:
    unlinked_identity_id: strawberry.ID | None = strawberry.field(
        description="The link that is gone; null when refused."
    )
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type
class ExternalLoginMutations:
    start_external_login: StartExternalLoginPayload = _mutation(
        external.start_external_login,
        StartExternalLoginPayload,
        "Set out to sign in with the outside provider, or to link it to the account that is signed in; takes no idempotency key.",
    )
    unlink_identity: UnlinkIdentityPayload = _mutation(
        external.unlink_identity,
        UnlinkIdentityPayload,
        "End a link to an outside provider. Refused when nobody could sign in without it.",
    )
