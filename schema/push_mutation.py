"""Mutations about Web Push, with what they answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import push as resolve
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.push import PushSubscription
from schema.viewer import Viewer


@strawberry.type(description="What having a browser told came to.")
class SubscribeToPushPayload:
    push_subscription: PushSubscription | None = strawberry.field(
        description="The browser; null when refused, and when it was forgotten since."
    )
    viewer: Viewer | None = strawberry.field(description="The viewer as they are now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What having a browser told no more came to.")
class UnsubscribeFromPushPayload:
    deleted_push_subscription_id: strawberry.ID | None = strawberry.field(
        description="The browser that was forgotten; null when refused."
    )
    viewer: Viewer | None = strawberry.field(description="The viewer as they are now; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What can be done about being told at once.")
class PushMutations:
    subscribe_to_push: SubscribeToPushPayload = _mutation(
        resolve.subscribe_to_push,
        SubscribeToPushPayload,
        "Have a browser of the viewer's told at once (Web Push). Named again it is the same one. At most 3 of a session and 20"
        " of a person: the oldest give way. It ends with the session, when it says that it is gone, and after 7 days without taking"
        " anything.",
    )
    unsubscribe_from_push: UnsubscribeFromPushPayload = _mutation(
        resolve.unsubscribe_from_push,
        UnsubscribeFromPushPayload,
        "Have a browser of the viewer's told no more.",
    )
