"""What can be done with custom feeds; and what that answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from resolvers import feed_change as resolve
from schema.custom_feed import CustomFeed
from schema.node import UserError
from schema.payload import LazyQuery, errors_field, query_field


def _feed() -> Any:
    return strawberry.field(
        description="The feed as it is now; null when refused, and when it is not there for the viewer."
    )


@strawberry.type(description="What making a feed came to.")
class CreateFeedPayload:
    feed: CustomFeed | None = _feed()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What changing a feed came to.")
class UpdateFeedPayload:
    feed: CustomFeed | None = _feed()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What deleting a feed came to.")
class DeleteFeedPayload:
    deleted_feed_id: strawberry.ID | None = strawberry.field(description="The feed that is gone; null when refused.")
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What copying a feed came to.")
class CopyFeedPayload:
    feed: CustomFeed | None = _feed()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What putting a feed among the tabs of the home came to.")
class PinFeedPayload:
    feed: CustomFeed | None = _feed()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


@strawberry.type(description="What taking a feed away from the tabs of the home came to.")
class UnpinFeedPayload:
    feed: CustomFeed | None = _feed()
    query: LazyQuery = query_field()
    user_errors: list[UserError] = errors_field()


def _mutation(resolver: Callable[..., Any], kind: type, description: str) -> Any:
    return strawberry.mutation(resolver=resolver, graphql_type=kind, description=description)


@strawberry.type(description="What can be done with custom feeds.")
class FeedMutation:
    create_feed: CreateFeedPayload = _mutation(
        resolve.create_feed, CreateFeedPayload, "Make a feed by rules of one's own."
    )
    update_feed: UpdateFeedPayload = _mutation(
        resolve.update_feed, UpdateFeedPayload, "Change a feed of one's own; who reads it live fetches anew."
    )
    delete_feed: DeleteFeedPayload = _mutation(
        resolve.delete_feed, DeleteFeedPayload, "Delete a feed of one's own, also from the tabs of others."
    )
    copy_feed: CopyFeedPayload = _mutation(
        resolve.copy_feed,
        CopyFeedPayload,
        "Make a private feed of one's own with the rules of one that is there for the viewer, but for sources that are not.",
    )
    pin_feed: PinFeedPayload = _mutation(
        resolve.pin_feed,
        PinFeedPayload,
        "Have a feed among the tabs of the viewer's home, at the end; twice is the same as once. Its owner is not told.",
    )
    unpin_feed: UnpinFeedPayload = _mutation(
        resolve.unpin_feed,
        UnpinFeedPayload,
        "Have a feed among the tabs of the viewer's home no longer; twice is the same as once.",
    )
