"""Mutations about notifications, with what they answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import digest as digests
from resolvers import notification_setting as resolve
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field
from schema.viewer import Viewer


def _viewer() -> Any:
    return strawberry.field(description="The viewer as they are now; null when refused.")


@strawberry.type(description="What remembering how far one has read came to.")
class MarkNotificationsReadPayload:
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What settling filters came to.")
class UpdateNotificationFiltersPayload:
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What settling whether one hears of a kind came to.")
class UpdateNotificationSwitchPayload:
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What letting somebody through all filters came to.")
class AcceptNotificationRequestPayload:
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What throwing away what waits of somebody came to.")
class DismissNotificationRequestPayload:
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What settling how often one is written to came to.")
class UpdateDigestPayload:
    viewer: Viewer | None = _viewer()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What can be done about what one is told of.")
class NotificationMutation:
    mark_notifications_read: MarkNotificationsReadPayload = _mutation(
        resolve.mark_notifications_read,
        MarkNotificationsReadPayload,
        "Remember how far one has read; one's other devices hear it at once (`notifications`).",
    )
    update_notification_filters: UpdateNotificationFiltersPayload = _mutation(
        resolve.update_notification_filters,
        UpdateNotificationFiltersPayload,
        "Settle what becomes of what strangers do: told of, held back until one looks, or thrown away.",
    )
    update_notification_switch: UpdateNotificationSwitchPayload = _mutation(
        resolve.update_notification_switch,
        UpdateNotificationSwitchPayload,
        "Settle whether, and of whom, one hears of a kind.",
    )
    update_digest: UpdateDigestPayload = _mutation(
        digests.update_digest,
        UpdateDigestPayload,
        "Settle how often one gets mail about what one has not read. The first comes after a whole period, and tells of what happens from now on.",
    )
    accept_notification_request: AcceptNotificationRequestPayload = _mutation(
        resolve.accept_notification_request,
        AcceptNotificationRequestPayload,
        "Let what somebody does through all filters from now on; what waits of it takes its place among the notifications.",
    )
    dismiss_notification_request: DismissNotificationRequestPayload = _mutation(
        resolve.dismiss_notification_request,
        DismissNotificationRequestPayload,
        "Throw away what waits of somebody, and hold back what they do next, as the filters say. They do not learn of it.",
    )
